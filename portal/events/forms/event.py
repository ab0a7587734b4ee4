"""What a host may say about an event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp, ValidationError

from portal.events.rules.looks import OFFERED, Motif
from portal.events.rules.plans import EventPlan, Standing
from portal.kit.forms import Form, MomentField, local_moment
from portal.kit.text import tidy

HOLDS = (0, 120, 300, 600, 900, 1800)
"""Seconds that a tapped seat may be kept until it is confirmed; 0 takes it at once."""

MOST_PLACES = 1_000_000
MOST_MEALS, LONGEST_MEAL = 30, 80
EARLIEST, LATEST = 2000, 2199
MOMENTS = ("starts_at", "ends_at", "rsvp_deadline", "seats_open_at", "seats_close_at")
CHOOSE = lazy_gettext("Please choose one of the choices on the page.")


@cache
def time_zones() -> tuple[str, ...]:
    """Every zone by its IANA name, as people look for it: by place; and UTC."""
    places = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return (*places, "UTC")


class MomentOfEvent(MomentField):
    """A moment of our time: a year of five or of two digits is a slip of the finger."""

    def pre_validate(self, _form: Any) -> None:
        """Refuse a year that cannot be meant.

        Raises:
            ValidationError: it is not of these two centuries.
        """
        if self.data is not None and not EARLIEST <= self.data.year <= LATEST:
            raise ValidationError(_("Please look at the year again."))


def given(message: Any) -> Callable[[Form, Any], None]:
    """Refuse a moment that nobody gave; one that could not be read has been refused already."""

    def check(_form: Form, field: Any) -> None:
        if field.data is None and not field.errors:
            raise ValidationError(message)

    return check


def tidied(words: str | None) -> str:
    """What was typed in the form in which it is kept, which may be longer."""
    return tidy(words or "")


def few_enough(_form: Form, field: Any) -> None:
    """Refuse more places than there are chairs in any town; what is no number has been refused already."""
    if not field.errors and int(tidy(field.data or "") or 0) > MOST_PLACES:
        raise ValidationError(_("Please give a number up to 1,000,000, or nothing at all."))


PLACES = [
    Regexp(r"\s*([0-9]{1,7})?\s*\Z", message=lazy_gettext("Please give a whole number, or nothing at all.")),
    few_enough,
]
"""What a number of places may be."""


class EventForm(Form):
    """An event as a host fills it in; the moments are those of its own clock."""

    version = HiddenField()
    organization = SelectField(lazy_gettext("Organization"), validate_choice=False)
    title = StringField(
        lazy_gettext("What is it called?"),
        [
            DataRequired(lazy_gettext("Please give the event a name.")),
            Length(max=200, message=lazy_gettext("That name is too long. Please shorten it to 200 letters.")),
        ],
        filters=[tidied],
    )
    description = TextAreaField(
        lazy_gettext("Your words to the guests"),
        [Length(max=5000, message=lazy_gettext("That is a little long. Please keep it to 5,000 letters."))],
    )
    place = StringField(
        lazy_gettext("Where?"),
        [Length(max=300, message=lazy_gettext("That is a little long. Please keep it to 300 letters."))],
        filters=[tidied],
    )
    starts_at = MomentOfEvent(lazy_gettext("It begins"), [given(lazy_gettext("Please say when the event begins."))])
    ends_at = MomentOfEvent(lazy_gettext("It ends"), [given(lazy_gettext("Please say when the event ends."))])
    time_zone = StringField(lazy_gettext("Time zone"))
    rsvp_deadline = MomentOfEvent(lazy_gettext("Answers until"))
    seats_open_at = MomentOfEvent(lazy_gettext("Seats can be picked from"))
    seats_close_at = MomentOfEvent(lazy_gettext("Seats can be picked until"))
    hold_seconds = SelectField(lazy_gettext("When somebody taps a seat"), coerce=str, validate_choice=False)
    show_names = BooleanField(lazy_gettext("Guests see on the map who sits where"))
    capacity = StringField(lazy_gettext("Most guests"), PLACES)
    contact = StringField(
        lazy_gettext("Whom may guests ask?"),
        [Length(max=200, message=lazy_gettext("That is a little long. Please keep it to 200 letters."))],
        filters=[tidied],
    )
    meals = TextAreaField(lazy_gettext("Meals to choose from"))
    hue = RadioField(lazy_gettext("Colour"), validate_choice=False)
    motif = RadioField(lazy_gettext("What hangs above the title"), validate_choice=False)
    is_public = BooleanField(lazy_gettext("Public: anybody may find it"))

    def validate_time_zone(self, field: Any) -> None:
        """Refuse a zone that is none."""
        if field.data not in available_timezones():
            raise ValidationError(_("We do not know that time zone. Choose one from the list, like Europe/Madrid."))

    def validate_ends_at(self, field: Any) -> None:
        """Refuse an end that is not after the start."""
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError(_("The event must end after it begins."))

    def validate_rsvp_deadline(self, field: Any) -> None:
        """Refuse a deadline after the event has begun."""
        if field.data and self.starts_at.data and field.data > self.starts_at.data:
            raise ValidationError(_("The last day for answers must be before the event begins."))

    def validate_seats_open_at(self, field: Any) -> None:
        """Refuse to open the seats when everybody has gone home."""
        if field.data and self.ends_at.data and field.data >= self.ends_at.data:
            raise ValidationError(_("Seats must open before the event ends."))

    def validate_seats_close_at(self, field: Any) -> None:
        """Refuse to close the seats before they open."""
        if field.data and self.seats_open_at.data and field.data <= self.seats_open_at.data:
            raise ValidationError(_("Seats must close after they open."))

    def validate_hold_seconds(self, field: Any) -> None:
        """Refuse what is none of the choices."""
        if field.data not in [value for value, _label in field.choices]:
            raise ValidationError(CHOOSE)

    def validate_organization(self, field: Any) -> None:
        """Refuse an organization that is not theirs."""
        if field.data not in [value for value, _label in field.choices]:
            raise ValidationError(_("Please say for which organization."))

    def validate_hue(self, field: Any) -> None:
        """Refuse what is none of the choices."""
        if field.data not in [value for value, _label in field.choices]:
            raise ValidationError(CHOOSE)

    def validate_motif(self, field: Any) -> None:
        """Refuse what is none of the choices."""
        if field.data not in [value for value, _label in field.choices]:
            raise ValidationError(CHOOSE)

    def validate_meals(self, field: Any) -> None:
        """Refuse a line that fits on no card, and more of them than anybody reads."""
        meals = _lines(field.data)
        if any(len(meal) > LONGEST_MEAL for meal in meals):
            raise ValidationError(_("Please keep every meal to 80 letters: one a line."))
        if len(meals) > MOST_MEALS:
            raise ValidationError(_("Those are more than 30 meals. Please choose fewer."))

    def plan(self) -> EventPlan:
        """What the form says, as the action takes it; only of a form that is valid."""
        zone = self.time_zone.data
        moments = {name: self[name].at(zone) for name in MOMENTS}
        capacity = tidy(self.capacity.data or "")
        return EventPlan(
            title=self.title.data,
            description="\n".join(tidy(line) for line in (self.description.data or "").splitlines()).strip(),
            place=self.place.data,
            time_zone=zone,
            **moments,
            hold_seconds=int(self.hold_seconds.data),
            show_names=self.show_names.data,
            is_public=self.is_public.data,
            capacity=int(capacity) if capacity else None,
            contact=self.contact.data,
            meals=tuple(_lines(self.meals.data)),
            hue=int(self.hue.data) if self.hue.data else None,
            motif=self.motif.data,
        )

    def read_version(self) -> int:
        """The version of the event that the form was filled from; 0, which none has, for a number that is none."""
        given = self.version.data or ""
        return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def new_event_form(organizations: Sequence[tuple[int, str]], time_zone: str) -> EventForm:
    """The form of an event that is not there yet; with one organization there is no choice."""
    form = EventForm(data={"time_zone": time_zone, "hold_seconds": "0", "hue": "", "motif": str(Motif.LANTERNS)})
    _offer(form, hue=None, hold_seconds=0)
    form.organization.choices = [(str(number), name) for number, name in organizations]
    if len(organizations) < 2:
        del form.organization
    return form


def event_form(standing: Standing, *, typed: bool = True) -> EventForm:
    """The form of an event, filled with what stands; over that what was typed, unless ``typed`` says not to look."""
    plan = standing.plan
    words = {
        **{name: getattr(plan, name) for name in ("title", "description", "place", "time_zone", "contact")},
        **{name: local_moment(getattr(plan, name), plan.time_zone) for name in MOMENTS},
        "show_names": plan.show_names,
        "is_public": plan.is_public,
        "hold_seconds": str(plan.hold_seconds),
        "capacity": "" if plan.capacity is None else str(plan.capacity),
        "meals": "\n".join(plan.meals),
        "hue": "" if plan.hue is None else str(plan.hue),
        "motif": plan.motif,
        "version": str(standing.version),
    }
    form = EventForm(data=words) if typed else EventForm(formdata=None, data=words)
    del form.organization
    _offer(form, hue=plan.hue, hold_seconds=plan.hold_seconds)
    return form


def hold_words(seconds: int) -> str:
    """What a tap on a seat does, in words."""
    if seconds == 0:
        return _("it is theirs at once, and they can undo it")
    if seconds % 60:
        return ngettext(
            "it is kept %(num)s second for them to confirm", "it is kept %(num)s seconds for them to confirm", seconds
        )
    return ngettext(
        "it is kept %(num)s minute for them to confirm", "it is kept %(num)s minutes for them to confirm", seconds // 60
    )


def _offer(form: EventForm, *, hue: int | None, hold_seconds: int) -> None:
    """What can be chosen; what an event has already is among it."""
    form.hold_seconds.choices = [(str(each), hold_words(each)) for each in sorted({*HOLDS, hold_seconds})]
    hues = sorted({*OFFERED, *([hue] if hue is not None else [])})
    form.hue.choices = [("", _("House green")), *((str(each), _("Hue %(hue)s", hue=each)) for each in hues)]
    words = {
        Motif.LANTERNS: _("Lanterns"),
        Motif.BUNTING: _("Bunting"),
        Motif.LEAVES: _("Leaves"),
        Motif.STARS: _("Stars"),
    }
    form.motif.choices = [(str(each), words[each]) for each in Motif]


def _lines(text: str | None) -> list[str]:
    """The lines of a text that say something, each once."""
    return list(dict.fromkeys(line for line in map(tidy, (text or "").splitlines()) if line))

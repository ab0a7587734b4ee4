"""What a host may say about a part of an event."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from portal.events.forms.event import PLACES, MomentOfEvent, given, tidied
from portal.events.rules.parts import Part, PartPlan
from portal.kit.forms import Form, local_moment
from portal.kit.text import tidy

TOO_LONG = lazy_gettext("That is a little long. Please keep it to 200 letters.")


class PartForm(Form):
    """A part as a host fills it in; its moments are those of the event's own clock."""

    version = HiddenField()
    title = StringField(
        lazy_gettext("What is it?"),
        [DataRequired(lazy_gettext("Please give this part a name.")), Length(max=200, message=TOO_LONG)],
        filters=[tidied],
    )
    speaker = StringField(lazy_gettext("Who speaks or plays?"), [Length(max=200, message=TOO_LONG)], filters=[tidied])
    starts_at = MomentOfEvent(lazy_gettext("It begins"), [given(lazy_gettext("Please say when it begins."))])
    ends_at = MomentOfEvent(lazy_gettext("It ends"), [given(lazy_gettext("Please say when it ends."))])
    capacity = StringField(lazy_gettext("Most guests"), PLACES)

    def validate_ends_at(self, field: Any) -> None:
        """Refuse an end that is not after the start."""
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError(_("This part must end after it begins."))

    def plan(self, time_zone: str) -> PartPlan:
        """What the form says, as the action takes it; only of a form that is valid."""
        capacity = tidy(self.capacity.data or "")
        moments: dict[str, Any] = {name: self[name].at(time_zone) for name in ("starts_at", "ends_at")}
        return PartPlan(
            title=self.title.data,
            speaker=self.speaker.data,
            **moments,
            capacity=int(capacity) if capacity else None,
        )

    def read_version(self) -> int:
        """The version of the part that the form was filled from; 0, which none has, for a number that is none."""
        given_version = self.version.data or ""
        is_number = given_version.isascii() and given_version.isdigit() and len(given_version) < 10
        return int(given_version) if is_number else 0


def part_form(part: Part, time_zone: str) -> PartForm:
    """The form of a part, filled with what stands."""
    plan = part.plan
    return PartForm(
        data={
            "version": str(part.version),
            "title": plan.title,
            "speaker": plan.speaker,
            "starts_at": local_moment(plan.starts_at, time_zone),
            "ends_at": local_moment(plan.ends_at, time_zone),
            "capacity": "" if plan.capacity is None else str(plan.capacity),
        }
    )

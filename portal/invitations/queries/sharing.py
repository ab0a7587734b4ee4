"""What a host sends with a link, in the household's own language."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from flask_babel import force_locale
from flask_babel import gettext as _

from portal.events.rules import EventView
from portal.invitations.queries.people import HouseholdView
from portal.kit import language, presentation


@dataclass(frozen=True)
class Share:
    """The words to send, and the addresses that open a messenger or a letter with them."""

    words: str
    whatsapp: str
    email: str


def share(event: EventView, household: HouseholdView, *, with_seats: bool) -> Share:
    """The words for one household; who has not told a language is written to in the host's."""
    link = presentation.public_url(household.path)
    with force_locale(household.language or language.current()):
        blanks = {"title": event.title, "day": presentation.day(event.starts_at, event.time_zone), "link": link}
        greeting = _("Hello %(names)s,", names=presentation.name_list(_names(household))) if _names(household) else ""
        words = (
            _("you are invited: %(title)s, %(day)s. Please answer here and pick your seats: %(link)s", **blanks)
            if with_seats
            else _("you are invited: %(title)s, %(day)s. Please answer here: %(link)s", **blanks)
        )
    text = f"{greeting} {words}" if greeting else presentation.capitalize_first(words)
    number = household.phone.removeprefix("+") if household.phone.startswith("+") else ""
    return Share(
        text,
        f"https://wa.me/{number}?text={quote(text)}",
        f"mailto:{quote(household.email)}?subject={quote(event.title)}&body={quote(text)}",
    )


def _names(household: HouseholdView) -> list[str]:
    return [presentation.first_name(member.name) for member in household.viewer.members if member.name]

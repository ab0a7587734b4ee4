"""What stands in the log, read back."""

from __future__ import annotations

from datetime import timedelta

from portal.audit.queries import latest_entries
from portal.invitations.models import Rsvp
from portal.kit import clock
from tests.cast import Cast, make_cast
from tests.events.evening import all_say, say


def organization_of(cast: Cast) -> int:
    return cast.count("SELECT organization_id FROM events WHERE id = :id", id=cast.event_id)


def test_the_newest_entry_comes_first_and_no_more_than_wished(cast: Cast) -> None:
    now = clock.now()
    for number in range(3):
        say(cast, cast.okafor, yes=[number], at=now - timedelta(minutes=number))
    with cast.app.app_context():
        entries = latest_entries(
            cast.event_id, organization_id=organization_of(cast), verbs=["invitation.answered"], limit=2
        )
    assert [entry.detail["accepted"] for entry in entries] == [["Ngozi Okafor"], ["Daniel Okafor"]]
    assert entries[0].at == now
    assert entries[0].actor == f"guest:{cast.okafor.id}"


def test_only_the_wished_kinds_of_this_event_and_organization(cast: Cast) -> None:
    other = make_cast(cast.app, slug="another-night")
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    all_say(other, other.okafor, Rsvp.DECLINED)
    with cast.app.app_context():
        mine = latest_entries(
            cast.event_id, organization_id=organization_of(cast), verbs=["invitation.answered"], limit=9
        )
        none = latest_entries(
            cast.event_id, organization_id=organization_of(other), verbs=["invitation.answered"], limit=9
        )
        made = latest_entries(cast.event_id, organization_id=organization_of(cast), verbs=["tables.added"], limit=9)
    assert [entry.detail["household"] for entry in mine] == ["Okafor family"]
    assert none == []
    assert [entry.verb for entry in made] == ["tables.added"]

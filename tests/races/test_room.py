"""A host publishes a room without a table while guests sit down at it: one of them wins, nobody loses a seat unseen."""

from __future__ import annotations

from portal.events.queries import find_event_by_slug
from portal.kit import clock
from portal.room.actions.drafts import change_draft
from portal.room.queries.drafts import get_draft
from tests.cast import Cast, make_cast
from tests.conftest import Database
from tests.races import errands
from tests.races.crowd import DONE, Crowd, tally
from tests.races.errands import SLUG_OF_ROOMS, Wish
from tests.races.room import check, entries, everybody_accepts, seated

ROUNDS = 12
PUBLISHER = ""


def plan_to_remove(cast: Cast, number: int, name: str) -> None:
    """A host has taken a table out of the draft."""
    with cast.app.app_context():
        event = find_event_by_slug(SLUG_OF_ROOMS.format(number))
        assert event is not None
        draft = get_draft(event.id)
        table = next(table for table in draft.layout.tables.values() if table.name == name)
        layout = draft.layout.without_table(table.id)
        change_draft(event, draft, layout, "removed", [name], version=0, actor="system", now=clock.now())


def test_a_guest_and_a_host_want_the_same_chair(database: Database, crowd: Crowd) -> None:
    """The guest has it and the table stays, or the table is gone and the guest is told; never both, never neither."""
    for number in range(ROUNDS):
        cast = make_cast(database.app, invitations=2, members=2, tables=2, seats=6, slug=SLUG_OF_ROOMS.format(number))
        everybody_accepts(cast)
        plan_to_remove(cast, number, "1")
        people = [(family.code, member) for family in cast.families for member in family.members]
        wishes = [Wish(code, member, (cast.seat(1, 3 + place),)) for place, (code, member) in enumerate(people)]
        outcomes = crowd.rush(database.url, errands.take_or_publish, [*wishes, Wish(PUBLISHER, number)])
        published = [one.said for one in outcomes if one.wish.code == PUBLISHER] == [DONE]
        tables = cast.count("SELECT count(*) FROM tables WHERE event_id = :event", event=cast.event_id)
        said = tally([one for one in outcomes if one.wish.code != PUBLISHER])
        if published:
            assert (tables, seated(cast), said[DONE]) == (1, 0, 0), said
        else:
            assert [one.said for one in outcomes if one.wish.code == PUBLISHER] == ["room_meanwhile_taken"]
            assert tables == 2
            assert seated(cast) == said[DONE] >= 1
        assert entries(cast, "room.published") == published
        assert "Error" not in str([name for name in said if "SeatNotFound" not in name])
        check(cast)


def test_of_many_hosts_who_change_one_draft_one_does(database: Database, crowd: Crowd) -> None:
    """The first change begins the draft; whoever comes second is told so, and overwrites nothing."""
    cast = make_cast(database.app, invitations=0, tables=2, seats=6, slug=SLUG_OF_ROOMS.format(0))
    refused = {"room_draft_changed", "uq_room_drafts_event_id"}
    for version in range(1, 5):
        hosts = [Wish(PUBLISHER, 20 * version + number, request_id=0) for number in range(12)]
        said = tally(crowd.rush(database.url, errands.edit_room, hosts))
        assert said[DONE] == 1, said
        assert set(said) <= {DONE, *refused}
        draft = cast.rows("SELECT version, step FROM room_drafts WHERE event_id = :event", event=cast.event_id)[0]
        assert (draft.version, draft.step, entries(cast, "draft.moved")) == (version, version, version)

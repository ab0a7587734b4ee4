"""Files for a spreadsheet: what stands in them, under which names they come, and what they never hold."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.events.models import Event
from portal.invitations.models import Rsvp
from portal.kit import clock
from tests.accounts.hosts import host_of
from tests.cast import Cast, make_cast
from tests.events.evening import address, all_say, alter, hold, say, sit, tell
from tests.exports.files import FORMATS, KINDS, cells, download, table
from tests.invitations.test_details import add_part, couple_with_a_guest
from tests.statements import statements

COLUMNS = {
    "guests": [
        "Household", "Name", "Email", "Phone", "Child", "Plus one", "Dietary", "Notes", "Answer", "Table", "Seat",
        "Reference", "Works for", "Language", "Invitation sent", "Invitation opened",
    ],
    "seating": [
        "Table", "Seat", "Kind of seat", "Name", "Household", "Child", "Choice of meal", "Dietary", "Reference",
    ],
    "answers": [
        "Household", "Name", "Answer", "Answered", "Answered by", "Child", "Plus one", "Choice of meal", "Dietary",
        "Word to the hosts",
    ],
}  # fmt: skip
"""Others build on these: a column may be added at the end, none renamed or moved."""


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_columns_stay_as_they_are(cast: Cast, kind: str, form: str) -> None:
    assert cells(download(cast, kind, form), form)[0] == COLUMNS[kind]


@pytest.mark.parametrize("form", FORMATS)
def test_the_list_of_guests(cast: Cast, form: str) -> None:
    say(cast, cast.okafor, yes=[0, 1, 2], no=[3])
    sit(cast, cast.okafor, 0, cast.seat(1, 5))
    tell(cast, cast.okafor, 1, dietary="no nuts; a little only")
    rows = table(cast, "guests", form)
    assert [row["Name"] for row in rows] == [*cast.okafor.names, *cast.brandt.names]
    assert [row["Answer"] for row in rows] == ["accepted"] * 3 + ["declined"] + ["pending"] * 4
    assert [(row["Table"], row["Seat"]) for row in rows[:2]] == [("1", "5"), ("", "")]
    assert rows[1]["Dietary"] == "no nuts; a little only"
    assert {row["Household"] for row in rows[:4]} == {"Okafor family"}
    assert rows[0]["Reference"].startswith("G0")


@pytest.mark.parametrize("form", FORMATS)
def test_the_seating_has_every_seat_and_everybody_who_comes(cast: Cast, form: str) -> None:
    say(cast, cast.okafor, yes=[0, 1], no=[2, 3])
    sit(cast, cast.okafor, 1, cast.seat(2, 5))
    rows = table(cast, "seating", form)
    assert len(rows) == 21, "twenty seats, and one who comes and has none"
    taken = [(row["Table"], row["Seat"], row["Name"]) for row in rows if row["Name"]]
    assert taken == [("2", "5", cast.okafor.names[1]), ("", "", cast.okafor.names[0])]


def test_a_held_seat_is_not_taken(app: Flask) -> None:
    cast = make_cast(app, hold=300)
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    hold(cast, cast.okafor, 0, cast.seat(1, 5))
    rows = table(cast, "seating")
    assert [row["Name"] for row in rows if (row["Table"], row["Seat"]) == ("1", "5")] == [""]
    assert [row["Seat"] for row in rows if row["Name"] == cast.okafor.names[0]] == [""]


@pytest.mark.parametrize("form", FORMATS)
def test_the_answers_say_who_comes_to_what(cast: Cast, form: str) -> None:
    part = add_part(cast, "Dinner")
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    tell(cast, cast.okafor, 0, meal="Fish", note="See you\nthere")
    cast.run(
        "INSERT INTO session_answers (created_at, event_id, guest_id, member_id, session_id)"
        " SELECT created_at, event_id, guest_id, id, :part FROM invitation_guests WHERE id = :member",
        part=part, member=cast.okafor.members[1],
    )  # fmt: skip
    first, second = table(cast, "answers", form)[:2]
    assert (first["Choice of meal"], first["Word to the hosts"]) == ("Fish", "See you\nthere")
    assert (first["Answered by"], first["Comes to: Dinner"], second["Comes to: Dinner"]) == ("guest", "", "yes")
    assert first["Answered"].startswith(str(clock.now().year))


def test_a_moment_is_written_where_the_event_is(cast: Cast) -> None:
    alter(cast, Event, cast.event_id, time_zone="Pacific/Auckland")
    cast.run("UPDATE invitation_guests SET rsvp = 'declined', responded_at = '2026-11-20 12:30:00+00:00'")
    assert {row["Answered"] for row in table(cast, "answers")} == {"2026-11-21 01:30"}


def test_a_guest_nobody_has_named_is_somebody_s_guest(cast: Cast) -> None:
    lena = couple_with_a_guest(cast)
    all_say(cast, lena, Rsvp.ACCEPTED)
    assert [row["Name"] for row in table(cast, "guests")][-2:] == ["Lena Brandt", ""], "as a guest list has it"
    assert [row["Name"] for row in table(cast, "seating")][-2:] == ["Lena Brandt", "Guest of Lena Brandt"]


def test_who_has_a_place_without_an_invitation_is_seated_too(cast: Cast) -> None:
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    cast.run("UPDATE guest_assignments SET member_id = NULL, member_rsvp = NULL, display_name = 'Jo Moss'"
             " WHERE member_id = :id", id=cast.okafor.members[0])  # fmt: skip
    assert "Jo Moss" in [row["Name"] for row in table(cast, "seating")]
    assert "Jo Moss" not in [row["Name"] for row in table(cast, "answers")]


def test_a_withdrawn_invitation_is_in_no_file(cast: Cast) -> None:
    cast.run("UPDATE invitations SET revoked_at = created_at WHERE id = :id", id=cast.okafor.id)
    for kind in KINDS:
        assert b"Okafor" not in download(cast, kind, "csv")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_file_holds_a_link(cast: Cast, kind: str, form: str) -> None:
    shown = str(cells(download(cast, kind, form), form))
    assert not [family for family in cast.families if family.code in shown or family.token in shown]


def test_a_file_says_what_it_is(cast: Cast) -> None:
    alter(cast, Event, cast.event_id, slug='evil"; x=\r\nSet-Cookie: a=b; ../noche-de-ñandú')
    answer = host_of(cast).get(address(cast, "/export/guests.csv"))
    assert answer.data.startswith("\ufeffHousehold,Name,".encode())
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    name = answer.headers["Content-Disposition"].removeprefix("attachment; filename*=UTF-8''")
    assert name == f"evil-x-set-cookie-a-b-noche-de-nandu-guests-{clock.now().date().isoformat()}.csv"
    assert answer.headers["Cache-Control"] == "private, no-store"
    workbook = host_of(cast).get(address(cast, "/export/seating.xlsx"))
    assert workbook.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_an_unknown_file_is_not_there(cast: Cast) -> None:
    for rest in ("/export/codes.csv", "/export/guests.pdf", "/export/guests"):
        assert host_of(cast).get(address(cast, rest)).status_code == 404


def test_a_file_takes_few_statements_however_many_guests(app: Flask) -> None:
    counts = {}
    for slug, size in (("few", 2), ("many", 20)):
        cast = make_cast(app, invitations=size, slug=slug)
        browser = host_of(cast)
        for kind in KINDS:
            with statements(app) as sent:
                browser.get(address(cast, f"/export/{kind}.csv"))
            counts[slug, kind] = len([each for each in sent if each.startswith("SELECT")])
    assert {counts["few", kind] == counts["many", kind] for kind in KINDS} == {True}
    assert max(counts.values()) <= 6, counts

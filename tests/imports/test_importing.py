"""Importing into an event that lives: answers stay, nothing doubles, nothing is half done."""

from __future__ import annotations

from typing import Any

from portal.events.actions import create_event
from portal.invitations.actions.answers import answer
from portal.invitations.actions.details import change_details
from portal.invitations.models import Rsvp
from portal.invitations.queries import find_invitation, viewer_of
from portal.invitations.rules import Details, Viewer
from portal.kit import clock
from portal.seating.actions.claims import take_seat
from tests.cast import Cast, make_cast
from tests.imports.books import csv_bytes, raw_workbook, sheet_of
from tests.imports.world import Desk, changed_tables

HEADERS = "Household,Name,Email,Phone,Child,Dietary,Notes"
MEMBERS = (
    "SELECT g.name, g.email, g.phone, m.is_child, m.rsvp, m.dietary, m.host_note, m.position, m.plus_one_of"
    " FROM invitation_guests m JOIN guests g ON g.id = m.guest_id JOIN invitations i ON i.id = m.invitation_id"
    " WHERE i.name = :household ORDER BY i.id, m.position, m.id"
)


def members(cast: Cast, household: str) -> list[Any]:
    return cast.rows(MEMBERS, household=household)


def viewer_for(cast: Cast, household: str) -> Viewer:
    """Whoever holds the link of a household; inside an application context."""
    code = cast.rows("SELECT code FROM invitations WHERE name = :name", name=household)[0].code
    return viewer_of(find_invitation(code), code, clock.now())[0]


def test_a_bad_file_writes_nothing_and_says_why_in_one_line(desk: Desk) -> None:
    before = desk.everything()
    for content, sentence in [
        (b"", "This file is empty."),
        (csv_bytes("foo,bar", "1,2"), "Row 1 names no column we know."),
        (csv_bytes(HEADERS, ",Ada"), "Row 2, column A: the first guest needs a household"),
        (csv_bytes(HEADERS, "Costa,Ada", 'Park,"Kai'), "In row 3 a quotation mark"),
        (raw_workbook(sheet_of(["x"] * 16_384)), "Row 1 goes on beyond column GR"),
        (b"PK\x03\x04 and nothing more", "This workbook is damaged"),
    ]:
        result = desk.run_bytes(content)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith(sentence)
        assert result.stderr.count("\n") == 1
    assert changed_tables(before, desk.everything()) == set()


def test_a_bad_last_row_keeps_the_good_ones_out_too(desk: Desk) -> None:
    before = desk.everything()
    rows = [f"Costa {number},Ada" for number in range(50)]
    result = desk.run_list("Household,Name", *rows, 'Park,"Kai')
    assert (result.exit_code, changed_tables(before, desk.everything())) == (1, set())


def test_an_event_that_is_not_there_is_named(desk: Desk) -> None:
    result = desk.run(desk.folder / "list", event="lantern-nihgt")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "There is no event “lantern-nihgt”. Check the spelling and try again.\n"


def test_a_file_that_is_not_there_is_named(desk: Desk) -> None:
    result = desk.run(desk.folder / "gone.csv")
    assert result.exit_code == 1
    assert "gone.csv” that can be read." in result.stderr


def test_names_of_every_kind_survive_unharmed(desk: Desk, cast: Cast) -> None:
    names = [
        "ليلى خالد",
        "さくら 王",
        "Дмитро Іваненко",
        "Nguyễn Þór",
        "𠮷野 家",
        "नेहा शर्मा",
        "👩‍👩‍👧 D'Arcy",
        "می‌خواهم",
    ]
    result = desk.run_list("Household,Name", *(f"{name} & co,{name}" for name in names), "Zoë,Zoe\u0308 Cohen")
    assert result.exit_code == 0
    for name in names:
        assert [row.name for row in members(cast, f"{name} & co")] == [name]
    assert members(cast, "Zoë")[0].name == "Zoë Cohen"


def test_control_characters_and_long_texts_reach_no_column(desk: Desk, cast: Cast) -> None:
    korean = "한" * 300
    result = desk.run_list(
        HEADERS, f"Costa,{korean},,,,{'v' * 900},{'n' * 9000}", "Park\x07,Kai\x1b[31m,k@example.org\x08"
    )
    assert result.exit_code == 0
    ada, kai = members(cast, "Costa")[0], members(cast, "Park")[0]
    assert korean.startswith(ada.name)
    assert (len(ada.dietary), len(ada.host_note)) == (500, 2000)
    assert (kai.name, kai.email) == ("Kai [31m", "k@example.org")
    assert "Texts that were cut (3)" in result.stdout


def test_an_import_brings_up_to_date_what_the_host_knows(desk: Desk, cast: Cast) -> None:
    desk.run_list(HEADERS, "Costa,Ada,ada@example.org,+34 678 096 262,,,old", "Costa,Ben", "Park,Kai")
    result = desk.run_list(
        HEADERS, "Costa,Ada,ada@example.com,+34 678 096 263,,vegan,new", "Costa,Ben,,,x", "Costa,Eva", "Park,Kai"
    )
    assert "2 households, 4 people: 1 new, 2 updated, 1 unchanged, 0 skipped." in result.stdout
    assert [tuple(row)[:8] for row in members(cast, "Costa")] == [
        ("Ada", "ada@example.com", "+34678096263", False, "pending", "vegan", "new", 0),
        ("Ben", None, None, True, "pending", "", "", 1),
        ("Eva", None, None, False, "pending", "", "", 2),
    ]
    entries = cast.rows("SELECT verb, actor, subject FROM activity WHERE verb = 'invitation.updated'")
    assert len(entries) == 1
    assert entries[0].actor == "system"


def test_a_list_in_other_letters_finds_its_household(desk: Desk, cast: Cast) -> None:
    desk.run_list("Household,Name", "Straße,Ægir Ørsted", "Straße,Zoë")
    before = desk.everything()
    assert "2 unchanged" in desk.run_list("Household,Name", 'STRASSE,"ØRSTED,  ÆGIR"', "STRASSE,ZOË").stdout
    assert changed_tables(before, desk.everything()) == set()


def test_an_import_never_takes_anything_away(desk: Desk, cast: Cast) -> None:
    desk.run_list(HEADERS, "Costa,Ada,ada@example.org,+34 678 096 262,x,vegan,ramp", "Costa,Ben")
    before = desk.everything()
    desk.run_list(HEADERS, "Costa,Ada")
    assert changed_tables(before, desk.everything()) == set()


def test_answers_seats_and_what_guests_typed_are_never_overwritten(desk: Desk, cast: Cast) -> None:
    desk.run_list(HEADERS, "Costa,Ada,,,,,", "Costa,Ben", "Costa,and guest")
    with cast.app.app_context():
        viewer = viewer_for(cast, "Costa")
        first, second, guest = viewer.members
        answer(viewer, {first.id: Rsvp.ACCEPTED, second.id: Rsvp.DECLINED, guest.id: Rsvp.ACCEPTED}, now=clock.now())
        viewer = viewer_for(cast, "Costa")
        typed = Details(meal="Fish", dietary="halal", note="see you", name=None, session_ids=set())
        change_details(viewer, viewer.members[0], typed, now=clock.now())
        named = Details(meal=None, dietary="", note="", name="Lena Ruiz", session_ids=set())
        change_details(viewer, viewer.members[2], named, now=clock.now())
        take_seat(viewer_for(cast, "Costa"), viewer_for(cast, "Costa").members[0], cast.seat(1, 5), now=clock.now())
    before = desk.everything()
    result = desk.run_list(HEADERS, "Costa,Ada,,,,vegan,", "Costa,Ben,,,,vegan", "Costa,and guest,,,,vegan")
    assert changed_tables(before, desk.everything()) == set()
    assert "Dietary needs that were kept (1)" in result.stdout
    assert "0 new, 0 updated, 3 unchanged" in result.stdout


def test_a_plus_one_gets_the_name_the_list_learns_and_so_does_their_place(desk: Desk, cast: Cast) -> None:
    desk.run_list("Household,Name,Plus one", "Costa,Ada,yes")
    with cast.app.app_context():
        viewer = viewer_for(cast, "Costa")
        answer(viewer, {viewer.members[1].id: Rsvp.ACCEPTED}, now=clock.now())
    desk.run_list("Household,Name,Plus one", "Costa,Ada,Lena Ruiz")
    rows = members(cast, "Costa")
    assert [row.name for row in rows] == ["Ada", "Lena Ruiz"]
    assert rows[1].plus_one_of is not None
    assert [row[0] for row in cast.rows("SELECT display_name FROM guest_assignments")] == ["Lena Ruiz"]


def test_families_of_one_name_stay_apart_however_often_they_come(desk: Desk, cast: Cast) -> None:
    rows = ["Household,Name", "Costa,Ada", ",Ben", "Costa,Eva", "Park,Kai", "Costa,Ada", ",Leo"]
    desk.run_list(*rows)
    before = desk.everything()
    desk.run_list(*rows)
    assert changed_tables(before, desk.everything()) == set()
    assert [row.name for row in members(cast, "Costa")] == ["Ada", "Ben", "Eva", "Ada", "Leo"]
    desk.run_list(*rows[:1], *rows[5:], ",Mia")
    assert [row.name for row in members(cast, "Costa")] == ["Ada", "Ben", "Eva", "Ada", "Leo", "Mia"]


def test_an_address_stays_with_whom_it_is(desk: Desk, cast: Cast) -> None:
    desk.run_list(HEADERS, "Costa,Ada,one@example.org")
    result = desk.run_list(HEADERS, "Park,Kai,ONE@example.org", "Ruiz,Eva,nobody at home", "Ruiz,Leo,two@example.org")
    assert result.exit_code == 0
    assert "already belongs to Ada in your address book. Kai is kept without it." in result.stdout
    assert "“nobody at home” in column C is not an e-mail address. Eva is kept without it." in result.stdout
    assert [row.email for name in ("Costa", "Park", "Ruiz") for row in members(cast, name)] == [
        "one@example.org",
        None,
        None,
        "two@example.org",
    ]


def test_an_address_that_moves_up_the_list_moves_at_once(desk: Desk, cast: Cast) -> None:
    desk.run_list(HEADERS, "Park,Kai,one@example.org", "Ruiz,Eva,two@example.org")
    moved = [HEADERS, "Costa,Ada,one@example.org", "Park,Kai,two@example.org", "Ruiz,Eva,three@example.org"]
    result = desk.run_list(*moved)
    assert "1 new, 2 updated, 0 unchanged, 0 skipped." in result.stdout
    assert "0 warnings." in result.stdout
    assert [row.email for name in ("Costa", "Park", "Ruiz") for row in members(cast, name)] == [
        "one@example.org",
        "two@example.org",
        "three@example.org",
    ]
    before = desk.everything()
    desk.run_list(*moved)
    assert changed_tables(before, desk.everything()) == set()


def test_a_guest_of_the_address_book_is_invited_to_the_next_event_as_themselves(desk: Desk, cast: Cast) -> None:
    rows = [HEADERS, "Costa,Ada,ada@example.org,+34 678 096 262", "Costa,Ben"]
    desk.run_list(*rows)
    event = desk.event()
    with cast.app.app_context():
        create_event(
            organization_id=event.organization_id,
            title="The next one",
            slug="next",
            actor="system",
            now=clock.now(),
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            time_zone=event.time_zone,
        )
    file = desk.folder / "list"
    file.write_bytes(csv_bytes(*rows[:1], "Costa,Ada,ada@example.org,+34 678 096 999", rows[2]))
    assert "2 new" in desk.run(file, event="next").stdout
    assert [row.phone for row in members(cast, "Costa") if row.name == "Ada"] == ["+34678096999"] * 2
    before = desk.everything()
    assert "2 unchanged" in desk.run(file, event="next").stdout
    assert changed_tables(before, desk.everything()) == set()
    assert cast.count("SELECT count(*) FROM guests WHERE name = 'Ada'") == 1
    assert cast.count("SELECT count(*) FROM guests WHERE name = 'Ben'") == 2


def test_another_organization_has_an_address_book_of_its_own(desk: Desk, cast: Cast) -> None:
    make_cast(cast.app, slug="elsewhere")
    desk.run_list(HEADERS, "Costa,Ada,ada@example.org")
    file = desk.folder / "list"
    assert "1 person: 1 new" in desk.run(file, event="elsewhere").stdout
    assert cast.count("SELECT count(*) FROM guests WHERE email = 'ada@example.org'") == 2


def test_a_revoked_invitation_stays_as_it_is(desk: Desk, cast: Cast) -> None:
    desk.run_list(HEADERS, "Costa,Ada")
    cast.run("UPDATE invitations SET revoked_at = created_at WHERE name = 'Costa'")
    before = desk.everything()
    result = desk.run_list(HEADERS, "Costa,Ada,,+34 678 096 262", "Costa,Ben")
    assert "Revoked links (1)" in result.stdout
    assert "0 new, 0 updated, 0 unchanged, 2 skipped." in result.stdout
    assert changed_tables(before, desk.everything()) == set()


def test_a_dry_run_says_what_an_import_then_does(desk: Desk) -> None:
    desk.run_list(HEADERS, "Costa,Ada", "Costa,Ben")
    rows = [HEADERS, "Costa,Ada,,,x", "Costa,Ben", "Costa,Eva", "", "Park,Kai,kai at home", "TOTAL,,"]
    before = desk.everything()
    result = desk.run_list(*rows, options=("--dry-run",))
    assert changed_tables(before, desk.everything()) == set()
    assert result.stdout.splitlines() == [
        "row 2 · Costa · Ada · updated",
        "row 3 · Costa · Ben · unchanged",
        "row 4 · Costa · Eva · new",
        "row 5 · left out",
        "    This row is blank and was left out.",
        "row 6 · Park · Kai · new",
        "    “kai at home” in column C is not an e-mail address. Kai is kept without it.",
        "row 7 · left out",
        "    This row is a total and not a guest; it was left out.",
        "2 households, 4 people: 2 new, 1 updated, 1 unchanged, 0 skipped.",
        "3 warnings.",
        "This was a dry run: nothing was written.",
    ]
    assert "2 new, 1 updated, 1 unchanged, 0 skipped." in desk.run_list(*rows).stdout

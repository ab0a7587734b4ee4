"""A list in the browser: brought, its columns named, checked, mended, written; as the command does it, page by page."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from portal.events.queries import find_event
from portal.events.rules import EventView
from portal.imports.actions import checking, writing
from portal.imports.actions.staging import purge
from portal.imports.actions.undoing import begin_undo
from portal.imports.forms import read_lines
from portal.imports.host.steps import carry_on
from portal.imports.queries.stages import find_stage
from portal.imports.rules import notices
from portal.imports.rules.refusals import MAX_BYTES
from portal.imports.rules.staging import REMEDIES, Stage
from portal.kit import clock
from portal.kit.conflicts import Rule
from portal.kit.database import phrasebook
from portal.kit.schema import db
from tests.accounts.hosts import words_of
from tests.cast import Cast
from tests.imports.books import csv_bytes, raw_workbook, sheet_of, workbook
from tests.imports.test_samples import SAMPLES, Sample
from tests.imports.world import FILES, Desk, ImportBrowser, changed_tables
from tests.invitations.desk import fill_in, members
from tests.markup import elements, shape
from tests.meanwhile import meanwhile
from tests.patience import PATIENCE, wait_for
from tests.security.strings import HARMLESS, HOSTILE
from tests.statements import statements

HEADERS = "Household,Name,Email,Phone,Child,Dietary,Notes"
LIST = csv_bytes(
    HEADERS, "Costa,Ada,ada at home", ",Ben,ben@example.org,12", ",,x@example.org", "Park,Kai,,,perhaps", "TOTAL,3"
)
DRAFTS = {"imports", "import_rows", "import_households", "activity", "user_sessions", "operations"}
NEW = "SELECT count(*) FROM invitations WHERE id > 2"


@pytest.fixture
def host(desk: Desk) -> ImportBrowser:
    """The event's host, who is about to bring a list."""
    return desk.browser()


def checked(host: ImportBrowser, content: bytes = LIST) -> str:
    """The page of a list that was brought and checked as it is."""
    assert host.bring(content).status_code == 303
    assert host.map_columns().status_code == 303
    return host.page()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.file)
def test_every_sample_goes_the_whole_way_and_the_second_time_changes_nothing(
    desk: Desk, cast: Cast, sample: Sample
) -> None:
    host = desk.browser()
    done = words_of(host.take_all((FILES / sample.file).read_bytes(), sample.file))
    assert "Your guests are in" in done
    assert f"{sample.households} new households and {sample.people} new people" in done
    assert f"New households {cast.rows('SELECT name FROM invitations WHERE id = 3')[0].name}" in done
    assert cast.count(NEW) == sample.households
    assert cast.count("SELECT count(*) FROM invitation_guests WHERE invitation_id > 2") == sample.people
    overview = words_of(host.host.get(f"/host/events/{cast.event_id}").text)
    assert f"{sample.file} now Imported: {sample.people} new people" in overview
    before = desk.everything()
    again = words_of(host.take_all((FILES / sample.file).read_bytes(), sample.file))
    assert f"{sample.people} people unchanged." in again
    assert changed_tables(before, desk.everything()) <= DRAFTS


@pytest.mark.parametrize("sample", SAMPLES[:2], ids=lambda sample: sample.file)
def test_what_is_pasted_is_the_same_as_the_file(desk: Desk, cast: Cast, sample: Sample) -> None:
    host = desk.browser()
    content = (FILES / sample.file).read_bytes()
    host.bring(content, sample.file)
    host.map_columns()
    host.paste(content.decode("utf-8-sig"))
    host.map_columns()
    rows = "SELECT number, cells, fate, people, notices, kinds FROM import_rows WHERE import_id = :id ORDER BY number"
    first, second = (cast.rows(rows, id=number) for number in (1, 2))
    assert first == second
    assert len(first) > 100


def test_a_workbook_pasted_from_its_program_is_the_same_too(host: ImportBrowser, cast: Cast) -> None:
    lines = read_lines((FILES / "guests.xlsx").read_bytes())
    rows = [
        next((line.cells for line in lines if line.number == number), ()) for number in range(1, lines[-1].number + 1)
    ]
    host.bring((FILES / "guests.xlsx").read_bytes(), "guests.xlsx")
    host.paste("\n".join("\t".join(cells) for cells in rows))
    staged = "SELECT number, cells FROM import_rows WHERE import_id = :id ORDER BY number"
    assert cast.rows(staged, id=1) == cast.rows(staged, id=2)


def test_nothing_is_a_guest_s_before_the_host_says_so(desk: Desk, host: ImportBrowser) -> None:
    before = desk.everything()
    said = words_of(checked(host))
    assert changed_tables(before, desk.everything()) <= DRAFTS
    assert "2 households, 3 people" in said
    assert "3 New 0 Updated 0 Unchanged 2 rows left out" in said
    assert "Costa Ada New · row 2 something to look at Ben New · row 3 something to look at" in said
    assert (
        "To correct Rows without a name 1 Invalid addresses 1 Doubtful telephone numbers 1 Neither yes nor no 1"
        " Nothing to do Totals 1" in said
    )


def test_every_kind_of_notice_has_something_to_do_about_it() -> None:
    kinds = {value.name for value in vars(notices).values() if isinstance(value, Rule)}
    assert {kind for those in REMEDIES.values() for kind in those} == kinds - {"blank_row", "unknown_column"}


def test_columns_are_shown_with_samples_and_each_can_be_changed(host: ImportBrowser, cast: Cast) -> None:
    host.bring(csv_bytes("Party,Guest,Shoe size,E-Mail", "Costa,Ada,38,ada@example.org", "Costa,Ben,44,"))
    page = host.page()
    said = words_of(page)
    assert "“Shoe size” is left out." in said
    assert "Shoe size 38 44" in said
    chosen = re.findall(r'<option value="([^"]*)" selected', page)
    assert chosen == ["1", "household", "name", "", "email"]
    host.map_columns(column_2="notes")
    host.send("write")
    assert cast.count("SELECT count(*) FROM invitation_guests WHERE host_note = '38'") == 1


def test_the_same_choice_twice_or_none_is_said_at_the_column(host: ImportBrowser) -> None:
    host.bring(csv_bytes("A,B,C", "Costa,Ada,x"))
    answer = host.map_columns()
    assert answer.status_code == 422
    assert "Say which column holds the names." in words_of(answer.text)
    answer = host.map_columns(column_1="name")
    assert "Say which column holds the household" in words_of(answer.text)
    answer = host.map_columns(column_0="household", column_1="name", column_2="name")
    assert answer.status_code == 422
    assert "Column B holds the same. Choose one of them." in words_of(answer.text)
    assert answer.text.count('<option value="name" selected') == 2, "what was chosen is kept"
    assert host.map_columns(column_0="household", column_1="name", header_row="0").status_code == 303
    assert "A B New · row 1" in words_of(host.page()), "a list without headings begins with its first row"


def test_a_list_without_households_gives_everybody_an_invitation_of_their_own_if_that_is_meant(
    host: ImportBrowser, cast: Cast
) -> None:
    content = csv_bytes("Name,Email,Plus one", "Ada Costa,ada@example.org,", "Ben Costa,,yes", "TOTAL,2,")
    host.bring(content)
    answer = host.map_columns()
    assert answer.status_code == 422
    assert "If there is none, tick below that everybody gets their own." in words_of(answer.text)
    assert host.map_columns(alone="y").status_code == 303
    said = words_of(host.page())
    assert "Ada Costa New · row 2" in said
    assert "Ben Costa New · row 3" in said
    assert 'name="alone" value="y" checked' in host.page("?step=columns"), "what was ticked stays so"
    host.send("write")
    rows = cast.rows(
        "SELECT i.name, count(m.id) AS people FROM invitations i JOIN invitation_guests m ON m.invitation_id = i.id"
        " WHERE i.id > 2 GROUP BY i.id, i.name ORDER BY i.id"
    )
    assert [(row.name, row.people) for row in rows] == [("Ada Costa", 1), ("Ben Costa", 2)]
    host.bring_again(content)
    host.map_columns(alone="y")
    host.send("write")
    assert cast.count(NEW) == 2, "the same list again finds them"


def test_a_cell_is_mended_where_it_is_said_and_checked_anew(host: ImportBrowser, cast: Cast) -> None:
    checked(host)
    assert "“ada at home” in column C is not an e-mail address." in words_of(host.page("?show=invalid_address"))
    assert host.mend(2, cell_2="ada@example.org", show="invalid_address").status_code == 303
    said = words_of(host.page())
    assert "Invalid addresses" not in said
    assert host.mend(4, cell_1="Eva").status_code == 303
    host.send("write")
    assert [
        tuple(row) for row in cast.rows("SELECT name, email FROM guests WHERE name IN ('Ada', 'Eva') ORDER BY name")
    ] == [
        ("Ada", "ada@example.org"),
        ("Eva", "x@example.org"),
    ]


def test_a_row_is_left_out_and_taken_in_again_and_its_family_stays_whole(host: ImportBrowser) -> None:
    checked(host, csv_bytes(HEADERS, "Costa,Ada", ",Ben", "Park,Kai", ",Lee"))
    host.mend(4, do="leave")
    said = words_of(host.page())
    assert "Park Lee New · row 5" in said, "not one of the Costas"
    assert "You left this row out." in words_of(host.page("?show=left_out"))
    host.send("rows/4", version="2", do="take")
    assert "Park Kai New · row 4 Lee New · row 5" in words_of(host.page())


def test_two_hosts_who_mend_one_row_hear_of_each_other_and_lose_nothing(host: ImportBrowser) -> None:
    checked(host)
    assert host.mend(2, cell_1="Ada Costa", cell_2="ada@example.org").status_code == 303
    answer = host.mend(2, cell_1="Adele", cell_2="adele@example.org")
    assert answer.status_code == 409
    assert "Row 2 was changed by somebody else while you were typing." in words_of(answer.text)
    assert 'value="Adele"' in answer.text
    assert "It now says: “Ada Costa”" in words_of(answer.text)
    assert 'name="version" value="2"' in answer.text
    assert host.mend(2, cell_1="Adele", cell_2="adele@example.org", version="2").status_code == 303
    assert "Costa Adele New" in words_of(host.page())


def test_a_list_that_has_changed_since_it_was_shown_does_not_go_in(host: ImportBrowser, cast: Cast) -> None:
    checked(host)
    shown = re.search(r'name="version" value="(\d+)"', host.page())
    assert shown
    host.mend(2, cell_1="Ada Costa")
    answer = host.send("write", version=shown[1])
    assert answer.status_code == 409
    assert "Somebody else has just gone on with this list." in words_of(answer.text)
    assert cast.count(NEW) == 0


def test_rows_left_out_come_as_a_file_with_their_reasons_and_go_in_when_mended(host: ImportBrowser, cast: Cast) -> None:
    checked(host, csv_bytes(HEADERS, "Costa,Ada", "=Ruiz,,=1+1,+49 151 3836752,,-5,@home", "Park,Kai"))
    host.send("write")
    answer = host.host.client.get(f"{host.address}/left-out.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="left-out.csv"'
    heads, row = answer.data.decode("utf-8-sig").splitlines()
    assert heads == f"{HEADERS},Row,Reason"
    assert row == (
        "'=Ruiz,,'=1+1,'+49 151 3836752,,'-5,'@home,3,\"There is no name in column B, so the row was left out.\""
    )
    host.take_all(f"{heads}\r\n{row.replace(',,', ',Eva,', 1)}".encode())
    (eva,) = cast.rows(
        "SELECT g.phone, m.dietary, m.host_note, i.name FROM invitation_guests m"
        " JOIN guests g ON g.id = m.guest_id JOIN invitations i ON i.id = m.invitation_id WHERE g.name = 'Eva'"
    )
    assert tuple(eva) == ("+491513836752", "-5", "@home", "=Ruiz")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Choose a file, or paste your list."),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "This file is not a spreadsheet."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "This is an old Excel file or one with a password."),
        (b"PK\x03\x04 broken", "This workbook is damaged and cannot be read."),
        (raw_workbook(b"<worksheet>" + b" " * 25_000_000), "holds more than a guest list can"),
        (raw_workbook(sheet_of(["x"] * 16_000)), "a list may have 200 columns"),
        (b"a,b\r\n" * 10_002, "is one too many"),
        (b"x" * (MAX_BYTES + 1), "This file is larger than 5 MB."),
    ],
    ids=["nothing", "picture", "old", "broken", "bomb", "wide", "long", "large"],
)
def test_what_cannot_be_read_is_refused_at_once_in_a_sentence(
    host: ImportBrowser, cast: Cast, content: bytes, sentence: str
) -> None:
    answer = host.bring(content)
    assert answer.status_code == 422
    assert sentence in words_of(answer.text)
    assert cast.count("SELECT count(*) FROM import_rows") == 0
    assert cast.count("SELECT count(*) FROM imports WHERE content IS NOT NULL") == 0


def test_more_than_a_form_may_hold_is_refused_before_it_is_read(host: ImportBrowser) -> None:
    answer = host.bring(b"x" * (MAX_BYTES + 100_000))
    assert answer.status_code == 413
    assert "This file is larger than 5 MB." in words_of(answer.text)


def test_a_long_list_can_be_pasted(host: ImportBrowser) -> None:
    """More than other forms may hold, and as much as a file may."""
    host.paste("Household,Name,Notes\n" + "\n".join(f"Costa {n},Ada {n},{'x' * 900}" for n in range(400)))
    host.map_columns()
    assert "400 households, 400 people" in words_of(host.page())
    assert "Next page" in host.page()
    assert "Costa 25" in words_of(host.page("?after=25"))


def test_a_list_begun_earlier_is_offered_again_and_can_be_thrown_away(host: ImportBrowser, cast: Cast) -> None:
    checked(host)
    start = host.host.get(host.start).text
    assert "guests.csv" in words_of(start)
    assert f'href="{host.address}"' in start
    assert host.send("discard").status_code == 303
    assert "guests.csv" not in host.host.get(host.start).text
    assert host.host.get(host.address).status_code == 404
    host.bring(LIST)
    assert cast.count("SELECT count(*) FROM imports") == 1, "and is deleted when somebody brings the next one"


def test_a_list_that_nobody_touches_is_purged(host: ImportBrowser, cast: Cast) -> None:
    checked(host)
    cast.run("UPDATE imports SET expires_at = created_at")
    assert host.host.get(host.address).status_code == 404
    host.bring(csv_bytes("Household,Name", "Park,Kai"))
    assert [tuple(row) for row in cast.rows("SELECT DISTINCT import_id FROM import_rows")] == [(2,)]


def test_a_list_that_a_host_takes_up_at_the_last_moment_is_kept(host: ImportBrowser, cast: Cast) -> None:
    checked(host)
    cast.run("UPDATE imports SET expires_at = created_at")
    meanwhile(
        cast, lambda: purge(clock.now()), "UPDATE imports SET expires_at = :later", later="2099-01-01 00:00:00.000000"
    )
    assert cast.count("SELECT count(*) FROM import_rows") == 6
    assert words_of(host.page())


def test_of_lists_that_nobody_finishes_the_newest_are_kept(host: ImportBrowser, cast: Cast) -> None:
    for _ in range(12):
        host.bring(csv_bytes("Household,Name", "Park,Kai"))
    assert [row[0] for row in cast.rows("SELECT id FROM imports ORDER BY id")] == list(range(3, 13))


def test_hostile_words_are_words_on_every_page_of_an_import(host: ImportBrowser, cast: Cast) -> None:
    plain = hostile_pages(host, cast, HARMLESS)
    for words in HOSTILE[:-1:5]:  # the last is a formula, which a workbook holds as one
        if words.strip("\u200b\ufeff\u2028\u2029\u00ad"):
            assert hostile_pages(host, cast, words) == plain, words


def hostile_pages(host: ImportBrowser, cast: Cast, words: str) -> list[object]:
    """The elements of each page of a list whose every cell says this."""
    rows = [["Household", "Name", "Email", words], [words, f"{words} x", words, words], ["y", "", words, words]]
    assert host.bring(workbook(rows), "list.xlsx").status_code == 303
    cast.run("UPDATE imports SET file_name = :words", words=words[:200])
    pages = [host.page()]
    host.map_columns(column_3="notes")
    pages += [host.page(), host.page("?show=invalid_address"), host.page("?show=no_name"), host.page("?step=columns")]
    pages.append(host.host.get(host.start).text.partition('class="earlier"')[0])
    host.send("discard")
    return [shape(elements(page)) for page in pages]


def test_two_hosts_who_press_the_button_at_once_write_it_once(desk: Desk, cast: Cast) -> None:
    hosts = [desk.browser() for _ in range(4)]
    checked(hosts[0], (FILES / "gaesteliste-excel.csv").read_bytes())
    for each in hosts[1:]:
        each.address = hosts[0].address
    version = re.search(r'name="version" value="(\d+)"', hosts[0].page())
    assert version
    tokens = [each.host.csrf_token() for each in hosts]

    def press(number: int) -> int:
        form = {"csrf_token": tokens[number], "version": version[1] if version else ""}
        return hosts[number].host.client.post(f"{hosts[0].address}/write", data=form).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(press, range(4))) == {303}

    def is_done() -> bool:
        hosts[0].send("go-on")
        return hosts[0].state() == "done"

    wait_for(is_done, "nobody finishes it")
    assert cast.count(NEW) == 48
    assert cast.count("SELECT count(*) FROM invitation_guests WHERE invitation_id > 2") == 174
    assert cast.count("SELECT count(*) FROM activity WHERE verb = 'import.finished'") == 1
    assert cast.count("SELECT count(*) FROM activity WHERE verb = 'invitation.created'") == 48 + 2


def test_work_that_came_to_a_halt_goes_on_exactly_where_it_was(host: ImportBrowser, cast: Cast) -> None:
    """As after a kill: some households stand, whole; the row of the import says how many."""
    checked(host, csv_bytes("Household,Name", *(f"Costa {n},Ada {n}\r\nCosta {n},Ben {n}" for n in range(9))))
    host.send("write")
    cast.run(
        "DELETE FROM invitation_guests WHERE invitation_id IN"
        " (SELECT invitation_id FROM import_households WHERE place >= 4)"
    )
    cast.run("DELETE FROM invitations WHERE id IN (SELECT invitation_id FROM import_households WHERE place >= 4)")
    long_ago = clock.now() - timedelta(minutes=1)
    cast.run("UPDATE imports SET state = 'writing', done = 4, worked_at = :then", then=long_ago.isoformat(" "))
    page = host.page()
    assert "This has come to a halt. Nothing is lost, and nothing is written twice." in words_of(page)
    assert "4 of 9 households" in words_of(page)
    assert host.send("go-on").status_code == 303
    assert "9 new households and 18 new people" in words_of(host.page())
    assert cast.count(NEW) == 9
    assert cast.count("SELECT count(*) FROM invitation_guests WHERE invitation_id > 2") == 18


def test_work_that_goes_on_is_left_alone(host: ImportBrowser, cast: Cast) -> None:
    checked(host)
    cast.run("UPDATE imports SET state = 'checking', worked_at = :now", now=clock.now().isoformat(" "))
    assert host.send("go-on").status_code == 303
    assert host.state() == "checking"


def test_two_who_check_one_list_lose_no_household(
    host: ImportBrowser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second is about to keep what it found while the first comes to its end."""
    keep, second, here, over = checking.keep_households, threading.Thread(), threading.Event(), threading.Event()

    def keep_beside_another(stage: Stage, names: dict[int, str], *, now: datetime) -> bool:
        nonlocal second
        if second.ident is not None:
            here.set()
            over.wait(PATIENCE)
            return keep(stage, names, now=now)
        kept = keep(stage, names, now=now)
        second = threading.Thread(target=check_again)
        second.start()
        assert here.wait(PATIENCE)
        return kept

    def check_again() -> None:
        with cast.app.app_context():
            carry_on(view, 1, "user:1")

    view = opened(cast)
    monkeypatch.setattr(checking, "keep_households", keep_beside_another)
    checked(host)
    over.set()
    second.join(PATIENCE)
    assert host.state() == "ready"
    assert [row.name for row in cast.rows("SELECT name FROM import_households ORDER BY place")] == ["Costa", "Park"]
    host.mend(5, cell_0="Ruiz", cell_4="")
    assert [row.name for row in cast.rows("SELECT name FROM import_households ORDER BY place")] == ["Costa", "Ruiz"]


def opened(cast: Cast) -> EventView:
    """The event as its host's pages have it."""
    with cast.app.app_context():
        organization_id = cast.count("SELECT organization_id FROM events WHERE id = :id", id=cast.event_id)
        view = find_event(cast.event_id, organization_ids=[organization_id])
    assert view
    return view


def test_an_address_that_moves_up_the_list_moves_at_once(host: ImportBrowser, cast: Cast) -> None:
    host.take_all(csv_bytes(HEADERS, "Park,Kai,one@example.org", "Ruiz,Eva,two@example.org"))
    host.take_all(
        csv_bytes(HEADERS, "Costa,Ada,one@example.org", "Park,Kai,two@example.org", "Ruiz,Eva,three@example.org")
    )
    assert [
        tuple(row) for row in cast.rows("SELECT name, email FROM guests WHERE email IS NOT NULL ORDER BY name")
    ] == [
        ("Ada", "one@example.org"),
        ("Eva", "three@example.org"),
        ("Kai", "two@example.org"),
    ]


def test_an_import_is_taken_back_whole(desk: Desk, host: ImportBrowser, cast: Cast) -> None:
    host.take_all(csv_bytes(HEADERS, "Costa,Ada,ada@example.org,+34 678 096 262,,,old", "Costa,and guest"))
    before = desk.everything()
    said = words_of(
        host.take_all(
            csv_bytes(HEADERS, "Costa,Ada,new@example.org,,x,vegan,new", "Costa,and guest", "Costa,Eva", "Park,Kai")
        )
    )
    assert "1 new household, 2 new people" in said
    assert "1 person updated" in said
    assert host.send("undo").status_code == 303
    assert "Everything is as it was before." in words_of(host.page())
    assert changed_tables(before, desk.everything()) <= DRAFTS
    verbs = [row[0] for row in cast.rows("SELECT verb FROM activity ORDER BY id DESC LIMIT 3")]
    assert verbs == ["import.undone", "invitation.updated", "invitation.removed"]


def test_whom_a_later_list_told_more_of_stays_when_the_one_that_added_them_is_taken_back(
    desk: Desk, host: ImportBrowser, cast: Cast
) -> None:
    host.take_all(csv_bytes(HEADERS, "Costa,Ada"))
    host.take_all(csv_bytes(HEADERS, "Costa,Ada", "Costa,Eva"))
    older = cast.count("SELECT max(id) FROM imports")
    host.take_all(csv_bytes(HEADERS, "Costa,Ada", "Costa,Eva,,,x,nut allergy,"))
    answer = host.host.post(f"/host/events/{cast.event_id}/import/{older}/undo")
    assert answer.status_code == 303
    assert "1 household stays, because somebody has touched it since" in words_of(host.host.get(answer.location).text)
    dietary = (
        "SELECT g.name, m.dietary FROM invitation_guests m JOIN guests g ON g.id = m.guest_id WHERE invitation_id > 2"
    )
    assert sorted(tuple(row) for row in cast.rows(dietary)) == [("Ada", ""), ("Eva", "nut allergy")]


def test_whoever_was_touched_since_stays_and_it_says_so(desk: Desk, host: ImportBrowser, cast: Cast) -> None:
    host.take_all(csv_bytes(HEADERS, *(f"{name},Ada {name}" for name in ("Costa", "Park", "Ruiz", "Sato"))))
    cast.run("UPDATE invitation_guests SET rsvp = 'accepted' WHERE invitation_id = 3")
    cast.run("UPDATE invitations SET opened_at = created_at WHERE id = 4")
    cast.run("UPDATE invitations SET sent_at = created_at WHERE id = 5")
    host.send("undo")
    assert "3 households stay, because somebody has touched them since" in words_of(host.page())
    assert [row[0] for row in cast.rows("SELECT name FROM invitations WHERE id > 2 ORDER BY id")] == [
        "Costa",
        "Park",
        "Ruiz",
    ]
    assert cast.count("SELECT count(*) FROM guests WHERE name = 'Ada Sato'") == 0


def test_who_was_changed_in_the_address_book_since_stays_there(host: ImportBrowser, cast: Cast) -> None:
    host.take_all(csv_bytes(HEADERS, *(f"{name},Ada {name}" for name in ("Costa", "Park", "Ruiz", "Sato")), ",Ben"))
    ben = cast.count("SELECT max(id) FROM invitation_guests")
    fill_in(host.host, f"/host/events/{cast.event_id}/invitations/6/members/{ben}/remove")
    ada = {row.name: row.id for row in cast.rows("SELECT id, name FROM guests WHERE name LIKE 'Ada %'")}
    okafor = cast.count("SELECT guest_id FROM invitation_guests WHERE id = :id", id=cast.okafor.members[2])
    fill_in(host.host, f"/host/guests/{ada['Ada Costa']}", phone="+442079460000")
    merged = f"/host/guests/{okafor}/merge/{ada['Ada Park']}"
    stands = {f"stands-{cast.event_id}": str(cast.count("SELECT id FROM invitation_guests WHERE invitation_id = 4"))}
    assert fill_in(host.host, merged, **{"field-name": "one", **stands}).status_code == 303
    host.send("undo")
    assert "3 households stay, because somebody has touched them since" in words_of(host.page())
    kept = [row.name for row in cast.rows("SELECT name FROM guests WHERE id > 8 OR id = :id ORDER BY id", id=okafor)]
    assert kept == ["Ada Okafor", "Ada Costa", "Ada Sato", "Ben"]


def test_who_was_added_to_a_standing_household_stays_if_touched_or_if_nobody_else_would(
    host: ImportBrowser, cast: Cast
) -> None:
    host.take_all(csv_bytes(HEADERS, "Okafor family,Ngozi Okafor", ",Ben", "Brandt family,Ngozi Brandt", ",Kai"))
    ben, _kai = [row[0] for row in cast.rows("SELECT id FROM invitation_guests WHERE id > 8 ORDER BY id")]
    path = f"/host/events/{cast.event_id}/invitations"
    fill_in(host.host, f"{path}/{cast.okafor.id}/members/{ben}", host_note="Call first")
    for member in cast.brandt.members:
        fill_in(host.host, f"{path}/{cast.brandt.id}/members/{member}/remove")
    host.send("undo")
    assert "2 households stay, because somebody has touched them since" in words_of(host.page())
    assert members(cast, cast.okafor.id) == [*cast.okafor.names, "Ben"]
    assert members(cast, cast.brandt.id) == ["Kai"]


def test_a_row_that_lost_its_address_twice_says_to_whom(
    host: ImportBrowser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(*_args: object, **_words: object) -> None:
        raise phrasebook().refusal("uq_guests_organization_id_email_key", {})

    checked(host, csv_bytes(HEADERS, "Costa,Ada,ada@example.org", "Park,Kai"))
    cast.run(
        "UPDATE guests SET email = 'ADA@example.org', email_key = 'ada@example.org' WHERE id ="
        " (SELECT guest_id FROM invitation_guests WHERE id = :id)",
        id=cast.okafor.members[0],
    )
    monkeypatch.setattr(writing, "write_household", lose)
    host.send("write")
    (heads, costa, park) = host.host.client.get(f"{host.address}/left-out.csv").text.splitlines()
    assert heads.endswith("Reason")
    assert costa.endswith("Ngozi Okafor already has this e-mail address.")
    assert park.endswith("Another guest already has this e-mail address.")


def test_who_is_touched_at_the_very_moment_stays_too(host: ImportBrowser, cast: Cast) -> None:
    host.take_all(csv_bytes(HEADERS, "Costa,Ada Costa"))
    view = opened(cast)
    with cast.app.app_context():
        stage = find_stage(view.id, 1)
        assert stage
        begin_undo(stage, now=clock.now())
    ada = cast.count("SELECT id FROM invitation_guests WHERE invitation_id = 3")
    meanwhile(
        cast,
        lambda: carry_on(view, 1, "user:1"),
        "UPDATE invitation_guests SET host_note = 'Call first' WHERE id = :id",
        "INSERT INTO activity (created_at, organization_id, event_id, actor, verb, subject, detail, at)"
        " SELECT :now, organization_id, id, 'user:1', 'member.changed', :about, '{}', :now FROM events",
        id=ada, about=f"member:{ada}", now=clock.now().isoformat(" "),
    )  # fmt: skip
    assert members(cast, 3) == ["Ada Costa"]
    assert host.state() == "undone"


def test_a_form_that_is_sent_twice_stages_once_and_another_file_under_its_id_is_another_wish(
    host: ImportBrowser, cast: Cast
) -> None:
    for content, staged in ((LIST, 1), (LIST, 1), (LIST + b"\r\nRuiz,Eva", 2)):
        assert host.bring_again(content).status_code == 303
        assert cast.count("SELECT count(*) FROM imports") == staged


def test_the_first_guest_without_a_household_is_mended_where_it_is_said(host: ImportBrowser) -> None:
    said = words_of(checked(host, csv_bytes(HEADERS, ",Ada", "Park,Kai")))
    assert "the first guest needs a household" in said
    host.mend(2, cell_0="Costa")
    host.map_columns()
    assert "Costa Ada New" in words_of(host.page())


def test_a_workbook_of_two_families_reads_like_the_csv(host: ImportBrowser) -> None:
    host.take_all(workbook([["Household", "Name"], ["Costa", "Ada"], [None, "Ben"]]), "list.xlsx")
    assert "1 new household and 2 new people" in words_of(host.page())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_each_row_that_is_checked_is_found_by_its_number(host: ImportBrowser, cast: Cast) -> None:
    """Else a list of ten thousand would be read ten thousand times, and everybody's pages wait for it."""
    with statements(cast.app) as asked:
        checked(host)
        host.send("write")
    changes = {each for each in asked if each.startswith(("UPDATE import_rows", "UPDATE import_households"))}
    with cast.app.app_context(), db.engine.connect() as connection:
        plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", _nothing(each)).all() for each in changes]
    assert plans
    for plan in plans:
        assert re.search(r"import_id=\? AND (event_id=\? AND )?(number|place)=\?", plan[0][3]), plan


def _nothing(statement: str) -> tuple[None, ...]:
    return (None,) * statement.count("?")

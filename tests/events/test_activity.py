"""The log as hosts read it: in words, filtered, page by page; and nobody can change it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from portal.audit.queries import Entry
from portal.config import ROOT
from portal.invitations.models import Rsvp
from tests.accounts.hosts import HostBrowser, host_of, words_of
from tests.cast import Cast, make_cast
from tests.deeds import alter_event
from tests.events.evening import all_say, say, sit
from tests.events.test_editing import filled, settings
from tests.invitations.desk import fill_in, household
from tests.security.routes import PART
from tests.statements import statements

VERB = r'"((?!organization|membership)[a-z]+\.(?:[a-z]+ed|made|left|sent|unsent|held|kept|begun|seen|undone|taken))"'
NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)


def path(cast: Cast, query: str = "") -> str:
    return f"/host/events/{cast.event_id}/activity{query}"


def lines(host: HostBrowser, cast: Cast, query: str = "") -> list[str]:
    """What each line says, its time left out."""
    page = host.get(path(cast, query))
    assert page.status_code == 200
    shown = re.findall(r"<li><time.*?</time>\s*(.*?)</li>", page.text, re.DOTALL)
    return [words_of(line) for line in shown]


def test_everybody_s_acts_are_told_in_words(cast: Cast) -> None:
    host = host_of(cast)
    say(cast, cast.okafor, yes=[0, 1, 2], no=[3])
    sit(cast, cast.okafor, 0, cast.seat(1, 5))
    host.post(settings(cast), **{**filled(host, settings(cast)), "place": "Canal House", "capacity": "40"})
    host.post(f"/host/events/{cast.event_id}/sessions", **PART)
    host.post(f"/host/events/{cast.event_id}/status/cancel")
    assert lines(host, cast) == [
        "Sam Host Called the event off",
        "Sam Host Added the part “Dinner”",
        "Sam Host Changed the event: place and most guests",
        "The Okafor family · Ngozi Okafor Sits at Table 1, seat 5",
        "The Okafor family Three coming, Tobi can’t",
        "Placecard · The Brandt family Put on the guest list",
        "Placecard · The Okafor family Put on the guest list",
        "Placecard Laid 2 tables",
        "Placecard Made the event “Lantern Night”",
    ]


def test_it_is_narrowed_by_guest_table_kind_and_doer(cast: Cast) -> None:
    host = host_of(cast)
    for family in (cast.okafor, cast.brandt):
        all_say(cast, family, Rsvp.ACCEPTED)
    sit(cast, cast.okafor, 0, cast.seat(1, 5))
    sit(cast, cast.brandt, 0, cast.seat(2, 5))
    host.post(f"/host/events/{cast.event_id}/status/cancel")
    okafor = ["The Okafor family · Ngozi Okafor Sits at Table 1, seat 5", "The Okafor family All four coming"]
    assert lines(host, cast, "?q=OKAFÓR&kind=seats") == okafor[:1]
    assert lines(host, cast, "?q=okafor&kind=answers") == okafor[1:]
    tables = cast.rows("SELECT id FROM tables WHERE event_id = :event ORDER BY id", event=cast.event_id)
    assert lines(host, cast, f"?table={tables[0].id}") == okafor[:1]
    assert lines(host, cast, "?table=999999") == []
    assert lines(host, cast, "?kind=event")[0] == "Sam Host Called the event off"
    assert lines(host, cast, "?kind=guests")[0].endswith("Put on the guest list")
    assert lines(host, cast, "?kind=room") == ["Placecard Laid 2 tables"]
    assert len(lines(host, cast, "?actor=guests")) == 4
    sam = cast.count("SELECT id FROM users WHERE email = :email", email=cast.host_email)
    assert lines(host, cast, f"?actor=user:{sam}") == ["Sam Host Called the event off"]
    assert "Nothing fits that" in words_of(host.get(path(cast, "?q=nobody-of-that-name")).text)
    for nonsense in ("?kind=x&actor=x&table=x&before=x", "?before=-1&table=99999999999999999999"):
        assert len(lines(host, cast, nonsense)) == 9, "a filter nobody offers shows everything"


def test_what_is_done_in_the_address_book_is_told_where_that_guest_is_invited(cast: Cast) -> None:
    host, elsewhere = host_of(cast), make_cast(cast.app, slug="elsewhere")
    all_say(cast, cast.brandt, Rsvp.ACCEPTED)
    one, other = (
        cast.count("SELECT guest_id FROM invitation_guests WHERE id = :id", id=family.members[0])
        for family in (cast.okafor, cast.brandt)
    )
    assert fill_in(host, f"/host/guests/{one}", company="Acme").status_code == 303
    assert lines(host, cast, "?kind=guests")[0] == "Sam Host · Ngozi Okafor Changed the address book"
    assert lines(host, cast, "?q=ngozi&kind=guests")[0] == "Sam Host · Ngozi Okafor Changed the address book"
    chosen = {"field-name": "one", f"stands-{cast.event_id}": str(cast.okafor.members[0])}
    assert fill_in(host, f"/host/guests/{one}/merge/{other}", **chosen).status_code == 303
    assert lines(host, cast)[:3] == [
        "Sam Host · Ngozi Okafor Made one entry of two in the address book: the other was Ngozi Brandt",
        "Sam Host · Ngozi Brandt Taken off this invitation: two entries of the address book were one person",
        "Sam Host · Ngozi Okafor Changed the address book",
    ]
    assert not [line for line in lines(host_of(elsewhere), elsewhere) if "address book" in line]
    assert fill_in(host, household(cast, cast.okafor, "/people"), people="Mia\n+").status_code == 303
    assert lines(host, cast)[0] == "Sam Host · The Okafor family Put Mia on the invitation"


def test_a_name_is_found_as_it_was_then_in_any_script(cast: Cast) -> None:
    cast.run("UPDATE invitations SET name = 'Familia Ñúñez' WHERE id = :id", id=cast.brandt.id)
    all_say(cast, cast.brandt, Rsvp.ACCEPTED)
    cast.run("UPDATE invitations SET name = 'Somebody else' WHERE id = :id", id=cast.brandt.id)
    assert lines(host_of(cast), cast, "?q=Ñúñez") == ["The Ñúñez family All four coming"]


def test_days_and_hours_are_those_of_the_event(cast: Cast) -> None:
    alter_event(cast, time_zone="Asia/Kathmandu")
    say(cast, cast.okafor, yes=[0], at=NOON + timedelta(hours=7))
    page = words_of(host_of(cast).get(path(cast)).text)
    assert "Wednesday 11 November 12:45 am The Okafor family Ngozi coming" in page


def test_it_is_paged_by_key_and_each_entry_comes_once(cast: Cast) -> None:
    host = host_of(cast)
    for number in range(120):
        say(cast, cast.okafor, yes=[0] if number % 2 else [], no=[] if number % 2 else [0], at=NOON)
    seen: list[str] = []
    query = ""
    for _ in range(4):
        page = host.get(path(cast, query)).text
        seen += re.findall(r"<li><time", page)
        found = re.search(r'rel="next" href="[^"]*(\?[^"]*)"', page)
        if found is None:
            break
        query = found[1].replace("&amp;", "&")
    assert len(seen) == cast.count("SELECT count(*) FROM activity WHERE event_id = :id", id=cast.event_id) == 124
    with statements(cast.app) as sent:
        host.get(path(cast, "?q=ada&kind=answers"))
    assert sum(statement.startswith("SELECT") for statement in sent) <= 8


@pytest.mark.parametrize("change", ["UPDATE activity SET actor = 'user:1'", "DELETE FROM activity"])
def test_nobody_can_rewrite_it(cast: Cast, change: str) -> None:
    before = cast.rows("SELECT * FROM activity ORDER BY id")
    with pytest.raises(IntegrityError) as refusal:
        cast.run(change)
    with cast.app.app_context():
        told = cast.app.extensions["phrasebook"].conflict(refusal.value, {})
    assert told.sentence("en") == "What was done cannot be rewritten."
    assert cast.rows("SELECT * FROM activity ORDER BY id") == before


def test_every_verb_of_the_product_has_words(cast: Cast) -> None:
    files = [file for file in (ROOT / "portal").rglob("*.py") if "actions" in str(file)]
    verbs = {verb for file in files for verb in re.findall(VERB, file.read_text())}
    assert len(verbs) > 25
    detail = {
        "title": "x", "capacity": 4, "changes": {}, "tables": ["1"], "kind": "swap", "other": "x", "wanted": "x",
        "people": 1, "places": 1, "of": 1, "note": "", "meal": "", "seats": [], "accepted": ["Ada"],
    }  # fmt: skip
    with cast.app.test_request_context():
        said = cast.app.jinja_env.get_template("events/log.html").make_module({}).said  # type: ignore[attr-defined]
        told = {verb: str(said(Entry(1, verb, "system", "", detail, NOON))) for verb in verbs}
    assert [verb for verb, words in told.items() if words in {"", "Did something else"}] == []

"""A host adds parts to an event, changes them and takes them away; nobody's answer is lost without a word."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from portal.events.queries import find_event_by_slug
from portal.events.queries.parts import parts_of
from portal.events.rules.parts import Part
from portal.kit.schema import db
from tests.accounts.hosts import host_of, words_of
from tests.cast import Cast
from tests.client import Browser
from tests.deeds import accept, everything
from tests.events.test_editing import errors_of
from tests.invitations.test_details import add_part
from tests.meanwhile import WAITS
from tests.patience import wait_for
from tests.security.routes import PART
from tests.statements import before_each_statement, statements


def path(cast: Cast, rest: object = "") -> str:
    return f"/host/events/{cast.event_id}/sessions{rest}"


def attend(cast: Cast, part: int, *numbers: int) -> list[int]:
    """Members say that they come to a part; what each of them hears."""
    phone = Browser(cast.app, htmx=False)
    accept(phone, cast.okafor)
    members = [cast.okafor.members[number] for number in numbers]
    return [phone.post(cast.okafor.path(f"/members/{member}"), sessions=str(part)).status_code for member in members]


def the_part(cast: Cast) -> dict[str, object]:
    return dict(cast.rows("SELECT * FROM event_sessions ORDER BY id DESC LIMIT 1")[0]._mapping)


def the_parts(cast: Cast) -> list[Part]:
    with cast.app.app_context():
        event = find_event_by_slug("lantern-night")
        assert event is not None
        return parts_of(event)


def test_guests_are_asked_at_once(cast: Cast) -> None:
    host = host_of(cast)
    assert "Then everybody who comes is there for all of it." in words_of(host.get(path(cast)).text)
    assert host.post(path(cast), **{**PART, "speaker": "Ana Ruiz", "capacity": "40"}).status_code == 303
    part = the_part(cast)
    assert (part["title"], part["speaker"], part["capacity"]) == ("Dinner", "Ana Ruiz", 40)
    said = words_of(host.get(path(cast)).text)
    assert "Dinner Tuesday 1 June, 7:00 pm–9:00 pm · Ana Ruiz · 0 of 40 places taken" in said
    phone = Browser(cast.app, htmx=False)
    accept(phone, cast.okafor)
    assert "Dinner, 7:00 pm" in words_of(phone.get(cast.okafor.path(f"/members/{cast.okafor.members[0]}")).text)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Please give this part a name."),
        ({"starts_at": ""}, "Please say when it begins."),
        ({"ends_at": "later"}, "Please give a day and a time."),
        ({"ends_at": "2027-06-01T18:59"}, "This part must end after it begins."),
        ({"capacity": "-1"}, "Please give a whole number, or nothing at all."),
        ({"capacity": "9" * 5000}, "Please give a whole number, or nothing at all."),
        ({"capacity": "1000001"}, "Please give a number up to 1,000,000, or nothing at all."),
        ({"speaker": "\u0958" * 101}, "That is a little long. Please keep it to 200 letters."),
    ],
)
def test_what_makes_no_sense_gets_a_sentence(cast: Cast, changes: dict[str, str], sentence: str) -> None:
    part, host = add_part(cast, "Walk"), host_of(cast)
    before = everything(cast.app)
    for address in (path(cast), path(cast, f"/{part}")):
        answer = host.post(address, **{**PART, "title": "Late supper", **changes})
        assert answer.status_code == 422
        assert sentence in errors_of(answer)
        assert 'value="Late supper"' in answer.text or "title" in changes
    assert everything(cast.app) == before


def test_two_hosts_change_one_part(cast: Cast) -> None:
    part, sam, noor = add_part(cast, "Walk"), host_of(cast), host_of(cast)
    assert noor.post(path(cast, f"/{part}"), **{**PART, "title": "Lantern walk"}).status_code == 303
    before = everything(cast.app)
    answer = sam.post(path(cast, f"/{part}"), **{**PART, "title": "Night walk"})
    assert answer.status_code == 409
    said = words_of(answer.text)
    assert "Somebody changed this while you were writing. Nothing you typed is lost." in said
    assert "Lantern walk" in said and 'value="Night walk"' in answer.text and 'name="version" value="2"' in answer.text
    assert everything(cast.app) == before
    assert sam.post(path(cast, f"/{part}"), **{**PART, "title": "Night walk", "version": "2"}).status_code == 303
    assert the_part(cast)["title"] == "Night walk"
    verbs = [row.verb for row in cast.rows("SELECT verb FROM activity WHERE verb LIKE 'session.%' ORDER BY id")]
    assert verbs == ["session.added", "session.edited", "session.edited"]


def test_a_part_that_people_come_to_is_not_removed_without_a_word(cast: Cast) -> None:
    part, host = add_part(cast, "Dancing"), host_of(cast)
    assert attend(cast, part, 0, 1) == [303, 303]
    before = everything(cast.app)
    refused = host.post(path(cast, f"/{part}/remove"))
    assert refused.status_code == 409
    said = words_of(refused.text)
    assert "2 said that they come to “Dancing”. Nothing was changed." in said
    assert "Remove it with their answers" in said
    assert everything(cast.app) == before
    assert host.post(path(cast, f"/{part}/remove"), anyway="y").status_code == 303
    assert cast.count("SELECT count(*) FROM event_sessions") == cast.count("SELECT count(*) FROM session_answers") == 0
    (entry,) = cast.rows("SELECT detail FROM activity WHERE verb = 'session.removed'")
    assert "Dancing" in str(entry.detail) and "2" in str(entry.detail)


def test_a_part_has_as_many_guests_as_places_whoever_writes(cast: Cast) -> None:
    part, host = add_part(cast, "Workshop"), host_of(cast)
    cast.run("UPDATE event_sessions SET capacity = 1 WHERE id = :id", id=part)
    assert attend(cast, part, 0, 1) == [303, 409], "the second finds it full"
    assert cast.count("SELECT count(*) FROM session_answers") == 1
    phone = Browser(cast.app, htmx=False)
    full = phone.post(cast.okafor.path(f"/members/{cast.okafor.members[1]}"), sessions=str(part))
    assert "There is not enough room in this part of the event." in words_of(full.text)
    answer = host.post(path(cast, f"/{part}"), **{**PART, "capacity": "0"})
    assert answer.status_code == 409
    assert "There is not enough room in this part of the event." in words_of(answer.text)
    with pytest.raises(Exception, match="part_has_room"):
        cast.run("UPDATE event_sessions SET capacity = 0 WHERE id = :id", id=part)
    assert the_part(cast)["capacity"] == 1
    assert host.post(path(cast, f"/{part}"), **{**PART, "capacity": "2"}).status_code == 303
    assert attend(cast, part, 1) == [303]


def test_whoever_stays_away_leaves_room_in_a_part_and_finds_their_choice_if_there_is_room(cast: Cast) -> None:
    part, phone = add_part(cast, "Workshop"), Browser(cast.app, htmx=False)
    cast.run("UPDATE event_sessions SET capacity = 1 WHERE id = :id", id=part)
    attending = "SELECT member_id FROM session_answers WHERE session_id = :id"
    first, second = cast.okafor.members[:2]
    assert attend(cast, part, 0) == [303]
    for status in ("declined", "accepted"):
        assert phone.saved(phone.post(cast.okafor.path(f"/members/{first}/rsvp"), status=status))
    assert cast.rows(attending, id=part) == [(first,)], "whoever changes back finds what they chose"
    assert phone.saved(phone.post(cast.okafor.path(f"/members/{first}/rsvp"), status="declined"))
    assert [each.attending for each in the_parts(cast)] == [0]
    sibling = cast.okafor.path(f"/members/{second}")
    assert phone.post(sibling, sessions=str(part)).status_code == 303
    back = phone.post(cast.okafor.path(f"/members/{first}/rsvp"), status="accepted")
    assert phone.saved(back)
    said = words_of(phone.get(cast.okafor.path()).text)
    assert "“Workshop” has filled up meanwhile" in said
    assert "“Workshop” has filled up meanwhile" not in words_of(phone.get(cast.okafor.path()).text), "told once"
    assert cast.rows(attending, id=part) == [(second,)]


def test_a_host_is_told_for_whom_of_a_family_that_comes_back_a_part_has_no_room(cast: Cast) -> None:
    part, host = add_part(cast, "Workshop"), host_of(cast)
    assert attend(cast, part, 0, 1) == [303, 303]
    family = f"/host/events/{cast.event_id}/invitations/{cast.okafor.id}"
    back = {"rsvp": {"status": "accepted"}, "link/restore": {}}
    for gone, (again, fields) in zip(("rsvp", "link/revoke"), back.items(), strict=True):
        cast.run("UPDATE event_sessions SET capacity = 2 WHERE id = :id", id=part)
        assert host.post(f"{family}/{gone}", status="declined").status_code == 303
        cast.run("UPDATE event_sessions SET capacity = 1 WHERE id = :id", id=part)
        assert host.post(f"{family}/{again}", **fields).status_code == 303
        said = words_of(host.get(family).text)
        assert "“Workshop” has filled up meanwhile" in said, again
        assert "There was no room in it for Daniel Okafor." in said, again
        assert "“Workshop” has filled up meanwhile" not in words_of(host.get(family).text), "told once"
        cast.run("UPDATE event_sessions SET capacity = 2 WHERE id = :id", id=part)
        assert attend(cast, part, 1) == [303]


def test_a_withdrawn_link_leaves_room_in_a_part(cast: Cast) -> None:
    part, host = add_part(cast, "Workshop"), host_of(cast)
    cast.run("UPDATE event_sessions SET capacity = 2 WHERE id = :id", id=part)
    assert attend(cast, part, 0, 1) == [303, 303]
    link = f"/host/events/{cast.event_id}/invitations/{cast.okafor.id}/link"
    assert host.post(f"{link}/revoke").status_code == 303
    assert [each.attending for each in the_parts(cast)] == [0]
    phone, guest = Browser(cast.app, htmx=False), cast.brandt.members[0]
    accept(phone, cast.brandt)
    assert phone.post(cast.brandt.path(f"/members/{guest}"), sessions=str(part)).status_code == 303
    assert host.post(f"{link}/restore").status_code == 303
    assert [each.attending for each in the_parts(cast)] == [2], "as many as there are places"
    assert cast.count("SELECT count(*) FROM session_answers WHERE member_id = :id", id=guest) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_answer_that_comes_while_a_part_is_removed_keeps_it(cast: Cast) -> None:
    """On SQLite there is one writer at a time."""
    part, host = add_part(cast, "Workshop"), host_of(cast)
    accept(Browser(cast.app, htmx=False), cast.okafor)
    answered: list[int] = []

    def somebody_answers(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("DELETE FROM session_answers") and not answered:
            answered.append(cast.okafor.members[0])
            cast.run(
                "INSERT INTO session_answers (created_at, event_id, guest_id, member_id, session_id)"
                " SELECT created_at, event_id, guest_id, id, :part FROM invitation_guests WHERE id = :member",
                part=part, member=answered[0],
            )  # fmt: skip

    with before_each_statement(cast.app, somebody_answers):
        refused = host.post(path(cast, f"/{part}/remove"))
    assert refused.status_code == 409
    assert "1 said that they come to “Workshop”. Nothing was changed." in words_of(refused.text)
    assert cast.rows("SELECT member_id FROM session_answers") == [(each,) for each in answered]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_host_who_gives_a_part_places_and_a_guest_who_answers_never_wait_in_a_circle(cast: Cast) -> None:
    part, host = add_part(cast, "Workshop"), host_of(cast)
    cast.run("UPDATE event_sessions SET capacity = 9")
    lock = "SELECT id FROM event_sessions WHERE id = :id FOR "
    with cast.app.app_context(), db.engine.connect() as guest, ThreadPoolExecutor(1) as elsewhere:
        guest.execute(text(lock + "KEY SHARE"), {"id": part})  # as an answer does, before its trigger counts
        with statements(cast.app) as sent:
            saved = elsewhere.submit(host.post, path(cast, f"/{part}"), **{**PART, "capacity": "5"})
            wait_for(lambda: cast.count(WAITS))
            guest.execute(text(lock + "NO KEY UPDATE"), {"id": part})
            guest.commit()
            assert saved.result(timeout=20).status_code == 303
    changes = [each for each in sent if each.startswith("UPDATE event_sessions")]
    assert len(changes) == 1, "the first try succeeded"


def test_what_those_who_stay_away_had_chosen_goes_with_a_part(cast: Cast) -> None:
    part, host = add_part(cast, "Workshop"), host_of(cast)
    assert attend(cast, part, 0) == [303]
    Browser(cast.app, htmx=False).post(cast.okafor.path("/rsvp"), status="declined")
    assert host.post(path(cast, f"/{part}/remove")).status_code == 303
    assert cast.count("SELECT count(*) FROM event_sessions") == 0


def test_a_part_of_another_event_is_not_there(cast: Cast) -> None:
    host = host_of(cast)
    for address in ("/999", "/0"):
        assert host.get(path(cast, address)).status_code == 404
        assert host.post(path(cast, address), **PART).status_code == 404
        assert host.post(path(cast, f"{address}/remove")).status_code == 404

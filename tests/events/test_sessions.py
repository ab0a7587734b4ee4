"""A host adds parts to an event, changes them and takes them away; nobody's answer is lost without a word."""

from __future__ import annotations

import pytest

from tests.accounts.hosts import host_of, words_of
from tests.cast import Cast
from tests.client import Browser
from tests.deeds import accept, everything
from tests.events.test_editing import errors_of
from tests.invitations.test_details import add_part
from tests.security.routes import PART


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
    ],
)
def test_what_makes_no_sense_gets_a_sentence(cast: Cast, changes: dict[str, str], sentence: str) -> None:
    part, host = add_part(cast, "Walk"), host_of(cast)
    before = everything(cast.app)
    for address in (path(cast), path(cast, f"/{part}")):
        answer = host.post(address, **{**PART, "speaker": "Ana Ruiz", **changes})
        assert answer.status_code == 422
        assert sentence in errors_of(answer)
        assert 'value="Ana Ruiz"' in answer.text
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


def test_a_part_of_another_event_is_not_there(cast: Cast) -> None:
    host = host_of(cast)
    for address in ("/999", "/0"):
        assert host.get(path(cast, address)).status_code == 404
        assert host.post(path(cast, address), **PART).status_code == 404
        assert host.post(path(cast, f"{address}/remove")).status_code == 404

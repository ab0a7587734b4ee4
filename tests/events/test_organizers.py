"""Whoever makes an event organizes it; there is always somebody who does, and the database sees to that."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.kit.schema import db
from tests.accounts.hosts import add_host, host_of, words_of
from tests.cast import Cast
from tests.deeds import everything
from tests.events.test_editing import colleague

LIVING = (
    "SELECT user_id FROM participants WHERE event_id = :id AND role = 'organizer' AND deleted_at IS NULL ORDER BY id"
)
REMOVE = "UPDATE participants SET deleted_at = created_at WHERE user_id = :user"


def path(cast: Cast, rest: str = "") -> str:
    return f"/host/events/{cast.event_id}/organizers{rest}"


def organizers(cast: Cast) -> list[int]:
    return [row.user_id for row in cast.rows(LIVING, id=cast.event_id)]


def user(cast: Cast, email: str) -> int:
    return cast.count("SELECT id FROM users WHERE email = :email", email=email)


def test_a_member_of_the_organization_joins_and_leaves(cast: Cast) -> None:
    host = host_of(cast)
    colleague(cast)
    sam, noor = user(cast, cast.host_email), user(cast, "noor@example.org")
    assert "Also members of Wharf Road School Noor Haddad" in words_of(host.get(path(cast)).text)
    for _ in range(2):
        assert host.post(path(cast, f"/{noor}/add")).status_code == 303
    assert organizers(cast) == [sam, noor]
    assert "Everybody of Wharf Road School organizes it already." in words_of(host.get(path(cast)).text)
    for _ in range(2):
        assert host.post(path(cast, f"/{noor}/remove")).status_code == 303
    assert organizers(cast) == [sam]
    assert host.post(path(cast, f"/{noor}/add")).status_code == 303, "and may come back"
    rows = cast.rows("SELECT verb, detail FROM activity WHERE verb LIKE 'organizer.%' ORDER BY id")
    assert [row.verb for row in rows] == ["organizer.added", "organizer.removed", "organizer.added"]
    assert "Noor Haddad" in str(rows[0].detail)


def test_the_last_one_stays_and_is_told_kindly(cast: Cast) -> None:
    host = host_of(cast)
    before = everything(cast.app)
    refused = host.post(path(cast, f"/{user(cast, cast.host_email)}/remove"))
    assert refused.status_code == 409
    assert "Sam Host is the last organizer of this event. Add somebody else first." in words_of(refused.text)
    assert everything(cast.app) == before


@pytest.mark.parametrize(
    "change",
    [
        REMOVE,
        "UPDATE participants SET role = 'viewer' WHERE user_id = :user",
        "DELETE FROM participants WHERE user_id = :user",
        "UPDATE participants SET deleted_at = created_at WHERE event_id = (SELECT event_id FROM participants"
        " WHERE user_id = :user)",
    ],
)
def test_no_code_path_takes_the_last_one_away(cast: Cast, change: str) -> None:
    sam = user(cast, cast.host_email)
    with pytest.raises(IntegrityError) as refusal:
        cast.run(change, user=sam)
    with cast.app.app_context():
        assert cast.app.extensions["phrasebook"].name_of(refusal.value) == "event_keeps_an_organizer"
    assert organizers(cast) == [sam]


def test_two_who_remove_each_other_at_once_do_not_both_win(cast: Cast) -> None:
    host = host_of(cast)
    colleague(cast)
    sam, noor = user(cast, cast.host_email), user(cast, "noor@example.org")
    host.post(path(cast, f"/{noor}/add"))
    told: list[str] = []
    ready = threading.Barrier(2)

    def remove(who: int) -> None:
        with cast.app.app_context():
            try:
                with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
                    if connection.dialect.name == "postgresql":
                        ready.wait()
                    connection.execute(text(REMOVE), {"user": who})
                told.append("removed")
            except IntegrityError:
                told.append("refused")

    threads = [threading.Thread(target=remove, args=(who,)) for who in (sam, noor)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["refused", "removed"]
    assert len(organizers(cast)) == 1


def test_somebody_of_another_organization_cannot_be_added(cast: Cast) -> None:
    stranger = add_host(cast.app, "stranger@example.org", organization="Riverside Hall")
    host = host_of(cast)
    before = everything(cast.app)
    for number in (stranger, 0, 999_999):
        for verb in ("add", "remove"):
            assert host.post(path(cast, f"/{number}/{verb}")).status_code == 404
    assert everything(cast.app) == before

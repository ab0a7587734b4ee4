"""What an action announces: heard by every process once it stands, and by nobody if it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import psycopg
import pytest
from flask import Flask

from portal import create_app
from portal.audit.actions import record
from portal.kit import clock, live
from portal.kit.conflicts import Conflict
from portal.kit.database import action
from portal.kit.live.ears import Ears
from portal.kit.schema import db
from tests.cast import Cast, make_cast
from tests.conftest import Database, settings_for
from tests.kit.lab import A_RULE
from tests.patience import wait_for
from tests.races.crowd import Crowd
from tests.races.errands import Wish, take


@dataclass
class Hearer:
    """A process that listens, and what it has heard."""

    app: Flask
    cast: Cast
    said: list[tuple[int | None, str]] = field(default_factory=list)

    def version(self, event_id: int | None = None) -> int | None:
        """The number of the event, or of another one."""
        with self.app.app_context():
            return live.version(event_id or self.cast.event_id)

    def listening(self) -> int:
        """The number of the event, from when on nothing of it is missed."""
        return wait_for(self.version)

    def hears(self, event_id: int, topic: str) -> None:
        """Wait until this is heard."""
        wait_for(lambda: (event_id, topic) in self.said)


@action
def tell(cast: Cast, *verbs: str, then: Callable[[], None] = lambda: None) -> None:
    """Leave an entry for each of these verbs, then something else."""
    organization_id = cast.count("SELECT organization_id FROM events WHERE id = :id", id=cast.event_id)
    for verb in verbs:
        record(
            verb, organization_id=organization_id, event_id=cast.event_id, actor="system", subject="seat:1",
            now=clock.now(),
        )  # fmt: skip
    then()


@pytest.fixture
def hearer(database: Database) -> Iterator[Hearer]:
    """A listening process over an event; it hears from its first question on."""
    app = create_app({**settings_for(database.url), "LIVE": True})
    hearer = Hearer(app, make_cast(app))
    ears: Ears = app.extensions["live"]
    ears.want(lambda event_id, topic: hearer.said.append((event_id, topic)))
    yield hearer
    ears.close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Crowd]:
    """Another process."""
    crowd = Crowd(1)
    yield crowd
    crowd.close()


def test_what_changes_in_this_process_is_known_before_the_answer_is_written(hearer: Hearer) -> None:
    before = hearer.listening()
    with hearer.app.app_context():
        tell(hearer.cast, "seat.taken")
        assert (live.version(hearer.cast.event_id) or 0) > before


def test_a_transaction_counts_once_and_each_topic_is_told_once(hearer: Hearer, cast_elsewhere: Cast) -> None:
    before, event = hearer.listening(), hearer.cast.event_id
    with hearer.app.app_context():
        tell(hearer.cast, "seat.taken", "seat.moved", "tables.added")
        assert live.version(event) == before + 1
    with cast_elsewhere.app.app_context():
        tell(hearer.cast, "member.updated")  # comes in after everything that went before
    hearer.hears(event, "members")
    assert hearer.version() == before + 2
    assert hearer.said[0] == (None, "")
    assert sorted(topic for _event, topic in hearer.said[1:]) == ["members", "seats", "tables"]


def test_a_draft_is_told_and_makes_nothing_old_that_guests_see(hearer: Hearer) -> None:
    before, event = hearer.listening(), hearer.cast.event_id
    with hearer.app.app_context():
        tell(hearer.cast, "draft.moved")
        hearer.hears(event, "drafts")
        assert live.version(event) == before
        tell(hearer.cast, "draft.moved", "room.published")
        assert live.version(event) == before + 1


def test_what_is_rolled_back_is_never_heard(hearer: Hearer) -> None:
    def refuse() -> None:
        raise A_RULE.conflict()

    before = hearer.listening()
    with hearer.app.app_context():
        with pytest.raises(Conflict):
            tell(hearer.cast, "seat.taken", then=refuse)
        assert live.version(hearer.cast.event_id) == before
        tell(hearer.cast, "member.updated")
    hearer.hears(hearer.cast.event_id, "members")
    assert (hearer.cast.event_id, "seats") not in hearer.said


def test_another_event_does_not_grow_old(hearer: Hearer) -> None:
    before = hearer.listening()
    other = make_cast(hearer.app, slug="another-evening")
    assert hearer.version() == before
    assert (hearer.version(other.event_id) or 0) > 0


def test_what_another_process_does_is_heard(hearer: Hearer, database: Database, elsewhere: Crowd) -> None:
    """The action of the product itself, from its own process with its own pool."""
    before = hearer.listening()
    family = hearer.cast.okafor
    refused = elsewhere.rush(database.url, take, [Wish(family.code, family.members[0], (hearer.cast.seat(1, 5),))])
    assert refused[0].said == "ck_guest_assignments_member_accepted"
    assert hearer.version() == before, "a refusal changes nothing"
    answered = elsewhere.rush(database.url, accept_all, [family.code])
    assert answered[0].said == str(family.members)
    hearer.hears(hearer.cast.event_id, "invitations")
    assert (hearer.version() or 0) == before + 1


def accept_all(code: str) -> Callable[[], object]:
    """A household says yes."""
    from portal.invitations.actions.answers import answer
    from portal.invitations.models import Rsvp
    from tests.races.errands import viewer

    seen = viewer(code)
    return lambda: answer(seen, {member.id: Rsvp.ACCEPTED for member in seen.members}, now=clock.now())


def test_a_process_that_may_not_listen_says_so_and_is_heard_all_the_same(hearer: Hearer, cast_elsewhere: Cast) -> None:
    hearer.listening()
    with cast_elsewhere.app.app_context():
        assert live.version(hearer.cast.event_id) is None
        tell(hearer.cast, "seat.taken")
        assert live.version(hearer.cast.event_id) is None
    hearer.hears(hearer.cast.event_id, "seats")


@pytest.fixture
def cast_elsewhere(database: Database, hearer: Hearer) -> Cast:
    """The same event as the plain application of the tests has it."""
    return Cast(database.app, hearer.cast.event_id, hearer.cast.families, hearer.cast.seats, "", "")


def test_nothing_is_announced_outside_an_action(hearer: Hearer) -> None:
    with hearer.app.app_context(), pytest.raises(RuntimeError, match="outside an action"):
        live.announce(hearer.cast.event_id, "seats")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_listener_that_is_cut_off_keeps_nothing_and_comes_back(hearer: Hearer, database: Database) -> None:
    before = hearer.listening()
    with hearer.app.app_context():
        db.engine.dispose()
    with psycopg.connect(database.url, autocommit=True) as other:
        ended = other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        ).fetchall()
    assert ended == [(True,)]
    wait_for(lambda: (hearer.version() or 0) > before)
    assert hearer.said.count((None, "")) == 2, "whatever was missed in between counts as changed"
    with hearer.app.app_context():
        tell(hearer.cast, "seat.taken")
    hearer.hears(hearer.cast.event_id, "seats")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("words", ["7 seats", "seats", "", "0.1.2 seven:seats", "0.1.2 7:"])
def test_words_that_are_not_understood_may_mean_anything(hearer: Hearer, database: Database, words: str) -> None:
    before = hearer.listening()
    with psycopg.connect(database.url, autocommit=True) as other:
        other.execute("SELECT pg_notify('placecard', %s)", (words,))
    assert wait_for(lambda: found if (found := hearer.version()) != before else None) == before + 1
    with hearer.app.app_context():
        tell(hearer.cast, "seat.taken")
    hearer.hears(hearer.cast.event_id, "seats")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_file_that_cannot_be_read_keeps_nothing(hearer: Hearer) -> None:
    hearer.listening()
    hearer.cast.run("ALTER TABLE activity RENAME TO activity_for_a_while")
    hearer.cast.run("UPDATE events SET title = title")
    wait_for(lambda: hearer.version() is None)
    hearer.cast.run("ALTER TABLE activity_for_a_while RENAME TO activity")
    assert hearer.listening() > 0


@pytest.mark.parametrize(
    ("verb", "topic"), [("seat.taken", "seats"), ("tables.added", "tables"), ("invitation.answered", "invitations")]
)
def test_a_topic_is_the_plural_of_what_a_verb_is_about(verb: str, topic: str) -> None:
    assert live.topic_of(verb) == topic

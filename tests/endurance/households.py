"""Households at their phones: each wishes one thing after another, and asks for it until it is told yes or no."""

from __future__ import annotations

import http.client
import random
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import select

from portal.audit.models import Activity
from portal.kit.schema import db
from tests.cast import Cast, Family
from tests.patience import PATIENCE, wait_for
from tests.races.conftest import Venue
from tests.races.room import check, regular_seats, said_by
from tests.races.server import Answer, Phone

PAUSE = 0.05
"""Seconds before a household that was told to wait asks again."""

CUT_OFF = (http.client.HTTPException, OSError)
"""What a phone sees when there is nobody at the other end any more."""

Standing = tuple[str, int | None]
"""An answer and a seat."""

Wish = tuple[str, dict[str, object], Standing]
"""Where to ask for it, with what, and how it will be then."""


@dataclass(frozen=True)
class Trouble:
    """A request that was not answered with yes or no: its status, 0 if the connection broke, and when that was."""

    status: int
    at: float
    retry_after: str = ""


@dataclass
class Household:
    """One family: what it believes to have, because it was told so, and what it went through."""

    phone: Phone
    family: Family
    seats: Sequence[int]
    standing: dict[int, Standing] = field(default_factory=dict)
    told: Counter[int] = field(default_factory=Counter)
    trouble: list[Trouble] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    pauses: tuple[float, float] = (0.0, 0.0)

    @property
    def granted(self) -> int:
        """How many wishes came true, as far as they were told."""
        return self.told[200] + self.told[303]

    @property
    def longest_wait(self) -> float:
        """The seconds it waited for an answer at most."""
        return max(self.waits)

    def live(self, is_over: threading.Event) -> None:
        """Wish, look at the page, and wish again."""
        while not is_over.is_set():
            member = random.choice(self.family.members)
            self._wish(member, *self._next(*self.standing.get(member, ("pending", None))))
            assert self._insist(partial(self.phone.get, self.family.path())).status == 200
            is_over.wait(random.uniform(*self.pauses))

    def _next(self, rsvp: str, seat: int | None) -> Wish:
        """Something that is not so yet."""
        if rsvp != "accepted":
            return "/rsvp", {"status": "accepted"}, ("accepted", None)
        chair = random.choice([each for each in self.seats if each != seat])
        pick: Wish = "/seat", {"seat_id": chair}, ("accepted", chair)
        back: Wish = "/seat/release", {}, ("accepted", None)
        away: Wish = "/rsvp", {"status": "declined"}, ("declined", None)
        return pick if seat is None else random.choice([pick, back, away])

    def _wish(self, member: int, path: str, fields: dict[str, object], standing: Standing) -> None:
        """Ask with one operation id, as a form does that is sent again."""
        fields = {**fields, "operation_id": secrets.token_urlsafe(9)}
        answer = self._insist(partial(self.phone.post, self.family.path(f"/members/{member}{path}"), None, **fields))
        self.told[answer.status] += 1
        if answer.status in {200, 303}:
            self.standing[member] = standing

    def _insist(self, ask: Callable[[], Answer]) -> Answer:
        """Ask until there is an answer that says yes or no."""
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            answer = self._ask(ask)
            if answer is not None and answer.status < 500:
                return answer
            time.sleep(PAUSE)
        raise TimeoutError(f"{self.family.path()} was never answered")

    def _ask(self, ask: Callable[[], Answer]) -> Answer | None:
        asked = time.monotonic()
        try:
            answer = ask()
        except CUT_OFF:
            self.phone.close()
            self.trouble.append(Trouble(0, time.monotonic()))
            return None
        finally:
            self.waits.append(time.monotonic() - asked)
        if answer.status >= 500:
            self.trouble.append(Trouble(answer.status, time.monotonic(), answer.retry_after))
        return answer


@contextmanager
def at_home(
    venue: Venue, cast: Cast, *, number: int | None = None, pauses: tuple[float, float] = (0.0, 0.0)
) -> Iterator[list[Household]]:
    """Every household, or so many, live until the block ends; then each has the answer to its last wish."""
    seats = regular_seats(cast)
    households = [
        Household(venue.phone(htmx=place % 2 == 0), family, seats, pauses=pauses)
        for place, family in enumerate(cast.families[:number])
    ]
    for household in households:
        assert household.phone.get(household.family.path()).status == 200
    is_over = threading.Event()
    threads = [threading.Thread(target=household.live, args=(is_over,), daemon=True) for household in households]
    for thread in threads:
        thread.start()
    try:
        yield households
    finally:
        is_over.set()
        for thread in threads:
            thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "nobody hangs"


def wait_until_all_are_told_yes(households: Sequence[Household]) -> None:
    """Each of them has another wish come true from now on."""
    before = [household.granted for household in households]
    wait_for(
        lambda: all(each.granted > was for each, was in zip(households, before, strict=True)),
        "somebody is not answered any more",
    )


def trouble_of(households: Sequence[Household]) -> list[Trouble]:
    """What all of them went through."""
    return [each for household in households for each in household.trouble]


def check_kept(cast: Cast, households: Sequence[Household]) -> None:
    """Whatever was answered with yes stands, and nothing stands without its entry in the log, or with two."""
    for household in households:
        assert set(household.told) <= {200, 303, 409}, household.told
        assert said_by(cast, household.family) == household.granted, "one entry for one wish that came true"
    believed = {member: standing for household in households for member, standing in household.standing.items()}
    assert _standing(cast) == believed, "what they were told is what stands"
    assert _told_by_the_log(cast) == believed, "what the log tells is what stands"
    check(cast)


def _standing(cast: Cast) -> dict[int, Standing]:
    rows = cast.rows(
        "SELECT m.id, m.rsvp, c.seat_id FROM invitation_guests m"
        " LEFT JOIN guest_assignments a ON a.member_id = m.id LEFT JOIN seat_claims c ON c.assignment_id = a.id"
        " WHERE m.event_id = :event AND m.rsvp <> 'pending'",
        event=cast.event_id,
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _told_by_the_log(cast: Cast) -> dict[int, Standing]:
    """The log read from its beginning, as if nothing else were there."""
    names = {
        (family.id, name): member
        for family in cast.families
        for name, member in zip(family.names, family.members, strict=True)
    }
    standing: dict[int, Standing] = {}
    with cast.app.app_context(), db.engine.connect() as connection:
        log = select(Activity.verb, Activity.actor, Activity.detail).where(
            Activity.event_id == cast.event_id, Activity.actor.startswith("guest:")
        )
        for verb, actor, detail in connection.execute(log.order_by(Activity.id)).all():
            family = int(actor.removeprefix("guest:"))
            for rsvp in ("accepted", "declined"):
                for name in detail.get(rsvp, []):
                    standing[names[family, name]] = (rsvp, None)
            for claim in detail.get("seats", []):
                seat = None if verb == "seat.released" else cast.seat(claim["table"], claim["seat"])
                standing[claim["member"]] = ("accepted", seat)
    return standing

"""Whose turn it is when a place is freed: values in, answer out.

Nothing has to run when an offer runs out. The line *as it stands* at a moment
follows from the line as it was written down, so whoever looks at it and
whoever changes it see the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Waiter:
    """A household on the waiting list.

    Attributes:
        invitation_id: which one.
        name: as the hosts call it.
        people: the members who have no answer yet: those who wait.
        wants: the least number of places that helps them; None: all of them or nobody.
        offered: the places of their last offer.
        offered_until: when it ran out or will run out.
    """

    invitation_id: int
    name: str
    people: int
    wants: int | None
    offered: int | None
    offered_until: datetime | None

    @property
    def least(self) -> int:
        """The fewest places that are worth offering to them."""
        return self.people if self.wants is None else min(self.wants, self.people)

    def kept(self, now: datetime) -> int:
        """The places kept for them; at the moment an offer runs out they are kept no longer."""
        if self.offered is None or self.offered_until is None or now >= self.offered_until:
            return 0
        return min(self.offered, self.people)


@dataclass(frozen=True)
class Line:
    """The places that nobody has taken, and who waits for them in the order of arrival.

    Attributes:
        room: capacity less those who come; what is kept for somebody is part of it.
        lasts: how long an offer stands.
        ends: when answers close; no offer goes beyond.
        waiters: the waiting list.
    """

    room: int
    lasts: timedelta
    ends: datetime
    waiters: tuple[Waiter, ...] = ()

    def find(self, invitation_id: int) -> Waiter | None:
        """A household's entry."""
        return next((waiter for waiter in self.waiters if waiter.invitation_id == invitation_id), None)

    def get(self, invitation_id: int) -> Waiter:
        """The entry of a household that is in the line.

        Raises:
            LookupError: it is not.
        """
        if (waiter := self.find(invitation_id)) is None:
            raise LookupError(f"invitation {invitation_id} is not on the waiting list")
        return waiter

    def free(self, now: datetime, *, to: int | None = None) -> int:
        """The places that are kept for nobody; with ``to``, those that this household may take."""
        return self.room - sum(waiter.kept(now) for waiter in self.waiters if waiter.invitation_id != to)

    def put(self, invitation_id: int, waiter: Waiter | None) -> Line:
        """The line with a household's entry changed, or taken away."""
        kept = [waiter if each.invitation_id == invitation_id else each for each in self.waiters]
        return replace(self, waiters=tuple(each for each in kept if each is not None))


def as_it_stands(line: Line, now: datetime) -> Line:
    """The line at ``now``: what ran out has gone to the next, from the very moment it ran out.

    Only those who have not had an offer are asked in this way. When nobody of
    them is left, the places are there for whoever says yes first.
    """
    moment = None
    while ends := [
        waiter.offered_until
        for waiter in line.waiters
        if waiter.offered_until and waiter.offered_until <= now and (moment is None or waiter.offered_until > moment)
    ]:
        moment = min(ends)
        line = offer(line, moment)
    return line


def offer(line: Line, now: datetime, *, first: Sequence[int] = (), again: bool = False) -> Line:
    """Offer what is free to whoever is next; those who want more than is free are skipped.

    Args:
        line: as it stands at ``now``.
        now: from when on; an offer stands for ``line.lasts``, but never beyond ``line.ends``.
        first: the ids of invitations that go before all others, the most important first.
        again: whether those who let an offer run out before are asked too, after all others.
    """
    if now >= line.ends:
        return line
    free = line.free(now)
    until = min(now + line.lasts, line.ends)
    for waiter in _in_turn(line.waiters, now, first, again=again):
        if waiter.least <= free:
            offered = min(waiter.people, free)
            line = line.put(waiter.invitation_id, replace(waiter, offered=offered, offered_until=until))
            free -= offered
    return line


def _in_turn(waiters: Collection[Waiter], now: datetime, first: Sequence[int], *, again: bool) -> list[Waiter]:
    """Those who may be offered something, whose turn is next at the front."""

    def rank(waiter: Waiter) -> int:
        return first.index(waiter.invitation_id) if waiter.invitation_id in first else len(first)

    fresh = [waiter for waiter in waiters if waiter.people and waiter.offered_until is None]
    had = [waiter for waiter in waiters if waiter.people and waiter.offered_until and waiter.offered_until < now]
    had.sort(key=lambda waiter: waiter.offered_until or now)
    return sorted(fresh, key=rank) + (sorted(had, key=rank) if again else [])


def after_answer(waiter: Waiter, came: int, now: datetime) -> Waiter | None:
    """A household's entry after some of them answered; None when nobody of them waits any more.

    What they took is no longer kept for them, nor what somebody gave up who said
    no. Whoever still waits after the whole offer was taken is as if never
    asked: they took what there was.
    """
    if not waiter.people:
        return None
    waiter = replace(waiter, wants=waiter.wants and max(1, waiter.wants - came))
    if waiter.offered and waiter.offered_until and now < waiter.offered_until:
        left = min(waiter.offered - came, waiter.people)
        waiter = replace(waiter, offered=left) if left > 0 else _never_asked(waiter)
    return without_useless_offer(waiter, now)


def without_useless_offer(waiter: Waiter, now: datetime) -> Waiter:
    """A household's entry without an offer of fewer places than help them by now; those go on to others."""
    return _never_asked(waiter) if 0 < waiter.kept(now) < waiter.least else waiter


def _never_asked(waiter: Waiter) -> Waiter:
    return replace(waiter, offered=None, offered_until=None)


@dataclass(frozen=True)
class Standing:
    """How a household stands where there are too few places for it.

    Attributes:
        people: the members who would like to come and have no place.
        room: the places they may take now.
        waits: whether they are on the waiting list.
        wants: the least number of places that helps them; None: all of them or nobody.
        kept_until: until when the places in ``room`` are kept for them; None when they are anybody's.
    """

    people: int
    room: int
    waits: bool
    wants: int | None
    kept_until: datetime | None

    @property
    def fits(self) -> bool:
        """Whether all of them can say yes."""
        return self.room >= self.people

    @property
    def is_asked(self) -> bool:
        """Whether there are places that help them."""
        return self.waits and self.room >= (self.people if self.wants is None else min(self.wants, self.people))


def standing(line: Line, invitation_id: int, people: int, now: datetime) -> Standing | None:
    """How a household of which ``people`` have no place stands; None when there is room for all who wait for nothing.

    Args:
        line: as it was written down.
        invitation_id: whose page it is.
        people: how many of them would like to come.
        now: when.
    """
    line = as_it_stands(line, now)
    room = max(0, line.free(now, to=invitation_id))
    waiter = line.find(invitation_id)
    if not people or (waiter is None and room >= people):
        return None
    if waiter is None:
        return Standing(people, room, waits=False, wants=None, kept_until=None)
    kept = waiter.kept(now)
    return Standing(people, min(room, people), True, waiter.wants, waiter.offered_until if kept else None)

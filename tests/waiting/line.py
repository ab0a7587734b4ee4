"""What must hold of the places of an event and of its waiting list at every moment."""

from __future__ import annotations

from datetime import datetime

from portal.invitations.queries import find_invitation, viewer_of
from portal.waiting.queries import get_line
from portal.waiting.rules import Line, as_it_stands
from tests.cast import Cast


def line_at(cast: Cast, now: datetime) -> Line:
    """The line as everybody sees it at this moment."""
    code = cast.families[0].code
    with cast.app.app_context():
        return as_it_stands(get_line(viewer_of(find_invitation(code), code, now)[0].event), now)


def coming(cast: Cast) -> int:
    """How many come: the count that the database keeps and the answers agree."""
    kept = cast.count("SELECT coming FROM events WHERE id = :event", event=cast.event_id)
    answers = "SELECT count(*) FROM invitation_guests WHERE rsvp = 'accepted' AND event_id = :event"
    assert kept == cast.count(answers, event=cast.event_id), "the count is that of the answers"
    return kept


def check_line(cast: Cast, now: datetime) -> None:
    """Nobody has a place that is not there, or that is kept for somebody else; nobody waits for nothing."""
    capacity = cast.count("SELECT capacity FROM events WHERE id = :event", event=cast.event_id)
    line = line_at(cast, now)
    kept = sum(waiter.kept(now) for waiter in line.waiters)
    assert coming(cast) + kept <= capacity, "who comes and what is kept have room together"
    for waiter in line.waiters:
        assert waiter.people, "whoever waits has somebody who waits"
        assert waiter.kept(now) == 0 or waiter.kept(now) >= min(waiter.wants or 1, waiter.people)
        if waiter.offered_until is None and now < line.ends:
            assert line.free(now) < waiter.least, "whoever fits has been asked"

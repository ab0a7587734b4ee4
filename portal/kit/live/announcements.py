"""What an action says about itself: at which event, and what kind of thing has changed."""

from __future__ import annotations

from portal.kit.schema import db

Announced = frozenset[tuple[int, str]]
"""Events and topics, each pair once."""

ANNOUNCED = "announced"


def announce(event_id: int, topic: str) -> None:
    """Tell everybody that something changed, if and only if the running action goes through.

    Args:
        event_id: where.
        topic: what kind of thing, as a plural noun: ``seats``, ``invitations``.

    Raises:
        RuntimeError: no action is running.
    """
    pending: set[tuple[int, str]] | None = db.session.info.get(ANNOUNCED)
    if pending is None:
        raise RuntimeError("an announcement outside an action")
    pending.add((event_id, topic))


def topic_of(verb: str) -> str:
    """The topic of an entry in the log: ``seat.taken`` is about ``seats``."""
    subject = verb.partition(".")[0]
    return subject if subject.endswith("s") else f"{subject}s"

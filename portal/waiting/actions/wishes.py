"""What a household does about the waiting list: join it, change its mind, leave it, pass an offer on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import insert

from portal.invitations.actions.answers import answer, deadline_words, mark_opened
from portal.invitations.models import Rsvp
from portal.invitations.queries import is_revoked, refreshed
from portal.invitations.rules import LINK_REVOKED, Viewer, why_not_answer
from portal.kit.database import action
from portal.kit.schema import db
from portal.waiting.actions.line import lock_line, move_up, record_waiting
from portal.waiting.models import Waiting
from portal.waiting.queries import get_line
from portal.waiting.rules import without_useless_offer


@action
def join_waiting_list(viewer: Viewer, wants: int | None, *, asking: Collection[int] = (), now: datetime) -> None:
    """Wait for places, or change for how many; their place in the line stays. What is free goes to them at once.

    Asking for what they wait for already changes nothing and leaves no entry; so
    does a household of which everybody has answered, or one that nothing keeps from saying yes.

    Args:
        viewer: whoever holds the link.
        wants: the least number of places that helps them; None: all of them or nobody.
        asking: the ids of members who had said no and would come after all: they wait too.
        now: when.

    Raises:
        Conflict: replies have closed; the link was withdrawn.
    """
    if (closed := why_not_answer(viewer, now)) is not None:
        raise closed.conflict(when=deadline_words(viewer.event))
    before = lock_line(viewer.event, now)
    if before is not None and is_revoked(viewer.invitation_id):
        raise LINK_REVOKED.conflict()
    viewer = refreshed(viewer, now)  # another phone of the family may have answered a moment before
    declined = [member.id for member in viewer.members if member.id in asking and member.rsvp == Rsvp.DECLINED]
    if before is None or not (declined or any(member.rsvp == Rsvp.PENDING for member in viewer.members)):
        return
    if declined:
        answer(viewer, dict.fromkeys(declined, Rsvp.PENDING), now=now)
    known = before.find(viewer.invitation_id)
    if known is None:
        theirs = {"event_id": viewer.event.id, "invitation_id": viewer.invitation_id, "wants": wants}
        db.session.execute(insert(Waiting).values(theirs))
    line = get_line(viewer.event)
    own = line.get(viewer.invitation_id)
    if known is None or known.wants != wants:
        verb = "waiting.changed" if known else "waiting.joined"
        record_waiting(viewer.event, own, verb, viewer.actor, now, people=own.people, wants=wants)
        if not viewer.host:
            mark_opened(viewer, now)
    wish = without_useless_offer(replace(own, wants=wants), now)
    move_up(viewer.event, before, line, line.put(own.invitation_id, wish), now=now)


@action
def leave_waiting_list(viewer: Viewer, *, now: datetime) -> None:
    """Wait no longer; what was kept for them goes on. Who does not wait changes nothing."""
    line = lock_line(viewer.event, now)
    own = line and line.find(viewer.invitation_id)
    if not line or not own:
        return
    record_waiting(viewer.event, own, "waiting.left", viewer.actor, now)
    move_up(viewer.event, line, line, line.put(own.invitation_id, None), now=now)


@action
def pass_offer_on(viewer: Viewer, *, now: datetime) -> None:
    """Let somebody else have what is kept for them, and go on waiting; without an offer nothing happens."""
    line = lock_line(viewer.event, now)
    own = line and line.find(viewer.invitation_id)
    if not line or not own or not own.kept(now):
        return
    record_waiting(viewer.event, own, "waiting.passed", viewer.actor, now, places=own.kept(now))
    move_up(viewer.event, line, line, line.put(own.invitation_id, replace(own, offered_until=now)), now=now)

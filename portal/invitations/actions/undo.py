"""Taking back what was just done, as far as the world still allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from portal.invitations.actions.answers import answer
from portal.invitations.models import Rsvp
from portal.invitations.queries import members_of
from portal.invitations.rules import Viewer
from portal.kit.conflicts import Conflict
from portal.kit.database import action
from portal.seating.actions.claims import release_seat, take_seat
from portal.seating.queries.seats import SeatNotFound

Before = Mapping[int, tuple[str, int | None]]
"""What stood before, by member id: the answer and the id of the seat taken."""


def as_it_stands(viewer: Viewer) -> dict[int, tuple[str, int | None]]:
    """What an undo would have to bring back."""
    return {member.id: (str(member.rsvp), member.taken.id if member.taken else None) for member in viewer.members}


@action
def restore(viewer: Viewer, before: Before, *, now: datetime) -> list[str]:
    """Bring back the answers, and the seats that are still free.

    Returns:
        The first names of members whose seat somebody else has meanwhile.

    Raises:
        Conflict: replies have closed.
    """
    known = {member.id for member in viewer.members}
    answer(viewer, {member: Rsvp(rsvp) for member, (rsvp, _) in before.items() if member in known}, now=now)
    members, _language = members_of(viewer.invitation_id, now)
    viewer = replace(viewer, members=members)
    lost = []
    for member in viewer.accepted:
        seat_id = before.get(member.id, ("", None))[1]
        if seat_id == (member.taken.id if member.taken else None):
            continue
        try:
            if seat_id is None:
                release_seat(viewer, member, now=now)
            else:
                take_seat(viewer, member, seat_id, now=now)
        except (Conflict, SeatNotFound):
            lost.append(member.name)
    return lost

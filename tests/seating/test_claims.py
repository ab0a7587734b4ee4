from __future__ import annotations

import pytest

from portal.invitations.actions.answers import answer
from portal.invitations.models import Rsvp
from portal.invitations.queries import find_invitation, viewer_of
from portal.invitations.rules import Viewer
from portal.kit import clock
from portal.kit.conflicts import Conflict
from portal.seating.actions.claims import take_seat
from tests.cast import Cast, Family


def viewer(family: Family) -> Viewer:
    row = find_invitation(family.code)
    return viewer_of(row, family.code, clock.now())[0]


def test_the_second_to_want_a_seat_is_told_so(cast: Cast) -> None:
    with cast.app.app_context():
        for family in cast.families:
            answer(viewer(family), dict.fromkeys(family.members, Rsvp.ACCEPTED), now=clock.now())
        first, second = viewer(cast.okafor), viewer(cast.brandt)
        take_seat(first, first.members[0], cast.seat(1, 5), now=clock.now())
        with pytest.raises(Conflict) as refused:
            take_seat(second, second.members[0], cast.seat(1, 5), now=clock.now())
    assert refused.value.rule == "uq_seat_claims_seat_id"
    assert cast.count("SELECT count(*) FROM seat_claims") == 1

"""Everybody who may or may not ask: guests of three invitations, hosts of two organizations, nobody at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from portal.events.actions import create_event
from portal.events.models import Status
from portal.invitations.actions.groups import NewMember, add_invitation
from portal.invitations.queries import token_of
from portal.kit import clock
from tests.accounts.hosts import HostBrowser, add_host, host_of
from tests.cast import Cast, Family, make_cast
from tests.client import Browser
from tests.deeds import bring_list, everybody_comes, families_ask
from tests.invitations.test_details import add_part
from tests.seating.sketch import START


@dataclass(frozen=True)
class World:
    """One event with everybody who is not of it around it."""

    cast: Cast
    elsewhere: Cast
    neighbour: Family
    anonymous: Browser
    host: HostBrowser
    other_host: HostBrowser
    superuser: HostBrowser

    @property
    def visitors(self) -> dict[str, Browser]:
        """Who is signed in, and who is not."""
        return {
            "anonymous": self.anonymous,
            "host": self.host,
            "other host": self.other_host,
            "superuser": self.superuser,
        }


@pytest.fixture
def world(cast: Cast) -> World:
    """Everybody around the event of the tests."""
    return make_world(cast)


def make_world(cast: Cast) -> World:
    """Everybody, all guests coming; but nobody has touched their page yet."""
    elsewhere = make_cast(cast.app, slug="another-evening")
    add_host(cast.app, "root@example.org", superuser=True)
    superuser = HostBrowser(cast.app)
    assert superuser.sign_in("root@example.org").status_code == 303
    for each in (cast, elsewhere):
        everybody_comes(each)
    cast.run("UPDATE invitations SET opened_at = NULL")
    families_ask(cast)
    bring_list(cast)
    add_part(cast, "Dinner")
    return World(
        cast, elsewhere, _neighbour(cast), Browser(cast.app, htmx=False), host_of(cast), host_of(elsewhere), superuser
    )  # fmt: skip


def _neighbour(cast: Cast) -> Family:
    """A family that is invited by the same organization to another event."""
    now = clock.now()
    organization = cast.count("SELECT organization_id FROM events WHERE id = :id", id=cast.event_id)
    owner: dict[str, Any] = {"organization_id": organization, "actor": "system", "now": now}
    with cast.app.app_context():
        event_id = create_event(
            title="Summer Picnic", starts_at=START, ends_at=START.replace(hour=23), time_zone="Europe/London",
            status=Status.PUBLISHED, **owner,
        )  # fmt: skip
        invitation_id = add_invitation(event_id=event_id, name="Park family", members=[NewMember("Jiho Park")], **owner)
        code = cast.rows("SELECT code FROM invitations WHERE id = :id", id=invitation_id)[0][0]
        token = token_of(code)
    member = cast.count("SELECT id FROM invitation_guests WHERE invitation_id = :id", id=invitation_id)
    return Family(invitation_id, token, code, [member], ["Jiho Park"])

"""What somebody typed who does not mean well, in a real browser: no dialog, no report, no request elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect
from sqlalchemy import text, update

from portal.events.models import Event
from portal.invitations.models import Guest, Invitation, InvitationGuest
from portal.kit.schema import db
from portal.seating.models import GuestAssignment, Table
from tests.browser.conftest import Phone, Site
from tests.cast import Cast
from tests.deeds import everybody_comes
from tests.security.strings import HOSTILE

EVERYTHING = " ".join(HOSTILE)


def write(cast: Cast) -> None:
    """Each person and each table has a string of its own, the event has them all."""
    settings = {
        "meals": [words[:80] for words in HOSTILE],
        "contact": EVERYTHING,
        "landmarks": [{"label": words, "x": 4, "y": 6, "width": 90, "height": 40} for words in HOSTILE],
    }
    with cast.app.app_context(), db.engine.begin() as connection:
        mine = Event.id == cast.event_id
        connection.execute(update(Event).where(mine).values(description=EVERYTHING, place=EVERYTHING[:300]))
        connection.execute(update(Event).where(mine).values(settings=settings, title=EVERYTHING[:200], show_names=True))
        connection.execute(update(Invitation).where(Invitation.event_id == cast.event_id).values(name=EVERYTHING[:200]))
        for number, words in enumerate(HOSTILE):
            member = cast.okafor.members[number]
            connection.execute(
                update(InvitationGuest)
                .where(InvitationGuest.id == member)
                .values(meal=words[:80], dietary=words, note=words)
            )
            guest = text("(SELECT guest_id FROM invitation_guests WHERE id = :member)")
            connection.execute(update(Guest).where(Guest.id == guest).values(name=words), {"member": member})
            place = GuestAssignment.member_id == member
            connection.execute(update(GuestAssignment).where(place).values(display_name=words))
            named = (Table.event_id == cast.event_id) & (Table.slug == str(number + 1))
            connection.execute(update(Table).where(named).values(name=words[:76] + str(number), note=words[:120]))


def test_nothing_that_was_typed_is_ever_run(site: Site, phone: Callable[..., Phone]) -> None:
    cast = site.cast("open-house", invitations=2, members=len(HOSTILE), tables=len(HOSTILE), seats=4)
    everybody_comes(cast)
    write(cast)
    ngozi, family = phone(), cast.okafor
    abroad: list[str] = []
    ngozi.page.on("request", lambda asked: None if asked.url.startswith(site.address) else abroad.append(asked.url))
    for path in ("", f"/members/{family.members[0]}", "/pass", "/seats", "/seats?view=plan", "/seats?table=2"):
        ngozi.open(family.path(path))
        expect(ngozi.page.locator("h1")).to_be_visible()
    ngozi.open(family.path("/seats?table=2"))
    ngozi.page.locator("button.seat.free").first.click()
    expect(ngozi.page.locator(".ring .mine")).to_have_count(1)
    ngozi.open(family.path(f"/members/{family.members[1]}"))
    ngozi.page.locator("#note").fill(EVERYTHING[:900])
    ngozi.page.locator("button.save").click()
    expect(ngozi.page.locator("#summary")).to_be_visible()
    cast.run("UPDATE invitations SET revoked_at = created_at WHERE id = :id", id=family.id)
    ngozi.open(family.path())
    expect(ngozi.page.locator("h1")).to_be_visible()
    assert abroad == []
    assert ngozi.complaints == [], "no dialog, no report of the policy, no error"

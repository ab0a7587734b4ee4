"""A family of four, from the link to the door, pressing only what is on the page; with htmx and without."""

from __future__ import annotations

from tests.cast import Cast
from tests.client import Browser
from tests.deeds import entries, plan, rsvps
from tests.journeys.guest import Guest


def test_a_family_answers_sits_down_and_has_its_passes(cast: Cast, browser: Browser) -> None:
    ngozi = Guest(browser, cast.okafor)
    assert "All four of us are coming" in ngozi.page
    ngozi.press("All four of us are coming")
    assert ngozi.reads("thanks").startswith("Lovely. All four of you are coming.")
    ngozi.press("Undo")
    assert rsvps(cast, cast.okafor) == ["pending"] * 4
    ngozi.press("All four of us are coming")
    ngozi.open(cast.okafor.path())
    ngozi.follow("Choose your seats")
    ngozi.press("Seat all four of us here · Table 2")
    assert ngozi.reads("sheet").startswith("You all have seats")
    assert sorted(plan(cast).values()) == ["2-3", "2-4", "2-5", "2-6"]
    ngozi.follow("Done")
    ngozi.follow("Choose meals")
    ngozi.press("Save for Ngozi", meal="Fish", same_for_all="y", needs=["no nuts"], words="Tobi carries a pen")
    ngozi.open(cast.okafor.path())
    assert "Everybody has chosen" in ngozi.page
    ngozi.follow("Door pass")
    assert ngozi.page.count('class="qr"') == 5
    assert ngozi.page.count("Table 2, seat") == 4
    assert entries(cast) == [*["invitation.answered"] * 3, "seat.taken", "member.updated"]


def test_two_families_want_the_same_seat(cast: Cast, browser: Browser) -> None:
    ngozi, lena = Guest(browser, cast.okafor), Guest(Browser(cast.app, htmx=browser.htmx), cast.brandt)
    for guest, family in ((ngozi, cast.okafor), (lena, cast.brandt)):
        guest.press("All four of us are coming")
        guest.open(family.path("/seats?table=1"))
    ngozi.press("Seat 5, free")
    lena.press("Seat 5, free")
    assert lena.status == 409
    assert lena.reads("conflict").startswith("Someone just took seat 5")
    assert "Seat 5, taken" in lena.reads("seat-map")
    lena.press("Take it")
    assert lena.status == 200
    assert plan(cast) == {"Ngozi Okafor": "1-5", "Ngozi Brandt": "1-4"}


def test_a_family_decides_together_and_one_of_them_later_declines(cast: Cast, browser: Browser) -> None:
    ngozi = Guest(browser, cast.okafor)
    for name in ("Ngozi", "Daniel", "Ada"):
        ngozi.press(f"Coming {name} Okafor")
    ngozi.press("Can’t Tobi Okafor")
    assert ngozi.reads("thanks").startswith("Lovely. Three of you are coming.")
    ngozi.open(cast.okafor.path("/seats"))
    ngozi.press("Find us the best seats together")
    assert sorted(plan(cast).values()) == ["1-3", "1-4", "1-5"]
    ngozi.open(cast.okafor.path("/seats"))
    ngozi.press("Move all of us here · Table 2")
    assert sorted(plan(cast).values()) == ["2-3", "2-4", "2-5"]
    ngozi.open(cast.okafor.path())
    ngozi.press("Can’t Daniel Okafor")
    assert plan(cast) == {"Ngozi Okafor": "2-3", "Ada Okafor": "2-5"}
    ngozi.open(cast.okafor.path())
    ngozi.press("Undo")
    assert plan(cast) == {"Ngozi Okafor": "2-3", "Daniel Okafor": "2-4", "Ada Okafor": "2-5"}


def test_where_seats_are_held_they_are_confirmed_at_the_end(cast: Cast, browser: Browser) -> None:
    cast.run("UPDATE events SET hold_seconds = 300")
    ngozi = Guest(browser, cast.okafor)
    ngozi.press("All four of us are coming")
    ngozi.open(cast.okafor.path("/seats?table=1"))
    ngozi.press("Seat 5, free")
    ngozi.press("Seat 6, free")
    assert plan(cast) == {}
    ngozi.press("Confirm seats 5 and 6 for Ngozi and Daniel")
    assert plan(cast) == {"Ngozi Okafor": "1-5", "Daniel Okafor": "1-6"}


def test_the_code_on_a_card_leads_to_the_same_page(cast: Cast, plain: Browser) -> None:
    guest = Guest(plain, cast.okafor)
    guest.open("/")
    guest.press("Open my invitation", code="wrong")
    assert "That code does not open anything" in guest.page
    guest.press("Open my invitation", code=cast.okafor.code.lower())
    assert "All four of us are coming" in guest.page


def test_the_page_is_spoken_in_spanish_after_one_tap(cast: Cast, browser: Browser) -> None:
    guest = Guest(browser, cast.okafor)
    guest.press("Español")
    guest.open(cast.okafor.path())
    assert '<html lang="es">' in guest.page
    assert "Vamos los cuatro" in guest.page
    guest.press("English")
    guest.open(cast.okafor.path())
    assert "All four of us are coming" in guest.page

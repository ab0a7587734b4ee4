"""Paper as Chromium prints it: as many pages as there should be, nothing cut, nothing beyond its card."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from portal.invitations.models import Guest, InvitationGuest, Rsvp
from portal.kit.schema import db
from tests.browser.conftest import Phone, Site
from tests.browser.test_axe import violations
from tests.cast import Cast
from tests.events.evening import address, all_say, sit, tell
from tests.invitations.test_details import add_part
from tests.security.strings import HOSTILE

NAMES = [
    "Ng", "José María Ñúñez de la Peña", "李小龙", "שרה לוי", "محمد عبد الله", "W" * 200, "ﷺ" * 100,
    "Maximiliane-Charlotte von und zu Hohenlohe-Waldenburg-Schillingsfürst", "İpek Şahin", "Ολυμπία Παππά",
    *HOSTILE,
]  # fmt: skip
CARDS = {"cards": 6, "badges": 10, "invitations": 8, "tables": 1}
LISTS = ("finder", "seating", "kitchen", "door", "sessions")
A4, LETTER = (595, 842), (612, 792)

BEYOND = """() => [...document.querySelectorAll(".leaf, .card, .half, .name, .numeral, .paper td, .paper th")]
  .filter((box) => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1)
  .map((box) => `${box.className || box.tagName}: ${box.innerText.slice(0, 40)}`)"""


@pytest.fixture(scope="module")
def evening(sites: Callable[[str], Site]) -> Cast:
    """Forty-eight who come, most of them seated, of names long and short, right to left and worse; twelve tables."""
    cast = sites("sqlite").cast("on-paper", invitations=13, tables=12, seats=10)
    add_part(cast, "Dinner")
    for family in cast.families[:12]:
        all_say(cast, family, Rsvp.ACCEPTED)
    members = [member for family in cast.families[:12] for member in family.members]
    for number, family in enumerate(cast.families[:11]):
        for place in range(4):
            sit(cast, family, place, cast.seat(1 + number, 4 + place))
            tell(cast, family, place, meal=["Chicken", "Fish", None][place % 3], dietary="no nuts; severe")
    with cast.app.app_context(), db.engine.begin() as connection:
        for member, name in zip(members, NAMES, strict=False):
            guest = select(InvitationGuest.guest_id).where(InvitationGuest.id == member).scalar_subquery()
            connection.execute(update(Guest).where(Guest.id == guest).values(name=name))
    return cast


def desk(phone: Callable[..., Phone], cast: Cast) -> Phone:
    host = phone(width=1280, height=800)
    host.sign_in(cast.host_email)
    return host


def printed(host: Phone) -> tuple[int, set[tuple[int, int]]]:
    """How many pages come out of the printer, and their sizes in points."""
    host.rest()
    paper = host.page.pdf(prefer_css_page_size=True)
    sizes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", paper)
    return len(re.findall(rb"/Type\s*/Page\b", paper)), {(round(float(w)), round(float(h))) for w, h in sizes}


@pytest.mark.parametrize(("paper", "size"), [("a4", A4), ("letter", LETTER)])
def test_every_sheet_has_the_pages_it_should(
    evening: Cast, phone: Callable[..., Phone], paper: str, size: tuple[int, int]
) -> None:
    host = desk(phone, evening)
    things = {"cards": 48, "badges": 48, "invitations": 13, "tables": 12}
    for sheet, on_a_page in CARDS.items():
        host.open(address(evening, f"/print/{sheet}?paper={paper}&marks=y"))
        assert printed(host) == (-(-things[sheet] // on_a_page), {size}), sheet
        assert host.page.evaluate(BEYOND) == [], sheet
    for sheet in LISTS:
        host.open(address(evening, f"/print/{sheet}?paper={paper}&meals=y"))
        pages, sizes = printed(host)
        assert (sizes, 1 <= pages <= 5) == ({size}, True), (sheet, pages)
        assert host.page.evaluate(BEYOND) == [], sheet


def test_what_meals_mean_stands_on_a_page_of_its_own(evening: Cast, phone: Callable[..., Phone]) -> None:
    host = desk(phone, evening)
    host.open(address(evening, "/print/cards?meals=y"))
    assert printed(host)[0] == 9
    assert host.page.locator(".legend").inner_text().split() == ["C", "Chicken", "V", "Vegetarian", "F", "Fish"]


def test_a_long_list_goes_on_with_its_headings(sites: Callable[[str], Site], phone: Callable[..., Phone]) -> None:
    """Two hundred lines on the door list: no line is cut in two, and each page begins with the headings."""
    cast = sites("sqlite").cast("long-door-list", invitations=50, tables=2)
    for family in cast.families:
        all_say(cast, family, Rsvp.ACCEPTED)
    host = desk(phone, cast)
    host.open(address(cast, "/print/door"))
    assert 5 <= printed(host)[0] <= 8
    host.page.emulate_media(media="print")
    styles = host.measure(
        "['thead', 'tbody tr'].map((part) => getComputedStyle(document.querySelector(part)))"
        ".map((style) => [style.display, style.breakInside])"
    )
    assert styles == [["table-header-group", "avoid"], ["table-row", "avoid"]]


def test_no_page_of_printing_leaves_anybody_out(evening: Cast, phone: Callable[..., Phone]) -> None:
    host = desk(phone, evening)
    for path in ("/print", *(f"/print/{sheet}?meals=y" for sheet in (*CARDS, *LISTS))):
        host.open(address(evening, path))
        assert violations(host) == [], path
    host.page.emulate_media(color_scheme="dark")
    for path in ("/print", "/print/kitchen"):
        host.open(address(evening, path))
        assert violations(host) == [], path


def test_a_phone_shows_the_page_without_sideways_scroll(evening: Cast, phone: Callable[..., Phone]) -> None:
    host = desk(phone, evening)
    for width in (390, 360):
        host.page.set_viewport_size({"width": width, "height": 844})
        host.open(address(evening, "/print"))
        assert host.measure("document.documentElement.scrollWidth") <= width

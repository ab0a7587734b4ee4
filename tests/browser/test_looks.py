"""What a page must look like on any phone: no sideways scroll, fingers find their targets, dark and Spanish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Phone, Site
from tests.browser.gallery import TEMPLATES, Gallery
from tests.deeds import everybody_comes

Phones = Callable[..., Phone]

TOO_WIDE = """
() => {
  const wide = document.scrollingElement.scrollWidth - document.documentElement.clientWidth;
  if (wide <= 0) return [];
  const sticksOut = (each) => each.getBoundingClientRect().right > innerWidth + 1;
  const out = [...document.querySelectorAll("body *")].filter(sticksOut);
  return out.slice(-3).map((each) => each.outerHTML.slice(0, 120));
}
"""

TOO_SMALL = """
(least) => [...document.querySelectorAll("a, button, input, textarea, select, label")]
  .filter((each) => each.checkVisibility({ checkVisibilityCSS: true }) && !each.disabled && each.type !== "hidden")
  .filter((each) => !each.closest("p.words, .vh, .skip") && !(each.tagName === "LABEL" && !each.querySelector("input")))
  .filter((each) => !each.closest("label") || each.tagName === "LABEL")
  .map((each) => [each.getBoundingClientRect(), each])
  .filter(([box]) => box.width < least - 0.5 || box.height < least - 0.5)
  .map(([box, each]) => `${Math.round(box.width)}×${Math.round(box.height)} ${each.outerHTML.slice(0, 110)}`)
"""


@pytest.mark.parametrize(
    ("width", "text"), [(320, "100%"), (390, "200%")], ids=["320 pixels", "text of 200 %"]
)  # fmt: skip
def test_nothing_scrolls_sideways(gallery: Gallery, phone: Phones, width: int, text: str) -> None:
    ngozi = phone(width=width)
    wrong: dict[str, Any] = {}
    for name, go in gallery.scenes().items():
        go(ngozi)
        ngozi.page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
        if found := ngozi.measure(TOO_WIDE):
            wrong[name] = found
    assert wrong == {}


@pytest.mark.parametrize("width", [390, 320])
def test_a_finger_finds_its_target(gallery: Gallery, phone: Phones, width: int) -> None:
    ngozi = phone(width=width)
    wrong: dict[str, Any] = {}
    for name, go in gallery.scenes().items():
        go(ngozi)
        if found := ngozi.measure(TOO_SMALL, 44):
            wrong[name] = found
    assert wrong == {}


@pytest.mark.parametrize(("width", "least"), [(390, 54), (320, 44)])
def test_a_seat_is_a_plate_and_no_two_touch(gallery: Gallery, phone: Phones, width: int, least: int) -> None:
    ngozi = phone(width=width)
    gallery.scenes()["seats, one table"](ngozi)
    ngozi.rest()
    boxes = [seat.bounding_box() for seat in ngozi.page.locator(".ring .seat").all()]
    assert len(boxes) == 10
    circles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"]) for box in boxes if box]
    assert min(size for _, _, size in circles) >= least
    for number, (x, y, size) in enumerate(circles):
        for other_x, other_y, _ in circles[:number]:
            assert (x - other_x) ** 2 + (y - other_y) ** 2 >= size**2


def test_the_dark_is_dark_and_everything_speaks_spanish(gallery: Gallery, phone: Phones) -> None:
    ngozi = phone(color_scheme="dark", locale="es-ES")
    for name in TEMPLATES:
        gallery.scenes()[name](ngozi)
        expect(ngozi.page.locator("html")).to_have_attribute("lang", "es")
        expect(ngozi.page.locator("html")).to_have_css("background-color", "rgb(13, 25, 19)")
    gallery.scenes()["show"](ngozi)
    expect(ngozi.page.get_by_role("button", name="Vamos los cuatro").first).to_be_visible()


def test_the_page_does_not_jump_while_it_loads(site: Site, phone: Phones) -> None:
    cast = site.cast("steady")
    everybody_comes(cast)
    ngozi = phone()
    ngozi.context.add_init_script(
        "window.shifts = 0; new PerformanceObserver((list) => { for (const shift of list.getEntries())"
        " window.shifts += shift.value }).observe({ type: 'layout-shift', buffered: true })"
    )
    for path in ("", "/seats", "/seats?table=1"):
        ngozi.open(cast.okafor.path(path))
        ngozi.page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
        assert ngozi.page.evaluate("window.shifts") <= 0.05, path


def test_a_longer_answer_leaves_the_window_where_it_was(site: Site, phone: Phones) -> None:
    """A tap on the last card of a long list does not send anybody back to the top."""
    cast = site.cast("long-list", invitations=1, members=10)
    ngozi = phone()
    ngozi.open(cast.okafor.path())
    coming = ngozi.page.locator(f"#yes-{cast.okafor.members[8]}")
    coming.scroll_into_view_if_needed()
    ngozi.rest()
    before = coming.bounding_box()
    coming.click()
    expect(coming).to_have_attribute("aria-pressed", "true")
    expect(coming).to_be_focused()
    ngozi.rest()
    after = coming.bounding_box()
    assert before and after and abs(before["y"] - after["y"]) <= 4

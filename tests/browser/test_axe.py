"""No page of a guest leaves anybody out: WCAG 2.2, levels A and AA, as far as a machine can tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Phone
from tests.browser.gallery import TEMPLATES, Gallery

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}


def violations(phone: Phone) -> list[tuple[str, list[str]]]:
    """What is wrong with the page at rest, and where."""
    phone.rest()
    found: list[dict[str, Any]] = Axe().run(phone.page, options=RULES).response["violations"]
    return [(each["id"], [str(node["html"])[:160] for node in each["nodes"]]) for each in found]


def check(phone: Phone, gallery: Gallery, names: list[str]) -> None:
    wrong = {}
    for name in names:
        gallery.scenes()[name](phone)
        if found := violations(phone):
            wrong[name] = found
    assert wrong == {}


def test_every_page_in_every_state(gallery: Gallery, phone: Callable[..., Phone]) -> None:
    check(phone(), gallery, list(gallery.scenes()))


def test_every_template_in_the_dark(gallery: Gallery, phone: Callable[..., Phone]) -> None:
    check(phone(color_scheme="dark"), gallery, TEMPLATES)


def test_every_template_in_spanish(gallery: Gallery, phone: Callable[..., Phone]) -> None:
    check(phone(locale="es-MX"), gallery, TEMPLATES)

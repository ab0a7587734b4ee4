"""One hue and one motif: whatever a host chooses, everything stays easy to read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.events.rules.looks import HUES, Motif, contrast, palette
from tests.cast import Cast
from tests.client import Browser
from tests.deeds import alter_event

GROUNDS = {
    "light": {"paper": "#FBF2F3", "surface": "#FFFFFF", "wash": "#F6E4E7"},
    "dark": {"paper": "#0D1913", "surface": "#15251D", "wash": "#1F352A"},
}
"""What the pages lie on, as in ``tokens.css``."""

WORDS = 4.5
"""The least contrast of words with what they stand on (WCAG 2.2, 1.4.3)."""


def test_contrast_is_measured_as_the_guideline_says() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert contrast("#14412F", "#14412F") == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_hue_can_be_read(scheme: str) -> None:
    worst: dict[str, float] = {}
    for hue in HUES:
        colours = {**palette(hue)[scheme], **GROUNDS[scheme]}
        pairs = [("on-pine", "pine"), ("on-pine", "pine-2"), ("on-head", "head"), ("on-head-2", "head")]
        pairs += [("pine", ground) for ground in GROUNDS[scheme]] + [("numeral", "surface")]
        for one, other in pairs:
            found = contrast(colours[one], colours[other])
            worst[f"{one} on {other}"] = min(found, worst.get(f"{one} on {other}", 21))
    assert {pair: ratio for pair, ratio in worst.items() if ratio < WORDS} == {}
    assert worst["on-head on head"] >= 7 and worst["on-pine on pine"] >= 7, "titles and buttons have room to spare"


def test_the_grounds_are_those_of_the_pages(cast: Cast) -> None:
    tokens = Path(cast.app.static_folder or "") / "css/tokens.css"
    light, _at, dark = tokens.read_text().partition("@media")
    for scheme, text in (("light", light), ("dark", dark)):
        for name, colour in GROUNDS[scheme].items():
            assert re.search(rf"--{name}: (#\w+)", text)[1] in {colour, "#FFF"}  # type: ignore[index]


def test_a_hue_is_a_stylesheet_that_anybody_may_keep(cast: Cast) -> None:
    phone = Browser(cast.app, htmx=False)
    sheet = phone.get("/hue/225.css")
    assert (sheet.status_code, sheet.mimetype) == (200, "text/css")
    assert sheet.headers["Cache-Control"] == "public, max-age=604800"
    assert "Set-Cookie" not in sheet.headers
    assert f"--head: {palette(225)['light']['head']};" in sheet.text
    assert "prefers-color-scheme: dark" in sheet.text
    for nonsense in ("360", "-1", "green", "2.5"):
        assert phone.get(f"/hue/{nonsense}.css").status_code == 404


def test_guests_pages_wear_the_hue_and_the_motif(cast: Cast) -> None:
    phone = Browser(cast.app, htmx=False)
    assert "/hue/" not in phone.get(cast.okafor.path()).text, "the house's own green needs no sheet"
    alter_event(cast, settings={"hue": 225, "motif": "stars"})
    for rest in ("", "/seats"):
        assert '<link rel="stylesheet" href="/hue/225.css">' in phone.get(cast.okafor.path(rest)).text
    drawn = {}
    for motif in Motif:
        alter_event(cast, settings={"motif": motif})
        page = phone.get(cast.okafor.path()).text
        drawn[motif] = page[page.index('<svg class="garland"') : page.index("</header>")]
    assert len(set(drawn.values())) == len(Motif)
    assert 'class="rib"' in drawn[Motif.LANTERNS] and 'class="wire"' in drawn[Motif.LANTERNS]

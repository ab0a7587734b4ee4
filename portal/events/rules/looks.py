"""How an event's pages look: one hue, its lightness chosen so that every contrast holds, and one motif.

Colours are mixed in OKLCH, where equal lightness looks equally light whatever
the hue (B. Ottosson, “A perceptual color space for image processing”, 2020).
Contrast is that of WCAG 2.2.
"""

from __future__ import annotations

import math
from enum import StrEnum
from functools import cache


class Motif(StrEnum):
    """What hangs on the string above the title."""

    LANTERNS = "lanterns"
    BUNTING = "bunting"
    LEAVES = "leaves"
    STARS = "stars"


HUES = range(360)
OFFERED = (20, 45, 75, 105, 135, 165, 195, 225, 255, 285, 315, 345)
"""The hues a host chooses from; beside them there is the house's own green."""

PALE, PAPER, NIGHT = "#FDF1F2", "#F6E4E7", "#1F352A"
"""Words on the cloth, and the darkest ground of the day's pages and the lightest of the night's."""

STEP = 0.005


@cache
def palette(hue: int) -> dict[str, dict[str, str]]:
    """The tokens that follow the hue, for ``light`` and for ``dark`` pages.

    Args:
        hue: 0 to 359.
    """
    head = _darkest(hue, 0.45, 0.085, on=PALE, least=8.5)
    night_head = _darkest(hue, 0.45, 0.075, on=PALE, least=8)
    pine = _darkest(hue, 0.45, 0.085, on=PAPER, least=8)
    night_pine = _lightest(hue, 0.8, 0.085, on=NIGHT, least=8)
    return {
        "light": {
            "pine": pine,
            "pine-2": _darkest(hue, 0.5, 0.095, on=PALE, least=6.5),
            "on-pine": PALE,
            "head": head,
            "on-head": PALE,
            "on-head-2": _lightest(hue, 0.85, 0.03, on=head, least=6),
            "numeral": pine,
        },
        "dark": {
            "pine": night_pine,
            "pine-2": _lightest(hue, 0.88, 0.07, on=NIGHT, least=9),
            "on-pine": _darkest(hue, 0.26, 0.04, on=night_pine, least=8),
            "head": night_head,
            "on-head": PALE,
            "on-head-2": _lightest(hue, 0.85, 0.03, on=night_head, least=6),
            "numeral": PALE,
        },
    }


def contrast(one: str, other: str) -> float:
    """How far two colours are apart: 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _darkest(hue: int, lightness: float, chroma: float, *, on: str, least: float) -> str:
    """The lightest colour of a hue, ``lightness`` at most, that stands out enough from a light one."""
    colour = _colour(lightness, chroma, hue)
    while contrast(colour, on) < least:
        lightness -= STEP
        colour = _colour(lightness, chroma, hue)
    return colour


def _lightest(hue: int, lightness: float, chroma: float, *, on: str, least: float) -> str:
    """The darkest colour of a hue, ``lightness`` at least, that stands out enough from a dark one."""
    colour = _colour(lightness, chroma, hue)
    while contrast(colour, on) < least:
        lightness += STEP
        colour = _colour(lightness, chroma, hue)
    return colour


def _colour(lightness: float, chroma: float, hue: int) -> str:
    """A colour as ``#RRGGBB``; one that no screen shows gets less colourful until one does."""
    channels = _linear(lightness, chroma, hue)
    while not all(-0.0005 <= channel <= 1.0005 for channel in channels) and chroma > 0:
        chroma = max(0.0, chroma - STEP)
        channels = _linear(lightness, chroma, hue)
    return "#" + "".join(f"{round(255 * _encoded(channel)):02X}" for channel in channels)


def _linear(lightness: float, chroma: float, hue: int) -> tuple[float, float, float]:
    """From OKLCH to linear red, green and blue."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _encoded(channel: float) -> float:
    """A linear channel as a screen is told it."""
    bounded = min(1.0, max(0.0, channel))
    return 12.92 * bounded if bounded <= 0.0031308 else 1.055 * bounded ** (1 / 2.4) - 0.055


def _luminance(colour: str) -> float:
    """The relative luminance of ``#RRGGBB``."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

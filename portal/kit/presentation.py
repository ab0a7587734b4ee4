"""How values read on a page: dates, counts, lists of names. The only file that makes Markup."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import segno
from babel.dates import format_date, format_time
from babel.lists import format_list
from flask import Flask, current_app
from flask_babel import get_locale, gettext, ngettext
from flask_wtf.csrf import generate_csrf
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from portal.kit import operations, tokens

SOUNDS_LIKE_Y = re.compile(r"h?[ií](?![aeo])", re.IGNORECASE)
"""Before these names «y» becomes «e»; the library does not know."""

NUMBERS = {
    "en": ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
    "es": ["ningún", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"],
}

HERE = Markup("<here>")
"""Stands in what many share for the address of whoever looks, up to its last ``?`` or ``&``; no text can look so."""

MOST_KEPT = 256
"""How many renderings are kept of one thing, before the oldest is let go."""


def init_app(app: Flask) -> None:
    """Give templates their words; an unknown name in a template is an error, never an empty space."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        day=day,
        short_day=short_day,
        clock_time=clock_time,
        number=number,
        names=name_list,
        first_name=first_name,
        familiar=familiar,
        initial=initial,
        table_title=table_title,
        household=household,
        capitalize_first=capitalize_first,
        needs=dietary_words,
        spaced=tokens.spaced,
        at=at,
    )
    app.jinja_env.globals.update(
        here=HERE,
        kept=kept,
        qr=qr,
        operation_id=operations.new_id,
        csrf_token=generate_csrf,
        public_url=public_url,
        ngettext=ngettext,
    )


def kept(store: dict[Any, str] | None, *key: Hashable, caller: Callable[[], str]) -> str:
    """A block of a template that is rendered once for all to whom it says the same, in each language.

    Args:
        store: where it is kept; None if it is not to be kept.
        key: everything that the block depends on, besides what the store belongs to.
        caller: the block.
    """
    if store is None:
        return caller()
    found = store.get((_language(), *key))
    if found is None:
        if len(store) >= MOST_KEPT:
            store.pop(next(iter(store)))
        found = store[_language(), *key] = caller()
    return found


def at(html: Markup, address: str) -> Markup:
    """What many share, with the address of the one it is for put in its place."""
    return Markup(html.replace(HERE, escape(f"{address}{'&' if '?' in address else '?'}")))  # noqa: S704 - both escaped


def public_url(path: str) -> str:
    """``path`` under the address that links and QR codes carry."""
    return f"{current_app.config['PUBLIC_URL']}{path}"


def day(moment: datetime, time_zone: str) -> str:
    """A day as people say it: “Saturday 12 December”, «sábado 12 de diciembre»."""
    local = moment.astimezone(ZoneInfo(time_zone))
    if _language() == "es":
        return str(format_date(local, "EEEE d 'de' MMMM", locale="es"))
    return str(format_date(local, "EEEE d MMMM", locale="en_GB"))


def short_day(moment: datetime, time_zone: str) -> str:
    """A day without its weekday: “29 November”, «29 de noviembre»."""
    local = moment.astimezone(ZoneInfo(time_zone))
    if _language() == "es":
        return str(format_date(local, "d 'de' MMMM", locale="es"))
    return str(format_date(local, "d MMMM", locale="en_GB"))


def short_moment(moment: datetime | None, time_zone: str) -> str:
    """Day and time inside a sentence: “29 November, 9:00 am”; empty for a moment that is not set."""
    return f"{short_day(moment, time_zone)}, {clock_time(moment, time_zone)}" if moment else ""


def clock_time(moment: datetime, time_zone: str) -> str:
    """A time of day: “6:30 pm”, «18:30»."""
    local = moment.astimezone(ZoneInfo(time_zone))
    if _language() == "es":
        return str(format_time(local, "HH:mm", locale="es"))
    return str(format_time(local, "h:mm a", locale="en")).replace("AM", "am").replace("PM", "pm")


def number(count: int) -> str:
    """A small count as a word, a larger one as digits."""
    words = NUMBERS[_language()]
    return words[count] if 0 <= count < len(words) else str(count)


def name_list(names: Sequence[str]) -> str:
    """“Ngozi, Daniel and Ada”, «Ngozi, Daniel y Ada», «Ada e Inés»."""
    if _language() != "es":
        return str(format_list(list(names), locale="en_GB"))
    together = str(format_list(list(names), locale="es"))
    if len(names) > 1 and SOUNDS_LIKE_Y.match(names[-1]):
        return together.removesuffix(f"y {names[-1]}") + f"e {names[-1]}"
    return together


def first_name(name: str) -> str:
    """What a family calls somebody."""
    return name.split(" ", 1)[0]


def familiar(name: str) -> str:
    """What their own household reads for somebody: the first name, or “your guest” for one not named yet."""
    return first_name(name) or gettext("your guest")


def initial(name: str) -> str:
    """The letter on a place card."""
    return name[:1].upper() or "+"


def table_title(name: str) -> str:
    """“Table 7” for a table that is only numbered, the name itself for one that has a name."""
    return gettext("Table %(number)s", number=name) if name.isdigit() else name


def household(name: str) -> str:
    """A household inside a sentence: “the Okafor family”, «la familia Okafor»; other names as they are."""
    found = re.fullmatch(r"(?:The |La )?(?:(?P<en>.+?) family|[Ff]amilia (?P<es>.+))", name)
    if found is None:
        return name
    return gettext("the %(name)s family", name=found["en"] or found["es"])


def capitalize_first(text: str) -> str:
    """``text`` as the beginning of a line; the rest keeps its capitals."""
    return text[:1].upper() + text[1:]


def dietary_words(text: str) -> str:
    """Dietary needs as they are read: known ones in the reader's language, free words as they are."""
    known = {
        "vegetarian": gettext("vegetarian"),
        "vegan": gettext("vegan"),
        "halal": gettext("halal"),
        "kosher": gettext("kosher"),
        "gluten free": gettext("gluten free"),
        "coeliac": gettext("coeliac"),
        "lactose": gettext("lactose"),
        "no nuts": gettext("no nuts"),
        "sesame": gettext("sesame"),
    }
    parts = [part.strip() for part in text.split(";") if part.strip()]
    return ", ".join(known.get(part.casefold(), part) for part in parts)


def qr(content: str) -> Markup:
    """A QR code as inline SVG that takes the colour of its surroundings."""
    time.sleep(0.0001)  # each is milliseconds of work: between two of them it is other people's turn
    image = segno.make(content, error="m", micro=False)
    svg = image.svg_inline(scale=4, border=2, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None)
    return Markup(svg)  # noqa: S704 - segno's own output; the content is only ever modules


def _language() -> str:
    locale = get_locale()
    return "es" if locale and locale.language == "es" else "en"

"""How values read on a page: dates, counts, lists of names. The only file that makes Markup."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Hashable, MutableMapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import segno
from babel.dates import format_date, format_time
from babel.lists import format_list
from flask import Flask, current_app, g, session
from flask.templating import Environment
from flask_babel import gettext, ngettext
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from portal.kit import language, operations, tokens

SOUNDS_LIKE_Y = re.compile(r"h?[ií](?![aeo])", re.IGNORECASE)
"""Before these names «y» becomes «e»; the library does not know."""

NUMBERS = {
    "en": ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
    "es": ["ningún", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"],
}

HERE, MINE = Markup("<here>"), Markup("<mine>")
"""Stand in what many share for the address of whoever looks, and for their part of its query; no text can look so."""

TOKEN, OPERATION = Markup("<token>"), Markup("<operation>")
"""Stand in what is kept of a page for what each browser has of its own; no text can look so."""

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
        icon=icon,
    )
    app.jinja_env.globals.update(
        here=HERE,
        mine=MINE,
        kept=kept,
        _=translated,
        gettext=translated,
        ngettext=ngettext,
        qr=qr,
        operation_id=operations.new_id,
        csrf_token=csrf_token,
        public_url=public_url,
    )
    app.context_processor(lambda: {"csrf_token": csrf_token})  # the library has one, which goes before any global


class OneSetOfNames(Environment):
    """Templates that all have the same names from outside, so that none is asked which others it has besides.

    The library gives every template room for names of its own and looks through
    it whenever one imports a macro from another, which costs more than the macro.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The names that a template has without being given them."""
        return super().make_globals(d) if d else self.globals


@lru_cache
def icon(name: str, css: str = "i") -> Markup:
    """A picture of the page's own set; of a name that stands in a template it is made when that is compiled."""
    return Markup('<svg class="{}" aria-hidden="true"><use href="#i-{}"/></svg>').format(css, name)


def kept(store: dict[Any, str] | None, *key: Hashable, caller: Callable[[], str]) -> str:
    """A block of a template that is rendered once for all to whom it says the same.

    Args:
        store: where it is kept; None if it is not to be kept.
        key: everything that the block depends on, besides what the store belongs to; its language too.
        caller: the block.
    """
    if store is None:
        return caller()
    found = store.get(key)
    if found is None:
        if len(store) >= MOST_KEPT:
            store.pop(next(iter(store)))
        found = store[key] = caller()
    return found


def at(html: str, address: str, query: str) -> Markup:
    """What many share, made one household's: its address, and its own part of the query, put in their places."""
    theirs: dict[str, str] = {HERE: escape(address), MINE: escape(f"{query}&") if query else ""}
    pieces = _pieces(html).copy()
    pieces[1::2] = [theirs[blank] for blank in pieces[1::2]]
    return Markup("".join(pieces))  # noqa: S704 - a template's own output, and both escaped


@lru_cache(maxsize=128)
def _pieces(html: str) -> list[str]:
    """What many share, taken apart at its blanks; every second piece is one."""
    return re.split(f"({HERE}|{MINE})", html)


def translated(message: str, **words: object) -> Markup:
    """A sentence of a page in its language; whatever fills its blanks is escaped."""
    template, sentence = _sentence(language.current(), message)
    if not words:
        return sentence
    return Markup(template % {name: escape(word) for name, word in words.items()})  # noqa: S704 - all escaped


@lru_cache(maxsize=4096)
def _sentence(code: str, message: str) -> tuple[str, Markup]:
    """A sentence of the catalog with its blanks, and as it reads without any."""
    template: str = language.catalog(code).ugettext(message)
    return template, Markup(template.replace("%%", "%"))  # noqa: S704 - the catalog's own words


def csrf_token() -> str:
    """The token of this browser's forms; signed once for as long as the browser keeps its session."""
    token = g.get("csrf_token")
    if token is None and isinstance(raw := session.get("csrf_token"), str):
        token = g.csrf_token = _signed(current_app.config["SECRET_KEY"], raw)
    return str(token or generate_csrf())


@lru_cache(maxsize=4096)
def _signed(key: str, raw: str) -> str:
    """As the library signs it; a signature without an end is as good later."""
    return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(raw))


def public_url(path: str) -> str:
    """``path`` under the address that links and QR codes carry."""
    return f"{current_app.config['PUBLIC_URL']}{path}"


def day(moment: datetime, time_zone: str) -> str:
    """A day as people say it: “Saturday 12 December”, «sábado 12 de diciembre»."""
    return _written(moment, time_zone, language.current(), "EEEE d MMMM", "EEEE d 'de' MMMM")


def short_day(moment: datetime, time_zone: str) -> str:
    """A day without its weekday: “29 November”, «29 de noviembre»."""
    return _written(moment, time_zone, language.current(), "d MMMM", "d 'de' MMMM")


def short_moment(moment: datetime | None, time_zone: str) -> str:
    """Day and time inside a sentence: “29 November, 9:00 am”; empty for a moment that is not set."""
    return f"{short_day(moment, time_zone)}, {clock_time(moment, time_zone)}" if moment else ""


def clock_time(moment: datetime, time_zone: str) -> str:
    """A time of day: “6:30 pm”, «18:30»."""
    written = _written(moment, time_zone, language.current(), "h:mm a", "HH:mm")
    return written.replace("AM", "am").replace("PM", "pm")


@lru_cache(maxsize=1024)
def _written(moment: datetime, time_zone: str, code: str, en: str, es: str) -> str:
    """A moment in the pattern of a language; everybody at an event reads the same few."""
    local = moment.astimezone(ZoneInfo(time_zone))
    locale, pattern = ("es", es) if code == "es" else ("en_GB", en)
    write = format_time if "mm" in pattern else format_date
    return str(write(local, pattern, locale=locale))


def number(count: int) -> str:
    """A small count as a word, a larger one as digits."""
    words = NUMBERS[language.current()]
    return words[count] if 0 <= count < len(words) else str(count)


def name_list(names: Sequence[str]) -> str:
    """“Ngozi, Daniel and Ada”, «Ngozi, Daniel y Ada», «Ada e Inés»."""
    if language.current() != "es":
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


def seats_at(table: str, labels: Sequence[str]) -> str:
    """“Table 7, seats 1 to 4” for seats in a row, “Table 7, seats 1, 3 and 4” for others."""
    title = table_title(table)
    if len(labels) == 1:
        return gettext("%(table)s, seat %(seat)s", table=title, seat=labels[0])
    numbers = [int(label) for label in labels if label.isdecimal()]
    if len(numbers) == len(labels) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return gettext("%(table)s, seats %(first)s to %(last)s", table=title, first=labels[0], last=labels[-1])
    return gettext("%(table)s, seats %(seats)s", table=title, seats=name_list(labels))


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


def qr_file(content: str, kind: str) -> bytes:
    """A QR code as a file to keep or to print: ``svg`` or ``png``, black on white with the margin scanners need."""
    time.sleep(0.0001)
    written = io.BytesIO()
    segno.make(content, error="m", micro=False).save(written, kind=kind, scale=16, border=4)
    return written.getvalue()


def qr(content: str) -> Markup:
    """A QR code as inline SVG that takes the colour of its surroundings."""
    time.sleep(0.0001)  # each is milliseconds of work: between two of them it is other people's turn
    image = segno.make(content, error="m", micro=False)
    svg = image.svg_inline(scale=4, border=2, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None)
    return Markup(svg)  # noqa: S704 - segno's own output; the content is only ever modules

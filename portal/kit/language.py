"""Which language a page speaks: the guest's own, else the cookie, else what the browser asks for."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel import Locale
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, get_locale

from portal.kit.conflicts import LANGUAGES

COOKIE = "language"
NAMES = {"en": "English", "es": "Español"}
LOCALES = {code: Locale(code) for code in LANGUAGES}


def init_app(app: Flask) -> None:
    """Let every page be written in the visitor's language."""
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    Babel(app, locale_selector=lambda: LOCALES[_select()])
    app.jinja_env.globals["languages"] = NAMES
    app.jinja_env.globals["current_language"] = current


def prefer(code: str | None) -> None:
    """Remember the language the person behind this request has chosen, if any."""
    if code in LANGUAGES:
        g.language = code


def current() -> str:
    """The language of this request: ``en`` or ``es``."""
    try:
        locale = g._flask_babel.babel_locale  # the library looks for it anew each time it is asked
    except (AttributeError, RuntimeError):
        locale = get_locale()
    return locale.language if locale and locale.language in LANGUAGES else LANGUAGES[0]


@cache
def catalog(code: str) -> NullTranslations:
    """The sentences of a language, read once."""
    return Translations.load(Path(__file__).parent.parent / "translations", [code])


def _select() -> str:
    if not has_request_context():
        return LANGUAGES[0]
    chosen: str | None = g.get("language") or request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]

"""Pages that are rendered once for as long as they say the same, and filled in for every browser that asks."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request
from jinja2 import FileSystemBytecodeCache

from portal.kit import language, operations
from portal.kit.presentation import OPERATION, TOKEN, csrf_token

MOST_KEPT = 512
"""How many renderings a process keeps, the ones asked for last; some fifteen kilobytes each."""

BLANKS = {"csrf_token": lambda: TOKEN, "operation_id": lambda: OPERATION}


@dataclass(frozen=True)
class Rendering:
    """A page as it was rendered last, and all the words that were given to its template."""

    words: Mapping[str, Any]
    html: bytes

    def filled(self) -> bytes:
        """The page for one browser: its token in every form, and for each form an operation id of its own."""
        first, *parts = self.html.replace(TOKEN.encode(), csrf_token().encode()).split(OPERATION.encode())
        answer = operations.new_id()
        return first + b"".join([f"{answer}-{form}".encode() + part for form, part in enumerate(parts)])


def init_app(app: Flask) -> None:
    """Let this application keep renderings, and its compiled templates where the setting ``TEMPLATE_CACHE`` says.

    The addresses of static files are compiled in, so what was compiled for others is not found.
    """
    app.extensions["renderings"] = {}
    if folder := app.config.get("TEMPLATE_CACHE"):
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache(folder, f"{app.extensions['assets']}-%s.cache")


def rendered(template: str, words: Mapping[str, Any], *, of: Hashable) -> bytes:
    """A page, rendered anew only if its words are others than the last time.

    The words themselves are compared, all of them, and what a template has
    besides is the language and the place of the application: so whatever a
    page shows, it shows it as it is now.

    Args:
        template: what is rendered; it takes nothing from the request itself.
        words: everything that it is given.
        of: whose page it is; of each the last rendering is kept.
    """
    kept: dict[Hashable, Rendering] = current_app.extensions["renderings"]
    place = (template, of, language.current(), request.root_path)
    found = kept.pop(place, None)
    if found is None or found.words != words:
        html = current_app.jinja_env.get_template(template).render(words, **BLANKS)
        found = Rendering(words, html.encode())
    if len(kept) >= MOST_KEPT:
        kept.pop(next(iter(kept)))
    kept[place] = found
    return found.filled()

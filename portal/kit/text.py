"""Keys by which text is compared; ``lower()`` of the two engines differs beyond ASCII."""

from __future__ import annotations

import re
import unicodedata


def tidy(text: str) -> str:
    """``text`` in composed form, without control characters and halves of letters, runs of blanks made one."""
    if text.isascii() and text.isprintable():  # most names of many lists: there is nothing to compose
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(c if unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in composed)
    return " ".join(visible.split())


def email_key(address: str) -> str:
    """The form in which two e-mail addresses are the same address."""
    folded = unicodedata.normalize("NFKC", address).strip().casefold()
    return unicodedata.normalize("NFKC", folded)


def search_key(name: str) -> str:
    """The form in which two names are found by one search: no accents, no case.

    Letters that do not decompose (ø, ł, þ) keep themselves; scripts without
    case or accents pass through unharmed.
    """
    folded = tidy(name).casefold()
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def slugify(name: str) -> str:
    """``name`` as it may stand in an address; never empty."""
    words = re.findall(r"\w+", search_key(name))
    return "-".join(words)[:60] or "x"

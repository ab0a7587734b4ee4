"""From what stands in a cell to what is kept of it."""

from __future__ import annotations

import re

from portal.kit.spreadsheets import revive
from portal.kit.text import search_key, tidy

MAX_NAME = 200
MAX_SEARCH_KEY = 400
MAX_DIETARY = 500
MAX_NOTE = 2_000
"""The longest texts the columns hold, in characters; a note's is our own choice."""

_INVISIBLE = " \u200b\u2060\ufeff"
"""What a copied cell may begin or end with and nobody sees; inside a name such marks have a meaning."""

_YES = {"x", "xx", "yes", "y", "true", "ja", "j", "wahr", "si", "s", "oui", "o", "vrai", "verdadero", "sim", "✓", "✔"}
_YES |= {"child", "kid", "kind", "nino", "nina", "enfant", "bambino", "bambina", "crianca"}
_NO = {"", "no", "n", "false", "nein", "falsch", "non", "faux", "falso", "nao", "nee", "0", "-", "–", "—"}

_JOIN = r"(?:and|with|plus|und|mit|y|con|et|avec|e)"
_ARTICLE = r"(?:an?|one|un|una|une|eine?|einer|their|su)"
_COMPANION = (
    r"(?:guest|plus[ -]?(?:one|1)|\+\s*(?:1|one)|begleitung|begleitperson|gast|acompañante|acompanante|invitad[oa]"
    r"|invitée?|accompagnant|accompagnatore|ospite|acompanhante|convidad[oa])"
)
_NAMELESS = re.compile(
    rf"(?:(?:{_JOIN}\s+|[&+]\s*)?(?:{_ARTICLE}\s+)?{_COMPANION}(?:\s+(?:of|von|de|di|do|da)\b.*)?"
    rf"|.+['’]s\s+{_COMPANION})",
    re.IGNORECASE,
)
_BRINGS = re.compile(
    rf"(.+?)(?:\s+{_JOIN}\s+(?:{_ARTICLE}\s+)?{_COMPANION}|\s*[&+]\s*(?:{_ARTICLE}\s+)?{_COMPANION}|\s*\+\s*(?:1|one))",
    re.IGNORECASE,
)
_LAST_FIRST = re.compile(r"([^,]+),\s*([^,]+)")
_SUFFIX = re.compile(r"(?:jr|sr|jun|sen|ii|iii|iv|phd|ph\.d|md|dds|esq)\.?", re.IGNORECASE)
_TOTAL = re.compile(
    r"(?:grand |sub)?(?:totals?|totales|summe|zwischensumme|gesamt|gesamtsumme|suma|insgesamt|somme|totale|totaal)"
    r"(?: (?:guests?|gaste|personen|invitados|personas|invites|people))?[\s:=]*[\d.,\s]*"
)


def clean(text: str) -> str:
    """A cell without control characters, the blanks around it, and the apostrophe that keeps a formula text."""
    return revive(tidy(text).strip(_INVISIBLE))


def name_key(name: str) -> str:
    """The form in which two rows name the same: case and blanks aside, every mark counts."""
    return tidy(name).casefold()


def full_name(text: str) -> str:
    """A name as it is said: "Costa, Camila" is Camila Costa; "John Smith, Jr." stays."""
    found = _LAST_FIRST.fullmatch(text)
    if found is None or _SUFFIX.fullmatch(found[2].strip()):
        return text
    return f"{found[2].strip()} {found[1].strip()}"


def is_nameless(name: str) -> bool:
    """Whether the words stand for a guest whom nobody has named yet: "and guest", "Guest of Ada", "+1"."""
    return _NAMELESS.fullmatch(name) is not None


def without_companion(name: str) -> tuple[str, bool]:
    """The name alone, and whether the cell also says that they bring somebody: "Ada Costa + guest"."""
    found = _BRINGS.fullmatch(name)
    return (found[1].strip(), True) if found else (name, False)


def is_total(text: str) -> bool:
    """Whether the words head a sum: "TOTAL", "Summe: 154", "Total guests"."""
    return _TOTAL.fullmatch(search_key(text)) is not None


def cut_name(name: str) -> str:
    """``name`` as long as its columns hold; its search key can be longer than itself."""
    short = name[:MAX_NAME]
    while len(search_key(short)) > MAX_SEARCH_KEY:
        short = short[: len(short) - 10]
    return short.rstrip()


def yes_or_no(text: str) -> bool | None:
    """What a cell to be ticked says; None if neither.

    A blank cell is a no, a child's age below eighteen a yes.
    """
    word = search_key(text)
    if word in _NO:
        return False
    if word in _YES or (word.isdecimal() and 0 < int(word[:4]) < 18):
        return True
    return None

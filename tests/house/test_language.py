"""Every word of a page is said in every language, and what is compiled is what was written."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from portal.config import ROOT

CATALOG = ROOT / "portal/translations/es/LC_MESSAGES/messages.po"


def test_nothing_is_untranslated_or_fuzzy() -> None:
    with CATALOG.open("rb") as file:
        catalog = read_po(file, locale="es")
    for message in catalog:
        if message.id:
            words = [message.string] if isinstance(message.string, str) else list(message.string or [""])
            assert all(words), f"not translated: {message.id}"
            assert not message.fuzzy, f"fuzzy: {message.id}"


def test_the_catalog_holds_what_the_pages_say(tmp_path: Path) -> None:
    template = tmp_path / "messages.pot"
    command = [
        *(sys.executable, "-m", "babel.messages.frontend"),
        *("-q", "extract", "-F", "portal/translations/babel.cfg", "-k", "lazy_gettext", "-o", str(template), "portal"),
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    with template.open("rb") as said, CATALOG.open("rb") as file:
        pages = {
            (message.context, message.id if isinstance(message.id, str) else message.id[0]) for message in read_po(said)
        }
        known = {
            (message.context, message.id if isinstance(message.id, str) else message.id[0])
            for message in read_po(file, locale="es")
        }
    assert pages == known, f"run script/translate: {pages ^ known}"


def test_every_blank_is_filled_in_both_languages() -> None:
    with CATALOG.open("rb") as file:
        catalog = read_po(file, locale="es")
    for message in catalog:
        if message.id:
            assert not list(message.check(catalog)), f"the blanks differ: {message.id}"


def test_the_compiled_catalog_is_the_written_one() -> None:
    with CATALOG.open("rb") as file:
        compiled = io.BytesIO()
        write_mo(compiled, read_po(file, locale="es"))
    compiled.seek(0)
    with CATALOG.with_suffix(".mo").open("rb") as kept:
        fresh, stored = [
            {(message.context, str(message.id)): message.string for message in catalog if message.id}
            for catalog in (read_mo(compiled), read_mo(kept))
        ]
    assert fresh == stored, "run script/translate"

"""Which column holds what, in the words people head their lists with."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.imports.rules import refusals
from portal.imports.rules.refusals import Unusable
from portal.kit.text import search_key


class Field(StrEnum):
    """What a column of a guest list may hold."""

    HOUSEHOLD = "household"
    NAME = "name"
    FIRST_NAME = "first name"
    LAST_NAME = "last name"
    EMAIL = "email"
    PHONE = "phone"
    CHILD = "child"
    PLUS_ONE = "plus one"
    DIETARY = "dietary"
    NOTES = "notes"


_HEADERS: Mapping[Field, str] = {
    Field.HOUSEHOLD: "household, household name, party, party name, invitation, invitation name, family, group,"
    " group name, envelope, einladung, haushalt, familie, gruppe, familia, hogar, invitacion, grupo, famille, foyer,"
    " groupe, famiglia, gruppo, invito, convite, gezin, huishouden, uitnodiging, groep",
    Field.NAME: "name, names, full name, guest, guest name, member, person, attendee, invitee, gast, gaste,"
    " vollstandiger name, nombre, nombre completo, nombre y apellidos, invitado, invitada, persona, nom, nom complet,"
    " invite, nome, nome completo, ospite, convidado, naam, namn, navn",
    Field.FIRST_NAME: "first name, first, given name, forename, vorname, primer nombre, nombre de pila, prenom,"
    " primeiro nome, voornaam, fornamn, fornavn",
    Field.LAST_NAME: "last name, last, surname, family name, nachname, familienname, zuname, apellido, apellidos,"
    " nom de famille, cognome, sobrenome, achternaam, efternamn, etternavn",
    Field.EMAIL: "email, e mail, mail, email address, e mail address, e mail adresse, email adresse, mailadresse,"
    " correo, correo electronico, courriel, adresse e mail, posta elettronica, e post",
    Field.PHONE: "phone, phone number, mobile, mobile phone, mobile number, cell, cell phone, tel, telephone, telefon,"
    " telefonnummer, handy, handynummer, mobil, telefono, movil, celular, whatsapp, portable, cellulare, telefone,"
    " telemovel, telefoon",
    Field.CHILD: "child, children, is child, kid, kids, minor, kind, kinder, nino, nina, menor, enfant, bambino,"
    " bambina, crianca, barn",
    Field.PLUS_ONE: "plus one, plusone, plus ones, plus 1, + 1, +1, begleitung, begleitperson, acompanante,"
    " accompagnant, accompagnatore, acompanhante",
    Field.DIETARY: "dietary, diet, dietary needs, dietary requirements, dietary restrictions, meal, food, allergy,"
    " allergies, essen, ernahrung, unvertraglichkeiten, allergien, dieta, comida, menu, alergia, alergias,"
    " restricciones alimentarias, regime, repas, allergie, pasto, refeicao, dieet",
    Field.NOTES: "note, notes, comment, comments, remark, remarks, notiz, notizen, bemerkung, bemerkungen, anmerkung,"
    " anmerkungen, kommentar, nota, notas, observaciones, comentario, comentarios, remarque, remarques, commentaire,"
    " opmerking",
}

_FIELD_OF = {term.strip(): field for field, terms in _HEADERS.items() for term in terms.split(",")}

_TITLE_LINES = 20
"""How many filled rows may stand above the headers."""


@dataclass(frozen=True)
class Line:
    """A row that holds something: its number as a spreadsheet shows it, and its cells as text."""

    number: int
    cells: tuple[str, ...]

    def cell(self, index: int | None) -> str:
        """What stands in a column; empty where the row is shorter or there is no such column."""
        return self.cells[index] if index is not None and index < len(self.cells) else ""


@dataclass(frozen=True)
class Header:
    """The row of headers: which column holds what, and which were not understood."""

    row: int
    columns: Mapping[Field, int]
    unknown: tuple[tuple[int, str], ...] = ()

    def letter(self, field: Field) -> str:
        """The column of ``field`` as a spreadsheet names it; empty if there is none."""
        return letter(self.columns[field]) if field in self.columns else ""

    def read(self, line: Line, field: Field) -> str:
        """What ``line`` holds for ``field``."""
        return line.cell(self.columns.get(field))


def letter(index: int) -> str:
    """The name of the column at ``index`` (from 0): A … Z, AA …"""
    return (letter(index // 26 - 1) if index >= 26 else "") + chr(ord("A") + index % 26)


def recognise(cells: Sequence[str]) -> dict[Field, int]:
    """Which column holds what, if ``cells`` are headers; the first of two alike is taken.

    Beside a column for the other half, a bare "Name" is the half that is
    missing: German lists say Vorname and Name, Spanish ones Nombre and Apellidos.
    """
    columns: dict[Field, int] = {}
    for index, cell in enumerate(cells):
        if (field := field_of(cell)) is not None:
            columns.setdefault(field, index)
    if Field.NAME in columns:
        if Field.FIRST_NAME in columns and Field.LAST_NAME not in columns:
            columns[Field.LAST_NAME] = columns.pop(Field.NAME)
        elif Field.LAST_NAME in columns and Field.FIRST_NAME not in columns:
            columns[Field.FIRST_NAME] = columns.pop(Field.NAME)
    return columns


def field_of(header: str) -> Field | None:
    """What a column under ``header`` holds: the whole of it counts first, then each part ("Einladung / Party")."""
    for part in (header, *re.split(r"[/|(),;:\n]", header)):
        if (field := _FIELD_OF.get(" ".join(re.sub(r"[^\w+]|_", " ", search_key(part)).split()))) is not None:
            return field
    return None


def find_header(lines: Sequence[Line]) -> Header:
    """The row of headers; titles may stand above it.

    Raises:
        Unusable: no row names the columns that a guest list needs.
    """
    if not lines:
        raise Unusable(refusals.EMPTY)
    heads = [(line, recognise(line.cells)) for line in lines[:_TITLE_LINES]]
    for line, columns in heads:
        if Field.HOUSEHOLD in columns and _has_names(columns):
            used = set(columns.values())
            unknown = [(i, cell) for i, cell in enumerate(line.cells) if cell.strip() and i not in used]
            return Header(line.number, columns, tuple(unknown))
    line, columns = max(heads, key=lambda head: len(head[1]))
    if not columns:
        raise Unusable(refusals.NO_COLUMNS, row=line.number)
    missing = refusals.NO_HOUSEHOLD_COLUMN if _has_names(columns) else refusals.NO_NAME_COLUMN
    raise Unusable(missing, row=line.number)


def guess_header(lines: Sequence[Line]) -> Header:
    """The row that is most likely the headers, for somebody to look at who may correct it.

    Raises:
        Unusable: there is no row at all.
    """
    if not lines:
        raise Unusable(refusals.EMPTY)
    heads = [(line, recognise(line.cells)) for line in lines[:_TITLE_LINES]]
    whole = [head for head in heads if Field.HOUSEHOLD in head[1] and _has_names(head[1])]
    line, columns = whole[0] if whole else max(heads, key=lambda head: len(head[1]))
    return Header(line.number, columns)


def why_incomplete(header_row: int, columns: Collection[Field], *, alone: bool = False) -> Unusable | None:
    """What is missing before a list can be read with these columns, or ``alone``: without a column of households."""
    if not {Field.NAME, Field.FIRST_NAME, Field.LAST_NAME} & set(columns):
        return Unusable(refusals.NO_NAME_COLUMN, row=header_row)
    if Field.HOUSEHOLD not in columns and not alone:
        return Unusable(refusals.NO_HOUSEHOLD_COLUMN, row=header_row)
    return None


def _has_names(columns: Mapping[Field, int]) -> bool:
    return not {Field.NAME, Field.FIRST_NAME, Field.LAST_NAME}.isdisjoint(columns)

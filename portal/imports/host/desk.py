"""What the page of an import shows, in whatever state it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal.imports.forms.requests import HOUSEHOLDS, ColumnsForm, Look, columns_form, field_words, read_look
from portal.imports.models import State
from portal.imports.queries import stages
from portal.imports.rules.leftovers import leftovers
from portal.imports.rules.staging import REMEDIES, Column, RowView, Stage
from portal.kit import clock, language
from portal.kit.spreadsheets import csv_file

HEADS = 5
"""How many of the first rows may be chosen as the headings."""


@dataclass(frozen=True)
class Desk:
    """A list and what is shown of it. ``said`` is what has just been done; ``typed`` what a refused form held."""

    stage: Stage
    stands_still: bool = False
    step: str = ""
    columns: Sequence[Column] = ()
    form: ColumnsForm | None = None
    look: Look = field(default_factory=Look)
    households: Sequence[stages.HouseholdView] = ()
    rows: Sequence[RowView] = ()
    next_after: int | None = None
    written: Mapping[str, int] = field(default_factory=dict)
    said: str = ""
    refused: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def remedies(self) -> dict[str, dict[str, int]]:
        """How many rows there are of each kind, by what to do about them."""
        kinds: Mapping[str, int] = self.stage.findings.get("kinds", {})
        grouped = {what: {kind: kinds[kind] for kind in those if kind in kinds} for what, those in REMEDIES.items()}
        return {what: those for what, those in grouped.items() if those}

    @property
    def fields(self) -> dict[int, str]:
        """The columns that are read, by what they hold."""
        return {index: field_words()[field] for index, field in self.stage.fields.items()}


def desk_of(stage: Stage, *, said: str = "", refused: str = "", form: ColumnsForm | None = None) -> Desk:
    """What is shown of a list in its present state."""
    more: dict[str, Any] = {"said": said, "refused": refused}
    if stage.is_at_work or stage.state == State.REFUSED:
        return Desk(stage, stands_still=stage.stands_still(clock.now()), step="work", **more)
    if form is not None or stage.state == State.MAPPING or (stage.state == State.READY and _wants_columns()):
        return _to_map(stage, form or form_of(stage), more)
    if stage.state == State.READY:
        return _checked(stage, more)
    households, next_after = stages.household_page(stage.id, read_look({}).after, made=True)
    more |= {"households": households, "next_after": next_after}
    return Desk(stage, step="done", written=stages.written(stage.id), **more)


def _to_map(stage: Stage, form: ColumnsForm, more: Mapping[str, Any]) -> Desk:
    columns = stages.columns(stage, stages.first_lines(stage))
    return Desk(stage, step="columns", columns=columns, form=form, rows=_to_blame(stage), **more)


def form_of(stage: Stage) -> ColumnsForm:
    """The form that says which column holds what."""
    lines = stages.first_lines(stage)
    heads = [line.number for line in lines[:HEADS]]
    columns = stages.columns(stage, lines)
    return columns_form(columns, stage.fields, stage.header_row, heads, is_alone=stage.is_alone)


def conflict_desk(stage: Stage, number: int | None, sentence: str, typed: MultiDict[str, str]) -> Desk:
    """What is shown when a row could not be changed: the row alone, with what was typed."""
    row = stages.find_row(stage.id, number) if number is not None else None
    if row is None or stage.state != State.READY:
        return replace(desk_of(stage, refused=sentence), typed=typed.to_dict())
    return Desk(stage, step="check", look=Look("row"), rows=[row], refused=sentence, typed=typed.to_dict())


def left_out_file(stage: Stage) -> bytes:
    """The rows that did not go in, as a CSV file with the reasons."""
    rows = stages.rows_not_taken(stage.id)
    refusals = stages.refusals_of(stage.id)
    heads = stages.find_row(stage.id, stage.header_row)
    reasons = [_reason(row, refusals) for row in rows]
    return csv_file(leftovers(heads.cells if heads else (), rows, reasons, (_("Row"), _("Reason"))))


def _reason(row: RowView, refusals: Mapping[int, Mapping[str, str]]) -> str:
    code = language.current()
    if row.is_left_out:
        return str(_("You left this row out."))
    told = [notice[code] for notice in row.notices]
    if row.number in refusals:
        told.append(refusals[row.number][code])
    return " ".join(told)


def _wants_columns() -> bool:
    return request.args.get("step") == "columns"


def _to_blame(stage: Stage) -> list[RowView]:
    """The row that keeps the list from being read, so that it can be mended where that is said."""
    number = str(stage.refusal.get("row", ""))
    if stage.refusal.get("rule") != "no_household_above" or not number.isdecimal():
        return []
    row = stages.find_row(stage.id, int(number))
    return [row] if row else []


def _checked(stage: Stage, more: Mapping[str, Any]) -> Desk:
    look = read_look(stage.findings.get("kinds", {}))
    if look.show == HOUSEHOLDS:
        households, next_after = stages.household_page(stage.id, look.after)
        return Desk(stage, step="check", look=look, households=households, next_after=next_after, **more)
    rows, next_after = stages.row_page(stage.id, look.show, look.after)
    return Desk(stage, step="check", look=look, rows=rows, next_after=next_after, **more)

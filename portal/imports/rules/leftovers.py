"""The rows that did not go in, as a list to be mended and brought again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from portal.imports.rules.staging import RowView
from portal.kit.spreadsheets import revive


def leftovers(
    heads: Sequence[str], rows: Sequence[RowView], reasons: Sequence[str], words: tuple[str, str]
) -> Iterator[list[str]]:
    """These rows with their numbers and why they did not go in, under the headings of the list.

    Args:
        heads: the headings of the list.
        rows: the rows.
        reasons: why each of them did not go in.
        words: the headings of the row's number and of the reason.
    """
    width = max([len(heads), *(len(row.cells) for row in rows)], default=0)
    yield [*_padded(heads, width), *words]
    for row, reason in zip(rows, reasons, strict=True):
        yield [*_padded(row.cells, width), str(row.number), reason]


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*(revive(cell) for cell in cells), *[""] * (width - len(cells))]

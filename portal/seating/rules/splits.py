"""Sitting at two neighbouring tables, where no single one has room for a whole household."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from heapq import nsmallest
from itertools import combinations

from portal.seating.rules.together import Block, Fit, best_block, distance, distance_to_home, home_of
from portal.seating.rules.views import TableRow


def best_splits(
    tables: Sequence[TableRow],
    count: int,
    categories: Collection[str],
    anchors: Collection[int] = (),
    *,
    limit: int = 2,
) -> list[Block]:
    """The nearest pairs of tables that together seat everybody, nobody sitting alone if it can be helped.

    Args:
        tables: the room as it is now.
        count: how many are to be seated.
        categories: the seats they may take.
        anchors: the ids of seats the household already has: the pair near them comes first.
        limit: how many pairs at the most.
    """
    home = home_of(tables, anchors)
    free = {table.id: len(table.free(categories)) for table in tables}
    rooms = [table for table in tables if free[table.id]]
    pairs = (
        (_is_alone(here, count), distance_to_home(first, tables, home), distance(first, second), here, first, second)
        for first, second in combinations(rooms, 2)
        if (here := _share(count, free[first.id], free[second.id]))
    )
    splits = []
    for *_, here, first, second in nsmallest(limit, pairs, key=lambda pair: pair[:3]):
        parts = best_block(first, here, categories, anchors), best_block(second, count - here, categories, anchors)
        splits.append(Block(Fit.SPLIT, (first, second), tuple(seat for part in parts if part for seat in part.seats)))
    return splits


def _share(count: int, here: int, there: int) -> int:
    """How many of ``count`` sit at the first of two tables: about half, at least two; 0 if there is no room."""
    fewest, most = max(1, count - there), min(count - 1, here)
    shares = sorted(
        range(fewest, most + 1), key=lambda share: (_is_alone(share, count), abs(2 * share - count), -share)
    )
    return shares[0] if shares else 0


def _is_alone(share: int, count: int) -> bool:
    return count > 2 and 1 in {share, count - share}

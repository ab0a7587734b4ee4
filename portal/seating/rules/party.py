"""Who of a household is to be seated, and beside whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.invitations.rules import MemberView, Viewer
from portal.seating.rules.cards import adults_of, anchors_of, shared_categories, to_be_seated
from portal.seating.rules.splits import best_splits
from portal.seating.rules.together import Block, best_block, placed, ranked_blocks
from portal.seating.rules.views import TableRow


@dataclass(frozen=True)
class Party:
    """Those to be seated together; ``anchors`` are seats the household has already, ``adults`` those of its adults."""

    people: tuple[MemberView, ...]
    categories: frozenset[str]
    anchors: frozenset[int]
    adults: frozenset[int]

    def blocks(self, tables: Sequence[TableRow]) -> list[Block]:
        """The best block of every table with room for all of them, the best table first."""
        count, children = len(self.people), self._children
        return ranked_blocks(tables, count, self.categories, self.anchors, children=children, adults=self.adults)

    def block_at(self, table: TableRow) -> Block | None:
        """The best block of one table."""
        count, children = len(self.people), self._children
        return best_block(table, count, self.categories, self.anchors, children=children, adults=self.adults)

    def splits(self, tables: Sequence[TableRow]) -> list[Block]:
        """The two best pairs of neighbouring tables that seat them all."""
        return best_splits(tables, len(self.people), self.categories, self.anchors)

    def dealt(self, block: Block) -> dict[MemberView, int]:
        """Who gets which seat of the block: each child one beside an adult, as far as there is one."""
        seats = (seat.id for seat in block.seats)
        return dict(zip(placed(self.people, block, self.adults), seats, strict=True))

    @property
    def _children(self) -> int:
        return sum(person.is_child for person in self.people)


def party_of(viewer: Viewer, people: Sequence[MemberView] = ()) -> Party:
    """The party that these members of a household make; unless named, those who stand, or all once nobody does."""
    people = people or to_be_seated(viewer)
    some = set(people) == set(viewer.standing)
    anchors, adults = (anchors_of(viewer), adults_of(viewer)) if some else (set(), set())
    return Party(tuple(people), shared_categories(people), frozenset(anchors), frozenset(adults))

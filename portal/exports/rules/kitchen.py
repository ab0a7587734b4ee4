"""What the caterer gets: how many of each meal at which table, and who must not eat what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from portal.exports.rules.people import Person
from portal.exports.rules.sheets import natural


@dataclass(frozen=True)
class Serving:
    """A table, or all of them: how many of each meal in the host's order, how many have not chosen, and everybody."""

    table: str
    counts: tuple[int, ...]
    unchosen: int
    total: int


@dataclass(frozen=True)
class KitchenSheet:
    """Meals × table, its sum, and everybody with a need; those without a table stand last, under no name."""

    meals: tuple[str, ...]
    tables: tuple[Serving, ...]
    sum: Serving
    needs: tuple[Person, ...]


def kitchen_sheet(meals: Sequence[str], people: Sequence[Person]) -> KitchenSheet:
    """The sheet for those who come, of ``people`` in the order of their tables."""
    coming = [person for person in people if person.comes]
    known = tuple(dict.fromkeys([*meals, *(person.meal for person in coming if person.meal)]))
    at: dict[str, list[Person]] = {}
    for person in coming:
        at.setdefault(person.table, []).append(person)
    names = sorted(at, key=lambda name: (not name, natural(name)))
    tables = [_serving(name, known, at[name]) for name in names]
    needs = tuple(person for person in coming if person.dietary)
    return KitchenSheet(known, tuple(tables), _serving("", known, coming), needs)


def _serving(table: str, meals: Sequence[str], people: Sequence[Person]) -> Serving:
    chosen = Counter(person.meal for person in people)
    return Serving(table, tuple(chosen[meal] for meal in meals), chosen[""] if meals else 0, len(people))

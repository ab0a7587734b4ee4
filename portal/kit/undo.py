"""What this browser did last, so that it can be taken back until it does something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import session

KEY = "undo"
LOST = "lost"
FULL = "full"
MARKED = "marked"
Before = Mapping[int, tuple[str, int | None]]


@dataclass(frozen=True)
class LastChange:
    """A change that can be taken back: what it was, when, and what stood before."""

    what: str
    at: datetime
    before: dict[int, tuple[str, int | None]]


def remember(of: int, what: str, before: Before, *, now: datetime) -> None:
    """Keep what stood before a change to the thing with id ``of``, in the signed session cookie."""
    session[KEY] = {
        "of": of,
        "what": what,
        "at": now.isoformat(),
        "before": {str(member): list(state) for member, state in before.items()},
    }


def recall(of: int) -> LastChange | None:
    """The last change this browser made to ``of``, or None."""
    kept = session.get(KEY)
    if not kept or kept["of"] != of:
        return None
    before = {int(member): (state[0], state[1]) for member, state in kept["before"].items()}
    return LastChange(kept["what"], datetime.fromisoformat(kept["at"]), before)


def regret(names: Sequence[str]) -> None:
    """Keep whose seat could not be brought back, to be told on the next page this browser is shown."""
    if names:
        session[LOST] = list(names)


def regrets() -> list[str]:
    """Whose seat could not be brought back; told once."""
    names: list[str] = session.pop(LOST, [])
    return names


def miss(parts: Sequence[str], who: Sequence[str]) -> None:
    """Keep which parts of the event had filled up when somebody came back, and for whom: told on the next page."""
    if parts:
        session[FULL] = [list(parts), list(who)]


def missed() -> tuple[list[str], list[str]]:
    """Which parts had filled up, and for whom; told once."""
    parts, who = session.pop(FULL, ([], []))
    return parts, who


def forget() -> None:
    """There is nothing to take back any more."""
    session.pop(KEY, None)


def mark(of: int, rows: Sequence[int]) -> None:
    """Keep which rows of the thing with id ``of`` were just marked, so that the next page can offer to take it back."""
    session[MARKED] = [of, list(rows)]


def marked(of: int) -> list[int]:
    """What was marked by the press before; told once."""
    kept = session.get(MARKED)
    if not kept or kept[0] != of:
        return []
    rows: list[int] = session.pop(MARKED)[1]
    return rows

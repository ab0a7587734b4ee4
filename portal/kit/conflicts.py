"""From the name of a broken constraint to the sentence a person is told.

The sentence is declared on the constraint itself (``info=says(…)``), in every
language the product speaks, so that it cannot drift from the rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, MetaData, UniqueConstraint
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import Constraint

LANGUAGES = ("en", "es")


def says(en: str, es: str) -> dict[Any, Any]:
    """Declare what a person is told when this constraint refuses.

    Args:
        en: the sentence in English; may hold ``{name}`` and other words that
            an action gives with ``explain()``.
        es: the same sentence in Spanish.
    """
    return {"sentence": {"en": en, "es": es}}


def refuses(trigger: str, en: str, es: str) -> dict[Any, Any]:
    """Declare on a table what a person is told when a trigger of it refuses, by the name that the trigger gives."""
    return {"triggers": {trigger: says(en, es)["sentence"]}}


MOVED_ON = says(
    "Something this depends on has just changed. Here is how it is now.",
    "Algo de lo que esto depende acaba de cambiar. Así está ahora.",
)
"""Said for a broken foreign key: SQLite does not tell which one it was."""

FOREIGN_KEY = "foreign key"
"""The class under which all foreign keys of SQLite are reported."""

UNNAMED = {
    "en": {
        "name": "This guest",
        "other": "another household",
        "owner": "Another guest",
        "organization": "another organization",
    },
    "es": {
        "name": "Esta persona",
        "other": "otra familia",
        "owner": "Otra persona invitada",
        "organization": "otra organización",
    },
}
"""What stands in a sentence when the action did not say whom it is about."""


@dataclass
class Conflict(Exception):
    """The world has moved on or a rule says no: told kindly, with status 409.

    Attributes:
        rule: the name of the constraint, or of the rule in a ``rules.py``.
        sentences: what a person is told, by language.
        words: what fills the blanks of the sentence.
        detail: whatever the page needs to offer a way on.
    """

    rule: str
    sentences: Mapping[str, str]
    words: Mapping[str, str] = field(default_factory=dict)
    detail: Any = None

    def sentence(self, language: str) -> str:
        """The sentence in ``language``, its blanks filled."""
        return self.sentences[language].format_map({**UNNAMED[language], **self.words})

    def __str__(self) -> str:
        return f"{self.rule}: {self.sentence('en')}"


@dataclass(frozen=True)
class Rule:
    """A rule of a ``rules.py`` that no constraint can hold: a name and its sentence."""

    name: str
    sentences: Mapping[str, str]

    def conflict(self, detail: Any = None, **words: str) -> Conflict:
        """The refusal to raise, about whoever the words name."""
        return Conflict(self.name, self.sentences, words, detail)


def rule(name: str, en: str, es: str) -> Rule:
    """Declare a rule with its sentence in every language."""
    return Rule(name, says(en, es)["sentence"])


class UnknownConstraint(Exception):
    """An integrity error without a sentence: a bug, answered with 500 and logged by name."""


NamedRule = UniqueConstraint | CheckConstraint | ForeignKeyConstraint | Index


def named_rules(metadata: MetaData) -> Iterator[NamedRule]:
    """Every constraint and unique index of ``metadata`` that can refuse a write."""
    for table in metadata.sorted_tables:
        for constraint in [*table.constraints, *(each for column in table.columns for each in column.constraints)]:
            if isinstance(constraint, UniqueConstraint | CheckConstraint | ForeignKeyConstraint):
                yield constraint
        yield from (index for index in table.indexes if index.unique)


def refusals_of_triggers(metadata: MetaData) -> dict[str, dict[str, str]]:
    """What the triggers of all tables say, by the names under which they refuse."""
    return {name: said for table in metadata.sorted_tables for name, said in table.info.get("triggers", {}).items()}


def sentences_of(rule: Constraint | Index) -> dict[str, str] | None:
    """The sentences declared on ``rule``; a foreign key without its own has the shared one."""
    shared = MOVED_ON["sentence"] if isinstance(rule, ForeignKeyConstraint) else None
    declared: dict[str, str] | None = rule.info.get("sentence", shared)
    return declared


class Phrasebook:
    """Which constraint an engine means, and what it says.

    PostgreSQL names every constraint. SQLite names CHECKs, expression indexes
    and trigger texts, but reports a UNIQUE by its columns and foreign keys not
    at all; hence the map by columns, which must be unambiguous.

    Raises:
        ValueError: two unique rules over the same columns, which SQLite could
            not tell apart.
    """

    def __init__(self, metadata: MetaData) -> None:
        self.sentences: dict[str, dict[str, str]] = {
            FOREIGN_KEY: MOVED_ON["sentence"],
            **refusals_of_triggers(metadata),
        }
        self.by_columns: dict[str, str] = {}
        for rule in named_rules(metadata):
            name = str(rule.name)
            if (declared := sentences_of(rule)) is not None:
                self.sentences[name] = declared
            if isinstance(rule, UniqueConstraint | Index):
                self._remember_columns(name, rule)

    def _remember_columns(self, name: str, rule: UniqueConstraint | Index) -> None:
        assert rule.table is not None
        columns = ", ".join(f"{rule.table.name}.{column.name}" for column in rule.columns)
        if columns in self.by_columns:
            raise ValueError(f"{name} and {self.by_columns[columns]} are over the same columns")
        self.by_columns[columns] = name

    def name_of(self, error: IntegrityError) -> str:
        """The name of the constraint that ``error`` is about, the same on both engines."""
        diagnosis = getattr(error.orig, "diag", None)
        if diagnosis is not None:
            return str(diagnosis.constraint_name or diagnosis.message_primary)
        kind, _, about = str(error.orig).partition(" constraint failed")
        about = about.removeprefix(": ")
        if kind == "FOREIGN KEY":
            return FOREIGN_KEY
        if kind == "UNIQUE":
            if about.startswith("index '"):
                return about.removeprefix("index '").removesuffix("'")
            return self.by_columns.get(about, about)
        return about or kind

    def refusal(self, name: str, words: Mapping[str, str], detail: Any = None) -> Conflict:
        """What the constraint ``name`` would say; for a check that spares the database the try."""
        return Conflict(name, self.sentences[name], dict(words), detail)

    def conflict(self, error: IntegrityError, words: Mapping[str, str]) -> Conflict:
        """``error`` as something to say to a person.

        Raises:
            UnknownConstraint: nothing is declared for it.
        """
        name = self.name_of(error)
        if name not in self.sentences:
            raise UnknownConstraint(name) from error
        return Conflict(name, self.sentences[name], dict(words))

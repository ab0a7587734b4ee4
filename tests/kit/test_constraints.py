"""Every rule of the schema, broken alone: both engines refuse it by its name, and its sentence is said."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import Index, UniqueConstraint

from portal.kit.conflicts import FOREIGN_KEY, LANGUAGES, MOVED_ON, UNNAMED, Conflict, named_rules, sentences_of
from portal.kit.schema import db
from tests import world
from tests.kit.broken import (
    BREAKS,
    CHECK,
    FOREIGN,
    IMPLIED,
    STANDING,
    UNIQUE,
    Break,
    is_implied,
    kind_of,
    prepare,
    statements,
    write,
)

RULES = {str(rule.name): rule for rule in named_rules(db.metadata)}
TABLES = sorted({broken.table for broken in BREAKS.values()})


def test_every_rule_of_the_schema_is_broken_below() -> None:
    by_kind: dict[str, set[str]] = {"unique": set(), "check": set(), FOREIGN_KEY: set()}
    for name, rule in RULES.items():
        by_kind[kind_of(rule)].add(name)
    assert by_kind == {"unique": set(UNIQUE) | IMPLIED, "check": set(CHECK), FOREIGN_KEY: set(FOREIGN)}


def test_a_rule_the_primary_key_implies_is_there_for_a_composite_key() -> None:
    targets = {
        tuple(element.target_fullname for element in key.elements)
        for table in db.metadata.sorted_tables
        for key in table.foreign_key_constraints
    }
    for name, rule in RULES.items():
        if isinstance(rule, UniqueConstraint | Index):
            assert is_implied(rule) == (name in IMPLIED), name
        if name in IMPLIED:
            columns = tuple(str(column) for column in rule.columns)
            assert columns in targets, f"{name} serves no composite key"


@pytest.mark.parametrize("table", TABLES)
def test_the_engine_refuses_it_by_name_and_its_sentence_is_said(app: Flask, table: str) -> None:
    with app.app_context():
        prepare(table)
        before = everything()
        for name in (name for name, broken in BREAKS.items() if broken.table == table):
            with pytest.raises(Conflict) as refused:
                write(statements(BREAKS[name]))
            on_sqlite = db.engine.dialect.name == "sqlite"
            assert refused.value.rule == (FOREIGN_KEY if on_sqlite and name in FOREIGN else name), name
            sentences = sentences_of(RULES[name])
            assert sentences is not None
            for language in LANGUAGES:
                assert refused.value.sentence(language) == sentences[language].format_map(UNNAMED[language])
        assert everything() == before


@pytest.mark.parametrize("table", TABLES)
def test_without_the_change_the_same_row_is_welcome(app: Flask, table: str) -> None:
    """What was refused above was refused for the change alone."""
    with app.app_context():
        prepare(table)
        write(statements(Break(table, {})))
        assert everything()[table].startswith(f"{STANDING + 1} rows")


def test_all_foreign_keys_say_that_the_world_has_moved_on() -> None:
    said = {str(sentences_of(RULES[name])) for name in FOREIGN}
    assert said == {str(MOVED_ON["sentence"])}, "SQLite cannot tell them apart, so no engine does"


def everything() -> dict[str, str]:
    with db.engine.connect() as connection:
        return world.digests(connection)

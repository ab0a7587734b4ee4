"""Every constraint in the migrated database has a sentence in every language, and none is orphaned."""

from __future__ import annotations

import importlib
import re
from string import Formatter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Index, Integer, MetaData, Table, UniqueConstraint, text

from portal.kit.conflicts import (
    LANGUAGES,
    UNNAMED,
    Phrasebook,
    Rule,
    named_rules,
    refusals_of_triggers,
    says,
    sentences_of,
)
from portal.kit.schema import db
from tests.house.plan import modules

MODELS = [importlib.import_module(module.name) for module in modules() if module.role == "models"]
TRIGGERS = refusals_of_triggers(db.metadata)
DECLARED = {str(rule.name): rule for rule in named_rules(db.metadata)}
POSTGRESQL = """
SELECT conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
WHERE c.contype IN ('u', 'c', 'f', 'x') AND t.relnamespace = 'public'::regnamespace
UNION SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
WHERE x.indisunique AND NOT x.indisprimary AND i.relnamespace = 'public'::regnamespace
"""


def rules_of_rules() -> list[Rule]:
    """What the rules of the features refuse, which no constraint can hold."""
    named = [module.name for module in modules() if module.role in {"rules", "actions"}]
    found = [value for name in named for value in vars(importlib.import_module(name)).values()]
    return list({rule.name: rule for rule in found if isinstance(rule, Rule)}.values())


def in_the_database(app: Flask) -> set[str]:
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            return set(connection.scalars(text(POSTGRESQL)))
        statements = list(connection.scalars(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")))
    named = {name for sql in statements for name in re.findall(r"CONSTRAINT (\w+) (?!PRIMARY)", sql)}
    return named | {found[1] for sql in statements if (found := re.match(r"CREATE UNIQUE INDEX (\w+)", sql))}


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_the_database_and_the_models_name_the_same_rules(app: Flask) -> None:
    """Equal to one list, the two engines are equal to each other."""
    assert in_the_database(app) == set(DECLARED)


def test_what_the_triggers_of_the_database_refuse_is_declared_on_their_tables(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            made = connection.scalars(text("SELECT sql FROM sqlite_master WHERE type = 'trigger'")).all()
            refusing = {name for sql in made for name in re.findall(r"RAISE\(ABORT, '(\w+)'\)", sql)}
        else:
            bodies = "SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            made = connection.scalars(text(bodies)).all()
            refusing = {name for sql in made for name in re.findall(r"RAISE EXCEPTION '(\w+)'", sql)}
    assert refusing == set(TRIGGERS)


def test_no_rule_of_the_database_is_without_a_name(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            tables = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).all()
            for name, sql in tables:
                if name == "alembic_version":
                    continue
                for word in ("UNIQUE", "CHECK", "FOREIGN KEY"):
                    assert len(re.findall(rf"\b{word}\b", sql)) == len(re.findall(rf"CONSTRAINT \w+ {word}\b", sql)), (
                        name
                    )
            automatic = "SELECT name FROM sqlite_master WHERE sql IS NULL AND name NOT LIKE 'sqlite_autoindex%'"
            assert connection.execute(text(automatic)).all() == []


def test_every_rule_has_a_sentence_in_every_language() -> None:
    for name, rule in DECLARED.items():
        sentences = sentences_of(rule)
        assert sentences is not None, name
        assert set(sentences) == set(LANGUAGES), name


@pytest.mark.parametrize(
    ("name", "sentences"),
    [(name, sentences_of(rule)) for name, rule in DECLARED.items()]
    + list(TRIGGERS.items())
    + [(rule.name, rule.sentences) for rule in rules_of_rules()],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_sentence_is_a_sentence_and_the_languages_say_the_same(name: str, sentences: dict[str, str]) -> None:
    assert sentences["en"] != sentences["es"]
    assert blanks(sentences["en"]) == blanks(sentences["es"])
    for language, sentence in sentences.items():
        assert sentence == sentence.strip()
        assert sentence[-1] in ".?!", language
        assert sentence[0] in "{¡¿“«" or sentence[0].isupper()
        assert "'" not in sentence, "typographic apostrophes"
        if name in {**DECLARED, **TRIGGERS}:
            assert blanks(sentence) <= set(UNNAMED[language]), "a blank that nobody filled has something to stand in it"


def test_names_fit_into_postgresql_and_belong_to_one_rule_each() -> None:
    names = [str(rule.name) for rule in named_rules(db.metadata)] + [rule.name for rule in rules_of_rules()]
    assert [name for name in names if len(name) > 63] == []
    assert len(names) == len(set(names))
    assert len(rules_of_rules()) > 5


def test_the_phrasebook_knows_every_name() -> None:
    book = Phrasebook(db.metadata)
    assert {*DECLARED, *TRIGGERS} <= set(book.sentences)


@pytest.mark.parametrize("second", ["unique", "index", "partial"])
def test_the_phrasebook_refuses_two_rules_that_sqlite_could_not_tell_apart(second: str) -> None:
    metadata = MetaData()
    words = says("Taken.", "Ocupado.")
    columns = [Column("id", Integer, primary_key=True), Column("a", Integer), Column("b", Integer)]
    table = Table("chairs", metadata, *columns, UniqueConstraint("a", "b", name="uq_one", info=words))
    Phrasebook(metadata)
    if second == "unique":
        table.append_constraint(UniqueConstraint("a", "b", name="uq_other", info=words))
    else:
        where: dict[str, Any] = {"sqlite_where": text("a > 1")} if second == "partial" else {}
        Index("uq_other", table.c.a, table.c.b, unique=True, info=words, **where)
    with pytest.raises(ValueError, match="over the same columns"):
        Phrasebook(metadata)

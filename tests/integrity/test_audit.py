"""What the audit asks, of which rule, and what it says about a database that is not as it should be."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, MetaData, Table

from portal.integrity import rules
from portal.integrity.queries import KEPT_BY_TRIGGERS
from portal.kit import integrity
from portal.kit.conflicts import named_rules
from portal.kit.integrity import names_in, probes
from portal.kit.schema import db
from tests import world
from tests.integrity.operator import plant, populate, rows, told, unguarded
from tests.kit.broken import BREAKS, FRESH, IMPLIED, STANDING, statements
from tests.migrations.scratch import Scratch


def test_every_rule_finds_what_breaks_it_and_nothing_else(scratch: Scratch) -> None:
    """In tables without any rule, row by row as the rules' own tests break them."""
    bare = MetaData()
    for declared in db.metadata.sorted_tables:
        Table(declared.name, bare, *(Column(c.name, c.type, primary_key=c.primary_key) for c in declared.columns))
    asked = {probe.rule: probe for probe in probes(db.metadata, scratch.engine.dialect.name)}
    assert set(asked) == {str(rule.name) for rule in named_rules(db.metadata)} - IMPLIED == set(BREAKS)
    with scratch.engine.connect().execution_options(writes=True) as connection:
        with connection.begin():
            bare.create_all(connection)
            world.populate(connection, range(1, STANDING + 1))
            assert [rule for rule, probe in asked.items() if probe.find(connection)] == []
        for rule, broken in BREAKS.items():
            with connection.begin() as attempt:
                for parent in world.ancestors(broken.table):
                    world.add(connection, parent, [world.row(parent, FRESH)])
                for statement in statements(broken):
                    connection.execute(statement)
                found = asked[rule].find(connection)
                assert len(found) == 1, rule
                assert FRESH in found[0][1], rule
                attempt.rollback()


def test_migrations_ask_of_the_rows_what_the_audit_asks(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {}

    def listen(_connection: object, table: str, columns: list[str], *, rule: str, where: str = "") -> None:
        asked[rule] = (table, list(columns), where)

    monkeypatch.setattr(integrity, "stop_on_duplicates", listen)
    scratch.upgrade()
    due = {probe.rule: probe.find.keywords for probe in probes(db.metadata, "sqlite")}  # type: ignore[attr-defined]
    assert len(asked) > 20
    assert asked == {rule: (due[rule]["table"], list(due[rule]["columns"]), due[rule]["where"]) for rule in asked}


def test_the_triggers_are_those_that_the_migrations_make(scratch: Scratch) -> None:
    scratch.upgrade()
    engine = scratch.engine.dialect.name
    made = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if engine == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    assert {name for (name,) in rows(scratch, made)} == rules.TRIGGERS | rules.LOG_TRIGGERS[engine]


def test_what_triggers_keep_of_rows_is_asked_too(scratch: Scratch) -> None:
    scratch.upgrade()
    populate(scratch)
    with unguarded(scratch) as connection:
        for statement in (
            "UPDATE events SET coming = 0 WHERE id = 5",
            "UPDATE invitation_guests SET rsvp = 'accepted' WHERE id = 5",
            "UPDATE event_sessions SET capacity = 0 WHERE id = 5",
        ):
            if connection.dialect.name == "sqlite":  # which has no switch for triggers
                connection.exec_driver_sql("DROP TRIGGER IF EXISTS part_has_room_capacity")
            connection.exec_driver_sql(statement)
    with scratch.engine.connect() as connection:
        found = {probe.rule: [ids for _what, ids in probe.find(connection)] for probe in KEPT_BY_TRIGGERS}
    assert found == {"count_who_comes": [[5]], "part_has_room": [[5]]}


def test_all_is_well_at_every_revision_and_what_is_not_there_yet_is_no_fault(scratch: Scratch) -> None:
    nothing = told(scratch, "audit")
    assert (nothing.code, "flask db upgrade" in nothing.said) == (1, True)
    scratch.upgrade("0001")
    populate(scratch)
    for revision in scratch.revisions[::6]:
        scratch.upgrade(revision)
        audit = told(scratch, "audit")
        assert (audit.code, f"at revision {revision}" in audit.said) == (0, True), audit.said
        assert "Could not be asked yet" in audit.said
        assert told(scratch, "clean").said.startswith("Rows that would be removed: 0, mended: 0.")
    scratch.upgrade()
    assert told(scratch, "audit").said == (
        f"users: 8, memberships: 8, profiles: 0, violations: 0.\nAll {len(BREAKS) + 2} rules hold."
        " Everything is in good order.\n"
    )


def test_a_rule_that_is_gone_is_missed_and_an_index_comes_back_as_the_audit_says(scratch: Scratch) -> None:
    scratch.upgrade()
    scratch.run("DROP INDEX uq_memberships_one_tenant_per_user", "DROP INDEX ix_guests_user_id")
    trigger = "part_has_room_answer"
    is_sqlite = scratch.engine.dialect.name == "sqlite"
    kept = "SELECT sql FROM sqlite_master WHERE name = 'part_has_room_answer'"
    made = rows(scratch, kept)[0][0] if is_sqlite else f"ALTER TABLE session_answers ENABLE TRIGGER {trigger}"
    scratch.run(f"DROP TRIGGER {trigger}" if is_sqlite else f"ALTER TABLE session_answers DISABLE TRIGGER {trigger}")
    audit = told(scratch, "audit")
    assert audit.code == 1
    assert "Not in the database, or turned off (3):" in audit.said
    assert f"\n  {trigger}\n" in audit.said
    ways = [line.split(" — ")[1] for line in audit.said.splitlines() if " — " in line]
    assert [way[-40:] for way in ways] == ["INDEX ix_guests_user_id ON guests (user_id);"[-40:], ways[1][-40:]]
    assert ways[1].endswith("ON memberships (user_id) WHERE NOT is_superuser;")
    scratch.run(*ways, made)
    assert told(scratch, "audit").code == 0


@pytest.mark.parametrize("rule", ["ck_memberships_role", "fk_guests_user_id"])
def test_a_constraint_that_is_gone_is_missed(scratch: Scratch, rule: str) -> None:
    scratch.upgrade()
    with scratch.engine.connect() as connection:
        assert rule in names_in(connection)
        if connection.dialect.name == "sqlite":
            return  # a table without it is another table
    scratch.run(f"ALTER TABLE {'memberships' if 'memberships' in rule else 'guests'} DROP CONSTRAINT {rule}")
    audit = told(scratch, "audit")
    assert (audit.code, f"\n  {rule}\n" in audit.said) == (1, True)


def test_a_row_that_points_nowhere_is_named(scratch: Scratch) -> None:
    scratch.upgrade()
    populate(scratch)
    plant(scratch, ("member_profiles", world.row("member_profiles", 3, id=100, user_id=777)))
    audit = told(scratch, "audit")
    assert audit.code == 1
    assert (
        "fk_member_profiles_user_id_organization_id, in “member_profiles” (1):\n"
        "  user_id=777, organization_id=3 → row 100\n" in audit.said
    )
    assert "users: 8, memberships: 8, profiles: 9, violations: 1.\n" in audit.said

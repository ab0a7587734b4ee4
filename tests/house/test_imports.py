"""Imports go one way: routes → actions, queries, forms → rules → models → kit."""

from __future__ import annotations

import pytest

from tests.house.plan import AUDIENCES, FEATURES, Module, feature_of, modules, role_of

MODULES = modules()
BELOW = {
    "models": {"models"},
    "rules": {"models", "rules"},
    "queries": {"models", "rules", "queries"},
    "forms": {"models", "rules", "queries", "forms"},
    "actions": {"models", "rules", "queries", "actions"},
}
"""What a file of each name may import of the features, its own and others; never a route."""


def named(module: Module) -> str:
    return module.name


def test_there_is_something_to_look_at() -> None:
    assert {"seating", "invitations", "events"} <= set(FEATURES)
    assert len(MODULES) > 50


@pytest.mark.parametrize("module", [module for module in MODULES if module.feature == "kit"], ids=named)
def test_the_kit_imports_no_feature(module: Module) -> None:
    ours = {name for name in module.imports() if name.split(".")[0] == "portal"}
    assert {name for name in ours if feature_of(name) != "kit"} == set()


@pytest.mark.parametrize("module", [module for module in MODULES if module.role in BELOW], ids=named)
def test_a_file_imports_only_what_lies_below_it(module: Module) -> None:
    theirs = {name for name in module.imports() if feature_of(name) in FEATURES}
    assert {name for name in theirs if role_of(name) not in BELOW[module.role]} == set()


@pytest.mark.parametrize("module", [module for module in MODULES if module.role == "rules"], ids=named)
def test_rules_know_neither_the_web_nor_the_database_nor_the_clock(module: Module) -> None:
    unknown = ("flask", "sqlalchemy", "portal.kit.schema", "portal.kit.database", "portal.kit.clock", "time", "random")
    reached = {name for name in module.imports() for root in unknown if f"{name}.".startswith(f"{root}.")}
    assert reached - {f"flask_babel.{word}" for word in ("gettext", "ngettext")} == set()
    assert not any(f"{call}(" in module.path.read_text() for call in ("datetime.now", "datetime.utcnow", "date.today"))


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_routes_and_commands_are_imported_by_their_own_feature_alone(module: Module) -> None:
    routes = {name for name in module.imports() if role_of(name) in AUDIENCES}
    own = {name for name in routes if feature_of(name) == module.feature and module.path.name == "__init__.py"}
    assert routes - own == set()


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_only_routes_commands_and_the_clock_read_the_clock(module: Module) -> None:
    """Everything else is given ``now``; the kit's own machinery and a feature's gate are at the edge too."""
    if module.feature == "kit" or module.role in AUDIENCES or not module.role:
        return
    assert "portal.kit.clock" not in set(module.imports())
    assert "clock.now" not in module.path.read_text()

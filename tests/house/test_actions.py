"""Every write is an action, and every action leaves its entry in the log."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.house.plan import Module, decorators, modules

MODULES = {module.name: module for module in modules()}
RECORD = "portal.audit.actions.record"

WITHOUT_ENTRY = {
    "portal.accounts.actions.add_user": "an account belongs to no organization's log; its membership has an entry",
    "portal.accounts.actions.write_to": "a link changes nothing until it is followed",
    **{
        f"portal.accounts.actions.sessions.{name}": "sessions are listed with device and last use, which is their log"
        for name in ("begin_session", "end_session", "end_one_session", "end_sessions")
    },
    "portal.mail.actions.take_due_mail": "a mail's way is no change of what it tells",
    "portal.mail.actions.put_off": "a mail's way is no change of what it tells",
    "portal.mail.actions.forget_sent": "a mail's way is no change of what it tells",
    "portal.mail.actions.post_alone": "it tells of no change",
    "portal.accounts.actions.sessions.touch_session": "a session's last use is no change that anybody made",
    **dict.fromkeys(
        (
            "portal.imports.actions.staging.keep_rows",
            "portal.imports.actions.staging.finish_reading",
            "portal.imports.actions.staging.refuse_file",
            "portal.imports.actions.staging.refuse_columns",
            "portal.imports.actions.staging.map_columns",
            "portal.imports.actions.staging.mend_row",
            "portal.imports.actions.staging.leave_row",
            "portal.imports.actions.staging.discard",
            "portal.imports.actions.staging.purge",
            "portal.imports.actions.checking.go_on_checking",
            "portal.imports.actions.checking.keep_households",
            "portal.imports.actions.checking.keep_found_rows",
            "portal.imports.actions.checking.finish_check",
        ),
        "a list on its way in is a draft; that it was begun has an entry, and so has everything it writes",
    ),
    "portal.imports.actions.writing.begin_writing": "that it is written has an entry, of whoever let it go in",
    "portal.imports.actions.writing.pass_over": "a household that was refused is not changed",
    "portal.imports.actions.undoing.begin_undo": "each household that is taken back has an entry, and so has the end",
}
"""Actions that leave no entry, each with its reason."""

WRITES = re.compile(r"(?<![\w.])(insert|update|delete)\(|session\.(add|delete|merge|commit|flush)\(")
INSIDE_AN_ACTION = "requires_action()"


@cache
def functions() -> dict[str, tuple[Module, ast.FunctionDef]]:
    return {f"{m.name}.{function.name}": (m, function) for m in MODULES.values() for function in m.functions()}


@cache
def called_by(name: str) -> frozenset[str]:
    """The functions of ours that a function calls or hands on, by their full names."""
    module, function = functions()[name]
    known = module.imported() | {each.name: f"{module.name}.{each.name}" for each in module.functions()}
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id in known:
            found.add(known[node.id])
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
            found.add(f"{known[node.value.id]}.{node.attr}")
    return frozenset(found - {name})


def reaches(name: str, goal: str, seen: frozenset[str] = frozenset()) -> bool:
    if name == goal:
        return True
    if name in seen or name not in functions():
        return False
    return any(reaches(each, goal, seen | {name}) for each in called_by(name))


def is_action(name: str) -> bool:
    return "action" in decorators(functions()[name][1])


ACTIONS = sorted(name for name in functions() if is_action(name))


def test_there_are_actions() -> None:
    assert len(ACTIONS) > 15
    assert set(WITHOUT_ENTRY) <= set(ACTIONS), "an exception that is gone"


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_records_an_entry(name: str) -> None:
    assert reaches(name, RECORD) is (name not in WITHOUT_ENTRY)


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_lives_among_actions_and_is_told_the_time(name: str) -> None:
    module, function = functions()[name]
    assert module.role == "actions"
    if reaches(name, RECORD):
        assert "now" in {argument.arg for argument in [*function.args.args, *function.args.kwonlyargs]}


def test_whatever_writes_is_an_action_or_belongs_to_one() -> None:
    """A helper that writes is private, or says that an action must be running."""
    astray = []
    for name, (module, function) in functions().items():
        if module.feature in {"kit", ""} or not WRITES.search(ast.unparse(function)) or is_action(name):
            continue
        told = INSIDE_AN_ACTION in ast.unparse(function) or used_by_actions_alone(name)
        if module.role != "actions" or not (told or function.name.startswith("_")):
            astray.append(name)
    assert astray == []


def used_by_actions_alone(name: str) -> bool:
    users = [each for each in functions() if name in called_by(each)]
    return bool(users) and all(functions()[each][0].role == "actions" for each in users)


def test_nobody_commits_but_the_action_itself() -> None:
    """Outside the kit, a commit would end somebody else's transaction."""
    committing = [
        m.name
        for m in MODULES.values()
        if m.feature != "kit" and re.search(r"\.(commit|begin_nested)\(", m.path.read_text())
    ]
    assert committing == []


@pytest.mark.parametrize("name", ACTIONS)
def test_no_work_for_the_network_or_the_eyes_happens_inside_a_transaction(name: str) -> None:
    """No e-mail, QR code or template: a write holds the database while it lasts."""
    forbidden = {"flask.render_template", "portal.kit.presentation.qr", "smtplib", "urllib.request.urlopen"}
    assert [each for each in forbidden if reaches(name, each)] == []

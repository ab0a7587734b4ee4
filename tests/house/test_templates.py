"""A fragment is a file with one root of its name, and what it needs is said at its beginning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, nodes
from jinja2.meta import find_undeclared_variables

from portal import create_app
from tests.conftest import Database, settings_for
from tests.house.plan import TEMPLATES, template_name, templates

FRAGMENTS = [path for path in templates() if path.name.startswith("_")]
NEEDS = re.compile(r"\{# needs:([^#]*)#\}")
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"}
TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
"""What Jinja replaces; the HTML around it is what a browser gets."""

NO_OPERATION = {
    "accounts/sign_in.html": "signing in again is another session",
    "host.html": "signing out twice is signing out",
    "invitations/front.html": "only a cookie of this browser changes",
    "invitations/_code_form.html": "nothing changes",
}
"""Forms that need no operation id, each with its reason."""


@cache
def environment() -> Environment:
    return create_app(settings_for("sqlite:////nowhere")).jinja_env


@cache
def given() -> set[str]:
    """What every template has without asking: the globals, and what Flask and its extensions put in."""
    app = create_app(settings_for("sqlite:////nowhere"))
    with app.test_request_context():
        context: dict[str, object] = {}
        app.update_template_context(context)
    return set(environment().globals) | set(context)


def parsed(name: str) -> nodes.Template:
    return environment().parse((TEMPLATES / name).read_text())


@cache
def used(name: str) -> frozenset[str]:
    """The variables a template must be given, those of what it includes among them; what has a default need not."""
    tree = parsed(name)
    made = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "store"}
    wanted = find_undeclared_variables(tree) | {each for part in includes(tree) for each in used(part)}
    spared = {
        each.node.name
        for each in tree.find_all(nodes.Filter)
        if each.name == "default" and isinstance(each.node, nodes.Name)
    }
    return frozenset(wanted - made - spared - given())


def includes(tree: nodes.Template) -> Iterator[str]:
    for node in tree.find_all(nodes.Include):
        assert isinstance(node.template, nodes.Const), "what is included is named"
        yield node.template.value


class Roots(HTMLParser):
    """The elements of a source that are inside no other."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.found.append(dict(attrs).get("id") or f"<{tag}>")
        if tag not in VOID:
            self.depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.found.append(dict(attrs).get("id") or f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag not in VOID

    def handle_data(self, data: str) -> None:
        assert self.depth or not data.strip(), f"words outside the root: {data.strip()[:40]}"


def without_macros(source: str) -> str:
    return re.sub(r"\{%-?\s*macro.*?endmacro\s*-?%\}", "", source, flags=re.DOTALL)


def test_there_are_fragments() -> None:
    assert len(FRAGMENTS) > 10


@pytest.mark.parametrize("path", FRAGMENTS, ids=template_name)
def test_a_fragment_says_what_it_needs_and_that_is_true(path: Path) -> None:
    said = NEEDS.match(path.read_text())
    assert said, "the first line is {# needs: … #}"
    needs = [word.strip() for word in said[1].split(",") if word.strip()]
    assert len(needs) == len(set(needs))
    assert set(needs) == set(used(template_name(path)))


@pytest.mark.parametrize("path", FRAGMENTS, ids=template_name)
def test_a_fragment_has_one_root_with_its_name(path: Path) -> None:
    roots = Roots()
    roots.feed(VALUE.sub("x", TAG.sub("", without_macros(path.read_text()))))
    roots.close()
    name = path.stem.removeprefix("_").replace("_", "-")
    assert roots.found in ([name], [f"{name}-x"]), "one of many is called by its name and its number"
    assert roots.depth == 0, "everything is closed"


@pytest.mark.parametrize("path", templates(), ids=template_name)
def test_a_form_that_changes_something_carries_its_token_and_its_operation(path: Path) -> None:
    for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.DOTALL):
        if 'method="post"' not in form and "hx-post" not in form:
            continue
        assert 'name="csrf_token"' in form
        if template_name(path) not in NO_OPERATION:
            assert 'name="operation_id"' in form


@pytest.mark.parametrize("path", templates(), ids=template_name)
def test_htmx_is_told_where_an_answer_goes_on_the_element_itself(path: Path) -> None:
    """Inheritance is explicit in htmx 4, and the policy allows no code in attributes."""
    for tag in re.findall(r"<\w+\b[^>]*\bhx-(?:get|post)=[^>]*>", VALUE.sub("x", path.read_text())):
        assert "hx-swap=" in tag, tag
        assert "hx-target=" in tag or 'hx-swap="none"' in tag, tag
    source = path.read_text()
    assert not re.search(r"\bhx-on|\bjs:|\bstyle=|\son\w+=|<script(?![^>]*\bsrc=)|<style\b", source)
    assert not re.search(r'hx-trigger="[^"]*\[', source), "no filters"


def test_macros_are_leaves() -> None:
    """What a macro shows is given to it: it takes nothing from the page around it."""
    for path in templates():
        for macro in parsed(template_name(path)).find_all(nodes.Macro):
            assert not list(macro.find_all(nodes.Include)), f"{template_name(path)}: {macro.name}"


def test_every_template_is_used(app: Flask, database: Database) -> None:
    source = "\n".join(path.read_text() for path in (*templates(), *TEMPLATES.parent.rglob("*.py")))
    unused = {template_name(path) for path in templates() if f'"{template_name(path)}"' not in source.replace("'", '"')}
    assert unused == set()

"""How files are called, how long they are, and what none of them says."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

from portal.config import ROOT
from tests.house.plan import FEATURES, PORTAL, ROLES, modules, template_name, templates

DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "manager", "managers"}
LONGEST_MODULE, LONGEST_FUNCTION, MOST_STATEMENTS, LONGEST_TEMPLATE = 300, 30, 15, 150
WRITTEN = {".py", ".html", ".css", ".js", ".md", ".toml", ".txt", ".svg", ".po", ".ini", ""}
HERE = [re.escape(f"{place}/") for place in (ROOT, Path.home()) if len(place.parts) > 2]
PLACES = re.compile("|".join([*HERE, r"/home/\w+/", r"/Users/\w+/"]))
"""Where this or another machine keeps its files; a place as short as /app could be part of any address."""

HTMX_HEADER = re.compile(r"\bHX-[A-Z]")


def written_files() -> list[Path]:
    """Everything people wrote here, without what is made or vendored."""
    folders = ["portal", "migrations", "tests", "script", "docs"]
    found = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    found += [path for path in ROOT.iterdir() if path.is_file()]
    return [
        path
        for path in sorted(found)
        if path.suffix in WRITTEN and "__pycache__" not in path.parts and "vendor" not in path.parts
        if not path.name.startswith(".") and path.name != Path(__file__).name
    ]


def test_the_file_names_of_a_feature_are_a_closed_list() -> None:
    for feature in FEATURES:
        names = {path.stem for path in (PORTAL / feature).iterdir() if path.name not in {"__init__.py", "__pycache__"}}
        assert names <= ROLES, feature


def test_nothing_is_a_drawer() -> None:
    named = {part for path in written_files() for part in path.relative_to(ROOT).with_suffix("").parts}
    assert named & DRAWERS == set()


def test_no_module_is_longer_than_can_be_read_at_once() -> None:
    lengths = {module.name: len(module.path.read_text().splitlines()) for module in modules()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_no_function_is_longer_than_a_thought() -> None:
    """Thirty lines without the docstring; one that names a column or an argument a line may have fifteen statements."""
    long = {}
    for module in modules():
        for function in module.functions():
            body = function.body[1:] if ast.get_docstring(function) else function.body
            lines = (function.end_lineno or 0) - body[0].lineno + 1
            statements = sum(isinstance(node, ast.stmt) for each in body for node in ast.walk(each))
            if lines > LONGEST_FUNCTION and statements > MOST_STATEMENTS:
                long[f"{module.name}.{function.name}"] = (lines, statements)
    assert long == {}


def test_no_template_is_longer_than_its_page() -> None:
    lengths = {template_name(path): len(path.read_text().splitlines()) for path in templates()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_TEMPLATE} == {}


def test_htmx_headers_are_named_in_one_file() -> None:
    named = [
        path for path in PORTAL.rglob("*.*") if path.suffix in {".py", ".html", ".js"} and "vendor" not in path.parts
    ]
    naming = {str(path.relative_to(PORTAL)) for path in named if HTMX_HEADER.search(path.read_text())}
    assert naming == {"kit/htmx.py"}


def test_html_that_is_not_escaped_is_made_in_one_file() -> None:
    python = {
        str(m.path.relative_to(PORTAL))
        for m in modules()
        if re.search(r"\bMarkup\b|autoescape\s*=\s*False", m.path.read_text())
    }
    jinja = {template_name(path) for path in templates() if re.search(r"\|\s*safe\b|autoescape", path.read_text())}
    assert (python, jinja) == ({"kit/presentation.py"}, set())


def test_nothing_is_left_to_do_and_nothing_belongs_to_one_machine() -> None:
    undone = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    texts = {str(path.relative_to(ROOT)): path.read_text() for path in written_files()}
    assert len(texts) > 200
    assert [name for name, text in texts.items() if undone.search(text)] == []
    assert [name for name, text in texts.items() if PLACES.search(text)] == []


def test_the_linter_looks_for_code_that_was_commented_out() -> None:
    chosen = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert "ERA" in chosen["select"]
    assert "ERA" not in str(chosen["ignore"]) + str(chosen["per-file-ignores"])

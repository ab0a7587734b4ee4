"""The plan of the house: its modules, what each of them imports, and its templates."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from portal.config import ROOT

PORTAL = ROOT / "portal"
TEMPLATES = PORTAL / "templates"
FEATURES = sorted(
    folder.name
    for folder in PORTAL.iterdir()
    if (folder / "__init__.py").is_file() and folder.name not in {"kit", "__pycache__"}
)
AUDIENCES = {"guest", "host", "door", "api", "cli"}
ROLES = {"models", "rules", "actions", "queries", "forms"} | AUDIENCES
"""The file names of a feature; one that grew too long is a folder of that name."""


@dataclass(frozen=True)
class Module:
    """A file of Python, by its dotted name."""

    path: Path

    @property
    def name(self) -> str:
        """``portal.seating.actions.claims``; a package is called as its folder."""
        dotted = ".".join(self.path.relative_to(ROOT).with_suffix("").parts)
        return dotted.removesuffix(".__init__")

    @property
    def feature(self) -> str:
        """``seating``, ``kit``, or nothing for what lies at the top."""
        parts = self.path.relative_to(PORTAL).parts
        return parts[0] if len(parts) > 1 else ""

    @property
    def role(self) -> str:
        """``actions``, also for what lies in the folder of that name; nothing for the feature itself."""
        return role_of(self.name)

    @cached_property
    def tree(self) -> ast.Module:
        """What it says."""
        return ast.parse(self.path.read_text())

    def imports(self) -> Iterator[str]:
        """Every name it imports, also inside functions: ``portal.kit.clock``, ``portal.kit.clock.now``."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.name}: imports say where from"
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    def functions(self) -> Iterator[ast.FunctionDef]:
        """Its functions, without those inside others."""
        yield from (node for node in self.tree.body if isinstance(node, ast.FunctionDef))

    def imported(self) -> dict[str, str]:
        """What the names of the module stand for: ``{"record": "portal.audit.actions.record"}``."""
        found: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom):
                found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        return found


def modules() -> list[Module]:
    """Every module of the application."""
    return [Module(path) for path in sorted(PORTAL.rglob("*.py"))]


def role_of(name: str) -> str:
    """``actions`` for ``portal.seating.actions.claims.take_seat``."""
    parts = name.split(".")
    return parts[2] if len(parts) > 2 and parts[0] == "portal" and parts[1] in FEATURES else ""


def feature_of(name: str) -> str:
    """``seating`` for ``portal.seating.actions.claims.take_seat``."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "portal" else ""


def templates() -> list[Path]:
    """Every template."""
    return sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".svg", ".txt"})


def template_name(path: Path) -> str:
    """``seating/_seat_map.html``."""
    return str(path.relative_to(TEMPLATES))


def decorators(function: ast.FunctionDef) -> list[str]:
    """The names of what stands above a function: ``action``, ``blueprint.get``, ``requires``."""
    called = [node.func if isinstance(node, ast.Call) else node for node in function.decorator_list]
    return [ast.unparse(node) for node in called]

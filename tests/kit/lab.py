"""A few routes that do what no real route should, to see how the kit takes it."""

from __future__ import annotations

from typing import Any, NoReturn

from flask import Blueprint, Flask, Response, abort, request
from sqlalchemy import bindparam, insert, text

from portal import create_app
from portal.kit.access import public
from portal.kit.conflicts import rule
from portal.kit.database import Busy, action
from portal.kit.errors import speaks
from portal.kit.schema import db
from portal.kit.statements import command
from portal.organizations.models import Organization
from tests import world
from tests.conftest import settings_for

A_RULE = rule("not_on_mondays", "{name} cannot come on Mondays.", "{name} no puede venir los lunes.")


@action
def found(slug: str) -> None:
    """Make an organization of this slug."""
    _open(called=slug, at=slug)


@command
def _open() -> Any:
    return insert(Organization).values(name=bindparam("called"), slug=bindparam("at"))


@action
def found_two(first: str, second: str) -> None:
    """Two actions in one."""
    found(first)
    found(second)


@action
def found_and_lose(slug: str) -> None:
    """Make an organization, and lose the connection before that stands."""
    found(slug)
    db.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


UNSPOKEN = {
    "sqlite": [
        "CREATE TRIGGER unspoken BEFORE UPDATE ON organizations BEGIN SELECT RAISE(ABORT, 'nobody_spoke_of_this'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION unspoken() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'nobody_spoke_of_this' USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE TRIGGER unspoken BEFORE UPDATE ON organizations FOR EACH ROW EXECUTE FUNCTION unspoken()",
    ],
}
"""Made and refused in one transaction, so that nothing of it stays."""


@action
def add_unspoken_rule() -> None:
    """What a trigger refuses that somebody has made by hand, and no sentence speaks of."""
    for statement in UNSPOKEN[db.engine.dialect.name]:
        db.session.execute(text(statement))
    db.session.execute(text("UPDATE organizations SET name = 'Nobody'"))


def slugs() -> list[str]:
    """The organizations there are, read on a connection of its own."""
    with db.engine.connect() as connection:
        return list(connection.scalars(text("SELECT slug FROM organizations ORDER BY id")))


def laboratory(url: str, **settings: object) -> Flask:
    """The application with the routes below."""
    app = create_app({**settings_for(url), "TESTING": False, **settings})

    @app.post("/lab/found")
    @public
    def make() -> str:
        found(request.form["slug"])
        return "made"

    @app.post("/lab/found-two")
    @public
    def make_two() -> str:
        found_two(request.form["first"], request.form["second"])
        return "made"

    @app.post("/lab/elsewhere")
    @public
    def make_elsewhere() -> str:
        found(request.form["slug"])
        return "made"

    @app.post("/lab/rule")
    @public
    def refuse() -> NoReturn:
        raise A_RULE.conflict(name="Ada")

    @app.post("/lab/busy")
    @public
    def busy() -> NoReturn:
        raise Busy

    @app.post("/lab/bug")
    @public
    def bug() -> NoReturn:
        raise ZeroDivisionError("the secret words of a traceback")

    @app.post("/lab/unspoken")
    @public
    def unspoken() -> NoReturn:
        with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
            world.populate(connection, range(1, 3))
        add_unspoken_rule()
        raise AssertionError("nothing refused it")

    @app.get("/lab/cut-off")
    @public
    def cut_off() -> str:
        mine = db.session.scalar(text("SELECT pg_backend_pid()"))
        with db.engine.begin() as another:
            another.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": mine})
        return "answered"

    @app.post("/lab/lost")
    @public
    def lose() -> NoReturn:
        found_and_lose("wharf-road")
        raise AssertionError("the connection was kept")

    @app.post("/lab/no-such-table")
    @public
    def misspell() -> str:
        return str(db.session.execute(text("SELECT * FROM no_such_table")).all())

    @app.get("/lab/status/<int:status>")
    @public
    def status(status: int) -> NoReturn:
        abort(status)

    quarrel = Blueprint("quarrel", __name__)

    @quarrel.post("/lab/quarrel")
    @public
    def refuse_with_a_page() -> NoReturn:
        raise A_RULE.conflict(name="Ada")

    speaks(quarrel, lambda _conflict: Response(", ".join(slugs()), 409))
    app.register_blueprint(quarrel)

    gone = Blueprint("gone", __name__)

    @gone.post("/lab/gone")
    @public
    def refuse_what_is_gone() -> NoReturn:
        raise A_RULE.conflict(name="Ada")

    speaks(gone, lambda _conflict: abort(404))
    app.register_blueprint(gone)
    return app

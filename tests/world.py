"""A world in numbers: for every table, the valid row of a given number, and many of them in bulk.

Row 7 of each table belongs to row 7 of its parents, so that a test may take any
single row away, or change it, and know what that breaks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, column, insert, inspect, text
from sqlalchemy import table as table_clause

import portal.room.models
import portal.waiting.models  # noqa: F401 - the same
from portal.exports.models import Kind
from portal.imports.models import RowFate, State
from portal.invitations.models import Rsvp
from portal.kit.schema import db
from portal.organizations.models import Role
from portal.seating.models import Category, ClaimState, RequestKind, RequestState, Shape, TableKind

Row = dict[str, Any]

OPENING = datetime(2026, 12, 12, 18, 30, tzinfo=UTC)
NAMES = ("Ngozi Okafor", "José María Ñúñez", "李小龙", "Ολυμπία Παππά", "שרה לוי", "Zoë 🌸 d’Arcy", "İpek Şahin")


def is_superuser(number: int) -> bool:
    """Every fourth user is one."""
    return number % 4 == 0


def is_member(number: int) -> bool:
    """Every third place belongs to a guest without an invitation."""
    return number % 3 != 0


def is_taken(number: int) -> bool:
    """Every second claim is a seat, the others are holds."""
    return number % 2 == 0


def name(number: int) -> str:
    """A name of one of many scripts."""
    return f"{NAMES[number % len(NAMES)]} {number}"


def moment(number: int) -> datetime:
    """A moment of its own, with microseconds."""
    return OPENING + timedelta(minutes=number, microseconds=number)


def _organization(n: int) -> Row:
    return {"name": name(n), "slug": f"organization-{n}", "last_reference": n}


def _user(n: int) -> Row:
    return {
        "email": f"Host+{n}@example.org",
        "email_key": f"host+{n}@example.org",
        "name": name(n),
        "password_hash": f"hash {n}" if n % 2 else None,
        "provider": "https://accounts.example.org",
        "provider_id": f"subject-{n}",
        "is_superuser": is_superuser(n),
        "deleted_at": moment(n) if n % 5 == 0 else None,
    }


def _membership(n: int) -> Row:
    return {
        "user_id": n,
        "organization_id": n,
        "role": Role.ADMIN if n % 2 else Role.ORGANIZER,
        "is_superuser": is_superuser(n),
    }


def _member_profile(n: int) -> Row:
    return {"user_id": n, "organization_id": n, "display_name": name(n), "bio": "Ask me about the lights." * (n % 2)}


def _group(n: int) -> Row:
    return {"organization_id": n, "name": f"Kitchen {n}", "name_key": f"kitchen {n}"}


def _group_membership(n: int) -> Row:
    return {"group_id": n, "user_id": n, "organization_id": n}


def _organization_invitation(n: int) -> Row:
    return {
        "organization_id": n,
        "email": f"Colleague+{n}@example.org",
        "email_key": f"colleague+{n}@example.org",
        "role": Role.ADMIN if n % 2 else Role.ORGANIZER,
        "token_hash": f"{n:064x}",
        "expires_at": moment(n),
        "accepted_at": moment(n) if n % 3 == 0 else None,
        "invited_by": n if n % 2 else None,
    }


def _outbox(n: int) -> Row:
    return {
        "recipient": f"colleague+{n}@example.org",
        "subject": f"Welcome, {name(n)}",
        "body": "Open this link.\n",
        "due_at": moment(n) if n % 2 else None,
        "attempts": n % 4,
        "error": "" if n % 2 else "550 no such mailbox",
    }


def _user_session(n: int) -> Row:
    return {
        "user_id": n,
        "token_hash": f"{n:064x}",
        "device": "Phone",
        "address": "127.0.0.1",
        "last_seen_at": moment(n),
        "expires_at": moment(n + 1),
    }


def _event(n: int) -> Row:
    return {
        "organization_id": n,
        "title": f"Lantern Night {n}",
        "slug": f"lantern-night-{n}",
        "description": "Come as you are.",
        "place": "The Old Tram Depot",
        "starts_at": moment(n),
        "ends_at": moment(n + 300),
        "time_zone": "Europe/London",
        "status": "published",
        "rsvp_deadline": moment(n) - timedelta(days=2),
        "hold_seconds": 300 if n % 2 else 0,
        "show_names": n % 2 == 0,
        "capacity": n if n % 2 else None,
        "is_public": False,
        "settings": {"meals": ["Chicken", "Ñame", "素食"], "landmarks": [{"label": "Stage", "x": n}]},
        "version": n,
        "coming": 0,
        "offer_seconds": 3600 + n,
    }


def _event_session(n: int) -> Row:
    return {
        "event_id": n,
        "title": "Dinner",
        "speaker": "",
        "starts_at": moment(n),
        "ends_at": moment(n + 60),
        "version": n,
    }


def _participant(n: int) -> Row:
    return {
        "organization_id": n,
        "event_id": n,
        "user_id": n,
        "role": "organizer" if n % 2 else "viewer",
        "metadata": {"joined": name(n)},
        "deleted_at": moment(n) if n % 4 == 0 else None,
    }


def _guest(n: int) -> Row:
    return {
        "organization_id": n,
        "name": name(n),
        "search_key": name(n).casefold(),
        "email": f"guest{n}@example.org",
        "email_key": f"guest{n}@example.org",
        "phone": None if n % 2 else "+44 20 7946 0000",
        "language": "es" if n % 2 else None,
        "user_id": n if n % 2 else None,
    }


def _invitation(n: int) -> Row:
    return {
        "event_id": n,
        "code": f"{n:012d}",
        "code_version": 1,
        "name": name(n),
        "names_hidden": n % 2 == 0,
        "sent_at": moment(n),
    }


def _invitation_guest(n: int) -> Row:
    return {
        "organization_id": n,
        "event_id": n,
        "invitation_id": n,
        "guest_id": n,
        "position": 0,
        "rsvp": Rsvp.ACCEPTED if is_member(n) else Rsvp.PENDING,
        "responded_at": moment(n) if is_member(n) else None,
        "responded_by": f"guest:{n}" if is_member(n) else None,
        "is_child": n % 5 == 0,
        "meal": "Ñame",
        "dietary": "no nuts; severe",
        "note": "Back to\nback, please",
        "host_note": "",
        "seat_category": Category.VIP if n % 7 == 0 else Category.REGULAR,
        "reference_code": f"G{n:04d}",
    }


def _session_answer(n: int) -> Row:
    return {"event_id": n, "guest_id": n, "member_id": n, "session_id": n}


def _table(n: int) -> Row:
    return {
        "event_id": n,
        "name": f"{n}",
        "slug": f"{n}",
        "note": "by the window",
        "shape": Shape.ROUND,
        "capacity": 10,
        "x": n,
        "y": -n,
        "rotation": 0,
        "captain_id": n if n % 2 else None,
        "is_quiet": n % 2 == 0,
        "kind": TableKind.OPEN,
    }


def _seat(n: int) -> Row:
    return {
        "event_id": n,
        "table_id": n,
        "label": f"{n}",
        "position": 0,
        "category": Category.REGULAR,
        "step_free": n % 2 == 0,
        "x": 0,
        "y": 0,
    }


def _guest_assignment(n: int) -> Row:
    return {
        "organization_id": n,
        "event_id": n,
        "table_id": n if is_taken(n) else None,
        "guest_id": n,
        "member_id": n if is_member(n) else None,
        "member_rsvp": Rsvp.ACCEPTED if is_member(n) else None,
        "reference_code": f"G{n:04d}",
        "bidder_number": n if n % 2 else None,
        "display_name": name(n),
        "dietary": "",
    }


def _seat_claim(n: int) -> Row:
    return {
        "event_id": n,
        "table_id": n,
        "seat_id": n,
        "assignment_id": n,
        "state": ClaimState.TAKEN if is_taken(n) else ClaimState.HELD,
        "held_until": None if is_taken(n) else moment(n),
        "taken_table_id": n if is_taken(n) else None,
    }


def _waiting(n: int) -> Row:
    return {
        "event_id": n,
        "invitation_id": n,
        "wants": n if n % 2 else None,
        "offered": n if n % 3 else None,
        "offered_until": moment(n) if n % 3 else None,
    }


def _household_request(n: int) -> Row:
    """To nobody, since every row's event has one invitation."""
    return {
        "event_id": n,
        "from_invitation_id": n,
        "to_invitation_id": None,
        "kind": RequestKind.SWAP if n % 2 else RequestKind.NEAR,
        "state": RequestState.ASKED if n % 3 else RequestState.WITHDRAWN,
        "wanted": name(n),
        "slot": 1 + n % 5,
        "answered_at": None if n % 3 else moment(n),
    }


def _room_draft(n: int) -> Row:
    return {"event_id": n, "version": n, "step": 1, "document": {"tables": {"-1": {"name": name(n)}}}}


def _room_step(n: int) -> Row:
    return {
        "draft_id": n,
        "number": 1,
        "deed": "moved",
        "names": [name(n)],
        "before": {"tables": {"-1": None}, "landmarks": {}},
        "after": {"tables": {"-1": {"name": name(n)}}, "landmarks": {}},
    }


def _seating_step(n: int) -> Row:
    return {
        "event_id": n,
        "actor": f"user:{n}",
        "moves": [[n, None, None, n, n]],
        "undone_at": moment(n) if n % 2 else None,
    }


def _seat_notice(n: int) -> Row:
    return {"event_id": n, "invitation_id": n, "member_id": n, "seat_id": n if n % 2 else None}


def _import(n: int) -> Row:
    return {
        "organization_id": n,
        "event_id": n,
        "user_id": n,
        "file_name": f"{name(n)}.csv",
        "state": State.READING if n % 2 else State.READY,
        "content": b"Household,Name" if n % 2 else None,
        "header_row": 1,
        "columns": {"household": 0, "name": 1},
        "refusal": {},
        "findings": {"households": n},
        "version": n,
        "total": n,
        "done": 0,
        "worked_at": moment(n),
        "expires_at": moment(n + 1),
    }


def _import_row(n: int) -> Row:
    return {
        "event_id": n,
        "import_id": n,
        "number": n,
        "cells": [name(n), "Ñame"],
        "is_left_out": n % 2 == 0,
        "version": 1,
        "place": 0,
        "fate": RowFate.NEW if n % 3 else None,
        "people": [{"name": name(n), "fate": "new"}],
        "notices": [],
        "kinds": "|same_name|" if n % 2 else "",
    }


def _import_household(n: int) -> Row:
    return {
        "event_id": n,
        "import_id": n,
        "place": 0,
        "name": name(n),
        "new": n,
        "is_new": True,
        "is_kept": False,
        "waits": False,
        "frees": False,
        "updated": 0,
        "unchanged": 0,
        "skipped": 0,
        "invitation_id": n if n % 2 else None,
        "refusal": {},
        "traces": {"made": [n]},
    }


def _activity(n: int) -> Row:
    return {
        "organization_id": n,
        "event_id": n if n % 2 else None,
        "actor": f"guest:{n}",
        "verb": "seat.taken",
        "subject": f"invitation:{n}",
        "detail": {"household": name(n), "seats": [{"seat": "4"}]},
        "at": moment(n),
    }


def _export_feed(n: int) -> Row:
    return {
        "organization_id": n,
        "event_id": n,
        "kind": Kind.GUESTS if n % 2 else Kind.ANSWERS,
        "name": name(n),
        "code": f"{n:012d}",
        "created_by": n if n % 3 else None,
        "revoked_at": moment(n) if n % 4 == 0 else None,
    }


def _operation(n: int) -> Row:
    return {"scope": f"seating.take:{n}", "operation_id": f"{n:x}"}


def _rate_counter(n: int) -> Row:
    return {"key": f"LIMITER/{n}", "count": n, "expires_at": 4_000_000_000 + n}


ROWS: dict[str, Callable[[int], Row]] = {
    "organizations": _organization,
    "users": _user,
    "memberships": _membership,
    "member_profiles": _member_profile,
    "groups": _group,
    "group_memberships": _group_membership,
    "organization_invitations": _organization_invitation,
    "outbox": _outbox,
    "user_sessions": _user_session,
    "events": _event,
    "event_sessions": _event_session,
    "participants": _participant,
    "guests": _guest,
    "invitations": _invitation,
    "invitation_guests": _invitation_guest,
    "session_answers": _session_answer,
    "tables": _table,
    "seats": _seat,
    "guest_assignments": _guest_assignment,
    "seat_claims": _seat_claim,
    "waiting_list": _waiting,
    "household_requests": _household_request,
    "room_drafts": _room_draft,
    "room_steps": _room_step,
    "seating_steps": _seating_step,
    "seat_notices": _seat_notice,
    "imports": _import,
    "import_rows": _import_row,
    "import_households": _import_household,
    "activity": _activity,
    "export_feeds": _export_feed,
    "operations": _operation,
    "rate_counters": _rate_counter,
}
"""How the row of a number reads, by table."""


def table(table_name: str) -> Table:
    """A table of the schema."""
    return db.metadata.tables[table_name]


def row(table_name: str, number: int, **changes: Any) -> Row:
    """The valid row of this number, or that row with something changed."""
    return {"id": number, "created_at": moment(number), **ROWS[table_name](number), **changes}


def populate(connection: Connection, numbers: Sequence[int]) -> None:
    """Write the rows of these numbers into every table that stands, parents first."""
    standing = set(tables_of(connection))
    for each in db.metadata.sorted_tables:
        if each.name in standing:
            add(connection, each.name, [row(each.name, number) for number in numbers])


def add(connection: Connection, table_name: str, rows: Sequence[Row]) -> None:
    """Write rows into a table as it is at the present revision: columns that come later are left out."""
    names = {each["name"] for each in inspect(connection).get_columns(table_name)}
    columns = [column(each.name, each.type) for each in table(table_name).columns if each.name in names]
    target = table_clause(table_name, *columns)
    connection.execute(
        insert(target), [{key: value for key, value in values.items() if key in names} for values in rows]
    )


def ancestors(table_name: str) -> set[str]:
    """The tables that a row of this table needs a row of."""
    found: set[str] = set()
    waiting = [table_name]
    while waiting:
        for key in table(waiting.pop()).foreign_key_constraints:
            parent = key.referred_table.name
            if parent != table_name and parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def digest(connection: Connection, table_name: str) -> str:
    """One line for everything a table holds, equal for equal rows: how many, and their hash."""
    return _line([sorted(each.items()) for each in _rows(connection, table_name)])


def column_digests(connection: Connection) -> dict[str, str]:
    """One line for what each column of each table holds, by ``table.column``: a revision may add a column."""
    found = {}
    for each in tables_of(connection):
        rows, columns = _rows(connection, each), inspect(connection).get_columns(each)
        for name in [each_column["name"] for each_column in columns]:
            found[f"{each}.{name}"] = _line([(row["id"], row[name]) for row in rows])
    return found


def _rows(connection: Connection, table_name: str) -> Sequence[Any]:
    return connection.execute(text(f"SELECT * FROM {table_name} ORDER BY 1")).mappings().all()


def _line(rows: Sequence[Any]) -> str:
    return f"{len(rows)} rows, {hashlib.sha256(repr(rows).encode()).hexdigest()}"


def digests(connection: Connection) -> dict[str, str]:
    """What every table in the database holds, whichever stand at the present revision."""
    return {each: digest(connection, each) for each in tables_of(connection)}


def tables_of(connection: Connection) -> list[str]:
    """The tables that stand in the database, but for what engine and migrations keep for themselves."""
    catalog = (
        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        if connection.dialect.name == "sqlite"
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    )
    return [each for each in connection.scalars(text(catalog)) if each not in {"alembic_version", "sqlite_sequence"}]

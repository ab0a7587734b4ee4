"""A worker's event loop goes on turning, whatever is asked of it: nobody's page waits for somebody else's work."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from portal.config import ROOT
from portal.kit import presentation
from portal.kit.schema import db
from tests.cast import Cast, Family
from tests.conftest import settings_for
from tests.endurance.conftest import IS_LONG, Figures, Watched
from tests.endurance.watch import EVERY, Turns
from tests.races.server import Answer, Phone, at_once

SIGN_INS = 128 if IS_LONG else 10
HOUSEHOLDS = 1000 if IS_LONG else 20
PASSES = 50 if IS_LONG else 2
LONGEST_STALL = 150
"""Milliseconds for which a loop may stand still."""


def stalls(venue: Watched, figures: Figures, what: str, work: Callable[[], object]) -> list[Turns]:
    """Do this work; returns how the loop of each worker turned meanwhile."""
    watches = venue.watches()
    for watch in watches:
        watch.reset()
    work()
    turns = [watch.read() for watch in watches]
    figures.milliseconds(f"longest stall during {what}", max(each.latest for each in turns), at_most=LONGEST_STALL)
    figures.milliseconds("of which at most work", max(each.busiest for each in turns))
    figures.note(f"{sum(each.number for each in turns)} turns meanwhile")
    return turns


def at_the_door(venue: Watched, number: int) -> Phone:
    """Somebody at an address of their own, who is asked who they are."""
    phone = venue.phone(htmx=False)
    phone.address = f"198.51.{number // 250}.{number % 250 + 1}"
    assert phone.get("/sign-in").status == 200
    return phone


def test_passwords_are_checked_beside_the_loop(venue: Watched, figures: Figures) -> None:
    """Each check is tens of milliseconds of work: inside the loop it would hardly turn more than once for each."""
    cast = venue.cast("flood", invitations=1, members=1, tables=1, seats=1)
    right = {"email": cast.host_email, "password": cast.host_password}
    errands = []
    for number in range(SIGN_INS):
        wrong = {"email": f"{number}@example.org", "password": "a guess"}
        errands.append(partial(at_the_door(venue, number).post, "/sign-in", None, **(wrong if number % 2 else right)))
    answers: list[Answer] = []
    began = time.monotonic()
    turns = stalls(venue, figures, f"{SIGN_INS} sign-ins at once", lambda: answers.extend(at_once(errands)))
    possible = (time.monotonic() - began) / EVERY * len(turns)
    assert [answer.status for answer in answers] == [303, 422] * (SIGN_INS // 2)
    assert sum(each.number for each in turns) > 20 * SIGN_INS
    figures.note(f"{possible:.0f} turns would have been possible")


def test_a_household_of_ten_opens_its_passes(venue: Watched, figures: Figures) -> None:
    """Ten codes are a lot of work: others have their turn between one and the next."""
    cast = venue.cast("passes", invitations=8, members=10, tables=1, seats=1)
    phones = [venue.phone(htmx=False) for _ in cast.families]
    for phone, family in zip(phones, cast.families, strict=True):
        phone.get(family.path())
        assert phone.post(family.path("/rsvp"), status="accepted").status == 303
    errands = [partial(open_passes, *each) for each in zip(phones, cast.families, strict=True)]
    at_once(errands)  # templates are made at the first opening
    alone = stalls(venue, figures, "a page of ten QR codes", errands[0])
    with venue.app.test_request_context():
        began = time.thread_time()
        for member in cast.okafor.members:
            presentation.qr(f"{venue.app.config['PUBLIC_URL']}{cast.okafor.path()}/{member}")
        ten_codes = time.thread_time() - began
    assert max(each.busiest for each in alone) < ten_codes
    stalls(venue, figures, f"{len(phones) * PASSES} of them", lambda: at_once(errands))


def open_passes(phone: Phone, family: Family) -> Answer:
    """Open the household's passes, again and again."""
    for _ in range(PASSES):
        answer = phone.get(family.path("/pass"))
        assert answer.status == 200
        assert answer.text.count("<svg") >= len(family.members)
    return answer


def test_a_guest_list_is_imported_beside_people_who_answer(venue: Watched, figures: Figures, tmp_path: Path) -> None:
    cast = venue.cast("list", invitations=4, members=2, tables=1, seats=9)
    file = tmp_path / "guests.csv"
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["Household", "Name", "Email"])
        for number in range(HOUSEHOLDS):
            for name in ("Ada", "Ben"):
                writer.writerow([f"Family {number}", f"{name} {number}", f"{name}.{number}@example.org"])
    statuses: list[int] = []

    def work() -> None:
        with import_list(venue, cast, file) as process:
            while process.poll() is None:
                answers = at_once([partial(change_mind, phone, family.path()) for phone, family in pairs])
                statuses.extend(answer.status for answer in answers)
        assert process.returncode == 0

    pairs = [(venue.phone(htmx=False), family) for family in cast.families]
    for phone, family in pairs:
        phone.get(family.path())
    stalls(venue, figures, f"the import of {HOUSEHOLDS} households", work)
    assert set(statuses) == {303}
    assert cast.count("SELECT count(*) FROM invitations WHERE event_id = :id", id=cast.event_id) == HOUSEHOLDS + 4
    figures.note(f"{len(statuses)} answers meanwhile")


def change_mind(phone: Phone, path: str) -> Answer:
    """Everybody comes, and then nobody does."""
    assert phone.post(f"{path}/rsvp", status="accepted").status == 303
    return phone.post(f"{path}/rsvp", status="declined")


def import_list(venue: Watched, cast: Cast, file: Path) -> subprocess.Popen[bytes]:
    """The operator's command, as a process of its own."""
    url = venue.app.config["SQLALCHEMY_DATABASE_URI"]
    environment = {"DATABASE_URL": url, "PLACECARD_ENV": "test", "SECRET_KEY": settings_for(url)["SECRET_KEY"]}
    command = ["-m", "flask", "--app", "app", "invitations", "import", str(file), "--event", "list"]
    return subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL
    )


@pytest.mark.parametrize("venue", ["sqlite"], indirect=True)
def test_nobody_waits_for_somebody_who_waits_to_write(venue: Watched, figures: Figures) -> None:
    """Another process has SQLite's only pen; in each worker people wait for it, and pages are opened as ever."""
    cast = venue.cast("pen", invitations=12, members=1, tables=1, seats=1)
    writers, readers = cast.families[:8], cast.families[8:]
    phones = [venue.phone(htmx=False) for _ in cast.families]
    for phone, family in zip(phones, cast.families, strict=True):
        assert phone.get(family.path()).status == 200
    pages: list[Answer] = []
    answers: list[Answer] = []
    accept = [
        partial(phone.post, family.path("/rsvp"), None, status="accepted")
        for phone, family in zip(phones, writers, strict=False)
    ]
    with venue.app.app_context(), db.engine.connect().execution_options(writes=True) as pen, pen.begin():
        waiting = threading.Thread(target=lambda: answers.extend(at_once(accept)))
        waiting.start()
        for _ in range(4):
            pages += at_once([partial(p.get, f.path()) for p, f in zip(phones[8:], readers, strict=True)])
        assert answers == [], "they wait"
    waiting.join()
    assert {answer.status for answer in pages} == {200}
    assert [answer.status for answer in answers] == [303] * 8, "and are not sent away"

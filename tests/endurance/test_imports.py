"""A long list goes in beside people who answer; its work is cut off, and goes on exactly where it was."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from portal.kit import clock
from tests.cast import Cast, Family
from tests.endurance.conftest import IS_LONG, WORKERS, Figures, Watched
from tests.endurance.test_event_loop import change_mind, stalls
from tests.patience import PATIENCE, wait_for

HOUSEHOLDS = 1000 if IS_LONG else 20
PAIR = ("Ada", "Ben")
KILLS = 20 if IS_LONG else 2
LONG_LIST = 1000 if IS_LONG else 60
STATE = "SELECT state, done, total FROM imports WHERE event_id = :id ORDER BY id DESC"
STOOD_STILL = "UPDATE imports SET worked_at = :then WHERE event_id = :id"
COUNTED = "SELECT count(*) FROM invitations WHERE event_id = :id"


class Desk:
    """A host of the event, who brings the list page by page."""

    def __init__(self, venue: Watched, cast: Cast) -> None:
        self.cast, self.phone = cast, venue.phone(htmx=False)
        self.phone.get("/sign-in")
        assert self.phone.post("/sign-in", None, email=cast.host_email, password=cast.host_password).status == 303
        self.start = f"/host/events/{cast.event_id}/import"
        self.address = self.start

    def state(self) -> tuple[str, int, int]:
        """Where the list stands in the database, and how far its work is."""
        row = self.cast.rows(STATE, id=self.cast.event_id)[0]
        return row.state, row.done, row.total

    def bring(self, households: int, of: str = "Family") -> None:
        """Paste a list of so many households and have it checked as it is."""
        lines = [f"{of} {n},{name} {of} {n},{name}.{of}.{n}@example.org" for n in range(households) for name in PAIR]
        self.phone.get(self.start)
        self.address = self.phone.post(self.start, None, pasted="\n".join(["Household,Name,Email", *lines])).location
        wait_for(lambda: self.state()[0] == "mapping", "the list is not read")
        self.phone.close()  # a connection that nobody used for a while may be gone
        columns = {"column_0": "household", "column_1": "name", "column_2": "email", "header_row": "1"}
        assert self.phone.post(f"{self.address}/columns", None, version=1, **columns).status == 303
        wait_for(lambda: self.state()[0] == "ready", "the list is not checked")

    def let_in(self) -> None:
        """Press the button."""
        self.phone.close()
        assert self.phone.post(f"{self.address}/write", None, version=2).status == 303

    def press(self, to: str, **fields: object) -> None:
        """Press a button of the list, and stay for no answer."""
        wait_for(lambda: self.phone.get(f"{self.address}/stage").status == 200, "nobody answers")
        self.phone.post_and_hang_up(f"{self.address}/{to}", {name: [str(value)] for name, value in fields.items()})

    def watch(self) -> None:
        """Look how far it is, as the page does, until everything is in."""
        wait_for(self._look, "the list is not in")

    def _look(self) -> bool:
        page = self.phone.get(f"{self.address}/stage")
        assert page.status == 200
        assert re.search(r"Saving your guests|Your guests are in", page.text)
        return self.state()[0] == "done"


@contextmanager
def people_who_answer(venue: Watched, cast: Cast) -> Iterator[list[int]]:
    """The families of the cast change their minds until this ends; gives what they are told."""
    statuses: list[int] = []
    over = threading.Event()

    def answer(family: Family) -> None:
        phone = venue.phone(htmx=False)
        phone.get(family.path())
        while not over.is_set():
            statuses.append(change_mind(phone, family.path()).status)

    threads = [threading.Thread(target=answer, args=(family,)) for family in cast.families]
    for thread in threads:
        thread.start()
    try:
        yield statuses
    finally:
        over.set()
        for thread in threads:
            thread.join()


def test_a_list_goes_in_beside_people_who_answer(venue: Watched, figures: Figures) -> None:
    cast = venue.cast("browser-list", invitations=4, members=2, tables=1, seats=9)
    desk = Desk(venue, cast)

    def work() -> None:
        desk.bring(HOUSEHOLDS)
        desk.let_in()
        desk.watch()

    began = time.monotonic()
    with people_who_answer(venue, cast) as statuses:
        stalls(venue, figures, f"the import of {HOUSEHOLDS} households in the browser", work)
    figures.note(f"{time.monotonic() - began:.1f} s from the upload to the last household, {len(statuses)} answers")
    assert set(statuses) == {303}
    assert cast.count(COUNTED, id=cast.event_id) == HOUSEHOLDS + 4


def test_a_worker_that_is_killed_leaves_whole_households_and_the_next_goes_on(venue: Watched, figures: Figures) -> None:
    """Each kill finds a list half written; one that is in before its kill is followed by another, twice as long."""
    cast = venue.cast("killed-list", invitations=1, members=1, tables=1, seats=1)
    desk, seen, lists, length = Desk(venue, cast), list[int](), list[int](), LONG_LIST
    since = time.monotonic()
    while len(seen) < KILLS:
        assert time.monotonic() < since + 2 * PATIENCE, "no kill finds a list half written"
        desk.bring(length, of=f"Family-{len(lists)}")
        desk.press("write", version=2)
        lists.append(length)
        length = min(2 * length, 16 * LONG_LIST)
        while not is_in(desk):
            if len(seen) < KILLS:
                kill_everybody(venue)
                check_whole(cast)
                state, done, _total = desk.state()
                if state == "writing" and 0 < done < lists[-1]:
                    seen, since, length = [*seen, done], time.monotonic(), LONG_LIST
                cast.run(STOOD_STILL, then=(clock.now() - timedelta(minutes=1)).isoformat(" "), id=cast.event_id)
                desk.press("go-on")
        check_whole(cast)
        assert cast.count(COUNTED, id=cast.event_id) == sum(lists) + 1
    figures.note(f"killed after {', '.join(map(str, seen))} households of lists of {', '.join(map(str, lists))}")


def is_in(desk: Desk) -> bool:
    """Whether the whole list is in by the time that another household stands."""
    before = desk.state()[1]

    def look() -> str | None:
        state, done, _total = desk.state()
        return state if state == "done" or done > before else None

    return wait_for(look, "it does not go on") == "done"


def kill_everybody(venue: Watched) -> None:
    """Every worker, in the middle of whatever it does; others take their places."""
    killed = venue.workers()
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: len(venue.workers()) == WORKERS and not set(killed) & set(venue.workers()), "no new workers come")


def check_whole(cast: Cast) -> None:
    """Every household that stands has both of its members and its entry, and there are as many as the imports say."""
    whole = cast.rows(
        "SELECT i.id, count(m.id) AS members FROM invitations i LEFT JOIN invitation_guests m ON m.invitation_id = i.id"
        " WHERE i.event_id = :id AND i.name LIKE 'Family-%' GROUP BY i.id",
        id=cast.event_id,
    )
    assert {row.members for row in whole} <= {len(PAIR)}
    assert len(whole) == cast.count("SELECT sum(done) FROM imports WHERE event_id = :id", id=cast.event_id)
    entries = (
        "SELECT count(*) FROM activity WHERE event_id = :id AND verb = 'invitation.created' AND actor LIKE 'user:%'"
    )
    assert cast.count(entries, id=cast.event_id) == len(whole)

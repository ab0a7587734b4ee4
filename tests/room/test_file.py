"""The room as a file: there and back the same, nobody's name in it, and a clear sentence for everything else."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from portal.room.rules.file import LARGEST, file_of, read_file, with_identities
from portal.room.rules.laying import NotARoom, lay, read_parts
from portal.room.rules.layout import Landmark, Layout
from tests.accounts.hosts import HostBrowser, add_host, words_of
from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.deeds import everybody_comes, plan, seated
from tests.room.floor import Planner

SEAT = {"label": "1", "category": "vip", "step_free": True}
TABLE: dict[str, Any] = {"name": "1", "shape": "round", "x": 50, "y": 60, "rotation": 10, "seats": [SEAT]}


def written(**changes: Any) -> bytes:
    return json.dumps({"format": "placecard-room", "version": 1, "tables": [TABLE], **changes}).encode()


@pytest.fixture
def host(cast: Cast) -> Planner:
    return Planner(cast)


def test_there_and_back_it_is_the_same_room() -> None:
    room = lay(Layout(), read_parts("3 round 10, 2 rows of 5, 1 long 8"), [Landmark(0, "Bühne «A»", 100, 5, 160, 50)])
    words = file_of(room)
    assert file_of(read_file(words.encode())) == words


def test_the_largest_room_is_read() -> None:
    words = file_of(lay(Layout(), read_parts("600 round 100"))).encode()
    assert len(words) < LARGEST
    assert read_file(words).seats == 60_000


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (b"", "That file cannot be read. Bring one that you exported here: its name ends in .json."),
        (b"\xff\xfe", "That file cannot be read."),
        (b"[" * 100_000, "That file cannot be read."),
        (b"[]", "That file is no room of Placecard, or of a version we do not know yet (this is version 1)."),
        (written(version=2), "That file is no room of Placecard"),
        (written(tables={}), "The file cannot be used: tables should be [0–600]. Nothing was changed."),
        (written(tables=[1]), "tables[1] should be {…}."),
        (written(tables=[{**TABLE, "name": ""}]), "tables[1].name should be “…” (1–80)."),
        (written(tables=[{**TABLE, "name": 7}]), "tables[1].name should be “…” (1–80)."),
        (written(tables=[{**TABLE, "shape": "oval"}]), "tables[1].shape should be “round” / “long” / “row”."),
        (written(tables=[{**TABLE, "shape": ["round"]}]), "tables[1].shape should be “round” / “long” / “row”."),
        (written(tables=[{**TABLE, "x": "50"}]), "tables[1].x should be 0, 1, 2, …."),
        (written(tables=[{**TABLE, "y": 1e300}]), "tables[1].y should be 0, 1, 2, …."),
        (written(tables=[{**TABLE, "quiet": 1}]), "tables[1].quiet should be true / false."),
        (written(tables=[{**TABLE, "seats": []}]), "tables[1].seats should be 1–100 × {…}."),
        (written(tables=[{**TABLE, "seats": [SEAT] * 101}]), "tables[1].seats should be 1–100 × {…}."),
        (written(tables=[{**TABLE, "seats": [SEAT, SEAT]}]), "there are two of “1”."),
        (written(tables=[TABLE, TABLE]), "there are two of “1”."),
        (written(tables=[{**TABLE, "name": str(n)} for n in range(601)]), "A room holds up to 600 tables."),
        (written(landmarks=[{"label": "Bar"}]), "landmarks[1].x should be 0, 1, 2, …."),
        (b" " * (LARGEST + 1), "That file is larger than 5 MB, more than any room needs."),
    ],
)
def test_what_is_no_room_is_told_where(words: bytes, sentence: str) -> None:
    with pytest.raises(NotARoom) as refused:
        read_file(words)
    assert sentence in refused.value.why.sentence("en")


def test_everything_stands_on_the_floor_wherever_the_file_says() -> None:
    marks = [{"label": "Bar", "x": -900, "y": 50_000, "width": 9_000, "height": 1}]
    room = read_file(written(tables=[{**TABLE, "x": -5000, "y": 99_000}], landmarks=marks))
    (table,), (mark,) = room.tables.values(), room.landmarks.values()
    assert (table.x, table.y) == (37, 20_000)
    assert (mark.x, mark.width, mark.height) == (0, 358, 20)


def test_whoever_sits_keeps_a_seat_of_the_same_name(cast: Cast, host: Planner) -> None:
    everybody_comes(cast)
    seated(Browser(cast.app, htmx=True), cast.okafor, 0, cast.seat(1, 5))
    sent = host.get("/room.json")
    assert sent.headers["Content-Disposition"] == f'attachment; filename="room-{cast.event_id}.json"'
    assert not [name for family in cast.families for name in family.names if name in sent.text]
    room = json.loads(sent.text)
    room["tables"].reverse()
    room["tables"].append({**TABLE, "name": "Head"})
    host.does("/file", file=(io.BytesIO(json.dumps(room).encode()), "hall.json"))
    page = host.get("/publish").text
    assert "Everybody keeps their seat" in page
    host.does("/publish")
    assert plan(cast) == {cast.okafor.names[0]: "1-5"}
    assert host.names() == ["1", "2", "Head"]
    assert host.entries("draft.imported") == 1


def test_a_file_that_cannot_be_used_changes_nothing_and_what_was_pasted_stays(cast: Cast, host: Planner) -> None:
    answer = host.post("/file", words='{"format": "placecard-room", "version": 1, "tables": [7]}')
    assert answer.status_code == 422
    assert "The file cannot be used: tables[1] should be {…}. Nothing was changed." in words_of(answer.text)
    assert "&#34;tables&#34;: [7]" in answer.text
    assert host.post("/file").status_code == 422
    host.does("/landmarks", label="Bar")
    late = host.post("/file", words=written().decode(), version=0)
    assert late.status_code == 409
    assert "The room was changed meanwhile." in words_of(late.text)
    assert "placecard-room" in late.text
    assert host.version == 1


def test_the_room_of_another_event_can_be_used_and_nobody_else_s(cast: Cast, host: Planner) -> None:
    spring = make_cast(cast.app, tables=3, invitations=0, slug="spring-supper")
    assert "spring" not in host.get("/file").text.lower()
    assert host.post("/file/from-event", **{"from": spring.event_id}).status_code == 404
    add_host(cast.app, "mina@example.org", superuser=True)
    everywhere = HostBrowser(cast.app)
    everywhere.sign_in("mina@example.org")
    both = Planner(cast, everywhere)
    assert f'<option value="{spring.event_id}"' in both.get("/file").text
    both.does("/file/from-event", **{"from": spring.event_id})
    both.does("/publish")
    assert host.names() == ["1", "2", "3"]
    assert spring.count("SELECT count(*) FROM tables WHERE event_id = :id", id=spring.event_id) == 3


def test_a_table_of_another_shape_is_known_by_its_name() -> None:
    published = lay(Layout(), read_parts("1 round 4"))
    (table,) = published.tables.values()
    seats = tuple(type(seat)(seat.label, 40 + place) for place, seat in enumerate(table.seats))
    published = Layout({7: type(table)(**{**vars(table), "id": 7, "seats": seats})}, {}, frozenset({7}))
    brought = with_identities(read_file(written()), published)
    assert list(brought.tables) == [7]
    assert [seat.id for seat in brought.tables[7].seats] == [40]

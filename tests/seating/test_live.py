"""The stream of the map: what changed, as everybody sees it, once; what is theirs, as a word."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from portal.kit import clock
from portal.seating.actions.room import add_tables
from portal.seating.rules.room import NewSeat, NewTable
from tests.cast import Cast, Family, make_cast
from tests.client import Browser
from tests.conftest import Database
from tests.deeds import accept, alter_event, everybody_comes, hold, seated
from tests.markup import elements
from tests.patience import PATIENCE
from tests.streams import Watch, listeners_of, listening, watch


@pytest.fixture
def live(database: Database) -> Iterator[Flask]:
    with listening(database.url) as app:
        yield app


@pytest.fixture
def evening(live: Flask) -> Cast:
    """Four families of four who said yes an hour ago, at four tables of ten."""
    with time_machine.travel(clock.now() - timedelta(hours=1)):
        cast = make_cast(live, invitations=4, tables=4)
        everybody_comes(cast)
    return cast


def looks(family: Family, app: Flask, query: str = "table=1", *, ago: float = 0, **headers: str) -> Watch:
    """A family opens the stream of a page that was written so many seconds ago, and has been told what it missed."""
    opened = watch(app, f"{family.path('/live')}?{query}&since={time.time() - ago:.3f}", **headers)
    opened.begins()
    return opened


def phone(cast: Cast) -> Browser:
    return Browser(cast.app, htmx=True)


def leave(cast: Cast, family: Family) -> None:
    """The first of a family gives their seat back."""
    browser = phone(cast)
    assert browser.saved(browser.post(family.path(f"/members/{family.members[0]}/seat/release")))


def ids(text: str) -> set[str]:
    return {element.attributes["id"] for element in elements(text) if "id" in element.attributes}


def test_a_seat_that_is_taken_turns_for_all_who_look_at_the_table(evening: Cast, live: Flask) -> None:
    others = [looks(family, live) for family in evening.families[1:3]]
    elsewhere = looks(evening.families[3], live, "table=2")
    seat = evening.seat(1, 5)
    seated(phone(evening), evening.okafor, 0, seat)
    texts = {other.says(f"seat-{seat}").text for other in others}
    assert len(texts) == 1, "everybody who looks alike gets the same bytes"
    text = texts.pop()
    assert {f"seat-{seat}", "free-seats-1"} == ids(text)
    plate = next(each for each in elements(text) if each.attributes.get("id") == f"seat-{seat}")
    assert plate.attributes["class"] == "seat taken"
    assert plate.attributes["aria-disabled"] == "true"
    assert "7 seats free" in text
    assert "1 seat changed at Table 1" in text
    seated(phone(evening), evening.okafor, 1, evening.seat(2, 5))
    assert ids(elsewhere.says(f"seat-{evening.seat(2, 5)}").text) == {f"seat-{evening.seat(2, 5)}", "free-seats-2"}


@pytest.mark.parametrize(("query", "part"), [("", "table-state-1"), ("view=plan", "table-mark-1")])
def test_who_sees_the_room_as_a_whole_gets_the_count_of_the_table(
    evening: Cast, live: Flask, query: str, part: str
) -> None:
    other = looks(evening.brandt, live, query)
    seated(phone(evening), evening.okafor, 0, evening.seat(1, 5))
    text = other.says(part).text
    assert "7 " in text
    assert f"seat-{evening.seat(1, 5)}" not in text


def test_a_stream_names_nobody_and_opens_nothing(evening: Cast, live: Flask) -> None:
    alter_event(evening, show_names=True)
    others = [looks(evening.brandt, live, query) for query in ("table=1", "", "view=plan")]
    seated(phone(evening), evening.okafor, 0, evening.seat(1, 5))
    text = "".join(other.says("hx-partial").text for other in others)
    secrets = [
        evening.okafor.token,
        evening.okafor.code,
        evening.brandt.token,
        *evening.okafor.names,
        "Okafor",
        "Ngozi",
    ]
    assert [secret for secret in secrets if secret in text] == []
    assert {name for each in elements(text) for name in each.attributes if name == "form"} == set()
    assert "/i/" not in text


def test_whoever_may_pick_gets_a_plate_to_press_and_nothing_more(evening: Cast, live: Flask) -> None:
    seat = evening.seat(1, 5)
    seated(phone(evening), evening.okafor, 0, seat)
    other = looks(evening.brandt, live)
    leave(evening, evening.okafor)
    plate = next(
        each
        for each in elements(other.says(f'name="seat_id" value="{seat}"').text)
        if each.attributes.get("id") == f"seat-{seat}"
    )
    assert plate.attributes["form"] == "pick"
    assert plate.attributes["class"] == "seat free"


def test_what_is_their_own_is_only_a_word(evening: Cast, live: Flask) -> None:
    """The household's other phone fetches its own rendering: what everybody sees would hide that it is theirs."""
    own, at_the_table = looks(evening.okafor, live), looks(evening.brandt, live, "")
    seated(phone(evening), evening.okafor, 0, evening.seat(1, 5))
    mark = own.says("ours").text.strip()
    assert f'data-mark="{mark}"' in phone(evening).get(evening.okafor.path("/seats")).text
    assert "hx-partial" not in own.text
    assert "table-state-1" in at_the_table.says("hx-partial").text, "before they sat down there"
    seated(phone(evening), evening.brandt, 0, evening.seat(1, 6))
    assert at_the_table.says("ours").text.strip() not in {"", mark}
    seated(phone(evening), evening.okafor, 1, evening.seat(1, 7))
    at_the_table.says("stale")


def test_each_listener_is_told_in_their_language_and_for_their_seats(evening: Cast, live: Flask) -> None:
    evening.run(
        "UPDATE guests SET language = 'es' WHERE name LIKE :name", name=f"%{evening.families[2].names[0].split()[-1]}"
    )
    evening.run(
        "UPDATE invitation_guests SET seat_category = 'vip' WHERE invitation_id = :id", id=evening.families[3].id
    )
    english, spanish, vip = (looks(family, live) for family in evening.families[1:4])
    vip_seat = evening.count("SELECT min(id) FROM seats WHERE category = 'vip' AND event_id = :id", id=evening.event_id)
    label = evening.rows("SELECT label FROM seats WHERE id = :id", id=vip_seat)[0][0]
    seated(phone(evening), evening.okafor, 0, evening.seat(1, 5))
    assert "Seat 5, taken" in english.says("seat-").text
    assert "Asiento 5" in spanish.says("seat-").text
    vips = evening.families[3]
    seated(phone(evening), vips, 0, vip_seat)
    vip.says("ours")
    leave(evening, vips)
    assert f"Seat {label}, VIP" in english.says(f"Seat {label}, VIP").text


def test_a_hold_that_runs_out_is_told_without_a_word_from_anybody(live: Flask) -> None:
    with time_machine.travel(clock.now() - timedelta(hours=1)):
        evening = make_cast(live, hold=4200)
        everybody_comes(evening)
        seat = evening.seat(1, 5)
        assert phone(evening).saved(hold(phone(evening), evening.okafor, 0, seat))
    other, own = looks(evening.brandt, live), looks(evening.okafor, live)
    assert own.begins().name == ""
    with time_machine.travel(clock.now() + timedelta(seconds=601)):
        assert f'name="seat_id" value="{seat}"' in other.says(f'value="{seat}"').text
        own.says("ours")


def test_when_picking_closes_everybody_fetches_the_map(live: Flask) -> None:
    with time_machine.travel(clock.now() - timedelta(hours=1)):
        evening = make_cast(live)
        everybody_comes(evening)
    alter_event(evening, seats_close_at=clock.now() + timedelta(seconds=600))
    other = looks(evening.brandt, live)
    assert [message.name for message in other.heard] == [""]
    with time_machine.travel(clock.now() + timedelta(seconds=601)):
        other.says("stale")


def test_who_comes_late_is_told_what_they_missed_and_nothing_else(evening: Cast, live: Flask) -> None:
    first = looks(evening.brandt, live)
    assert first.begins().name == "", "nothing happened since the page was written"
    seat = evening.seat(1, 5)
    seated(phone(evening), evening.okafor, 0, seat)
    told = first.says(f"seat-{seat}")
    assert f"seat-{seat}" in looks(evening.families[2], live, ago=600).begins().text
    woken = watch(live, f"{evening.families[3].path('/live')}?table=1&since=1", Last_Event_ID=f"{told.at:.3f}")
    assert f"seat-{seat}" in woken.begins().text, "a little more than they missed, and not the whole map"
    assert looks(evening.families[2], live, "table=2", ago=600).begins().text == ""
    assert looks(evening.okafor, live, ago=600).begins().name == "ours"
    assert looks(evening.families[2], live, ago=4000).begins().name == "stale"


@pytest.mark.parametrize("since", ["", "nonsense", "nan", "inf", "-1", "9" * 400, "1e308"])
def test_a_moment_that_cannot_be_read_is_now(evening: Cast, live: Flask, since: str) -> None:
    assert watch(live, f"{evening.brandt.path('/live')}?table=1&since={since}").begins().name in {"", "stale"}


def test_a_room_that_is_furnished_anew_is_fetched(evening: Cast, live: Flask) -> None:
    other = looks(evening.brandt, live)
    assert other.begins().name == ""
    organization = evening.count("SELECT organization_id FROM events")
    with live.app_context():
        add_tables(
            organization_id=organization, event_id=evening.event_id, tables=[NewTable("9", (NewSeat("1"),))],
            actor="system", now=clock.now(),
        )  # fmt: skip
    other.says("stale")


def test_a_seventh_page_of_one_invitation_is_refused_until_another_is_left(evening: Cast, live: Flask) -> None:
    for _ in range(6):
        looks(evening.brandt, live)
    refused = live.test_client().get(evening.brandt.path("/live"))
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert looks(evening.okafor, live), "others are not concerned"
    next(each for each in listeners_of(live) if each.about.invitation_id == evening.brandt.id).close()
    assert len(listeners_of(live)) == 6
    looks(evening.brandt, live)
    assert live.test_client().get(evening.brandt.path("/live")).status_code == 429


def test_one_address_has_so_many_pages_and_no_more(database: Database) -> None:
    with listening(database.url, STREAMS_PER_ADDRESS=3) as app:
        cast = make_cast(app, invitations=4)
        for family in cast.families[:3]:
            watch(app, family.path("/live"))
        assert app.test_client().get(cast.families[3].path("/live")).status_code == 429
        other = app.test_client().get(cast.families[3].path("/live"), environ_base={"REMOTE_ADDR": "192.0.2.7"})
        assert other.status_code == 200
        assert len(listeners_of(app)) == 4


def test_whoever_leaves_is_forgotten_also_before_the_first_byte(evening: Cast, live: Flask) -> None:
    opened = looks(evening.brandt, live)
    assert len(listeners_of(live)) == 1
    listeners_of(live)[0].close()
    assert opened.ended.wait(PATIENCE)
    unread = live.test_client().get(evening.brandt.path("/live"))
    assert len(listeners_of(live)) == 1
    unread.close()
    assert listeners_of(live) == []
    for method in ("HEAD", "OPTIONS"):
        live.test_client().open(evening.brandt.path("/live"), method=method).close()
    assert listeners_of(live) == []


def test_a_phone_that_does_not_take_what_is_written_is_sent_away(evening: Cast, live: Flask) -> None:
    unread = live.test_client().get(evening.brandt.path("/live"))
    slow = listeners_of(live)[0]
    for _ in range(200):
        slow.put(b"data: more\n\n")
    assert listeners_of(live) == []
    unread.close()


def test_a_process_that_does_not_listen_says_so(cast: Cast, plain: Browser) -> None:
    accept(plain, cast.okafor)
    answer = plain.client.get(cast.okafor.path("/live"))
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0

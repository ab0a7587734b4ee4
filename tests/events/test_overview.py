"""The host's overview: every sentence and every figure, after real answers and real seats."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal.events.models import Event
from portal.invitations.models import Invitation, Rsvp
from portal.kit import clock
from tests.accounts.hosts import host_of, words_of
from tests.cast import Cast, make_cast
from tests.events.evening import address, all_say, alter, say, sit, tell


def overview(cast: Cast) -> str:
    page = host_of(cast).get(address(cast))
    assert page.status_code == 200
    return words_of(page.text)


def test_the_address_of_the_overview_is_the_page_itself(cast: Cast) -> None:
    page = host_of(cast).get(address(cast))
    assert page.status_code == 200
    assert "<h1>Nobody has answered yet</h1>" in page.text
    assert "<title>Lantern Night: overview</title>" in page.text


def test_every_figure_after_real_answers(app: Flask) -> None:
    cast = make_cast(app, invitations=4)
    one, two, three, _four = cast.families
    all_say(cast, one, Rsvp.ACCEPTED)
    say(cast, two, yes=[0, 1], no=[2])
    all_say(cast, three, Rsvp.DECLINED)
    for number in range(3):
        sit(cast, one, number, cast.seat(1, number + 3))
    sit(cast, two, 0, cast.seat(2, 5))
    said = overview(cast)
    assert "6 coming, 5 still to answer" in said
    assert "4 invitations, 16 people" in said
    assert "6 Coming 5 Can’t come 5 Not answered 4 of 6 have a seat" in said
    assert "By invitation: 1 all coming, 1 partly, 1 can’t come, 1 not answered." in said
    assert "4 of 20 seats taken" in said
    page = host_of(cast).get(address(cast)).text
    assert 'aria-label="Of 16 invited: 6 coming, 5 can’t come, 5 not answered"' in page
    assert re.findall(r'class="share (\w+)" width="([\d.]+)%"', page) == [
        ("yes", "37.5"), ("no", "31.25"), ("open", "31.25"),
    ]  # fmt: skip
    assert 'aria-label="Table 1, 3 of 10 seats filled"' in page
    assert 'aria-label="Table 2, 1 of 10 seats filled"' in page
    assert re.findall(r'stroke-dasharray="([\d.]+) ', page) == ["66.0", "22.0"]


def test_when_everybody_has_answered_nothing_is_left(cast: Cast) -> None:
    for family in cast.families:
        all_say(cast, family, Rsvp.ACCEPTED)
    assert "8 coming, everybody has answered" in overview(cast)


def test_a_withdrawn_invitation_counts_nowhere(cast: Cast) -> None:
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    tell(cast, cast.okafor, 0, meal="Fish", note="See you there")
    alter(cast, Invitation, cast.okafor.id, revoked_at=clock.now())
    said = overview(cast)
    assert "Nobody has answered yet" in said
    assert "1 invitation, 4 people" in said
    assert "wrote to you" not in said
    assert "Fish 1" not in said


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"starts_at": timedelta(days=23)}, "Lantern Night is in 23 days."),
        ({"starts_at": timedelta(days=1)}, "Lantern Night is tomorrow."),
        ({"starts_at": timedelta(0)}, "Lantern Night is today."),
        ({"starts_at": timedelta(days=-1)}, "Lantern Night was on Thursday 19 November."),
        ({"status": "draft"}, "Lantern Night is a draft: guests cannot see it yet."),
        ({"status": "canceled"}, "Lantern Night has been called off."),
        ({"rsvp_deadline": timedelta(days=9)}, "Replies close on Sunday 29 November."),
        ({"rsvp_deadline": timedelta(hours=5)}, "Replies close today, at 5:00 pm."),
        ({"rsvp_deadline": timedelta(hours=-1)}, "Replies closed on Friday 20 November."),
        ({"rsvp_deadline": timedelta(days=-3)}, "Replies closed on Tuesday 17 November."),
    ],
)
def test_how_far_away_it_is(cast: Cast, columns: dict[str, Any], words: str) -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    moments = {name: noon + value if isinstance(value, timedelta) else value for name, value in columns.items()}
    if "starts_at" in moments:
        moments["ends_at"] = moments["starts_at"] + timedelta(hours=5)
    alter(cast, Event, cast.event_id, **moments)
    with time_machine.travel(noon, tick=False):
        assert words in overview(cast)


def test_an_event_without_guests_or_tables_says_what_to_do(app: Flask) -> None:
    cast = make_cast(app, invitations=0, tables=0)
    said = overview(cast)
    assert "Nobody is invited yet" in said
    assert "Import guests" in said
    assert "There are no tables yet. Say what shall stand in the room, and see it before it is made." in said
    assert "Once people say yes, what they will eat is counted here." in said
    assert "Nothing to sort out right now." in said
    assert "Answers, seats and words to you will pass by here." in said


def test_without_tables_nobody_speaks_of_seats(app: Flask) -> None:
    cast = make_cast(app, tables=0)
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    assert "have a seat" not in overview(cast)
    assert "without a seat" not in overview(cast)
    page = words_of(host_of(cast).get(address(cast, "/invitations")).text)
    assert "no seat yet" not in page
    assert "Without a seat" not in page


def test_it_can_be_seen_as_a_guest(cast: Cast) -> None:
    host = host_of(cast)
    assert f'href="{address(cast)}/as-guest"' in host.get(address(cast)).text
    assert "This is a preview." in words_of(host.get(host.get(address(cast, "/as-guest")).location).text)


def test_it_speaks_spanish_to_those_who_do(cast: Cast) -> None:
    page = host_of(cast).get(address(cast), headers={"Accept-Language": "es-MX,es;q=0.9"})
    assert '<html lang="es">' in page.text
    assert re.search(r"\d+ de \w+\.</p>", page.text), "the deadline, as it is said in Spanish"

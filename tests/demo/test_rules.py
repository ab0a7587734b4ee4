from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.demo.rules import evening, people
from portal.demo.rules.people import HOUSEHOLDS
from portal.demo.rules.room import TABLES, room, seating
from portal.invitations.models import Rsvp
from portal.seating.models import Category

NOW = datetime(2026, 11, 19, 14, 0, tzinfo=UTC)
EVERYBODY = [person for household in HOUSEHOLDS for person in household.members]


def test_the_okafors_come_first_and_have_not_answered() -> None:
    family = HOUSEHOLDS[0]
    assert [person.name for person in family.members] == ["Ngozi Okafor", "Daniel Okafor", "Ada Okafor", "Tobi Okafor"]
    assert [person.is_child for person in family.members] == [False, False, True, True]
    assert {person.answer for person in family.members} == {Rsvp.PENDING}


def test_two_thirds_have_answered() -> None:
    assert len(HOUSEHOLDS) == 60
    assert sum(bool(household.said) for household in HOUSEHOLDS) == 39
    assert Counter(person.answer for person in EVERYBODY) == {"accepted": 92, "declined": 10, "pending": 35}


def test_nobody_is_invited_twice_and_every_word_is_about_somebody() -> None:
    names = [person.name for person in EVERYBODY if person.name]
    assert len(names) == len(set(names))
    for told in (people.DIETARY, people.NOTES, people.HOST_NOTES, people.OWN_MEAL):
        assert set(told) <= set(names)


def test_every_seat_that_is_drawn_taken_has_somebody_who_may_sit_there() -> None:
    plan = seating()
    sketches = {sketch.name: sketch for sketch in TABLES}
    assert sum(len(sketch.taken) for sketch in TABLES) == sum(len(labels) for labels in plan.values()) == 88
    for household in HOUSEHOLDS:
        for label in plan.get(household.name, []):
            letter = sketches[str(household.table)].seats[int(label) - 1]
            assert letter == ("V" if household.is_vip else "x")


def test_the_room_is_twelve_tables_of_ten_with_something_of_everything() -> None:
    tables = room()
    assert [(table.name, len(table.seats)) for table in tables] == [(str(number), 10) for number in range(1, 13)]
    assert len({(table.x, table.y) for table in tables}) == 12
    assert all(37 <= table.x <= 321 and 37 <= table.y <= 347 for table in tables)
    seats = [seat for table in tables for seat in table.seats]
    assert Counter(seat.category for seat in seats) == {
        Category.REGULAR: 108,
        Category.VIP: 11,
        Category.RESERVED: 1,
    }
    assert any(seat.step_free for seat in seats)
    assert [table.name for table in tables if table.is_quiet] == ["11"]


def test_children_eat_their_own_meal_unless_they_say_otherwise() -> None:
    meals = people.meals()
    assert set(meals.values()) == set(people.MEALS)
    assert (meals["Nour Haddad"], meals["Jun Park"]) == ("Child’s meal", "Vegan")
    assert "Sami Haddad" not in meals


@pytest.mark.parametrize("now", [NOW, datetime(2027, 3, 10, 23, 30, tzinfo=UTC), datetime(2026, 10, 20, tzinfo=UTC)])
def test_the_evening_keeps_its_hour_across_a_change_of_the_clocks(now: datetime) -> None:
    when = evening.moments(now)
    local = when.starts_at.astimezone(ZoneInfo(evening.TIME_ZONE))
    today = now.astimezone(ZoneInfo(evening.TIME_ZONE)).date()
    assert (local.hour, local.minute, (local.date() - today).days) == (18, 30, 23)
    assert (local.date() - when.rsvp_deadline.date()).days == 13
    assert when.rsvp_deadline > now + timedelta(days=9)
    assert when.starts_at <= when.walk[0] < when.walk[1] <= when.dance[0] < when.dance[1] <= when.ends_at


def test_answers_come_one_after_the_other_many_at_first_and_the_last_just_now() -> None:
    moments = [evening.answered_at(index, 39, NOW) for index in range(39)]
    assert moments == sorted(moments)
    assert len(set(moments)) == 39
    assert evening.moments(NOW).sent_at < moments[0]
    assert moments[19] < NOW - timedelta(days=14)
    assert moments[-1] == NOW - timedelta(minutes=2)

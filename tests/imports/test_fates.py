"""What becomes of a household, given what already stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.imports.rules.fates import Changes, Fate, Owner, Plan, StandingHousehold, StandingMember, plan_household
from portal.imports.rules.households import Household
from portal.imports.rules.rows import Person
from portal.invitations.models import Rsvp

ADA = StandingMember(1, 11, "Ada Costa", "ada@example.org", "+34600000001", Rsvp.PENDING, False, False, "", "")
BEN = StandingMember(2, 12, "Ben Costa", None, None, Rsvp.PENDING, True, False, "", "")
GUEST = StandingMember(3, 13, "", None, None, Rsvp.PENDING, False, True, "", "")
COSTA = StandingHousehold(5, "The Costa family", False, (ADA, BEN, GUEST))
ADDRESS = {"ada@example.org": Owner(11, "Ada Costa", is_invited=True)}


def listed(*people: Person, name: str = "The Costa family") -> Household:
    return Household(name, people)


def ada(**more: object) -> Person:
    return replace(Person(2, "Ada Costa"), **more)  # type: ignore[arg-type]


def fates(plan: Plan) -> list[Fate]:
    return [step.fate for step in plan.steps]


def test_a_household_that_nobody_has_is_new() -> None:
    plan = plan_household(listed(ada(email="new@example.org"), Person(3, "Ben Costa")), [], {})
    assert (plan.standing, fates(plan), plan.steps[0].email) == (None, [Fate.NEW, Fate.NEW], "new@example.org")


@pytest.mark.parametrize(
    ("name", "first", "is_found"),
    [
        ("The Costa family", "Ada Costa", True),
        ("the costa  FAMILY", "ADA COSTA", True),
        ("The Costa family", "Ben Costa", False),
        ("The Costas", "Ada Costa", False),
        ("The Costa family", "Àda Costa", False),
    ],
)
def test_a_household_is_recognised_by_its_name_and_first_person(name: str, first: str, is_found: bool) -> None:
    plan = plan_household(listed(Person(2, first), name=name), [COSTA], {})
    assert (plan.standing is COSTA) is is_found


def test_among_several_it_is_the_one_most_like_it_and_then_the_oldest() -> None:
    small = StandingHousehold(4, "The Costa family", False, (replace(ADA, email=None),))
    household = listed(ada(), Person(3, "Ben Costa"))
    assert plan_household(household, [small, COSTA], {}).standing is COSTA
    assert plan_household(listed(ada()), [small, COSTA], {}).standing is small
    assert plan_household(listed(ada()), [replace(small, invitation_id=3), small], {}).standing != small
    assert plan_household(listed(ada(email="ADA@example.org")), [small, COSTA], {}).standing is COSTA


def test_what_stands_as_listed_is_left_alone() -> None:
    people = [ada(email="ADA@example.org", phone="+34600000001"), Person(3, "Ben Costa", is_child=True)]
    plan = plan_household(listed(*people, Person(4, "", is_plus_one=True)), [COSTA], ADDRESS)
    assert not plan.changes_something
    assert [notice for step in plan.steps for notice in step.person.notices] == []


@pytest.mark.parametrize(
    ("person", "member", "changes"),
    [
        (ada(phone="+34611"), ADA, Changes(phone="+34611")),
        (ada(email="ada@new.example.org"), ADA, Changes(email="ada@new.example.org")),
        (ada(is_child=True), ADA, Changes(is_child=True)),
        (ada(is_child=False), replace(ADA, is_child=True), Changes(is_child=False)),
        (ada(dietary="vegan"), ADA, Changes(dietary="vegan")),
        (ada(host_note="ramp"), replace(ADA, host_note="old"), Changes(host_note="ramp")),
        # a blank cell takes nothing away
        (ada(), replace(ADA, is_child=True, dietary="vegan", host_note="ramp"), Changes()),
        # what a guest has said stands
        (ada(dietary="vegan"), replace(ADA, dietary="halal"), Changes()),
        (ada(dietary="vegan"), replace(ADA, rsvp=Rsvp.ACCEPTED), Changes()),
        (ada(dietary="vegan"), replace(ADA, rsvp=Rsvp.DECLINED), Changes()),
    ],
)
def test_what_an_import_changes(person: Person, member: StandingMember, changes: Changes) -> None:
    step = plan_household(listed(person), [replace(COSTA, members=(member,))], {}).steps[0]
    assert step.changes == changes
    assert step.fate == (Fate.UPDATED if changes else Fate.UNCHANGED)


def test_the_host_is_told_which_dietary_needs_were_kept() -> None:
    members = (replace(ADA, dietary="halal"),)
    step = plan_household(listed(ada(dietary="vegan")), [replace(COSTA, members=members)], {}).steps[0]
    assert [notice.kind for notice in step.person.notices] == ["dietary_kept"]


def test_an_address_of_somebody_else_stays_with_them() -> None:
    owners = {"zoe@example.org": Owner(99, "Zoë Park", is_invited=False)}
    for standing in ([], [COSTA]):
        step = plan_household(listed(ada(email="zoe@example.org")), standing, owners).steps[0]
        assert (step.email, step.guest_id, step.changes.email) == (None, None, None)
        assert [notice.kind for notice in step.person.notices] == ["shared_address"]


@pytest.mark.parametrize(("is_invited", "guest_id"), [(False, 11), (True, None)])
def test_the_same_name_and_address_is_the_same_guest_once_per_event(is_invited: bool, guest_id: int | None) -> None:
    owners = {"ada@example.org": Owner(11, "ada costa", is_invited=is_invited)}
    step = plan_household(listed(ada(email="ada@example.org")), [], owners).steps[0]
    assert (step.fate, step.guest_id, step.email) == (Fate.NEW, guest_id, None)


def test_people_of_one_name_are_told_apart_by_their_place() -> None:
    twins = (ADA, replace(BEN, id=7, name="Kai"), replace(BEN, id=8, name="Kai"))
    people = [ada(), Person(3, "Kai", phone="+1"), Person(4, "Kai", phone="+2"), Person(5, "Kai")]
    steps = plan_household(listed(*people), [replace(COSTA, members=twins)], {}).steps
    assert [step.member and step.member.id for step in steps] == [1, 7, 8, None]


def test_a_plus_one_who_has_a_name_by_now_is_still_the_plus_one() -> None:
    named = replace(GUEST, name="Lena Ruiz")
    people = [ada(), Person(3, "", is_plus_one=True)]
    step = plan_household(listed(*people), [replace(COSTA, members=(ADA, named))], {}).steps[1]
    assert (step.fate, step.member) == (Fate.UNCHANGED, named)


@pytest.mark.parametrize(("stands", "name"), [("", "Lena Ruiz"), ("Lena", None)])
def test_a_plus_one_is_named_only_where_no_name_stands(stands: str, name: str | None) -> None:
    people = [ada(), Person(3, "Lena Ruiz", is_plus_one=True)]
    standing = replace(COSTA, members=(ADA, replace(GUEST, name=stands)))
    assert plan_household(listed(*people), [standing], {}).steps[1].changes.name == name


def test_a_household_that_comes_twice_is_reported_once() -> None:
    first = plan_household(listed(ada(phone="+1"), Person(3, "Eva")), [COSTA], {})
    last = plan_household(listed(ada(), Person(3, "Eva", phone="+2")), [COSTA], {})
    assert fates(last.after(first)) == [Fate.UPDATED, Fate.NEW]


def test_a_revoked_invitation_is_left_alone() -> None:
    plan = plan_household(listed(ada(phone="+1"), Person(3, "Eva")), [replace(COSTA, is_revoked=True)], {})
    assert fates(plan) == [Fate.SKIPPED, Fate.SKIPPED]
    assert [notice.kind for notice in plan.steps[0].person.notices] == ["revoked"]
    assert not plan.changes_something

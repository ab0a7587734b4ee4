"""Writing a guest list, one household at a time: other people's pages never wait for a whole list."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from portal.audit.actions import record
from portal.events.queries import lock_event
from portal.events.rules import EventView
from portal.imports.queries.standing import address_owners, standing_households
from portal.imports.rules import notices
from portal.imports.rules.fates import Fate, Plan, StandingHousehold, Step, plan_household
from portal.imports.rules.households import Household
from portal.invitations.actions.groups import NewMember, add_invitation, add_member, amend_member
from portal.kit.conflicts import Conflict
from portal.kit.database import action
from portal.kit.schema import db


def import_households(
    households: Sequence[Household], *, event: EventView, actor: str, now: datetime, write: bool
) -> Iterator[tuple[int, Plan]]:
    """Each household's place on the list and its plan, carried out if ``write`` says so.

    A household that is as it should be is only read. When one gave up an
    address, those who went without come again at the end, so that the next
    import of the same list has nothing left to do.

    Raises:
        Conflict: a household was refused twice; those before it stand.
        Busy: the database could not be had in time; those before stand.
    """
    invitations: dict[int, int] = {}
    done: set[int] = set()
    waiting: Sequence[int] = range(len(households))
    while waiting:
        without: list[int] = []
        is_one_free = False
        for place in waiting:
            done.discard(invitations.get(place, 0))
            plan = _carry_out(households[place], event, done, actor, now, write=write)
            if plan.standing is not None:
                invitations[place] = plan.standing.invitation_id
                done.add(plan.standing.invitation_id)
            if plan.lacks_an_address:
                without.append(place)
            is_one_free = is_one_free or (write and plan.frees_an_address)
            yield place, plan
        waiting = without if is_one_free else ()


@action
def import_household(
    household: Household, *, event: EventView, done: Collection[int], actor: str, now: datetime
) -> Plan:
    """Write what a list says about a household: a new invitation, or what is new about one that stands.

    The plan is made again inside the transaction, behind whoever else imports
    into this event, so it is made from what is written.

    Args:
        household: as the list has it.
        event: where they are invited.
        done: invitations that earlier households of the same list are.
        actor: who imports, for the log.
        now: when.

    Returns:
        What was done; ``standing`` is set for a new household too, and ``added`` for one that stood.

    Raises:
        Conflict: somebody else took an address at the same moment; once more is enough.
    """
    lock_event(event.id)
    plan = _plan(household, event, done)
    if plan.standing is None:
        return replace(plan, standing=_invite(plan, event, actor, now))
    if plan.changes_something:
        return replace(plan, added=_amend(plan, plan.standing, event, actor, now))
    return plan


def who_has_its_address(household: Household, *, event: EventView, done: Collection[int]) -> str:
    """Who of the address book has an address by now that the list gives to this household; empty if nobody."""
    told = (notice for step in _plan(household, event, done).steps for notice in step.person.notices)
    return next((notice.words["other"] for notice in told if notice.what is notices.ADDRESS_IN_USE), "")


def _plan(household: Household, event: EventView, done: Collection[int]) -> Plan:
    standing = standing_households(event, household, but_not=done)
    return plan_household(household, standing, address_owners(event, household))


def _carry_out(
    household: Household, event: EventView, done: Collection[int], actor: str, now: datetime, *, write: bool
) -> Plan:
    """The household as planned or, if there is anything to write, as written.

    An address that was lost in a race refuses the first try and is seen by the second.
    """
    plan = _plan(household, event, done)
    db.session.rollback()  # the picture of the world is not kept open while the next one is read
    if not write or not plan.changes_something:
        return plan
    try:
        return import_household(household, event=event, done=done, actor=actor, now=now)
    except Conflict:
        return import_household(household, event=event, done=done, actor=actor, now=now)


def _invite(plan: Plan, event: EventView, actor: str, now: datetime) -> StandingHousehold:
    household = plan.household
    invitation_id = add_invitation(
        organization_id=event.organization_id,
        event_id=event.id,
        name=household.name,
        members=[_new_member(step) for step in plan.steps],
        actor=actor,
        now=now,
    )
    return StandingHousehold(invitation_id, household.name, is_revoked=False, members=())


def _amend(plan: Plan, standing: StandingHousehold, event: EventView, actor: str, now: datetime) -> tuple[int, ...]:
    """Write what is new about a household that stands; the ids of those who were added."""
    new = [step for step in plan.steps if step.fate == Fate.NEW]
    changed = [(step, step.member) for step in plan.steps if step.member is not None and step.changes]
    for step, member in changed:
        amend_member(member.id, member.guest_id, **asdict(step.changes))
    added = tuple(
        add_member(
            _new_member(step),
            organization_id=event.organization_id,
            event_id=event.id,
            invitation_id=standing.invitation_id,
            position=position,
            plus_one_of=standing.members[0].id if step.person.is_plus_one else None,
        )
        for position, step in enumerate(new, start=standing.members[-1].position + 1)
    )
    record(
        "invitation.updated",
        organization_id=event.organization_id,
        event_id=event.id,
        actor=actor,
        subject=f"invitation:{standing.invitation_id}",
        now=now,
        detail={
            "household": standing.name,
            "added": [step.person.name for step in new],
            "changed": [step.person.name or member.name for step, member in changed],
            "member_ids": [member.id for _step, member in changed],
        },
    )
    return added


def _new_member(step: Step) -> NewMember:
    person = step.person
    return NewMember(
        name=person.name,
        email=step.email,
        phone=person.phone,
        is_child=bool(person.is_child),
        is_plus_one=person.is_plus_one,
        dietary=person.dietary,
        host_note=person.host_note,
        guest_id=step.guest_id,
    )

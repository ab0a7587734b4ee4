"""The list of invitations: found, filtered, paged, each with its link and what follows from its answers."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from flask import Flask

from portal.events.queries import find_event
from portal.invitations.models import Invitation, Rsvp
from portal.invitations.queries.households import PAGE, Show, Wish, guest_counts, guest_page
from portal.invitations.rules import InvitationStatus, invitation_status
from portal.kit import clock
from portal.kit.text import email_key, search_key
from portal.kit.tokens import spaced
from tests.accounts.hosts import HostBrowser, host_of, words_of
from tests.cast import Cast, make_cast
from tests.events.evening import address, all_say, alter, say, sit, tell
from tests.statements import statements


def shown(browser: HostBrowser, cast: Cast, **asked: Any) -> list[str]:
    """The names of the households on the page, in order."""
    page = browser.get(address(cast, "/invitations"), query_string=asked)
    assert page.status_code == 200
    return re.findall(r'class="head">.*?<h2><a[^>]*>([^<]+)</a></h2>', page.text, re.DOTALL)


def test_every_household_with_members_answers_seats_and_link(cast: Cast) -> None:
    say(cast, cast.okafor, yes=[0, 1], no=[2])
    sit(cast, cast.okafor, 0, cast.seat(1, 5))
    tell(cast, cast.okafor, 0, meal="Fish", dietary="no nuts; severe", note="See you there")
    cast.run("UPDATE invitation_guests SET is_child = :yes WHERE id = :id", yes=True, id=cast.okafor.members[3])
    page = host_of(cast).get(address(cast, "/invitations"))
    said = words_of(page.text)
    assert (
        "Okafor family Partly "
        "Ngozi Okafor Coming Table 1, seat 5 · Fish · no nuts, severe See you there "
        "Daniel Okafor Coming no seat yet Ada Okafor Can’t come Tobi Okafor Not answered child"
    ) in said
    assert f'value="http://127.0.0.1:8000/i/{cast.okafor.token}" readonly' in page.text
    assert spaced(cast.okafor.code) in said
    assert "Opened on" in said.partition("Brandt family")[0]
    assert "Not sent yet" in said.partition("Brandt family")[2]
    assert "Never opened" not in said, "nobody can open what was not sent"
    alter(cast, Invitation, cast.brandt.id, sent_at=clock.now())
    assert "Never opened" in words_of(host_of(cast).get(address(cast, "/invitations")).text).partition("Brandt")[2]
    link = re.findall(r'value="http://127.0.0.1:8000(/i/[^"]+)"', page.text)[0]
    assert host_of(cast).get(link).status_code == 200, "the link opens the invitation"


ANSWERS = [list(answers) for count in (1, 2, 3) for answers in itertools.combinations_with_replacement(Rsvp, count)]


def test_the_filters_agree_with_the_derived_status(app: Flask) -> None:
    cast = make_cast(app, invitations=len(ANSWERS), members=3, tables=0)
    for family, answers in zip(cast.families, ANSWERS, strict=True):
        for member, rsvp in zip(family.members, answers, strict=False):
            cast.run("UPDATE invitation_guests SET rsvp = :rsvp WHERE id = :id", rsvp=rsvp.value, id=member)
        for member in family.members[len(answers) :]:
            cast.run("DELETE FROM invitation_guests WHERE id = :id", id=member)
    with app.app_context():
        event = find_event(cast.event_id, organization_ids=[1])
        assert event is not None
        counts = guest_counts(event)
        for show in (Show.PENDING, Show.PARTIAL, Show.ACCEPTED, Show.DECLINED):
            rows = guest_page(event, Wish(show=show)).invitations
            expected = [
                family.id
                for family, answers in zip(cast.families, ANSWERS, strict=True)
                if invitation_status(answers) == InvitationStatus(show.value)
            ]
            assert [row.id for row in rows] == expected
            assert {row.status.value for row in rows} == {show.value}
            assert counts[show] == len(expected)
    assert counts[Show.ALL] == len(ANSWERS)


def test_filters_show_only_what_they_say(app: Flask) -> None:
    cast = make_cast(app, invitations=4)
    one, two, three, four = cast.families
    all_say(cast, one, Rsvp.ACCEPTED)
    for number in range(4):
        sit(cast, one, number, cast.seat(1, number + 3))
    all_say(cast, two, Rsvp.ACCEPTED)
    tell(cast, two, 0, dietary="vegan")
    tell(cast, three, 0, dietary="vegan", note="Hello")
    alter(cast, Invitation, one.id, sent_at=clock.now())
    alter(cast, Invitation, four.id, sent_at=clock.now())
    browser = host_of(cast)
    names = ["Okafor family", "Brandt family", "Haddad family", "Costa family"]
    assert shown(browser, cast) == names
    assert shown(browser, cast, show="unseated") == [names[1]]
    assert shown(browser, cast, show="needs") == [names[1]], "who has not said yes is not cooked for"
    assert shown(browser, cast, show="notes") == [names[2]]
    assert shown(browser, cast, show="unopened") == [names[3]]
    assert shown(browser, cast, show="unsent") == names[1:3]
    assert shown(browser, cast, show="accepted") == names[:2]
    assert shown(browser, cast, show="nonsense") == names
    said = words_of(browser.get(address(cast, "/invitations")).text)
    kinds = "All 4 Not answered 2 All coming 2 Not sent yet 2 Never opened 1 Without a seat 1 Dietary needs 1"
    assert f"{kinds} A word to you 1" in said


def test_who_sits_at_a_table(cast: Cast) -> None:
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    sit(cast, cast.okafor, 0, cast.seat(2, 5))
    browser = host_of(cast)
    table = cast.count("SELECT id FROM tables WHERE name = '2' AND event_id = :event", event=cast.event_id)
    assert shown(browser, cast, table=table) == ["Okafor family"]
    assert shown(browser, cast, table=table + 1000) == []
    other = make_cast(cast.app, slug="another-night")
    foreign = cast.count("SELECT id FROM tables WHERE name = '2' AND event_id = :event", event=other.event_id)
    assert "Table 2" not in words_of(browser.get(address(cast, "/invitations"), query_string={"table": foreign}).text)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("okafor", ["Okafor family"]),
        ("OKÁFOR", ["Okafor family"]),
        ("  inés   núñez ", ["Brandt family"]),
        ("ines nunez", ["Brandt family"]),
        ("INES", ["Brandt family"]),
        ("straße", ["Okafor family"]),
        ("STRASSE", ["Okafor family"]),
        ("李小龙", ["Brandt family"]),
        ("family", ["Okafor family", "Brandt family"]),
        ("Ada@Example.org", ["Okafor family"]),
        ("%", []),
        ("_", []),
        ("nobody", []),
        ("\x00", ["Okafor family", "Brandt family"]),
    ],
)
def test_names_are_found_whatever_their_accents_and_case(cast: Cast, typed: str, found: list[str]) -> None:
    people = [
        (cast.okafor.members[0], "Ada Straße"),
        (cast.brandt.members[0], "Inés Núñez"),
        (cast.brandt.members[1], "李小龙"),
    ]
    for member, name in people:
        cast.run(
            "UPDATE guests SET name = :name, search_key = :key WHERE id ="
            " (SELECT guest_id FROM invitation_guests WHERE id = :member)",
            name=name,
            key=search_key(name),
            member=member,
        )
    cast.run(
        "UPDATE guests SET email = :email, email_key = :key WHERE id ="
        " (SELECT guest_id FROM invitation_guests WHERE id = :member)",
        email="ada@example.org",
        key=email_key("ada@example.org"),
        member=cast.okafor.members[0],
    )
    browser = host_of(cast)
    assert shown(browser, cast, q=typed) == found
    if not found:
        assert "Nobody fits that" in words_of(
            browser.get(address(cast, "/invitations"), query_string={"q": typed}).text
        )


def test_the_code_on_a_card_finds_its_household(cast: Cast) -> None:
    assert shown(host_of(cast), cast, q=spaced(cast.brandt.code).lower()) == ["Brandt family"]


def test_a_search_stays_inside_the_event(cast: Cast) -> None:
    make_cast(cast.app, slug="another-night", invitations=3)
    assert shown(host_of(cast), cast, q="haddad") == []


def test_words_and_filter_work_together_and_are_kept(cast: Cast) -> None:
    all_say(cast, cast.okafor, Rsvp.ACCEPTED)
    browser = host_of(cast)
    assert shown(browser, cast, q="family", show="accepted") == ["Okafor family"]
    page = browser.get(address(cast, "/invitations"), query_string={"q": '"><b>', "show": "accepted"}).text
    assert 'value="&#34;&gt;&lt;b&gt;"' in page
    assert 'name="show" value="accepted"' in page


@pytest.mark.parametrize("number", ["-1", "0", "x", "", "99999999999999999999", "1.5"])
def test_a_number_that_is_none_counts_as_absent(cast: Cast, number: str) -> None:
    assert len(shown(host_of(cast), cast, after=number)) == 2
    assert len(shown(host_of(cast), cast, table=number)) == 2


def test_pages_follow_each_other_by_key(app: Flask) -> None:
    cast = make_cast(app, invitations=PAGE + 3, members=1, tables=0)
    browser = host_of(cast)
    first = browser.get(address(cast, "/invitations")).text
    assert first.count('class="panel household"') == PAGE
    onward = re.findall(r'rel="next" href="([^"]+)"', first)
    assert len(onward) == 1
    second = browser.get(onward[0].replace("&amp;", "&"))
    assert second.text.count('class="panel household"') == 3
    assert 'rel="next"' not in second.text
    assert "Back to the first page" in words_of(second.text)
    ids = re.findall(r'id="invitation-(\d+)"', first) + re.findall(r'id="invitation-(\d+)"', second.text)
    assert ids == [str(family.id) for family in cast.families]


def test_exactly_one_page_has_no_next(app: Flask) -> None:
    cast = make_cast(app, invitations=PAGE, members=1, tables=0)
    assert 'rel="next"' not in host_of(cast).get(address(cast, "/invitations")).text


def test_an_empty_list_says_how_to_fill_it(app: Flask) -> None:
    cast = make_cast(app, invitations=0)
    said = words_of(host_of(cast).get(address(cast, "/invitations")).text)
    assert "Nobody is invited yet" in said
    assert "Invite a household" in said
    assert "Import guests" in said


def test_a_withdrawn_link_says_so(cast: Cast) -> None:
    alter(cast, Invitation, cast.okafor.id, revoked_at=clock.now())
    assert "Okafor family Link withdrawn" in words_of(host_of(cast).get(address(cast, "/invitations")).text)


def test_a_guest_nobody_has_named_yet_has_a_word(cast: Cast) -> None:
    cast.run("UPDATE guests SET name = '' WHERE name = 'Tobi Okafor'")
    assert "A guest, not named yet" in words_of(host_of(cast).get(address(cast, "/invitations")).text)


def test_the_list_takes_few_statements_however_long(app: Flask) -> None:
    counts = set()
    for slug, invitations in (("few", 2), ("many", 40)):
        cast = make_cast(app, invitations=invitations, slug=slug)
        browser = host_of(cast)
        with statements(app) as sent:
            browser.get(address(cast, "/invitations"), query_string={"q": "o"})
        counts.add(sum(statement.startswith("SELECT") for statement in sent))
    assert counts == {8}, (
        "who asks, the event, the rail’s badge, whether there are seats, counts, names, invitations, members"
    )


def test_a_household_takes_few_statements_however_many_are_invited(app: Flask) -> None:
    counts = set()
    for slug, invitations in (("few", 2), ("many", 40)):
        cast = make_cast(app, invitations=invitations, slug=slug)
        browser = host_of(cast)
        with statements(app) as sent:
            browser.get(address(cast, f"/invitations/{cast.okafor.id}"))
        counts.add(sum(statement.startswith("SELECT") for statement in sent))
    assert counts == {7}, "who asks, the event, the invitation, members, what is known, seats, the rail's badge"

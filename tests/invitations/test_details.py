"""What a member adds to a yes: meal, needs, parts of the evening, a word to the hosts, the name of a plus-one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.events.actions import add_session
from portal.invitations.actions.details import change_details
from portal.invitations.actions.groups import NewMember, add_invitation
from portal.invitations.actions.leaving import move_member, remove_member
from portal.invitations.queries import token_of
from portal.invitations.rules import Details
from portal.kit import clock
from portal.kit.conflicts import Conflict
from tests.cast import Cast, Family, make_cast
from tests.client import Browser
from tests.deeds import accept, alter_event, entries, everything, follow, refused
from tests.events.evening import viewer
from tests.markup import find, forms, words_of

SUMMARY = "error-summary"


def path_of(family: Family, number: int = 0) -> str:
    return family.path(f"/members/{family.members[number]}")


def save(browser: Browser, family: Family, number: int = 0, **fields: Any) -> str:
    """The invitation after a member's details were saved."""
    return follow(browser, browser.post(path_of(family, number), **fields), root="invitation", to=family.path())


def details(cast: Cast) -> list[Any]:
    return cast.rows("SELECT meal, dietary, note FROM invitation_guests ORDER BY id")


def add_part(cast: Cast, title: str) -> int:
    with cast.app.app_context():
        now = clock.now()
        owner = cast.count("SELECT organization_id FROM events WHERE id = :id", id=cast.event_id)
        return add_session(
            organization_id=owner, event_id=cast.event_id, title=title, starts_at=now, ends_at=now + timedelta(hours=1),
            actor="system", now=now,
        )  # fmt: skip


def couple_with_a_guest(cast: Cast) -> Family:
    """A household of one with a plus-one whom nobody has named."""
    with cast.app.app_context():
        owner = cast.count("SELECT organization_id FROM events WHERE id = :id", id=cast.event_id)
        members = [NewMember("Lena Brandt"), NewMember("", is_plus_one=True)]
        invitation_id = add_invitation(
            organization_id=owner, event_id=cast.event_id, name="Lena Brandt", members=members, actor="system",
            now=clock.now(),
        )  # fmt: skip
        code = cast.rows("SELECT code FROM invitations WHERE id = :id", id=invitation_id)[0][0]
        ids = cast.rows("SELECT id FROM invitation_guests WHERE invitation_id = :id ORDER BY id", id=invitation_id)
        return Family(invitation_id, token_of(code), code, [row[0] for row in ids], ["Lena Brandt", ""])


def test_everything_a_member_says_is_kept(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    note = " Two lines,\r\nso long "
    page = save(browser, cast.okafor, meal="Fish", needs=["no nuts", "vegan"], words="carries a pen", note=note)
    assert details(cast)[0] == ("Fish", "vegan; no nuts; carries a pen", "Two lines,\nso long")
    assert "Daniel, Ada and Tobi: not chosen yet" in page
    assert "vegan, no nuts, carries a pen" in page
    assert entries(cast) == ["invitation.answered", "member.updated"]
    form = browser.get(path_of(cast.okafor)).text
    sent = forms(form)[0].sent_by("Save for Ngozi")
    assert (sent["meal"], sent["needs"], sent["words"]) == (["Fish"], ["vegan", "no nuts"], ["carries a pen"])
    assert words_of(form, "note") == "Two lines, so long"


def test_one_meal_for_everyone_who_has_not_chosen(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    browser.post(cast.okafor.path(f"/members/{cast.okafor.members[3]}/rsvp"), status="declined")
    save(browser, cast.okafor, 1, meal="Chicken")
    page = save(browser, cast.okafor, 0, meal="Fish", same_for_all="y")
    assert [row[0] for row in details(cast)] == ["Fish", "Chicken", "Fish", None, *[None] * 4]
    assert "Everybody has chosen" in page


def test_what_was_chosen_can_be_taken_away_again(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    save(browser, cast.okafor, meal="Fish", needs=["vegan"], note="Hello")
    save(browser, cast.okafor, note="", words="")
    assert details(cast)[0][1:] == ("", "")


def test_details_without_any_meal_are_fine(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    save(browser, cast.okafor, words="no onions")
    assert details(cast)[0] == (None, "no onions", "")


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"meal": "Caviar"}, "Please choose one of the meals on the page.", "meal"),
    ({"needs": ["vegan", "champagne"]}, "Please choose among the needs on the page.", "needs"),
    ({"sessions": ["77"]}, "Please choose among the parts on the page.", "sessions"),
    ({"sessions": ["x"]}, "Please choose among the parts on the page.", "sessions"),
    ({"words": "w" * 301}, "That is a little long for the kitchen. Please keep it to 300 letters.", "words"),
    ({"note": "w" * 1001}, "That is a little long. Please keep your word to 1,000 letters.", "note"),
]


def test_what_cannot_be_kept_is_said_at_the_field_and_loses_nothing(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    add_part(cast, "Dinner")
    before = everything(cast.app)
    for fields, sentence, field in WRONG:
        typed = {"meal": "Fish", "needs": ["vegan"], "words": "carries a pen", "note": "See you there"} | fields
        text = refused(browser, browser.post(path_of(cast.okafor), **typed), 422, root="details")
        assert sentence in words_of(text, SUMMARY)
        assert text.count(sentence) == 2, "in the summary and at the field"
        summary, target = find(text, SUMMARY), find(text, field)
        assert summary is not None and target is not None and f'href="#{field}"' in text
        assert "autofocus" in summary.attributes and summary.attributes["tabindex"] == "-1"
        kept = next(form for form in forms(text) if form.action == path_of(cast.okafor)).sent_by("Save")
        for name in {"words", "note"} - set(fields):
            assert kept[name] == [typed[name]], "what was typed elsewhere is still there"
    assert everything(cast.app) == before


@pytest.mark.parametrize("number", [0, 1])
def test_a_name_that_is_too_long_is_told(cast: Cast, browser: Browser, number: int) -> None:
    family = couple_with_a_guest(cast)
    accept(browser, family)
    before = everything(cast.app)
    answer = browser.post(path_of(family, number), name="x" * 201)
    if number == 0:
        assert browser.saved(answer), "only a plus-one has a name to give"
    else:
        assert "Please shorten it to 200 letters." in refused(browser, answer, 422, root="details")
        assert everything(cast.app) == before


def test_a_plus_one_is_named_after_the_yes(cast: Cast, browser: Browser) -> None:
    family = couple_with_a_guest(cast)
    assert "Lena’s guest" in browser.get(family.path()).text
    accept(browser, family)
    assert find(browser.get(path_of(family, 1)).text, "name") is not None
    assert find(browser.get(path_of(family, 0)).text, "name") is None
    page = save(browser, family, 1, name="  Søren\u00a0 Ö’Brien ")
    assert "Søren Ö’Brien" in page
    assert cast.rows("SELECT name, search_key FROM guests WHERE id = (SELECT max(id) FROM guests)") == [
        ("Søren Ö’Brien", "søren o’brien")
    ]
    assert cast.rows("SELECT display_name FROM guest_assignments WHERE member_id = :id", id=family.members[1]) == [
        ("Søren Ö’Brien",)
    ]


def test_nobody_else_is_renamed_by_a_form(cast: Cast, plain: Browser) -> None:
    accept(plain, cast.okafor)
    save(plain, cast.okafor, name="Mallory", rsvp="declined", seat_category="vip", is_child="1", host_note="!")
    assert cast.rows("SELECT name FROM guests WHERE id = 1") == [("Ngozi Okafor",)]
    assert cast.rows(
        "SELECT rsvp, seat_category, host_note, CAST(is_child AS INTEGER) FROM invitation_guests WHERE id = :id",
        id=cast.okafor.members[0],
    ) == [("accepted", "regular", "", 0)]


def test_each_member_says_which_parts_they_come_to(cast: Cast, browser: Browser) -> None:
    dinner, dance = add_part(cast, "Dinner"), add_part(cast, "Dancing")
    accept(browser, cast.okafor)
    save(browser, cast.okafor, sessions=[dinner, dance])
    save(browser, cast.okafor, 1, sessions=[dinner])
    answers = "SELECT member_id, session_id FROM session_answers ORDER BY member_id, session_id"
    first, second = cast.okafor.members[:2]
    assert cast.rows(answers) == [(first, dinner), (first, dance), (second, dinner)]
    save(browser, cast.okafor, sessions=[dance])
    assert cast.rows(answers) == [(first, dance), (second, dinner)]
    assert forms(browser.get(path_of(cast.okafor)).text)[0].sent_by("Save")["sessions"] == [str(dance)]


def test_a_part_of_another_event_is_none_of_the_choices(cast: Cast, plain: Browser) -> None:
    elsewhere = add_part(make_cast(cast.app, slug="another-evening"), "Their dinner")
    accept(plain, cast.okafor)
    answer = plain.post(path_of(cast.okafor), sessions=[elsewhere])
    assert answer.status_code == 422
    assert cast.count("SELECT count(*) FROM session_answers") == 0
    assert "Their dinner" not in answer.text


def test_nobody_is_told_that_it_is_saved_who_is_on_another_invitation_by_now(cast: Cast, plain: Browser) -> None:
    accept(plain, cast.okafor)
    with cast.app.app_context():
        here, host = viewer(cast.okafor), replace(viewer(cast.okafor), host="user:1")
        move_member(host, cast.okafor.members[0], cast.brandt.id, now=clock.now())
        remove_member(host, cast.okafor.members[1], now=clock.now())
    before = everything(cast.app)
    for member in here.members[:2]:
        with cast.app.app_context(), pytest.raises(Conflict, match="Here is how it is now"):
            change_details(here, member, Details("Fish", "vegan", "Hello", None, frozenset()), now=clock.now())
    assert everything(cast.app) == before


def test_the_same_details_again_leave_no_second_entry(cast: Cast, browser: Browser) -> None:
    dinner = add_part(cast, "Dinner")
    accept(browser, cast.okafor)
    for _ in range(2):
        save(browser, cast.okafor, meal="Fish", needs=["vegan"], note="Hello", sessions=[dinner], same_for_all="y")
    assert entries(cast) == ["invitation.answered", "member.updated"]


def test_details_sent_twice_under_one_id_count_once(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    save(browser, cast.okafor, meal="Fish", operation_id="first")
    save(browser, cast.okafor, meal="Chicken", operation_id="second")
    save(browser, cast.okafor, meal="Fish", operation_id="first")
    assert details(cast)[0][0] == "Chicken"
    assert entries(cast).count("member.updated") == 2


def test_after_the_deadline_details_are_read_only(cast: Cast, browser: Browser) -> None:
    accept(browser, cast.okafor)
    save(browser, cast.okafor, meal="Fish")
    alter_event(cast, rsvp_deadline=datetime(2026, 11, 1, tzinfo=UTC))
    before = everything(cast.app)
    page = browser.get(path_of(cast.okafor)).text
    assert "Replies have closed. Ask the hosts if something should be changed." in page
    assert forms(page)[0].buttons == []
    text = refused(browser, browser.post(path_of(cast.okafor), meal="Chicken"), 409, root="invitation")
    assert "Replies closed on 1 November. Ask the hosts to change it." in text
    assert everything(cast.app) == before


NAMES = [
    "李小龙", "Ολυμπία Παππά", "שרה לוי", "Zoë 🌸 d’Arcy", "İpek Şahin", "محمد العلي", "Nguyễn Thị Ánh", "ราตรี",
    "Þórdís Æsa Øster", "👩‍👩‍👧‍👦", "ʻOkina Kahale", "Ñandú", "Ω", "Mary-Jane O'Neil & Sons <3", "X Æ A-12",
]  # fmt: skip


def test_names_and_notes_of_every_script_survive(cast: Cast, browser: Browser) -> None:
    family = couple_with_a_guest(cast)
    accept(browser, family)
    for name in NAMES:
        save(browser, family, 1, name=name, note=name, words=name)
        assert cast.rows(
            "SELECT g.name, m.note, m.dietary, a.display_name FROM invitation_guests m"
            " JOIN guests g ON g.id = m.guest_id JOIN guest_assignments a ON a.member_id = m.id WHERE m.id = :id",
            id=family.members[1],
        ) == [(name,) * 4]
        form = browser.get(path_of(family, 1)).text
        assert forms(form)[0].sent_by("Save")["name"] == [name]
        assert words_of(form, "note") == name


def test_what_no_engine_can_keep_is_left_out(cast: Cast, browser: Browser) -> None:
    family = couple_with_a_guest(cast)
    accept(browser, family)
    save(
        browser,
        family,
        1,
        name="Ada\x00Lovelace",
        words="no\x00nuts\x07",
        note="one\x00\ntwo\x1b",
        operation_id="x\x00y",
    )
    assert cast.rows("SELECT dietary, note FROM invitation_guests WHERE id = :id", id=family.members[1]) == [
        ("no nuts", "one\ntwo")
    ]
    assert "Ada Lovelace" in browser.get(family.path()).text

"""The outbox: nothing is lost, nothing is sent for what did not happen, and giving up is seen."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from portal import mail
from portal.kit import clock
from portal.kit.database import action
from portal.mail.actions import post, post_alone, take_due_mail
from portal.mail.rules import LEASE, PAUSES, Letter
from tests.cast import Cast
from tests.mailbox import mailbox

LETTER = Letter("ngozi@example.org", "Herzlich willkommen, José 🌸", "Ábrelo:\nhttps://example.org/x\n")


def waiting(cast: Cast) -> int:
    return cast.count("SELECT count(*) FROM outbox")


def post_one(cast: Cast) -> None:
    with cast.app.app_context():
        post_alone(LETTER, now=clock.now())


def test_a_mail_arrives_as_it_was_written_and_leaves_the_outbox(cast: Cast) -> None:
    post_one(cast)
    with cast.app.app_context(), mailbox(cast.app) as box:
        assert mail.send_due() == 1
        found = box.last("ngozi@example.org")
    assert (found["Subject"], found["From"]) == (LETTER.subject, "placecard@127.0.0.1")
    assert found.get_content().splitlines() == LETTER.body.splitlines()
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Message-ID"].startswith("<outbox-")
    assert waiting(cast) == 0


def test_what_did_not_happen_is_not_told(cast: Cast) -> None:
    @action
    def fails() -> None:
        post(LETTER, now=clock.now())
        raise LookupError

    with cast.app.app_context():
        with pytest.raises(LookupError):
            fails()
        with pytest.raises(RuntimeError, match="a write outside an action"):
            post(LETTER, now=clock.now())
    assert waiting(cast) == 0


def test_a_mail_that_is_refused_is_tried_again_with_longer_and_longer_pauses_and_then_given_up(cast: Cast) -> None:
    post_one(cast)
    moment = clock.now()
    with cast.app.app_context(), mailbox(cast.app) as box:
        box.refuses.add("ngozi@example.org")
        for pause in (*PAUSES, None):
            with time_machine.travel(moment, tick=False):
                assert mail.send_due() == 0
                assert take_due_mail(now=clock.now()) is None, "it waits"
            moment += pause or timedelta(0)
        [row] = cast.rows("SELECT due_at, attempts, error FROM outbox")
        assert (row.due_at, row.attempts) == (None, len(PAUSES) + 1)
        assert row.error == "550 5.1.1 no such mailbox here"
    told = cast.app.test_cli_runner().invoke(args=["mail", "send"])
    assert "Given up: “Herzlich willkommen, José 🌸” to ngozi@example.org. They said: 550 5.1.1" in told.output


def test_a_mail_that_cannot_be_one_keeps_no_other_back(cast: Cast) -> None:
    with cast.app.app_context(), mailbox(cast.app) as box:
        post_alone(Letter("ngozi@example.org\nBcc: all@example.org", "Hello", "x"), now=clock.now())
        post_alone(LETTER, now=clock.now())
        assert mail.send_due() == 1
        assert [each["To"] for each in box.mails] == ["ngozi@example.org"]
    assert [row.attempts for row in cast.rows("SELECT attempts FROM outbox WHERE error <> ''")] == [1]


def test_a_server_that_is_down_loses_nothing(cast: Cast) -> None:
    post_one(cast)
    with cast.app.app_context():
        cast.app.config["MAIL_URL"] = "smtp://127.0.0.1:9"
        try:
            assert mail.send_due() == 0
        finally:
            cast.app.config["MAIL_URL"] = ""
        with mailbox(cast.app) as box, time_machine.travel(clock.now() + PAUSES[0]):
            assert mail.send_due() == 1
            assert len(box.mails) == 1


def test_of_two_who_send_one_gets_the_mail_and_a_dead_one_is_replaced(cast: Cast) -> None:
    post_one(cast)
    with cast.app.app_context():
        assert take_due_mail(now=clock.now()) is not None
        assert take_due_mail(now=clock.now()) is None
        assert take_due_mail(now=clock.now() + LEASE) is not None, "who took it first never came back"


def test_the_operator_can_try_the_settings(cast: Cast) -> None:
    run = cast.app.test_cli_runner().invoke
    assert "MAIL_URL is not set" in run(args=["mail", "try", "me@example.org"]).output
    with mailbox(cast.app) as box:
        assert "has taken it for me@example.org" in run(args=["mail", "try", "me@example.org"]).output
        assert "is no e-mail address" in run(args=["mail", "try", "me"]).output
        box.refuses.add("no@example.org")
        assert "It was not taken." in run(args=["mail", "try", "no@example.org"]).output
        assert len(box.mails) == 1

"""The account page: who one is, how one signs in, and where."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal.accounts.actions import delete_user
from portal.demo.rules.evening import HOST_PASSWORD
from portal.kit import clock
from portal.organizations.actions import add_membership
from portal.organizations.models import Role
from tests.accounts.hosts import HostBrowser, add_host, host_of, words_of
from tests.cast import Cast
from tests.mailbox import mailbox

NEW_PASSWORD = "a new one by the water"


def test_every_browser_is_listed_and_can_be_signed_out(cast: Cast) -> None:
    here, phone, tablet = host_of(cast), host_of(cast), host_of(cast)
    page = here.get("/host/account")
    assert words_of(page.text).count("127.0.0.1") == 5, "three lines, two of them again on their buttons"
    ends = re.findall(r'action="(/host/account/sessions/\d+/end)"', page.text)
    assert len(ends) == 2, "this one is signed out at the foot of the page"
    assert here.post(ends[0]).location == "/host/account?done=session"
    assert sorted([phone.get("/host").status_code, tablet.get("/host").status_code]) == [200, 303]
    assert here.post("/host/account/sessions/end").status_code == 303
    assert [phone.get("/host").status_code, tablet.get("/host").status_code] == [303, 303]
    assert here.get("/host").status_code == 200


@pytest.mark.parametrize(
    ("said", "device"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36",
            "Chrome, Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/150.0 Safari/537.36 Edg/150.0", "Edge, Windows"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox, Android"),
        ("<script>alert(1)</script>", "A browser that does not say what it is"),
    ],
)
def test_a_browser_is_named_as_people_call_it(cast: Cast, said: str, device: str) -> None:
    browser = HostBrowser(cast.app)
    browser.client.environ_base["HTTP_USER_AGENT"] = said
    browser.sign_in(cast.host_email)
    assert f"{device} 127.0.0.1, this one" in words_of(browser.get("/host/account").text)


def test_nobody_ends_anothers_session(cast: Cast) -> None:
    add_host(cast.app, "other@example.org", organization="Riverside Hall")
    other, mine = HostBrowser(cast.app), host_of(cast)
    other.sign_in("other@example.org")
    [row] = cast.rows("SELECT s.id FROM user_sessions s JOIN users u ON u.id = s.user_id WHERE u.email LIKE 'host%'")
    assert other.post(f"/host/account/sessions/{row.id}/end").status_code == 303
    assert other.post("/host/account/sessions/end").status_code == 303
    assert mine.get("/host").status_code == 200


def test_another_password_signs_every_other_browser_out(cast: Cast) -> None:
    here, elsewhere = host_of(cast), host_of(cast)
    wrong = here.post("/host/account/password", current="not it at all", password=NEW_PASSWORD)
    assert wrong.status_code == 422
    assert "That is not your present password." in words_of(wrong.text)
    with mailbox(cast.app) as box:
        answer = here.post("/host/account/password", current=HOST_PASSWORD, password=NEW_PASSWORD)
        assert answer.location == "/host/account?done=password"
        assert box.last(cast.host_email)["Subject"] == "Your password was changed"
    assert here.get("/host").status_code == 200
    assert elsewhere.get("/host").status_code == 303
    assert HostBrowser(cast.app).sign_in(cast.host_email, NEW_PASSWORD).status_code == 303


def test_another_address_is_used_once_its_link_is_followed(cast: Cast) -> None:
    browser = host_of(cast)
    with mailbox(cast.app) as box:
        answer = browser.post("/host/account/address", current=HOST_PASSWORD, email="new@example.org")
        assert answer.location == "/host/account?done=address"
        link = box.link("new@example.org")
        page = HostBrowser(cast.app).get(link)
        assert "From now on you sign in with new@example.org." in words_of(page.text)
        assert HostBrowser(cast.app).sign_in("new@example.org").status_code == 422, "a mail alone changes nothing"
        assert browser.post(link).location == "/host/account?done=moved"
        assert box.last(cast.host_email)["Subject"] == "Your address was changed"
    assert HostBrowser(cast.app).sign_in("new@example.org").status_code == 303
    assert HostBrowser(cast.app).sign_in(cast.host_email).status_code == 422
    assert browser.post(link).status_code == 410, "once"


def test_an_address_that_another_account_has_is_refused_kindly(cast: Cast) -> None:
    browser = host_of(cast)
    with mailbox(cast.app) as box:
        browser.post("/host/account/address", current=HOST_PASSWORD, email="new@example.org")
        add_host(cast.app, "New@Example.org", organization="Riverside Hall")
        answer = browser.post(box.link("new@example.org"))
    assert answer.status_code == 409
    assert "There is already an account with this e-mail address." in words_of(answer.text)
    assert HostBrowser(cast.app).sign_in(cast.host_email).status_code == 303


def test_a_link_to_another_address_is_worth_nothing_once_the_password_has_changed(cast: Cast) -> None:
    browser = host_of(cast)
    with mailbox(cast.app) as box:
        browser.post("/host/account/address", current=HOST_PASSWORD, email="new@example.org")
        browser.post("/host/account/password", current=HOST_PASSWORD, password=NEW_PASSWORD)
        assert browser.get(box.link("new@example.org")).status_code == 410
        assert browser.post(box.link("new@example.org")).status_code == 410


def test_a_name_is_changed_and_one_that_is_the_same_leaves_no_entry(cast: Cast) -> None:
    browser = host_of(cast)
    for _ in range(2):
        assert browser.post("/host/account/name", name="Ana María").status_code == 303
    assert "Signed in as Ana María" in words_of(browser.get("/host").text)
    assert cast.count("SELECT count(*) FROM activity WHERE verb = 'user.renamed'") == 1
    assert browser.post("/host/account/name", name=" ").status_code == 422


def test_a_deleted_account_is_gone_its_address_free_and_it_can_be_brought_back(cast: Cast) -> None:
    browser, elsewhere = host_of(cast), host_of(cast)
    assert browser.post("/host/account/delete", current="wrong").status_code == 422
    answer = browser.post("/host/account/delete", current=HOST_PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert [browser.get("/host").status_code, elsewhere.get("/host").status_code] == [303, 303]
    assert HostBrowser(cast.app).sign_in(cast.host_email).status_code == 422
    [row] = cast.rows("SELECT id FROM users WHERE deleted_at IS NOT NULL")
    again = add_host(cast.app, cast.host_email)
    restore = ["accounts", "restore", cast.host_email]
    refused = cast.app.test_cli_runner().invoke(args=restore)
    assert refused.exit_code == 1
    assert "There is already an account with this e-mail address." in refused.stderr
    HostBrowser(cast.app).sign_in(cast.host_email)
    with cast.app.app_context():
        delete_user(again, actor="system", now=clock.now() - timedelta(hours=1))
    assert cast.app.test_cli_runner().invoke(args=restore).exit_code == 0
    assert cast.rows("SELECT id FROM users WHERE deleted_at IS NULL AND email_key = :key", key=cast.host_email) == [row]
    assert cast.app.test_cli_runner().invoke(args=["accounts", "restore", "nobody@example.org"]).exit_code == 1
    assert HostBrowser(cast.app).sign_in(cast.host_email).status_code == 303


def test_the_last_admin_of_others_stays(cast: Cast) -> None:
    browser = host_of(cast)
    cast.run("UPDATE memberships SET role = 'admin'")
    colleague = add_host(cast.app, "colleague@example.org")
    with cast.app.app_context():
        add_membership(
            user_id=colleague,
            organization_id=cast.rows("SELECT organization_id FROM events")[0].organization_id,
            role=Role.ORGANIZER,
            actor="system",
            now=clock.now(),
        )
    answer = browser.post("/host/account/delete", current=HOST_PASSWORD)
    assert answer.status_code == 409
    assert "Sam Host is the last admin of this organization." in words_of(answer.text)
    assert browser.get("/host").status_code == 200
    assert cast.count("SELECT count(*) FROM users WHERE deleted_at IS NOT NULL") == 0

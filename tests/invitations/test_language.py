"""English and Spanish: the household's own choice, then the cookie, then what the browser asks for."""

from __future__ import annotations

from tests.cast import Cast
from tests.client import Browser
from tests.deeds import entries, everything, follow, refused


def speaks(browser: Browser, path: str, **headers: str) -> str:
    page = browser.get(path, headers=headers).text
    return page.partition('<html lang="')[2][:2]


ASKED = [
    ("es", "es"), ("es-AR,es;q=0.9,en;q=0.8", "es"), ("en-GB", "en"), ("fr", "en"), ("", "en"), ("de,es;q=0.5", "es"),
    ("*", "en"), ("\xff;q=x", "en"),
]  # fmt: skip


def test_a_page_speaks_what_the_browser_asks_for(cast: Cast, plain: Browser) -> None:
    for asked, language in ASKED:
        assert speaks(plain, cast.okafor.path(), **{"Accept-Language": asked}) == language, asked
        assert speaks(plain, "/", **{"Accept-Language": asked}) == language


def test_the_household_chooses_once_for_everybody(cast: Cast, browser: Browser) -> None:
    for _ in range(2):
        answer = browser.post(cast.okafor.path("/language"), language="es")
        follow(browser, answer, root="invitation", to=cast.okafor.path())
    languages = (
        "SELECT DISTINCT g.language FROM guests g JOIN invitation_guests m ON m.guest_id = g.id"
        " WHERE m.invitation_id = :id"
    )
    assert cast.rows(languages, id=cast.okafor.id) == [("es",)]
    assert cast.rows(languages, id=cast.brandt.id) == [(None,)]
    assert entries(cast) == ["language.chosen"], "choosing again what is spoken already is no change"
    elsewhere = Browser(cast.app, htmx=browser.htmx)
    assert speaks(elsewhere, cast.okafor.path(), **{"Accept-Language": "en"}) == "es"
    assert speaks(elsewhere, cast.brandt.path(), **{"Accept-Language": "en"}) == "en"
    browser.post(cast.okafor.path("/language"), language="en")
    assert speaks(elsewhere, cast.okafor.path(), **{"Accept-Language": "es"}) == "en"


def test_a_language_that_is_not_spoken_is_422(cast: Cast, browser: Browser) -> None:
    before = everything(cast.app)
    for fields in ({}, *({"language": language} for language in ("fr", "", "EN", "en-GB", "../es"))):
        answer = browser.post(cast.okafor.path("/language"), **fields)
        assert "Please choose one of the languages on the page." in refused(browser, answer, 422, root="notice")
        assert browser.post("/language", **fields).status_code == 422
    assert everything(cast.app) == before


def test_a_browser_chooses_for_pages_that_belong_to_nobody(cast: Cast, plain: Browser) -> None:
    assert plain.post("/language", language="es").status_code == 303
    assert speaks(plain, "/") == "es"
    assert speaks(plain, "/nowhere") == "es"
    assert speaks(plain, cast.okafor.path()) == "es", "until the household says otherwise"
    plain.post(cast.okafor.path("/language"), language="en")
    assert (speaks(plain, cast.okafor.path()), speaks(plain, "/")) == ("en", "es")


def test_a_cookie_that_somebody_wrote_by_hand_is_no_language(cast: Cast, plain: Browser) -> None:
    plain.client.set_cookie("language", "<script>")
    assert speaks(plain, "/") == "en"

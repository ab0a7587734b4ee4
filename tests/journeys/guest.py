"""A guest who only presses what is on the page in front of them."""

from __future__ import annotations

from tests.cast import Family
from tests.client import Browser
from tests.markup import Form, elements, forms, words_of


class Guest:
    """Somebody with a link: every request comes from a form or a link on the page they see."""

    def __init__(self, browser: Browser, family: Family) -> None:
        self.browser = browser
        self.status = 0
        self.page = ""
        self.open(family.path())

    def open(self, path: str) -> None:
        """Look at a page."""
        answer = self.browser.get(path)
        self.status, self.page = answer.status_code, answer.text

    def follow(self, words: str) -> None:
        """Press the link that says ``words``."""
        links = [element for element in elements(self.page) if element.tag == "a"]
        self.open(next(link.attributes["href"] for link in links if words in said(link.text, link.attributes)))

    def press(self, button: str, **filled: object) -> None:
        """Press the button that says ``button``; its form may be filled in before."""
        form = self._form(button)
        sent: dict[str, object] = {**form.sent_by(button), **filled}
        sent.pop("csrf_token")
        answer = self.browser.post(form.action, **sent)
        if answer.status_code == 303:
            answer = self.browser.get(answer.location)
        self.status, self.page = answer.status_code, answer.text

    def reads(self, element_id: str) -> str:
        """What a part of the page says."""
        return words_of(self.page, element_id)

    def _form(self, words: str) -> Form:
        """The form of a button that ends with these words, or else of one that says them at all."""
        shown = [(button[2], form) for form in forms(self.page) for button in form.buttons]
        found = [form for says, form in shown if says.endswith(words)] or [
            form for says, form in shown if words in says
        ]
        assert found, f"there is no button “{words}”: {[says for says, _ in shown]}"
        return found[0]


def said(text: str, attributes: dict[str, str]) -> str:
    """What a link says to somebody who hears the page."""
    return " ".join(f"{text} {attributes.get('aria-label', '')}".split())

"""A page taken apart: its elements in order, and its forms as a browser would send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

APART = {"b", "button", "div", "em", "h1", "h2", "h3", "header", "label", "li", "p", "section", "small", "ul"}
"""Elements that stand apart from the words around them."""

VOID = {"br", "hr", "img", "input", "link", "meta", "wbr"}


@dataclass
class Element:
    """A start tag: ``depth`` 0 is a root, ``form`` the one around it, ``text`` what stands inside it."""

    tag: str
    attributes: dict[str, str]
    depth: int
    form: Element | None = None
    text: str = ""


@dataclass
class Form:
    """A form: where it goes, what it carries, and the buttons that send it (name, value, words)."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)

    def sent_by(self, words: str = "") -> dict[str, list[str]]:
        """What the browser sends when the button that says ``words`` is pressed."""
        name, value, _ = next((button for button in self.buttons if words in button[2]), ("", "", ""))
        sent: dict[str, list[str]] = {}
        for key, text in [*self.fields, *([(name, value)] if name else [])]:
            sent.setdefault(key, []).append(text)
        return sent


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(self.elements[-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        form = next((element for element in reversed(self.open) if element.tag == "form"), None)
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, len(self.open), form))
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop().tag != tag:
            pass
        self._part(tag)

    def _part(self, tag: str) -> None:
        if tag in APART:
            self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


@lru_cache(maxsize=8)
def elements(html: str) -> list[Element]:
    """Every element of ``html``, in order; a page is looked at more than once."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.elements


def shape(parts: list[Element]) -> list[tuple[str, tuple[str, ...]]]:
    """What a page is made of, whatever its words: tags with the names of their attributes, in order."""
    return [(element.tag, tuple(element.attributes)) for element in parts]


def find(html: str, element_id: str) -> Element | None:
    """The element with this id."""
    return next((element for element in elements(html) if element.attributes.get("id") == element_id), None)


def words_of(html: str, element_id: str) -> str:
    """What the element with this id says, blanks made one."""
    found = find(html, element_id)
    assert found is not None, f"there is no #{element_id}"
    return " ".join(found.text.split())


def forms(html: str) -> list[Form]:
    """Every form that posts; a field or a button may belong to a form elsewhere on the page."""
    parts = elements(html)
    found = {
        id(part): Form(part.attributes.get("hx-post") or part.attributes.get("action", ""))
        for part in parts
        if part.tag == "form"
    }
    by_id = {part.attributes.get("id", ""): part for part in parts if part.tag == "form"}
    for part in parts:
        if part.tag in {"input", "textarea", "button"} and "disabled" not in part.attributes:
            owner = by_id[part.attributes["form"]] if "form" in part.attributes else part.form
            if owner is not None:
                _add(found[id(owner)], part)
    return list(found.values())


def _add(form: Form, element: Element) -> None:
    attributes = element.attributes
    name, value = attributes.get("name", ""), attributes.get("value", "")
    if element.tag == "button":
        form.buttons.append((name, value, " ".join(element.text.split())))
    elif element.tag == "textarea":
        form.fields.append((name, element.text))
    elif name and (attributes.get("type") not in {"radio", "checkbox"} or "checked" in attributes):
        form.fields.append((name, value))

"""What must hold of every page, whoever asks for it."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

VOID = {"input", "br", "img", "meta", "link", "hr", "path", "circle", "rect", "use"}


class _Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.labelled = 0
        self._open_labels = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "label":
            self._open_labels += 1
        attributes["_in_label"] = str(self._open_labels) if self._open_labels else None
        self.tags.append((tag, attributes))

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._open_labels -= 1


def check_page(html: str) -> None:
    """One h1, a title, unique ids, live targets, labelled fields, no inline style or script."""
    outline = _Outline()
    outline.feed(html)
    tags = outline.tags
    assert sum(tag == "h1" for tag, _ in tags) == 1, "a page has one h1"
    assert re.search(r"<title>[^<]+</title>", html), "a page has a title"
    ids = Counter(attributes["id"] for _, attributes in tags if attributes.get("id"))
    assert not [name for name, count in ids.items() if count > 1], f"ids are unique: {ids.most_common(3)}"
    labelled = {attributes.get("for") for tag, attributes in tags if tag == "label"}
    for tag, attributes in tags:
        assert "style" not in attributes, f"no inline style on <{tag}>"
        assert not any(name.startswith("on") for name in attributes), f"no inline handler on <{tag}>"
        target = attributes.get("hx-target") or attributes.get("hx-target:inherited")
        if target and target.startswith("#"):
            assert target[1:] in ids, f"hx-target {target} is on the page"
        if tag in {"input", "select", "textarea"} and attributes.get("type") not in {"hidden", "submit"}:
            named = attributes.get("aria-label") or attributes.get("_in_label") or attributes.get("id") in labelled
            assert named, f"a field has a label: {attributes}"
        if tag == "script":
            assert attributes.get("src"), "no inline script"

"""Somebody who listens: a stream of the application, read in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from portal import create_app
from portal.kit.live.ears import Ears
from portal.kit.live.listener import Listener
from portal.kit.live.streams import Streams
from portal.kit.schema import db
from tests.conftest import settings_for
from tests.patience import wait_for


@dataclass
class Message:
    """What a browser makes of a message."""

    name: str = ""
    at: float = 0.0
    text: str = ""


def messages(text: str) -> list[Message]:
    """The messages of a stream, without its comments."""
    found = []
    for block in text.split("\n\n")[:-1]:
        made = Message()
        for line in block.split("\n"):
            key, _, value = line.partition(": ")
            if key == "event":
                made.name = value
            if key == "id":
                made.at = float(value)
            if key == "data":
                made.text += value + "\n"
        found.append(made)
    return [message for message in found if message.at]


@dataclass
class Watch:
    """One open stream."""

    answer: TestResponse
    text: str = ""
    ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for piece in self.answer.response:
            self.text += bytes(piece).decode() if isinstance(piece, bytes) else piece
        self.ended.set()

    @property
    def heard(self) -> list[Message]:
        """Everything that was said so far."""
        return messages(self.text)

    def says(self, words: str) -> Message:
        """Wait for a message that holds these words, or is called so."""
        return wait_for(lambda: next((m for m in self.heard if m.name == words or words in m.text), None))

    def begins(self) -> Message:
        """The first message: what was missed, if anything."""
        return wait_for(lambda: next(iter(self.heard), None))


@contextmanager
def listening(url: str, **settings: Any) -> Iterator[Flask]:
    """An application that listens, as a worker of the server does."""
    app = create_app({**settings_for(url), "LIVE": True, **settings})
    ears: Ears = app.extensions["live"]
    try:
        with app.app_context():
            ears.open(db.engine)
        wait_for(lambda: ears.can_hear, "it does not hear")  # or its first stream would begin before it does
        yield app
    finally:
        ears.close()
        streams_of(app).hub.close()
        with app.app_context():
            db.engine.dispose()


def streams_of(app: Flask) -> Streams:
    """The streams of an application."""
    streams: Streams = app.extensions["streams"]
    return streams


def listeners_of(app: Flask) -> list[Listener]:
    """Everybody who listens to it."""
    return streams_of(app).hub.listeners


def watch(app: Flask, path: str, **headers: str) -> Watch:
    """Open a stream, and see that it begins at once."""
    answer = app.test_client().get(path, headers={"Accept": "text/event-stream", **headers})
    assert (answer.status_code, answer.mimetype) == (200, "text/event-stream"), answer.text
    opened = Watch(answer)
    wait_for(lambda: opened.text)
    return opened

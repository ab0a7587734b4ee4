"""The least that a Flask application can answer: what every page is compared with."""

from __future__ import annotations

from flask import Flask

app = Flask(__name__)


@app.get("/")
def nothing() -> str:
    """Answer with an empty page."""
    return ""

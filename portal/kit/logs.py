"""Structured logs with a request id and nothing personal: no names, tokens, addresses or phones."""

from __future__ import annotations

import logging
import secrets
import sys
import time
from typing import Any

import structlog
from flask import Flask, Response, g, has_request_context, request
from structlog.typing import EventDict


def init_app(app: Flask) -> None:
    """Log one line a request: the route's pattern, never the address itself (it holds a token)."""
    level = logging.INFO if app.config.get("LOG_REQUESTS") else logging.WARNING
    structlog.configure(
        processors=[
            _with_request_id,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),  # wherever that leads by then
    )
    log = structlog.get_logger()

    if level > logging.INFO:
        return

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        if request.endpoint != "static":
            milliseconds = round((time.perf_counter() - g.started) * 1000, 1)
            route = request.url_rule.rule if request.url_rule else "unknown"
            log.info("request", method=request.method, route=route, status=response.status_code, ms=milliseconds)
        return response


def _with_request_id(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Lines of one request carry one id; it is drawn when the first of them is written."""
    if has_request_context():
        if "request_id" not in g:
            g.request_id = secrets.token_hex(6)
        event["request_id"] = g.request_id
    return event

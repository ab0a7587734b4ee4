"""Structured logs with a request id and nothing personal: no names, tokens, addresses or phones."""

from __future__ import annotations

import logging
import secrets
import sys
import time

import structlog
from flask import Flask, Response, g, request


def init_app(app: Flask) -> None:
    """Log one line a request: the route's pattern, never the address itself (it holds a token)."""
    level = logging.INFO if app.config.get("LOG_REQUESTS") else logging.WARNING
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),  # wherever that leads by then
    )
    log = structlog.get_logger()

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=secrets.token_hex(6))

    @app.after_request
    def end(response: Response) -> Response:
        if request.endpoint != "static":
            milliseconds = round((time.perf_counter() - g.started) * 1000, 1)
            route = request.url_rule.rule if request.url_rule else "unknown"
            log.info("request", method=request.method, route=route, status=response.status_code, ms=milliseconds)
        return response

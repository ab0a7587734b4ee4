"""Tenants and who belongs to them."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register what this feature serves."""
    from portal.organizations.cli import group

    app.cli.add_command(group)

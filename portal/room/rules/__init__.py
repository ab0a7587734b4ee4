"""Decisions about the room: how it is laid, changed, compared and written down."""

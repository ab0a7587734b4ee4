"""Decisions about a guest list: what its columns are, who belongs together, what becomes of each row."""

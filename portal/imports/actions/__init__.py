"""Verbs of guest lists: staged, looked at, mended, written, taken back."""

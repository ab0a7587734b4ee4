"""Verbs that change who waits and to whom places are offered."""

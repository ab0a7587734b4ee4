"""Verbs that change a draft, and the one that makes it the room guests see."""

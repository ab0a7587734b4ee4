"""Nouns about the room: the draft, the published layout, and who sits where."""

"""Nouns about seats: the room as it is now, and the page that shows it."""

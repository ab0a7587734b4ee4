"""Nouns about guest lists: what stands already, and what is staged."""

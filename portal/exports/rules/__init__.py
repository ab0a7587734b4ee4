"""Decisions about what is printed and exported: who stands where, in which order, and how large."""

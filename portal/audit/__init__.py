"""Who did what, when, to whom; only ever added to."""

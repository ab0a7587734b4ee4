"""The product's own benchmark: what a guest waits for, measured on this machine by ``script/bench``."""

"""Who waits for a place at a full event, and who is asked next."""

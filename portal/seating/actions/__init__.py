"""What can be done with seats: lay the room, give places, claim seats."""

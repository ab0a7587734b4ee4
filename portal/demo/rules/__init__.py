"""The sample event as data: the evening, the room, the people. Every name is a sample name."""

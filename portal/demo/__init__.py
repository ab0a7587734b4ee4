"""Sample events: the one a newcomer meets, and the plain one that programs test against."""

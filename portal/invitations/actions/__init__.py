"""What can be done with invitations: make groups, answer, fill in details."""

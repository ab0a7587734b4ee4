"""What a host's requests about events may contain."""

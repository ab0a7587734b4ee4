"""The small framework every feature stands on; it imports no feature."""

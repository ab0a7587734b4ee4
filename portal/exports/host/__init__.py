"""What a host prints and takes along."""

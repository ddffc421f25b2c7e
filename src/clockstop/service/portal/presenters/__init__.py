"""What patients read, from plain records."""

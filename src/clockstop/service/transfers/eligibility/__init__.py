"""Pages of those who scan lists and invite: what was found, and what patients will read."""

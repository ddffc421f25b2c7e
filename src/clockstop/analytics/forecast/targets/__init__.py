"""National targets: how likely each is to be met, and what it would take."""

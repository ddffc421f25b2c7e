"""The tracking list by the clock rules, for many pathways at once."""

"""The choice that patients had, counted: the baseline that the recovery plan promised."""

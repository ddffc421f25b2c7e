"""Mutual aid on made-up patients, day by day, by the same actions as the pages use."""

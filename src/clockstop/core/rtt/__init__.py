"""Referral to treatment: the week bands of the return, for one list at a time."""

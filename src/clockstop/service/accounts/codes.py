"""Codes that one person reads out to another. Pure."""

import secrets

from clockstop.service.audit.sealing import digest

# Without letters and digits that are mistaken for each other when read or heard.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8


def new_code() -> str:
    """A code that cannot be guessed, in two groups of four."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return f"{letters[:4]} {letters[4:]}"


def fingerprint(code: str) -> str:
    """What is kept of a code: however it was typed, and nothing that could be read out."""
    return digest("".join(code.upper().replace("-", "").split()))

"""How a request is called on boards, in letters and on the phone: short, and nobody's name."""

import secrets

# Without letters and digits that are mistaken for each other on the phone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference(prefix: str) -> str:
    """A prefix and eight letters and digits by chance: ``MA-7F3K2QXV``."""
    return f"{prefix}-{''.join(secrets.choice(ALPHABET) for _ in range(8))}"

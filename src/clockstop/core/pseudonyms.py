"""What stands for a person where no name or number may: the same method wherever one is needed."""

import hashlib
import hmac

SHORTEST_KEY = 32  # bytes, as long as the hash


def pseudonym(number: str, key: bytes) -> str:
    """What stands for an NHS number: a hash that only the holder of the key can make again.

    The same key gives the same person the same one, whichever provider makes it.
    """
    return hmac.new(key, number.encode(), hashlib.sha256).hexdigest()


def check_key(key: bytes) -> None:
    """Raise ValueError for a key that is too short to keep anything secret."""
    if len(key) < SHORTEST_KEY:
        raise ValueError(f"the key of an extract needs at least {SHORTEST_KEY} bytes")

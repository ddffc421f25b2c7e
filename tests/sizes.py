"""How much a run does: a part of it in the gate, all of it in the long runs."""

import os

from hypothesis import settings

SOAK = bool(os.environ.get("CLOCKSTOP_SOAK"))
# Of a property that names no number of its own.
EXAMPLES = 100 if SOAK else 40


def slow(examples: int = 100) -> settings:
    """Of a property whose every example takes long: a quarter of its examples in the gate."""
    return settings(deadline=None, max_examples=examples if SOAK else examples // 4)

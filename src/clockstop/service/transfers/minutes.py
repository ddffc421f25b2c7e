"""The minutes that staff note with a step, if they like: the burden of the scheme is counted."""

from __future__ import annotations

from collections.abc import Mapping

_MOST = 1_000
_DIGITS = 9  # a number of thousands of digits is refused by Python


def minutes_in(given: Mapping[str, str]) -> int | None:
    """What was typed in the field of minutes; None where that is no number."""
    typed = given.get("minutes", "").strip()
    return min(int(typed[:_DIGITS]), _MOST) if typed.isdecimal() else None

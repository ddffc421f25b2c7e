"""The choices in force as records for the kernel: one for each stretch of days."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import numpy as np

from clockstop.analytics.clocks.kernel.layout import NONE
from clockstop.core.rtt.policy import InForce, Policy, choice_types
from clockstop.core.rulebook.choices import choices

_FIRST = date(1970, 1, 1)
_MOST = 1 << 40  # more days than there are, and few enough to add to
POLICY = np.dtype([("since", np.int64), *((each.name, np.int64) for each in fields(InForce))])


def in_stretches(policy: Policy) -> Any:
    """The policy as records of the type POLICY, by the day from which each holds."""
    changes = {each.valid_from for each in choices()}
    changes |= {each.valid_to + timedelta(days=1) for each in choices() if each.valid_to}
    first = min(changes) - timedelta(days=1)
    rows = [(NONE, *_values(policy.on(first)))]
    rows += [((day - _FIRST).days, *_values(policy.on(day))) for day in sorted(changes)]
    return np.array(rows, dtype=POLICY)


def _values(held: InForce) -> list[int]:
    return [_number(getattr(held, name), kind) for name, kind in choice_types().items()]


def _number(value: Any, kind: type) -> int:
    """A word by its place in the list of words, from 1; a number as it is, within bounds."""
    if issubclass(kind, StrEnum):
        return list(kind).index(value) + 1
    return max(-_MOST, min(int(value), _MOST))

"""A clock that is set by hand: days pass as a simulation says.

Every action asks ``timezone.now`` what time it is, so that this is the one place to set it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

_STEP = timedelta(seconds=1)


class Clock:
    """The time of a simulation. Each look at it is a second later, so that steps have an order."""

    def __init__(self, day: date) -> None:
        self.set(day)

    def set(self, day: date) -> None:
        """Let it be nine in the morning of a day."""
        self._now = datetime.combine(day, time(9), UTC)

    def now(self) -> datetime:
        """A second later than the last time, and never the next day."""
        later = self._now + _STEP
        if later.date() == self._now.date():
            self._now = later
        return self._now


@contextmanager
def simulated(day: date) -> Iterator[Clock]:
    """Let all of this process take the time from a clock that is set by hand."""
    clock, real = Clock(day), timezone.now
    timezone.now = clock.now
    try:
        yield clock
    finally:
        timezone.now = real

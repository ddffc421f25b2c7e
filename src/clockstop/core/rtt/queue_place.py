"""The place in the queue, kept apart from the days on the clock (§3.4.4, §8.3).

After active monitoring the clock is new and starts at nothing; the place is the one that the
patient left. So a place is a day to sort by, and where it came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from clockstop.core.rtt.policy import PlaceRule


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """A patient's place: whoever has the earlier ``since`` comes first, priority apart.

    ``days_brought`` are the days by which the place is older than the clock: 0 on a first clock.
    """

    since: date
    days_brought: int = 0

    def days(self, day: date) -> int:
        """The days that count for the place on a day; RTT days are never read from here."""
        return (day - self.since).days


@dataclass(frozen=True, slots=True)
class PlaceLeft:
    """What a patient leaves behind when active monitoring begins: the place, and the day."""

    place: QueuePlace
    left_on: date


def restored(left: PlaceLeft, start: date, rule: PlaceRule) -> QueuePlace:
    """The place with which a new clock begins after active monitoring.

    By days waited, the time under monitoring itself does not count; by the old date, it does.
    """
    if rule is PlaceRule.OLD_DATE:
        since = left.place.since
    else:
        since = start - timedelta(days=left.place.days(left.left_on))
    return QueuePlace(since, (start - since).days)

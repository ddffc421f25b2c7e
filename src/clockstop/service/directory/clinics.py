"""When the slots of a clinic are: sessions on one day of the week, slots of one length."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from clockstop.service.directory.models import Schedule, Slot

LONDON = ZoneInfo("Europe/London")
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """So many slots one after another, on a day from a time on."""

    day: date
    begins: time
    minutes: int  # of a slot
    slots: int
    medium: str = ""  # else the first of the service

    def times(self) -> Iterator[tuple[datetime, datetime]]:
        """Start and end of each slot; the clock may change in between, but not the length."""
        first = datetime.combine(self.day, self.begins, LONDON).timestamp()
        length = self.minutes * 60
        for number in range(self.slots):
            starts = first + number * length
            yield _at(starts), _at(starts + length)


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, LONDON)


def slots_of(session: Session, schedule: Schedule) -> Iterator[Slot]:
    """The slots of a session, not yet written: for whom and how is as the service has it."""
    service = schedule.service
    for starts, ends in session.times():
        yield Slot(
            schedule=schedule,
            service=service,
            icb_code=service.icb_code,
            starts=starts,
            ends=ends,
            medium=session.medium or service.media[0],
            routine=service.routine,
            urgent=service.urgent,
            two_week_wait=service.two_week_wait,
        )


def weekly(first: date, weekday: int, until: date) -> Iterator[date]:
    """Each such weekday (Monday is 0) from ``first`` until before ``until``."""
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    while day < until:
        yield day
        day += _WEEK

"""Who has taken over whom by a day. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Step:
    """An organisation was taken over by ``successor`` on a day."""

    successor: str
    on: date


def holder(code: str, day: date, steps_of: Callable[[str], Iterable[Step]]) -> str:
    """The organisation that has on that day what was once ``code``'s; itself if nobody took over.

    Steps are followed forward in time. Of several the latest counts, and of several on one day
    the first listed, which took over most. A list that leads in a circle ends where it began to.
    """
    since, seen = date.min, {code}
    while True:
        steps = [
            step
            for step in steps_of(code)
            if since <= step.on <= day and step.successor not in seen
        ]
        if not steps:
            return code
        step = max(steps, key=lambda each: each.on)  # of equals, max keeps the first
        code, since = step.successor, step.on
        seen.add(code)

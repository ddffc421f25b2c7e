"""What an organisation took over, and what became of it, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from clockstop.service.registry.models import Organisation
from clockstop.service.registry.names import held_names
from clockstop.service.registry.queries import Takeover, successor_on, takeovers_of
from clockstop.service.ui import figures


@dataclass(frozen=True, slots=True)
class Named:
    """Another organisation: it has a page if the register holds it."""

    code: str
    name: str
    has_page: bool


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """What happened between this organisation and others on a day."""

    day: str
    what: str
    others: tuple[Named, ...]


class History:
    """Mergers of an organisation, as of a day."""

    def __init__(self, organisation: Organisation, today: date) -> None:
        self._code, self._closed, self._today = organisation.code, organisation.closed, today
        self._takeovers = takeovers_of(organisation.code)
        self._holder = successor_on(organisation.code, today)

    @property
    def is_taken_over(self) -> bool:
        """Whether others have, or are to have, what was its."""
        return bool(self._lost)

    @cached_property
    def _lost(self) -> Sequence[Takeover]:
        return [each for each in self._takeovers if self._is_lost(each)]

    def _is_lost(self, takeover: Takeover) -> bool:
        return takeover.predecessor == self._code

    @cached_property
    def lines(self) -> tuple[HistoryLine, ...]:
        """Earliest first; those of one day and direction in one line."""

        def key(each: Takeover) -> tuple[date, bool]:
            return each.on, self._is_lost(each)

        return tuple(
            HistoryLine(
                figures.day(on),
                "Taken over by" if is_lost else "Took over",
                tuple(self._other(each) for each in those),
            )
            for (on, is_lost), those in groupby(sorted(self._takeovers, key=key), key=key)
        )

    def _other(self, takeover: Takeover) -> Named:
        lost = self._is_lost(takeover)
        return self._named[takeover.successor if lost else takeover.predecessor]

    @cached_property
    def _named(self) -> dict[str, Named]:
        codes = {code for each in self._takeovers for code in (each.predecessor, each.successor)}
        codes.add(self._holder)
        held = held_names(codes)
        return {code: Named(code, held.get(code, code), code in held) for code in codes}

    @cached_property
    def heirs(self) -> tuple[Named, ...]:
        """Who took it over, at the last."""
        return tuple(self._other(each) for each in self._lost if each.on == self._lost[-1].on)

    @property
    def ending(self) -> str:
        """What became of it: empty while it is as it was."""
        heirs = _listed([heir.name for heir in self.heirs])
        if self._closed is None:
            return self._passing(heirs) if heirs else ""
        ends = "closed" if self._closed < self._today else "closes"
        passes = "was" if self._closed < self._today else "will be"
        then = f" and {passes} taken over by {heirs}" if heirs else ""
        return f"This organisation {ends} on {figures.day(self._closed)}{then}."

    def _passing(self, heirs: str) -> str:
        on = self._lost[-1].on
        passes = "was" if on <= self._today else "will be"
        return f"This organisation {passes} taken over by {heirs} on {figures.day(on)}."

    @property
    def now_with(self) -> Named | None:
        """Who has it today, where its heir has been taken over in its turn."""
        known = {self._code, *(heir.code for heir in self.heirs)}
        return None if self._holder in known else self._named[self._holder]


def _listed(names: Sequence[str]) -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    *most, last = names or [""]
    return f"{', '.join(most)} and {last}" if most else last

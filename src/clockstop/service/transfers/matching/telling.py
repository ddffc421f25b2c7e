"""What a run found, in rows: for each request its place, or what stood in the way, with reasons."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clockstop.analytics import allocation
from clockstop.analytics.allocation import Against, Fit, Reason, Terms
from clockstop.service.transfers.matching.answers import Noes

if TYPE_CHECKING:  # it brings the compiler and the solver
    from clockstop.analytics.allocation.assigning import Solved

# Beside the codes of ``Against``: why a request that could go somewhere got no place, and why no
# capacity was even held against it.
TAKEN, BATCH, NOBODY = "taken", "batch", "nobody"
WORDS = {
    TAKEN: "Every place that fits went to somebody who comes first",
    BATCH: "A place is free, but too few come from the same sender",
    NOBODY: "Nobody has posted capacity for this",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One request of a run: the capacity proposed or none, ``binding`` why not, and all reasons.

    ``closest`` is the capacity that the reasons are about; ``fitting`` how many fitted.
    """

    request: str
    capacity: str
    closest: str
    binding: str
    miles: float | None
    weeks_gained: int | None
    fitting: int
    speaks_for: tuple[str, ...]
    against: tuple[str, ...]

    @property
    def why(self) -> str:
        """As it is kept: JSON."""
        told = {
            "for": self.speaks_for,
            "against": self.against,
            "closest": self.closest,
            "fitting": self.fitting,
        }
        return json.dumps(told, ensure_ascii=False)


def lines(found: Solved, terms: Terms, noes: Mapping[str, Noes]) -> Iterator[Line]:
    """A line for each request, in the order in which they come; ``noes`` by request."""
    for at, request in enumerate(found.requests):
        where = int(found.where[at])
        nearest = where if where >= 0 else int(found.closest[at])
        held = found.capacities[nearest] if nearest >= 0 else None
        by = allocation.fit(request, held, terms) if held else None
        fitting, is_served = int(found.fitting[at]), where >= 0
        binding = "" if is_served else _binding(by, fitting, has_room=bool(found.room_left[at]))
        yield _line(request, by, binding, fitting, noes.get(request.id, {}))


def _line(
    request: allocation.Request, by: Fit | None, binding: str, fitting: int, noes: Noes
) -> Line:
    against = [WORDS[binding]] if binding in WORDS else []
    return Line(
        request.id,
        by.capacity if by and not binding else "",
        by.capacity if by else "",
        binding,
        by.miles if by else None,
        by.weeks_gained if by else None,
        fitting,
        said(by.speaks_for) if by else (),
        (*against, *(said(by.against, noes) if by else ())),
    )


def _binding(by: Fit | None, fitting: int, *, has_room: bool) -> str:
    """A place that fits and stays free can only wait for a minimum batch."""
    if fitting:
        return BATCH if has_room else TAKEN
    return by.binding.code.value if by and by.binding else NOBODY


def said(reasons: Iterable[Reason], noes: Noes | None = None) -> tuple[str, ...]:
    """Reasons as people read them; ``noes`` are those to the request that they are about."""
    return tuple(words_of(each, noes or {}) for each in reasons)


def words_of(reason: Reason, noes: Noes) -> str:
    """As people read it; of a provider that was asked before, who said no and why."""
    if reason.code is Against.WISHES:
        return noes.get(str(reason.found), "The patient chose another provider")
    return reason.words[:1].upper() + reason.words[1:]


def summary(told: Iterable[Line], cancer: int, *, is_proven: bool) -> dict[str, Any]:
    """How many got a place, and of the others how many by their binding reason.

    ``is_proven``: that no better answer exists, which minimum batches can prevent.
    """
    counted = Counter(each.binding for each in told)
    matched = counted.pop("", 0)
    return {
        "matched": matched,
        "binding": dict(sorted(counted.items())),
        "cancer": cancer,
        "is_proven": is_proven,
    }

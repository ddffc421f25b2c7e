"""What a measure is, and where its figures are from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clockstop.core.types import Part

RETURN = "NHS England, consultant-led RTT waiting times, full CSV data file"
OVERVIEW = "NHS England, RTT overview time series, derived unreported removals"
DERIVED = "Derived by Clockstop from the RTT full CSV data file"

ABSENT = "A provider that sent no return is left out of the sum: its list has not fallen."


class Unit(StrEnum):
    """What a measure is counted in."""

    PATHWAYS = "pathways"
    FRACTION = "fraction"
    WEEKS = "weeks"


class Kind(StrEnum):
    """How a measure is made from the week bands of its parts."""

    COUNT = "count"
    QUANTILE = "quantile"
    MEAN = "mean"
    SHARE = "share"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A named measure; ``parts`` are the parts of the return that it reads.

    ``denominator`` is None for a plain count. A count takes the pathways of ``bands``, or all of
    its part, unknown clock starts too; a share divides such a count by the whole part; a quantile
    takes ``percent``.
    """

    key: str
    name: str
    kind: Kind
    parts: tuple[Part, ...]
    numerator: str
    denominator: str | None = None
    unit: Unit
    source: str
    caveat: str
    bands: range | None = None
    percent: int | None = None

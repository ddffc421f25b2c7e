"""From one row per part to one row per group: the parts side by side, and the measures of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import narwhals as nw

from clockstop.analytics.engine.frames import Lazy
from clockstop.analytics.lists import months, movements, quantiles
from clockstop.analytics.lists.measures import Kind, Measure
from clockstop.analytics.lists.parts import COUNTS
from clockstop.core.rtt.week_bands import OLDER_OPEN_BAND
from clockstop.core.types import Part

_OPEN_UNTIL_2021 = f"_over_{OLDER_OPEN_BAND}"
Cell = tuple[str, str]  # a part, or an earlier list, and a column of its summary


def side_by_side(
    lists: Lazy, keys: Sequence[str], wanted: Sequence[Measure], min_count: int
) -> Lazy:
    """One row per group with the keys and the wanted measures, each quantile with its flag."""
    cells = sorted(cells_of(wanted))
    earlier = nw.col("part").is_in(list(movements.EARLIER))
    spread = lists.select(
        *keys,
        _sent=nw.when(earlier).then(nw.lit(0)).otherwise(nw.lit(1)),
        **{_name(cell): _masked(cell) for cell in cells},
    )
    rows = spread.group_by(*keys).agg(nw.col("_sent", *map(_name, cells)).max())
    made = {name: each for measure in wanted for name, each in _made(measure, min_count)}
    return rows.filter(nw.col("_sent") == 1).select(*keys, **made)


def cells_of(measures: Iterable[Measure]) -> set[Cell]:
    """What the measures are made of."""
    return {cell for measure in measures for cell in _read(measure)}


def _read(measure: Measure) -> Iterator[Cell]:
    columns = {
        Kind.COUNT: (_counted(measure),),
        Kind.QUANTILE: ("_known", f"_p{measure.percent}"),
        Kind.MEAN: ("_known", "_half_weeks", _OPEN_UNTIL_2021),
        Kind.SHARE: ("_pathways", _counted(measure)),
        Kind.DERIVED: ("_pathways",),
    }[measure.kind]
    yield from ((part.value, column) for part in measure.parts for column in columns)
    if measure.key in movements.READS:
        yield movements.READS[measure.key], "_pathways"


def _counted(measure: Measure) -> str:
    if measure.bands is None:
        return "_pathways"
    return f"_over_{measure.bands.start}" if measure.bands.start else "_within"


def _name(cell: Cell) -> str:
    return "".join(cell)


def _masked(cell: Cell) -> nw.Expr:
    """The cell on the row of its part. A part that was not sent counts 0; an earlier list, null."""
    part, column = cell
    here = nw.when(nw.col("part") == part).then(nw.col(column))
    is_count = part not in movements.EARLIER and column in COUNTS
    return here.otherwise(nw.lit(0)) if is_count else here


def _made(measure: Measure, min_count: int) -> Iterator[tuple[str, nw.Expr]]:
    part = measure.parts[0].value
    known = nw.col(f"{part}_known")
    enough = known >= max(min_count, 1)
    match measure.kind:
        case Kind.COUNT:
            yield measure.key, _if_told(measure, nw.col(f"{part}{_counted(measure)}"))
        case Kind.QUANTILE:
            raw = nw.col(f"{part}_p{measure.percent}")
            yield measure.key, quantiles.in_weeks(raw, enough)
            yield f"{measure.key}_open", quantiles.in_open_band(raw, enough)
        case Kind.MEAN:
            yield measure.key, nw.when(enough).then(_half_weeks(part) / (2 * known))
        case Kind.SHARE:
            yield (
                measure.key,
                nw.when(_size(part) > 0).then(nw.col(f"{part}{_counted(measure)}") / _size(part)),
            )
        case Kind.DERIVED:
            yield measure.key, _DERIVED[measure.key]


def _if_told(measure: Measure, count: nw.Expr) -> nw.Expr:
    """A count of long waits, null for the months whose bands did not tell them apart."""
    if measure.bands is None or measure.bands.start <= OLDER_OPEN_BAND:
        return count
    return nw.when(~quantiles.is_older()).then(count)


def _half_weeks(part: str) -> nw.Expr:
    """The waits in half weeks: an open band counts its lower edge, as band 52 was until 2021."""
    edge = nw.when(quantiles.is_older()).then(nw.col(f"{part}{_OPEN_UNTIL_2021}"))
    return nw.col(f"{part}_half_weeks") - edge.otherwise(nw.lit(0))


def _size(part: str) -> nw.Expr:
    return nw.col(f"{part}_pathways")


_WAITING = _size(Part.INCOMPLETE)
_STOPS = _size(Part.ADMITTED) + _size(Part.NONADMITTED)
_DERIVED = {
    "unreported_removals": (
        _size(movements.MONTH_BEFORE) + _size(Part.NEW_PERIODS) - _STOPS - _WAITING
    ),
    "clearance_weeks": nw.when(_STOPS > 0).then(_WAITING * months.weeks(nw.col("month")) / _STOPS),
    "change_on_month": _WAITING - _size(movements.MONTH_BEFORE),
    "change_on_year": _WAITING - _size(movements.YEAR_BEFORE),
}

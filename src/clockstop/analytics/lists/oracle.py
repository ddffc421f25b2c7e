"""The list statistics once more, slowly and plainly: the readable truth behind the fast ones.

Works on rows as dictionaries, in plain Python, one group and one measure after the other. The
tests hold ``list_statistics`` to it on every engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from clockstop.core.rtt.week_bands import BANDS, midpoint, open_band, percentile
from clockstop.core.types import Month, Part

Row = Mapping[str, Any]
_Filed = dict[Part, dict[int | None, int]]  # pathways by part and band; None is unknown


def list_statistics(
    pathways: Iterable[Row],
    by: Sequence[str] = (),
    *,
    min_count: int = 20,
    include_nonc: bool = False,
) -> list[dict[str, Any]]:
    """All measures of every group and month: the same as ``statistics.list_statistics``."""
    groups: dict[tuple[Any, ...], _Filed] = defaultdict(
        lambda: {part: defaultdict(int) for part in Part}
    )
    for row in pathways:
        if row.get("commissioner") == "NONC" and not include_nonc:
            continue
        group = (row["month"], *(row[column] for column in by))
        groups[group][Part(row["part"])][row["band"]] += row["n"]
    lists = {group: sum(waits[Part.INCOMPLETE].values()) for group, waits in groups.items()}
    return [
        dict(zip(("month", *by), group, strict=True))
        | _headline(waits, open_band(group[0]))
        | _waits(waits, min_count, open_band(group[0]))
        | _movements(waits, group, lists)
        for group, waits in groups.items()
    ]


def _headline(waits: _Filed, last: int) -> dict[str, Any]:
    waiting = waits[Part.INCOMPLETE]
    size = sum(waiting.values())
    within = _counted(waiting, range(18))
    return {
        "incomplete_pathways": size,
        "within_18_weeks": within,
        "pct_within_18_weeks": within / size if size else None,
        "pct_over_52_weeks": _counted(waiting, range(52, BANDS)) / size if size else None,
        **{
            f"over_{weeks}_weeks": _counted(waiting, range(weeks, BANDS)) if weeks <= last else None
            for weeks in (18, 52, 65, 78, 104)
        },
        "admitted_stops": sum(waits[Part.ADMITTED].values()),
        "nonadmitted_stops": sum(waits[Part.NONADMITTED].values()),
        "new_periods": sum(waits[Part.NEW_PERIODS].values()),
        "incomplete_dta": sum(waits[Part.INCOMPLETE_DTA].values()),
    }


def _counted(by_band: Mapping[int | None, int], bands: range) -> int:
    return sum(by_band.get(band, 0) for band in bands)


def _waits(waits: _Filed, min_count: int, last: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part, prefix in (
        (Part.INCOMPLETE, ""),
        (Part.ADMITTED, "admitted_"),
        (Part.NONADMITTED, "nonadmitted_"),
    ):
        counts = [waits[part].get(band, 0) for band in range(BANDS)]  # known clock starts alone
        known = sum(counts)
        enough = known >= max(min_count, 1)
        for name, percent in (("median", 50), ("p80", 80), ("p92", 92), ("p95", 95)):
            wait = percentile(counts, percent)
            is_open = wait.is_open or (wait.weeks or 0) > last
            found[f"{prefix}{name}_weeks"] = wait.weeks if enough and not is_open else None
            found[f"{prefix}{name}_weeks_open"] = is_open and enough
        middles = [last if band == last else midpoint(band) for band in range(BANDS)]
        total = sum(count * middle for count, middle in zip(counts, middles, strict=True))
        found[f"{prefix}mean_weeks"] = total / known if enough else None
    return found


def _movements(
    waits: _Filed, group: tuple[Any, ...], lists: Mapping[tuple[Any, ...], int]
) -> dict[str, Any]:
    month, *rest = group
    this = Month.parse(month)
    size = lists[group]
    before = lists.get((str(this.plus(-1)), *rest)) or None  # no pathways: no list was sent
    year_before = lists.get((str(this.plus(-12)), *rest)) or None
    stops = sum(waits[Part.ADMITTED].values()) + sum(waits[Part.NONADMITTED].values())
    new = sum(waits[Part.NEW_PERIODS].values())
    return {
        "unreported_removals": None if before is None else before + new - stops - size,
        "clearance_weeks": size / (stops / (this.days / 7)) if stops else None,
        "change_on_month": None if before is None else size - before,
        "change_on_year": None if year_before is None else size - year_before,
    }

"""Small returns as filed: who, which part, the bands; and what NHS England's checks say, slowly."""

from collections import defaultdict
from typing import NamedTuple

import polars as pl

from clockstop.analytics.returns.figures import CELLS, STATED, Figures
from clockstop.core.types import Month

NOW, BEFORE = Month(2025, 9), Month(2025, 8)
CODES = frozenset({"15F", "NONC"})
PARTS = ("Part_1A", "Part_1B", "Part_2", "Part_2A", "Part_3")


class Row(NamedTuple):
    """Counts of one part by band (None without one), and a total if the file has one."""

    part: str
    bands: dict
    commissioner: str = "15F"
    stated: float | None = None
    provider: str = "RAA"
    function: str = "C_110"


def figures(rows, month=NOW):
    cells = [
        (r.provider, r.commissioner, r.function, r.part, band, float(n))
        for r in rows
        for band, n in r.bands.items()
    ]
    stated = [
        (r.provider, r.commissioner, r.function, r.part, r.stated, float(sum(r.bands.values())))
        for r in rows
        if r.stated is not None
    ]
    tables = (
        pl.DataFrame(rows, schema=dict(schema), orient="row")
        for rows, schema in ((cells, CELLS), (stated, STATED))
    )
    return Figures(month, *tables)


def slowly(now, then, limits, codes):
    """The same checks by plain loops: (check, provider, part) of every finding."""
    n, before = _by_part(now), _by_part(then) if then else defaultdict(dict)
    for provider in sorted({*n, *before}):
        mine = {part: _counted(n, provider, part) for part in PARTS}
        old = {part: _counted(before, provider, part) for part in PARTS}
        for check, part in _one(mine, old, then is not None, limits):
            yield check, provider, part
    for provider, commissioner, _, part, _, count in now.cells.rows():
        if count < 0 or count != int(count):
            yield "negative_or_decimal", provider, part
        if codes is not None and commissioner not in codes:
            yield "invalid_commissioner", provider, None
    for provider, _, _, part, stated, added in now.stated.rows():
        if stated < 0 or stated != int(stated):
            yield "negative_or_decimal", provider, part
        if stated != added:
            yield "incorrect_total", provider, part


def _by_part(figures):
    found = defaultdict(lambda: defaultdict(float))
    for provider, _, _, part, band, n in figures.cells.rows():
        found[provider][part, band] += n
    return found


def _counted(table, provider, part):
    return {band: n for (of, band), n in table.get(provider, {}).items() if of == part}


def _one(mine, old, has_before, limits):
    n = {part: sum(mine[part].values()) for part in PARTS}
    was = {part: sum(old[part].values()) for part in PARTS}
    if sum(n.values()) == 0 and sum(was.values()) > 0:
        yield "missing_return", None
    if n["Part_1A"] + n["Part_1B"] > 0 and n["Part_2"] == 0:
        yield "missing_incomplete", None
    for part in PARTS:
        if sum(n.values()) != 0 and n[part] == 0 and was[part] > 0:
            yield "missing_part", part
        if has_before and _moved("large_change", n[part], was[part], part, limits):
            yield "large_change", part
        if has_before and n[part] == was[part] >= limits.of("no_change", "at_least", part):
            yield "no_change", part
    yield from _of_one_month(mine, n, limits)
    long_now, long_then = (_in(table["Part_2"], range(52, 105)) for table in (mine, old))
    if has_before and _moved("large_change_52", long_now, long_then, "Part_2", limits):
        yield "large_change_52", "Part_2"


def _of_one_month(mine, n, limits):
    check = "large_incomplete"
    months = limits.of(check, "months_of_new_periods", "Part_2")
    if n["Part_2"] >= limits.of(check, "at_least", "Part_2") and n["Part_2"] > months * n["Part_3"]:
        yield check, "Part_2"
    if n["Part_2A"] > n["Part_2"]:
        yield "decided_over_waiting", "Part_2A"
    if n["Part_3"] < _in(mine["Part_2"], range(4)):
        yield "few_new_periods", "Part_3"
    for part in ("Part_1A", "Part_1B"):
        for check, share, least in (
            ("short_waits", mine[part].get(0, 0), n[part]),
            ("unknown_starts", mine[part].get(None, 0), mine[part].get(None, 0)),
        ):
            enough = least >= limits.of(check, "at_least", part)
            if enough and share > limits.of(check, "share", part) * n[part]:
                yield check, part


def _moved(check, now, then, part, limits):
    if max(now, then) < limits.of(check, "at_least", part):
        return False
    return abs(now - then) > limits.of(check, "share", part) * then


def _in(bands, wanted):
    return sum(n for band, n in bands.items() if band in wanted)

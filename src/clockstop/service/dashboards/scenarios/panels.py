"""Scenarios side by side with what is to come as things are: in words, in tables, as fans."""

from collections.abc import Iterator, Sequence
from typing import Any

from clockstop.analytics.forecast.engine.model import Floats
from clockstop.analytics.forecast.quantiles import MEASURES, QUANTILES, SHARE, SIZE
from clockstop.analytics.lists.measures import Unit
from clockstop.core.types import Month
from clockstop.service.dashboards.outlook import (
    FIGURES,
    USUAL,
    Figure,
    Outlook,
    about,
    between,
)
from clockstop.service.dashboards.panels import Column, Panel, Row, Table
from clockstop.service.dashboards.scenarios.asked import Run
from clockstop.service.ui import figures

AS_NOW = "As we are"
_LOW, _MIDDLE, _HIGH = (QUANTILES.index(each) for each in (0.1, 0.5, 0.9))
_ENDS = {"p10": _LOW, "p50": _MIDDLE, "p90": _HIGH}
_TOLD = {
    SIZE: "waits",
    SHARE: "of them within 18 weeks",
    "over_52_weeks": "of over a year",
}
_HOW = (
    "After each range stands how it differs from “as we are”. Both are run with the same chance: "
    "a difference is the doing of the scenario, and is told more surely than either of them."
)


def in_words(runs: Sequence[Run]) -> Panel:
    """What each scenario comes to in its last month."""
    return Panel("in-words", "What would change", (*map(_sentence, runs), _HOW))


def _sentence(run: Run) -> str:
    at, parts = len(run.compared.months) - 1, []
    for figure in FIGURES:
        if figure.measure in _TOLD:
            place = MEASURES.index(figure.measure)
            where = between(*_interval(run.said[at, place]), figure.unit)
            than = signed(run, at, place, figure.unit)
            parts.append(f"{where} {_TOLD[figure.measure]} ({USUAL}), {than}")
    month = run.compared.months[at].label
    return f"{run.asked.name}. In {month} there would probably be {'; '.join(parts)}."


def side_by_side(outlook: Outlook, runs: Sequence[Run], due: Sequence[Month]) -> Iterator[Panel]:
    """A table for each month in which a target is judged, and for the last."""
    last = max(run.compared.months[-1] for run in runs)
    first = outlook.subject.book.month
    for month in sorted({last, *(each for each in due if first < each < last)}):
        told = [run for run in runs if month in run.compared.months]
        yield _at(outlook, told, month)


def _at(outlook: Outlook, runs: Sequence[Run], month: Month) -> Panel:
    columns = (
        Column("run", "Run"),
        *(Column(each.key, each.title) for each in FIGURES),
        *(Column(key, key, is_shown=False) for each in FIGURES for key in _keys(each)),
    )
    rows = tuple(_rows(outlook, runs, month))
    caption = f"{month.label}: the middle, and the range 8 times in 10"
    table = Table(caption, columns, rows, is_stacked=True)
    return Panel(f"side-by-side-{month}", f"Side by side in {month.label}", table=table)


def _rows(outlook: Outlook, runs: Sequence[Run], month: Month) -> Iterator[Row]:
    origin = outlook.subject.book.month
    counted = {each.key: outlook.known(each.measure).get(origin) for each in FIGURES}
    yield Row(
        {"run": f"Counted in {origin.label}"}
        | {each.key: _counted(each, counted[each.key]) for each in FIGURES}
        | {f"{each.key}_p50": counted[each.key] for each in FIGURES}
    )
    at = runs[0].compared.months.index(month)
    yield _told(AS_NOW, runs[0].now[at])
    for run in runs:
        yield _told(run.asked.name, run.said[at])
        yield _difference(run, at)


def _counted(figure: Figure, value: float | None) -> str:
    return "not known" if value is None else figure.write(value)


def _told(name: str, values: Floats) -> Row:
    cells: dict[str, Any] = {"run": name}
    for figure in FIGURES:
        of = values[MEASURES.index(figure.measure)]
        low, high = (about(end, figure.unit) for end in _interval(of))
        cells[figure.key] = f"{about(of[_MIDDLE], figure.unit)} ({low} to {high})"
        cells |= dict(zip(_keys(figure), (of[end] for end in _ENDS.values()), strict=True))
    return Row(cells)


def _difference(run: Run, at: int) -> Row:
    cells: dict[str, Any] = {"run": f"{run.asked.name}: difference"}
    for figure in FIGURES:
        place = MEASURES.index(figure.measure)
        cells[figure.key] = signed(run, at, place, figure.unit)
        cells |= dict(zip(_keys(figure), differences(run, at, place), strict=True))
    return Row(cells)


def _keys(figure: Figure) -> tuple[str, ...]:
    return tuple(f"{figure.key}_{end}" for end in _ENDS)


def _interval(values: Floats) -> tuple[float, float]:
    return float(values[_LOW]), float(values[_HIGH])


def differences(run: Run, at: int, place: int) -> tuple[float, float, float]:
    """What a scenario adds to a measure in a month: low, middle and high end."""
    middle = float(run.said[at, place, _MIDDLE] - run.now[at, place, _MIDDLE])
    low, high = _interval(run.difference[at, place])
    return min(low, middle), middle, max(high, middle)


def signed(run: Run, at: int, place: int, unit: Unit) -> str:
    """What a scenario adds, in words: ``1,200 fewer (1,100 to 1,300)``."""
    low, middle, high = differences(run, at, place)
    words = [_more_or_less(each, unit) for each in (middle, low, high)]
    if len(set(words)) == 1:
        return words[0]
    if low * high > 0:
        ends = sorted((low, high), key=abs)
        span = " to ".join(_size(each, unit).removesuffix(" points") for each in ends)
        return f"{words[0]} ({span})"
    return f"{words[0]} ({words[1]} to {words[2]})"


def _more_or_less(value: float, unit: Unit) -> str:
    if abs(value) < figures.FINEST[unit] / 2:
        return "no change"
    lower, higher = ("lower", "higher") if unit is Unit.FRACTION else ("fewer", "more")
    return f"{_size(value, unit)} {lower if value < 0 else higher}"


def _size(value: float, unit: Unit) -> str:
    return about(abs(value), unit).replace("%", " points")

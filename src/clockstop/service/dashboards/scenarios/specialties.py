"""What scenarios do to each specialty of an area."""

from collections.abc import Iterator, Sequence
from typing import Any

from clockstop.analytics.forecast.engine.model import Floats
from clockstop.analytics.forecast.quantiles import MEASURES, SHARE, SIZE
from clockstop.core.codes import ALL_FUNCTIONS, treatment_function
from clockstop.core.types import Month
from clockstop.service.dashboards.outlook import FIGURES, Figure, Outlook
from clockstop.service.dashboards.panels import Column, Panel, Row, Table
from clockstop.service.dashboards.scenarios.asked import Run

_NOBODY = 0.5  # pathways
_TOLD = (SIZE, SHARE, "over_52_weeks")


def specialties(outlook: Outlook, runs: Sequence[Run], query: str) -> Panel | None:
    """What scenarios do to each specialty of an area, the most people off its list first."""
    subject = outlook.subject
    if subject.is_specialty:
        return None
    month = min(run.compared.months[-1] for run in runs)
    shown = [each for each in FIGURES if each.measure in _TOLD]
    columns = (Column("specialty", "Specialty"), *_by_specialty(runs, shown))
    functions = [
        each
        for each in runs[0].compared.functions
        if each != ALL_FUNCTIONS.code
        and _middle(runs[0], runs[0].compared.as_now, each, SIZE, month) >= _NOBODY
    ]
    if not functions:
        return None
    rows = [
        Row(_of_specialty(runs, shown, each, month), _page_of(outlook, each) + query)
        for each in functions
    ]
    rows.sort(key=lambda row: row.values[f"list_{runs[0].asked.key}"] - row.values["list_as_now"])
    caption = f"Specialties in {month.label}, the middle: who gains most by {runs[0].asked.name}"
    words = "Where a scenario leaves a specialty alone, its figures stay those of “as we are”."
    return Panel(
        "by-specialty", "By specialty", (words,), table=Table(caption, columns, tuple(rows))
    )


def _by_specialty(runs: Sequence[Run], shown: Sequence[Figure]) -> Iterator[Column]:
    for figure in shown:
        yield Column(f"{figure.key}_as_now", f"{figure.title}: as we are", figure.unit)
        for run in runs:
            heading = f"{figure.title}: {run.asked.name}"
            yield Column(f"{figure.key}_{run.asked.key}", heading, figure.unit)


def _of_specialty(
    runs: Sequence[Run], shown: Sequence[Figure], function: str, month: Month
) -> dict[str, Any]:
    cells: dict[str, Any] = {"function": function, "specialty": treatment_function(function).name}
    for figure in shown:
        now = runs[0].compared.as_now
        cells[f"{figure.key}_as_now"] = _middle(runs[0], now, function, figure.measure, month)
        for run in runs:
            then = run.compared.changed
            key = f"{figure.key}_{run.asked.key}"
            cells[key] = _middle(run, then, function, figure.measure, month)
    return cells


def _page_of(outlook: Outlook, function: str) -> str:
    return outlook.subject.specialist(function).path("what-if")


def _middle(run: Run, middles: Floats, function: str, measure: str, month: Month) -> float:
    found = run.compared
    at = found.functions.index(function), found.months.index(month)
    return float(middles[(*at, MEASURES.index(measure))])

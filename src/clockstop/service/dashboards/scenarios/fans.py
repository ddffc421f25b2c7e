"""The fan of the forecast as things are, and over it those of scenarios, each in its colour."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clockstop.analytics.forecast.engine.model import Floats
from clockstop.analytics.forecast.quantiles import MEASURES, QUANTILES
from clockstop.core.types import Month
from clockstop.service.dashboards.aimed import levels
from clockstop.service.dashboards.outlook import FIGURES, INTERVALS, USUAL, Figure, Outlook
from clockstop.service.dashboards.panels import Column, Panel, Row, Table
from clockstop.service.dashboards.scenarios.asked import Run
from clockstop.service.dashboards.scenarios.panels import AS_NOW
from clockstop.service.dashboards.trends import SOURCE
from clockstop.service.ui import figures
from clockstop.service.ui.charts import Band, LineChart, Series, fan_chart

_COUNTED, _AS_NOW, _FIRST = 1, 3, 4  # styles of lines
_QUANTILES = {"p2_5": 0, "p10": 1, "p50": 3, "p90": 5, "p97_5": 6}
_SHOWN = ("p10", "p50", "p90")
_HEADINGS = {"p10": "from", "p50": "middle", "p90": "to"}
_BACK = 24  # months of the past that are drawn


def fans(outlook: Outlook, runs: Sequence[Run]) -> Iterator[Panel]:
    """A panel for each figure that forecasts tell."""
    for figure in FIGURES:
        yield Panel(
            figure.key,
            figure.title,
            chart=_chart(outlook, figure, runs),
            table=_table(outlook, figure, runs),
            is_folded=True,
            is_half=True,
            source=f"forecast and scenarios made here from: {SOURCE}",
        )


def _lines(runs: Sequence[Run]) -> Iterator[tuple[str, str, int, Sequence[Month], Floats]]:
    """Every course that is drawn: its key, its name, its style, its months and its values."""
    longest = max(runs, key=lambda run: len(run.compared.months))
    yield "as_now", AS_NOW, _AS_NOW, longest.compared.months, longest.now
    for run in runs:
        style = _FIRST + run.asked.place - 1
        yield run.asked.key, run.asked.name, style, run.compared.months, run.said


def _chart(outlook: Outlook, figure: Figure, runs: Sequence[Run]) -> LineChart | None:
    origin, place = outlook.subject.book.month, MEASURES.index(figure.measure)
    counted = _counted(outlook, figure)
    start = counted.get(origin)
    known = {} if start is None else {origin: start}
    series = [Series(f"Counted to {origin.label}", counted, style=_COUNTED)]
    bands = []
    low, high = (QUANTILES.index(each) for each in INTERVALS[USUAL])
    for _, name, style, months, values in _lines(runs):
        told = dict(zip(months, values[:, place], strict=True))
        middle = {month: float(each[QUANTILES.index(0.5)]) for month, each in told.items()}
        ends = {month: (float(each[low]), float(each[high])) for month, each in told.items()}
        series.append(Series(f"{name}, the middle", known | middle, is_labelled=False, style=style))
        edge = {month: (value, value) for month, value in known.items()}
        is_first = style == _AS_NOW
        bands.append(Band(f"{name}, {USUAL}", edge | ends, style=0 if is_first else style))
    return fan_chart(
        f"{figure.key}-chart",
        figure.caption,
        series,
        bands,
        levels(outlook, figure),
        figure.write,
        figures.FINEST[figure.unit],
    )


def _counted(outlook: Outlook, figure: Figure) -> dict[Month, float | None]:
    """What was counted of late: the past is not to push what is to come to the edge."""
    first = outlook.subject.book.month.plus(-_BACK)
    return {month: each for month, each in outlook.known(figure.measure).items() if month >= first}


def _table(outlook: Outlook, figure: Figure, runs: Sequence[Run]) -> Table:
    """Every month that the chart draws, the earliest first."""
    lines = list(_lines(runs))
    columns = [Column("month", "Month"), Column("counted", "Counted", figure.unit, nothing="")]
    for key, name, *_ in lines:
        columns += [
            Column(
                f"{key}_{end}",
                f"{name}: {_HEADINGS.get(end, end)}",
                figure.unit,
                is_shown=end in _SHOWN,
                nothing="",
            )
            for end in _QUANTILES
        ]
    rows = [
        Row({"month": month.label, "counted": value})
        for month, value in _counted(outlook, figure).items()
    ]
    rows += (Row(each) for each in _told(figure, lines))
    caption = f"{figure.title}: counted, then as we are and with each scenario"
    return Table(caption, tuple(columns), tuple(rows))


def _told(figure: Figure, lines: Sequence[Any]) -> Iterator[Mapping[str, Any]]:
    place = MEASURES.index(figure.measure)
    for at, month in enumerate(lines[0][3]):
        cells: dict[str, Any] = {"month": month.label}
        for key, _, _, months, values in lines:
            if at < len(months):
                ends = _QUANTILES.items()
                cells |= {f"{key}_{end}": float(values[at, place, of]) for end, of in ends}
        yield cells

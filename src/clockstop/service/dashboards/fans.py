"""The fan of a forecast as a panel: what was counted, what is said, and the same in a table."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clockstop.analytics.forecast.book import Said
from clockstop.service.dashboards.aimed import levels
from clockstop.service.dashboards.outlook import (
    INTERVALS,
    MIDDLE,
    USUAL,
    Figure,
    Outlook,
    interval,
    months_of,
    quantile,
)
from clockstop.service.dashboards.panels import Column, Panel, Row, Table
from clockstop.service.dashboards.trends import SOURCE
from clockstop.service.ui import figures
from clockstop.service.ui.charts import Band, Level, LineChart, Series, fan_chart

_COUNTED, _UNCHANGED, _FORECAST = "Counted", "If nothing changed", "Forecast, the middle"


def panel(outlook: Outlook, figure: Figure, said: Said) -> Panel:
    """What is said of one figure of a list, held against its targets."""
    chart = chart_of(outlook, figure, said, figure.key, levels(outlook, figure))
    table = _table(outlook, figure, said)
    return Panel(
        figure.key,
        figure.title,
        chart=chart,
        table=table,
        is_folded=True,
        is_half=True,
        source=f"forecast made here from: {SOURCE}",
    )


def chart_of(
    outlook: Outlook, figure: Figure, said: Said, key: str, held_against: Sequence[Level] = ()
) -> LineChart | None:
    """The fan of one figure, as it was said at an origin, beside all that was counted."""
    counted = outlook.known(figure.measure)
    start = counted.get(said.origin)
    rows = months_of(said)
    middle = {month: quantile(row, figure.measure, MIDDLE) for month, row in rows.items()}
    known = {} if start is None else {said.origin: start}
    series = (
        Series(_COUNTED, counted),
        Series(_UNCHANGED, dict.fromkeys((said.origin, *rows), start), is_labelled=False),
        Series(_FORECAST, known | middle, is_labelled=False),
    )
    bands = [_band(outlook, said, figure, of) for of in INTERVALS]
    return fan_chart(
        f"{key}-chart",
        figure.caption,
        series,
        bands,
        held_against,
        figure.write,
        figures.FINEST[figure.unit],
    )


def _band(outlook: Outlook, said: Said, figure: Figure, of: str) -> Band:
    """An interval by month, from the last count on; what was said before ends in the count."""
    start = outlook.known(figure.measure).get(said.origin)
    known = {} if start is None else {said.origin: (start, start)}
    ends = {month: interval(row, figure.measure, of) for month, row in months_of(said).items()}
    return Band(f"{of} chance", known | ends, is_labelled=of == USUAL and said is outlook.said)


def columns(figure: Figure) -> tuple[Column, ...]:
    """What was counted, and what was said, of one figure; pages show the usual interval alone."""
    unit = figure.unit
    ends = (
        Column(key, f"{of}: {key.split('_')[0]}", unit, is_shown=of == USUAL, nothing="")
        for of in (USUAL, *(each for each in INTERVALS if each != USUAL))
        for key in _ends(of)
    )
    middle = Column("middle", _FORECAST, unit, nothing="")
    return (Column("counted", _COUNTED, unit, nothing=""), middle, *ends)


def values(figure: Figure, row: Mapping[str, Any]) -> dict[str, float]:
    """What was said of one figure for one month, by column."""
    found = {"middle": quantile(row, figure.measure, MIDDLE)}
    for of in INTERVALS:
        found |= dict(zip(_ends(of), interval(row, figure.measure, of), strict=True))
    return found


def _ends(of: str) -> tuple[str, str]:
    words = of.replace(" ", "_")
    return f"from_{words}", f"to_{words}"


def _table(outlook: Outlook, figure: Figure, said: Said) -> Table:
    """Every month that the chart draws, the earliest first."""
    month = Column("month", "Month")
    unchanged = Column("unchanged", _UNCHANGED, figure.unit, nothing="")
    caption = f"{figure.title}: counted, then forecast"
    return Table(caption, (month, *columns(figure), unchanged), tuple(_rows(outlook, figure, said)))


def _rows(outlook: Outlook, figure: Figure, said: Said) -> Iterator[Row]:
    counted = outlook.known(figure.measure)
    for month, value in counted.items():
        yield Row({"month": month.label, "counted": value})
    unchanged = counted.get(said.origin)
    for month, row in months_of(said).items():
        yield Row({"month": month.label, "unchanged": unchanged} | values(figure, row))

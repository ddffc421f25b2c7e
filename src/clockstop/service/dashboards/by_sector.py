"""Where the lists of England's sectors are heading: NHS trusts, the independent sector, others."""

from collections.abc import Iterator
from typing import Any

from clockstop.analytics.forecast.book import Said
from clockstop.analytics.forecast.targets.planning import year_end
from clockstop.analytics.monitoring.areas import AreaKind
from clockstop.core.types import Month, Sector
from clockstop.service.dashboards.book import current_forecasts
from clockstop.service.dashboards.outlook import (
    FIGURES,
    MIDDLE,
    USUAL,
    between,
    interval,
    is_listed,
    months_of,
    quantile,
)
from clockstop.service.dashboards.panels import Column, Panel, Row, Table
from clockstop.service.dashboards.subject import Subject

_ENDS = ("from", "to")


def panel(subject: Subject) -> Panel | None:
    """A row for each sector with anybody on such a list; None for other areas than England."""
    if subject.area.kind is not AreaKind.ENGLAND:
        return None
    said = {sector: found for sector in Sector if (found := _said(sector, subject.function))}
    if not said:
        return None
    month = year_end(current_forecasts().origin)
    table = Table(
        f"What {month.label} will probably bring, by sector ({USUAL})",
        tuple(_columns()),
        tuple(_row(sector, each, month) for sector, each in said.items()),
        is_stacked=True,
    )
    words = "Who sends the return tells the sector. The sectors add up to the forecast above."
    return Panel("sectors", "By sector", (words,), table=table)


def _said(sector: Sector, function: str) -> Said | None:
    found = current_forecasts().forecast("sector", str(sector), function)
    return found if found and is_listed(found) else None


def _columns() -> Iterator[Column]:
    yield Column("sector", "Sector")
    for figure in FIGURES:
        yield Column(figure.measure, figure.title)
        for key in ("middle", *_ENDS):
            yield Column(f"{figure.measure}_{key}", key, figure.unit, is_shown=False)


def _row(sector: Sector, said: Said, month: Month) -> Row:
    row = months_of(said)[month]
    values: dict[str, Any] = {"sector": sector.label}
    for figure in FIGURES:
        ends = interval(row, figure.measure)
        values[figure.measure] = between(*ends, figure.unit)
        values[f"{figure.measure}_middle"] = quantile(row, figure.measure, MIDDLE)
        values |= {f"{figure.measure}_{key}": end for key, end in zip(_ENDS, ends, strict=True)}
    return Row(values)

"""What a topic's page is made of: panels, each with words, a chart, a table, or all three."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from clockstop.analytics.lists.headline import shown
from clockstop.analytics.lists.measures import MEASURES, Measure, Unit
from clockstop.core.types import Month
from clockstop.service.ui import figures
from clockstop.service.ui.charts import LineChart
from clockstop.service.ui.charts.bars import BarChart
from clockstop.service.ui.charts.spark import Spark

_SHORT = {
    "pct_within_18_weeks": "Within 18 weeks",
    "median_weeks": "Median",
    "p92_weeks": "92nd percentile",
}


class Align(StrEnum):
    """How a column's cells stand."""

    TEXT = "text"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in files, its heading on pages, and the unit of its figures.

    ``unit`` is None for words. ``note`` says what the column counts. A column that is not
    ``is_shown`` stands in files only. ``nothing`` is what a page says where there is no figure.
    """

    key: str
    heading: str
    unit: Unit | None = None
    note: str = ""
    is_shown: bool = True
    nothing: str = figures.NOT_KNOWN

    @property
    def align(self) -> Align:
        return Align.NUMBER if self.unit else Align.TEXT


@dataclass(frozen=True, slots=True)
class Row:
    """A row: values by column key; ``href`` makes a link of its first cell.

    ``tags`` colours the cell of a key (an NHS tag colour by column key); ``spark`` is drawn in a
    column of its own, behind the figure that it shows.
    """

    values: Mapping[str, Any]
    href: str = ""
    spark: Spark | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of figures, the same on the page and in a file.

    A page shows no more than ``limit`` rows, a file all. Where ``is_stacked``, the cells of a row
    stand below each other on a phone; else the table scrolls sideways.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    spark_heading: str = ""
    is_stacked: bool = False
    limit: int | None = None

    @property
    def shown_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.is_shown)

    @property
    def shown_rows(self) -> tuple[Row, ...]:
        return self.rows[: self.limit]

    def text(self, row: Row, column: Column) -> str:
        """A cell as the page shows it."""
        value = row.values.get(column.key)
        if column.unit is None:
            return "" if value is None else str(value)
        return column.nothing if value is None else figures.figure(value, column.unit)

    @property
    def notes(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.note)


@dataclass(frozen=True, slots=True)
class Card:
    """A key figure, and how it has moved."""

    name: str
    value: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """One part of a page, with its own heading and its own downloads, named by ``key``.

    Where the page is wide, a panel that ``is_half`` stands beside the next.
    """

    key: str
    title: str
    words: tuple[str, ...] = ()
    chart: LineChart | BarChart | None = None
    table: Table | None = None
    cards: tuple[Card, ...] = ()
    is_folded: bool = False  # the table, under a chart that says the main thing
    is_half: bool = False
    source: str = ""

    @property
    def has_bars(self) -> bool:
        return isinstance(self.chart, BarChart)


def measure_column(key: str, *, is_shown: bool = True) -> Column:
    """The column of a measure of the RTT return."""
    measure: Measure = MEASURES[key]
    words = f"{measure.numerator}. {measure.caveat}"
    return Column(key, _SHORT.get(key, measure.name), measure.unit, words, is_shown)


def measured(row: Mapping[str, Any] | None, keys: Sequence[str]) -> dict[str, Any]:
    """The measures of a row of figures as pages and files show them; nothing for no row."""
    if row is None:
        return {}
    return {key: shown(row[key], row.get(f"{key}_open"), row["month"]) for key in keys}


def by_month(
    series: Mapping[Month, Mapping[str, Any] | None], key: str
) -> dict[Month, float | None]:
    """One measure of a series of rows, for a chart; an open wait is not known."""
    return {month: None if row is None else row[key] for month, row in series.items()}

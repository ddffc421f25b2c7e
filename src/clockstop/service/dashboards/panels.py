"""What a topic's page is made of: panels, each with words, a chart, a table, or all three."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from clockstop.analytics.lists.measures import MEASURES, Measure, Unit
from clockstop.core.types import Month
from clockstop.service.ui import figures
from clockstop.service.ui.charts import LineChart
from clockstop.service.ui.charts.bars import BarChart
from clockstop.service.ui.charts.spark import Spark


class Align(StrEnum):
    """How a column's cells stand."""

    TEXT = "text"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in files, its heading on pages, and the unit of its figures.

    ``unit`` is None for words. ``note`` says what the column counts.
    """

    key: str
    heading: str
    unit: Unit | None = None
    note: str = ""

    @property
    def align(self) -> Align:
        return Align.NUMBER if self.unit else Align.TEXT


@dataclass(frozen=True, slots=True)
class Row:
    """A row: values by column key; ``href`` makes a link of its first cell.

    ``tag`` colours the cell of a key (an NHS tag colour by column key); ``spark`` is drawn in a
    last column of its own.
    """

    values: Mapping[str, Any]
    href: str = ""
    spark: Spark | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of figures, the same on the page and in a file."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    spark_heading: str = ""

    def text(self, row: Row, column: Column) -> str:
        """A cell as the page shows it."""
        value = row.values.get(column.key)
        if column.unit is None:
            return "" if value is None else str(value)
        return figures.figure(value, column.unit)

    @property
    def notes(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.note)


@dataclass(frozen=True, slots=True)
class Panel:
    """One part of a page, with its own heading and its own downloads, named by ``key``."""

    key: str
    title: str
    words: tuple[str, ...] = ()
    chart: LineChart | BarChart | None = None
    table: Table | None = None
    is_folded: bool = False  # the table, under a chart that says the main thing
    source: str = ""

    @property
    def has_bars(self) -> bool:
        return isinstance(self.chart, BarChart)


def measure_column(key: str, heading: str = "") -> Column:
    """The column of a measure of the RTT return."""
    measure: Measure = MEASURES[key]
    words = f"{measure.numerator}. {measure.caveat}"
    return Column(key, heading or measure.name, measure.unit, words)


def measured(row: Mapping[str, Any] | None, keys: Sequence[str]) -> dict[str, Any]:
    """The measures of a row of figures as pages and files show them; nothing for no row."""
    if row is None:
        return {}
    return {key: figures.OPEN_BAND if row.get(f"{key}_open") else row[key] for key in keys}


def by_month(
    series: Mapping[Month, Mapping[str, Any] | None], key: str
) -> dict[Month, float | None]:
    """One measure of a series of rows, for a chart; an open wait is not known."""
    return {month: None if row is None else row[key] for month, row in series.items()}

"""Writes a month of flows as the official RTT extract: a zip of one 121-column CSV."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import numpy.typing as npt
import polars as pl

from clockstop.analytics.published.datasets import rtt_layout as layout
from clockstop.analytics.synthetic.cohort import Cells, Counts, MonthOfFlows
from clockstop.analytics.synthetic.providers import Commissioner, Provider
from clockstop.analytics.synthetic.referrals import OTHER_COMMISSIONERS
from clockstop.core.codes import ALL_FUNCTIONS, treatment_functions
from clockstop.core.types import Month, Part, Sector

HUB_NAME = "NATIONAL COMMISSIONING HUB 1"
TOTAL_AT = len(treatment_functions())  # where C_999 stands among the functions: last


@dataclass(frozen=True)
class England:
    """The organisations and cells behind every month's file."""

    providers: Sequence[Provider]
    commissioners: Sequence[Commissioner]
    cells: Cells


def write_extract(folder: Path, england: England, flows: MonthOfFlows, number: int) -> Path:
    """Write the month, the ``number``-th of the series, and return the zip's path.

    Named as officially: ``Full-CSV-data-file-Sep25.zip`` with ``20250930-RTT-September-2025-full-
    extract.csv`` inside. The time stamps are the census, so the same figures give the same bytes.
    """
    month = flows.month
    census = month.census
    path = folder / f"Full-CSV-data-file-{census:%b%y}.zip"
    inside = f"{census:%Y%m%d}-RTT-{census:%B-%Y}-full-extract.csv"
    text = io.BytesIO()
    table(england, flows, number).write_csv(text, line_terminator="\r\n")
    entry = ZipInfo(inside, (month.year, month.number, month.days, 0, 0, 0))
    entry.compress_type = ZIP_DEFLATED
    with ZipFile(path, "w") as archive:
        archive.writestr(entry, text.getbuffer())
    return path


def table(england: England, flows: MonthOfFlows, number: int) -> pl.DataFrame:
    """The month's rows as filed, with the columns of the official header."""
    cells = england.cells
    submits = np.array([provider.submits(number) for provider in england.providers])
    shown = np.flatnonzero(submits[cells.provider])
    blocks = [
        _block(cells, shown, filed).with_columns(pl.lit(rank).alias("rank"))
        for rank, filed in enumerate(_parts(flows))
    ]
    rows = pl.concat(blocks).filter(pl.col(layout.TOTAL_ALL) > 0)
    rows = rows.join(_providers(england), on="provider", maintain_order="left")
    rows = rows.join(_commissioners(england), on="commissioner", maintain_order="left")
    rows = rows.join(_functions(), on="function", maintain_order="left")
    rows = rows.with_columns(_period(flows.month)).sort(
        layout.PROVIDER_ICB, layout.PROVIDER, layout.COMMISSIONER, "rank", "function"
    )
    is_blank = pl.col("leaves_blanks")
    blanks = [pl.when(~is_blank | (pl.col(band) != 0)).then(band) for band in layout.BANDS]
    return rows.with_columns(blanks).select(layout.COLUMNS)


@dataclass(frozen=True)
class _Filed:
    """A part with its bands, or plain counts, and the unknown clock starts of completed parts."""

    part: Part
    counts: Counts
    unknown: Counts | None = None


def _parts(flows: MonthOfFlows) -> list[_Filed]:
    return [
        _Filed(Part.ADMITTED, flows.admitted, flows.admitted_unknown),
        _Filed(Part.NONADMITTED, flows.nonadmitted, flows.nonadmitted_unknown),
        _Filed(Part.INCOMPLETE, flows.waiting),
        _Filed(Part.INCOMPLETE_DTA, flows.decided),
        _Filed(Part.NEW_PERIODS, flows.new_periods),
    ]


def _block(cells: Cells, shown: npt.NDArray[np.int64], filed: _Filed) -> pl.DataFrame:
    """One part's rows: the functions and, after them, the totals of each pair."""
    pairs = cells.provider[shown] * (cells.commissioner.max() + 1) + cells.commissioner[shown]
    starts = np.flatnonzero(np.diff(pairs, prepend=-1))

    def with_totals(values: Counts) -> Counts:
        return np.concatenate([values[shown], np.add.reduceat(values[shown], starts, axis=0)])

    keys = pl.DataFrame(
        {
            "provider": np.append(cells.provider[shown], cells.provider[shown][starts]),
            "commissioner": np.append(cells.commissioner[shown], cells.commissioner[shown][starts]),
            "function": np.append(cells.function[shown], np.full(len(starts), TOTAL_AT)),
        }
    ).with_columns(
        pl.lit(str(filed.part)).alias(layout.PART),
        pl.lit(layout.PART_NAMES[filed.part]).alias(layout.PART_NAME),
    )
    unknown = None if filed.unknown is None else with_totals(filed.unknown)
    return keys.hstack(_counts(with_totals(filed.counts), unknown))


def _counts(counted: Counts, unknown: Counts | None) -> pl.DataFrame:
    """The count columns, blank where the part has none."""
    size, schema = len(counted), dict.fromkeys(layout.BANDS, pl.Int32)
    has_bands = counted.ndim > 1
    bands = pl.DataFrame(counted, schema) if has_bands else pl.DataFrame([{}] * size, schema)
    known = counted.sum(axis=1) if has_bands else counted
    blank = [None] * size
    totals = (blank, blank, known) if unknown is None else (known, unknown, known + unknown)
    columns = (layout.TOTAL, layout.UNKNOWN_START, layout.TOTAL_ALL)
    return bands.with_columns(
        pl.Series(column, values, dtype=pl.Int32)
        for column, values in zip(columns, totals, strict=True)
    )


def _period(month: Month) -> pl.Expr:
    return pl.lit(f"RTT-{month.census:%B-%Y}").alias(layout.PERIOD)


def _providers(england: England) -> pl.DataFrame:
    """Independent and community sites leave zero bands blank, as many real ones do."""
    return pl.DataFrame(
        {
            "provider": range(len(england.providers)),
            layout.PROVIDER_ICB: [one.area.icb for one in england.providers],
            layout.PROVIDER_ICB_NAME: [one.area.name for one in england.providers],
            layout.PROVIDER: [one.code for one in england.providers],
            layout.PROVIDER_NAME: [one.name for one in england.providers],
            "leaves_blanks": [one.sector is not Sector.NHS_TRUST for one in england.providers],
        }
    )


def _commissioners(england: England) -> pl.DataFrame:
    """Sub-ICB locations, then NONC and the hub, which have no parent; NONC has no name either."""
    locations = [(one.area.icb, one.area.name, one.code, one.name) for one in england.commissioners]
    beyond = [
        (None, None, code, HUB_NAME if code != layout.NONC else None)
        for code in OTHER_COMMISSIONERS
    ]
    names = [
        layout.COMMISSIONER_ICB,
        layout.COMMISSIONER_ICB_NAME,
        layout.COMMISSIONER,
        layout.COMMISSIONER_NAME,
    ]
    return (
        pl.DataFrame(locations + beyond, schema=dict.fromkeys(names, pl.String), orient="row")
        .with_row_index("commissioner")
        .with_columns(pl.col("commissioner").cast(pl.Int64))
    )


def _functions() -> pl.DataFrame:
    functions = (*treatment_functions(), ALL_FUNCTIONS)
    return pl.DataFrame(
        {
            "function": range(len(functions)),
            layout.FUNCTION: [one.code for one in functions],
            layout.FUNCTION_NAME: [one.official_name for one in functions],
        }
    )

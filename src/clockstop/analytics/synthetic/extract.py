"""Writes a month of flows as the official RTT extract: a zip of one 121-column CSV."""

import io
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import numpy.typing as npt
import polars as pl

from clockstop.analytics.published.datasets import rtt_layout as layout
from clockstop.analytics.synthetic.cells import Floats
from clockstop.analytics.synthetic.cohort import MonthOfFlows
from clockstop.analytics.synthetic.england import England
from clockstop.analytics.synthetic.filing import Filing, filed_icb_name, icb_of
from clockstop.analytics.synthetic.referrals import other_commissioners
from clockstop.core.codes import ALL_FUNCTIONS, treatment_functions
from clockstop.core.types import Month, Part, Sector

Counts = npt.NDArray[np.int32]
TOTAL_AT = len(treatment_functions())  # where C_999 stands among the functions: last
ZIP_LEVEL = 2
# The month filed twice: the second file is the newer one, and sorts after the first.
FIRST, REVISED = "-ZIP-4M-36960", "-ZIP-4M-revised"


def write_extracts(folder: Path, england: England, flows: MonthOfFlows, number: int) -> list[Path]:
    """Write the month, the ``number``-th of the series: one zip, or the first and the revised."""
    omission = england.story.omission
    if omission is None or omission.month != number:
        return [_write(folder, Filing(england, number), flows, "")]
    return [
        _write(folder, Filing(england, number, omission), flows, FIRST),
        _write(folder, Filing(england, number), flows, REVISED),
    ]


def _write(folder: Path, filing: Filing, flows: MonthOfFlows, mark: str) -> Path:
    """Write a zip named as officially, and return its path.

    ``Full-CSV-data-file-Sep25.zip`` with ``20250930-RTT-September-2025-full-extract.csv`` inside.
    The time stamps are the census, so the same figures give the same bytes.
    """
    month = flows.month
    census = month.census
    revised = "-revised" if mark == REVISED else ""
    path = folder / f"Full-CSV-data-file-{census:%b%y}{mark}.zip"
    inside = f"{census:%Y%m%d}-RTT-{census:%B-%Y}-full-extract{revised}.csv"
    text = io.BytesIO()
    table(filing, flows).write_csv(text, line_terminator="\r\n")
    entry = ZipInfo(inside, (month.year, month.number, month.days, 0, 0, 0))
    entry.compress_type = ZIP_DEFLATED
    with ZipFile(path, "w") as archive:
        archive.writestr(entry, text.getbuffer(), compresslevel=ZIP_LEVEL)
    return path


def table(filing: Filing, flows: MonthOfFlows) -> pl.DataFrame:
    """The month's rows as filed, with the columns of the official header."""
    blocks = [
        _block(filing, filed).with_columns(pl.lit(rank).alias("rank"))
        for rank, filed in enumerate(_parts(flows))
    ]
    rows = pl.concat(blocks).filter(pl.col(layout.TOTAL_ALL) > 0)
    for key, names in (
        ("provider", provider_names(filing)),
        ("commissioner", commissioner_names(filing)),
        ("function", _functions()),
    ):
        rows = rows.join(names, on=key, maintain_order="left")
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
    counts: Floats
    unknown: Floats | None = None


def _parts(flows: MonthOfFlows) -> list[_Filed]:
    return [
        _Filed(Part.ADMITTED, flows.admitted, flows.admitted_unknown),
        _Filed(Part.NONADMITTED, flows.nonadmitted, flows.nonadmitted_unknown),
        _Filed(Part.INCOMPLETE, flows.waiting),
        _Filed(Part.INCOMPLETE_DTA, flows.decided),
        _Filed(Part.NEW_PERIODS, flows.new_periods),
    ]


def _block(filing: Filing, filed: _Filed) -> pl.DataFrame:
    """One part's rows: the functions and, after them, the totals of each pair."""
    pairs = filing.pairs

    def with_totals(values: Floats) -> Counts:
        rows = filing.rows(values)
        return np.concatenate([rows, np.add.reduceat(rows, pairs, axis=0)])

    totals = filing.keys[:, pairs].copy()
    totals[2] = TOTAL_AT
    names = ("provider", "commissioner", "function")
    keys = pl.DataFrame(
        dict(zip(names, np.concatenate([filing.keys, totals], axis=1), strict=True))
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


def provider_names(filing: Filing) -> pl.DataFrame:
    """Codes and names of providers and their ICBs.

    Independent and community sites leave zero bands blank, as many real ones do.
    """
    providers = filing.england.providers
    boards = [icb_of(one, filing.month) for one in providers]
    return pl.DataFrame(
        {
            "provider": range(len(providers)),
            layout.PROVIDER_ICB: [board.code for board in boards],
            layout.PROVIDER_ICB_NAME: [filed_icb_name(board) for board in boards],
            layout.PROVIDER: [one.code for one in providers],
            layout.PROVIDER_NAME: [one.name for one in providers],
            "leaves_blanks": [one.sector is not Sector.NHS_TRUST for one in providers],
        }
    )


def commissioner_names(filing: Filing) -> pl.DataFrame:
    """Codes and names of sub-ICB locations and their ICBs, then of NONC and the hubs.

    Those have no parent, and NONC has no name either.
    """
    boards = [icb_of(one, filing.month) for one in filing.england.commissioners]
    rows = [
        (board.code, filed_icb_name(board), one.code, one.name)
        for one, board in zip(filing.england.commissioners, boards, strict=True)
    ]
    beyond = [(None, None, hub.code, hub.name) for hub in other_commissioners()]
    names = [
        layout.COMMISSIONER_ICB,
        layout.COMMISSIONER_ICB_NAME,
        layout.COMMISSIONER,
        layout.COMMISSIONER_NAME,
    ]
    return (
        pl.DataFrame(rows + beyond, schema=dict.fromkeys(names, pl.String), orient="row")
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

"""Writes a month of flows as the official RTT extract: a zip of one 121-column CSV."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from clockstop.analytics.published.datasets import rtt_layout as layout
from clockstop.analytics.published.datasets.rtt_writing import (
    KEYS,
    as_filed,
    block,
    file_name,
    icb_name,
    write_zip,
)
from clockstop.analytics.synthetic.cells import Floats
from clockstop.analytics.synthetic.cohort import MonthOfFlows
from clockstop.analytics.synthetic.england import England
from clockstop.analytics.synthetic.filing import Filing, icb_of
from clockstop.analytics.synthetic.referrals import other_commissioners
from clockstop.core.types import Part, Sector

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
    """Write a zip named as officially, ``Full-CSV-data-file-Sep25.zip``, and return its path."""
    month = flows.month
    path = folder / f"Full-CSV-data-file-{month.census:%b%y}{mark}.zip"
    inside = file_name(month, "-revised" if mark == REVISED else "")
    write_zip(path, inside, table(filing, flows), month)
    return path


def table(filing: Filing, flows: MonthOfFlows) -> pl.DataFrame:
    """The month's rows as filed, with the columns of the official header."""
    names = {"provider": provider_names(filing), "commissioner": commissioner_names(filing)}
    return as_filed((_block(filing, filed) for filed in _parts(flows)), names, flows.month)


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
    unknown = None if filed.unknown is None else filing.rows(filed.unknown)
    keys = pl.DataFrame(dict(zip(KEYS, filing.keys, strict=True)))
    return block(filed.part, keys, filing.rows(filed.counts), unknown)


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
            layout.PROVIDER_ICB_NAME: [icb_name(board) for board in boards],
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
        (board.code, icb_name(board), one.code, one.name)
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

"""What a data set makes of a file, and how a data set is described to the ingest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from clockstop.analytics.published.problems import Problem


@dataclass(frozen=True)
class Reading:
    """A checked file: its tables by name, ready to be kept.

    ``key`` is what a newer file of the same data set replaces (the month of a monthly return).
    ``rows`` counts the file's data rows; ``warnings`` are faults that official files are known to
    have; ``facts`` are single totals worth keeping in the catalogue.
    """

    key: str
    rows: int
    tables: Mapping[str, pl.DataFrame]
    warnings: list[Problem] = field(default_factory=list)
    facts: Mapping[str, int | float | str | bool] = field(default_factory=dict)


def _never(_: object) -> bool:
    return False


@dataclass(frozen=True)
class DataSet:
    """One kind of file that ingest knows.

    ``recognises`` judges the first bytes of a file, ``recognises_sheets`` the names of a workbook's
    sheets. ``read`` takes the whole content, the name to call it in messages and its stem, and
    raises FileRefusedError with every fault found.
    """

    name: str
    title: str
    licence: str
    read: Callable[[bytes, str, str], Reading]
    recognises: Callable[[bytes], bool] = _never
    recognises_sheets: Callable[[Sequence[str]], bool] = _never

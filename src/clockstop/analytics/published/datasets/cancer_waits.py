"""Cancer waiting times by provider: the 28-day, 31-day and 62-day standards, month by month.

The official provider workbook gives each standard by referral route or treatment stage, and those
by cancer or treatment modality. "All routes", "all stages" and "all cancers" are rows of their own
beside what they total: take one breakdown and one route at a time. Two providers that share a
patient of the 62-day standard count half each. Sheets that hold no standard are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import polars as pl

from clockstop.analytics.published.datasets import cancer_layout as layout
from clockstop.analytics.published.datasets.cancer_checks import breakdown_problems
from clockstop.analytics.published.datasets.cancer_sheets import month_of, sheet_rows
from clockstop.analytics.published.problems import FileRefusedError, together
from clockstop.analytics.published.reading import DataSet, Reading
from clockstop.analytics.published.workbook import Sheet, Workbook, sheets_like
from clockstop.core.types import Month

FIELDS = tuple({f.column: f for of in layout.SHEETS.values() for f in of.fields}.values())


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check the workbook's standards and keep them. Raises FileRefusedError.

    Tables: ``providers`` (month, provider, name, standard, breakdown, route, group, total, within,
    after) and ``england``, the same for all English providers. Standard is 28_day, 31_day or
    62_day; breakdown all, cancer or modality; route the referral route or treatment stage in small
    letters; group the cancer or modality as printed. Counts are patients.
    """
    sheets = Workbook(content, file).sheets(layout.SHEETS)
    month = _one_month(sheets)
    reads = [partial(sheet_rows, sheets[name], of) for name, of in layout.SHEETS.items()]
    table = pl.concat(together(reads))
    problems = list(breakdown_problems(table, file))
    if problems:
        raise FileRefusedError(problems)
    table = table.insert_column(0, pl.lit(str(month)).alias("month"))
    is_england = pl.col("provider") == layout.ENGLAND_CODE
    tables = {"providers": table.filter(~is_england), "england": table.filter(is_england)}
    return Reading(str(month), table.height, tables)


def _one_month(sheets: Mapping[str, Sheet]) -> Month:
    months = together([partial(month_of, sheet) for sheet in sheets.values()])
    problems = [
        sheet.problem("month", str(month), f"{months[0]}, as on the first sheet", 2)
        for sheet, month in zip(sheets.values(), months, strict=True)
        if month != months[0]
    ]
    if problems:
        raise FileRefusedError(problems)
    return months[0]


CANCER_WAITS = DataSet(
    name="cancer_waits",
    title="Cancer waiting times by provider (monthly)",
    licence="NHS England, Open Government Licence v3.0",
    read=read,
    recognises_sheets=sheets_like(layout.SHEETS),
)

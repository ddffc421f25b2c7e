"""ODS GP practices (``epraccur.csv``): code, name, region, ICB, dates, status, setting. No header.

The list holds every place with a prescribing cost centre: general practices are those of
prescribing setting 4. Status is A (active), C (closed), D (dormant: listed, but sees nobody) or P
(proposed). In the column of the ICB stand older area codes where a practice closed before there
were ICBs, and codes of Wales, the islands and the armed forces. The layout is the Organisation
Data Service's 27-column report; columns 13 (status) and 26 (setting) are read besides the first
twelve.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl

from clockstop.analytics.published.datasets import ods_report
from clockstop.analytics.published.datasets.completeness import absences, are_fictional
from clockstop.analytics.published.datasets.positions import unknown_districts
from clockstop.analytics.published.fields import ICB_CODE, Field, code, day, number, typed
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.published.reading import DataSet, Reading
from clockstop.core.codes import icbs_on

GENERAL_PRACTICE = 4  # the prescribing setting; source: ODS specification of epraccur
ACTIVE, CLOSED = "A", "C"
STATUS, SETTING = 13, 26  # columns, counted from 1
LAYOUT = ods_report.layout({STATUS: "status", SETTING: "setting"})
_CODE = r"[A-Z][A-Z0-9]{2}\d{3}"
_LETTER = re.compile(r"[A-Za-z]")


def _name(cell: str) -> str:
    """A name with a letter at least: clinics are called ``C.A.M.H.S.`` and ``T2``."""
    if not _LETTER.search(cell) or not cell.isprintable():
        raise ValueError(cell)
    return cell


FIELDS = (
    code("code", "code", _CODE, "a practice code as A81001"),
    Field("name", "name", _name, pl.String, "a text"),
    *ods_report.place_fields(rf"[A-Z][A-Z0-9]{{2}}|{ICB_CODE}", "an ICB or area code as QWO"),
    day("opened", "opened"),
    day("closed", "closed", optional=True),
    code("status", "status", "[ACDP]", "a status: A, C, D or P"),
    number("setting", "setting", 0, 99, whole=True),
)


def recognises(head: bytes) -> bool:
    """Whether the first rows are of 27 fields: a practice's code, its status and its setting."""
    return ods_report.rows_like(head, _is_practice)


def _is_practice(row: Sequence[str]) -> bool:
    patterns = zip((_CODE, r"[A-Z]", r"\d{1,2}"), (0, STATUS - 1, SETTING - 1), strict=True)
    return all(re.fullmatch(pattern, row[at]) for pattern, at in patterns)


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check the report and keep what Clockstop uses. Raises FileRefusedError.

    Table: ``practices`` (code, name, region, icb, postcode, opened, closed, status, setting).
    """
    cells = LAYOUT.read(content, file)
    table = typed(cells, file, FIELDS, key=("code",))
    problems = [
        *ods_report.contradictions(table, cells["row"], file),
        *_contradictions(table, cells["row"], file),
    ]
    if problems:
        raise FileRefusedError(sorted(problems, key=lambda problem: problem.row or 0))
    at_work = table.filter(setting=GENERAL_PRACTICE, status=ACTIVE)
    warnings = list(_warnings(table, cells["row"], at_work, file))
    return Reading("ods", table.height, {"practices": table}, warnings, {"active": at_work.height})


def _contradictions(table: pl.DataFrame, rows: pl.Series, file: str) -> Iterator[Problem]:
    """Closed without a day, or with a day and not closed."""
    for row, status, closed in zip(rows, table["status"], table["closed"], strict=True):
        if status == CLOSED and closed is None:
            yield Problem(file, "blank", "a blank", "the day it closed (status C)", row, "closed")
        elif status != CLOSED and closed is not None:
            expected = f"'C', since it closed on {closed}"
            yield Problem(file, "status", repr(status), expected, row, "status")


def _warnings(
    table: pl.DataFrame, rows: pl.Series, at_work: pl.DataFrame, file: str
) -> Iterator[Problem]:
    """Districts that we do not know, and ICBs without a practice."""
    is_at_work = table["code"].is_in(at_work["code"].implode())
    used = pl.select(pl.when(is_at_work).then(table["postcode"])).to_series()
    yield from unknown_districts(used, rows, file, "postcode")
    if not are_fictional(table["name"]):
        edition = table.select(pl.max_horizontal(pl.col("opened", "closed").max())).item()
        boards = [icb.code for icb in icbs_on(edition)]
        yield from absences(boards, at_work["icb"].drop_nulls(), file, "ICBs with a practice")


PRACTICES = DataSet(
    name="practices",
    title="ODS GP practices (epraccur)",
    licence="NHS England Organisation Data Service, Open Government Licence v3.0",
    recognises=recognises,
    read=read,
)

"""ODS trusts (``etr.csv``): code, name, region, ICB, address. The file has no header.

The layout is the Organisation Data Service's 27-column report, of which the first twelve are read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from clockstop.analytics.published.datasets import ods_report
from clockstop.analytics.published.datasets.completeness import absences, are_fictional
from clockstop.analytics.published.datasets.positions import unknown_districts
from clockstop.analytics.published.fields import (
    ICB_CODE,
    ODS_CODE,
    ODS_WORDS,
    code,
    day,
    text,
    typed,
)
from clockstop.analytics.published.problems import FileRefusedError
from clockstop.analytics.published.reading import DataSet, Reading
from clockstop.core.codes import provider_sectors
from clockstop.core.types import Sector

LAYOUT = ods_report.layout()
FIELDS = (
    code("code", "code", ODS_CODE, ODS_WORDS),
    text("name", "name"),
    *ods_report.place_fields(ICB_CODE, "an ICB code as QWO"),
    day("opened", "opened", optional=True),
    day("closed", "closed", optional=True),
)
# GP practices come in the same 27 columns, under codes of six characters.
_TRUST = re.compile(r"[A-Z0-9]{3}|[A-Z0-9]{5}")
_REGION = re.compile(r"Y\d{2}")
_ICB = re.compile(ICB_CODE)


def recognises(head: bytes) -> bool:
    """Whether the first rows are of 27 fields that start with a trust, its region and ICB."""
    return ods_report.rows_like(head, _is_trust)


def _is_trust(row: Sequence[str]) -> bool:
    patterns = zip((_TRUST, _REGION, _ICB), (row[0], row[2], row[3]), strict=True)
    return all(pattern.fullmatch(cell) for pattern, cell in patterns)


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check the report and keep what Clockstop uses. Raises FileRefusedError."""
    cells = LAYOUT.read(content, file)
    table = typed(cells, file, FIELDS, key=("code",))
    problems = list(ods_report.contradictions(table, cells["row"], file))
    if problems:
        raise FileRefusedError(problems)
    warnings = unknown_districts(table["postcode"], cells["row"], file, "postcode")
    if not are_fictional(table["name"]):
        listed = provider_sectors().items()
        trusts = {code for code, entry in listed if entry.sector == Sector.NHS_TRUST}
        warnings += absences(trusts, table["code"], file, "NHS trusts")
    return Reading("ods", table.height, {"trusts": table}, warnings)


TRUSTS = DataSet(
    name="trusts",
    title="ODS NHS trusts (etr)",
    licence="NHS England Organisation Data Service, Open Government Licence v3.0",
    recognises=recognises,
    read=read,
)

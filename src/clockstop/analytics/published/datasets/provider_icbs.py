"""Provider → ICB: every provider, its name and the ICB it belongs to.

A provider that changed its name or its ICB has a row for each.
"""

from collections.abc import Iterator

import polars as pl

from clockstop.analytics.published.csv_text import Layout
from clockstop.analytics.published.datasets.completeness import absences, are_fictional
from clockstop.analytics.published.fields import ICB_CODE, ODS_CODE, ODS_WORDS, code, text, typed
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.published.reading import DataSet, Reading
from clockstop.core.codes import icbs, provider_sectors

LAYOUT = Layout(("Provider Code", "Provider Name", "Provider Parent Code", "Provider Parent Name"))
FIELDS = (
    code("provider", "Provider Code", ODS_CODE, ODS_WORDS),
    text("name", "Provider Name"),
    code("icb", "Provider Parent Code", ICB_CODE, "an ICB code as QWO"),
    text("icb_name", "Provider Parent Name"),
)


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check the list: codes of the right form, each row once. Raises FileRefusedError."""
    cells = LAYOUT.read(content, file)
    table = typed(cells, file, FIELDS, key=("provider", "name", "icb")).with_columns(cells["row"])
    problems = list(_misnamed(table, file))
    if problems:
        raise FileRefusedError(problems)
    warnings = [] if are_fictional(table["name"]) else list(_unknown(table, file))
    return Reading("england", table.height, {"provider_icbs": table.drop("row")}, warnings)


def _misnamed(table: pl.DataFrame, file: str) -> Iterator[Problem]:
    """An ICB whose name is not the one that its code stands for."""
    names = {icb.code: icb.name for icb in icbs()}
    for row, icb, called in table.select("row", "icb", "icb_name").rows():
        name = names.get(icb)
        if name is not None and name.upper() not in called.upper():
            expected = f"a name with {name!r}, as {icb} is called"
            yield Problem(file, "name", repr(called), expected, row, "Provider Parent Name")


def _unknown(table: pl.DataFrame, file: str) -> Iterator[Problem]:
    """Codes that our lists do not hold (yet)."""
    known_icbs, providers = {icb.code for icb in icbs()}, provider_sectors()
    for row, provider, icb in table.select("row", "provider", "icb").rows():
        if provider not in providers:
            expected, column = "a provider in our sector list", "Provider Code"
            yield Problem(file, "unknown organisation", repr(provider), expected, row, column)
        if icb not in known_icbs:
            expected, column = "one of the ICBs", "Provider Parent Code"
            yield Problem(file, "unknown organisation", repr(icb), expected, row, column)
    yield from absences(providers, table["provider"], file, "providers of our sector list")


PROVIDER_ICBS = DataSet(
    name="provider_icbs",
    title="Providers and their ICBs",
    licence="NHS England, Open Government Licence v3.0",
    recognises=LAYOUT.resembles,
    read=read,
)

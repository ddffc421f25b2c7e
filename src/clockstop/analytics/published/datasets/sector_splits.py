"""Orthopaedic and ophthalmic care by sector: England, regions, ethnicity, deprivation, procedures.

The files are those of published charts, 2018 to 2022. ``england`` and ``procedures`` name their
specialty on every row; ``groups`` (regions, ethnic groups, or deprivation fifths, 1 the most
deprived) do not, so that it is read from the file's name, which begins as published: ``4-1-``
orthopaedic, ``4-2-`` ophthalmic, or the word itself. Shares are held against the counts and not
kept. Tables: ``splits`` (month, specialty, split, group, setting, sector, n) and, for England,
``costs`` (month, specialty, sector, pounds).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import polars as pl

from clockstop.analytics.published.containers import HEAD_BYTES
from clockstop.analytics.published.csv_text import Layout, nearest
from clockstop.analytics.published.datasets.treatments_by_sector import first_day
from clockstop.analytics.published.fields import Field, number, text, typed
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.published.reading import DataSet, Reading
from clockstop.analytics.published.sums import Sum, broken_sums
from clockstop.core.codes import regions

_MONTH = "der_activity_month"
_SECTORS = {"Independent Sector": "independent", "NHS": "nhs"}
_SPECIALTIES = {"Orthopaedic": "orthopaedic", "Ophthalmology": "ophthalmic"}
_SETTINGS = {"Inpatient admissions": "inpatient", "Outpatient appointments": "outpatient"}
_COST = "Cost (£)"
_NAMED = {
    "orthopaedic": re.compile("4-1-|.*orthopaedic"),
    "ophthalmic": re.compile("4-2-|.*ophthalm"),
}
_ETHNICITIES = (
    "Asian or Asian British",
    "Black or Black British",
    "Mixed",
    "Other Ethnic Groups",
    "White",
)
_SPLITS = {
    **{region.name: "region" for region in regions()},
    **dict.fromkeys(_ETHNICITIES, "ethnicity"),
    **dict.fromkeys("12345", "deprivation"),
}
_EXACT = 1e-6  # percent; shares are printed in full
_MOST = 10_000_000

LAYOUTS = {
    "groups": Layout(("", _MONTH, "var_1", "name", "prop", "sector", "value")),
    "england": Layout(("", _MONTH, "type", "speciality", "name", "value")),
    "procedures": Layout(
        (
            "",
            _MONTH,
            "type",
            "speciality",
            "procedure_desc_short",
            "n_spells_IP",
            "n_spells_OP",
            "all_activity",
        )
    ),
}


def _one_of(name: str, column: str, values: Mapping[str, str]) -> Field:
    def parse(cell: str) -> str:
        if cell not in values:
            raise ValueError(cell)
        return values[cell]

    return Field(name, column, parse, pl.String, f"one of {', '.join(values)}")


def _count(name: str, column: str) -> Field:
    return number(name, column, 0, _MOST, whole=True)


_MONTHS = Field("month", _MONTH, first_day, pl.String, "the first day of a month")
_OWN = (_one_of("sector", "type", _SECTORS), _one_of("specialty", "speciality", _SPECIALTIES))
FIELDS: dict[str, tuple[Field, ...]] = {
    "groups": (
        _MONTHS,
        _one_of("group", "var_1", {name: name for name in _SPLITS}),
        _one_of("setting", "name", _SETTINGS),
        number("share", "prop", 0, 100),
        _one_of("sector", "sector", _SECTORS),
        _count("n", "value"),
    ),
    "england": (
        _MONTHS,
        *_OWN,
        _one_of("setting", "name", _SETTINGS | {_COST: "cost"}),
        number("n", "value", 0, 1e10),
    ),
    "procedures": (
        _MONTHS,
        *_OWN,
        text("group", "procedure_desc_short"),
        _count("inpatient", "n_spells_IP"),
        _count("outpatient", "n_spells_OP"),
        _count("total", "all_activity"),
    ),
}
_KEY = ("month", "specialty", "split", "group", "setting", "sector")


def recognises(head: bytes) -> bool:
    """Whether the header is near one of these, months among its columns (others count years)."""
    alike = [layout for layout in LAYOUTS.values() if layout.resembles(head)]
    return any(_MONTH in layout.header(head) for layout in alike)


def read(content: bytes, file: str, stem: str) -> Reading:
    """Check a chart's table and make it long. Raises FileRefusedError."""
    kind = nearest(LAYOUTS, content[:HEAD_BYTES])
    cells = LAYOUTS[kind].read(content, file)
    key = [field.name for field in FIELDS[kind] if field.dtype == pl.String]
    table = typed(cells, file, FIELDS[kind], key=key).with_columns(cells["row"])
    tables = {"groups": _groups, "england": _england, "procedures": _procedures}[kind](
        table, file, stem
    )
    splits = tables["splits"].select(*_KEY, pl.col("n").cast(pl.Int64)).sort(_KEY)
    key_of_file = f"{splits['specialty'][0]}-{splits['split'][0]}"
    return Reading(key_of_file, table.height, {**tables, "splits": splits})


def _groups(table: pl.DataFrame, file: str, stem: str) -> dict[str, pl.DataFrame]:
    specialty = next((name for name, sign in _NAMED.items() if sign.match(stem.lower())), None)
    splits = table["group"].replace_strict(_SPLITS)
    problems = list(_wrong_shares(table, file))
    if specialty is None:
        expected = "a name as published: with 'orthopaedic' or 'ophthalmic', or from 4-1- or 4-2-"
        problems.append(Problem(file, "name", repr(stem), expected))
    if splits.n_unique() > 1:
        problems.append(Problem(file, "mixed", " and ".join(splits.unique().sort()), "one of them"))
    if problems:
        raise FileRefusedError(problems)
    return {"splits": table.with_columns(specialty=pl.lit(specialty), split=splits)}


def _wrong_shares(table: pl.DataFrame, file: str) -> Iterator[Problem]:
    """Shares that are not those of the two sectors' counts."""
    group = ["month", "group", "setting"]
    independent = pl.col("n").filter(pl.col("sector") == "independent").sum().over(group)
    found = table.with_columns(found=100 * independent / pl.col("n").sum().over(group))
    off = found.filter((pl.col("found").fill_nan(0) - pl.col("share")).abs() > _EXACT)
    for row, share, is_ in off.select("row", "share", "found").rows():
        expected = f"{is_:.4f}, the independent share of the two counts"
        yield Problem(file, "share", f"{share:.4f}", expected, row, "prop")


def _england(table: pl.DataFrame, file: str, _stem: str) -> dict[str, pl.DataFrame]:
    is_cost = pl.col("setting") == "cost"
    broken = table.filter(~is_cost & (pl.col("n") != pl.col("n").round()))
    problems = [
        Problem(file, "value", str(n), "a whole number", row, "value")
        for row, n in broken.select("row", "n").rows()
    ]
    if problems:
        raise FileRefusedError(problems)
    costs = table.filter(is_cost).select("month", "specialty", "sector", pounds="n")
    splits = table.filter(~is_cost).with_columns(split=pl.lit("england"), group=pl.lit("England"))
    return {"splits": splits, "costs": costs.sort("month", "specialty", "sector")}


def _procedures(table: pl.DataFrame, file: str, _stem: str) -> dict[str, pl.DataFrame]:
    settings = ("inpatient", "outpatient")
    whole = Sum("total", settings, "inpatient and outpatient spells", "all_activity")
    problems = list(broken_sums(table, file, [whole]))
    if problems:
        raise FileRefusedError(problems)
    index = ["month", "specialty", "sector", "group"]
    long = table.unpivot(settings, index=index, variable_name="setting", value_name="n")
    return {"splits": long.with_columns(split=pl.lit("procedure"))}


SECTOR_SPLITS = DataSet(
    name="sector_splits",
    title="Orthopaedic and ophthalmic care by sector",
    licence="The Health Foundation from NHS England data, Open Government Licence v3.0",
    recognises=recognises,
    read=read,
)

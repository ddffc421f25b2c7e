"""An extract of a hospital's system: its tables read, checked, and what is wrong with them.

Whatever is wrong with a person, a pathway or an event keeps the whole pathway out, so that no
pathway is ever known by half; all that is wrong is told at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from clockstop.analytics.clocks import events_table
from clockstop.analytics.clocks.checks import keys_wrong, wrong_values
from clockstop.analytics.clocks.encoding import REFERENCES, fields_of, is_of, reference
from clockstop.analytics.records.columns import columns, schema
from clockstop.analytics.records.faults import of_rows, together
from clockstop.analytics.records.files import tables
from clockstop.core.codes.functions import UnknownFunctionError
from clockstop.core.codes.lines import reporting_line

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2099, 12, 31)
WORDS: Mapping[str, tuple[str, ...]] = {
    "sex": ("1", "2", "9"),
    "priority": ("1", "2", "3"),
    "procedure_priority": ("P1A", "P1B", "P2", "P3", "P4", "P5", "P6"),
    "diagnostic_priority": ("D1", "D2", "D3", "D4", "D5", "D6"),
}
LONGEST: Mapping[str, int] = {
    "given_name": 100,
    "family_name": 100,
    "ethnic_category": 2,
    "postcode": 8,
    "lsoa": 9,
    "practice": 12,
    "icb": 6,
    "issuer": 6,
    "provider": 12,
    "commissioner": 12,
    "treatment_function": 3,
    "line": 6,
    "referrer": 12,
    "site": 12,
    "consultant": 12,
    "accepting_provider": 12,
}
_LONGEST = 20
_AT_MOST_ENTRIES = 65_535
_DECILES = (1, 10)
_TRUE, _FALSE = ("true", "1", "y", "yes"), ("false", "0", "n", "no")
_NAMED = (*REFERENCES, "supersedes")
TOLD = ("pathway", "person", "icb", "provider")  # of a pathway: whose it is


@dataclass(frozen=True)
class Extract:
    """People, pathways and events without a fault, and the faults (``faults.FAULTS``).

    ``people`` and ``pathways`` have the columns of ``records.columns``, ``events`` those of
    ``clocks.events_table`` in the order of pathway and number. ``left_out`` are rows of pathways
    that were refused (columns TOLD), as far as they can be read.
    """

    people: pl.DataFrame
    pathways: pl.DataFrame
    events: pl.DataFrame
    faults: pl.DataFrame
    left_out: pl.DataFrame

    @property
    def refused(self) -> int:
        """How many pathways were left out."""
        return self.left_out["pathway"].n_unique()

    @property
    def told(self) -> pl.DataFrame:
        """All pathways by TOLD, those that were left out among them."""
        return pl.concat([self.pathways.select(TOLD), self.left_out])


def nothing_read(faults: pl.DataFrame) -> Extract:
    """An extract that could not be read at all, with what is wrong with it."""
    people, pathways = (pl.DataFrame(schema=schema(name)) for name in ("people", "pathways"))
    events = pl.DataFrame(schema=events_table.columns())
    return Extract(people, pathways, events, faults, pathways.select(TOLD))


def read_extract(
    extract: Path | Mapping[str, bytes], *, provider: str | None, day: date
) -> Extract:
    """Read a folder, a zip, or files by name, received on a day.

    All pathways must be of the ``provider``, if any. Raises ExtractRefusedError where the files
    are no extract at all.
    """
    given = tables(extract)
    people = _typed(given["people"], schema("people"), pathway=False)
    pathways = _typed(given["pathways"], schema("pathways"), pathway=True)
    events = _typed_events(given["events"])
    faults = together(
        [
            *_wrong_people(given["people"], people, day),
            *_wrong_pathways(given["pathways"], pathways, people, provider, day),
            *_wrong_events(given["events"], events, pathways, day),
        ]
    )
    return _without(faults, people, pathways, events)


def _typed(given: pl.DataFrame, types: Mapping[str, pl.DataType], *, pathway: bool) -> pl.DataFrame:
    """The columns in their types, null where a value does not fit; with its place and its keys."""
    typed = given.select(
        "file", "row", *(_value(name, kind, given) for name, kind in types.items())
    )
    if pathway:
        return typed
    return typed.with_columns(pathway=pl.lit(None, pl.UInt64))


def _value(name: str, kind: pl.DataType, given: pl.DataFrame) -> pl.Expr:
    column, is_text = pl.col(name), given.schema[name] == pl.String()
    if kind == pl.Boolean() and is_text:
        lower = column.str.to_lowercase()
        yes = pl.when(lower.is_in(_TRUE)).then(pl.lit(value=True))
        return yes.when(lower.is_in(_FALSE)).then(pl.lit(value=False)).alias(name)
    if kind == pl.Date() and is_text:
        return column.str.to_date("%Y-%m-%d", strict=False)
    if name == "nhs_number":
        return column.cast(pl.String).str.replace_all(r"[\s-]", "")
    return column.cast(kind, strict=False)


def _typed_events(given: pl.DataFrame) -> pl.DataFrame:
    wanted = {name: kind for name, kind in events_table.columns().items() if name != "kind"}
    kind = pl.col("kind").cast(pl.String).cast(events_table.KEYS["kind"], strict=False)
    typed = given.select(
        "file", "row", kind, *(_value(name, each, given) for name, each in wanted.items())
    )
    return typed.with_columns(person=pl.lit(None, pl.UInt64))


def _misfits(
    given: pl.DataFrame, typed: pl.DataFrame, types: Mapping[str, pl.DataType]
) -> Iterator[pl.DataFrame]:
    """Values that were there and are none of the column's type."""
    for name, kind in types.items():
        if given.schema[name] in (kind, pl.Null()) or kind == pl.String():
            continue
        lost = given[name].is_not_null() & typed[name].is_null()
        if lost.any():
            shown = typed.with_columns(given[name].cast(pl.String))
            yield of_rows(shown, pl.lit(lost), name, _said(kind))


def _said(kind: pl.DataType) -> str:
    if kind == pl.Date():
        return "a day like 2025-01-31"
    return "true or false" if kind == pl.Boolean() else "a whole number"


def _wrong_columns(given: pl.DataFrame, typed: pl.DataFrame, table: str) -> Iterator[pl.DataFrame]:
    """What the contract says of each column by itself."""
    yield from _misfits(given, typed, schema(table))
    for each in columns(table):
        column = pl.col(each.name)
        if each.required:
            was_blank = pl.lit(given[each.name].is_null())
            yield of_rows(typed, was_blank, each.name, each.meaning)
        if each.type == "text":
            longest = LONGEST.get(each.name, _LONGEST)
            words = f"at most {longest} characters"
            yield of_rows(typed, column.str.len_chars() > longest, each.name, words)
        if each.type == "day":
            outside = ~column.is_between(FIRST_DAY, LAST_DAY)
            yield of_rows(typed, outside, each.name, f"a day from {FIRST_DAY} to {LAST_DAY}")
        if each.name in WORDS:
            known = WORDS[each.name]
            yield of_rows(typed, ~column.is_in(known), each.name, f"one of {', '.join(known)}")


def _wrong_people(given: pl.DataFrame, people: pl.DataFrame, day: date) -> Iterator[pl.DataFrame]:
    yield from _wrong_columns(given, people, "people")
    yield of_rows(people, pl.col("person").is_duplicated(), "person", "each person once")
    number = pl.col("nhs_number")
    whole = number.str.contains(r"^[0-9]{10}$")
    yield of_rows(people, ~whole, "nhs_number", "an NHS number of 10 digits")
    yield of_rows(people, whole & ~_fits_check_digit(), "nhs_number", "a check digit that fits")
    twice = number.is_not_null() & number.is_duplicated()
    yield of_rows(people, twice, "nhs_number", "each NHS number for one person alone")
    born, died = pl.col("birth_date"), pl.col("died_on")
    yield of_rows(people, pl.lit(given["birth_date"].is_null()), "birth_date", "a day of birth")
    yield of_rows(people, born > day, "birth_date", f"a day until {day}")
    outside = (died > day) | (died < born)
    yield of_rows(people, outside, "died_on", f"a day between the day of birth and {day}")
    decile = ~pl.col("deprivation_decile").is_between(*_DECILES)
    yield of_rows(people, decile, "deprivation_decile", "1 to 10")


def _fits_check_digit() -> pl.Expr:
    """As ``core.types.NhsNumber``: the last digit checks the others modulo 11."""
    digits = [
        pl.col("nhs_number").str.slice(at, 1).cast(pl.Int32, strict=False) for at in range(10)
    ]
    total = sum((digits[at] * (10 - at) for at in range(1, 9)), digits[0] * 10)
    return (11 - total % 11) % 11 == digits[9]


def _wrong_pathways(
    given: pl.DataFrame,
    pathways: pl.DataFrame,
    people: pl.DataFrame,
    provider: str | None,
    day: date,
) -> Iterator[pl.DataFrame]:
    yield from _wrong_columns(given, pathways, "pathways")
    yield of_rows(pathways, pl.col("pathway").is_duplicated(), "pathway", "each pathway once")
    named = pl.struct("identifier", "issuer", "provider").is_duplicated()
    is_named = pl.col("identifier").is_not_null()
    yield of_rows(pathways, named & is_named, "identifier", "each identifier of an issuer once")
    known = pl.col("person").is_in(people["person"].drop_nulls().implode())
    yield of_rows(pathways, ~known, "person", "a person of the table of people")
    if provider is not None:
        other = pl.col("provider") != provider
        yield of_rows(pathways, other, "provider", f"pathways of {provider} alone")
    codes = pathways["treatment_function"].drop_nulls().unique()
    strange = [code for code in codes if not _is_function(code, day)]
    is_strange = pl.col("treatment_function").is_in(strange)
    yield of_rows(pathways, is_strange, "treatment_function", "a national code, like 110")


def _is_function(code: str, day: date) -> bool:
    try:
        reporting_line(code, day)
    except UnknownFunctionError:
        return False
    return True


def _wrong_events(
    given: pl.DataFrame, events: pl.DataFrame, pathways: pl.DataFrame, day: date
) -> Iterator[pl.DataFrame]:
    types = events_table.columns()
    yield from _misfits(given, events, {name: types[name] for name in types if name != "kind"})
    shown = events.with_columns(given["kind"].cast(pl.String).alias("kind"))
    for name, expected, mask in keys_wrong():
        masked = pl.lit(events.select(mask).to_series())
        yield of_rows(shown if name == "kind" else events, masked, name, expected)
    for name in types:
        if name in events_table.KEYS:
            continue
        for column, expected, mask in wrong_values(name):
            yield of_rows(events, mask, column, expected)
    known = pl.col("pathway").is_in(pathways["pathway"].drop_nulls().implode())
    yield of_rows(events, ~known, "pathway", "a pathway of the table of pathways")
    yield of_rows(events, pl.col("day") > day, "day", f"a day until {day}: what has happened")
    yield from _wrong_numbers(events)


def _wrong_numbers(events: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Numbers that do not count from 1, and names of entries that there are not."""
    count = pl.len().over("pathway")
    broken = (pl.col("number").n_unique().over("pathway") != count) | (
        pl.col("number").max().over("pathway") != count
    )
    masked = events.select(
        broken & pl.col("pathway").is_not_null() & (pl.col("number") > 0)
    ).to_series()
    if masked.any():
        first = pl.lit(masked) & pl.col("pathway").is_first_distinct()
        words = "the entries of the pathway numbered from 1 without a gap"
        yield of_rows(events, first, "number", words)
    sized = events.select(pl.all(), entries=count)
    for name in _NAMED:
        unknown = is_of(tuple(fields_of(name))) & ~reference(name).is_between(1, pl.col("entries"))
        mask = pl.col(name).is_not_null() & unknown
        yield of_rows(sized, mask, name, "an entry of the same pathway, like e1")


def _without(
    faults: pl.DataFrame, people: pl.DataFrame, pathways: pl.DataFrame, events: pl.DataFrame
) -> Extract:
    """What is left once every pathway with a fault is out, its person or its events being wrong."""
    given = pathways.select(TOLD)
    if len(faults):
        bad_people = faults["person"].filter(faults["pathway"].is_null()).drop_nulls()
        bad = faults["pathway"].drop_nulls()
        people = people.filter(~pl.col("person").is_in(bad_people.implode()))
        fits = ~pl.col("pathway").is_in(bad.implode()) & pl.col("person").is_in(
            people["person"].implode()
        )
        pathways = pathways.filter(pl.col("pathway").is_not_null() & fits)
        events = events.filter(pl.col("pathway").is_in(pathways["pathway"].implode()))
    if not _is_sorted(events):
        events = events.sort("pathway", "number")
    return Extract(
        people=people.select(list(schema("people"))),
        pathways=pathways.select(list(schema("pathways"))),
        events=events.select(list(events_table.columns())),
        faults=faults,
        left_out=_others(given, pathways) if len(faults) else given.clear(),
    )


def _others(pathways: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """The rows of pathways that are not kept, those without a key among them."""
    is_kept = pl.col("pathway").is_in(kept["pathway"].implode())
    return pathways.filter(~is_kept.fill_null(value=False))


def _is_sorted(events: pl.DataFrame) -> bool:
    before, place = pl.col("pathway").shift(), pl.col("pathway")
    follows = (place == before) & (pl.col("number") > pl.col("number").shift())
    found = events.select(((place > before) | follows).fill_null(value=True).all())
    return bool(found.item())


def of_icb(extract: Extract, icb: str) -> Extract:
    """The part of an extract whose providers lie in one ICB.

    A fault of no known pathway or person is in no part: nobody can say whose it is.
    """
    pathways = extract.pathways.filter(pl.col("icb") == icb)
    left_out = extract.left_out.filter(pl.col("icb") == icb)
    people = extract.people.filter(pl.col("person").is_in(pathways["person"].implode()))
    events = extract.events.filter(pl.col("pathway").is_in(pathways["pathway"].implode()))
    part = Extract(people, pathways, events, extract.faults, left_out)
    of_pathway = pl.col("pathway").is_in(part.told["pathway"].implode())
    of_person = pl.col("pathway").is_null() & pl.col("person").is_in(part.told["person"].implode())
    return replace(part, faults=extract.faults.filter(of_pathway | of_person))

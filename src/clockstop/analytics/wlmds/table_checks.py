"""The rules among rows and tables: each gives the rows that are wrong, and what stands there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import polars as pl

from clockstop.analytics.wlmds.tables import KEY, LOG, TABLES

PATHS = ("open", "starts", "stops")
_PATHWAY = list(KEY[:2])
_OF_WEEK = ["provider_code", "week_ending_date"]
Tables = Mapping[str, pl.DataFrame]
Found = Iterator[tuple[str, pl.DataFrame]]  # a table, and its ``row`` and what was ``found``


def _missing(tables: Tables) -> Found:
    for name in TABLES:
        if name not in tables:
            yield name, _whole("no file")


def _empty(tables: Tables) -> Found:
    if "open" in tables and tables["open"].is_empty():
        yield "open", _whole("no rows")


def _whole(found: str) -> pl.DataFrame:
    return pl.DataFrame({"row": [None], "found": [found]}, schema={"row": pl.Int64, "found": str})


def _duplicates(tables: Tables) -> Found:
    """Every row of a key but the first."""
    for name in PATHS:
        if name in tables:
            keyed = _keyed(tables[name])
            held = _firsts(keyed.filter(pl.struct(KEY).is_duplicated()))
            again = keyed.join(held, on=KEY, nulls_equal=True).filter(
                pl.col("row") > pl.col("first")
            )
            yield name, _said(again, "as in row {}", "first")


def _still_open(tables: Tables) -> Found:
    if "open" in tables and "stops" in tables:
        stops = _firsts(_keyed(tables["stops"]))
        both = _keyed(tables["open"]).join(stops, on=KEY, nulls_equal=True)
        yield "open", _said(both, "also in row {} of the stops", "first")


def _unlisted(tables: Tables) -> Found:
    if all(name in tables for name in PATHS):
        listed = pl.concat([_keyed(tables[name]).select(KEY) for name in ("open", "stops")])
        alone = _keyed(tables["starts"]).join(listed, on=KEY, how="anti", nulls_equal=True)
        yield "starts", alone.select("row", found=pl.lit("in neither table"))


def _people(tables: Tables) -> Found:
    """Rows of a pathway that name somebody else than its first row does."""
    told = [
        tables[name]
        .select(*_PATHWAY, "pseudo_nhs_number", "row", table=pl.lit(name))
        .drop_nulls([*_PATHWAY, "pseudo_nhs_number"])
        for name in PATHS
        if name in tables
    ]
    if not told:
        return
    every = pl.concat(told)
    person = pl.col("pseudo_nhs_number")
    spread = every.group_by(_PATHWAY).agg(is_shared=person.min() != person.max())
    shared = spread.filter("is_shared").select(_PATHWAY)
    first = [
        pl.col(name).first().over(_PATHWAY).alias(f"first_{name}") for name in ("row", "table")
    ]
    odd = every.join(shared, on=_PATHWAY, how="semi", maintain_order="left").with_columns(
        *first, is_other=person != person.first().over(_PATHWAY)
    )
    for name in PATHS:
        others = odd.filter("is_other", table=name)
        yield name, _said(others, "not the person of row {} of {}", "first_row", "first_table")


def _latest_many(tables: Tables) -> Found:
    yield from _marked(tables, pl.col("latest").sum().over(_OF_WEEK) != 1)


def _latest_old(tables: Tables) -> Found:
    one = pl.col("latest").sum().over(_OF_WEEK) == 1
    last = pl.col("sequence").max().over(_OF_WEEK)
    yield from _marked(tables, one & pl.col("latest") & (pl.col("sequence") < last))


def _marked(tables: Tables, wrong: pl.Expr) -> Found:
    if LOG in tables and tables[LOG]["latest"].count():
        rows = tables[LOG].filter(wrong)
        yield LOG, rows.select("row", found=pl.col("latest").cast(pl.String).fill_null("nothing"))


def _sequence(tables: Tables) -> Found:
    if LOG in tables:
        came = tables[LOG].sort("received_at", "row")
        place = pl.int_range(1, pl.len() + 1).over(_OF_WEEK)
        wrong = came.filter(pl.col("sequence") != place)
        yield LOG, wrong.select("row", found=pl.col("sequence").cast(pl.String))


def _repeats(tables: Tables) -> Found:
    """A file that is the same as the one before it."""
    if LOG in tables:
        came = tables[LOG].sort("received_at", "row")
        before = pl.col("file_hash").shift().over(_OF_WEEK)
        again = came.filter(pl.col("file_hash") == before)
        yield LOG, again.select("row", found="file_hash")


def _keyed(table: pl.DataFrame) -> pl.DataFrame:
    """The rows whose pathway is told from all others; what they lack is another rule's matter."""
    told = [name for name in KEY if name != "referral_identifier"]
    return table.select("row", *KEY).drop_nulls(told)


def _firsts(keyed: pl.DataFrame) -> pl.DataFrame:
    return keyed.group_by(KEY).agg(first=pl.col("row").min())


def _said(rows: pl.DataFrame, words: str, *names: str) -> pl.DataFrame:
    """The rows with what was found; in one piece, or else Polars fails at joining text."""
    return rows.rechunk().select("row", found=pl.format(words, *names))


CHECKS: Mapping[str, Callable[[Tables], Found]] = {
    "table-missing": _missing,
    "open-empty": _empty,
    "duplicate": _duplicates,
    "stop-still-open": _still_open,
    "start-unlisted": _unlisted,
    "person-differs": _people,
    "log-latest-many": _latest_many,
    "log-latest-old": _latest_old,
    "log-sequence": _sequence,
    "log-repeat": _repeats,
}


def table_checks(tables: Tables, wanted: Sequence[str]) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """The id of a rule, a table, and the ``row`` and ``found`` of each fault that there is."""
    for rule in wanted:
        for name, found in CHECKS[rule](tables):
            if len(found):
                yield rule, name, found

"""A table of events as arrays of integers, as the kernel takes them: expressions, no row in Python.

A column that a kind of event does not have says nothing in its rows, and a field left out has the
default of its class: so does ``events_table.pathways`` read them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from clockstop.analytics.clocks.kernel.layout import NOBODY, NONE, ROW
from clockstop.analytics.clocks.words import KINDS, Flag, bool_fields
from clockstop.core.rtt.identifiers import ERS_ISSUER, LENGTH
from clockstop.core.rtt.reading import EventField, event_fields

# The fields that fill each array; a kind of event has at most one of each.
CHOICES = (
    "appointment",
    "by",
    "handover",
    "planned_for",
    "purpose",
    "reason",
    "result",
    "service",
    "setting",
)
OTHER_CHOICES = ("referrer", "reported_by")
REFERENCES = ("admission", "decision", "listing", "offer", "referral")
OTHER_DAYS = ("due", "known_intervention", "offered_for", "original_start", "until")
TEXTS = ("issuer", "linked_to", "pathway_id", "provider", "to", "ubrn")
PLAIN = ("day", "kind", "number", "pathway", "status", "supersedes")
# Read by the return and by people, never by the clock.
UNREAD = (
    "host",
    "hub",
    "intended_status",
    "nhs_england",
    "outside_england",
    "practice",
    "recorded",
    "residence",
    "treatment_function",
)
READ = (*PLAIN, *CHOICES, *OTHER_CHOICES, *REFERENCES, *OTHER_DAYS, *TEXTS, *bool_fields())

_MOST = len(str(np.iinfo(np.uint16).max))
_REFERENCE = rf"^e([1-9][0-9]{{0,{_MOST - 1}}})$"
_SPACES = r"[\s\x1c-\x1f-]"  # what Python calls a space, and hyphens
_UBRN = r"^[0-9]{12}$"


@dataclass(frozen=True)
class Encoded:
    """Some pathways as arrays; ``starts`` has the rows where they begin, and where all end."""

    rows: Any
    starts: Any
    keys: pl.Series
    providers: Sequence[str]


def encoded(events: pl.DataFrame) -> Encoded:
    """The arrays of a table whose rows are events (see ``checks``), each pathway whole."""
    providers = _providers(events)
    arrays = events.select(*_lanes(providers))
    rows = np.zeros(len(events) + 1, ROW)  # with one more for the kernel's own use
    for name in arrays.columns:
        rows[name][:-1] = arrays[name].to_numpy()
    rows["name"][:-1] = _names(events)
    begins = np.flatnonzero(rows["number"] == 1)
    return Encoded(
        rows=rows,
        starts=np.append(begins, len(events)).astype(np.int64),
        keys=events["pathway"].gather(begins),
        providers=providers,
    )


def _providers(events: pl.DataFrame) -> list[str]:
    both = pl.concat([events["provider"].unique(), events["to"].unique()])
    return both.drop_nulls().unique().sort().to_list()


def _lanes(providers: Sequence[str]) -> list[pl.Expr]:
    return [
        pl.col("number").cast(pl.UInt16).alias("number"),
        _number(_kind(), pl.UInt8, 0).alias("kind"),
        _days(pl.col("day")).alias("day"),
        _word("status", field_of("status")).fill_null(0).alias("status"),
        _provider("provider", providers).alias("provider"),
        _flags().alias("flags"),
        _by_kind(CHOICES, _chosen, 0).cast(pl.UInt8).alias("choice"),
        _by_kind(OTHER_CHOICES, _chosen, 0).cast(pl.UInt8).alias("other_choice"),
        _refers().alias("refers"),
        reference("supersedes").alias("supersedes"),
        _by_kind(OTHER_DAYS, lambda name, _: _days(pl.col(name)), NONE).alias("other_day"),
        _provider("to", providers).alias("to"),
    ]


def _kind() -> pl.Expr:
    return pl.col("kind").to_physical().cast(pl.UInt8) + 1


def _number(expr: pl.Expr, kind: Any, default: int) -> pl.Expr:
    return expr.cast(kind).fill_null(default)


def _days(expr: pl.Expr) -> pl.Expr:
    return _number(expr.to_physical(), pl.Int32, NONE)


def _provider(name: str, providers: Sequence[str]) -> pl.Expr:
    code = pl.col(name).cast(pl.Enum(providers)).to_physical()
    return _number(code, pl.Int32, NOBODY)


@cache
def fields_of(name: str) -> Mapping[str, EventField]:
    """The fields of a name, by the kinds of event that have it."""
    found = {kind: event_fields(kind).get(name) for kind in KINDS}
    return {kind: field for kind, field in found.items() if field is not None}


def field_of(name: str) -> EventField:
    """The field of a name, in any kind that has it."""
    return next(iter(fields_of(name).values()))


def _word(name: str, field: EventField) -> pl.Expr:
    """The number of a word: 1 for the first of its list. One that is not in the list is null."""
    code = (
        pl.col(name)
        .cast(pl.Enum([str(each) for each in field.options]), strict=False)
        .to_physical()
        .cast(pl.UInt8)
        + 1
    )
    if field.default is None:
        return code
    return code.fill_null(field.options.index(str(field.default)) + 1)


def is_of(kinds: Sequence[str]) -> pl.Expr:
    """Whether a row is of one of the kinds."""
    if set(kinds) == set(KINDS):
        return pl.lit(value=True)
    return pl.col("kind").is_in(list(kinds))


def _by_kind(names: Sequence[str], lane: Any, default: int) -> pl.Expr:
    """Of each row, the field that its kind has."""
    found: Any = pl
    for name in names:
        for field, kinds in _alike(name):
            found = found.when(is_of(kinds)).then(lane(name, field))
    expr: pl.Expr = found.otherwise(None)
    return expr.fill_null(default)


def _alike(name: str) -> list[tuple[EventField, list[str]]]:
    """The kinds that have a field, grouped by its default."""
    found: dict[object, tuple[EventField, list[str]]] = {}
    for kind, field in fields_of(name).items():
        found.setdefault(field.default, (field, []))[1].append(kind)
    return list(found.values())


def _chosen(name: str, field: EventField) -> pl.Expr:
    return _word(name, field)


def _refers() -> pl.Expr:
    """The entry named; for a booking reference, whether it is linked to another."""
    named = _by_kind(REFERENCES, lambda name, _: reference(name), NONE)
    linked = is_of(tuple(fields_of("linked_to"))) & pl.col("linked_to").is_not_null()
    return pl.when(linked).then(0).otherwise(named).cast(pl.Int32)


def reference(name: str) -> pl.Expr:
    """The number of the entry that a column names; 0 where no entry can have that name."""
    number = pl.col(name).str.extract(_REFERENCE).cast(pl.Int32).fill_null(0)
    return pl.when(pl.col(name).is_null()).then(NONE).otherwise(number).cast(pl.Int32)


def _flags() -> pl.Expr:
    bits = [
        pl.when(_yes(name, kinds)).then(Flag[name.upper()].value).otherwise(0).cast(pl.UInt32)
        for name, kinds in bool_fields().items()
    ]
    found = bits[0]
    for bit in bits[1:]:
        found |= bit
    return found


def _yes(name: str, kinds: Mapping[str, bool]) -> pl.Expr:
    if len(set(kinds.values())) == 1:
        return pl.col(name).fill_null(next(iter(kinds.values())))
    by_default = [kind for kind, default in kinds.items() if default]
    return pl.coalesce(pl.col(name), is_of(by_default))


def _names(events: pl.DataFrame) -> Any:
    """Pathway identifiers as numbers, odd ones issued by e-RS; equal if number and issuer are.

    Only where a transfer form has one, for only there is it held against another.
    """
    names = np.zeros(len(events), np.int32)
    sent = (pl.col("kind") == "transfer_received") & pl.col("pathway_id").is_not_null()
    with_form = events.select(sent.alias("sent"), "pathway").filter("sent")["pathway"].unique()
    if not len(with_form):
        return names
    few = (
        events.with_row_index("row")
        .filter(pl.col("pathway").is_in(with_form.implode()))
        .select("row", issuer=_issuer(sent), name=_name(sent))
        .drop_nulls("name")
        .rechunk()  # or else Polars fails at putting the columns together, if files came apart
    )
    # The length of the issuer tells where it ends, whatever characters there are.
    whole = pl.format("{}:{}{}", pl.col("issuer").str.len_bytes(), "issuer", "name")
    code = 2 * few.select(whole.rank("dense"))["issuer"].cast(pl.Int32)
    names[few["row"].to_numpy()] = (code + (few["issuer"] == ERS_ISSUER)).to_numpy()
    return names


def _issuer(sent: pl.Expr) -> pl.Expr:
    return pl.when(sent).then(pl.col("issuer").fill_null("")).otherwise(pl.lit(ERS_ISSUER))


def _name(sent: pl.Expr) -> pl.Expr:
    """What the form says, or the booking reference as ``PathwayId.from_ubrn`` writes it."""
    linked = (pl.col("kind") == "ubrn_converted") & pl.col("linked_to").is_not_null()
    text = pl.when(linked).then("linked_to").otherwise("ubrn")
    booked = is_of(tuple(fields_of("ubrn")))
    digits = pl.when(booked).then(text).str.replace_all(_SPACES, "")
    ubrn = pl.when(digits.str.contains(_UBRN)).then(digits.str.zfill(LENGTH))
    return pl.when(sent).then("pathway_id").otherwise(ubrn)

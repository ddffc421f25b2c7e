"""What a hospital's system tells anew of pathways whose events are kept: entries to append.

Nothing that is kept changes. An event that is told otherwise than before is corrected by another
entry, one that is told no more is withdrawn, and whatever names a corrected entry is entered anew
so that it names the right one. Entries that people made keep their place. The system numbers its
own events from 1; the store numbers all entries of a pathway; ``source_number`` is between them.
"""

from __future__ import annotations

from functools import reduce

import polars as pl

from clockstop.analytics.clocks.encoding import REFERENCES, reference
from clockstop.analytics.clocks.events_table import KEYS, columns
from clockstop.analytics.records.event_text import events_of, texts

CORRECTED = "The hospital's system corrected it"
WITHDRAWN = "entry_withdrawn"
_NAMES = (*REFERENCES, "supersedes")
_PAIR = ("pathway", "source_number")
_ENTRY = pl.UInt32()
_MOST_ROUNDS = 1_000


def new_entries(told: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """The entries to append, in order of pathway and number.

    ``told`` is a table of events, whole pathways in the system's numbers. ``held`` are all entries
    kept of those pathways: ``pathway``, ``number``, ``values``, and ``source_number`` for what the
    same system told. Returns the columns of a table of events in the store's numbers, with
    ``source_number``, ``why`` and ``values``, the text that is kept.
    """
    known = held.with_columns(pl.col("number", "source_number").cast(_ENTRY))
    said = told.with_columns(values=texts(told))
    simple, count = _only_longer(said, known)
    longer = said
    if len(count):
        kept = said.join(count, on="pathway", how="left", maintain_order="left")
        is_new = pl.col("number") > pl.col("kept").fill_null(0)
        longer = kept.filter(pl.col("pathway").is_in(simple.implode()) & is_new)
    corrects = pl.col("supersedes").is_not_null()
    appended = longer.select(
        *columns(),
        source_number=pl.col("number").cast(_ENTRY),
        why=pl.when(corrects).then(pl.lit(CORRECTED)).otherwise(pl.lit("")),
        values="values",
    )
    if len(simple) == said["pathway"].n_unique():
        return appended
    others = ~pl.col("pathway").is_in(simple.implode())
    changed = _rewritten(said.filter(others), known.filter(others))
    changed = changed.with_columns(values=texts(changed))
    return pl.concat([appended, changed]).sort("pathway", "number")


def _only_longer(told: pl.DataFrame, held: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
    """Pathways of which all is kept as told, and perhaps more is told; how many are kept."""
    said = told.select("pathway", pl.col("number").cast(_ENTRY), "values")
    same = held.join(said, on=("pathway", "number"), how="left").select(
        "pathway",
        same=(pl.col("values") == pl.col("values_right"))
        & (pl.col("number") == pl.col("source_number")),
    )
    count = same.group_by("pathway").agg(
        same=pl.col("same").fill_null(value=False).all(), kept=pl.len()
    )
    other = count.filter(~pl.col("same"))["pathway"]
    simple = told["pathway"].unique().to_frame().filter(~pl.col("pathway").is_in(other.implode()))
    return simple["pathway"], count.select("pathway", "kept")


def _rewritten(told: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    kept = _kept(held)
    own = kept.filter(pl.col("source_number").is_not_null())
    now = _standing(kept, own)
    said = told.with_columns(source_number=pl.col("number").cast(_ENTRY)).rename({"values": "text"})
    both = said.join(now, on=_PAIR, how="full", coalesce=True, suffix="_kept")
    is_told, is_kept = pl.col("text").is_not_null(), pl.col("is_kept").fill_null(value=False)
    both = both.with_columns(
        gone=is_kept & ~is_told,
        changed=is_told & (~is_kept | (pl.col("text") != pl.col("text_kept"))),
        is_kept=is_kept,
        **{f"names_{name}": reference(name).cast(_ENTRY, strict=False) for name in _NAMES},
    )
    return _numbered(_spread(both), kept)


def _kept(held: pl.DataFrame) -> pl.DataFrame:
    """The kept entries as events; ``of`` is the system's number of what each is, or corrects."""
    events = events_of(held.with_columns(pl.col("number").cast(KEYS["number"])))
    kept = events.with_columns(
        number=held["number"],
        source_number=held["source_number"],
        corrects=reference("supersedes").cast(_ENTRY, strict=False),
        of=held["source_number"],
    )
    for _ in range(_MOST_ROUNDS):
        found = kept.select("pathway", corrects="number", earlier="of")
        after = kept.join(found, on=("pathway", "corrects"), how="left", maintain_order="left")
        more = after.select(pl.coalesce("of", "earlier")).to_series()
        if more.null_count() == kept["of"].null_count():
            break
        kept = kept.with_columns(of=more)
    return kept


def _standing(kept: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """How each event that the system told stands: as text in the system's numbers, and by whom.

    ``holder`` is the entry that says it, ``tip`` the last that corrects it, ``released`` the event
    that it corrects by the system's own word. ``is_kept`` is false once it was withdrawn for it.
    """
    target = kept.select("pathway", corrects="number", target="of")
    own = own.join(target, on=("pathway", "corrects"), how="left", maintain_order="left")
    ended = (pl.col("kind") == WITHDRAWN) & (pl.col("target") == pl.col("source_number"))
    own = own.with_columns(ended=ended.fill_null(value=False)).sort("pathway", "number")
    until = pl.col("number").filter("ended").max().over(_PAIR).fill_null(0)
    first = (
        own.filter(pl.col("number") > until)
        .group_by(_PAIR)
        .agg(first_corrects=pl.col("corrects").sort_by("number").first())
    )
    last = own.group_by(_PAIR, maintain_order=True).last().join(first, on=_PAIR, how="left")
    of = kept.select("pathway", entry="number", of="of")
    last = _mapped(last.with_columns(corrects=pl.col("first_corrects")), of)
    by_system = last.select(list(columns())).with_columns(
        number=last["source_number"].cast(KEYS["number"])
    )
    return last.select(
        *_PAIR,
        is_kept=~pl.col("ended"),
        text=texts(by_system),
        holder="number",
        released=reference("supersedes").cast(_ENTRY, strict=False),
        day="day",
        provider="provider",
        **_tips(last, kept),
    )


def _mapped(rows: pl.DataFrame, of: pl.DataFrame) -> pl.DataFrame:
    """Rows whose names of entries are in the system's numbers, as far as it has them."""
    given = rows.with_columns(supersedes=_name(pl.col("corrects")))
    return reduce(lambda table, name: _renamed(table, name, of), _NAMES, given)


def _renamed(table: pl.DataFrame, name: str, of: pl.DataFrame) -> pl.DataFrame:
    """``of`` says what each ``entry`` of a pathway is called instead; unknown ones keep a mark."""
    if table[name].null_count() == len(table):
        return table
    asked = table.select("pathway", entry=reference(name).cast(_ENTRY, strict=False))
    found = asked.join(of, on=("pathway", "entry"), how="left", maintain_order="left")["of"]
    named = pl.coalesce(_name(pl.lit(found)), pl.lit("?"))
    return table.with_columns(pl.when(pl.col(name).is_not_null()).then(named).alias(name))


def _name(number: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit("e"), number.cast(pl.String))


def _tips(last: pl.DataFrame, kept: pl.DataFrame) -> dict[str, pl.Series]:
    """The last entry of the same event that corrects each; and whether that one withdraws it."""
    earlier = kept.select("pathway", corrects="number", corrected="of")
    later = kept.join(earlier, on=("pathway", "corrects")).filter(
        pl.col("of") == pl.col("corrected")
    )
    steps = later.group_by("pathway", tip="corrects").agg(by=pl.col("number").max())
    tips = last.select("pathway", tip="number")
    for _ in range(_MOST_ROUNDS):
        after = tips.join(steps, on=("pathway", "tip"), how="left", maintain_order="left")
        if not after["by"].is_not_null().any():
            break
        tips = after.select("pathway", tip=pl.coalesce("by", "tip"))
    kinds = kept.select("pathway", "kind", tip="number")
    ends = tips.join(kinds, on=("pathway", "tip"), how="left", maintain_order="left")["kind"]
    return {"tip": tips["tip"], "tip_ends": ends.cast(pl.String) == WITHDRAWN}


def _spread(both: pl.DataFrame) -> pl.DataFrame:
    """Who names a changed entry is changed with it; who is no longer corrected counts again."""
    free = pl.col("released").is_not_null() & (
        pl.col("gone")
        | (pl.col("changed") & ~pl.col("names_supersedes").eq_missing(pl.col("released")))
    )
    again = both.filter(free).select("pathway", source_number="released").unique()
    both = _marked(both, again)
    for _ in range(_MOST_ROUNDS):
        moved = both.filter("changed").select("pathway", source_number="source_number")
        named = [
            both.filter(~pl.col("changed") & pl.col(f"names_{name}").is_not_null())
            .select(*_PAIR, entry=f"names_{name}")
            .join(moved.rename({"source_number": "entry"}), on=("pathway", "entry"), how="semi")
            .select(_PAIR)
            for name in _NAMES
        ]
        more = pl.concat(named).unique()
        if not len(more):
            break
        both = _marked(both, more)
    return both


def _marked(both: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``more`` that are told count as changed."""
    found = both.join(more.with_columns(more=True), on=_PAIR, how="left", maintain_order="left")[
        "more"
    ].fill_null(value=False)
    return both.with_columns(changed=pl.col("changed") | (found & pl.col("text").is_not_null()))


def _numbered(both: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """Withdrawals, then what is new or corrected, each with the next number of its pathway."""
    by_word = pl.col("names_supersedes").is_not_null() | pl.col("released").is_not_null()
    by_word |= pl.col("kind") == WITHDRAWN  # one that named its own entry would end it
    anew = pl.col("is_kept") & pl.col("changed") & by_word
    ended = both.filter(pl.col("gone") | anew).sort(_PAIR)
    entered = both.with_columns(anew=anew).filter("changed").sort(_PAIR)
    most = kept.group_by("pathway").agg(length=pl.col("number").max())
    places = pl.concat([ended.select(*_PAIR, ends=True), entered.select(*_PAIR, ends=False)]).join(
        most, on="pathway", how="left", maintain_order="left"
    )
    numbers = places.select(
        pl.col("length").fill_null(0) + pl.int_range(1, pl.len() + 1).over("pathway")
    ).to_series()
    calls = entered.select(*_PAIR, entry=numbers.tail(len(entered)).cast(_ENTRY))
    return pl.concat(
        [
            _withdrawals(ended, numbers.head(len(ended))),
            _entries(entered, numbers.tail(len(entered)), both, calls),
        ]
    )


def _withdrawals(rows: pl.DataFrame, numbers: pl.Series) -> pl.DataFrame:
    blank = {name: pl.lit(None, kind) for name, kind in columns().items()}
    of = {
        "pathway": pl.col("pathway"),
        "number": pl.lit(numbers.cast(KEYS["number"])),
        "kind": pl.lit(WITHDRAWN).cast(KEYS["kind"]),
        "day": pl.col("day_kept"),
        "provider": pl.col("provider_kept"),
        "supersedes": _name(pl.col("tip")),
    }
    return rows.select(**(blank | of), source_number=pl.col("source_number"), why=pl.lit(CORRECTED))


def _entries(
    rows: pl.DataFrame, numbers: pl.Series, both: pl.DataFrame, calls: pl.DataFrame
) -> pl.DataFrame:
    """New and corrected entries, naming others by what these are called in the store from now."""
    stays = pl.when("tip_ends").then("holder").otherwise("tip")
    kept = both.filter(pl.col("is_kept")).select(*_PAIR, stays=stays)
    called = kept.join(calls, on=_PAIR, how="full", coalesce=True).select(
        "pathway", entry="source_number", of=pl.coalesce("entry", "stays")
    )
    named = reduce(lambda table, name: _renamed(table, name, called), _NAMES, rows)
    corrects = pl.col("is_kept") & ~pl.col("anew")
    by = pl.when(corrects).then(_name(pl.col("tip"))).otherwise("supersedes")
    said = pl.when(by.is_not_null()).then(pl.lit(CORRECTED)).otherwise(pl.lit(""))
    return named.with_columns(
        number=pl.lit(numbers.cast(KEYS["number"])), supersedes=by, why=said
    ).select(*columns(), "source_number", "why")

"""What an extract changes in the store: tables of rows to add and to change; nothing is written.

Two steps, since the entries that are kept are read for the pathways of the extract alone. Tables
are named by their models, their columns by the models' fields; keys are 32 hexadecimal digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from clockstop.analytics.clocks import events_table
from clockstop.analytics.records import persons, register
from clockstop.analytics.records.columns import schema
from clockstop.analytics.records.differences import new_entries
from clockstop.analytics.records.event_text import events_of
from clockstop.analytics.records.faults import no_faults, of_rows
from clockstop.analytics.records.keys import hyphened, ordered_keys
from clockstop.analytics.records.reading import Extract
from clockstop.analytics.records.sealing import Seal
from clockstop.analytics.records.shares import counts_of
from clockstop.analytics.tracking.states import AWAITED, counting, states
from clockstop.analytics.tracking.terms import OF_PATIENT, OUTCOMES, RECORDED
from clockstop.core.rtt.status_codes import Status

ENTRIES: Mapping[str, Any] = {
    "id": pl.String(),
    "number": pl.UInt32(),
    "organisation_code": pl.String(),
    "source_number": pl.UInt32(),
    "values": pl.String(),
}
RELATIONSHIPS: Mapping[str, Any] = {
    "id": pl.String(),
    "organisation_code": pl.String(),
    "part": pl.String(),
}


@dataclass(frozen=True, kw_only=True)
class By:
    """Who brings an extract in, when and for whom: what each row carries."""

    icb: str
    batch: str
    moment: datetime
    stamp: str  # the moment as the store writes it
    day: date
    person: str
    role: str
    adult: int  # from this age on nobody was "not brought" for being a child


@dataclass(frozen=True, kw_only=True)
class Held:
    """What the store holds of an ICB: ``persons.PATIENTS``, ``persons.KEYS``, PATHWAYS."""

    patients: pl.DataFrame
    keys: pl.DataFrame
    pathways: pl.DataFrame


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What it keeps of the pathways of an extract: ENTRIES, open RELATIONSHIPS, RECORDS."""

    entries: pl.DataFrame
    relationships: pl.DataFrame
    records: pl.DataFrame


@dataclass(frozen=True, kw_only=True)
class Placed:
    """An extract whose people and pathways have their keys in the store; and its events."""

    people: pl.DataFrame
    pathways: pl.DataFrame
    events: pl.DataFrame
    faults: pl.DataFrame

    @property
    def known(self) -> pl.Series:
        """The keys of the pathways that the store has already."""
        return self.pathways.filter(~pl.col("is_new"))["id"]

    def parts(self, size: int) -> Iterator[Placed]:
        """So many pathways after another, in the order of their keys; with faults none."""
        ordered = self.pathways.sort("id")
        for at in range(0, max(len(ordered), 1), size):
            pathways = ordered.slice(at, size)
            keys = pathways["pathway"].implode()
            yield Placed(
                people=self.people.filter(pl.col("person").is_in(pathways["person"].implode())),
                pathways=pathways,
                events=self.events.filter(pl.col("pathway").is_in(keys)),
                faults=self.faults.clear(),
            )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Rows by model; ``changed`` pathways by their keys; how many of what (``shares.COUNTS``).

    ``deaths`` are to be told by the rules for them (``patient`` and ``day``, null to take one
    back); ``alone`` are pathways whose row of the list is to be made one by one.
    """

    rows: Mapping[str, pl.DataFrame]
    deaths: pl.DataFrame
    alone: pl.Series
    counts: pl.DataFrame


def place(extract: Extract, held: Held, by: By) -> Placed:
    """Match people and pathways with those held, and give new ones their keys."""
    people = persons.matched(extract.people, extract.pathways, held.patients, held.keys)
    is_new = pl.col("patient").is_null()
    people = people.with_columns(is_new=is_new)
    people = _keyed(people, "patient", by)
    pathways = register.placed(extract.pathways, held.pathways, by.day).with_columns(
        is_new=pl.col("id").is_null()
    )
    who = people.select("person", "patient", "was")
    pathways = pathways.join(who.rename({"was": "patient_was"}), on="person", maintain_order="left")
    wrong = _other_patients(pathways, held)
    if len(wrong):
        fits = ~pl.col("pathway").is_in(wrong["pathway"].implode())
        pathways = pathways.filter(fits)
        people = people.filter(pl.col("person").is_in(pathways["person"].implode()))
    pathways = _keyed(pathways, "id", by)
    events = extract.events
    if len(wrong):
        events = events.filter(pl.col("pathway").is_in(pathways["pathway"].implode()))
    events = _with_children_protected(events, people, pathways, by.adult)
    died = pathways.select("pathway", "person").join(_deaths_told(_deadly(events)), on="pathway")
    first = died.group_by("person").agg(death=pl.col("died").min())
    people = people.join(first, on="person", how="left", maintain_order="left").with_columns(
        death=pl.coalesce("died_on", "death")
    )
    return Placed(people=people, pathways=pathways, events=events, faults=wrong)


def _keyed(table: pl.DataFrame, name: str, by: By) -> pl.DataFrame:
    """New keys, in the order of the rows, where there is none."""
    lacking = table[name].is_null()
    if not lacking.any():
        return table
    at = lacking.cast(pl.Int64).cum_sum() - 1
    fresh = ordered_keys(int(lacking.sum()), by.moment)
    made = fresh.gather(at.clip(0, None))
    return table.with_columns(pl.coalesce(name, pl.lit(made)).alias(name))


def _other_patients(pathways: pl.DataFrame, held: Held) -> pl.DataFrame:
    """Pathways that are held as somebody else's, unless the two records are joined."""
    kept = pl.col("was").struct.field("patient")
    other = pathways.filter(~pl.col("is_new") & (kept != pl.col("patient")))
    if not len(other):
        return no_faults()
    into = held.patients.select("id", into=pl.coalesce("merged_into", "id"))
    rows = other.select(
        "person",
        "pathway",
        pl.col("patient").alias("told"),
        kept.alias("kept"),
        file=pl.lit("pathways"),
        row=pl.lit(None, pl.Int64),
    )
    for name in ("told", "kept"):
        rows = rows.join(
            into.rename({"id": name, "into": f"{name}_into"}), on=name, how="left"
        ).with_columns(pl.coalesce(f"{name}_into", name).alias(f"{name}_into"))
    apart = pl.col("told_into") != pl.col("kept_into")
    expected = "the person whose pathway it was before"
    return of_rows(rows, apart, "person", expected)


def _with_children_protected(
    events: pl.DataFrame, people: pl.DataFrame, pathways: pl.DataFrame, adult: int
) -> pl.DataFrame:
    """Children who missed an appointment count as not brought, whatever the system says."""
    missed = events["kind"].cast(pl.String) == "did_not_attend"
    if not missed.any():
        return events
    born = pathways.select("pathway", "person").join(
        people.select("person", born="birth_date"), on="person"
    )
    births = events.select("pathway").join(
        born.select("pathway", "born"), on="pathway", how="left", maintain_order="left"
    )["born"]
    day, birth = pl.col("day"), pl.lit(births)
    had = (day.dt.month() * 100 + day.dt.day()) >= (birth.dt.month() * 100 + birth.dt.day())
    age = day.dt.year() - birth.dt.year() - (~had).cast(pl.Int32)
    child = pl.lit(missed) & (age < adult).fill_null(value=False)
    return events.with_columns(
        not_brought=pl.when(child).then(pl.lit(value=True)).otherwise("not_brought")
    )


def plan_people(placed: Placed, by: By) -> Mapping[str, pl.DataFrame]:
    """The rows of people, which go before those of their pathways."""
    return {
        "patients": _new_patients(placed, by),
        "changed_patients": _changed_patients(placed),
        "keys": _keys(placed, by),
    }


def plan(placed: Placed, kept: Kept, kinds: Mapping[str, str], by: By, seal: Seal) -> Plan:
    """The rows to write of a part of an extract; its entries are added to the seal.

    ``kinds`` says what organisations are (``core.referral_sources``).
    """
    ids = placed.pathways.select("pathway", "id", told_by="provider")
    held = kept.entries.join(ids, on="id").with_columns(
        source_number=pl.when(pl.col("organisation_code") == pl.col("told_by")).then(
            "source_number"
        )
    )
    new = new_entries(placed.events, held)
    pathways = _responsible(placed, new)
    records = _records(pathways, kept, kinds)
    entries = _entries(new, pathways, by)
    touched = _touched(placed, pathways, new, records)
    whole = _whole(new, held, touched)
    facts = _listed(pathways, placed, records, whole, touched, by)
    rows = {
        "pathways": _new_pathways(pathways, by),
        "changed_pathways": _changed_pathways(pathways),
        "events": entries,
        "relationships": _relationships(placed, pathways, kept, kinds, by),
        "records": records.drop("is_changed").filter(pl.lit(records["is_changed"])),
        "list": facts,
        "reviews": _reviews(new, entries, pathways, facts, by),
    }
    seal.add(_sealed(entries, by))
    return Plan(
        rows=_named(rows, pathways, by),
        deaths=_deaths(placed, whole, held),
        alone=pathways.filter(pl.col("is_elsewhere") & pl.col("pathway").is_in(touched.implode()))[
            "id"
        ],
        counts=counts_of(pathways, new, touched),
    )


def _responsible(placed: Placed, new: pl.DataFrame) -> pl.DataFrame:
    """Whose each pathway is from now on, and its length.

    A provider that another has taken over from tells what happened with it, and is not
    responsible again unless it says that it received the patient back.
    """
    received = new.filter(
        (pl.col("kind").cast(pl.String) == "transfer_received") & (pl.col("why") == "")
    )
    received = received.join(
        placed.pathways.select("pathway", told_by="provider"), on="pathway"
    ).filter(pl.col("provider") == pl.col("told_by"))
    added = new.group_by("pathway").agg(added=pl.len())
    table = placed.pathways.join(added, on="pathway", how="left", maintain_order="left")
    was = pl.col("was").struct
    takes = pl.col("pathway").is_in(received["pathway"].implode())
    own = pl.col("is_new") | (was.field("organisation_code") == pl.col("provider")) | takes
    length = pl.when("is_new").then(0).otherwise(was.field("length"))
    return table.with_columns(
        is_elsewhere=~own,
        organisation_code=pl.when(own).then("provider").otherwise(was.field("organisation_code")),
        length=length + pl.col("added").fill_null(0).cast(pl.Int64),
        added=pl.col("added").fill_null(0),
    )


def _records(pathways: pl.DataFrame, kept: Kept, kinds: Mapping[str, str]) -> pl.DataFrame:
    """What is kept beside the events, and whether it differs; of those whose master tells it."""
    told = pathways.filter(~pl.col("is_elsewhere"))
    table = register.records(told.select(_told_columns(told)), kinds)
    before = kept.records.select(pl.col("id"), before=pl.struct(list(register.RECORD)))
    named = table.join(told.select("pathway", "id"), on="pathway", maintain_order="left").join(
        before, on="id", how="left", maintain_order="left"
    )
    now = pl.struct(list(register.RECORD)).cast(pl.Struct(dict(register.RECORD)))
    return named.select(pl.all().exclude("before"), is_changed=now.ne_missing(pl.col("before")))


def _told_columns(table: pl.DataFrame) -> list[str]:
    """The columns of the table of pathways, without what was added to them."""
    return [name for name in schema("pathways") if name in table.columns]


def _touched(
    placed: Placed, pathways: pl.DataFrame, new: pl.DataFrame, records: pl.DataFrame
) -> pl.Series:
    """Pathways whose row of the list is another now."""
    was = pl.col("was").struct
    moved = pathways.filter(
        pl.col("is_new")
        | (was.field("treatment_function") != pl.col("return_line"))
        | (was.field("priority") != pl.col("priority"))
        | (was.field("organisation_code") != pl.col("organisation_code"))
    )["pathway"]
    people = placed.people.filter("is_changed")["person"]
    theirs = pathways.filter(pl.col("person").is_in(people.implode()))["pathway"]
    others = records.filter("is_changed")["pathway"]
    return pl.concat([moved, theirs, others, new["pathway"]]).unique()


def _whole(new: pl.DataFrame, held: pl.DataFrame, touched: pl.Series) -> pl.DataFrame:
    """All events of the pathways that are touched, as they will stand."""
    before = held.filter(pl.col("pathway").is_in(touched.implode()))
    later = new.select(list(events_table.columns()))
    if not len(before):
        return later  # in order, as told
    read = events_of(before.with_columns(pl.col("number").cast(events_table.KEYS["number"])))
    return pl.concat([read, later]).sort("pathway", "number")


def _listed(
    pathways: pl.DataFrame,
    placed: Placed,
    records: pl.DataFrame,
    whole: pl.DataFrame,
    touched: pl.Series,
    by: By,
) -> pl.DataFrame:
    own = pathways.filter(pl.col("pathway").is_in(touched.implode()) & ~pl.col("is_elsewhere"))
    died = pl.coalesce("death", pl.col("was").struct.field("died_on"))
    who = placed.people.select("person", *OF_PATIENT, died_on=died)
    table = own.select(
        "pathway", "person", "id", "organisation_code", "return_line", "priority"
    ).join(who, on="person", maintain_order="left")
    table = table.join(
        records.select("pathway", *RECORDED, "pifu_expires"), on="pathway", maintain_order="left"
    )
    mine = whole.filter(pl.col("pathway").is_in(own["pathway"].implode()))
    facts = states(mine, table.select(list(AWAITED)), day=by.day)
    return facts.hstack(table.drop("pathway", *(set(facts.columns) & set(table.columns))))


def _entries(new: pl.DataFrame, pathways: pl.DataFrame, by: By) -> pl.DataFrame:
    """New entries as rows of events, in the order of their pathways' keys."""
    who = pathways.select("pathway", key="id", told_by="provider")
    names = ("pathway", "number", "kind", "day", "why", "source_number", "values")
    table = new.select(names).join(who, on="pathway", maintain_order="left").sort("key", "number")
    return table.select(
        id=ordered_keys(len(table), by.moment),
        icb_code=pl.lit(by.icb),
        local="pathway",
        pathway="key",
        number=pl.col("number").cast(pl.Int64),
        kind=pl.col("kind").cast(pl.String),
        day="day",
        values="values",
        why="why",
        organisation_code="told_by",
        submission=ordered_keys(len(table), by.moment),
        source_number=pl.col("source_number").cast(pl.Int64),
    )


def _sealed(entries: pl.DataFrame, by: By) -> pl.DataFrame:
    return entries.with_columns(
        batch=pl.lit(by.batch),
        at=pl.lit(by.moment.astimezone(UTC).isoformat()),
        by=pl.lit(by.person),
        role=pl.lit(by.role),
    )


def _new_patients(placed: Placed, by: By) -> pl.DataFrame:
    return placed.people.filter("is_new").select(
        id="patient",
        icb_code=pl.lit(by.icb),
        nhs_number="nhs_number",
        **_demographics(),
        address=pl.lit(""),
        sensitive=pl.lit(value=False),
        planning_opt_out=pl.lit(value=False),
        died_on="death",
    )


def _demographics() -> dict[str, pl.Expr]:
    return {
        kept: pl.col(name).fill_null("") if persons.PATIENTS[kept] == pl.String() else pl.col(name)
        for name, kept in persons.DEMOGRAPHICS.items()
    }


def _changed_patients(placed: Placed) -> pl.DataFrame:
    changed = placed.people.filter("is_changed")
    return changed.select(id="patient", nhs_number="nhs_number", **_demographics())


def _keys(placed: Placed, by: By) -> pl.DataFrame:
    new = placed.people.filter(pl.col("is_new") & (pl.col("nhs_number") == ""))
    return new.select("organisation_code", "key", "patient", icb_code=pl.lit(by.icb))


def _new_pathways(pathways: pl.DataFrame, by: By) -> pl.DataFrame:
    return pathways.filter("is_new").select(
        "id",
        "patient",
        "identifier",
        "issuer",
        "organisation_code",
        "priority",
        "length",
        icb_code=pl.lit(by.icb),
        treatment_function="return_line",
        condition=pl.lit(""),
    )


def _changed_pathways(pathways: pl.DataFrame) -> pl.DataFrame:
    was, own = pl.col("was").struct, ~pl.col("is_elsewhere")
    kept = pathways.filter(~pl.col("is_new")).select(
        "id",
        "organisation_code",
        "length",
        treatment_function=pl.when(own)
        .then("return_line")
        .otherwise(was.field("treatment_function")),
        priority=pl.when(own).then("priority").otherwise(was.field("priority")),
        was="was",
    )
    names = ("organisation_code", "length", "treatment_function", "priority")
    differs = pl.any_horizontal(pl.col(name) != was.field(name) for name in names)
    return kept.filter(differs).drop("was")


def _relationships(
    placed: Placed, pathways: pl.DataFrame, kept: Kept, kinds: Mapping[str, str], by: By
) -> pl.DataFrame:
    """Care relationships that begin: of the provider, and of the practice that referred."""
    practices = [code for code, kind in kinds.items() if kind == "practice"]
    practice = placed.people.select("person", own_practice="practice")
    table = pathways.join(practice, on="person", maintain_order="left")
    refers = pl.col("referrer").is_in(practices) | (pl.col("referrer") == pl.col("own_practice"))
    parts = [
        table.select("id", organisation_code="provider", part=pl.lit("provider")),
        table.filter(refers).select("id", organisation_code="referrer", part=pl.lit("referrer")),
    ]
    wanted = pl.concat(parts).join(
        kept.relationships, on=("id", "organisation_code", "part"), how="anti"
    )
    return wanted.sort("id", "part").select(
        "organisation_code", "part", pathway="id", icb_code=pl.lit(by.icb), starts=pl.lit(by.day)
    )


def _reviews(
    new: pl.DataFrame, entries: pl.DataFrame, pathways: pl.DataFrame, facts: pl.DataFrame, by: By
) -> pl.DataFrame:
    """Somebody who was not brought goes to a clinician.

    At once where the pathway was known before; where it comes with its whole past, only if
    something is still awaited.
    """
    missed = new.filter(
        (pl.col("kind").cast(pl.String) == "did_not_attend") & pl.col("not_brought")
    ).select("pathway", "number")
    ended = facts.filter(pl.col("state") == "closed")["pathway"]
    known = pathways.filter(~pl.col("is_new"))["pathway"]
    is_due = pl.col("pathway").is_in(known.implode()) | ~pl.col("pathway").is_in(ended.implode())
    named = entries.select(
        pl.col("number").cast(missed.schema["number"]), pathway="local", event="id", key="pathway"
    )
    found = missed.filter(is_due).join(named, on=("pathway", "number"))
    return found.sort("key", "number").select(
        id=ordered_keys(len(found), by.moment),
        icb_code=pl.lit(by.icb),
        pathway="key",
        kind=pl.lit("not_brought"),
        safeguarding=pl.lit(value=True),
        opened_at=pl.lit(by.stamp),
        opened_for=hyphened("event"),
        closed_by=pl.lit(""),
        outcome=pl.lit(""),
    )


def _deadly(events: pl.DataFrame) -> pl.DataFrame:
    """All entries of the pathways of which any tells of a death, whether or not it counts."""
    tells = (pl.col("kind").cast(pl.String) == "death") | (pl.col("status") == str(Status.DIED))
    some = events.filter(tells)["pathway"].unique()
    return events.filter(pl.col("pathway").is_in(some.implode()))


def _deaths_told(events: pl.DataFrame) -> pl.DataFrame:
    """The day of death that each pathway tells, and the latest that it tells."""
    kind = pl.col("kind")
    tells = (kind == "death") | (kind.is_in(OUTCOMES) & (pl.col("status") == str(Status.DIED)))
    if not len(events):
        return pl.DataFrame(schema={"pathway": pl.UInt64, "died": pl.Date, "last": pl.Date})
    told = counting(events).filter(tells)
    return told.group_by("pathway").agg(died=pl.col("day").min(), last=pl.col("day").max())


def _deaths(placed: Placed, whole: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Patients of whom a death is to be told, corrected or taken back on all their pathways."""
    now = _deaths_told(_deadly(whole))
    gone = held.filter(pl.col("values").str.contains('"kind":"death"|"status":"36"'))["pathway"]
    per = (
        placed.pathways.select("pathway", "person")
        .filter(pl.col("pathway").is_in(whole["pathway"].unique().implode()))
        .join(now, on="pathway", how="left")
        .group_by("person")
        .agg(
            died=pl.col("died").min(),
            last=pl.col("last").max(),
            silent=pl.col("died").is_null().any(),
            withdrawn=(pl.col("pathway").is_in(gone.implode()) & pl.col("died").is_null()).any(),
        )
    )
    people = placed.people.select(
        "person", "patient", "death", "is_new", held=pl.col("was").struct.field("died_on")
    ).join(per, on="person", how="left")
    day = pl.col("death")
    unlike = pl.col("silent") | (pl.col("died") != day) | (pl.col("last") != day)
    late = ~pl.col("is_new") & pl.col("held").ne_missing(day)
    tell = day.is_not_null() & (late | unlike.fill_null(value=False))
    back = day.is_null() & pl.col("held").is_not_null() & pl.col("withdrawn")
    return people.filter(tell | back).select("patient", day=day).sort("patient")


def _named(
    rows: dict[str, pl.DataFrame], pathways: pl.DataFrame, by: By
) -> dict[str, pl.DataFrame]:
    """The rows under the fields of their models, with what each carries."""
    codes = pathways.select("pathway", "organisation_code")
    records = rows["records"].join(codes, on="pathway", maintain_order="left").drop("pathway")
    listed = rows["list"].drop("pathway", "person", "died_on", "pifu_expires", strict=False)
    texts_ = ("sex", "ethnic_category")
    return rows | {
        "events": rows["events"]
        .drop("local")
        .rename({"why": "reason"})
        .with_columns(
            batch=pl.lit(by.batch),
            acting_for=pl.lit(""),
            recorded_at=pl.lit(by.stamp),
            recorded_by=pl.lit(by.person),
            recorded_role=pl.lit(by.role),
        ),
        "records": records.rename({"id": "pathway"}).with_columns(icb_code=pl.lit(by.icb)),
        "list": listed.rename({"id": "pathway", "return_line": "treatment_function"}).with_columns(
            pl.col(texts_).fill_null(""), icb_code=pl.lit(by.icb)
        ),
    }

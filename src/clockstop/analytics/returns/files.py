"""From a folder of patients' records to a folder with the return: nothing is half written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import polars as pl

from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import organisations
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.returns.annex_b import Finding, annex_b
from clockstop.analytics.returns.extract import check_month, fileable, write_extract
from clockstop.analytics.returns.figures import Figures, figures_in, figures_of, read_figures
from clockstop.analytics.returns.monthly import monthly_return
from clockstop.analytics.returns.names import Names, known_names
from clockstop.analytics.returns.report import page
from clockstop.analytics.returns.summary import Summary, finding_as_dict, summary, words_of
from clockstop.analytics.returns.tables import Return
from clockstop.core.rtt.commissioners import NONC
from clockstop.core.types import Month

PROVIDERS, PAGE = "providers", "return.html"
_PATHWAYS, _EVENTS = "pathways.parquet", "events"
_NEEDED = ("pathway", "provider", "icb")


@dataclass(frozen=True)
class Records:
    """Patients' records in a folder: its table of pathways, and its events in one file or more."""

    pathways: pl.LazyFrame
    events: pl.LazyFrame


@dataclass(frozen=True)
class Made:
    """A return from a folder of records, what was found in it, and the files that were written."""

    ret: Return
    summary: Summary
    files: Sequence[Path]


def open_records(folder: Path) -> Records:
    """The records in ``pathways.parquet`` and ``events/*.parquet`` (or ``events.parquet``).

    Raises FileRefusedError for what is not there and no Parquet, all at once.
    """
    problems: list[Problem] = []
    pathways = _scanned([folder / _PATHWAYS], problems)
    whole = folder / f"{_EVENTS}.parquet"
    parts = [whole] if whole.exists() else sorted((folder / _EVENTS).glob("*.parquet"))
    if not parts:
        problems.append(Problem(str(folder / _EVENTS), "missing", "no *.parquet", "events"))
    events = _scanned(parts, problems)
    if pathways is not None:
        held = pathways.collect_schema()
        problems += [
            Problem(str(folder / _PATHWAYS), "column", "none of the name", f"{name!r}", None, name)
            for name in _NEEDED
            if name not in held
        ]
    if problems or pathways is None or events is None:
        raise FileRefusedError(problems)
    return Records(pathways, events)


def _scanned(files: Sequence[Path], problems: list[Problem]) -> pl.LazyFrame | None:
    for file in files:
        try:
            pl.read_parquet_schema(file)
        except FileNotFoundError:
            problems.append(Problem(str(file), "missing", "no such file", "a Parquet file"))
        except pl.exceptions.PolarsError as error:
            problems.append(Problem(str(file), "parquet", str(error), "a Parquet file"))
    return None if problems or not files else pl.scan_parquet(list(files))


def make_return(
    folder: Path,
    month: Month,
    to: Path,
    *,
    provider: str | None = None,
    previous: str | None = None,
    lake: Lake | None = None,
) -> Made:
    """Make the return of a folder of records and write it, with all that goes with it, into ``to``.

    The extract (unless there is nothing to file), one for each provider under ``providers`` where
    there are several, ``return.html``, and as CSV ``left-out``, ``to-revise`` and ``findings``.
    ``previous`` is the month before: a
    month of the lake, or an extract file. The lake gives names and the commissioners in use. Raises
    FileRefusedError, EventsRefusedError, NoDataError, ValueError, OSError; nothing is then written.
    """
    check_month(month)
    then = previous_figures(previous, lake)
    records = open_records(folder)
    every = monthly_return(records.pathways, records.events, month)
    wanted = _providers(every, records, provider)
    ret = every.only(wanted)
    codes = None if lake is None else known_commissioners(lake, month)
    findings = annex_b(figures_of(ret).only(wanted), then and then.only(wanted), codes=codes)
    others = {code: n for code, n in _per_provider(every) if code and code not in wanted}
    found = summary(
        ret, findings, others=others, compared=then is not None, has_codes=codes is not None
    )
    names = known_names(records.pathways, lake)
    mine = [code for code in wanted if not fileable(ret.of(code)).is_empty()]
    written = _write(to, ret, names, found, mine, is_one=bool(provider))
    return Made(ret, found, written)


def _providers(every: Return, records: Records, provider: str | None) -> list[str]:
    """Whose return to make: of the one asked for, else of all that hold a pathway.

    Where a patient was handed over, the new provider's line is for itself to return.
    """
    if provider is None:
        held = records.pathways.select("provider").unique().collect()["provider"]
        return sorted(held.drop_nulls())
    known = sorted(code for code, _ in _per_provider(every) if code)
    if provider not in known:
        raise ValueError(f"no provider {provider!r} in the return; there are {', '.join(known)}")
    return [provider]


def _per_provider(every: Return) -> list[tuple[str | None, int]]:
    return every.counts.group_by("provider").agg(pl.col("n").sum()).sort("provider").rows()


def previous_figures(previous: str | None, lake: Lake | None) -> Figures | None:
    """The figures of a month in the lake (``2025-08``), or of a file.

    Raises NoDataError, FileRefusedError, OSError, and ValueError for neither.
    """
    if previous is None:
        return None
    if Path(previous).is_file():
        return read_figures(Path(previous))
    month = Month.parse(previous)
    if lake is None:
        raise ValueError(f"there is no lake to find {month} in")
    return figures_in(lake, month)


def known_commissioners(lake: Lake, month: Month) -> frozenset[str] | None:
    """The commissioners in use in a month, and NONC; None where the lake cannot tell.

    They are those that the returns of the latest month named, of those in the lake that are not
    after it: codes come and go with mergers.
    """
    held = lake.catalogue().current("rtt")
    earlier = [key for key in held if key <= str(month)]
    if not earlier:
        return None
    named = organisations(lake, [held[max(earlier)]])
    return frozenset({*named.filter(kind="commissioner")["code"], NONC})


def _write(
    to: Path, ret: Return, names: Names, found: Summary, providers: Sequence[str], *, is_one: bool
) -> list[Path]:
    """Write all files beside their places, then put each into its place."""
    is_new = not to.exists()
    to.mkdir(parents=True, exist_ok=True)
    beside = Path(mkdtemp(prefix=".return-", dir=to))
    try:
        _extracts(beside, ret, names, providers, is_one=is_one)
        (beside / PAGE).write_text(page(found), encoding="utf-8")
        _tables(beside, ret, found.findings)
        files = sorted(each for each in beside.rglob("*") if each.is_file())
        return [_placed(each, to / each.relative_to(beside)) for each in files]
    finally:
        rmtree(beside, ignore_errors=True)
        if is_new and not any(to.iterdir()):
            to.rmdir()


def _extracts(
    folder: Path, ret: Return, names: Names, providers: Sequence[str], *, is_one: bool
) -> None:
    """The extract, and one for each provider where there are several; none if all are empty."""
    if providers:
        write_extract(ret, names, folder, provider=providers[0] if is_one else None)
    if len(providers) > 1:
        for each in providers:
            write_extract(ret, names, folder / PROVIDERS, provider=each)


def _placed(file: Path, at: Path) -> Path:
    at.parent.mkdir(exist_ok=True)
    return file.replace(at)


def _tables(folder: Path, ret: Return, findings: Sequence[Finding]) -> None:
    """What was left out, what to revise and what was found, as tables to work through."""
    words = {rule: words_of(rule) for rule in {*ret.left_out["rule"], *ret.unfiled["reason"]}}
    left = [
        ret.left_out.select("pathway", "period", part=pl.lit(None, pl.String), reason="rule"),
        ret.unfiled.with_columns(pl.col("part").cast(pl.String)),
    ]
    said = pl.col("reason").replace_strict(words, return_dtype=pl.String)
    pl.concat(left).with_columns(words=said).write_csv(folder / "left-out.csv")
    ret.to_revise.write_csv(folder / "to-revise.csv")
    columns = ("check", "provider", "part", "words", "todo")
    rows = [[finding_as_dict(each)[name] for name in columns] for each in findings]
    schema = dict.fromkeys(columns, pl.String)
    pl.DataFrame(rows, schema, orient="row").write_csv(folder / "findings.csv")

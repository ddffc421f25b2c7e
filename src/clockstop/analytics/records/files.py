"""The tables of an extract as they stand in its files: CSV or Parquet, in a folder or a zip."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath

import polars as pl

from clockstop.analytics.clocks import events_table
from clockstop.analytics.published.containers import Source, find_sources, sources_of
from clockstop.analytics.published.problems import FileRefusedError
from clockstop.analytics.records.columns import columns, schema
from clockstop.analytics.records.faults import ExtractRefusedError, of_file, together

NAMES = ("people", "pathways", "events")
PLACE = {"file": pl.String(), "row": pl.Int64()}
_NEEDED = ("pathway", "number", "kind", "day")
_BLANK = ("", "NULL")
_LONGEST_NAME = 100


def expected_columns(name: str) -> tuple[Mapping[str, pl.DataType], frozenset[str]]:
    """Names and types of a table's columns, and those that must be there."""
    if name == "events":
        return events_table.columns(), frozenset(_NEEDED)
    needed = frozenset(each.name for each in columns(name) if each.required)
    return schema(name), needed


def tables(extract: Path | Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """The three tables with all their columns as text or in their own types, file and row beside.

    ``extract`` is a folder, a zip, or the content of each file by its name.

    A row of a CSV file counts as in a spreadsheet: the names of the columns are row 1. Raises
    ExtractRefusedError with all that is wrong with the files as such.
    """
    parts: dict[str, list[pl.DataFrame]] = {name: [] for name in NAMES}
    wrong = []
    try:
        for source in _sources(extract):
            name = _table_of(source)
            if name:
                try:
                    parts[name].append(_read(source, name))
                except ExtractRefusedError as error:
                    wrong.append(error.faults)
    except FileRefusedError as error:
        wrong += [of_file(e.file, "", e.found, e.expected) for e in error.problems]
    said = [faults for faults in wrong if len(faults)]
    lacking = [name for name in NAMES if not parts[name]]
    if not said:
        where = extract.name if isinstance(extract, Path) else "the files"
        said = [of_file(where, "", f"no {n}.csv or {n}.parquet", "one") for n in lacking]
    if said:
        raise ExtractRefusedError(together(said))
    return {name: pl.concat(parts[name], how="vertical_relaxed") for name in NAMES}


def _sources(extract: Path | Mapping[str, bytes]) -> Iterator[Source]:
    return find_sources([extract]) if isinstance(extract, Path) else sources_of(extract)


def _table_of(source: Source) -> str | None:
    """The table that a file holds; ``events/…`` holds events. What else there is, is left alone."""
    path = PurePosixPath(_last(source))
    if path.suffix.lower() not in {".csv", ".parquet"}:
        return None
    stem = path.stem.lower()
    if stem in NAMES:
        return stem
    return "events" if path.parent.name.lower() == "events" else None


def _last(source: Source) -> str:
    return source.name.replace("\\", "/").rpartition(" > ")[2]


def _read(source: Source, name: str) -> pl.DataFrame:
    file = PurePosixPath(_last(source)).name[-_LONGEST_NAME:]
    try:
        content = BytesIO(source.read())
        is_csv = file.lower().endswith(".csv")
        table = _csv(content) if is_csv else pl.read_parquet(content)
    except FileRefusedError as error:
        faults = [of_file(file, "", each.found, each.expected) for each in error.problems]
        raise ExtractRefusedError(together(faults)) from error
    except pl.exceptions.PolarsError as error:
        said = str(error).partition("\n")[0][:200]
        raise ExtractRefusedError(of_file(file, "", said, f"a table of {name}")) from error
    _check_names(table.columns, name, file)
    known, _ = expected_columns(name)
    lacking = [pl.lit(None, kind).alias(each) for each, kind in known.items()
               if each not in table.columns]  # fmt: skip
    numbered = table.with_columns(
        *lacking, file=pl.lit(file), row=pl.int_range(pl.len(), dtype=pl.Int64) + 1 + is_csv
    )
    return numbered.select([*PLACE, *known])


def _csv(content: BytesIO) -> pl.DataFrame:
    if b"\0" in content.getvalue():
        raise pl.exceptions.ComputeError("a character that no text has (NUL), as in UTF-16")
    table = pl.read_csv(
        content, infer_schema=False, null_values=list(_BLANK), encoding="utf8", quote_char='"'
    )
    stripped = table.rename({name: name.strip().lower().lstrip("\ufeff") for name in table.columns})
    plain = stripped.with_columns(pl.all().str.strip_chars())
    return plain.with_columns(pl.when(pl.all() != "").then(pl.all()))


def _check_names(found: Iterable[str], name: str, file: str) -> None:
    """Raise ExtractRefusedError for a column that lacks, and for one that nobody knows."""
    known, needed = expected_columns(name)
    held = set(found)

    def wrong() -> Iterator[pl.DataFrame]:
        for each in sorted(needed - held):
            yield of_file(file, each, "no such column", "it")
        for each in sorted(held - set(known)):
            yield of_file(file, each, "an unknown column", f"one of {', '.join(known)}")

    faults = together(wrong())
    if len(faults):
        raise ExtractRefusedError(faults)

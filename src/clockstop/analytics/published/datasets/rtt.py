"""RTT "Full CSV data file": the monthly return, provider by commissioner by treatment function.

Layout of April 2021 onward (weekly bands to 104+): 121 columns, one row per provider,
commissioner, part and treatment function, with ``C_999`` rows that total the functions. A blank
band is 0. Completed parts give ``Total`` (known clock starts), the unknown clock starts and
``Total All``; incomplete parts only ``Total All``; new periods have no bands at all. Files until
March 2021 end in an open band of more than 52 weeks (``rtt_older`` has their 69 columns): it is
kept as band 52, and how many waited over 65 weeks or more is then not known, rather than 0.
"""

from __future__ import annotations

import io

import numpy as np
import polars as pl

from clockstop.analytics.published.csv_text import Layout, nearest, strip_bom
from clockstop.analytics.published.datasets import rtt_checks, rtt_older
from clockstop.analytics.published.datasets import rtt_layout as layout
from clockstop.analytics.published.datasets.completeness import FICTIONAL
from clockstop.analytics.published.datasets.rtt_extract import Counts, Extract, extract_of
from clockstop.analytics.published.datasets.rtt_faults import mend
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.published.reading import DataSet, Reading
from clockstop.core.rtt import week_bands
from clockstop.core.types import Part

LAYOUT = Layout(layout.COLUMNS)
BY_AGE = {"since April 2021": LAYOUT, "until March 2021": rtt_older.LAYOUT}
HEAD_BYTES = 20_000  # more than the header takes


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check an extract and turn it into long tables. Raises FileRefusedError.

    Tables: ``pathways`` (month, part, icb, provider, commissioner_icb, commissioner, function,
    band, n; zeros dropped, C_999 left out, band null where the return has none), ``providers``
    (the same rolled up over commissioners, NONC left out), ``england`` (rolled up over providers
    too), ``organisations`` (kind, code, name, parent).
    """
    rows, problems = _parse(strip_bom(content), file)
    heads = rtt_checks.heads_of(rows)
    extract = _checked(rows, heads, problems, file)
    month = str(layout.month_of(rows[layout.PERIOD][0]))
    warnings = rtt_checks.check_warnings(extract)
    providers, england = _rolled_up(extract.functions)
    names = _organisations(heads)
    is_synthetic = _is_synthetic(names, file)
    if not is_synthetic:
        warnings += rtt_checks.unknown_organisations(heads, file)
    return Reading(
        key=month,
        rows=rows.height,
        tables={
            "pathways": _table(extract.functions, month),
            "providers": _table(providers, month),
            "england": _table(england, month),
            "organisations": names,
        },
        warnings=warnings,
        facts={
            "synthetic": is_synthetic,
            "providers": names.filter(kind="provider").height,
            **_facts(england.long(), week_bands.open_band(month)),
        },
    )


def _parse(content: bytes, file: str) -> tuple[pl.DataFrame, list[Problem]]:
    """The rows, and what is wrong with those that cannot be read."""
    age = nearest(BY_AGE, content[:HEAD_BYTES])
    of = BY_AGE[age]
    of.check_header(of.header(content[:HEAD_BYTES]), file)
    rows = None if b"\0" in content else _read_csv(content, of)
    if rows is not None and _is_whole(rows, content):
        return _current(rows.with_row_index("row", offset=2), age, file)
    mended = mend(content, of, file)
    rows = _read_csv(mended.content, of)
    if rows is None or rows.is_empty():
        nothing = Problem(file, "empty", "no rows", "at least one row")
        raise FileRefusedError(mended.problems or [nothing])
    rows = rows.insert_column(0, pl.Series("row", mended.lines, pl.UInt32))
    current, problems = _current(rows, age, file)
    return current, [*mended.problems, *problems]


def _current(rows: pl.DataFrame, age: str, file: str) -> tuple[pl.DataFrame, list[Problem]]:
    """The rows under the columns of today, and whether the layout is that of their month."""
    month = layout.month_of(rows[layout.PERIOD][0] or "")
    is_older = BY_AGE[age] is rtt_older.LAYOUT
    problems = []
    if month is not None and rtt_older.is_older(month) != is_older:
        expected = f"a month {age}, when returns had these columns"
        problems.append(Problem(file, "layout", month, expected, 2, layout.PERIOD))
    return (rtt_older.widened(rows) if is_older else rows), problems


def _read_csv(content: bytes, of: Layout) -> pl.DataFrame | None:
    counts = of.columns[len(layout.KEYS) :]
    schema = dict.fromkeys(layout.KEYS, pl.Categorical) | dict.fromkeys(counts, pl.Int32)
    try:
        return pl.read_csv(io.BytesIO(content), schema=schema)
    except (pl.exceptions.PolarsError, UnicodeDecodeError):
        return None


def _is_whole(rows: pl.DataFrame, content: bytes) -> bool:
    """Whether each line is a row that runs to its last column: a short one ends in blanks."""
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    return (
        lines == rows.height + 1 and not rows.is_empty() and not rows[layout.TOTAL_ALL].has_nulls()
    )


def _checked(
    rows: pl.DataFrame, heads: pl.DataFrame, problems: list[Problem], file: str
) -> Extract:
    """The rows laid out. Raises FileRefusedError with all that is wrong with them, and before."""
    is_legible = not problems
    unreadable = {problem.row for problem in problems}
    problems += [p for p in rtt_checks.check_rows(rows, heads, file) if p.row not in unreadable]
    if is_legible and not any(problem.kind == "blank" for problem in problems):
        extract = extract_of(rows, file)
        problems += rtt_checks.check_counts(extract)
        if not problems:
            return extract
    raise FileRefusedError(sorted(problems, key=lambda problem: problem.row or 0))


def _rolled_up(functions: Counts) -> tuple[Counts, Counts]:
    """England's own pathways by provider, and all of them together."""
    english = (functions.keys["commissioner"] != layout.NONC).to_numpy()
    providers = functions.rolled_up(["part", "icb", "function", "provider"], english)
    england = providers.rolled_up(["part", "function"], np.ones(providers.keys.height))
    return providers, england


def _table(counts: Counts, month: str) -> pl.DataFrame:
    return counts.long().insert_column(0, pl.lit(month, pl.Categorical).alias("month"))


def _organisations(heads: pl.DataFrame) -> pl.DataFrame:
    """Every organisation named: kind (provider, commissioner, icb), code, name, parent."""
    icbs = [
        heads.select(code=code, name=layout.NAMED[code], parent=pl.lit(None))
        for code in (layout.PROVIDER_ICB, layout.COMMISSIONER_ICB)
    ]
    parts = {
        "provider": heads.select(
            code=layout.PROVIDER, name=layout.PROVIDER_NAME, parent=layout.PROVIDER_ICB
        ),
        "commissioner": heads.select(
            code=layout.COMMISSIONER,
            name=layout.COMMISSIONER_NAME,
            parent=layout.COMMISSIONER_ICB,
        ),
        "icb": pl.concat([side.cast(pl.String) for side in icbs]),
    }
    return pl.concat(
        part.cast(pl.String)
        .drop_nulls("code")
        .unique("code", keep="first")
        .sort("code")
        .insert_column(0, pl.lit(kind).alias("kind"))
        for kind, part in parts.items()
    )


def _is_synthetic(names: pl.DataFrame, file: str) -> bool:
    """Whether the providers are fictional. Raises FileRefusedError if only some of them are."""
    providers = names.filter(kind="provider")["name"].str.to_lowercase()
    fictional = providers.str.ends_with(FICTIONAL)
    if fictional.any() and not fictional.all():
        found = f"{fictional.sum():,} of {len(providers):,} providers fictional"
        raise FileRefusedError([Problem(file, "mixed", found, "all of them, or none")])
    return bool(fictional.all())


def _facts(england: pl.DataFrame, open_band: int) -> dict[str, int | float]:
    """England's figures that the bands can tell, under the names of the published series."""
    counts = england.with_columns(pl.col("part").cast(pl.String))
    waiting = counts.filter(part=Part.INCOMPLETE)
    size = int(waiting["n"].sum())
    over = {
        f"over_{week}_weeks": int(waiting.filter(pl.col("band") >= week)["n"].sum())
        for week in week_bands.LONG_WAIT_WEEKS
        if week <= open_band
    }
    wholes = {
        name: int(counts.filter(part=part)["n"].sum())
        for name, part in (
            ("admitted_stops", Part.ADMITTED),
            ("nonadmitted_stops", Part.NONADMITTED),
            ("new_periods", Part.NEW_PERIODS),
        )
    }
    within = {"within_18_weeks": size - over["over_18_weeks"]}
    return {
        "incomplete_pathways": size,
        **within,
        **over,
        **wholes,
        **_percentiles(counts, open_band),
    }


def _percentiles(counts: pl.DataFrame, open_band: int) -> dict[str, float]:
    """The published percentiles that lie below the open band."""
    found = {}
    for part, prefix, percents in (
        (Part.INCOMPLETE, "", (50, 92)),
        (Part.ADMITTED, "admitted_", (50, 95)),
        (Part.NONADMITTED, "nonadmitted_", (50, 95)),
    ):
        bands = [0] * week_bands.BANDS
        for band, n in counts.filter(part=part).drop_nulls("band").select("band", "n").rows():
            bands[band] += n
        for percent in percents:
            name = "median" if percent == 50 else f"p{percent}"  # noqa: PLR2004 - the median
            weeks = week_bands.percentile(bands, percent).weeks
            if weeks is not None and weeks <= open_band:
                found[f"{prefix}{name}_weeks"] = weeks
    return found


RTT = DataSet(
    name="rtt",
    title="Referral to treatment waiting times, full extract (monthly)",
    licence="NHS England, Open Government Licence v3.0",
    recognises=lambda head: any(each.resembles(head) for each in BY_AGE.values()),
    read=read,
)

"""RTT "Full CSV data file": the monthly return, provider by commissioner by treatment function.

Layout of April 2021 onward (weekly bands to 104+): 121 columns, one row per provider,
commissioner, part and treatment function, with ``C_999`` rows that total the functions. A blank
band is 0. Completed parts give ``Total`` (known clock starts), the unknown clock starts and
``Total All``; incomplete parts only ``Total All``; new periods have no bands at all.
"""

from __future__ import annotations

import io

import polars as pl

from clockstop.analytics.published.csv_text import Layout, strip_bom
from clockstop.analytics.published.datasets import rtt_checks
from clockstop.analytics.published.datasets import rtt_layout as layout
from clockstop.analytics.published.datasets.rtt_extract import NO_BAND, Extract, extract_of
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.published.reading import DataSet, Reading
from clockstop.core.types import Part

LAYOUT = Layout(layout.COLUMNS)
FICTIONAL = "(fictional)"  # every provider of a synthetic extract carries it in its name


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check an extract and turn it into long tables. Raises FileRefusedError.

    Tables: ``pathways`` (month, part, icb, provider, commissioner_icb, commissioner, function,
    band, n; zeros dropped, C_999 left out, band null where the return has none), ``providers``
    (the same rolled up over commissioners, NONC left out), ``organisations`` (kind, code, name,
    parent).
    """
    rows = _parse(strip_bom(content), file)
    month = rtt_checks.check_rows(rows, file)
    extract = extract_of(rows, file)
    warnings = rtt_checks.check_counts(extract) + rtt_checks.unknown_organisations(rows, file)
    pathways = _pathways(extract, month)
    names = _organisations(rows)
    providers = names.filter(kind="provider")["name"].str.to_lowercase()
    return Reading(
        key=month,
        rows=rows.height,
        tables={"pathways": pathways, "providers": _roll_up(pathways), "organisations": names},
        warnings=warnings,
        facts={
            "synthetic": bool(providers.str.ends_with(FICTIONAL).all()),
            "providers": len(providers),
            "incomplete_pathways": _england_list(pathways),
        },
    )


def _parse(content: bytes, file: str) -> pl.DataFrame:
    LAYOUT.check_header(LAYOUT.header(content[:20_000]), file)
    schema = dict.fromkeys(layout.KEYS, pl.Categorical) | dict.fromkeys(layout.COUNTS, pl.Int32)
    try:
        rows = pl.read_csv(io.BytesIO(content), schema=schema)
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise rtt_checks.explain_unparsed(content, LAYOUT, file, error) from error
    if rows.is_empty():
        raise FileRefusedError([Problem(file, "empty", "no rows", "at least one row")])
    return rows.with_row_index("row", offset=2)


def _pathways(extract: Extract, month: str) -> pl.DataFrame:
    """One row for each count above zero, functions only, in the order of the extract's rows."""
    keys = extract.rows.select(
        month=pl.lit(month, pl.Categorical),
        **{name: pl.col(column) for name, column in _KEYS.items()},
    )
    kept = ~extract.is_total[extract.cell_rows]
    band = pl.Series(extract.cell_bands[kept], dtype=pl.Int16)
    return keys[extract.cell_rows[kept]].with_columns(
        band=band.set(band == NO_BAND, None),
        n=pl.Series(extract.cell_counts[kept], dtype=pl.Int64),
    )


_KEYS = {
    "part": layout.PART,
    "icb": layout.PROVIDER_ICB,
    "provider": layout.PROVIDER,
    "commissioner_icb": layout.COMMISSIONER_ICB,
    "commissioner": layout.COMMISSIONER,
    "function": layout.FUNCTION,
}


def _roll_up(pathways: pl.DataFrame) -> pl.DataFrame:
    keys = ["month", "part", "icb", "provider", "function", "band"]
    english = pathways.lazy().filter(pl.col("commissioner") != layout.NONC)
    return (
        english.group_by(keys)
        .agg(pl.col("n").sum())
        .sort("part", "function", "provider", "band")
        .collect()
    )


def _organisations(rows: pl.DataFrame) -> pl.DataFrame:
    """Every organisation named: kind (provider, commissioner, icb), code, name, parent."""
    icbs = [
        rows.select(code=code, name=layout.NAMED[code], parent=pl.lit(None))
        for code in (layout.PROVIDER_ICB, layout.COMMISSIONER_ICB)
    ]
    parts = {
        "provider": rows.select(
            code=layout.PROVIDER, name=layout.PROVIDER_NAME, parent=layout.PROVIDER_ICB
        ),
        "commissioner": rows.select(
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


def _england_list(pathways: pl.DataFrame) -> int:
    mine = (pl.col("part") == Part.INCOMPLETE) & (pl.col("commissioner") != layout.NONC)
    return int(pathways.lazy().filter(mine).select(pl.col("n").sum()).collect().item())


RTT = DataSet(
    name="rtt",
    title="Referral to treatment waiting times, full extract (monthly)",
    licence="NHS England, Open Government Licence v3.0",
    recognises=LAYOUT.resembles,
    read=read,
)

"""What made-up events add up to, by the rules over tables: for lists of millions."""

from datetime import date

import polars as pl

from clockstop.analytics.clocks.deriving import derive_tables
from clockstop.core.codes.lines import reporting_line
from clockstop.core.rtt.week_bands import OPEN_BAND
from clockstop.core.types import Part

CELL = ("provider", "commissioner", "function", "part", "band")


def counts_of(events: pl.DataFrame, census: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The lines of the return, one row for each count; and the findings."""
    found = derive_tables(events, as_of=census)
    periods = found.periods.join(_of_pathways(events, census), on="pathway").join(
        events.select("pathway", opened_by="number", began_at="provider"),
        on=["pathway", "opened_by"],
    )
    day = pl.lit(census)
    waited = (pl.coalesce("end", day) - pl.col("start")).dt.total_days()
    band = ((waited - 1).clip(0) // 7).clip(0, OPEN_BAND).cast(pl.Int16)
    month = (pl.lit(census.replace(day=1)), day)
    here = periods.with_columns(band=band, provider="listed_by").filter("in_returns")
    counted = here.filter(pl.col("ending").is_null() | (pl.col("ending") != "nullified"))
    stopped = counted.filter(pl.col("end").is_between(*month))
    admitted = pl.col("ending") == "admitted_treatment"
    waiting = counted.filter(pl.col("ending").is_null())
    new = counted.filter(
        pl.col("start").is_between(*month), pl.col("start_rule") != "start-transferred"
    )
    parts = {
        Part.INCOMPLETE: waiting,
        Part.INCOMPLETE_DTA: waiting.filter(pl.col("decided_to_admit").is_not_null()),
        Part.ADMITTED: stopped.filter(admitted),
        Part.NONADMITTED: stopped.filter(~admitted),
        Part.NEW_PERIODS: new.with_columns(provider="began_at", band=pl.lit(None, dtype=pl.Int16)),
    }
    lines = [table.with_columns(part=pl.lit(str(part))) for part, table in parts.items()]
    return pl.concat(lines).group_by(CELL).len("n"), found.findings


def _of_pathways(events: pl.DataFrame, census: date) -> pl.DataFrame:
    """The commissioner and line of each pathway, as its first entry records it."""
    recorded = events.filter(kind="commissioner_recorded")
    commissioner = pl.coalesce("hub", "practice", pl.lit("NONC"))
    codes = recorded["treatment_function"].unique().to_list()
    lines = {code: reporting_line(code, census).line for code in codes}
    return recorded.select(
        "pathway",
        function=pl.col("treatment_function").replace_strict(lines, return_dtype=pl.String),
        commissioner=commissioner,
    )

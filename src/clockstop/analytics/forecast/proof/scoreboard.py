"""The scores of every forecaster side by side, by level, horizon and measure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from clockstop.analytics.forecast.months.cube import KEYS
from clockstop.analytics.forecast.proof import scores
from clockstop.analytics.forecast.quantiles import MEASURES, SHARE
from clockstop.core.types import Sector

LARGE = 500  # waiting at the origin
# Which of the groups of a level: all, those of a long list, those that the independent sector runs.
SELECTIONS = {
    "all": pl.lit(value=True),
    f"over_{LARGE}": pl.col("waiting") > LARGE,
    "independent": pl.col("sector").cast(pl.String) == str(Sector.INDEPENDENT),
}
_OF = ("level", "horizon", "measure", "forecaster")
_CELL = pl.struct(*KEYS)
_IS_SHARE = pl.col("measure").cast(pl.String) == SHARE


def scoreboard(table: pl.DataFrame) -> pl.DataFrame:
    """The scores of a back-test's table, best known by its ``BackTest``.

    One row for each level, selection of its groups, horizon, measure and forecaster. Errors and
    coverage are fractions, ``points`` percentage points, ``crps`` and ``mean_error`` (with the ends
    of its 95 % interval) units of the figure. ``median_wape`` is the median over the groups of
    each one's WAPE. ``beats_<forecaster>`` is the share of the groups with a smaller mean absolute
    error than that forecaster's; where both are the same, it counts half. A selection that no row
    of a level falls into is left out.
    """
    boards = [
        _board(table.filter(which)).with_columns(selection=pl.lit(selection))
        for selection, which in SELECTIONS.items()
    ]
    board = pl.concat(boards, how="diagonal")
    first = ["level", "selection", "horizon", "measure", "forecaster"]
    order = [pl.col("measure").replace_strict(_PLACES, return_dtype=pl.Int64)]
    return board.select(*first, pl.exclude(first)).sort(
        "level", "selection", "horizon", *order, maintain_order=True
    )


_PLACES = {measure: place for place, measure in enumerate(MEASURES)}


def _board(table: pl.DataFrame) -> pl.DataFrame:
    text = pl.col("level", "measure", "forecaster").cast(pl.String)
    groups = _by_group(table)
    parts = [_of_rows(table), _of_groups(groups), _bias(table, groups), _won(groups)]
    board = parts[0].with_columns(text)
    for part in parts[1:]:
        board = board.join(part.with_columns(text), on=_OF, how="left", maintain_order="left")
    return board


def _of_rows(table: pl.DataFrame) -> pl.DataFrame:
    return table.group_by(*_OF, maintain_order=True).agg(
        forecasts=pl.len(),
        groups=_CELL.n_unique(),
        mape=_unless_share(scores.mape()),
        wape=_unless_share(scores.wape()),
        points=pl.when(_IS_SHARE.first()).then(scores.points()),
        **{f"coverage_{percent}": scores.coverage(percent) for percent in scores.INTERVALS},
        crps=scores.crps(),
        mean_error=scores.ERROR.mean(),
    )


def _unless_share(score: pl.Expr) -> pl.Expr:
    return pl.when(~_IS_SHARE.first()).then(score)


def _by_group(table: pl.DataFrame) -> pl.DataFrame:
    """One row for each group: its errors over the origins."""
    return table.group_by(*_OF, *KEYS).agg(
        wape=scores.wape(), missed=scores.ERROR.abs().mean(), error=scores.ERROR.mean()
    )


def _of_groups(groups: pl.DataFrame) -> pl.DataFrame:
    return groups.group_by(*_OF).agg(median_wape=_unless_share(pl.col("wape").median()))


def _bias(table: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """The 95 % interval of the mean error, with the groups as the independent units.

    Errors of a group at one origin after the other are not independent; England alone has no
    others, so that there the origins are the units and the interval is too narrow.
    """
    of_origins = table.group_by(*_OF).agg(
        mean=scores.ERROR.mean(), half=scores.half_width_of_mean(scores.ERROR)
    )
    of_groups = groups.group_by(*_OF).agg(
        many=pl.len() > 1, apart=scores.half_width_of_mean(pl.col("error"))
    )
    half = pl.when("many").then("apart").otherwise("half")
    return of_origins.join(of_groups, on=_OF).select(
        *_OF, mean_error_low=pl.col("mean") - half, mean_error_high=pl.col("mean") + half
    )


def _won(groups: pl.DataFrame) -> pl.DataFrame:
    keys = [key for key in (*_OF, *KEYS) if key != "forecaster"]
    rivals = groups.select(*keys, rival="forecaster", rival_missed="missed")
    won = pl.when(pl.col("missed") == pl.col("rival_missed")).then(0.5)
    wins = won.otherwise((pl.col("missed") < pl.col("rival_missed")).cast(pl.Float64))
    pairs = groups.join(rivals, on=keys).filter(pl.col("forecaster") != pl.col("rival"))
    shares = pairs.group_by(*_OF, "rival").agg(won=wins.mean())
    named = shares.with_columns(rival="beats_" + pl.col("rival").cast(pl.String))
    return named.pivot("rival", index=_OF, values="won")


def markdown(board: pl.DataFrame, measures: Sequence[str] = MEASURES) -> str:
    """The scoreboard as Markdown: a table for each level, selection and horizon."""
    return "\n\n".join(_tables(board.filter(pl.col("measure").is_in(measures)))) + "\n"


def _tables(board: pl.DataFrame) -> Iterator[str]:
    heads = ["level", "selection", "horizon"]
    for (level, selection, horizon), rows in board.group_by(heads, maintain_order=True):
        ahead = "1 month" if horizon == 1 else f"{horizon} months"
        yield f"## {level}, {selection}, {ahead} ahead"
        yield _table(rows.drop(heads))


def _table(rows: pl.DataFrame) -> str:
    lines = [rows.columns, ["---"] * rows.width, *(map(_cell, row) for row in rows.rows())]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)

"""Made-up names: common ones, put together by chance."""

from functools import cache

import numpy as np
import polars as pl

from clockstop.analytics.synthetic.patients.tables import rows

_FEMALE = "2"


@cache
def _names(kind: str) -> pl.Series:
    (row,) = (row for row in rows("names.csv") if row["kind"] == kind)
    return pl.Series(row["names"].split())


def named(people: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """The people with a given name that fits their sex, and a family name."""
    chance, family = rng.random((2, people.height))
    given = {kind: _names(kind).gather(_at(chance, _names(kind))) for kind in ("female", "male")}
    return people.with_columns(
        given_name=pl.when(people["sex"] == _FEMALE).then(given["female"]).otherwise(given["male"]),
        family_name=_names("family").gather(_at(family, _names("family"))),
    )


def _at(chance: np.ndarray[tuple[int, ...], np.dtype[np.float64]], names: pl.Series) -> pl.Series:
    return pl.Series((chance * len(names)).astype(np.uint32))

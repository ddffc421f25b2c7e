"""A small synthetic England, made once for all the tests that read it."""

from pathlib import Path

import polars as pl
import pytest
from tests.analytics.synthetic.filed import LAST, MONTHS, extract

from clockstop.analytics.synthetic import make_england


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("england")
    make_england(made, months=MONTHS, last_month=LAST, scale=0.25)
    return made


@pytest.fixture(scope="session")
def months(folder) -> list[pl.DataFrame]:
    """Each month's rows as filed, counts as numbers, blanks null; oldest first."""
    names = ["Dec24", "Jan25", "Feb25", "Mar25"]
    return [extract(folder / f"Full-CSV-data-file-{name}.zip") for name in names]


@pytest.fixture(scope="session")
def everything(months) -> pl.DataFrame:
    return pl.concat(months)

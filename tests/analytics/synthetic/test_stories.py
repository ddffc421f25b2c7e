"""What happens in the synthetic England that a page must cope with."""

import polars as pl
from tests.analytics.synthetic.filed import LAST, PROVIDER, english, extract, size

from clockstop.analytics.synthetic import make_england


def test_a_trust_stops_submitting_for_the_last_two_months(months):
    before, *_, last = months
    gone = set(before[PROVIDER]) - set(last[PROVIDER])
    (silent,) = gone
    assert silent.startswith("R")
    present = [silent in set(rows[PROVIDER]) for rows in months]
    assert present == [True, True, False, False]
    assert size(before.filter(pl.col(PROVIDER) == silent), "Part_2") > 1000
    its_icb = before.filter(pl.col(PROVIDER) == silent)["Provider Parent Org Code"][0]
    assert its_icb in set(
        last.filter(pl.col(PROVIDER).str.starts_with("R"))["Provider Parent Org Code"]
    )


def test_a_site_opens_half_way_and_grows(months):
    (late,) = set(months[-1][PROVIDER]) - set(months[0][PROVIDER])
    assert late.startswith("Z")
    assert [late in set(rows[PROVIDER]) for rows in months] == [False, False, True, True]
    sizes = [size(rows.filter(pl.col(PROVIDER) == late), "Part_2") for rows in months[2:]]
    assert 0 < sizes[0] < sizes[1]


def test_a_site_is_too_small_for_percentiles(tmp_path):
    make_england(tmp_path, months=1, last_month=LAST)
    rows = english(extract(tmp_path / "Full-CSV-data-file-Mar25.zip"), "Part_2")
    sizes = rows.group_by(PROVIDER).agg(pl.col("Total All").sum())["Total All"]
    assert 0 < sizes.min() < 20
    assert sizes.sort()[1] > 20

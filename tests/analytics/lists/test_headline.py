"""The headline dictionary: its keys, their order, and the open band in words."""

import polars as pl
import pytest

from clockstop.analytics.lists.headline import HEADLINE_KEYS, headline, shown
from clockstop.analytics.lists.statistics import list_statistics


def test_the_keys_in_the_order_that_is_promised():
    assert " ".join(HEADLINE_KEYS) == (
        "month incomplete_pathways within_18_weeks pct_within_18_weeks over_18_weeks "
        "over_52_weeks over_65_weeks over_78_weeks over_104_weeks median_weeks p92_weeks "
        "admitted_stops admitted_median_weeks admitted_p95_weeks nonadmitted_stops "
        "nonadmitted_median_weeks nonadmitted_p95_weeks new_periods incomplete_dta "
        "unreported_removals"
    )


def test_a_row_of_statistics_becomes_the_headline():
    table = pl.DataFrame(
        {"month": ["2025-09"] * 2, "part": ["Part_2"] * 2, "band": [3, 104], "n": [80, 20]}
    )
    found = headline(list_statistics(table).row(0, named=True))
    assert tuple(found) == HEADLINE_KEYS
    assert found["month"] == "2025-09"
    assert found["median_weeks"] == 3.625
    assert found["p92_weeks"] == "104+"
    assert found["admitted_median_weeks"] is None
    assert found["unreported_removals"] is None


def test_a_row_without_a_headline_figure_is_refused():
    with pytest.raises(KeyError, match="incomplete_pathways"):
        headline({"month": "2025-09"})


@pytest.mark.parametrize(
    ("value", "is_open", "month", "text"),
    [
        (3.5, False, "2025-09", 3.5),
        (None, False, "2025-09", None),
        (None, True, "2025-09", "104+"),
        (None, True, "2021-04", "104+"),
        (None, True, "2021-03", "52+"),
        (7, None, "2025-09", 7),
    ],
)
def test_a_quantile_in_the_open_band_is_said_so(value, is_open, month, text):
    assert shown(value, is_open, month) == text

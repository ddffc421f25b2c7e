"""The list statistics by example, and what must hold of them for any return."""

from collections import Counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sizes import slow

from clockstop.analytics.lists.measures import (
    FURTHER_MEASURES,
    HEADLINE_MEASURES,
    MEASURES,
    Kind,
    Unit,
)
from clockstop.analytics.lists.statistics import list_statistics

SCHEMA = {
    "month": pl.String,
    "part": pl.String,
    "provider": pl.String,
    "commissioner": pl.String,
    "band": pl.Int16,
    "n": pl.Int32,
}
WAITING, ADMITTED, NONADMITTED, DTA, NEW = "Part_2", "Part_1A", "Part_1B", "Part_2A", "Part_3"


def pathways(*rows):
    """Rows of (month, part, provider, band, n) commissioned in England."""
    return pl.DataFrame(
        [(month, part, provider, "15N", band, n) for month, part, provider, band, n in rows],
        schema=SCHEMA,
        orient="row",
    )


def one(table, by=(), **options):
    """The last month's only row."""
    rows = list_statistics(table, by, **options).rows(named=True)
    return max(rows, key=lambda row: row["month"])


def test_columns_are_the_keys_then_the_measures_each_quantile_with_its_flag():
    table = list_statistics(pathways(("2025-09", WAITING, "RA1", 3, 40)), ["provider"])
    assert table.columns[:2] == ["month", "provider"]
    measures = [name for name in table.columns[2:] if not name.endswith("_open")]
    assert measures == list(HEADLINE_MEASURES) + list(FURTHER_MEASURES)
    for at, name in enumerate(table.columns):
        if name in MEASURES and MEASURES[name].kind is Kind.QUANTILE:
            assert table.columns[at + 1] == f"{name}_open"


def test_integers_are_integers_and_flags_are_flags():
    schema = list_statistics(pathways(("2025-09", WAITING, "RA1", 3, 40))).schema
    for key, measure in MEASURES.items():
        assert schema[key] == (pl.Int64 if measure.unit is Unit.PATHWAYS else pl.Float64), key
    assert schema["median_weeks_open"] == pl.Boolean
    assert schema["month"] == pl.String


def test_18_weeks_is_the_first_18_bands_and_over_n_starts_at_band_n():
    rows = [("2025-09", WAITING, "RA1", band, 1) for band in range(105)]
    row = one(pathways(*rows))
    assert row["within_18_weeks"] == 18
    assert row["pct_within_18_weeks"] == 18 / 105
    long = {weeks: row[f"over_{weeks}_weeks"] for weeks in (18, 52, 65, 78, 104)}
    assert long == {weeks: 105 - weeks for weeks in long}


def test_commissioners_outside_england_are_left_out_unless_asked_for():
    table = pathways(("2025-09", WAITING, "RA1", 104, 30), ("2025-09", WAITING, "RA1", 3, 40))
    table = table.with_columns(commissioner=pl.Series(["NONC", "15N"]))
    assert one(table)["incomplete_pathways"] == 40
    assert one(table, include_nonc=True)["incomplete_pathways"] == 70
    assert one(table.drop("commissioner"))["incomplete_pathways"] == 70


def test_a_blank_commissioner_is_an_english_one():
    table = pathways(("2025-09", WAITING, "RA1", 3, 40)).with_columns(
        commissioner=pl.lit(None, pl.String)
    )
    assert one(table)["incomplete_pathways"] == 40


def test_unknown_clock_starts_count_as_stops_but_have_no_wait():
    row = one(
        pathways(("2025-09", ADMITTED, "RA1", 3, 40), ("2025-09", ADMITTED, "RA1", None, 900))
    )
    assert row["admitted_stops"] == 940
    assert row["admitted_median_weeks"] == 3.5
    assert row["admitted_mean_weeks"] == 3.5


def test_decisions_to_admit_stay_beside_the_list_and_never_add_to_it():
    row = one(pathways(("2025-09", WAITING, "RA1", 3, 40), ("2025-09", DTA, "RA1", 3, 45)))
    assert (row["incomplete_pathways"], row["incomplete_dta"]) == (40, 45)


def test_a_quantile_in_the_open_band_is_flagged_and_has_no_number():
    row = one(pathways(("2025-09", WAITING, "RA1", 0, 90), ("2025-09", WAITING, "RA1", 104, 10)))
    assert (row["p92_weeks"], row["p92_weeks_open"]) == (None, True)
    assert (row["median_weeks"], row["median_weeks_open"]) == (50 / 90, False)
    assert row["mean_weeks"] == (90 * 0.5 + 10 * 104) / 100


def test_until_march_2021_the_last_band_is_52_and_longer_waits_are_not_known():
    rows = [(WAITING, "RA1", 0, 90), (WAITING, "RA1", 52, 10)]
    older, later = (
        one(pathways(*((month, *row) for row in rows))) for month in ("2021-03", "2021-04")
    )
    assert [older[f"over_{weeks}_weeks"] for weeks in (18, 52, 65, 78, 104)] == [
        10,
        10,
        *[None] * 3,
    ]
    assert [later[f"over_{weeks}_weeks"] for weeks in (18, 52, 65, 78, 104)] == [10, 10, 0, 0, 0]
    assert (older["p92_weeks"], older["p92_weeks_open"]) == (None, True)
    assert (later["p92_weeks"], later["p92_weeks_open"]) == (52.2, False)
    assert older["mean_weeks"] == (90 * 0.5 + 10 * 52) / 100
    assert later["mean_weeks"] == (90 * 0.5 + 10 * 52.5) / 100
    assert older["pct_over_52_weeks"] == later["pct_over_52_weeks"] == 0.1


def test_a_quantile_reached_at_the_end_of_band_103_is_104_weeks_not_open():
    row = one(pathways(("2025-09", WAITING, "RA1", 103, 92), ("2025-09", WAITING, "RA1", 104, 8)))
    assert (row["p92_weeks"], row["p92_weeks_open"]) == (104.0, False)


def test_a_quantile_reached_at_the_end_of_a_band_is_not_in_the_next_filled_one():
    row = one(pathways(("2025-09", WAITING, "RA1", 0, 92), ("2025-09", WAITING, "RA1", 50, 8)))
    assert row["p92_weeks"] == 1.0


@pytest.mark.parametrize(("n", "median"), [(19, None), (20, 3.5)])
def test_below_20_pathways_no_quantile_and_no_mean(n, median):
    row = one(pathways(("2025-09", WAITING, "RA1", 3, n), ("2025-09", WAITING, "RA1", None, 50)))
    assert row["median_weeks"] == row["mean_weeks"] == median
    assert row["median_weeks_open"] is False


def test_a_small_open_quantile_is_not_flagged():
    row = one(pathways(("2025-09", WAITING, "RA1", 104, 19)))
    assert (row["median_weeks"], row["median_weeks_open"]) == (None, False)


def test_the_small_number_limit_is_the_callers_to_set():
    table = pathways(("2025-09", WAITING, "RA1", 3, 2))
    assert one(table, min_count=1)["median_weeks"] == 3.5
    assert one(table, min_count=0)["admitted_median_weeks"] is None


MOVING = [
    ("2024-09", WAITING, "RA1", 3, 70),
    ("2025-08", WAITING, "RA1", 3, 100),
    ("2025-09", NEW, "RA1", None, 50),
    ("2025-09", ADMITTED, "RA1", 3, 20),
    ("2025-09", NONADMITTED, "RA1", None, 10),
    ("2025-09", WAITING, "RA1", 3, 90),
]


def test_movements_are_against_the_calendar_month_and_year_before():
    row = one(pathways(*MOVING))
    assert row["unreported_removals"] == 100 + 50 - 30 - 90
    assert row["change_on_month"] == -10
    assert row["change_on_year"] == 20


def test_movements_cross_the_new_year():
    row = one(pathways(("2024-12", WAITING, "RA1", 3, 30), ("2025-01", WAITING, "RA1", 3, 40)))
    assert row["change_on_month"] == 10


def test_a_month_that_is_not_there_leaves_movements_unknown():
    row = one(pathways(*(each for each in MOVING if each[0] != "2025-08")))
    assert row["unreported_removals"] is None
    assert row["change_on_month"] is None
    assert row["change_on_year"] == 20


def test_a_list_that_a_group_did_not_send_is_unknown_not_zero():
    table = pathways(*MOVING, ("2025-08", NEW, "RA2", None, 5), ("2025-09", WAITING, "RA2", 3, 9))
    rows = {row["provider"]: row for row in _last_month(table, ["provider"])}
    assert rows["RA2"]["unreported_removals"] is None
    assert rows["RA2"]["change_on_month"] is None
    assert rows["RA1"]["change_on_month"] == -10


def test_a_provider_that_sent_nothing_has_no_row():
    table = pathways(*MOVING, ("2025-08", WAITING, "RHQ", 3, 500))
    assert [row["provider"] for row in _last_month(table, ["provider"])] == ["RA1"]


def _last_month(table, by):
    return list_statistics(table, by).filter(pl.col("month") == "2025-09").rows(named=True)


@pytest.mark.parametrize(
    ("month", "days"), [("2025-09", 30), ("2025-10", 31), ("2024-02", 29), ("2100-02", 28)]
)
def test_clearance_is_weeks_of_this_months_clock_stops(month, days):
    row = one(pathways((month, WAITING, "RA1", 3, 300), (month, ADMITTED, "RA1", 3, 60)))
    assert row["clearance_weeks"] == pytest.approx(300 / (60 / (days / 7)), rel=1e-13)


def test_without_clock_stops_or_a_list_there_is_no_ratio():
    row = one(pathways(("2025-09", WAITING, "RA1", 3, 300)))
    assert row["clearance_weeks"] is None
    row = one(pathways(("2025-09", ADMITTED, "RA1", 3, 300)))
    assert row["pct_within_18_weeks"] is None
    assert row["incomplete_pathways"] == 0


def test_bands_of_a_group_are_added_before_they_are_ranked():
    """Two providers' waits in one band are one band: C and n are of all its pathways."""
    table = pathways(("2025-09", WAITING, "RA1", 3, 30), ("2025-09", WAITING, "RA2", 3, 70))
    assert one(table)["p80_weeks"] == 3.8


@pytest.mark.parametrize("key", MEASURES)
def test_a_measure_asked_for_alone_is_the_same(key):
    parts = [WAITING, ADMITTED, NONADMITTED, DTA]
    table = pathways(*MOVING, *(("2025-09", part, "RA1", 30, 25) for part in parts))
    flags = [f"{key}_open"] if MEASURES[key].kind is Kind.QUANTILE else []
    whole, alone = one(table), one(table, measures=[key])
    assert alone == {name: whole[name] for name in ("month", key, *flags)}
    assert alone[key] is not None


def test_a_group_has_a_row_where_there_is_something_to_count():
    table = pathways(("2025-08", NEW, "RA1", None, 5), ("2025-09", WAITING, "RA1", 3, 40))
    assert list_statistics(table).height == 2
    assert list_statistics(table, measures=["over_52_weeks"])["month"].to_list() == ["2025-09"]


def test_any_column_can_be_grouped_by_even_one_named_like_a_statistic():
    table = pathways(*MOVING).with_columns(total=pl.lit("all"), Known=pl.lit(1))
    assert one(table, ["total", "Known", "month"])["incomplete_pathways"] == 90


def test_nothing_in_nothing_out():
    assert list_statistics(pathways()).height == 0


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="the table lacks region; it has month, part, provider"):
        list_statistics(pathways(*MOVING), ["region"])


@pytest.mark.parametrize("by", ["part", "band", "n", "median_weeks"])
def test_what_is_counted_cannot_be_grouped_by(by):
    with pytest.raises(ValueError, match=f"cannot group by {by}"):
        list_statistics(pathways(*MOVING), [by])


@pytest.mark.parametrize("measures", [["mean_wait"], []])
def test_a_measure_that_is_not_there_is_named(measures):
    with pytest.raises(ValueError, match="there are incomplete_pathways, within_18_weeks"):
        list_statistics(pathways(*MOVING), measures=measures)


def test_what_is_no_table_is_refused():
    with pytest.raises(TypeError, match="dataframe"):
        list_statistics([{"month": "2025-09"}])


returns = st.lists(
    st.tuples(
        st.sampled_from(["2025-08", "2025-09"]),
        st.sampled_from([WAITING, ADMITTED, NONADMITTED, DTA]),
        st.sampled_from(["RA1", "RA2"]),
        st.integers(0, 104),
        st.integers(1, 60),
    ),
    min_size=1,
    max_size=30,
)
COUNTS = [key for key, measure in MEASURES.items() if measure.kind is Kind.COUNT]
SCALE_FREE = [
    key for key, measure in MEASURES.items() if measure.unit in {Unit.FRACTION, Unit.WEEKS}
]


def by_group(table, by=("provider",), **options):
    rows = list_statistics(table, by, min_count=0, **options).rows(named=True)
    return {(row["month"], *(row[name] for name in by)): row for row in rows}


@slow(40)
@given(returns)
def test_twice_the_pathways_wait_just_as_long(rows):
    once = by_group(pathways(*rows))
    twice = by_group(pathways(*rows).with_columns(pl.col("n") * 2))
    for group, row in once.items():
        assert {key: twice[group][key] for key in SCALE_FREE} == {
            key: row[key] if row[key] is None else pytest.approx(row[key]) for key in SCALE_FREE
        }
        assert [twice[group][key] for key in COUNTS] == [2 * row[key] for key in COUNTS]


@slow(40)
@given(returns, st.randoms())
def test_the_order_of_rows_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert by_group(pathways(*rows)) == by_group(pathways(*shuffled))


@slow(40)
@given(returns)
def test_the_groups_add_up_to_the_whole(rows):
    whole = by_group(pathways(*rows), by=())
    added = {month: Counter() for (month,) in whole}
    for (month, _), row in by_group(pathways(*rows)).items():
        added[month].update({key: row[key] for key in COUNTS})
    for (month,), row in whole.items():
        assert {key: row[key] for key in COUNTS} == dict(added[month])


@slow(40)
@given(returns)
def test_a_list_is_those_within_and_those_over_and_long_waits_shrink(rows):
    for row in by_group(pathways(*rows)).values():
        assert row["within_18_weeks"] + row["over_18_weeks"] == row["incomplete_pathways"]
        long = [row[f"over_{weeks}_weeks"] for weeks in (18, 52, 65, 78, 104)]
        assert long == sorted(long, reverse=True)

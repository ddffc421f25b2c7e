from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from clockstop.core.types import Month
from clockstop.service.ui import figures
from clockstop.service.ui.charts import Band, Level, Series, fan_chart
from clockstop.service.ui.charts.drawing import PLOT_BOTTOM, PLOT_TOP

JAN = Month(2025, 1)


def months(*values, first=JAN):
    return {first.plus(index): value for index, value in enumerate(values)}


def draw(counted=(100, 120), ends=((120, 120), (100, 150), (0, 200)), levels=(), **band):
    bands = [Band("8 in 10", months(*ends, first=JAN.plus(1)), **band)]
    series = [Series("Counted", months(*counted)), Series("Same", {}, is_labelled=False)]
    return fan_chart("fan", "The list", series, bands, levels, figures.count)


def test_a_band_runs_along_its_highest_and_back_along_its_lowest():
    (band,) = draw().bands
    assert [(corner.x, corner.y) for corner in band.corners] == [
        *((33.33, 116.0), (66.67, 86.0), (100.0, 36.0)),
        *((100.0, 236.0), (66.67, 136.0), (33.33, 116.0)),
    ]


def test_only_a_labelled_band_says_its_last_ends():
    assert draw().bands[0].labels == ()
    high, low = draw(is_labelled=True).bands[0].labels
    assert [(high.text, high.x, high.anchor), (low.text, low.x)] == [
        *((("200", 100.0, "end")), ("0", 100.0)),
    ]
    assert high.y < PLOT_TOP < PLOT_BOTTOM < low.y


def test_the_last_value_is_written_of_a_series_that_is_labelled():
    series = [Series("Counted", months(10, 20)), Series("Same", months(5, 5), is_labelled=False)]
    chart = fan_chart("a", "A", series, [Band("b", months((1, 2)))], [], figures.count)
    assert [[label.text for label in each.labels] for each in chart.series] == [["20"], []]
    assert [len(each.strokes) for each in chart.series] == [1, 1]


def test_months_to_come_are_no_gap_and_months_not_counted_are():
    chart = draw(counted=(100, None, 120), ends=((120, 120), (100, 150)))
    assert chart.gap_words == "February 2025"
    assert chart.gaps == ((25.0, 50.0),)
    assert draw().gaps == ()


def test_a_level_is_marked_where_it_falls_due_on_the_chart():
    levels = [Level("Target 90", 90, (JAN.plus(2), JAN.plus(40))), Level("Always 50", 50)]
    target, always = draw(levels=levels).levels
    assert (target.y, [(due.x, due.y) for due in target.due]) == (146.0, [(66.67, 146.0)])
    assert [label.text for label in target.labels] == ["90"]
    assert (always.due, always.labels) == ((), ())  # the axis says 50 already


def test_a_level_out_of_reach_is_on_the_scale():
    (target,) = draw(levels=[Level("Target 900", 900)]).levels
    assert PLOT_TOP <= target.y < PLOT_BOTTOM


def test_the_description_says_where_a_band_ends():
    assert draw().description.endswith("8 in 10: 0 to 200 in April 2025.")


def test_without_a_band_there_is_no_fan():
    series = [Series("Counted", months(1, 2))]
    assert fan_chart("a", "A", series, [Band("b", {})], [], figures.count) is None
    assert fan_chart("a", "A", series, [], [], figures.count) is None


amounts = st.floats(0, 1e7, allow_subnormal=False)


@given(st.lists(st.tuples(amounts, amounts, amounts).map(sorted), min_size=1, max_size=8))
def test_a_narrower_band_lies_within_a_wider_one_and_all_within_the_plot(rows):
    wide = Band("wide", months(*((low, high) for low, _, high in rows)))
    narrow = Band("narrow", months(*((middle, middle) for _, middle, _ in rows)))
    chart = fan_chart("a", "A", [Series("Counted", {})], [wide, narrow], [], figures.count)
    outer, inner = (band.corners for band in chart.bands)
    assert all(PLOT_TOP <= corner.y <= PLOT_BOTTOM for corner in outer)
    top, foot = outer[: len(rows)], outer[: len(rows) - 1 : -1]
    for high, low, middle in zip(top, foot, inner, strict=False):
        assert high.y <= middle.y <= low.y
        assert high.x == low.x == middle.x
    assert all(one.x < two.x for one, two in pairwise(top))

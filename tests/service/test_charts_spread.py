from hypothesis import given
from hypothesis import strategies as st

from clockstop.analytics.lists.book import Spread
from clockstop.core.rtt.week_bands import Percentile
from clockstop.service.ui.charts import SpreadRow, spread_chart

OPEN = Percentile(None, is_open=True)
NONE = Percentile(None)


def spread(median, p80, p92, *, count=500, bands=(250, 250)) -> Spread:
    return Spread(
        count=count,
        median=median,
        p80=p80,
        p92=p92,
        p95=p92,
        mean=None,
        is_small=count < 20,
        bands=(*bands, *[0] * (105 - len(bands))),
    )


def weeks(*numbers) -> Spread:
    return spread(*map(Percentile, numbers))


def test_a_row_runs_from_half_to_92_in_100_on_the_common_axis():
    chart = spread_chart([SpreadRow("A", weeks(10, 20, 40)), SpreadRow("B", weeks(5, 10, 20))])
    assert [(bar.half, bar.eight_in_ten, bar.end) for bar in chart.bars] == [
        (25.0, 50.0, 100.0),
        (12.5, 25.0, 50.0),
    ]
    assert chart.ticks == ((0, "0"), (25, "10"), (50, "20"), (75, "30"), (100, "40"))
    assert chart.standard == 45.0


def test_the_words_say_what_the_line_shows():
    bar = spread_chart([SpreadRow("A", weeks(10, 20.26, 40))]).bars[0]
    assert (
        bar.words
        == "Half within 10.0 weeks, 8 in 10 within 20.3 weeks, 92 in 100 within 40.0 weeks"
    )


def test_an_open_quantile_runs_off_the_chart_and_is_said_as_over_104_weeks():
    bar = spread_chart([SpreadRow("A", spread(Percentile(60), Percentile(90), OPEN))]).bars[0]
    assert bar.runs_off
    assert bar.end == 100
    assert bar.words.endswith("92 in 100 over 104 weeks")


def test_fewer_than_20_waits_are_a_range_and_no_line():
    small = spread(NONE, NONE, NONE, count=7, bands=(0, 0, 3, 0, 4))
    bar = spread_chart([SpreadRow("A", small)]).bars[0]
    assert (bar.half, bar.eight_in_ten, bar.end) == (None, None, None)
    assert bar.words == "Fewer than 20 waits, 2 to 5 weeks: too few to say more"


def test_nobody_is_said_so():
    empty = spread(NONE, NONE, NONE, count=0, bands=())
    assert spread_chart([SpreadRow("A", empty)]).bars[0].words == "Nobody"


def test_the_18_weeks_are_on_the_axis_of_short_waits_and_of_no_rows():
    for rows in ([], [SpreadRow("A", weeks(1, 2, 3))]):
        assert spread_chart(rows).standard == 90.0


@given(
    st.lists(
        st.tuples(*[st.floats(0, 104)] * 3).map(lambda waits: weeks(*sorted(waits))), min_size=1
    )
)
def test_rows_stay_on_the_axis_in_order(spreads):
    chart = spread_chart([SpreadRow(str(index), each) for index, each in enumerate(spreads)])
    assert 0 < chart.standard <= 100
    for bar in chart.bars:
        assert 0 <= bar.half <= bar.eight_in_ten <= bar.end <= 100

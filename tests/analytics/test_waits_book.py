"""The book of waits: one census, every provider, nothing that was not sent."""

import gc
import weakref
from collections import Counter

import pytest
from tests.analytics import story
from tests.analytics.story import EUXTON, EYES, FULWOOD, LEEDS, NEW, OLD, SHEFFIELD, Filed

from clockstop.analytics.lists.headline import HEADLINE_KEYS
from clockstop.analytics.lists.tables import as_shown, waits_table
from clockstop.analytics.lists.waits_book import STALE_MONTHS, WaitsBook
from clockstop.analytics.published import pathways as lake_pathways
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import NoDataError, months_held
from clockstop.core.rtt.week_bands import Percentile, percentile
from clockstop.core.types import Month, Part, Point, Sector

SEPTEMBER, AUGUST = Month(2025, 9), Month(2025, 8)
TOTAL = "C_999"


@pytest.fixture(scope="module")
def book(story_lake) -> WaitsBook:
    return WaitsBook(story_lake)


@pytest.fixture(scope="module")
def england(synthetic_lake) -> WaitsBook:
    return WaitsBook(synthetic_lake)


def waits(book: WaitsBook, provider: str, function: str = TOTAL):
    (found,) = [each for each in book.compare(function) if each.provider == provider]
    return found


def codes(book: WaitsBook, function: str = TOTAL) -> set[str]:
    return {each.provider for each in book.compare(function)}


def sizes(history) -> dict[str, int | None]:
    return {str(row.month): row.figures and row.figures["incomplete_pathways"] for row in history}


class TestCompare:
    def test_the_providers_of_a_function(self, book):
        assert codes(book, "C_110") == {LEEDS, FULWOOD, EUXTON}
        assert codes(book, "C_130") == {LEEDS, EYES}
        assert codes(book, "X02") == {NEW}
        assert book.compare("C_340") == ()

    def test_the_total_has_every_provider_once(self, book):
        found = Counter(each.provider for each in book.compare(TOTAL))
        assert found == dict.fromkeys((LEEDS, FULWOOD, NEW, EUXTON, EYES), 1)

    def test_who_where_and_of_what_sector(self, book):
        leeds = waits(book, LEEDS)
        assert (leeds.name, leeds.sector) == (
            "Leeds Teaching Hospitals NHS Trust",
            Sector.NHS_TRUST,
        )
        assert (leeds.icb, leeds.icb_name) == ("QWO", "NHS West Yorkshire Integrated Care Board")
        assert (leeds.location, leeds.location_source) == (
            Point(53.8, -1.55),
            "main address of the trust",
        )
        assert waits(book, FULWOOD).sector is Sector.INDEPENDENT
        assert not leeds.location_is_approximate
        new = waits(book, NEW)
        assert (new.sector, new.location, new.location_source) == (Sector.UNKNOWN, None, None)

    def test_the_three_spreads_are_told_apart(self, book):
        leeds = waits(book, LEEDS, "C_110")
        assert [leeds.waiting.count, leeds.admitted.count, leeds.nonadmitted.count] == [100, 30, 10]
        assert {week: n for week, n in enumerate(leeds.waiting.bands) if n} == {
            3: 60,
            20: 30,
            60: 10,
        }
        assert {week: n for week, n in enumerate(leeds.admitted.bands) if n} == {10: 25}
        assert leeds.waiting.median == Percentile(3 + 50 / 60)
        assert leeds.waiting.mean == (3.5 * 60 + 20.5 * 30 + 60.5 * 10) / 100
        assert (leeds.within_18_weeks, leeds.over_52_weeks) == (60, 10)
        assert leeds.pct_within_18_weeks == 0.6

    def test_people_of_other_countries_are_left_out(self, book):
        """A thousand wait at Leeds for NONC, all in the sixth week."""
        assert waits(book, LEEDS, "C_110").waiting.bands[5] == 0

    def test_small_lists_have_bands_but_no_quantiles(self, book):
        eyes = waits(book, LEEDS, "C_130").waiting
        assert (eyes.count, eyes.is_small, eyes.median, eyes.mean) == (
            19,
            True,
            Percentile(None),
            None,
        )
        assert eyes.bands[2] == 19
        assert not waits(book, NEW).waiting.is_small

    def test_unknown_clock_starts_are_counted_but_make_no_spread(self, book):
        admitted = waits(book, LEEDS, "C_110").admitted
        assert (admitted.count, sum(admitted.bands), admitted.is_small) == (30, 25, False)

    def test_the_open_band(self, book):
        fulwood = waits(book, FULWOOD)
        assert fulwood.waiting.median == fulwood.waiting.p92 == Percentile(None, is_open=True)
        assert fulwood.waiting.range_weeks == (104, None)
        assert fulwood.waiting.mean == 104
        assert fulwood.nonadmitted.p95.is_open is False
        assert fulwood.nonadmitted.range_weeks == (0, None)

    def test_nobody_treated_is_an_empty_spread(self, book):
        admitted = waits(book, NEW).admitted
        assert (admitted.count, admitted.range_weeks, admitted.is_small) == (0, None, True)

    def test_a_list_of_nobody_has_no_share(self, tmp_path):
        lake = Lake(tmp_path)
        story.publish(lake, "2025-09", [Filed(LEEDS, "C_110", {4: 25}, Part.ADMITTED)])
        leeds = waits(WaitsBook(lake), LEEDS)
        assert (leeds.waiting.count, leeds.pct_within_18_weeks, leeds.admitted.count) == (
            0,
            None,
            25,
        )


class TestYearAgo:
    def test_a_provider_that_changed_its_icb_keeps_its_year(self, book):
        leeds = waits(book, LEEDS)
        assert (leeds.size_year_ago, leeds.change_on_year) == (80, 39)
        assert waits(book, LEEDS, "C_110").change_on_year == 20

    @pytest.mark.parametrize(
        ("provider", "function"), [(NEW, TOTAL), (FULWOOD, "C_110"), (LEEDS, "C_130")]
    )
    def test_unknown_where_nothing_was_sent_then(self, book, provider, function):
        found = waits(book, provider, function)
        assert (found.size_year_ago, found.change_on_year) == (None, None)

    def test_a_stale_list_is_held_against_a_year_before_its_own_month(self, book):
        euxton = waits(book, EUXTON)
        assert (euxton.waiting.count, euxton.size_year_ago) == (33, 30)

    def test_it_is_the_size_of_the_history(self, england):
        checked = 0
        for each in england.compare("C_110")[::12]:
            was = sizes(england.history(each.provider, "C_110")).get(str(each.month.plus(-12)))
            assert each.size_year_ago == was
            checked += was is not None
        assert checked > 2


class TestStale:
    def test_shown_with_its_last_figures(self, book):
        euxton = waits(book, EUXTON, "C_110")
        assert (euxton.month, euxton.is_stale) == (AUGUST, True)
        assert (euxton.waiting.count, euxton.admitted.count) == (33, 22)
        assert euxton.waiting.bands[4] == 33

    def test_the_others_are_of_the_books_month(self, book):
        assert (
            {each.month for each in book.compare(TOTAL) if not each.is_stale}
            == {book.month}
            == {SEPTEMBER}
        )

    def test_for_six_months_and_no_longer(self, book):
        assert STALE_MONTHS == 6
        assert waits(book, EYES).month == Month(2025, 3)
        assert OLD not in codes(book)

    def test_one_that_was_taken_over_is_not_shown(self, book):
        """Its patients are in its successor's return now."""
        assert SHEFFIELD not in codes(book)
        with pytest.raises(KeyError):
            book.provider(SHEFFIELD)

    def test_missing_names_them_all_longest_list_first(self, book):
        assert [
            (each.provider, each.last_size, each.succeeded_by) for each in book.missing(SEPTEMBER)
        ] == [
            (OLD, 900, None),
            (SHEFFIELD, 70, "R1X"),
            (EUXTON, 33, None),
            (EYES, 21, None),
        ]

    def test_not_yet_taken_over(self, book):
        assert [each.provider for each in book.missing(AUGUST)] == [OLD, EYES]
        assert book.missing(Month(2024, 8)) == ()

    def test_of_the_synthetic_england_one_trust_fell_silent(self, england):
        trusts = [each for each in england.compare(TOTAL) if each.sector is Sector.NHS_TRUST]
        assert [each.month for each in trusts if each.is_stale] == [Month(2025, 7)]


class TestProvider:
    def test_all_functions_first_then_each(self, book):
        assert [each.function for each in book.provider(LEEDS)] == [TOTAL, "C_110", "C_130"]

    def test_the_same_rows_as_compare(self, england):
        for total in england.compare(TOTAL)[::10]:
            for each in england.provider(total.provider):
                assert each == waits(england, total.provider, each.function)

    def test_the_functions_make_the_total(self, england):
        for code in list(codes(england))[:20]:
            total, *functions = england.provider(code)
            for part in ("waiting", "admitted", "nonadmitted"):
                bands = [getattr(each, part).bands for each in functions]
                assert getattr(total, part).bands == tuple(map(sum, zip(*bands, strict=True)))

    @pytest.mark.parametrize("code", ["XXX", "", TOTAL, "rr8"])
    def test_an_unknown_one(self, book, code):
        with pytest.raises(KeyError):
            book.provider(code)


class TestHistory:
    def test_a_month_without_a_return_is_a_gap_and_no_zero(self, book):
        assert sizes(book.history(EUXTON, "C_110")) == {
            "2024-08": 30,
            "2024-09": None,
            "2025-02": None,
            "2025-03": None,
            "2025-08": 33,
            "2025-09": None,
        }

    def test_it_starts_with_the_first_return(self, book):
        assert sizes(book.history(NEW, "X02")) == {"2025-09": 20}
        assert sizes(book.history(SHEFFIELD, TOTAL)) == {"2025-08": 70, "2025-09": None}

    def test_of_all_functions_and_of_one(self, book):
        assert sizes(book.history(LEEDS, TOTAL))["2025-09"] == 119
        assert sizes(book.history(LEEDS, "C_130")) == {"2025-09": 19}

    def test_the_figures_are_the_headline_keys_as_shown(self, book):
        (row,) = book.history(FULWOOD, "C_110")
        assert tuple(row.figures) == HEADLINE_KEYS[1:]
        assert row.figures["median_weeks"] == "104+"

    def test_every_function_of_a_provider_comes_from_one_reading(self, story_lake, monkeypatch):
        read = []
        scan = lake_pathways.scan_pathways
        monkeypatch.setattr(
            lake_pathways, "scan_pathways", lambda *args: read.append(args) or scan(*args)
        )
        book = WaitsBook(story_lake)
        histories = [book.history(LEEDS, function) for function in (TOTAL, "C_110", "C_130")]
        assert [sizes(each)["2025-09"] for each in histories] == [119, 100, 19]
        assert len(read) == 1
        assert book.history(LEEDS, "C_110") is histories[1]

    def test_the_functions_make_the_total(self, england):
        for code in list(codes(england))[:5]:
            parts = [sizes(england.history(code, each.function)) for each in england.provider(code)]
            for month, size in parts[0].items():
                assert (size or 0) == sum(part.get(month) or 0 for part in parts[1:])

    def test_nothing_of_a_provider_or_function_that_there_is_not(self, book):
        assert book.history("XXX", TOTAL) == ()
        assert book.history(LEEDS, "C_340") == ()

    def test_a_provider_that_opened_half_way(self, england):
        opened = [each for each in england.compare(TOTAL) if each.size_year_ago is None]
        histories = [england.history(each.provider, TOTAL) for each in opened]
        (late,) = [rows for rows in histories if len(rows) == 7]
        assert all(row.figures for row in late)


class TestAgreement:
    """One table, two readers: what ``waits table`` prints and what the pages show are the same."""

    @pytest.mark.parametrize("by", [("provider", "function"), ("provider",)], ids=",".join)
    def test_row_by_row(self, england, synthetic_lake, by):
        rows = list(as_shown(waits_table(synthetic_lake, SEPTEMBER, by)))
        assert len(rows) > 100
        for row in rows:
            found = waits(england, row["provider"], row.get("function", TOTAL))
            assert not found.is_stale
            assert found.name == row["provider_name"]
            assert found.waiting.count == row["incomplete_pathways"]
            assert found.admitted.count == row["admitted_stops"]
            assert found.nonadmitted.count == row["nonadmitted_stops"]
            assert found.within_18_weeks == row["within_18_weeks"]
            assert found.over_52_weeks == row["over_52_weeks"]
            assert found.pct_within_18_weeks == row["pct_within_18_weeks"]
            for quantile, key in (
                (found.waiting.median, "median_weeks"),
                (found.waiting.p92, "p92_weeks"),
                (found.admitted.p95, "admitted_p95_weeks"),
                (found.nonadmitted.median, "nonadmitted_median_weeks"),
            ):
                assert ("104+" if quantile.is_open else quantile.weeks) == row[key]

    def test_nobody_else_is_in_the_book(self, england, synthetic_lake):
        table = waits_table(synthetic_lake, SEPTEMBER, ("provider", "function"))
        sent = set(table.select("provider", "function").rows())
        shown = {
            (each.provider, each.function)
            for code in codes(england)
            for each in england.provider(code)
            if not each.is_stale and each.function != TOTAL
        }
        assert shown == sent

    def test_sectors_and_icbs(self, england, synthetic_lake):
        rows = waits_table(synthetic_lake, SEPTEMBER, ("provider", "sector", "icb")).rows(
            named=True
        )
        for row in rows:
            found = waits(england, row["provider"])
            assert (found.sector, found.icb, found.icb_name) == (
                row["sector"],
                row["icb"],
                row["icb_name"],
            )


class TestSpreads:
    def test_bands_are_the_count_less_unknown_clock_starts(self, england):
        unknown = 0
        for each in england.compare(TOTAL):
            assert sum(each.waiting.bands) == each.waiting.count
            for stops in (each.admitted, each.nonadmitted):
                assert 0 <= sum(stops.bands) <= stops.count
                unknown += stops.count - sum(stops.bands)
        assert unknown > 0

    def test_quantiles_are_those_of_the_bands(self, england):
        """Against the plain rule for one list: the same bands, the same percentiles."""
        for each in england.compare("C_110"):
            for spread in (each.waiting, each.admitted, each.nonadmitted):
                assert spread.is_small == (sum(spread.bands) < 20)
                for percent, quantile in (
                    (50, spread.median),
                    (80, spread.p80),
                    (92, spread.p92),
                    (95, spread.p95),
                ):
                    expected = percentile(spread.bands, percent)
                    wanted = Percentile(None) if spread.is_small else expected
                    assert (quantile.weeks, quantile.is_open) == (
                        pytest.approx(wanted.weeks),
                        wanted.is_open,
                    )


class TestBook:
    def test_a_book_that_was_replaced_leaves_the_memory(self, story_lake):
        book = WaitsBook(story_lake)
        book.compare(TOTAL)
        book.provider(LEEDS)
        book.history(LEEDS, TOTAL)
        book.missing(SEPTEMBER)
        gone = weakref.ref(book)
        del book
        gc.collect()
        assert gone() is None

    def test_an_empty_lake(self, tmp_path):
        with pytest.raises(NoDataError, match="no RTT month yet"):
            WaitsBook(Lake(tmp_path))

    def test_the_latest_month(self, book, story_lake):
        assert book.month == SEPTEMBER
        assert book.months == months_held(story_lake)

    def test_whether_it_is_made_up(self, book, england, tmp_path):
        assert england.synthetic is True
        assert book.synthetic is False

    def test_an_unlisted_icb_keeps_its_code_and_name(self, tmp_path, monkeypatch):
        monkeypatch.setitem(story.ICBS, "QZZ", "NHS SOMEWHERE NEW INTEGRATED CARE BOARD")
        lake = Lake(tmp_path)
        story.publish(lake, "2025-09", [Filed(LEEDS, "C_110", {3: 25}, icb="QZZ")])
        found = waits(WaitsBook(lake), LEEDS)
        assert (found.icb, found.icb_name) == ("QZZ", "NHS Somewhere New Integrated Care Board")

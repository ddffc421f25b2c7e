"""The tables behind ``clockstop waits``: every grouping, its codes and labels, the headline."""

import io
from itertools import pairwise

import polars as pl
import pytest
from tests.analytics import story
from tests.analytics.published.helpers import take
from tests.analytics.published.sheets import sheet
from tests.analytics.story import (
    EUXTON,
    FULWOOD,
    LANCASHIRE,
    LEEDS,
    NEW,
    SOUTH_YORKSHIRE,
    YORKSHIRE,
    Filed,
)

from clockstop.analytics.lists.headline import HEADLINE_KEYS
from clockstop.analytics.lists.tables import GROUPINGS, as_shown, headline, waits_table
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import NoDataError
from clockstop.core.codes import ENGLAND, icbs, regions, treatment_functions
from clockstop.core.types import Month, Sector

SEPTEMBER = Month(2025, 9)
PAIRS = [
    ("provider", "function"),
    ("icb", "sector"),
    ("commissioner_icb", "function"),
    ("region", "function"),
    ("provider", "commissioner_icb"),
    ("england", "sector"),
]
COUNTED = [
    key
    for key in HEADLINE_KEYS
    if key not in {"month", "unreported_removals"}
    and not key.startswith("pct_")
    and "median" not in key
    if not key.endswith(("p92_weeks", "p95_weeks"))
]
QUANTILES = [
    key for key in HEADLINE_KEYS if key.endswith(("median_weeks", "p92_weeks", "p95_weeks"))
]


def by_group(lake: Lake, *by: str, month: Month = SEPTEMBER, **options) -> dict:
    """The rows as shown, by their group's code or codes."""
    rows = as_shown(waits_table(lake, month, by, **options))
    return {row[by[0]] if len(by) == 1 else tuple(row[name] for name in by): row for row in rows}


@pytest.fixture(scope="module", params=[*((name,) for name in GROUPINGS), *PAIRS], ids=",".join)
def grouped(request, synthetic_lake):
    """A grouping and its table."""
    return request.param, waits_table(synthetic_lake, SEPTEMBER, request.param)


@pytest.fixture(scope="module")
def whole(synthetic_lake):
    return headline(synthetic_lake, SEPTEMBER)


class TestHeadline:
    def test_the_figures_of_the_story(self, story_lake):
        assert headline(story_lake, SEPTEMBER) == {
            "month": "2025-09",
            "incomplete_pathways": 179,
            "within_18_weeks": 99,
            "pct_within_18_weeks": 99 / 179,
            "over_18_weeks": 80,
            "over_52_weeks": 50,
            "over_65_weeks": 40,
            "over_78_weeks": 40,
            "over_104_weeks": 40,
            # 19 under 3 weeks, 60 in 3-4, the 89.5th among 20 in 7-8
            "median_weeks": 7 + (89.5 - 79) / 20,
            "p92_weeks": "104+",
            "admitted_stops": 30,
            "admitted_median_weeks": 10.5,
            "admitted_p95_weeks": pytest.approx(10.95),
            "nonadmitted_stops": 35,
            "nonadmitted_median_weeks": 17.5 / 24,
            "nonadmitted_p95_weeks": pytest.approx(1.925),
            "new_periods": 140,
            "incomplete_dta": 7,
            # 153 in August (two providers of which are silent now) + 140 - 65 - 179
            "unreported_removals": 49,
        }

    def test_the_keys_in_their_order(self, story_lake):
        assert tuple(headline(story_lake, SEPTEMBER)) == HEADLINE_KEYS

    @pytest.mark.parametrize(
        ("month", "is_known"), [("2024-08", False), ("2024-09", True), ("2025-02", False)]
    )
    def test_unreported_removals_need_the_month_before(self, story_lake, month, is_known):
        found = headline(story_lake, Month.parse(month))["unreported_removals"]
        assert (found is not None) == is_known

    def test_a_month_that_is_not_held(self, story_lake):
        with pytest.raises(
            NoDataError, match="no RTT return for 2025-01; it holds 2024-08 to 2025-09"
        ):
            headline(story_lake, Month(2025, 1))

    def test_an_empty_lake(self, tmp_path):
        with pytest.raises(NoDataError, match="it holds no RTT month yet"):
            headline(Lake(tmp_path), SEPTEMBER)

    def test_the_synthetic_england_grows_from_month_to_month(self, synthetic_lake):
        """Every month but the first closes its account with the month before."""
        months = [SEPTEMBER.plus(step) for step in range(-13, 1)]
        rows = [headline(synthetic_lake, month) for month in months]
        assert rows[0]["unreported_removals"] is None
        for before, row in pairwise(rows):
            stops = row["admitted_stops"] + row["nonadmitted_stops"]
            left = (
                before["incomplete_pathways"]
                + row["new_periods"]
                - stops
                - row["incomplete_pathways"]
            )
            assert row["unreported_removals"] == left


class TestGroups:
    def test_the_counts_of_the_groups_add_up_to_the_headline(self, grouped, whole):
        by, table = grouped
        assert len(COUNTED) == 11
        assert {key: table[key].sum() for key in COUNTED} == {key: whole[key] for key in COUNTED}
        assert table.select(*by).is_duplicated().sum() == 0

    def test_columns_and_order(self, grouped):
        by, table = grouped
        groups = [column for name in by for column in (name, f"{name}_name")]
        assert table.columns == [*groups, *HEADLINE_KEYS, *(f"{key}_open" for key in QUANTILES)]
        texts = table.select(pl.col(*by).cast(pl.String)).rows()
        codes = [tuple(code or "~" for code in row) for row in texts]
        assert codes == sorted(codes)
        assert set(table["month"]) == {"2025-09"}
        assert not any(table[f"{name}_name"].has_nulls() for name in by)

    def test_england(self, story_lake):
        assert by_group(story_lake, "england") == {
            ENGLAND: {
                "england": ENGLAND,
                "england_name": "England",
                **headline(story_lake, SEPTEMBER),
            }
        }

    def test_the_function_codes_are_as_filed_and_never_the_total(self, synthetic_lake):
        found = by_group(synthetic_lake, "function")
        assert set(found) == {function.code for function in treatment_functions()}
        assert found["C_110"]["function_name"].startswith("Trauma and orthopaedics")

    def test_regions_hold_their_icbs(self, synthetic_lake):
        found = by_group(synthetic_lake, "region", "icb")
        assert {(each.region.code, each.code) for each in icbs()} >= set(found)
        assert {row["region_name"] for row in found.values()} == {each.name for each in regions()}

    def test_an_icb_of_no_known_region_is_said_to_be_so(self, tmp_path, monkeypatch):
        monkeypatch.setitem(story.ICBS, "QZZ", "NHS SOMEWHERE NEW INTEGRATED CARE BOARD")
        lake = Lake(tmp_path)
        story.publish(lake, "2025-09", [Filed(LEEDS, "C_110", {3: 25}, icb="QZZ")])
        (row,) = as_shown(waits_table(lake, SEPTEMBER, ("region", "icb")))
        assert (row["region"], row["region_name"]) == (None, "Region not known")
        assert row["icb_name"] == "NHS Somewhere New Integrated Care Board"

    def test_icb_is_the_providers_parent_and_commissioner_icb_the_commissioners(self, story_lake):
        sizes = {
            code: row["incomplete_pathways"] for code, row in by_group(story_lake, "icb").items()
        }
        assert sizes == {YORKSHIRE: 139, LANCASHIRE: 40}
        bought = by_group(story_lake, "commissioner_icb")
        assert {code: row["incomplete_pathways"] for code, row in bought.items()} == {
            YORKSHIRE: 129,
            LANCASHIRE: 40,
            None: 10,
        }
        assert bought[None]["commissioner_icb_name"] == "Commissioned nationally or by a hub"
        assert (
            bought[YORKSHIRE]["commissioner_icb_name"] == "NHS West Yorkshire Integrated Care Board"
        )

    def test_providers_under_their_names(self, story_lake):
        found = by_group(story_lake, "provider")
        assert {code: row["provider_name"] for code, row in found.items()} == {
            LEEDS: "Leeds Teaching Hospitals NHS Trust",
            FULWOOD: "Fulwood Hall Hospital",
            NEW: "A New Clinic",
        }

    def test_a_provider_that_sent_nothing_has_no_row(self, story_lake):
        """Though its list of the month before is at hand for the removals."""
        assert EUXTON in by_group(story_lake, "provider", month=Month(2025, 8))
        assert EUXTON not in by_group(story_lake, "provider")

    def test_sectors(self, story_lake):
        found = by_group(story_lake, "sector")
        assert {
            code: (row["sector_name"], row["incomplete_pathways"]) for code, row in found.items()
        } == {
            "nhs_trust": ("NHS trust", 119),
            "independent": ("Independent", 40),
            "unknown": ("Not known", 20),
        }

    def test_a_supplied_sector_wins(self, tmp_path):
        lake = story.story(tmp_path)
        rows = [
            f"{NEW},,community_or_gp,,Companies House,A CIC",
            f"{FULWOOD},,unknown,,Nobody,Disputed",
        ]
        header = "provider,name,sector,operator,source,reason"
        take(lake, sheet("sectors.csv", header, rows).save(tmp_path))
        sizes = {code: row["incomplete_pathways"] for code, row in by_group(lake, "sector").items()}
        assert sizes == {"nhs_trust": 119, "community_or_gp": 20, "unknown": 40}


class TestFilters:
    def test_icb(self, story_lake):
        assert set(by_group(story_lake, "provider", icb=YORKSHIRE)) == {LEEDS, NEW}
        assert set(by_group(story_lake, "function", icb=LANCASHIRE)) == {"C_110"}

    def test_icb_means_the_providers_even_beside_the_commissioners(self, story_lake):
        assert set(by_group(story_lake, "commissioner_icb", icb=YORKSHIRE)) == {YORKSHIRE, None}

    def test_sector(self, story_lake):
        found = by_group(story_lake, "provider", sector="independent")
        assert {code: row["incomplete_pathways"] for code, row in found.items()} == {FULWOOD: 40}

    @pytest.mark.parametrize("sector", sorted(Sector))
    def test_each_sector_is_its_row(self, synthetic_lake, sector):
        whole = by_group(synthetic_lake, "sector").get(str(sector), {})
        filtered = by_group(synthetic_lake, "england", sector=sector).get(ENGLAND, {})
        assert {key: filtered.get(key) for key in HEADLINE_KEYS} == {
            key: whole.get(key) for key in HEADLINE_KEYS
        }

    def test_both(self, story_lake):
        found = by_group(story_lake, "england", icb=YORKSHIRE, sector="nhs_trust")
        assert found[ENGLAND]["incomplete_pathways"] == 119

    def test_a_filter_that_nothing_passes_leaves_an_empty_table(self, story_lake):
        table = waits_table(story_lake, SEPTEMBER, ("provider",), icb=SOUTH_YORKSHIRE)
        assert table.height == 0
        assert table.columns[:3] == ["provider", "provider_name", "month"]

    @pytest.mark.parametrize(
        ("by", "options", "words"),
        [
            (
                ("provder",),
                {},
                "no grouping provder; there are england, region, icb, commissioner_icb, provider",
            ),
            (("provider", "x", "y"), {}, "no grouping x, y; there are"),
            ((), {}, "no grouping ; there are"),
            (("provider", "provider"), {}, "a grouping is named twice"),
            (
                ("provider",),
                {"sector": "private"},
                "no sector 'private'; there are nhs_trust, independent",
            ),
            (("provider",), {"icb": "QXX"}, "no ICB 'QXX' in the lake; there are QE1, QF7, QWO"),
        ],
    )
    def test_what_there_is_not(self, story_lake, by, options, words):
        with pytest.raises(ValueError, match=words):
            waits_table(story_lake, SEPTEMBER, by, **options)

    def test_a_month_that_is_not_held(self, story_lake):
        with pytest.raises(NoDataError, match="2031-01"):
            waits_table(story_lake, Month(2031, 1), ("provider",))


class TestQuantiles:
    def test_none_below_twenty_pathways_unless_asked(self, story_lake):
        cell = by_group(story_lake, "provider", "function")[LEEDS, "C_130"]
        assert (cell["incomplete_pathways"], cell["median_weeks"], cell["p92_weeks"]) == (
            19,
            None,
            None,
        )
        cell = by_group(story_lake, "provider", "function", min_count=19)[LEEDS, "C_130"]
        assert (cell["median_weeks"], cell["p92_weeks"]) == (2.5, pytest.approx(2.92))

    def test_exactly_twenty_are_enough(self, story_lake):
        assert by_group(story_lake, "provider")[NEW]["median_weeks"] == 7.5
        assert by_group(story_lake, "provider", min_count=21)[NEW]["median_weeks"] is None

    def test_unknown_clock_starts_do_not_count_towards_the_twenty(self, tmp_path):
        lake = Lake(tmp_path)
        stops = Filed(LEEDS, "C_110", {4: 19, None: 6}, story.Part.ADMITTED)
        story.publish(lake, "2025-09", [stops])
        row = by_group(lake, "provider")[LEEDS]
        assert (row["admitted_stops"], row["admitted_median_weeks"]) == (25, None)

    def test_the_open_band_is_null_with_a_flag_and_shown_in_words(self, story_lake):
        table = waits_table(story_lake, SEPTEMBER, ("provider",)).filter(
            pl.col("provider") == FULWOOD
        )
        assert table.select("median_weeks", "median_weeks_open").row(0) == (None, True)
        assert (
            table.select("nonadmitted_p95_weeks", "nonadmitted_p95_weeks_open").row(0)[1] is False
        )
        (row,) = as_shown(table)
        assert row["median_weeks"] == row["p92_weeks"] == "104+"
        assert not any(key.endswith("_open") for key in row)

    def test_too_few_is_not_open(self, story_lake):
        table = waits_table(story_lake, SEPTEMBER, ("provider",), min_count=41)
        row = table.filter(pl.col("provider") == FULWOOD).row(0, named=True)
        assert (row["median_weeks"], row["median_weeks_open"]) == (None, False)

    def test_parquet_gives_the_same_back(self, story_lake):
        table = waits_table(story_lake, SEPTEMBER, ("provider", "function"))
        file = io.BytesIO()
        table.write_parquet(file)
        file.seek(0)
        assert list(as_shown(pl.read_parquet(file))) == list(as_shown(table))

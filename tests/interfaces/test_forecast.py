"""``clockstop forecast``: what is to come, as files, and what cannot be told."""

import io
import json

import polars as pl
import pytest
from tests.analytics.few import ICBS

from clockstop.analytics.forecast.book import ForecastBook, NotWorkedOutError
from clockstop.analytics.forecast.quantiles import MEASURES
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import months_held
from clockstop.core.codes import ALL_FUNCTIONS, ENGLAND

QUICK = ("--replicates", "32")
SCENARIO = {
    "title": "Twice the clock stops",
    "horizon_months": 6,
    "capacity": [{"percent_by_month": {}}],
    "seed": 3,
    "replicates": 32,
}


@pytest.fixture
def lake(home, few_lake) -> Lake:
    """A part of the made-up England in a home of the test's own."""
    home.mkdir()
    (home / "lake").symlink_to(few_lake.folder)
    return Lake(home)


@pytest.fixture
def forecast(lake, clockstop):
    """The command on the made-up England, without ``forecast``."""
    return lambda *arguments: clockstop("forecast", *arguments)


@pytest.fixture
def months(few_lake):
    return months_held(few_lake)


def rows(result) -> pl.DataFrame:
    return pl.read_csv(io.StringIO(result.stdout))


def test_england_as_csv(forecast, months):
    origin = months[-4]
    result = forecast("run", "--origin", origin, "--months", "3", *QUICK)
    table = rows(result)
    assert result.exit_code == 0
    assert table["month"].to_list() == [str(origin.plus(ahead)) for ahead in (1, 2, 3)]
    for measure in MEASURES:
        told = table.select(pl.col(f"^{measure}_p.*$"))
        assert [name.removeprefix(f"{measure}_") for name in told.columns] == [
            *("p2_5", "p10", "p25", "p50", "p75", "p90", "p97_5"),
        ]
        assert (told.to_numpy()[:, :-1] <= told.to_numpy()[:, 1:]).all()
    assert table["pct_within_18_weeks_p50"].is_between(0, 1).all()


def test_lists_and_areas_add_up_to_england(forecast, months):
    told = {
        by: rows(forecast("run", "--origin", months[-1], "--months", "2", "--by", by, *QUICK))
        for by in ("england", "icb", "provider,function", "sector")
    }
    sums = {
        by: table.group_by("month").agg(pl.col("incomplete_pathways_p50").sum()).sort("month")
        for by, table in told.items()
    }
    england = sums["england"]["incomplete_pathways_p50"].to_list()
    for by, table in sums.items():
        assert table["incomplete_pathways_p50"].to_list() == pytest.approx(england), by
    assert told["icb"].columns[:2] == ["month", "icb"]
    assert told["provider,function"].columns[:3] == ["month", "provider", "function"]


def test_the_same_seed_gives_the_same_bytes(forecast, months, tmp_path):
    for name in ("a", "b"):
        asked = ("--origin", months[-1], "--months", "2", "--by", "icb", "--parquet")
        forecast("run", *asked, *QUICK, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_json_holds_the_notes_beside_the_rows(forecast, months):
    found = json.loads(
        forecast("run", "--origin", months[4], "--months", "1", "--json", *QUICK).stdout
    )
    assert list(found) == ["origin", "by", "chosen", "notes", "rows"]
    assert 0 <= found["chosen"]["england"] <= 1
    assert 0.5 <= found["chosen"]["elasticity"] <= 1
    assert found["notes"][0] == "Only 5 months are known: trends and intervals rest on little."
    assert found["rows"][0]["month"] == str(months[5])


def test_who_sends_no_more_is_listed_for_a_person_to_judge(forecast, months):
    found = json.loads(forecast("vanished", "--json").stdout)
    assert found["until"] == str(months[-1])
    for row in found["rows"]:
        assert row["last_sent"] < str(months[-1])
    header = forecast("vanished", "--csv").stdout.splitlines()[0]
    assert header.startswith("provider,icb,last_sent,waiting,other,month,rose_by")


def test_too_few_months_are_refused(forecast, months):
    result = forecast("run", "--origin", months[2], *QUICK)
    assert result.exit_code == 2
    needed = f"a forecast from {months[2]} needs 4 consecutive months up to it; there are 3"
    assert needed in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--origin", "2025-13"), "'2025-13' is not a month; write it as 2025-09"),
        (("--origin", "1999-01"), "the lake has no RTT return for 1999-01"),
        (("--origin", "1999-01", "--by", "trust"), "no grouping 'trust'; there are england"),
        (("--origin", "1999-01", "--json", "--csv"), "choose one of --json, --csv and --parquet"),
    ],
)
def test_what_cannot_be_is_refused(forecast, arguments, said):
    result = forecast("run", *arguments)
    assert result.exit_code in (1, 2)
    assert said in result.stderr


def test_a_scenario_stands_beside_what_is_to_come(forecast, months, tmp_path):
    ahead = [str(months[-1].plus(month)) for month in range(1, 7)]
    changed = {
        **SCENARIO,
        "base_month": str(months[-1]),
        "capacity": [{"percent_by_month": dict.fromkeys(ahead, 20)}],
    }
    file = tmp_path / "scenario.json"
    file.write_text(json.dumps(changed))
    table = rows(forecast("scenario", file))
    now, then = (table.filter(run=run)["incomplete_pathways_p50"] for run in ("as_now", "scenario"))
    assert (then < now).all()
    assert (now - then).is_sorted()
    plain = rows(
        forecast(
            *("run", "--origin", months[-1], "--months", "6", "--replicates", "32", "--seed", "3")
        )
    )
    assert table.filter(run="as_now").drop("run").equals(plain)


def test_a_scenario_with_faults_is_refused_with_all_of_them(forecast, months, tmp_path):
    file = tmp_path / "scenario.json"
    file.write_text(json.dumps({**SCENARIO, "base_month": "soon", "horizon_months": 0}))
    result = forecast("scenario", file)
    assert result.exit_code == 2
    assert "base_month" in result.stderr
    assert "horizon_months" in result.stderr


def test_every_target_has_its_odds_and_what_it_needs(forecast, months):
    table = rows(forecast("targets", "--origin", months[-1], "--months", "6", "--by", "icb"))
    assert {"rtt-18w", "rtt-18w-29"} <= set(table["id"])
    standard = table.filter(id="rtt-18w")
    assert standard["probability"].is_between(0, 1).all()
    assert (standard["clock_stops_sure"] >= standard["clock_stops_even"]).all()
    later = table.filter(id="rtt-18w-29")
    assert later["reason"].str.starts_with("the forecast ends in").all()


def test_the_book_of_the_pages(forecast, months, lake):
    with pytest.raises(NotWorkedOutError):
        ForecastBook(lake)
    assert forecast("build", *QUICK).exit_code == 0
    book = ForecastBook(lake)
    said = book.all_said("england", ENGLAND)
    assert (book.origin, said[0]) == (months[-1], book.forecast("england", ENGLAND))
    assert [each.origin for each in said] == [months[-1].plus(-back) for back in (0, 3, 6)]
    assert said[0].rows[0]["month"] == str(months[-1].plus(1))
    assert book.forecast("provider", "XXX") is None
    code = ICBS[0]
    of_functions = [
        row["incomplete_pathways_p50"]
        for row in book.functions("icb", code, months[-1].plus(6))
        if row["function"] != ALL_FUNCTIONS.code
    ]
    whole = book.forecast("icb", code).rows[5]["incomplete_pathways_p50"]
    assert sum(of_functions) == pytest.approx(whole, rel=1e-4)

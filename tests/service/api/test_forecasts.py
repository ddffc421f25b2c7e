"""What is to come, and every reason why it cannot be told."""

import pytest
from tests.analytics.forecast.waits_ahead import table_of
from tests.analytics.story import EUXTON, FULWOOD, LEEDS, OLD, YORKSHIRE
from tests.service.api.conftest import FACTS
from tests.service.dashboards import told

from clockstop.analytics.forecast.book import book_file
from clockstop.analytics.forecast.expected.waits import expected_file, keep
from clockstop.analytics.forecast.quantiles import MEASURES, QUANTILES, name
from clockstop.analytics.published.lake import Lake
from clockstop.core.codes import ENGLAND
from clockstop.service.dashboards import book as shelf
from clockstop.service.dashboards.topics import forecast as pages

ICB = f"/forecasts/icb/{YORKSHIRE}"
WAIT = f"/expected-waits/{LEEDS}/C_110"


def test_a_forecast_gives_every_quantile_of_every_figure_of_every_month(get):
    answer = get(ICB)
    assert (answer["origin"], answer["function"], answer["reason"]) == ("2025-09", "C_999", None)
    months = [each["month"] for each in answer["months"]]
    assert months == [str(told.ORIGIN.plus(ahead)) for ahead in range(1, told.AHEAD + 1)]
    for ahead, month in enumerate(answer["months"], 1):
        assert [each["measure"] for each in month["figures"]] == list(MEASURES)
        for figure in month["figures"]:
            apart = told.APART.get(figure["measure"], 1)
            middle = told.MIDDLES[figure["measure"]]
            said = [max(0, middle + step * ahead * apart) for step in told.STEPS]
            assert [figure[name(each)] for each in QUANTILES] == pytest.approx(said)


def test_targets_come_with_their_chance_and_what_they_take(get):
    first, share = get(ICB)["targets"]
    assert (first["target"], first["probability"], first["verdict"]) == ("rtt-65b", 0.3, "unlikely")
    assert (first["clock_stops_now"], first["clock_stops_sure"]) == (100, 1134)
    assert (share["due"], share["month"]) == ("2029-03-31", "2029-03")
    silent = get(ICB, function="X02")["targets"][0]
    assert (silent["probability"], silent["reason"]) == (None, "nobody is expected to wait")


def test_a_function_has_a_forecast_of_its_own(get):
    assert [each["gap"] for each in get(ICB, function="C_110")["targets"]] == [0.7, 0.123]


def test_notes_are_those_of_its_providers(get):
    of_all = {"provider": None, "text": "Only 2 months are known."}
    of_leeds = {"provider": LEEDS, "text": "Its past is short."}
    assert get(ICB)["notes"] == [of_all, of_leeds]
    everywhere = [each["provider"] for each in get(f"/forecasts/england/{ENGLAND}")["notes"]]
    assert everywhere == [None, LEEDS, EUXTON]


def test_a_sector_has_a_forecast_without_targets(get):
    answer = get("/forecasts/sector/independent")
    assert answer["name"] == "Independent"
    assert len(answer["months"]) == told.AHEAD
    assert answer["targets"] == []
    none = get("/forecasts/sector/independent", function="C_130")
    assert (none["months"], none["reason"]) == ([], "Nobody is on such a list of this sector.")
    assert "independent" in get("/forecasts/sector/charity", 404)["detail"]


def test_a_list_that_is_no_longer_sent_has_its_reason(get):
    answer = get(f"/forecasts/provider/{EUXTON}")
    assert answer["months"] == answer["targets"] == []
    assert "what is on it now is not known" in answer["reason"]
    assert get(f"/forecasts/provider/{EUXTON}")["notes"][1]["text"] == "Left out."


def test_a_list_of_nobody_has_its_reason(get):
    answer = get(f"/forecasts/provider/{FULWOOD}", function="C_502")
    assert answer["reason"].startswith(("Nobody was on this list", "No provider here files"))


def test_lists_that_another_took_over_are_said_to_be_there(get, figures, monkeypatch):
    (merger, *_) = pages.known_mergers()
    taken = type(merger)(OLD, LEEDS, merger.on, "made up")
    monkeypatch.setattr(pages, "known_mergers", lambda: (taken,))
    reason = get(f"/forecasts/provider/{OLD}")["reason"]
    assert reason == "Its lists are part of those of Leeds Teaching Hospitals NHS Trust now."


def test_before_forecasts_are_worked_out_it_says_what_they_need(get, tmp_path, figures):
    book_file(Lake(tmp_path)).unlink()
    shelf._forecasts.cache_clear()
    detail = get(ICB, 503)["detail"]
    held = len(figures.months)
    assert f"need 4 consecutive months of returns, waits ahead one more; {held} are held" in detail
    expected_file(Lake(tmp_path)).unlink()
    assert "clockstop forecast build" in get(WAIT, 503)["detail"]


@pytest.mark.parametrize(
    ("path", "query", "parameter"),
    [
        (ICB, {"function": "C_000"}, "function"),
        ("/forecasts/county/X", {}, "kind"),
        (WAIT, {"waited": -1}, "waited"),
        (WAIT, {"waited": "long"}, "waited"),
        (f"/expected-waits/{LEEDS}/C_999", {}, "function"),
    ],
)
def test_what_is_wrong_is_said(get, path, query, parameter):
    assert [each["parameter"] for each in get(path, 400, **query)["wrong"]] == [parameter]


@pytest.mark.parametrize("path", ["/forecasts/icb/ZZZ", "/expected-waits/ZZZ/C_110"])
def test_who_has_no_figures_is_not_found(get, path):
    assert get(path, 404)["status"] == 404


# Waits ahead.


def test_the_wait_ahead_is_told_by_how_it_ends(get):
    answer = get(WAIT, waited=20)
    assert (answer["waiting"], answer["waited"], answer["origin"]) == (100, 20, "2025-09")
    weeks = {"p50": 10.0, "p80": 10.0, "p92": 20.2}
    assert answer["within"] == dict.fromkeys(("all", "admitted", "nonadmitted"), weeks)
    assert (answer["reasons"], answer["range_weeks"]) == ({}, None)
    assert (answer["ends_without_treatment"], answer["borrowed"]) == (0.1, 0.25)
    assert answer["accuracy"][0]["said"] == 2.45


def test_where_past_estimates_were_far_out_it_says_so(get):
    answer = get(WAIT, waited=70)
    assert answer["within"] == {}
    assert "Past estimates" in answer["reasons"]["all"]


def test_where_few_wait_there_is_a_range(get, tmp_path):
    keep(expected_file(Lake(tmp_path)), table_of(provider=LEEDS, waiting=5), FACTS)
    answer = get(WAIT)
    assert answer["range_weeks"] == {"at_least": 0, "at_most": 21}
    assert answer["reasons"]["all"].startswith("Fewer than")


def test_a_list_that_nobody_is_on_has_its_reason(get):
    answer = get(f"/expected-waits/{EUXTON}/C_110")
    assert (answer["waiting"], answer["within"]) == (0, {})
    assert answer["reasons"]["all"]

"""Where an area stands: the targets of its kind, and the list split by how long people waited."""

import pytest

from clockstop.analytics.monitoring.areas import AreaKind, Basis
from clockstop.analytics.monitoring.book import MonitoringBook
from clockstop.analytics.monitoring.standing import judged, long_waits
from clockstop.core.codes import ENGLAND
from clockstop.core.rulebook.targets import Verdict, targets_on
from clockstop.core.types import Month


@pytest.fixture(scope="module")
def book(synthetic_lake) -> MonitoringBook:
    return MonitoringBook(synthetic_lake)


def by_id(book, kind, code, basis=Basis.PROVIDER):
    found = judged(book, book.area(AreaKind(kind), code), basis)
    return {judgement.target.id: judgement for judgement in found}


def test_england_is_judged_by_its_targets_and_no_others(book):
    found = by_id(book, "england", ENGLAND)
    row = book.series(book.area(AreaKind.ENGLAND, ENGLAND))[book.month]
    assert {"rtt-18w", "rtt-65b", "rtt-52b", "rtt-18w-26"} <= found.keys()
    assert "rtt-52" not in found  # replaced in January 2025
    assert "rtt-18w-26-step" not in found  # for providers
    assert "dm01-99" not in found  # not of the RTT return
    assert found["rtt-18w"].value == row["pct_within_18_weeks"]
    assert found["rtt-18w"].gap == pytest.approx(0.92 - row["pct_within_18_weeks"])
    assert found["rtt-65b"].value == row["over_65_weeks"]
    for judgement in found.values():
        assert judgement.verdict is (Verdict.MET if judgement.gap <= 0 else Verdict.NOT_MET)


def test_a_step_is_measured_from_its_baseline(book):
    for area in [each for each in book.areas.values() if each.kind is AreaKind.PROVIDER][:40]:
        series = book.series(area)
        step = by_id(book, "provider", area.code)["rtt-18w-26-step"]
        baseline, now = series[Month(2024, 11)], series[book.month]
        if baseline is None or now is None:
            assert step.verdict is Verdict.NOT_KNOWN
        else:
            rise = now["pct_within_18_weeks"] - baseline["pct_within_18_weeks"]
            assert step.gap == pytest.approx(0.05 - rise)


def test_an_area_that_sent_nothing_is_not_said_to_miss(story_lake):
    book = MonitoringBook(story_lake)
    found = by_id(book, "provider", "NVC05")
    assert found.keys() <= {target.id for target in targets_on(book.month.census, "provider")}
    assert {judgement.verdict for judgement in found.values()} == {Verdict.NOT_KNOWN}


@pytest.mark.parametrize("kind", AreaKind)
def test_long_waits_add_up_to_the_list(book, kind):
    for area in [each for each in book.areas.values() if each.kind is kind][:20]:
        series = book.series(area)
        row, before = series[book.month], series[book.month.plus(-12)]
        if row is None or before is None:
            continue
        words, people, shares, year_ago = zip(*long_waits(row, before), strict=True)
        assert words[0] == "Up to 18 weeks"
        assert words[-1] == "Over 104 weeks"
        assert sum(people) == row["incomplete_pathways"]
        assert sum(year_ago) == before["incomplete_pathways"]
        assert min(*people, *year_ago) >= 0
        assert sum(shares) == pytest.approx(1)
        assert people[-1] == row["over_104_weeks"]
        assert sum(people[2:]) == row["over_52_weeks"]


def test_long_waits_of_a_month_without_a_return():
    row = {"incomplete_pathways": 10, "within_18_weeks": 4, "over_18_weeks": 6}
    row |= {"over_52_weeks": 3, "over_65_weeks": None, "over_78_weeks": None}
    row |= {"over_104_weeks": None}
    found = long_waits(row, None)
    assert [people for _, people, *_ in found] == [4, 3, None, None, None, None]
    assert [share for _, _, share, _ in found] == [0.4, 0.3, None, None, None, None]
    assert {before for *_, before in found} == {None}
    assert {people for _, people, *_ in long_waits(None, row)} == {None}

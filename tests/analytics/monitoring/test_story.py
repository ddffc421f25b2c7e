"""Three sentences on an area, each by its rule."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from clockstop.analytics.monitoring.areas import Area, AreaKind, Basis
from clockstop.analytics.monitoring.story import sentences
from clockstop.core.codes import ENGLAND
from clockstop.core.types import Month

SEPTEMBER = Month(2025, 9)
WHOLE = Area(AreaKind.ENGLAND, ENGLAND, "England")
REGION = Area(AreaKind.REGION, "Y63", "North East and Yorkshire", ENGLAND)
BOARD = Area(AreaKind.ICB, "QWO", "West Yorkshire", "Y63")
TRUST = Area(AreaKind.PROVIDER, "RR8", "Leeds Teaching Hospitals NHS Trust", "QWO")


def figures(**changes: Any) -> dict[str, Any]:
    """A list of 10,000, six in ten within 18 weeks, 200 over a year, 20 of them over 65 weeks."""
    usual = {
        "incomplete_pathways": 10_000,
        "pct_within_18_weeks": 0.6,
        "over_52_weeks": 200,
        "pct_over_52_weeks": 0.02,
        "over_65_weeks": 20,
        "over_78_weeks": 0,
        "over_104_weeks": 0,
    }
    return usual | changes


@dataclass
class Told:
    """A book of one area and England."""

    now: dict[str, Any] | None = field(default_factory=figures)
    before: dict[str, Any] | None = None
    england: dict[str, Any] = field(default_factory=figures)
    month: Month = SEPTEMBER
    areas: dict = field(default_factory=lambda: {0: WHOLE, 1: TRUST})

    silent: int = 0

    def lost(self, _area: Area, since: Month) -> int:
        assert since == self.month.plus(-12)
        return self.silent

    def series(self, area: Area, basis: Basis = Basis.PROVIDER) -> dict:
        if area == WHOLE and self.areas[1] != WHOLE:
            return {self.month: self.england}
        months = {self.month: self.now}
        return months | ({self.month.plus(-12): self.before} if self.before else {})


def story(area: Area = TRUST, basis: Basis = Basis.PROVIDER, **told: Any) -> tuple[str, ...]:
    return sentences(Told(**told, areas={0: WHOLE, 1: area}), area, basis)


def test_the_sentences_of_a_provider():
    assert story(before=figures(incomplete_pathways=8_000)) == (
        (
            "On 30 September 2025 Leeds Teaching Hospitals NHS Trust had 10,000 waits for treatment, "
            "2,000 (25.0%) more than a year before."
        ),
        (
            "60.0% had waited at most 18 weeks, which is short of the standard of 92% and about the "
            "same as England."
        ),
        "20 had waited over 65 weeks; 200, 2.0% of the list, over a year.",
    )


@pytest.mark.parametrize(
    ("area", "basis", "whose"),
    [
        (WHOLE, Basis.PROVIDER, "England had"),
        (TRUST, Basis.COMMISSIONER, "Leeds Teaching Hospitals NHS Trust had"),
        (BOARD, Basis.COMMISSIONER, "the people of West Yorkshire had"),
        (BOARD, Basis.PROVIDER, "the providers of West Yorkshire had"),
        (REGION, Basis.COMMISSIONER, "the people of North East and Yorkshire had"),
    ],
)
def test_whose_waits_they_are(area, basis, whose):
    assert f"On 30 September 2025 {whose} 10,000 waits for treatment" in story(area, basis)[0]


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (10_000, "hardly changed from a year before."),
        (10_050, "hardly changed from a year before."),
        (9_951, "hardly changed from a year before."),
        (9_950, "50 (0.5%) more than a year before."),
        (12_500, "2,500 (20.0%) fewer than a year before."),
        (0, "there is no figure of a year before to set beside it."),
        (None, "there is no figure of a year before to set beside it."),
    ],
)
def test_how_the_list_has_moved(before, words):
    row = None if before is None else figures(incomplete_pathways=before)
    assert story(before=row)[0].endswith(words)


@pytest.mark.parametrize(
    ("share", "england", "words"),
    [
        (
            0.919,
            0.6,
            (
                "91.9% had waited at most 18 weeks, which is short of the standard of 92%, "
                "and 31.9 points better than England."
            ),
        ),
        (
            0.92,
            0.92,
            (
                "92.0% had waited at most 18 weeks, which meets the standard of 92% and "
                "about the same as England."
            ),
        ),
        (0.6, 0.604, "and about the same as England."),
        (0.6, 0.606, ", and 0.6 points worse than England."),
    ],
)
def test_how_it_stands_against_the_standard_and_england(share, england, words):
    told = story(
        now=figures(pct_within_18_weeks=share), england=figures(pct_within_18_weeks=england)
    )
    assert told[1].endswith(words)


def test_england_is_not_held_against_itself():
    (_, standard, _) = story(WHOLE)
    assert standard.endswith("which is short of the standard of 92%.")


@pytest.mark.parametrize(
    ("over", "words"),
    [
        (
            {104: 3, 78: 9, 65: 20, 52: 200},
            ("3 had waited over 104 weeks; 200, 2.0% of the list, over a year."),
        ),
        (
            {78: 9, 65: 20, 52: 200},
            ("9 had waited over 78 weeks; 200, 2.0% of the list, over a year."),
        ),
        ({65: 20, 52: 200}, "20 had waited over 65 weeks; 200, 2.0% of the list, over a year."),
        ({52: 1_200}, "1,200 had waited over 52 weeks, 12.0% of the list."),
        ({52: 4}, "4 had waited over 52 weeks, less than 0.1% of the list."),
        ({}, "Nobody had waited over a year."),
    ],
)
def test_the_longest_waits(over, words):
    counts = {f"over_{weeks}_weeks": over.get(weeks, 0) for weeks in (52, 65, 78, 104)}
    now = figures(**counts, pct_over_52_weeks=over.get(52, 0) / 10_000)
    assert story(now=now)[2] == words


@pytest.mark.parametrize("now", [None, figures(incomplete_pathways=0, pct_within_18_weeks=None)])
def test_an_area_that_sent_nothing(now):
    assert story(now=now) == (
        (
            "Leeds Teaching Hospitals NHS Trust sent no figures for September 2025: what its waits "
            "are now is not known."
        ),
    )


def test_a_list_that_lost_its_submitters_has_not_fallen():
    first, *_ = story(
        BOARD, Basis.COMMISSIONER, before=figures(incomplete_pathways=20_000), silent=9_000
    )
    assert "10,000 waits" in first
    assert "9,000 when last counted" in first
    assert "cannot be set beside a year before" in first
    assert "fewer" not in first


def test_a_few_missing_do_not_bar_the_comparison():
    first, *_ = story(BOARD, before=figures(incomplete_pathways=20_000), silent=99)
    assert "10,000 (50.0%) fewer" in first

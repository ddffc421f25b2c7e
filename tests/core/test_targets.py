"""National targets: the list holds together, and a figure is judged by it."""

from datetime import date

import pytest

from clockstop.core.rulebook.targets import Verdict, judge, targets, targets_on

KINDS = {"england", "region", "icb", "provider"}
UNITS = {"fraction", "pathways", "ratio", "per_100"}


def test_every_target_has_a_source_and_what_it_names_is_there():
    for target in targets().values():
        assert target.source, target.id
        assert target.applies_to <= KINDS, target.id
        assert target.unit in UNITS, target.id
        assert target.supersedes is None or target.supersedes in targets(), target.id
        for other in target.conflicts_with:
            assert target.id in targets()[other].conflicts_with, (
                "a conflict is seen from both sides"
            )


def test_a_replaced_target_ends_where_its_successor_begins():
    for target in targets().values():
        if target.supersedes:
            assert targets()[target.supersedes].retired_on == target.set_on, target.id


@pytest.mark.parametrize(
    ("day", "in_force", "not_in_force"),
    [
        (date(2024, 3, 26), "rtt-65a", "rtt-65b"),
        (date(2024, 3, 27), "rtt-65b", "rtt-65a"),
        (date(2025, 1, 30), "rtt-52b", "rtt-52"),
        (date(2023, 10, 1), "cwt-62", "cwt-2ww"),
    ],
)
def test_which_target_is_in_force(day, in_force, not_in_force):
    ids = {target.id for target in targets_on(day)}
    assert in_force in ids
    assert not_in_force not in ids


def test_the_march_2026_target_of_trusts_is_a_rise_that_england_does_not_have():
    day = date(2025, 9, 30)
    assert "rtt-18w-26-step" in {each.id for each in targets_on(day, "provider")}
    assert "rtt-18w-26-step" not in {each.id for each in targets_on(day, "england")}


@pytest.mark.parametrize(
    ("target", "value", "baseline", "verdict", "gap"),
    [
        ("rtt-18w", 0.92, None, Verdict.MET, 0.0),
        ("rtt-18w", 0.919, None, Verdict.NOT_MET, 0.001),
        ("rtt-104", 0, None, Verdict.MET, 0),
        ("rtt-104", 1, None, Verdict.NOT_MET, 1),
        ("rtt-52b", 0.01, None, Verdict.NOT_MET, 0.0),
        ("rtt-52b", 0.0099, None, Verdict.MET, -0.0001),
        ("rtt-18w-26-step", 0.65, 0.60, Verdict.MET, 0.0),
        ("rtt-18w-26-step", 0.62, 0.60, Verdict.NOT_MET, 0.03),
        ("rtt-18w-26-step", 0.62, None, Verdict.NOT_KNOWN, None),
        ("rtt-18w", None, None, Verdict.NOT_KNOWN, None),
    ],
)
def test_judging(target, value, baseline, verdict, gap):
    judgement = judge(targets()[target], value, baseline)
    assert judgement.verdict is verdict
    assert judgement.gap == (gap if gap is None else pytest.approx(gap))


def test_two_sources_of_one_promise_are_both_kept():
    assert targets()["rtt-18w-29"].conflicts_with == ("rtt-18w-29-july",)
    assert targets()["rtt-18w-29"].due != targets()["rtt-18w-29-july"].due

"""Each check of Annex B finds what it should and nothing else; all of them, as a slow loop does."""

import random
from collections import Counter

import pytest
from tests.analytics.returns.filed import BEFORE, CODES, NOW, PARTS, Row, figures, slowly

from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import NoDataError
from clockstop.analytics.returns.annex_b import annex_b
from clockstop.analytics.returns.annex_b_checks import CHECKS
from clockstop.analytics.returns.annex_b_rules import Limits, checks, thresholds
from clockstop.analytics.returns.figures import figures_in
from clockstop.analytics.returns.files import known_commissioners
from clockstop.core.types import Month

# A return in which nothing is odd, and the month before it.
SOUND = [
    Row("Part_1A", {0: 10, 5: 200, None: 3}),
    Row("Part_1B", {0: 60, 5: 300, None: 5}),
    Row("Part_2", {1: 400, 10: 900, 60: 100}),
    Row("Part_2A", {10: 300}),
    Row("Part_3", {None: 500}),
]
EARLIER = [
    Row("Part_1A", {5: 200}),
    Row("Part_1B", {5: 350}),
    Row("Part_2", {1: 380, 10: 900, 60: 95}),
    Row("Part_2A", {10: 310}),
    Row("Part_3", {None: 480}),
]


def with_part(part, bands, rows=tuple(SOUND), **other):
    return [*(row for row in rows if row.part != part), Row(part, bands, **other)]


# For each check: this month and the last that it finds, with the part; then some that it does not.
SAMPLES = {
    "negative_or_decimal": (
        [
            (with_part("Part_2A", {10: 301, 11: -1}), EARLIER, "Part_2A"),
            (with_part("Part_2A", {10: 300.5}), EARLIER, "Part_2A"),
            (with_part("Part_2A", {10: 300}, stated=-300), EARLIER, "Part_2A"),
        ],
        [(with_part("Part_2A", {10: 0, 11: 300}), EARLIER)],
    ),
    "invalid_commissioner": (
        [([*SOUND, Row("Part_2", {10: 2}, commissioner="7A4")], EARLIER, None)],
        [([*SOUND, Row("Part_2", {10: 2}, commissioner="NONC")], EARLIER)],
    ),
    "missing_return": (
        [([], EARLIER, None)],
        [([], []), ([Row("Part_3", {None: 1})], EARLIER)],
    ),
    "missing_part": (
        [(with_part(part, {}), EARLIER, part) for part in PARTS],
        [([], EARLIER), (with_part("Part_2A", {}), with_part("Part_2A", {}, tuple(EARLIER)))],
    ),
    "missing_incomplete": (
        [
            ([Row("Part_1A", {5: 1})], [], None),
            ([Row("Part_1B", {5: 1})], [], None),
        ],
        [([Row("Part_1A", {5: 1}), Row("Part_2", {9: 1})], []), ([Row("Part_3", {None: 1})], [])],
    ),
    "incorrect_total": (
        [(with_part(part, {10: 300}, stated=299), EARLIER, part) for part in PARTS],
        [(with_part("Part_2A", {10: 300}, stated=300), EARLIER)],
    ),
    "large_change": (
        [
            (with_part("Part_1A", {5: 301}), EARLIER, "Part_1A"),
            (with_part("Part_1B", {5: 174}), EARLIER, "Part_1B"),
            (with_part("Part_2", {10: 1_651}), EARLIER, "Part_2"),
            (with_part("Part_2A", {10: 435}), EARLIER, "Part_2A"),
            (with_part("Part_3", {None: 721}), EARLIER, "Part_3"),
            ([Row("Part_3", {None: 100})], [], "Part_3"),
        ],
        [
            (with_part("Part_1A", {5: 300}), EARLIER),
            (with_part("Part_2", {10: 1_650}), EARLIER),
            ([Row("Part_2", {10: 99})], [Row("Part_2", {10: 1})]),
        ],
    ),
    "no_change": (
        [
            (with_part("Part_1A", {4: 200}), EARLIER, "Part_1A"),
            (with_part("Part_1B", {4: 350}), EARLIER, "Part_1B"),
            (with_part("Part_2", {4: 1_375}), EARLIER, "Part_2"),
            (with_part("Part_2A", {4: 310}), EARLIER, "Part_2A"),
            (with_part("Part_3", {None: 480}), EARLIER, "Part_3"),
        ],
        [([Row("Part_2", {10: 19})], [Row("Part_2", {11: 19})])],
    ),
    "large_incomplete": (
        [([Row("Part_2", {10: 1_201}), Row("Part_3", {None: 100})], [], "Part_2")],
        [
            ([Row("Part_2", {10: 1_200}), Row("Part_3", {None: 100})], []),
            ([Row("Part_2", {10: 999})], []),
        ],
    ),
    "large_change_52": (
        [
            (with_part("Part_2", {1: 400, 10: 900, 52: 143}), EARLIER, "Part_2"),
            (with_part("Part_2", {1: 400, 10: 900, 104: 47}), EARLIER, "Part_2"),
        ],
        [
            (with_part("Part_2", {1: 400, 51: 900, 52: 142}), EARLIER),
            ([Row("Part_2", {60: 19})], [Row("Part_2", {60: 1})]),
        ],
    ),
    "decided_over_waiting": (
        [([Row("Part_2", {10: 5}), Row("Part_2A", {10: 6})], [], "Part_2A")],
        [([Row("Part_2", {10: 5}), Row("Part_2A", {10: 5})], [])],
    ),
    "few_new_periods": (
        [([Row("Part_2", {0: 1, 3: 5}), Row("Part_3", {None: 5})], [], "Part_3")],
        [([Row("Part_2", {0: 1, 3: 5, 4: 9}), Row("Part_3", {None: 6})], [])],
    ),
    "short_waits": (
        [
            (with_part("Part_1A", {0: 101, 1: 100}), EARLIER, "Part_1A"),
            (with_part("Part_1B", {0: 101, 1: 100}), EARLIER, "Part_1B"),
        ],
        [
            (with_part("Part_1A", {0: 100, 1: 100}), EARLIER),
            (with_part("Part_1A", {0: 19}), EARLIER),
        ],
    ),
    "unknown_starts": (
        [
            (with_part("Part_1A", {5: 190, None: 11}), EARLIER, "Part_1A"),
            (with_part("Part_1B", {5: 190, None: 11}), EARLIER, "Part_1B"),
        ],
        [
            (with_part("Part_1A", {5: 190, None: 10}), EARLIER),
            (with_part("Part_1A", {5: 10, None: 4}), EARLIER),
        ],
    ),
}
FAILING = [(check, *each) for check, (failing, _) in SAMPLES.items() for each in failing]
PASSING = [(check, *each) for check, (_, passing) in SAMPLES.items() for each in passing]


def asked(now, then, **more):
    before = figures(then, BEFORE)
    return annex_b(figures(now), before, codes=CODES, **more)


@pytest.mark.parametrize("check", checks())
def test_every_check_is_written_and_has_samples_of_both_kinds(check):
    assert check in CHECKS
    failing, passing = SAMPLES[check]
    assert failing
    assert passing


def test_every_check_and_threshold_belongs_to_the_table():
    assert set(CHECKS) == set(checks()) == set(SAMPLES)
    assert {each.check for each in thresholds()} <= set(checks())
    assert {each.status for each in thresholds()} == {"design"}
    assert all(each.why and each.unit for each in thresholds())


@pytest.mark.parametrize(("check", "now", "then", "part"), FAILING)
def test_a_check_finds_its_failing_samples(check, now, then, part):
    found = [each for each in asked(now, then) if each.check.id == check]
    assert [(each.provider, each.part) for each in found] == [("RAA", part)]
    assert found[0].numbers
    assert found[0].words.startswith(checks()[check].words)


@pytest.mark.parametrize(("check", "now", "then"), PASSING)
def test_a_check_passes_its_passing_samples(check, now, then):
    assert check not in {each.check.id for each in asked(now, then)}


def test_nothing_is_found_in_a_sound_return():
    assert asked(SOUND, EARLIER) == []


def test_the_numbers_and_the_thresholds_are_told():
    (found,) = asked(with_part("Part_1A", {5: 1_301}), EARLIER)
    assert found.words == (
        "A large change since last month: this month 1,301, last month 200 "
        "(threshold: share 0.5, at least 100)"
    )


def test_an_own_threshold_replaces_ours():
    now = with_part("Part_1A", {5: 301})
    assert asked(now, EARLIER, thresholds={("large_change", "Part_1A", "share"): 0.6}) == []
    with pytest.raises(ValueError, match="no threshold large_change Part_9 share"):
        asked(now, EARLIER, thresholds={("large_change", "Part_9", "share"): 0.6})


def test_a_provider_that_has_shown_evidence_is_excused():
    now = with_part("Part_1A", {0: 101, 1: 100})
    assert asked(now, EARLIER, excused={("short_waits", "RAA")}) == []
    assert asked(now, EARLIER, excused={("short_waits", "RBB")}) != []


def test_without_the_month_before_nothing_is_compared():
    assert annex_b(figures(SOUND), None, codes=CODES) == []
    assert {each.check.id for each in annex_b(figures([]), None, codes=CODES)} == set()


def test_without_a_list_of_commissioners_none_is_invalid():
    rows = [*SOUND, Row("Part_2", {10: 2}, commissioner="7A4")]
    assert annex_b(figures(rows), None, codes=None) == []


def test_only_the_month_before_is_compared_with():
    with pytest.raises(ValueError, match="the month before 2025-09 is 2025-08, not 2025-07"):
        annex_b(figures(SOUND), figures(EARLIER, Month(2025, 7)), codes=CODES)


def by_chance(chance, providers):
    """A return of many providers, odd here and there."""
    for provider in providers:
        size = chance.choice((0, 3, 30, 400, 3_000))
        for part in PARTS:
            bands = [None] if part == "Part_3" else [0, 2, 10, 60, 104]
            if part in ("Part_1A", "Part_1B"):
                bands.append(None)
            counts = {b: chance.choice((0, 1, 2, size // 9, size)) for b in bands}
            counts |= {
                b: n + chance.choice((-1, 0.5))
                for b, n in counts.items()
                if not chance.randrange(40)
            }
            stated = sum(counts.values()) + (not chance.randrange(9))
            commissioner = chance.choice(("15F", "15F", "NONC", "7A4"))
            yield Row(part, counts, commissioner, stated, provider)


@pytest.mark.parametrize("seed", range(5))
def test_all_providers_at_once_as_each_by_a_slow_loop(seed):
    chance = random.Random(seed)
    names = [f"R{number:02}" for number in range(60)]
    then = figures(by_chance(chance, names[:50]), BEFORE)
    now = figures(by_chance(chance, names[10:]))
    for before in (then, None):
        found = Counter(
            (each.check.id, each.provider, each.part and str(each.part))
            for each in annex_b(now, before, codes=CODES)
        )
        assert max(found.values()) == 1
        assert set(found) == set(slowly(now, before, Limits(NOW.census), CODES))
    assert len({check for check, _, _ in slowly(now, then, Limits(NOW.census), CODES)}) > 9


@pytest.mark.real_data
def test_published_months_have_sound_totals_and_few_queries(real_lake):
    now, then = (figures_in(real_lake, month) for month in (NOW, BEFORE))
    found = annex_b(now, then, codes=known_commissioners(real_lake, NOW))
    ids = Counter(each.check.id for each in found)
    never = ("negative_or_decimal", "incorrect_total", "invalid_commissioner")
    assert not [check for check in never if ids[check]]
    providers = now.cells["provider"].n_unique()
    flagged = {each.provider for each in found}
    assert 0 < len(flagged) < providers / 2


def test_a_month_that_the_lake_lacks(story_lake):
    with pytest.raises(NoDataError, match="no RTT return for 2020-01"):
        figures_in(story_lake, Month(2020, 1))


def test_the_commissioners_in_use_are_those_of_the_latest_month(story_lake, tmp_path):
    assert known_commissioners(story_lake, NOW) == {"15F", "01E", "13Q", "NONC"}
    assert known_commissioners(story_lake, Month(2025, 8)) == {"15F", "NONC"}
    assert known_commissioners(story_lake, Month(2024, 1)) is None
    assert known_commissioners(Lake(tmp_path), NOW) is None

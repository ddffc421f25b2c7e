"""Made-up patients add up to the month that they were made for, by the one-patient rules."""

from collections import Counter

import polars as pl
import pytest
from tests.analytics import story
from tests.analytics.story import EUXTON, EYES, FULWOOD, LEEDS, OLD, SHEFFIELD, Filed
from tests.analytics.synthetic.patients.conftest import FILED, MONTH, made
from tests.analytics.synthetic.patients.engine import counts_of, expected

from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import NoDataError
from clockstop.core.rtt.findings import Problem
from clockstop.core.types import Month, Part

SAMPLED = 1_500  # pathways of a larger list that the slow rules run through


def filed(*parts: Part) -> Counter:
    return Counter(
        {
            (f.provider, f.commissioner, f.function, str(f.part), band): n
            for f in FILED
            for band, n in f.bands.items()
            if f.part in parts
        }
    )


def of(lines: Counter, *parts: Part) -> Counter:
    return Counter({line: n for line, n in lines.items() if line[3] in parts})


@pytest.fixture(scope="module")
def counted(small):
    return counts_of(small.events, MONTH.census)


def test_who_waits_and_who_was_treated_come_out_to_the_unit(counted):
    lines, _ = counted
    parts = (Part.INCOMPLETE, Part.ADMITTED, Part.NONADMITTED)
    assert of(lines, *parts) == filed(*parts)


def test_decisions_to_admit_are_of_people_who_wait(counted):
    lines, _ = counted
    wanted = filed(Part.INCOMPLETE_DTA)
    for band, n in {2: 10, 50: 0}.items():
        wanted[SHEFFIELD, "15F", "C_502", str(Part.INCOMPLETE_DTA), band] = n
    assert of(lines, Part.INCOMPLETE_DTA) == +wanted


def test_new_periods_come_out_where_there_is_anybody_to_have_them(counted):
    lines, _ = counted
    new = of(lines, Part.NEW_PERIODS)
    short = {line: n - new[line] for line, n in filed(Part.NEW_PERIODS).items() if n != new[line]}
    assert short == {(SHEFFIELD, "15F", "C_502", str(Part.NEW_PERIODS), None): 7}
    assert not [line for line in new if line[0] in (EYES, OLD)]


def test_a_table_says_what_was_made_and_what_was_left_out(small, counted):
    lines, _ = counted
    cells = small.cells
    assert expected(cells) == lines
    left = cells.filter(pl.col("returned") != pl.col("made"))
    assert left.select("provider", "part", "band", "returned", "made").rows() == [
        (SHEFFIELD, "Part_2A", 2, 12, 10),
        (SHEFFIELD, "Part_2A", 50, 1, 0),
        (SHEFFIELD, "Part_3", None, 17, 10),
    ]
    assert small.manifest["counts"]["decided_left_out"] == 3
    assert small.manifest["counts"]["new_periods_left_out"] == 7


def test_nothing_is_found_but_unknown_starts(counted):
    _, findings = counted
    assert list(findings.values()) == [{Problem.FORM_MISSING}] * 8


@pytest.fixture(scope="module")
def young(small):
    """The events of those who were referred in the month and handed over in it."""
    sent = small.events.filter(kind="transfer_sent", status="21")
    began = small.events.filter(
        pl.col("kind") == "referral_received", pl.col("day") >= MONTH.census.replace(day=1)
    )
    whole = sent.join(began, on="pathway", how="semi")
    return small.events.join(whole, on="pathway", how="semi", maintain_order="left")


def test_a_provider_with_too_many_new_periods_hands_patients_over_to_one_with_too_few(young):
    ways = Counter(young.filter(kind="transfer_sent", status="21").select("provider", "to").rows())
    assert set(ways) == {(FULWOOD, EUXTON), (FULWOOD, OLD)}
    assert ways.total() == 20


def test_who_was_handed_over_counts_where_they_wait_and_began_where_they_came(young):
    lines, _ = counts_of(young, MONTH.census)
    at = {part: {line[0] for line in of(lines, part)} for part in Part}
    assert at[Part.NEW_PERIODS] == {FULWOOD}
    assert of(lines, Part.NEW_PERIODS).total() == 20
    assert at[Part.INCOMPLETE] | at[Part.ADMITTED] == {EUXTON, OLD}
    assert not at[Part.NONADMITTED]


def test_a_start_passed_on_stays(small):
    received = small.events.filter(
        pl.col("kind") == "transfer_received", pl.col("original_start").is_not_null()
    )
    assert len(received) > 10
    assert (received["original_start"] <= received["day"]).all()
    lines, findings = counts_of(
        small.events.filter(pl.col("pathway").is_in(received["pathway"].implode())), MONTH.census
    )
    assert not findings
    assert lines.total()


def test_a_month_of_another_length(small_lake, tmp_path):
    month = Month(2025, 2)
    found = made(tmp_path / "made", small_lake, month)
    lines, findings = counts_of(found.events, month.census)
    assert lines == expected(found.cells)
    assert {p for each in findings.values() for p in each} == {Problem.FORM_MISSING}
    assert of(lines, Part.INCOMPLETE) == filed(Part.INCOMPLETE)


@pytest.mark.parametrize("seed", range(3))
def test_any_seed(small_lake, tmp_path, seed):
    found = made(tmp_path / "made", small_lake, seed=seed, icbs=("QE1", "QF7"))
    lines, findings = counts_of(found.events, MONTH.census)
    assert lines == expected(found.cells)
    assert not findings


def test_a_share_of_each_count(small_lake, tmp_path):
    found = made(tmp_path / "made", small_lake, scale=0.5)
    lines, _ = counts_of(found.events, MONTH.census)
    assert lines == expected(found.cells)
    waiting = of(lines, Part.INCOMPLETE)
    whole = filed(Part.INCOMPLETE)
    assert all(abs(waiting[line] - n / 2) <= 1 for line, n in whole.items())
    assert waiting.total() == pytest.approx(whole.total() / 2, abs=3)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("scale", [0.003, 0.02, 0.1, 1.7])
def test_any_share_of_each_count_comes_out(small_lake, tmp_path, scale, seed):
    found = made(tmp_path / "made", small_lake, scale=scale, seed=seed)
    lines, findings = counts_of(found.events, MONTH.census)
    assert lines == expected(found.cells)
    assert {p for each in findings.values() for p in each} <= {Problem.FORM_MISSING}


def test_providers_with_new_periods_alone_have_nobody(tmp_path):
    lake = Lake(tmp_path / "lake")
    new = Filed(LEEDS, "C_110", {None: 4}, Part.NEW_PERIODS)
    story.publish(lake, str(MONTH), [new, Filed(EUXTON, "C_110", {0: 1})])
    found = made(tmp_path / "made", lake)
    assert found.pathways["provider"].to_list() == [EUXTON]
    assert found.manifest["counts"]["new_periods_left_out"] == 4


def test_cells_of_a_larger_list(synthetic_lake, tmp_path):
    found = made(tmp_path / "made", synthetic_lake, icbs=("QHG",))
    keys = ["commissioner", "line"]
    sizes = (
        found.pathways.group_by(keys).len().sort(*keys).with_columns(upto=pl.col("len").cum_sum())
    )
    cells = sizes.filter(pl.col("upto") <= SAMPLED)
    sample = found.pathways.join(cells, on=keys, how="semi")
    events = found.events.join(sample, on="pathway", how="semi", maintain_order="left")
    lines, findings = counts_of(events, MONTH.census)
    whole = found.cells.rename({"function": "line"}).join(cells, on=keys, how="semi")
    assert lines == expected(whole.rename({"line": "function"}))
    assert {p for each in findings.values() for p in each} <= {Problem.FORM_MISSING}


def test_faults_are_found_where_they_were_seeded_and_move_no_clock(small_lake, tmp_path):
    found = made(tmp_path / "made", small_lake, faults=0.5)
    lines, findings = counts_of(found.events, MONTH.census)
    assert lines == expected(found.cells)
    others = {key: {str(p) for p in each} - {"form_missing"} for key, each in findings.items()}
    assert {key: each for key, each in others.items() if each} == {
        key: {problem} for key, problem in found.faults.items()
    }
    assert len(set(found.faults.values())) == 9
    assert found.manifest["counts"]["faults"] == len(found.faults)


def test_what_cannot_be_made_is_refused_before_anything_is_written(small_lake, tmp_path):
    folder = tmp_path / "made"
    with pytest.raises(ValueError, match="no providers of QXX in 2025-09; it has QE1, QF7, QWO"):
        made(folder, small_lake, icbs=("QXX",))
    with pytest.raises(ValueError, match="scale must be above 0, not 0"):
        made(folder, small_lake, scale=0)
    with pytest.raises(ValueError, match="faults must be a share from 0 to 1, not 2"):
        made(folder, small_lake, faults=2)
    with pytest.raises(NoDataError, match="no RTT return for 2020-01"):
        made(folder, small_lake, Month(2020, 1))
    assert not folder.exists()
    with pytest.raises(ValueError, match="at scale 1e-06 nobody is left of 2025-09"):
        made(folder, small_lake, scale=1e-6)


def test_an_older_month_of_fewer_bands_is_refused(tmp_path):
    lake = Lake(tmp_path / "lake")
    story.publish(lake, "2021-03", [FILED[0]])
    with pytest.raises(ValueError, match="2021-03: expected a month from 2021-04"):
        made(tmp_path / "made", lake, Month(2021, 3))


def test_events_of_somebody_else_are_left_alone(small_lake, tmp_path):
    mine = tmp_path / "events" / "mine.parquet"
    mine.parent.mkdir()
    mine.write_text("mine")
    with pytest.raises(ValueError, match="is there already, and not of our making"):
        made(tmp_path, small_lake)
    assert mine.read_text() == "mine"


def test_every_part_of_every_provider_is_covered():
    assert {f.provider for f in FILED} >= {LEEDS, FULWOOD, EUXTON, OLD, SHEFFIELD, EYES}
    assert {f.part for f in FILED} == set(Part)

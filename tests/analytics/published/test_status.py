"""What the status says of a lake: revisions, sources, and who is missing from a month."""

from pathlib import Path

import polars as pl
import pytest
from tests.analytics.published import extracts, small
from tests.analytics.published.helpers import take
from tests.analytics.published.sheets import Sheet

from clockstop.analytics.published.datasets import DATA_SETS
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import scan_pathways
from clockstop.analytics.published.status import LakeStatus, MonthStatus, lake_status
from clockstop.analytics.published.submitters import missing_submitters, successors_by
from clockstop.core.types import Month

SHEFFIELD, FULWOOD = "RHQ", "NVC07"


def without(sheet: Sheet, *providers: str) -> Sheet:
    other = sheet.copy()
    for provider in providers:
        other.drop(other.lines(Provider_Org_Code=provider))
    return other


def waiting(sheet: Sheet, provider: str) -> int:
    """A provider's English list, straight from the file."""
    lines = sheet.lines(
        Provider_Org_Code=provider, RTT_Part_Type="Part_2", Treatment_Function_Code="C_999"
    )
    mine = [line for line in lines if sheet.cell(line, "Commissioner Org Code") != "NONC"]
    return sum(int(sheet.cell(line, "Total All")) for line in mine)


JULY, AUGUST = extracts.rtt("2025-07"), extracts.rtt("2025-08")
SEPTEMBER = without(extracts.rtt("2025-09"), SHEFFIELD, FULWOOD)


@pytest.fixture
def held(lake: Lake, inbox: Path) -> Lake:
    take(lake, *(sheet.save(inbox) for sheet in (JULY, AUGUST, SEPTEMBER)))
    return lake


def month(lake: Lake, key: str) -> MonthStatus:
    return next(each for each in lake_status(lake).months if each.month == key)


def test_an_empty_lake_names_every_data_set_and_its_source(lake: Lake) -> None:
    assert lake_status(lake) == LakeStatus(
        str(lake.home),
        tuple(type(s)(d.name, d.title, d.licence, {}) for d, s in zip(DATA_SETS, lake_status(lake).data_sets, strict=True)),
        (),
    )  # fmt: skip
    assert all(data_set.source for data_set in lake_status(lake).data_sets)


def test_a_provider_that_sent_nothing_is_missing_with_its_last_list(held: Lake) -> None:
    missing = month(held, "2025-09").missing
    assert [(each.provider, each.last_month) for each in missing] == [
        (code, Month(2025, 8))
        for code in sorted((SHEFFIELD, FULWOOD), key=lambda code: -waiting(AUGUST, code))
    ]
    assert {each.provider: each.last_size for each in missing} == {
        code: waiting(AUGUST, code) for code in (SHEFFIELD, FULWOOD)
    }
    assert month(held, "2025-08").missing == ()


def test_a_missing_provider_is_never_a_zero(held: Lake) -> None:
    rows = scan_pathways(held, [Month(2025, 9)], ["provider"]).collect()
    assert SHEFFIELD not in set(rows["provider"].cast(pl.String))


def test_the_month_last_seen_is_the_latest_even_past_a_gap(lake: Lake, inbox: Path) -> None:
    sheets = JULY, without(AUGUST, SHEFFIELD), without(extracts.rtt("2025-09"), SHEFFIELD)
    take(lake, *(sheet.save(inbox) for sheet in sheets))
    (missing,) = missing_submitters(lake, Month(2025, 9))
    assert (missing.provider, missing.last_month) == (SHEFFIELD, Month(2025, 7))
    assert missing.last_size == waiting(JULY, SHEFFIELD)


def test_a_month_that_is_not_held_has_nobody_missing(held: Lake) -> None:
    assert missing_submitters(held, Month(2025, 10)) == ()


def test_a_successor_is_named_once_it_has_taken_over(held: Lake, inbox: Path) -> None:
    take(held, small.successors().save(inbox))
    by = {each.provider: each.succeeded_by for each in month(held, "2025-09").missing}
    assert by == {SHEFFIELD: "R1X", FULWOOD: None}
    assert SHEFFIELD in successors_by(held, Month(2025, 8))
    assert SHEFFIELD not in successors_by(held, Month(2025, 7))


def test_the_note_counts_only_submitters_without_a_successor(held: Lake, inbox: Path) -> None:
    (note,) = [n for n in month(held, "2025-09").notes if "missing" in n]
    assert note.startswith("2 submitters missing")
    take(held, small.successors().save(inbox))
    (note,) = [n for n in month(held, "2025-09").notes if "missing" in n]
    assert note.startswith("1 submitter missing")
    assert f"{waiting(AUGUST, FULWOOD):,} pathways in 2025-08" in note
    assert note.endswith("not counted as zero")


def test_months_that_agree_with_the_published_series_have_no_note(lake: Lake, inbox: Path) -> None:
    series = small.overview(JULY, AUGUST)
    take(lake, JULY.save(inbox), AUGUST.save(inbox), series.save(inbox))
    assert [(each.month, each.published, each.notes) for each in lake_status(lake).months] == [
        (key, small.headline(sheet)["incomplete_pathways"], ())
        for key, sheet in (("2025-07", JULY), ("2025-08", AUGUST))
    ]


@pytest.mark.parametrize("figure", ["incomplete_pathways", "over_52_weeks", "new_periods"])
def test_any_count_off_the_published_series_is_noted(
    lake: Lake, inbox: Path, monkeypatch: pytest.MonkeyPatch, figure: str
) -> None:
    published = small.headline(AUGUST)
    wrong = {**published, figure: published[figure] + 7}
    if figure == "incomplete_pathways":
        wrong["over_18_weeks"] += 7
    monkeypatch.setattr(small, "headline", lambda _: wrong)
    take(lake, AUGUST.save(inbox), small.overview(AUGUST).save(inbox))
    (note,) = month(lake, "2025-08").notes
    assert note.startswith("not as in the published England series")
    assert f"{figure} {published[figure]:,} here, {wrong[figure]:,} there" in note


def test_a_month_that_the_held_series_lacks_is_noted(lake: Lake, inbox: Path) -> None:
    take(lake, AUGUST.save(inbox), small.overview(months=3).save(inbox))
    assert month(lake, "2025-08").notes == (
        "the published England series that is held has no figures for this month",
    )


def test_a_list_that_leaps_is_noted(lake: Lake, inbox: Path) -> None:
    take(lake, JULY.save(inbox), extracts.rtt("2025-08", smooth=False).save(inbox))
    (note,) = month(lake, "2025-08").notes
    assert note.endswith("in 2025-07: is the file whole?")


def test_revisions_are_listed_oldest_first_with_the_current_one_marked(
    lake: Lake, inbox: Path
) -> None:
    for number, gone in enumerate(([], [2], [2, 3])):
        take(lake, small.successors().drop(gone).save(inbox, f"{number}.csv"))
    (data_set,) = [d for d in lake_status(lake).data_sets if d.keys]
    ((key, entry),) = data_set.keys.items()
    assert (data_set.name, key) == ("successors", "ods")
    assert [(r.source, r.rows) for r in entry.revisions] == [
        ("0.csv", 4),
        ("1.csv", 3),
        ("2.csv", 2),
    ]
    assert entry.current.source == "2.csv"

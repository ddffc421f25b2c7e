"""Summaries are worked out once, and again when what they rest on has changed."""

import pytest
from tests.analytics.published.helpers import take
from tests.analytics.published.sheets import sheet
from tests.analytics.story import FULWOOD, LEEDS, SEPTEMBER, Filed, publish

from clockstop.analytics.monitoring import store
from clockstop.analytics.monitoring.store import summaries
from clockstop.analytics.monitoring.summaries import month_summaries
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import NoDataError
from clockstop.core.types import Month


@pytest.fixture
def lake(tmp_path) -> Lake:
    lake = Lake(tmp_path / "home")
    publish(lake, "2025-08", [Filed(LEEDS, "C_110", {3: 50})])
    publish(lake, "2025-09", SEPTEMBER)
    return lake


@pytest.fixture
def made(monkeypatch) -> list[Month]:
    """The months that were worked out, in order."""
    months = []

    def summarise(lake, together):
        months.extend(together)
        return month_summaries(lake, together)

    monkeypatch.setattr(store, "month_summaries", summarise)
    return months


def files(lake: Lake) -> list[str]:
    return sorted(path.name for path in (lake.home / "summaries").iterdir())


def size(lake: Lake, month: str, code: str = LEEDS) -> int:
    table = summaries(lake).filter(month=month, code=code, function="C_999")
    return table["incomplete_pathways"].item()


def test_a_second_opening_reads_what_the_first_kept(lake, made):
    first = summaries(lake)
    assert made == [Month(2025, 8), Month(2025, 9)]
    assert summaries(lake).equals(first)
    assert len(made) == 2


@pytest.mark.parametrize(("together", "told"), [(1, [(1, 2), (2, 2)]), (6, [(2, 2)])])
def test_progress_is_told_of_the_months_that_are_new(lake, monkeypatch, together, told):
    monkeypatch.setattr(store, "TOGETHER", together)
    heard = []
    summaries(lake, lambda *done: heard.append(done))
    assert heard == told
    summaries(lake, lambda *done: heard.append(done))
    assert heard == told


def test_a_revision_takes_the_place_of_its_months_file(lake, made):
    august, september = (summaries(lake), files(lake))[1]
    publish_again(lake)
    assert size(lake, "2025-08") == 51
    assert made[2:] == [Month(2025, 8)]
    after = files(lake)
    assert len(after) == 2
    assert september in after
    assert august not in after


def publish_again(lake: Lake) -> None:
    """A revised return of August, one patient longer."""
    publish(lake, "2025-08", [Filed(LEEDS, "C_110", {3: 51})], edition="revised")


def test_a_folder_that_cannot_be_written_costs_no_figures(lake, made):
    (lake.home / "summaries").write_text("a file where the folder should be")
    assert size(lake, "2025-08") == 50
    assert size(lake, "2025-09") == 119
    assert len(made) == 4


def test_nothing_is_left_of_a_write_that_failed(lake, monkeypatch):
    def full(self, file):
        file.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.pl.DataFrame, "write_parquet", full)
    assert size(lake, "2025-08") == 50
    assert files(lake) == []


def test_a_list_of_sectors_of_ones_own_gives_new_figures(lake, tmp_path, made):
    def independent() -> set[str]:
        rows = summaries(lake).filter(kind="england", month="2025-09", sector="independent")
        return set(rows.filter(function="C_999")["incomplete_pathways"])

    assert independent() == {40}  # Fulwood
    columns = "provider,name,sector,operator,source,reason"
    mine = sheet("sectors.csv", columns, [f"{FULWOOD},,nhs_trust,,mine,a correction"])
    take(lake, mine.save(tmp_path / "inbox"))
    assert independent() == set()
    assert made[2:] == [Month(2025, 8), Month(2025, 9)]


def test_without_a_return_there_are_no_figures(tmp_path):
    with pytest.raises(NoDataError):
        summaries(Lake(tmp_path))

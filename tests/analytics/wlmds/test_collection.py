"""An analyst keeps what many providers send, late and corrected, and always gets the latest."""

from datetime import timedelta

import polars as pl
import pytest
from tests.analytics.wlmds.rows import PROVIDER, SUNDAY, at, changed, submission

from clockstop.analytics.wlmds.collection import (
    SubmissionRefusedError,
    current_of,
    read_log,
    receive,
    states,
)
from clockstop.analytics.wlmds.log import LogRefusedError
from clockstop.analytics.wlmds.tables import TABLES
from clockstop.analytics.wlmds.writing import file_of

OTHER = "RHQ"


def files(tables, provider=PROVIDER):
    """The content of each file, sent by a provider."""
    return {
        name: file_of(name, table.with_columns(provider_code=pl.lit(provider)))
        for name, table in tables.items()
    }


@pytest.fixture
def tables():
    return submission(20)


def test_the_last_submission_of_a_week_counts(tmp_path, tables):
    first = receive(tmp_path, files(tables), received_at=at(33))
    receive(tmp_path, files(tables, OTHER), received_at=at(34))
    mended = {**tables, "open": tables["open"].filter(pl.int_range(pl.len()) != 3)}
    second = receive(tmp_path, files(mended), received_at=at(200))
    found = current_of(tmp_path)
    sizes = found["open"].group_by("provider_code").len().sort("provider_code").rows()
    assert sizes == [(OTHER, 20), (PROVIDER, 19)]
    assert [
        list(each.select("sequence", "corrected", "late").row(0)) for each in (first, second)
    ] == [
        [1, False, False],
        [2, True, True],
    ]
    assert len(read_log(tmp_path)) == 3
    assert len([each for each in tmp_path.iterdir() if each.is_dir()]) == 3


def test_weeks_between_are_missing(tmp_path, tables):
    receive(tmp_path, files(tables), received_at=at(33))
    empty = {name: file_of(name, None) for name in TABLES}
    before = SUNDAY - timedelta(weeks=2)
    receive(tmp_path, empty, received_at=at(0), provider=PROVIDER, week_ending=before)
    assert states(tmp_path).select("week_ending_date", "state").rows() == [
        (before, "late"),
        (SUNDAY - timedelta(weeks=1), "missing"),
        (SUNDAY, "received"),
    ]
    assert len(current_of(tmp_path)["open"]) == 20


def test_what_is_refused_leaves_nothing_behind(tmp_path, tables):
    home = tmp_path / "kept"
    wrong = {**tables, "open": changed(tables["open"], 3, {"commissioner_code": "NONC"})}
    with pytest.raises(SubmissionRefusedError) as refused:
        receive(home, files(wrong), received_at=at(33))
    assert refused.value.report.errors == 1
    with pytest.raises(SubmissionRefusedError):
        receive(home, files(tables), received_at=at(33), provider=OTHER)
    with pytest.raises(ValueError, match="say whose submission it is"):
        receive(home, {name: file_of(name, None) for name in TABLES}, received_at=at(33))
    assert not home.exists()
    receive(home, files(tables), received_at=at(33))
    with pytest.raises(LogRefusedError, match="but the log has a file of"):
        receive(home, files(tables), received_at=at(32))
    assert len(read_log(home)) == 1


def test_a_collection_that_lost_a_submission_says_so(tmp_path, tables):
    entry = receive(tmp_path, files(tables), received_at=at(33))
    folder = tmp_path / entry["file_hash"].item()
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(LogRefusedError, match="not all there"):
        current_of(tmp_path)


def test_a_collection_of_nothing_is_empty(tmp_path):
    assert states(tmp_path).is_empty()
    assert {len(table) for table in current_of(tmp_path).values()} == {0}


def test_one_with_errors_may_be_kept_if_all_of_it_could_be_read(tmp_path, tables):
    wrong = {**tables, "open": changed(tables["open"], 3, {"commissioner_code": "NONC"})}
    entry = receive(tmp_path, files(wrong), received_at=at(33), with_errors=True)
    assert entry.select("provider_code", "week_ending_date").row(0) == (PROVIDER, SUNDAY)
    assert len(current_of(tmp_path)["open"]) == 20
    unread = files(tables) | {"asi": b"week_ending_date\n15/11/2026\n"}
    lacking = {name: each for name, each in files(tables).items() if name != "pifu"}
    for given in (unread, lacking):
        with pytest.raises(SubmissionRefusedError):
            receive(tmp_path, given, received_at=at(40), with_errors=True)
    assert len(read_log(tmp_path)) == 1

"""Fixtures that every suite shares."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import connection
from django.db.backends.signals import connection_created
from hypothesis import HealthCheck, settings

from clockstop.analytics.published.ingest import ingest
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.synthetic import make_england
from clockstop.core.types import Month
from tests.analytics.few import few_of
from tests.analytics.story import story
from tests.once import alone
from tests.service.stores import clockstop, environment
from tests.sizes import EXAMPLES
from tests.workers import ByFile, place

# No test asserts a time: a busy machine is no fault of the software.
settings.register_profile(
    "patient",
    deadline=None,
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("patient")

REAL_DATA_HELP = "set CLOCKSTOP_REAL_DATA to the folder of the published files"
READ_BY_INGEST = ("rtt", "organisations", "geography", "diagnostics", "cancer", "wlmds")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of published files, or a skip that says how to name it."""
    folder = os.environ.get("CLOCKSTOP_REAL_DATA")
    if not folder:
        pytest.skip(REAL_DATA_HELP)
    return Path(folder)


@pytest.fixture(scope="session")
def shared(tmp_path_factory, worker_id) -> Path:
    """The folder that all workers of a run share, and both runs of ``make test``."""
    if folder := os.environ.get("CLOCKSTOP_TEST_SHARED"):
        return Path(folder)
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def real_lake(real_data, shared) -> Lake:
    """A lake of all the published files, made once for all workers of a run."""
    lake = Lake(shared / "real-home")
    with alone(shared / "real-home.lock"):
        if not lake.catalogue().entries:
            report = ingest([real_data / name for name in READ_BY_INGEST], lake)
            assert report.committed, [str(p) for f in report.refused for p in f.problems][:20]
    return lake


@pytest.fixture(scope="session")
def synthetic_lake(shared) -> Lake:
    """A lake of a small synthetic England to September 2025, made once for all workers of a run."""
    lake = Lake(shared / "synthetic-home")
    with alone(shared / "synthetic-home.lock"), TemporaryDirectory(dir=shared) as folder:
        if not lake.catalogue().entries:
            make_england(Path(folder), months=14, last_month=Month(2025, 9), scale=0.05)
            report = ingest([Path(folder)], lake)
            assert report.committed, [str(p) for f in report.refused for p in f.problems][:20]
    return lake


@pytest.fixture(scope="session")
def few_lake(synthetic_lake, shared) -> Lake:
    """A few ICBs of the synthetic England, made once for all workers of a run; for forecasts."""
    home = shared / "few-home"
    with alone(shared / "few-home.lock"):
        return few_of(synthetic_lake, home)


@pytest.fixture(scope="session")
def empty_store(shared) -> Path:
    """A SQLite store with every table and no row, made once for all workers of a run: to copy."""
    file = shared / "empty-store" / "service.sqlite3"
    with alone(shared / "empty-store.lock"):
        if not file.exists():
            done = clockstop("database", "migrate", env=environment("", file.parent))
            assert done.returncode == 0, done.stderr
    return file


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request, worker_id, django_db_modify_db_settings_parallel_suffix
) -> None:
    """Many workers on SQLite begin with a copy of one empty store: each need not make its tables."""
    if worker_id == "master" or connection.vendor != "sqlite":
        return
    empty = request.getfixturevalue("empty_store")

    def copied(connection, **_: object) -> None:
        connection_created.disconnect(copied)
        with closing(sqlite3.connect(empty)) as store:
            store.backup(connection.connection)

    connection_created.connect(copied)


@pytest.fixture(scope="session")
def story_lake(tmp_path_factory) -> Lake:
    """A lake of seven providers, small enough to reason about; for reading only."""
    return story(tmp_path_factory.mktemp("story"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log) -> ByFile:
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items) -> None:
    items.sort(key=lambda item: place(item.nodeid))


def pytest_terminal_summary(terminalreporter) -> None:
    """Where everything is to be had (CLOCKSTOP_ALL_TESTS), a skipped test is a failure."""
    skipped = terminalreporter.stats.get("skipped", [])
    if os.environ.get("CLOCKSTOP_ALL_TESTS") and skipped:
        terminalreporter.write_line(f"{len(skipped)} skipped, none may be", red=True)


def pytest_sessionfinish(session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("CLOCKSTOP_ALL_TESTS") and skipped and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from tests.service.append_only import lock_again, unlock_for_the_flush
from tests.service.ers.published import HELP, folder
from tests.service.fakes import FakeBook
from tests.service.personal import personal_in_the_audit
from tests.service.stores import a_database, a_store, on_postgresql, why_no_store
from tests.sizes import SOAK

from clockstop.analytics.monitoring.book import MonitoringBook
from clockstop.service.compare import book as shelf
from clockstop.service.dashboards import book as figures_shelf

ENOUGH = 4  # parameters of one test on the second kind of store
OF_EVERY_QUERY = (
    "test_a_record_elsewhere_is_not_there",
    "test_no_list_and_no_search_shows_a_record_elsewhere",
    "test_any_request_is_answered_as_published",
)


@pytest.fixture
def specs() -> Path:
    """The folder of the published documents, or a skip that says how to name it."""
    if (found := folder()) is None:
        pytest.skip(HELP)
    return found


@pytest.fixture
def book(monkeypatch, figures) -> FakeBook:
    """The fake book, on the shelf that every view takes it from; tests may change it."""
    fake = FakeBook()
    monkeypatch.setattr(shelf, "book_of", lambda _home: fake)
    monkeypatch.setattr(shelf, "waits_of", lambda _home: None)
    monkeypatch.setattr(figures_shelf, "figures_of", lambda _home: figures)
    return fake


@pytest.fixture(scope="session")
def figures(story_lake) -> MonitoringBook:
    """The figures of the seven providers of the story."""
    return MonitoringBook(story_lake)


@pytest.fixture(scope="session")
def empty(request, django_db_setup) -> Iterator[Path | str]:
    """A store with every table and no row, to copy: a file, or the name of a database."""
    if not on_postgresql():
        yield request.getfixturevalue("empty_store")
        return
    connection.close()  # a database is copied while nobody is at work in it
    with a_database(connection.settings_dict["NAME"]) as name:
        yield name


@pytest.fixture
def store(tmp_path, empty) -> Iterator[dict[str, str]]:
    """The environment of processes on a store of their own."""
    with a_store(tmp_path, empty) as env:
        yield env


def pytest_collection_modifyitems(config, items) -> None:
    """Without a store one test is skipped in the name of all that need it: one line says why."""
    needing = [item for item in items if item.get_closest_marker("django_db")]
    why = why_no_store() if needing else ""
    left_out = needing[1:] if why else too_alike(needing)
    if why:
        needing[0].add_marker(pytest.mark.skip(f"{len(needing)} tests need a store: {why}"))
    _leave_out(config, items, left_out)


def too_alike(items) -> list[pytest.Item]:
    """What the gate leaves out on PostgreSQL: all but so many of a test's parameters, evenly spread.

    SQLite runs each of them, and the long runs do on both. Those whose parameters are addresses that
    each ask the store something else are run whole.
    """
    if SOAK or not on_postgresql():
        return []
    sets: dict[object, list[pytest.Item]] = {}
    for item in items:
        if getattr(item, "originalname", None) not in OF_EVERY_QUERY:
            sets.setdefault(item.nodeid.partition("[")[0], []).append(item)
    return [
        item
        for alike in sets.values()
        for at, item in enumerate(alike)
        if len(alike) > ENOUGH and at * ENOUGH // len(alike) == (at - 1) * ENOUGH // len(alike)
    ]


def _leave_out(config, items, left_out) -> None:
    gone = {item.nodeid for item in left_out}
    items[:] = [item for item in items if item.nodeid not in gone]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="module")
def kept(django_db_setup, django_db_blocker) -> Iterator[None]:
    """What a module's own fixtures write into the store stays for all its tests, and goes after them.

    What a test writes goes after the test, as ever.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def whole_store(request) -> Iterator[None]:
    """Every test that uses the store: rows stay as they are, and the audit holds references alone."""
    if request.node.get_closest_marker("django_db") is None:
        yield
        return
    request.getfixturevalue("db")
    lock_again()
    yield
    try:
        assert connection.needs_rollback or personal_in_the_audit() == []
    finally:
        unlock_for_the_flush()

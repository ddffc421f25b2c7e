from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from tests.service.append_only import lock_again, unlock_for_the_flush
from tests.service.fakes import FakeBook
from tests.service.personal import personal_in_the_audit
from tests.service.stores import a_database, a_store, on_postgresql, why_no_store

from clockstop.analytics.monitoring.book import MonitoringBook
from clockstop.service.compare import book as shelf
from clockstop.service.dashboards import book as figures_shelf


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
    if why:
        needing[0].add_marker(pytest.mark.skip(f"{len(needing)} tests need a store: {why}"))
        items[:] = [item for item in items if item not in needing[1:]]
        config.hook.pytest_deselected(items=needing[1:])


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

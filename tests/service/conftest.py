import pytest
from tests.service.fakes import FakeBook

from clockstop.analytics.monitoring.book import MonitoringBook
from clockstop.service.compare import book as shelf
from clockstop.service.dashboards import book as figures_shelf


@pytest.fixture
def book(monkeypatch, figures) -> FakeBook:
    """The fake book, on the shelf that every view takes it from; tests may change it."""
    fake = FakeBook()
    monkeypatch.setattr(shelf, "book_of", lambda _home: fake)
    monkeypatch.setattr(figures_shelf, "figures_of", lambda _home: figures)
    return fake


@pytest.fixture(scope="session")
def figures(story_lake) -> MonitoringBook:
    """The figures of the seven providers of the story."""
    return MonitoringBook(story_lake)

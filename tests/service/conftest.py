import pytest
from tests.service.fakes import FakeBook

from clockstop.service.compare import book as shelf


@pytest.fixture
def book(monkeypatch) -> FakeBook:
    """The fake book, on the shelf that every view takes it from; tests may change it."""
    fake = FakeBook()
    monkeypatch.setattr(shelf, "book_of", lambda _home: fake)
    return fake

from datetime import date

import pytest
import time_machine
from tests.service.returns.made_up import KEY, TODAY, at, store, treated, waiting

from clockstop.service.pathways import records as store_records


@pytest.fixture(autouse=True)
def settled(settings, tmp_path):
    """A lake without a month, a key of its own, and the tenth of October."""
    settings.CLOCKSTOP_HOME = tmp_path
    settings.CLOCKSTOP_EXTRACT_KEY = KEY
    with time_machine.travel(at(TODAY), tick=False):
        yield


@pytest.fixture
def records(monkeypatch):
    """Give the store these pathways, in place of what it holds: ``records(waiting(day), …)``."""

    def given(*pathways):
        monkeypatch.setattr(store_records, "tables", store(*pathways).tables)

    return given


@pytest.fixture
def few(records):
    """Three who wait and two who were treated in September 2025."""
    first = date(2025, 6, 2)
    records(
        waiting(first),
        waiting(date(2025, 9, 5)),
        waiting(date(2024, 3, 4)),
        treated(first, date(2025, 9, 10)),
        treated(date(2025, 9, 1), date(2025, 9, 24)),
    )

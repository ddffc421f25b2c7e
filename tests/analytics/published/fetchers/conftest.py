from collections.abc import Iterator

import pytest
from tests.analytics.published.fetchers.fault_server import Server, running

from clockstop.analytics.published.fetchers.manners import Manners
from clockstop.analytics.published.fetchers.site import Site


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running() as site:
        yield site


@pytest.fixture
def slept() -> list[float]:
    """The waits that were asked for; none is waited."""
    return []


@pytest.fixture
def manners(slept: list[float]) -> Manners:
    return Manners(pause=0, timeout=10, sleep=slept.append)


@pytest.fixture
def site(server: Server, manners: Manners) -> Iterator[Site]:
    with Site(server.address, manners) as opened:
        yield opened

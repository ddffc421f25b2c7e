from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.analytics.published.fetchers.fault_server import Server, running
from tests.analytics.published.fetchers.story import MONTHS, Publication

from clockstop.analytics.published.fetchers.fetching import FetchReport
from clockstop.analytics.published.fetchers.manners import Manners
from clockstop.analytics.published.fetchers.rtt import RTT
from clockstop.analytics.published.fetchers.run import fetch
from clockstop.analytics.published.fetchers.site import Site
from clockstop.core.types import Month


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


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "home" / "rtt"


@pytest.fixture
def published(server) -> Publication:
    return Publication(server)


@pytest.fixture
def run(published, folder, manners) -> Callable[..., FetchReport]:
    """Fetch the months (all of them unless said otherwise) into the folder."""

    def fetched(*months: Month, into: Path = folder) -> FetchReport:
        wanted = months or MONTHS
        return fetch(RTT, wanted, into, address=published.address, manners=manners)

    return fetched

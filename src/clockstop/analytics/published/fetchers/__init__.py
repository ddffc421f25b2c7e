"""Fetch the originals: one module for each data set, under the name that it has in ``datasets``."""

from __future__ import annotations

from clockstop.analytics.published.fetchers.fetching import Fetcher
from clockstop.analytics.published.fetchers.rtt import RTT

FETCHERS: dict[str, Fetcher] = {fetcher.name: fetcher for fetcher in (RTT,)}


def fetcher_of(name: str) -> Fetcher:
    """The fetcher of a data set. Raises ValueError, saying which there are, if there is none."""
    if name not in FETCHERS:
        raise ValueError(f"no fetcher for {name!r}; there are: {', '.join(FETCHERS)}")
    return FETCHERS[name]

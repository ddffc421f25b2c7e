"""What the regulator says of a provider, as far as whoever runs Clockstop has supplied it."""

from __future__ import annotations

from typing import Any

import polars as pl

from clockstop.analytics.published.lake import Lake


def ratings_of(lake: Lake, provider: str) -> list[dict[str, Any]]:
    """A provider's ratings: domain, rating, rated_on and source; none if none were supplied."""
    frames = [
        lake.scan(held, "ratings").filter(pl.col("provider") == provider)
        for held in lake.catalogue().current("provider_ratings").values()
    ]
    if not frames:
        return []
    rows = pl.concat(frames).select("domain", "rating", "rated_on", "source").collect()
    return list(rows.rows(named=True))

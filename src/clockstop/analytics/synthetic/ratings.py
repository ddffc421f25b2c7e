"""Made-up ratings of the made-up providers, in the layout of supplied ratings."""

import csv
from datetime import timedelta
from pathlib import Path

import numpy as np

from clockstop.analytics.published.datasets.provider_ratings import DOMAINS, LAYOUT, RATINGS
from clockstop.analytics.synthetic.england import England

SOURCE = "Clockstop synthetic data"
# Of providers in each overall rating, and how often a domain is rated one step apart from it.
SHARES, APART = (0.08, 0.64, 0.22, 0.03, 0.03), 0.25
MOST_DAYS = 1_500  # before the series begins


def write_ratings(folder: Path, england: England) -> Path:
    """Write a rating of each provider in each domain."""
    rng = np.random.default_rng(england.seeds[2])
    began = england.calendar.months[0].census
    path = folder / "provider_ratings.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(LAYOUT.columns)
        for one in england.providers:
            overall = int(rng.choice(len(RATINGS), p=SHARES))
            day = began - timedelta(days=int(rng.integers(31, MOST_DAYS)))
            for domain in DOMAINS:
                rating = RATINGS[_near(overall, domain, rng)]
                rows.writerow([one.code, domain, rating, day.isoformat(), SOURCE])
    return path


def _near(overall: int, domain: str, rng: np.random.Generator) -> int:
    """A domain's rating (index): mostly the overall one. Who is not rated is so throughout."""
    unrated = len(RATINGS) - 1
    step = int(rng.integers(2)) * 2 - 1 if rng.random() < APART else 0
    if overall == unrated or domain == DOMAINS[0]:
        return overall
    return min(max(overall + step, 0), unrated - 1)

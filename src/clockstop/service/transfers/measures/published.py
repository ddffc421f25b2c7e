"""The figures of all England as everybody may have them: of the twelve whole months before this.

They change once a month: day by day their differences would tell what one patient did.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.core.cache import cache

from clockstop.service.referrals.choice_figures.showing import Shown
from clockstop.service.transfers.measures.reading import By
from clockstop.service.transfers.measures.tables import tables

_KEPT_SECONDS = 86_400


def last_day(today: date) -> date:
    """The last day of the month before: what was done later is in no published figure."""
    return today.replace(day=1) - timedelta(days=1)


def published(by: By, today: date) -> tuple[Shown, ...]:
    """Every table, counted once a day at most, however often it is asked for."""
    last = last_day(today)
    key = f"mutual-aid-{by}-{last}"
    found: tuple[Shown, ...] | None = cache.get(key)
    if found is None:
        found = tables(by, last)
        cache.set(key, found, _KEPT_SECONDS)
    return found

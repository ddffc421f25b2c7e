"""When monthly figures are out of date."""

from datetime import date, timedelta

from clockstop.core.types import Month

# NHS England publishes a month about six weeks after its census.
_PUBLISHED_AFTER = timedelta(weeks=6)


def is_out_of_date(month: Month, today: date) -> bool:
    """Whether the release after this month's should be out: six weeks after the next census."""
    return today > month.plus(1).census + _PUBLISHED_AFTER


def day(when: date) -> str:
    """A date in words: ``30 September 2025``."""
    return f"{when.day} {when:%B %Y}"

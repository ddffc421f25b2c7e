"""RTT "Full CSV data file": where NHS England links each month's extract.

There is a page for each financial year, ``rtt-data-2024-25/`` below the address of the RTT
statistics. Each month has one link there whose text reads ``Full CSV data file May24 (ZIP, 4M)``,
with ``revised`` behind it once the month was revised. The month and the word are read; the size in
brackets, the upload folder, the file's name and its suffix are not, since they change. A revised
file goes before one that is not, and ``revised 2`` before ``revised``. The link leads to a zip on
the site of the page. Anything else is refused, so that no month is taken by a guess.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urljoin

from clockstop.analytics.published.datasets import rtt_layout
from clockstop.analytics.published.datasets.rtt import LAYOUT
from clockstop.analytics.published.fetchers.archives import the_one_of
from clockstop.analytics.published.fetchers.fetching import Fetcher
from clockstop.analytics.published.fetchers.rtt_links import find
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.core.types import Month

ADDRESS = "https://www.england.nhs.uk/statistics/statistical-work-areas/rtt-waiting-times/"
FIRST_MONTH = Month(2021, 4)  # of the layout that ingest reads
APRIL = 4


def page_of(address: str, month: Month) -> str:
    """The address of the financial year's page. Raises ValueError before the layout's first."""
    if month < FIRST_MONTH:
        raise ValueError(f"{month}: Clockstop reads extracts from {FIRST_MONTH} onward")
    year = month.year - (month.number < APRIL)
    return urljoin(f"{address.rstrip('/')}/", f"rtt-data-{year}-{(year + 1) % 100:02d}/")


def check(file: Path, month: Month, name: str) -> None:
    """Raise FileRefusedError unless the file is a whole zip of one extract, of that month."""
    source = the_one_of(file, name, LAYOUT.resembles, "an RTT full extract")
    head = source.head()
    LAYOUT.check_header(LAYOUT.header(head), source.name)
    lines = head.decode("utf-8", "replace").splitlines()
    period = lines[1].split(",", 1)[0].strip('"') if len(lines) > 1 else ""
    if rtt_layout.month_of(period) != str(month):
        expected = f"RTT-{month.census:%B-%Y}, as the link says"
        problem = Problem(source.name, "month", repr(period), expected, 2, rtt_layout.PERIOD)
        raise FileRefusedError([problem])


RTT = Fetcher("rtt", ADDRESS, page_of, find, check)

"""Tell the links to full CSV data files by their texts, and which of a month's is the latest."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from clockstop.analytics.published.fetchers.pages import Link, Page, is_same_site
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.core.types import Month

_TEXT = re.compile(r"fullcsvdatafile([a-z]{3,9})(\d{4}|\d{2})(?!\d)(.*)", re.DOTALL)
_SIZE = re.compile(r"\(zip,?[\d.,]+[kmg]b?\)")
_REVISED = re.compile(r"-?revis(?:ed|ions?)-?v?(\d{0,3})")
SHORT_YEAR = 2  # digits


@dataclass(frozen=True)
class Candidate:
    """A link to a full CSV data file; ``revision`` is None where its text cannot be understood."""

    month: Month
    revision: int | None
    link: Link

    def __str__(self) -> str:
        return f"{self.link.text!r} to {self.link.url}"


def candidate_of(link: Link) -> Candidate | None:
    """What the link's text says; None if it is no link to a full CSV data file."""
    match = _TEXT.fullmatch(re.sub(r"\s", "", link.text).casefold())
    number = _number_of(match[1]) if match else None
    if not match or not number:
        return None
    year = int(match[2]) + (2000 if len(match[2]) == SHORT_YEAR else 0)
    return Candidate(Month(year, number), _revision_of(_SIZE.sub("", match[3], count=1)), link)


def _number_of(name: str) -> int | None:
    names = enumerate(calendar.month_name)
    return next((number for number, full in names if full.casefold().startswith(name)), None)


def _revision_of(words: str) -> int | None:
    match = _REVISED.fullmatch(words)
    if match:
        return int(match[1] or 1)
    return None if words else 0


def find(page: Page, months: Iterable[Month]) -> dict[Month, Link]:
    """The link of each month on its page. Raises FileRefusedError with the faults of all."""
    there = [each for link in dict.fromkeys(page.links) if (each := candidate_of(link))]
    found, problems = {}, []
    for month in months:
        latest = latest_of([each for each in there if each.month == month])
        faults = list(_faults(page, month, latest, there))
        problems += faults
        if not faults:
            found[month] = latest[0].link
    if problems:
        raise FileRefusedError(problems)
    return found


def latest_of(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The last revision, more than one only where they cannot be told apart.

    A link that cannot be understood may be the latest, so that all such are given if there are any.
    """
    strange = [each for each in candidates if each.revision is None]
    last = max((each.revision or 0 for each in candidates), default=0)
    best = strange or [each for each in candidates if each.revision == last]
    return list({each.link.url: each for each in best}.values())


def _faults(
    page: Page, month: Month, latest: Sequence[Candidate], there: Sequence[Candidate]
) -> Iterator[Problem]:
    place = f"{page.url}, {month.label}"
    wanted = f"'Full CSV data file {month.census:%b%y} (ZIP, …)'"
    if not latest:
        yield Problem(place, "no link", _instead(page, there), f"a link {wanted}")
    elif latest[0].revision is None:
        words = f"{wanted}, with 'revised' behind it or nothing"
        yield Problem(place, "link text", " and ".join(map(str, latest)), words)
    elif len(latest) > 1:
        words = f"one link {wanted} that can be told to be the latest"
        yield Problem(place, "two links", " and ".join(map(str, latest)), words)
    for each in latest:
        if not is_same_site(page.url, each.link.url):
            yield Problem(place, "other site", str(each), "a link to the site of the page")
        elif not urlsplit(each.link.url).path.casefold().endswith(".zip"):
            yield Problem(place, "no zip", str(each), "a link to a .zip file")


def _instead(page: Page, there: Sequence[Candidate]) -> str:
    if not there:
        return f"no full CSV data file at all among {len(page.links):,} links"
    months = sorted({str(each.month) for each in there})
    return f"full CSV data files of {', '.join(months)} only"

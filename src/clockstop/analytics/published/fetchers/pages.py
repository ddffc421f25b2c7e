"""Read the links of a publication page."""

from __future__ import annotations

import re
import unicodedata
import warnings
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from bs4.builder import ParserRejectedMarkup
from bs4.filter import SoupStrainer

_SPACE = re.compile(r"\s+")
_USUAL_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Link:
    """A link: its text, with single blanks, and where it leads, as a whole address."""

    text: str
    url: str


@dataclass(frozen=True)
class Page:
    """A page as read: the address that answered, and its links in the order of the page."""

    url: str
    links: tuple[Link, ...]


def read_page(url: str, html: str) -> Page:
    """The page's links, relative ones made whole; no links if it is no HTML at all."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of text that is no HTML: then there are no links
        try:
            soup = BeautifulSoup(html, "html.parser", parse_only=SoupStrainer("a", href=True))
        except ParserRejectedMarkup:
            return Page(url, ())
    links = (
        Link(tidy(anchor.get_text()), _whole(url, str(anchor["href"])))
        for anchor in soup.find_all("a", href=True)
    )
    return Page(url, tuple(links))


def tidy(text: str) -> str:
    """Text as a reader sees it: single blanks, and no letters that are not to be seen."""
    seen = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return _SPACE.sub(" ", seen).strip()


def _whole(page: str, href: str) -> str:
    try:
        return urljoin(page, href.strip())
    except ValueError:  # no address at all: who wants to follow it says so
        return href


def site_of(url: str) -> tuple[str, str, int | None] | None:
    """Scheme, host and port of an address; None if it is not one of the web."""
    try:
        parts = urlsplit(url)
        port = parts.port or _USUAL_PORTS.get(parts.scheme)
    except ValueError:
        return None
    if parts.scheme not in _USUAL_PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, port


def is_same_site(url: str, other: str) -> bool:
    """Whether two addresses share scheme, host and port."""
    return site_of(url) is not None and site_of(url) == site_of(other)

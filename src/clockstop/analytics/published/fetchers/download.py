"""Download one file so that nothing half-done is ever taken for it.

Bytes go to a ``.part`` file, beside a note of the version that they are of. What broke off goes on
where it stopped, but only if the site says that it is the same version still (``If-Range``, and
the answer's own words); otherwise it begins anew.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import httpx

from clockstop.analytics.published.fetchers.manners import LaterError
from clockstop.analytics.published.fetchers.parts import Part, Version, check_size
from clockstop.analytics.published.fetchers.site import Site
from clockstop.analytics.published.problems import FileRefusedError, Problem

_OK, _PARTIAL = httpx.codes.OK, httpx.codes.PARTIAL_CONTENT
_UNCHANGED, _BEYOND = httpx.codes.NOT_MODIFIED, httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE


@dataclass(frozen=True)
class Downloaded:
    """A file as its site sent it, whole by its length; its content is not judged yet."""

    part: Part
    version: Version
    sha256: str


def download(site: Site, url: str, part: Part, known: Version | None = None) -> Downloaded | None:
    """Download a file into the part; None if it is still the ``known`` version.

    Raises FileRefusedError if it is not to be had, UnavailableError if the site does not answer,
    and OSError if the disk fails; in the last two cases the bytes so far are kept for the next run.
    """
    version = site.manners.patiently(url, lambda: _attempt(site, url, part, known))
    if version is None:
        part.drop()
        return None
    with part.file.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Downloaded(part, replace(version, size=part.size), digest)


def _attempt(site: Site, url: str, part: Part, known: Version | None) -> Version | None:
    begun, start = part.version(url), part.size
    rest = begun.from_byte(start)
    unless = known.unless_same() if known else {}
    expected = {_OK, *({_PARTIAL, _BEYOND} if rest else ()), *({_UNCHANGED} if unless else ())}
    headers = {"Accept-Encoding": "identity", **unless, **rest}
    with site.get(url, headers, expected) as response:
        if response.status_code == _UNCHANGED:
            return None
        _check_encoding(url, response)
        if response.status_code == _OK:
            begun = Version.of(url, response)
            part.begin(begun)
        elif not begun.is_continued_by(response, start):
            part.drop()
            raise LaterError("the rest of another version than was begun")
        check_size(url, begun.size or 0)
        part.append(response.iter_raw())
    if begun.size not in {None, part.size}:
        raise LaterError(f"{part.size:,} of {begun.size:,} bytes")
    return begun


def _check_encoding(url: str, response: httpx.Response) -> None:
    encoding = response.headers.get("Content-Encoding", "identity")
    if encoding != "identity":
        raise FileRefusedError([Problem(url, "encoding", repr(encoding), "the file as it is")])

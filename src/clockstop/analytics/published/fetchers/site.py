"""Ask a site that is not ours: one request at a time, with a pause after each, never elsewhere."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import httpx

from clockstop.analytics.published.fetchers.manners import LaterError, Manners, seconds_until
from clockstop.analytics.published.fetchers.pages import Page, is_same_site, read_page, site_of
from clockstop.analytics.published.problems import FileRefusedError, Problem

MAX_REDIRECTS = 5
MAX_PAGE_BYTES = 1 << 24
OK = frozenset({httpx.codes.OK})
GONE = frozenset({httpx.codes.NOT_FOUND, httpx.codes.GONE})
BUSY = frozenset({httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_MANY_REQUESTS})


class Site:
    """The site of an address. Raises ValueError if it is no address of the web."""

    def __init__(self, address: str, manners: Manners | None = None) -> None:
        if site_of(address) is None:
            raise ValueError(f"{address!r} is no address such as https://www.england.nhs.uk/")
        self.address = address
        self.manners = manners or Manners()
        self._client = httpx.Client(
            headers={"User-Agent": self.manners.agent},
            timeout=self.manners.timeout,
            limits=httpx.Limits(max_connections=1),
        )
        self._free_at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._client.close()

    def page(self, url: str) -> Page:
        """Read a page's links. Raises FileRefusedError, UnavailableError if there is no answer."""
        return self.manners.patiently(url, lambda: self._page(url))

    def _page(self, url: str) -> Page:
        content = b""
        with self.get(url) as response:
            for piece in response.iter_bytes():
                content += piece
                if len(content) > MAX_PAGE_BYTES:
                    raise _refusal(url, "too large", "more", f"at most {MAX_PAGE_BYTES:,} bytes")
            text = content.decode(response.encoding or "utf-8", "replace")
        return read_page(str(response.url), text)

    @contextmanager
    def get(
        self, url: str, headers: Mapping[str, str] | None = None, expected: Collection[int] = OK
    ) -> Iterator[httpx.Response]:
        """One request, its response open to be read; redirects are followed inside the site.

        Raises LaterError or httpx.RequestError where it may be tried again, FileRefusedError where
        that would not help.
        """
        response = self._open(url, headers or {})
        try:
            if response.status_code not in expected:
                raise _error(url, response)
            yield response
        finally:
            self._close(response)

    def _open(self, url: str, headers: Mapping[str, str]) -> httpx.Response:
        target = url
        for _ in range(MAX_REDIRECTS + 1):
            if not is_same_site(self.address, target):
                found = f"a redirect to {target}" if target != url else "another site"
                raise _refusal(url, "other site", found, f"an address of {self.address}")
            response = self._send(target, headers)
            if response.next_request is None:
                return response
            self._close(response)
            target = str(response.next_request.url)
        raise _refusal(url, "redirects", f"more than {MAX_REDIRECTS}", "an end of them")

    def _send(self, url: str, headers: Mapping[str, str]) -> httpx.Response:
        wait = self._free_at - time.monotonic()
        if wait > 0:
            self.manners.sleep(wait)
        try:
            request = self._client.build_request("GET", url, headers=headers)
        except (httpx.InvalidURL, UnicodeError) as error:
            raise _refusal(url, "address", str(error), "an address to ask") from error
        try:
            return self._client.send(request, stream=True)
        finally:
            self._free_at = time.monotonic() + self.manners.pause

    def _close(self, response: httpx.Response) -> None:
        response.close()
        self._free_at = time.monotonic() + self.manners.pause


def _error(url: str, response: httpx.Response) -> Exception:
    status = response.status_code
    found = f"{status} {response.reason_phrase}".strip()
    if status in BUSY or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return LaterError(found, seconds_until(response.headers.get("Retry-After")))
    return _refusal(url, "not found" if status in GONE else "status", found, "200 OK")


def _refusal(url: str, kind: str, found: str, expected: str) -> FileRefusedError:
    return FileRefusedError([Problem(url, kind, found, expected)])

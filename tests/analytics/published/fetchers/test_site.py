"""A site is asked politely and patiently, and nobody else is asked in its stead."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from tests.analytics.published.fetchers.fault_server import Server, always, page
from tests.analytics.published.fetchers.publication import html_of

from clockstop.analytics.published.fetchers import site as module
from clockstop.analytics.published.fetchers.manners import (
    Manners,
    UnavailableError,
    seconds_until,
    user_agent,
)
from clockstop.analytics.published.fetchers.pages import Link
from clockstop.analytics.published.fetchers.site import Site
from clockstop.analytics.published.problems import FileRefusedError, Problem

GOOD = page(html_of([("May", "may.zip")]))


def refusal(site: Site, url: str) -> Problem:
    with pytest.raises(FileRefusedError) as caught:
        site.page(url)
    (problem,) = caught.value.problems
    assert not isinstance(caught.value, UnavailableError)
    return problem


def gave_up(site: Site, url: str) -> str:
    with pytest.raises(UnavailableError) as caught:
        site.page(url)
    (problem,) = caught.value.problems
    return problem.found


def test_a_page_and_who_asks_for_it(server, site, slept) -> None:
    url = server.play("/rtt/", GOOD)
    found = site.page(url)
    assert (found.url, Link("May", f"{server.address}/rtt/may.zip") in found.links) == (url, True)
    assert (server.requests[0]["User-Agent"], slept) == (user_agent(), [])


def test_who_explains_it() -> None:
    assert user_agent("https://docs.example/") == f"{user_agent()} (+https://docs.example/)"
    assert user_agent().startswith("Clockstop/")


def test_a_pause_between_requests_and_none_before_the_first(server) -> None:
    slept: list[float] = []
    url = server.play("/", GOOD)
    with Site(server.address, Manners(pause=3, sleep=slept.append)) as site:
        site.page(url)
        assert slept == []
        site.page(url)
    assert slept == [pytest.approx(3, abs=1)]


@pytest.mark.parametrize("status", [500, 502, 503, 408])
def test_a_failure_that_passes(server, site, slept, status: int) -> None:
    url = server.play("/", always(status), always(status), GOOD)
    assert site.page(url).links
    assert slept == [2, 4]


def test_a_dropped_connection_that_passes(server, site, slept) -> None:
    url = server.play("/", always(200, b"<a href", length=100), always(200, cut=0, length=9), GOOD)
    assert site.page(url).links
    assert slept == [2, 4]


def test_as_long_as_the_site_asks_to_wait(server, site, slept) -> None:
    url = server.play("/", always(429, headers={"Retry-After": "17"}), GOOD)
    assert site.page(url).links
    assert slept == [17]


def test_a_failure_that_stays(server, site, slept) -> None:
    url = server.play("/", always(503))
    assert gave_up(site, url) == "503 Service Unavailable, at the last of 5 attempts"
    assert (len(server.requests), slept) == (5, [2, 4, 8, 16])


def test_a_wait_too_long_is_not_waited(server, site, slept) -> None:
    url = server.play("/", always(429, headers={"Retry-After": "7200"}))
    assert gave_up(site, url) == "429 Too Many Requests, asking to wait 7,200 s"
    assert (len(server.requests), slept) == (1, [])


def test_nobody_there(manners, slept) -> None:
    with Site("http://127.0.0.1:1/", manners) as site:
        assert "at the last of 5 attempts" in gave_up(site, "http://127.0.0.1:1/page")
    assert len(slept) == 4


@pytest.mark.parametrize(
    ("status", "kind"), [(404, "not found"), (410, "not found"), (403, "status"), (401, "status")]
)
def test_what_asking_again_would_not_help(server, site, slept, status: int, kind: str) -> None:
    problem = refusal(site, server.play("/page", always(status)))
    assert (problem.file, problem.kind) == (f"{server.address}/page", kind)
    assert problem.found.startswith(str(status))
    assert slept == []


def test_a_redirect_inside_the_site(server, site) -> None:
    url = server.play("/old", always(301, headers={"Location": "/new/"}))
    server.play("/new/", GOOD)
    found = site.page(url)
    assert found.url == f"{server.address}/new/"
    assert f"{server.address}/new/may.zip" in {link.url for link in found.links}


@pytest.mark.parametrize(
    "location",
    [
        "http://localhost:{port}/new/",
        "https://127.0.0.1:{port}/",
        "//elsewhere.example/",
        "ftp:/x",
        "http://[oops/",
    ],
)
def test_a_redirect_to_another_site_is_not_followed(server, site, location: str) -> None:
    target = location.format(port=server.address.rsplit(":", 1)[1])
    url = server.play("/old", always(302, headers={"Location": target}))
    server.play("/new/", GOOD)
    problem = refusal(site, url)
    assert (problem.kind, problem.file) == ("other site", url)
    assert problem.found.startswith("a redirect to ")
    assert len(server.requests) == 1


def test_redirects_without_end(server, site) -> None:
    url = server.play("/round", always(302, headers={"Location": "/round"}))
    assert refusal(site, url).kind == "redirects"


def test_a_redirect_to_no_address(server, site) -> None:
    url = server.play("/old", always(302, headers={"Location": "http://127.0.0.1:port/"}))
    assert "Invalid URL in location header" in gave_up(site, url)


def test_an_address_that_cannot_be_asked(server, site) -> None:
    assert refusal(site, f"{server.address}/\x00may").kind == "address"


def test_another_site_is_not_asked_at_all(server, site) -> None:
    assert refusal(site, "https://elsewhere.example/").found == "another site"
    assert server.requests == []


def test_a_page_without_end(server, site, monkeypatch) -> None:
    monkeypatch.setattr(module, "MAX_PAGE_BYTES", 100)
    assert refusal(site, server.play("/", GOOD)).kind == "too large"


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b'<?xml version="1.0"?><a/>', b"{}"])
def test_a_page_that_is_none_has_no_links(server, site, body: bytes) -> None:
    assert site.page(server.play("/", always(200, body))).links == ()


@pytest.mark.parametrize(
    "address", ["", "www.england.nhs.uk", "ftp://host/", "https://", "http://[x"]
)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(ValueError, match="is no address such as"):
        Site(address)


def test_retry_after() -> None:
    assert seconds_until(None) is None
    assert seconds_until("120") == 120
    assert seconds_until("soon") is None
    assert seconds_until("-5") is None
    past, future = (datetime.now(UTC) + timedelta(seconds=s) for s in (-60, 60))
    assert seconds_until(format_datetime(past, usegmt=True)) == 0
    assert seconds_until(format_datetime(future, usegmt=True)) == pytest.approx(60, abs=2)
    assert seconds_until(format_datetime(future.replace(tzinfo=None))) == pytest.approx(60, abs=2)


def test_one_connection_at_a_time(server: Server, site) -> None:
    url = server.play("/", GOOD)
    for _ in range(5):
        site.page(url)
    assert server.most_at_once == 1

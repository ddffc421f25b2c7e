"""A steady stream of searches on the compare page, as visitors would send them."""

from __future__ import annotations

import http.client
import os
import random
import re
import threading
import time
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlencode

import django

SEARCHES = [
    ("hip replacement", "LS1 4AP", "30"),
    ("cataract", "SW1A 1AA", "20"),
    ("hernia", "B1 1AA", "50"),
    ("ENT", "M1 1AE", "30"),
    ("gynaecology", "BS1 5TR", "100"),
    ("skin", "NE1 4LP", "any"),
    ("cardiology", "", "any"),
    ("C_110", "PL1 2AA", "50"),
]
FIELDS = ("need", "place", "within")


def percentile(times: list[float], percent: int) -> float:
    """The time that so many of 100 requests stayed within."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


Request = tuple[str, str, str | None, dict[str, str]]  # method, path, body, headers


def searches(host: str) -> list[Request]:
    """The compare searches, with the token and the cookie that the form gave."""
    token, cookie = _csrf(host)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": cookie,
        "Origin": f"http://{host}",
    }
    return [("POST", "/", _body(token, search), headers) for search in SEARCHES]


def dashboards(home: Path) -> list[Request]:
    """Every area of a lake on every topic, in a mixed order that is always the same."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clockstop.interfaces.config.settings.test")
    django.setup()
    from clockstop.service.dashboards.book import figures_of
    from clockstop.service.dashboards.subject import DEFAULT_BASIS, Subject
    from clockstop.service.dashboards.topics import topics_of

    book = figures_of(home)
    subjects = [Subject(book, area, DEFAULT_BASIS) for area in book.areas.values()]
    paths = [each.address(topic.key) for each in subjects for topic in topics_of(each)]
    return pages(*random.Random(1948).sample(paths, len(paths)))


def pages(*paths: str) -> list[Request]:
    """A plain GET of each path."""
    return [("GET", path, None, {}) for path in paths]


def stream(host: str, rate: int, seconds: int, requests: list[Request]) -> list[float]:
    """Send the requests in turn at a fixed rate, whether or not earlier ones are answered.

    Returns the time of each, from when it was due, so that a queue counts. Raises RuntimeError if
    any answer is not 200.
    """
    times: list[float] = []
    failures: list[int] = []
    lock = threading.Lock()

    def send(request: Request, due: float) -> None:
        connection = http.client.HTTPConnection(host, timeout=30)
        connection.request(*request)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        with lock:
            times.append(time.perf_counter() - due)
            if answer.status != http.client.OK:
                failures.append(answer.status)

    threads = []
    start = time.perf_counter()
    for number, request in enumerate(islice(cycle(requests), rate * seconds)):
        due = start + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        thread = threading.Thread(target=send, args=(request, due))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(f"{len(failures)} answers were not 200: {sorted(set(failures))}")
    return times


def _csrf(host: str) -> tuple[str, str]:
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.request("GET", "/")
    answer = connection.getresponse()
    page = answer.read().decode()
    cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if not found:
        raise RuntimeError("the compare page has no search form")
    return found[1], cookie


def _body(token: str, search: tuple[str, ...]) -> str:
    return urlencode({"csrfmiddlewaretoken": token, **dict(zip(FIELDS, search, strict=True))})

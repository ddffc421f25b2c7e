"""A steady stream of searches on the compare page, as visitors would send them."""

from __future__ import annotations

import http.client
import re
import threading
import time
from itertools import cycle, islice
from urllib.parse import urlencode

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


def stream(host: str, rate: int, seconds: int, *, path: str | None = None) -> list[float]:
    """Send requests at a fixed rate whether or not the earlier ones are answered; their times.

    Without ``path``, compare searches; with it, a plain GET. A time runs from when the request was
    due, so that a queue counts. Raises RuntimeError if any answer is not 200.
    """
    token, cookie = _csrf(host)
    bodies = [_body(token, search) for search in SEARCHES]
    times: list[float] = []
    failures: list[int] = []
    lock = threading.Lock()

    def send(body: str, due: float) -> None:
        connection = http.client.HTTPConnection(host, timeout=30)
        if path:
            connection.request("GET", path)
        else:
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": cookie,
                "Origin": f"http://{host}",
            }
            connection.request("POST", "/", body, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        with lock:
            times.append(time.perf_counter() - due)
            if answer.status != http.client.OK:
                failures.append(answer.status)

    threads = []
    start = time.perf_counter()
    for number, body in enumerate(islice(cycle(bodies), rate * seconds)):
        due = start + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        thread = threading.Thread(target=send, args=(body, due))
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

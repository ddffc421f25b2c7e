"""Somebody who enters events through the real pages of a site that may die at any moment."""

import json
import sys
import time
from random import Random
from threading import Lock, Thread

import django
import httpx
from bs4 import BeautifulSoup

KIND = "referral_received"


class Tally:
    """What has been answered so far, by all who enter."""

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.acknowledged: list[str] = []  # the submissions whose redirect was received
        self.sent_again = self.changed_meanwhile = 0
        self.troubles: list[str] = []
        self._lock = Lock()

    def acknowledge(self, submission: str) -> None:
        with self._lock:
            self.acknowledged.append(submission)

    @property
    def is_done(self) -> bool:
        return len(self.acknowledged) >= self.wanted or bool(self.troubles)


class Somebody(Thread):
    """Fills in the form of one pathway after another, until enough has been entered."""

    def __init__(self, url: str, cookies: dict[str, str], pathways: list[str], tally: Tally, seed):
        super().__init__(daemon=True)
        self._url, self._cookies, self._pathways, self._tally = url, cookies, pathways, tally
        self._random = Random(seed)

    def run(self) -> None:
        with httpx.Client(cookies=self._cookies, timeout=60) as browser:
            while not self._tally.is_done:
                self._enter(browser, self._random.choice(self._pathways))

    def _enter(self, browser: httpx.Client, pathway: str) -> None:
        address = f"{self._url}/pathways/{pathway}/record/{KIND}/"
        page = self._ask(browser, "GET", address)
        if page is None or page.status_code != 200:
            self._trouble(page)
            return
        filled = _filled_in(page.text, day=self._random.randint(1, 28))
        answer = self._ask(browser, "POST", address, filled)
        if answer is not None and answer.status_code == 302:
            self._tally.acknowledge(filled["submission"])
        elif answer is not None and "<title>Check the effect" in answer.text:
            self._tally.changed_meanwhile += 1
        else:
            self._trouble(answer)

    def _ask(self, browser, method, address, data=None) -> httpx.Response | None:
        """Ask until somebody answers: what got no answer is sent again as it was."""
        while True:
            try:
                return browser.request(method, address, data=data)
            except httpx.TransportError:
                if self._tally.is_done:
                    return None
                self._tally.sent_again += method == "POST"
                time.sleep(0.05)

    def _trouble(self, answer: httpx.Response | None) -> None:
        if answer is not None:
            self._tally.troubles.append(f"{answer.status_code} {answer.text[:2000]}")


def _filled_in(page: str, day: int) -> dict[str, str]:
    """The form as the page offers it, with a day, as if its effect had been checked."""
    form = BeautifulSoup(page, "html.parser").select_one("main form")
    filled = {}
    for field in form.select("input[name], select[name]"):
        if field.get("type") in {"radio", "checkbox"} and not field.has_attr("checked"):
            continue
        chosen = field.select_one("option[selected]") if field.name == "select" else field
        filled[field["name"]] = chosen["value"] if chosen and chosen.has_attr("value") else ""
    typed = {"day-day": str(day), "day-month": "1", "day-year": "2025", "via_ers": "no"}
    return filled | typed | {"step": "save"}


def prepare(pathways: int) -> dict[str, object]:
    """A signed-in manager and some pathways, in the store of this process."""
    from django.test import Client
    from tests.service.people import a_member, a_pathway, signed_in

    client = signed_in(Client(), a_member())
    cookies = {name: cookie.value for name, cookie in client.cookies.items()}
    return {"cookies": cookies, "pathways": [str(a_pathway().pk) for _ in range(pathways)]}


def kept() -> dict[str, object]:
    """The submissions of all events in the store of this process, and what its audit says."""
    from clockstop.service.audit.verifying import verify
    from clockstop.service.pathways.models import PathwayEvent
    from clockstop.service.pathways.verifying import verify as verify_events

    submissions = PathwayEvent.objects.values_list("submission", flat=True)
    audit, events = verify(), verify_events()
    return {
        "submissions": [str(each) for each in submissions],
        "entries": audit.entries,
        "faults": [str(each) for each in (*audit.faults, *events.faults)],
    }


if __name__ == "__main__":
    django.setup()
    told = prepare(int(sys.argv[2])) if sys.argv[1] == "prepare" else kept()
    sys.stdout.write(json.dumps(told))

"""Which requests stand on the hub's lists, in what order, and how many of them run late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q

from clockstop.service.accounts.actor import Actor
from clockstop.service.transfers.models import AidRequest, PatientRequest
from clockstop.service.transfers.states import Aid, Asked

# The tabs of the board, by the word in the address.
TABS: Mapping[str, tuple[str, tuple[Aid, ...]]] = {
    "open": ("To find a place", (Aid.OPEN,)),
    "offered": ("Offered", (Aid.OFFERED,)),
    "told": ("With the patient", (Aid.WITH_PATIENT,)),
    "moving": ("Accepted and moving", (Aid.ACCEPTED, Aid.TRANSFERRING)),
    "expired": ("No offer in time", (Aid.EXPIRED,)),
}
# Patients' own requests that wait for the hub before there is a request for help.
TO_SEARCH = (Asked.SUITABLE,)
SEARCHED = (*TO_SEARCH, Asked.ICB_SEARCH, Asked.DMAS_NATIONAL, Asked.CHOOSING, Asked.PROVIDER_ASKED)
PRIORITIES = (("1", "1, most urgent"), ("2", "2"), ("3", "3"), ("4", "4, or none"))
DISTANCES = (("50", "Within 50 miles"), ("100", "Within 100 miles"), ("any", "Anywhere"))


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is cut by; empty where it is not."""

    specialty: str = ""
    priority: str = ""
    distance: str = ""
    late: bool = False

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> Filter:
        """As the address has it; what is no choice is left out."""
        priority, distance = sent.get("priority", ""), sent.get("distance", "")
        return cls(
            sent.get("specialty", "")[:6],
            priority if priority in dict(PRIORITIES) else "",
            distance if distance in dict(DISTANCES) else "",
            sent.get("late") == "yes",
        )

    @property
    def query(self) -> str:
        """As it goes into the address of the next page."""
        given = (
            ("specialty", self.specialty),
            ("priority", self.priority),
            ("distance", self.distance),
            ("late", "yes" if self.late else ""),
        )
        return urlencode([(name, value) for name, value in given if value])

    def cut(self, rows: Any, today: date) -> Any:
        """The rows that it leaves."""
        if self.specialty:
            rows = rows.filter(treatment_function=self.specialty)
        if self.priority:
            rows = rows.filter(urgency=self.priority)
        if self.distance:
            miles = None if self.distance == "any" else int(self.distance)
            rows = (
                rows.filter(distance=miles) if miles is None else rows.filter(distance__lte=miles)
            )
        return rows.filter(due__lt=today) if self.late else rows


def own(actor: Actor) -> Any:
    """Requests of the hub's own ICB."""
    return AidRequest.objects.visible_to(actor, of_hub="own")


def board(actor: Actor, tab: str, by: Filter, today: date) -> Any:
    """A tab of the board: by deadline, then clinical priority, then the longest wait.

    Cancer stands on a list of its own and in no order of ours.
    """
    rows = own(actor).filter(state__in=TABS[tab][1], is_cancer=False)
    return by.cut(rows, today).order_by("due", "urgency", "waiting_since", "pk")


def cancer(actor: Actor) -> Any:
    """Those under suspicion of cancer, the first to be treated by law at the head."""
    live = [state for _, states in TABS.values() for state in states]
    return own(actor).filter(is_cancer=True, state__in=live).order_by("waiting_since", "pk")


def pool(actor: Actor, by: Filter, today: date) -> Any:
    """The national pool: open requests of every ICB that the whole country may help with."""
    rows = AidRequest.objects.visible_to(actor, of_hub="pool").filter(state=Aid.OPEN)
    return by.cut(rows, today).order_by("urgency", "waiting_since", "pk")


def counts(actor: Actor, today: date) -> dict[str, tuple[int, int]]:
    """By tab, how many and how many of them are late: one question to the store."""
    late = Count("pk", filter=Q(due__lt=today))
    rows = own(actor).filter(state__in=[*_LIVE], is_cancer=False).order_by()
    by_state = {
        state: (n, m)
        for state, n, m in rows.values_list("state").annotate(number=Count("pk"), late=late)
    }
    return {
        tab: (
            sum(by_state.get(each.value, (0, 0))[0] for each in states),
            sum(by_state.get(each.value, (0, 0))[1] for each in states),
        )
        for tab, (_, states) in TABS.items()
    }


_LIVE = tuple(state.value for _, states in TABS.values() for state in states)


def asked(actor: Actor) -> Any:
    """Patients' own requests that are searched for: what is due first at the head."""
    rows = PatientRequest.objects.visible_to(actor).filter(state__in=SEARCHED)
    return rows.order_by("due", "clock_start", "pk")


def asked_counts(actor: Actor, today: date) -> tuple[int, int, int]:
    """How many patients' requests wait to be searched for, are escalated, are late."""
    rows = PatientRequest.objects.visible_to(actor).filter(state__in=SEARCHED).order_by()
    found = rows.aggregate(
        number=Count("pk"),
        escalated=Count("pk", filter=~Q(escalated_at=None)),
        late=Count("pk", filter=Q(due__lt=today)),
    )
    return found["number"], found["escalated"], found["late"]

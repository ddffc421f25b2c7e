"""Whether every count of a simulation is the same wherever it is written.

States, step rows, the published measures, the pathways' own events and the monthly return are each
counted for themselves.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q

from clockstop.core.rtt.events import TransferReceived, TransferSent
from clockstop.core.types import Month
from clockstop.service.audit.verifying import verify
from clockstop.service.messaging.models import Message
from clockstop.service.pathways.models import Pathway
from clockstop.service.transfers.actions.asking.telling import INVITATION
from clockstop.service.transfers.actions.matching import TAKEN
from clockstop.service.transfers.measures.courses import PATIENTS, Course
from clockstop.service.transfers.models import (
    AidRequest,
    AidStep,
    Capacity,
    Invitation,
    Match,
    Offer,
    PatientRequest,
    PatientRequestStep,
    Transfer,
)
from clockstop.service.transfers.simulation.line import Line
from clockstop.service.transfers.simulation.moves import moved, pathway_of, runs, start_of
from clockstop.service.transfers.simulation.returned import of_returns
from clockstop.service.transfers.states import OFFER_LIVE, Aid, Asked


@dataclass(frozen=True, slots=True)
class Before:
    """What was there before anybody was asked: the entries of every pathway of the ICB."""

    lengths: Mapping[Any, int]

    @classmethod
    def now(cls, icb_code: str) -> Before:
        """As it is now."""
        return cls(dict(Pathway.objects.filter(icb_code=icb_code).values_list("pk", "length")))


def funnel(courses: Iterable[Course]) -> dict[str, int]:
    """How many reached each stage, by its words: the published measure, summed from the end."""
    reached = Counter[str]()
    for each in courses:
        reached.update(each.reached(PATIENTS).keys())
    return {words: reached[name] for name, (words, _) in PATIENTS.items()}


def lines(
    icb_code: str, counted: Mapping[str, int], months: Sequence[Month], before: Before
) -> Iterator[Line]:
    """Every count that there is more than one of. ``counted`` is the funnel as measured."""
    yield from _of_requests(counted)
    yield from _of_moves(counted, before)
    yield from _of_places()
    yield from of_returns(icb_code, months)
    yield from _untouched(icb_code, before)
    verified = verify()
    yield Line("faults of the audit's chains", {"found": len(verified.faults), "due": 0})


def _of_requests(counted: Mapping[str, int]) -> Iterator[Line]:
    asked = PatientRequest.objects.exclude(asked_at=None).count()
    invited = {
        "steps": _taken(PatientRequestStep, "invite"),
        "invitations": Invitation.objects.count(),
        "outbox": Message.objects.filter(template=INVITATION).count(),
        "measure": counted["Invited"],
    }
    yield Line("invited", invited)
    of_steps = _taken(PatientRequestStep, "ask")
    yield Line("asked", {"rows": asked, "steps": of_steps, "measure": counted["Asked"]})
    suitable = _taken(PatientRequestStep, "find_suitable")
    yield Line("suitable", {"steps": suitable, "measure": counted["Suitable"]})
    searched = {
        "steps": _taken(PatientRequestStep, "search"),
        "requests for help": AidRequest.objects.values("patient_request").distinct().count(),
        "measure": counted["Searched"],
    }
    yield Line("searched", searched)
    offered = {
        "patients' steps": _taken(PatientRequestStep, "offer"),
        "requests' steps": _taken(AidStep, "send_to_patient"),
        "offers": Offer.objects.exclude(sent_at=None).values("request").distinct().count(),
        "measure": counted["Offered"],
    }
    yield Line("offered", offered)
    accepted = {
        "patients' steps": _taken(PatientRequestStep, "accept"),
        "requests' steps": _taken(AidStep, "choose"),
        "measure": counted["Accepted"],
    }
    yield Line("accepted", accepted)


def _of_moves(counted: Mapping[str, int], before: Before) -> Iterator[Line]:
    counts = {
        "patients' states": PatientRequest.objects.filter(state=Asked.CLOSED_MOVED).count(),
        "requests' steps": _taken(AidStep, "receive"),
        "transfers": Transfer.objects.exclude(received_on=None).count(),
        "21 on pathways": _entered(TransferSent.kind, "21", before),
        "20 on pathways": _entered(TransferReceived.kind, "20", before),
        "measure": counted["Moved"],
    }
    yield Line("moved", counts)
    treated = {
        "states": AidRequest.objects.filter(state=Aid.COMPLETED).count(),
        "steps": _taken(AidStep, "complete"),
        "transfers": Transfer.objects.exclude(treated_on=None).count(),
        "clocks stopped": sum(not runs(pathway_of(each)) for each in moved()),
        "measure": counted["Treated"],
    }
    yield Line("treated", treated)
    starts = [(each.request.waiting_since, start_of(pathway_of(each))) for each in moved()]
    kept = {"moved": len(starts), "same start": sum(was == now for was, now in starts)}
    yield Line("starts of clocks that were kept", kept)


def _of_places() -> Iterator[Line]:
    live = Count("offers", filter=Q(offers__state__in=[each.value for each in OFFER_LIVE]))
    held = Capacity.objects.annotate(live=live)
    taken = sum(held.values_list("taken", flat=True))
    proposed = Match.objects.filter(decision=TAKEN).count()
    yield Line("offers", {"proposals taken": proposed, "offers": Offer.objects.count()})
    yield Line("places given", {"counted": taken, "offers": sum(e.live for e in held)})
    over = held.filter(Q(taken__gt=F("places")) | ~Q(taken=F("live"))).count()
    yield Line("capacities given twice over", {"found": over, "due": 0})


def _untouched(icb_code: str, before: Before) -> Iterator[Line]:
    """Whoever has not moved has the same pathway as before: nothing was written on it."""
    gone = {pathway_of(each).pk for each in moved()}
    now = Before.now(icb_code).lengths
    others = {key: length for key, length in before.lengths.items() if key not in gone}
    same = sum(now.get(key) == length for key, length in others.items())
    yield Line("pathways of others, untouched", {"before": len(others), "the same": same})


def _taken(rows: Any, action: str) -> int:
    """How many requests had a step, once each, however often it was taken."""
    of = "request__patient_request" if rows is AidStep else "request"
    return int(rows.objects.filter(action=action).values(of).distinct().count())


def _entered(kind: str, status: str, before: Before) -> int:
    """Entries of moved patients' pathways since the beginning, with their status code."""
    found = 0
    for each in moved():
        pathway = pathway_of(each)
        new = pathway.events.filter(kind=kind, number__gt=before.lengths[pathway.pk])
        told = (json.loads(values) for values in new.values_list("values", flat=True))
        found += sum(values.get("status") == status for values in told)
    return found

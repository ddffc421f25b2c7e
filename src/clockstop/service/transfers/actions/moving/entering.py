"""What a transfer enters on the pathway, and whose it is from then on (RTT guidance §11).

Responsibility that passes is the sender's 21 and the receiver's 20, with the original start and the
pathway's identifier; the clock goes on. A test or an opinion, and a subcontract of which the sender
reports, leave the pathway on the sender's list. A direct-access test has none.
"""

from __future__ import annotations

from datetime import date

from clockstop.core.rtt.events import Handover, ReportedBy
from clockstop.core.rtt.status_codes import Status
from clockstop.service.audit import recording
from clockstop.service.pathways import handing
from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import CareRelationship, HospitalRecord, Pathway
from clockstop.service.transfers.actions.aid.relating import keep_seeing, sees_otherwise
from clockstop.service.transfers.models import AidRequest
from clockstop.service.transfers.models.aid import Reporter

# What the system of the provider before knew of its own plans; nothing of it holds elsewhere.
_PLANS = {"next_appointment": None, "tci_date": None, "follow_up_due": None} | {
    "site": "",
    "consultant": "",
}


def passes_on(request: AidRequest) -> bool:
    """Whether the patient goes to the receiver's list."""
    return not request.is_diagnostic and request.reported_by != Reporter.SENDER


def enter_move(request: AidRequest, pathway: Pathway | None, by: recording.Actor, on: date) -> None:
    """Write on a locked pathway that the receiver has the patient."""
    if pathway is None:
        return
    sender, receiver = request.organisation_code, request.receiver_code
    if request.is_diagnostic:
        opinion = {"provider": sender, "to": receiver, "handover": Handover.OPINION.value}
        handing.enter(pathway, by, "transfer_sent", day=on, **opinion)
        return
    if passes_on(request):
        _move(request, pathway, (sender, receiver), by, on, _terms(request))
        return
    form = _form(pathway, on)
    handing.relate(pathway, receiver, CareRelationship.Part.PROVIDER)
    terms = {**_terms(request), "agreed_in_advance": True, "shown_safe": True}
    handing.enter(pathway, by, "transfer_sent", day=on, provider=sender, to=receiver, **terms)
    handing.enter(pathway, by, "transfer_received", day=on, provider=receiver, **form)


def enter_return(
    request: AidRequest, pathway: Pathway | None, by: recording.Actor, on: date
) -> None:
    """Write on a locked pathway that the sender has the patient again; the clock goes on."""
    if pathway is None:
        return
    sender, receiver = request.organisation_code, request.receiver_code
    if request.is_diagnostic:
        enter_tested(request, pathway)
        return
    terms: dict[str, object] = {"handover": Handover.RESPONSIBILITY.value}
    _move(request, pathway, (receiver, sender), by, on, terms)


def enter_tested(request: AidRequest, pathway: Pathway | None) -> None:
    """Who tested sees a locked pathway until tonight, unless it looks after it otherwise."""
    if pathway is not None and not sees_otherwise(request):
        handing.part_with(pathway, request.receiver_code)


def _move(
    request: AidRequest,
    pathway: Pathway,
    sides: tuple[str, str],
    by: recording.Actor,
    on: date,
    terms: dict[str, object],
) -> None:
    (leaves, comes), form = sides, _form(pathway, on)
    handing.hand_over(pathway, comes)
    keep_seeing(request, pathway)
    HospitalRecord.objects.filter(pk=pathway.pk).update(**_PLANS)
    sent = {"provider": leaves, "to": comes, "status": Status.TRANSFER.value, **terms}
    handing.enter(pathway, by, "transfer_sent", day=on, **sent)
    received = {"provider": comes, "status": Status.LATER_ACTIVITY.value, **form}
    handing.enter(pathway, by, "transfer_received", day=on, **received)


def _form(pathway: Pathway, on: date) -> dict[str, str]:
    """What the receiver enters from the data set: the start of the clock never moves."""
    running = clock_on(pathway.events.all(), on).running
    told = {"pathway_id": pathway.identifier, "issuer": pathway.issuer}
    start = running.start if running else None
    return told | ({"original_start": start.isoformat()} if start else {})


def _terms(request: AidRequest) -> dict[str, object]:
    if request.reported_by == Reporter.RECEIVER:
        return {"handover": Handover.RESPONSIBILITY.value}
    treats = request.reported_by == Reporter.SUBCONTRACTOR
    reports = ReportedBy.TREATING if treats else ReportedBy.ORIGINAL
    return {"handover": Handover.SUBCONTRACT.value, "reported_by": reports.value}

"""A process that receives patients and gives them back, to be killed; and what must hold of them."""

import json
import sys

import django


def prepare(count: int) -> list[str]:
    """So many transfers that have started, by their requests' keys."""
    from tests.service.transfers import made_up

    capacity = made_up.a_capacity(places=count)
    made = [made_up.accepted(capacity=capacity) for _ in range(count)]
    return [str(made_up.transferring(each).pk) for each in made]


def move(keys: list[str]) -> None:
    """Receive them all and give every second one back, taking up whatever is there."""
    from tests.service.transfers.made_up import OTHER_HOSPITAL, a_clinician

    from clockstop.service.transfers.actions import moving

    clinician = a_clinician(OTHER_HOSPITAL)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for number, key in enumerate(keys):
        moving.receive(actor=clinician, request_id=key)
        if number % 2:
            moving.return_patient(actor=clinician, request_id=key, reason="not_fit")


def found(keys: list[str]) -> dict[str, object]:
    """Where each stands, what is wrong with any of them, and what the audit says."""
    from clockstop.service.audit.verifying import verify
    from clockstop.service.pathways.verifying import verify as verify_events
    from clockstop.service.transfers.models import AidRequest

    requests = list(AidRequest.objects.filter(pk__in=keys).order_by("pk"))
    faults = [fault for each in requests for fault in _faults(each)]
    faults += [str(each) for each in (*verify().faults, *verify_events().faults)]
    return {"states": [each.state for each in requests], "faults": faults}


def _faults(request):
    """A patient is on one list: that of the clock, of the pathway and of the tracking list."""
    from django.utils import timezone

    from clockstop.service.pathways.clock import clock_on
    from clockstop.service.tracking.models import ListEntry

    whose = request.receiver_code if request.state == "TRANSFERRED" else request.organisation_code
    running = clock_on(request.pathway.events.all(), timezone.localdate()).running
    lists = {
        running.listed_by,
        request.pathway.organisation_code,
        ListEntry.objects.get(pathway=request.pathway).organisation_code,
    }
    if lists != {whose}:
        yield f"{request.pk}, {request.state}: on {sorted(lists)}"
    if running.start != request.waiting_since:
        yield f"{request.pk}: starts on {running.start}"
    length = {"TRANSFERRING": 1, "TRANSFERRED": 3, "RETURNED": 5}[request.state]
    if request.pathway.length != length:
        yield f"{request.pk}, {request.state}: {request.pathway.length} events"


if __name__ == "__main__":
    django.setup()
    act, given = sys.argv[1], json.loads(sys.argv[2])
    told = {"prepare": prepare, "move": move, "found": found}[act](given)
    sys.stdout.write(json.dumps(told))

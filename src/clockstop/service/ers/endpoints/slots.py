"""A015: the free slots of a service, page by page."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid4

from django.http import QueryDict
from django.utils import timezone

from clockstop.core.state_tables import Refusal
from clockstop.service.directory.choices import Priority, Status
from clockstop.service.directory.models import HealthcareService, Schedule, Slot
from clockstop.service.directory.slots import free_slots
from clockstop.service.ers import systems
from clockstop.service.ers.endpoints.asking import number
from clockstop.service.ers.errors import ErsError, refuse
from clockstop.service.ers.gate import Answer, Call, operation
from clockstop.service.ers.resources.criteria import PRIORITIES
from clockstop.service.fhir.building import Json, bundle, found, identifier, instant
from clockstop.service.referrals.menu import described

_SERVICE, _PRIORITY = "schedule.actor:HealthcareService", "appointmentType"
_CLINICIAN = "schedule.actor:Practitioner"
_NEEDED = (_SERVICE, _PRIORITY, "status", "_count", "page")
_MOST = 100
_BUNDLE = "http://hl7.org/fhir/STU3/StructureDefinition/Bundle"


@operation("A015")
def retrieve(call: Call) -> Answer:
    """Slots that somebody can have now; each comes with its schedule."""
    asked = call.request.GET
    _check(call, asked)
    service = _service(asked[_SERVICE])
    slots = free_slots(
        service,
        priority=Priority(asked[_PRIORITY].lower()),
        clinician=asked.get(_CLINICIAN, ""),
    )
    count, page = int(asked["_count"]), int(asked["page"])
    total = slots.count()
    if page > max(1, -(-total // count)):
        raise refuse("INVALID_VALUE", "'page' is past the last one")
    held = list(slots[(page - 1) * count : page * count])
    return Answer(_bundle(call, held, total, is_last=page * count >= total))


def _check(call: Call, asked: QueryDict) -> None:
    refusals = [
        Refusal("MISSING_PARAMETER", f"'{name}' is missing")
        for name in _NEEDED
        if name not in asked
    ]
    if not call.request.headers.get("NHSD-eRS-Comm-Rule-Org"):
        refusals.append(Refusal("MISSING_HEADER", "'NHSD-eRS-Comm-Rule-Org' is missing"))
    if not refusals:
        refusals = [*_about_values(asked)]
    if refusals:
        raise ErsError(*refusals)


def _about_values(asked: QueryDict) -> Iterable[Refusal]:
    if asked[_PRIORITY] not in PRIORITIES:
        yield Refusal("INVALID_CODE", f"'{_PRIORITY}' is no priority")
    if asked["status"] != "free":
        yield Refusal("INVALID_VALUE", "'status' must be free")
    for name, most in (("_count", _MOST), ("page", 1_000_000)):
        if not 1 <= (number(asked[name]) or 0) <= most:
            yield Refusal("INVALID_VALUE", f"'{name}' must be from 1 to {most}")


def _service(key: str) -> HealthcareService:
    """A published service. Raises ErsError."""
    wanted = number(key)
    service = described([wanted]).get(wanted) if wanted is not None else None
    if service is None or service.status == Status.DRAFT:
        raise refuse("REFERENCE_NOT_FOUND", f"'{_SERVICE}' is no service")
    if service.status != Status.PUBLISHED:
        raise refuse("SERVICE_UNAVAILABLE", f"'{_SERVICE}' takes no referrals any more")
    return service


def _bundle(call: Call, slots: list[Slot], total: int, *, is_last: bool) -> Json:
    schedules = {each.schedule.pk: each.schedule for each in slots}
    here = f"{call.base}/STU3"
    entries = [
        *(found(f"{here}/Slot/{each.pk}", _slot(each)) for each in slots),
        *(
            found(f"{here}/Schedule/{each.code}", _schedule(each), "include")
            for each in schedules.values()
        ),
    ]
    told = bundle(
        str(uuid4()),
        entries,
        timezone.now(),
        call.request.build_absolute_uri(),
        total=total,
        meta={"profile": [_BUNDLE]},
    )
    if not is_last:
        query = call.request.GET.copy()
        query["page"] = str(int(call.request.GET["page"]) + 1)
        told["link"].append({"relation": "next", "url": f"{here}/Slot?{query.urlencode()}"})
    return told


def _slot(slot: Slot) -> Json:
    return {
        "id": str(slot.pk),
        "meta": {"profile": [systems.care_connect("Slot")]},
        "resourceType": "Slot",
        "identifier": [identifier(systems.SLOT, slot.usrn)],
        "schedule": {"reference": f"Schedule/{slot.schedule.code}"},
        "status": "free",
        "start": instant(slot.starts),
        "end": instant(slot.ends),
    }


def _schedule(schedule: Schedule) -> Json:
    actors = [{"identifier": identifier(systems.SERVICE, str(schedule.service_id))}]
    if schedule.clinician_id:
        actors.append({"identifier": identifier(systems.USER_ID, schedule.clinician_id)})
    return {
        "id": schedule.code,
        "meta": {"profile": [systems.care_connect("Schedule")]},
        "resourceType": "Schedule",
        "identifier": [identifier(systems.SCHEDULE, schedule.code)],
        "actor": actors,
    }

"""What time does to patients' requests: what runs late is escalated, what is over ends.

Each in a transaction of its own, so that a stop in between leaves the rest to the next run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from clockstop.core.state_tables import StepRefusedError
from clockstop.service.audit.recording import SYSTEM as BY_SYSTEM
from clockstop.service.audit.recording import record
from clockstop.service.transfers.actions.asking import closing, searching
from clockstop.service.transfers.actions.asking.shared import Way, profile_for
from clockstop.service.transfers.actions.stepping import SYSTEM
from clockstop.service.transfers.models import PatientRequest
from clockstop.service.transfers.states import ASKED_ENDED, Asked


def tick() -> Mapping[str, int]:
    """Do all that is due by today; how many of each there were."""
    return {
        "requests that ended": _all(closing.over(), closing.end_if_over),
        "searches begun": _all(_in(Asked.SUITABLE), _begin),
        "asked the whole country": _all(_late(Asked.ICB_SEARCH), _widen),
        "nothing found": _all(_late(Asked.DMAS_NATIONAL), _find_none),
        "escalated": _all(_to_escalate(), _escalate),
    }


def _all(keys: list[UUID], act: Callable[[PatientRequest], bool]) -> int:
    return sum(_once(key, act) for key in keys)


def _once(key: UUID, act: Callable[[PatientRequest], bool]) -> bool:
    try:
        with transaction.atomic():
            live = PatientRequest.objects.exclude(state__in=ASKED_ENDED)
            _, request = Way(live, lambda _: SYSTEM).taken_up(key)
            return act(request)
    except (StepRefusedError, PatientRequest.DoesNotExist):  # it stays with people, who see it late
        return False


def _begin(request: PatientRequest) -> bool:
    """Whoever was found suitable is searched for, or chooses, from the next night at the latest."""
    if profile_for(request).is_legal:
        searching.let_choose_by(SYSTEM, request)
    else:
        searching.search_by(SYSTEM, request)
    return True


def _widen(request: PatientRequest) -> bool:
    """A search that is late asks the country, if the patient would go; a person ends the others."""
    searching.go_national_by(SYSTEM, request)
    return True


def _find_none(request: PatientRequest) -> bool:
    searching.find_none_by(SYSTEM, request, "time")
    return True


def _escalate(request: PatientRequest) -> bool:
    """Mark it for the boards; it stands where it stood."""
    today = timezone.localdate()
    if request.escalated_at or not request.escalate_on or request.escalate_on > today:
        return False
    request.escalated_at = timezone.now()
    request.save(update_fields=("escalated_at",))
    record(
        "patient request: escalated",
        BY_SYSTEM,
        icb_code=request.icb_code,
        subject=("patient request", request.pk),
        detail={"state": request.state, "due": str(request.due)},
    )
    return True


def _in(state: Asked) -> list[UUID]:
    return _keys(Q(state=state))


def _late(state: Asked) -> list[UUID]:
    return _keys(Q(state=state, due__lt=timezone.localdate()))


def _to_escalate() -> list[UUID]:
    return _keys(Q(escalate_on__lte=timezone.localdate(), escalated_at=None))


def _keys(condition: Q) -> list[UUID]:
    held = PatientRequest.objects.exclude(state__in=ASKED_ENDED).filter(condition)
    return list(held.order_by("pk").values_list("pk", flat=True))

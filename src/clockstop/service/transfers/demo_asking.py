"""For the demo: a list that was scanned, patients who were invited, and some who asked."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from clockstop.core.state_tables import StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.models import Membership
from clockstop.service.accounts.roles import Role
from clockstop.service.transfers.actions.asking import asking, reviewing
from clockstop.service.transfers.actions.asking.asking import Wishes
from clockstop.service.transfers.actions.asking.inviting import invite_cohort
from clockstop.service.transfers.actions.asking.scanning import scan
from clockstop.service.transfers.actions.asking.shared import way_of
from clockstop.service.transfers.models import PatientRequest
from clockstop.service.transfers.states import Asked

PROFILE = "EXPAND-18"  # so that a list of any length has some
INVITED, ASKED, SUITABLE = 40, 12, 4
_WISHES = (
    Wishes(distance=50, channel="phone"),
    Wishes(distance=100, channel="phone", travel_support=True),
    Wishes(distance=None, anywhere=True, channel="phone", needs=("interpreter",)),
)


def seed_asking(organisation_code: str) -> int:
    """Bring it in for a trust, once; how many were invited, none where nobody manages its list."""
    manager = _member(organisation_code, Role.WAITING_LIST_MANAGER)
    clinician = _member(organisation_code, Role.PROVIDER_CLINICIAN)
    if not (manager and clinician) or PatientRequest.objects.visible_to(manager).exists():
        return 0
    today = timezone.localdate()
    scan(PROFILE, today, organisation_code=organisation_code, by=manager.for_audit)
    found = invite_cohort(organisation_code=organisation_code, most=INVITED)
    held = PatientRequest.objects.visible_to(manager).filter(state=Asked.INVITED)
    asked = _ask(manager, list(held.order_by("clock_start", "pk")[:ASKED]))
    _review(clinician, asked[:SUITABLE])
    return found.told


def _member(organisation_code: str, role: Role) -> Actor | None:
    held = Membership.objects.on(timezone.localdate()).select_related("person")
    found = held.filter(organisation_code=organisation_code, role=role).order_by("pk").first()
    return found.as_actor() if found else None


def _ask(manager: Actor, requests: Sequence[PatientRequest]) -> list[PatientRequest]:
    way = way_of(manager)
    return [
        asking.ask(way=way, request_id=each.pk, wishes=_WISHES[number % len(_WISHES)])
        for number, each in enumerate(requests)
    ]


def _review(clinician: Actor, requests: Sequence[PatientRequest]) -> None:
    """Who cannot be found suitable by the rules stays to be reviewed."""
    for number, each in enumerate(requests):
        way = way_of(clinician, minutes=5 + number)
        try:
            reviewing.find_suitable(way=way, request_id=each.pk, social=True)
        except StepRefusedError:
            continue

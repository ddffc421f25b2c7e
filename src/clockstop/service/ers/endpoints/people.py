"""A030, A040: in which business functions somebody may call, and on whose behalf."""

from __future__ import annotations

from collections import defaultdict
from uuid import uuid4

from django.utils import timezone

from clockstop.service.accounts.models import Membership
from clockstop.service.accounts.roles import Role
from clockstop.service.ers.errors import refuse
from clockstop.service.ers.gate import Answer, Call, operation
from clockstop.service.ers.operations import FUNCTIONS, Function
from clockstop.service.ers.people import user_id_of
from clockstop.service.fhir.building import Json, bundle, concept, found, identifier, instant

_USER = "https://fhir.nhs.uk/Id/sds-user-id"
_ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
_FUNCTION = "https://fhir.nhs.uk/CodeSystem/eRS-BusinessFunction-1"


@operation("A030")
def business_functions(call: Call) -> Answer:
    """For each organisation in which the caller has a role today, their business functions."""
    held = Membership.objects.on(timezone.localdate()).filter(person=call.actor.person)
    by_organisation: dict[str, set[Function]] = defaultdict(set)
    for each in held:
        by_organisation[each.organisation_code] |= set(FUNCTIONS.get(Role(each.role), ()))
    user = user_id_of(call.actor.person)
    roles = [_role(user, code, every) for code, every in sorted(by_organisation.items()) if every]
    here = f"{call.base}/R4/PractitionerRole"
    return _bundle(call, [found(f"{here}/{each['id']}", each) for each in roles])


@operation("A040")
def on_behalf_of(call: Call) -> Answer:
    """The clinicians of the organisation on whose behalf an administrator may act."""
    if call.request.GET.get("_query") != "onBehalfOf":
        raise refuse("REC_BAD_REQUEST", "'_query' must be onBehalfOf")
    held = Membership.objects.on(timezone.localdate()).filter(
        organisation_code=call.actor.organisation_code, role=Role.PROVIDER_CLINICIAN
    )
    is_administrator = call.actor.role is Role.PROVIDER_ADMINISTRATOR
    people = held.values_list("person", flat=True).distinct() if is_administrator else []
    users = sorted(user_id_of(each) for each in people)
    return _bundle(call, [found(f"Practitioner/{each}", _practitioner(each)) for each in users])


def _bundle(call: Call, entries: list[Json]) -> Answer:
    now = timezone.now()
    here = call.request.build_absolute_uri()
    more = {"total": len(entries), "timestamp": instant(now)}
    return Answer(bundle(str(uuid4()), entries, now, here, **more))


def _role(user: str, organisation: str, functions: set[Function]) -> Json:
    return {
        "id": f"PractitionerRole-{organisation}-{user}",
        "meta": {"lastUpdated": instant(timezone.now())},
        "resourceType": "PractitionerRole",
        "practitioner": {"identifier": identifier(_USER, user)},
        "organization": {"identifier": identifier(_ODS, organisation)},
        "code": [concept(_FUNCTION, each.value) for each in sorted(functions)],
    }


def _practitioner(user: str) -> Json:
    return {
        "id": user,
        "resourceType": "Practitioner",
        "meta": {"lastUpdated": instant(timezone.now())},
        "identifier": identifier(_USER, user),
    }

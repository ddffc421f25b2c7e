"""What one view needs of the store besides submissions: who must not be in it, who was sent where.

For planning extracts the national data opt-out holds, and nobody marked sensitive is in them; the
statutory returns leave nobody out.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q

from clockstop.core.pseudonyms import pseudonym
from clockstop.core.rtt.events import TransferSent
from clockstop.service.pathways.models import PathwayEvent, Patient

_WEEK = timedelta(days=7)


def left_out(icb_code: str, key: bytes) -> frozenset[str]:
    """The pseudonyms of who opted out of planning, is marked sensitive, or was joined to such."""
    away = Q(planning_opt_out=True) | Q(sensitive=True)
    found = Patient.objects.filter(away, icb_code=icb_code).select_related("merged_into")
    others = Patient.objects.filter(merged_into__in=found)
    numbers = {each.nhs_number for each in found}
    numbers |= {each.merged_into.nhs_number for each in found if each.merged_into}
    numbers |= set(others.values_list("nhs_number", flat=True))
    return frozenset(pseudonym(number, key) for number in numbers)


def transfers_sent(icb_code: str, week_ending: date) -> Iterator[tuple[str, str, str, str]]:
    """Issuer, identifier, sender and receiver of the transfers of responsibility of a week."""
    held = PathwayEvent.objects.filter(
        icb_code=icb_code,
        kind=TransferSent.kind,
        day__gt=week_ending - _WEEK,
        day__lte=week_ending,
    ).select_related("pathway")
    for each in held.order_by("pk"):
        values = json.loads(each.values)
        sender = values.get("provider") or each.organisation_code
        if values.get("to") and values.get("handover", "responsibility") == "responsibility":
            yield each.pathway.issuer, each.pathway.identifier, sender, values["to"]

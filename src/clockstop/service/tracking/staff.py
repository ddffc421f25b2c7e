"""The people of a provider who may look after a pathway."""

from django.utils import timezone

from clockstop.service.accounts.models import Membership
from clockstop.service.accounts.roles import PROVIDING


def staff_of(organisation_code: str) -> tuple[tuple[str, str], ...]:
    """Reference and name of everybody who works there today, by name."""
    held = Membership.objects.on(timezone.localdate()).filter(
        organisation_code=organisation_code, role__in=PROVIDING
    )
    found = held.order_by("person__name").values_list("person_id", "person__name").distinct()
    return tuple((str(key), name) for key, name in found)

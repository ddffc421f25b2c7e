"""Who reads messages in the NHS App: asked once a day, as its report is made."""

from __future__ import annotations

from django.db import transaction

from clockstop.service.messaging.models import Contact
from clockstop.service.messaging.senders.app import AppSender

_BATCH = 500


def refresh(app: AppSender) -> int:
    """Note of everybody whether they use the app, practice by practice; how many do.

    Raises SendError where a report cannot be had; what was noted before it stays.
    """
    practices = Contact.objects.values_list("patient__practice_code", flat=True)
    return sum(_noted(each, app.users_of(each)) for each in sorted(set(practices)))


@transaction.atomic
def _noted(practice: str, users: set[str]) -> int:
    held = Contact.objects.filter(patient__practice_code=practice).select_related("patient")
    changed, number = [], 0
    for contact in held.select_for_update(of=("self",)):
        uses_app = contact.patient.nhs_number in users
        number += uses_app
        if contact.uses_app != uses_app:
            contact.uses_app = uses_app
            changed.append(contact)
    Contact.objects.bulk_update(changed, ("uses_app",), batch_size=_BATCH)
    return number

"""A019: the letter for the patient, as a PDF."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from clockstop.service.ers.endpoints.referrals import key_of
from clockstop.service.ers.gate import Answer, Call, operation
from clockstop.service.messaging.letters.pdf import pdf
from clockstop.service.referrals import actions


@operation("A019")
def generate(call: Call, ubrn: str) -> Answer:
    """A new letter with a new access code: the code of the letter before opens nothing any more."""
    site = call.request.get_host() + reverse("booking")
    key = key_of(call, ubrn)
    letter, _ = actions.make_letter(actor=call.actor, referral_id=key, site=site)
    made = f"{timezone.localtime():%Y%m%d%H%M%S}"
    name = f"{ubrn}_Appointment_Request_Summary_{made}.pdf"
    return Answer(
        file=pdf(letter), headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )

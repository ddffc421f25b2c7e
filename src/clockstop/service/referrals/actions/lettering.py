"""Making the patient's letter: each one made has a new access code, and ends the one before."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clockstop.core.state_tables import Refusal, StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.audit.recording import record
from clockstop.service.messaging.letters.blocks import Letter
from clockstop.service.pathways.protections import shows_address
from clockstop.service.referrals.access_codes import make_access_code
from clockstop.service.referrals.actions.stepping import hand_of, locked
from clockstop.service.referrals.letters import letter_of
from clockstop.service.referrals.models import Referral
from clockstop.service.referrals.states import Party


@transaction.atomic
def make_letter(*, actor: Actor, referral_id: UUID, site: str) -> tuple[Letter, str]:
    """The letter of an open referral, and its access code, which nobody can read again later.

    A sensitive record has no portal, so that its letter has no code. Raises Referral.DoesNotExist,
    BusyError and StepRefusedError.
    """
    referral: Referral = locked(Referral.objects.visible_to(actor), referral_id, None)
    hand = hand_of(actor, referral)
    refusals = _against(referral)
    if Party.REFERRER not in hand.parties:
        refusals.append(Refusal("NO_RELATIONSHIP", "Only the practice makes this letter"))
    if refusals:
        raise StepRefusedError(refusals)
    code = make_access_code(referral, hand.by) if shows_address(referral.patient) else ""
    referral.letter_sent_at = timezone.now()
    referral.save(update_fields=("letter_sent_at",))
    about = ("referral", referral.pk)
    record("referral: made a letter", hand.by, icb_code=referral.icb_code, subject=about)
    return letter_of(referral, code, site, timezone.localdate()), code


def _against(referral: Referral) -> list[Refusal]:
    found = []
    if not referral.is_open:
        found.append(Refusal("INVALID_REQUEST_STATE", "The referral has ended"))
    if referral.patient.died_on:
        found.append(Refusal("PATIENT_ERROR", "The patient has died: nothing is sent"))
    return found

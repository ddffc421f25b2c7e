"""The code on a patient's letter, which with the booking reference opens that one referral."""

from __future__ import annotations

from datetime import date, timedelta
from hmac import compare_digest

from django.db import transaction
from django.utils import timezone

from clockstop.core import rulebook
from clockstop.service.accounts.codes import fingerprint, new_code
from clockstop.service.audit.recording import Actor, record
from clockstop.service.referrals.models import UBRN_LENGTH, AccessCode, Referral

VISITOR = Actor("visitor", "visitor")
_NO_CODE = AccessCode(fingerprint=fingerprint(""))
_NEVER = date.min


class NotOpenedError(LookupError):
    """Nothing was opened: no such reference, a wrong code or day of birth, or locked for now."""


@transaction.atomic
def make_access_code(referral: Referral, by: Actor) -> str:
    """A new code for a referral, for its letter: the one before opens nothing any more."""
    code = new_code()
    AccessCode.objects.update_or_create(
        referral=referral,
        defaults={
            "icb_code": referral.icb_code,
            "fingerprint": fingerprint(code),
            "attempts": 0,
            "locked_until": None,
            "made_at": timezone.now(),
        },
    )
    _record("made an access code", referral, by)
    return code


def opened(ubrn: str, code: str, born: date) -> Referral:
    """The referral that a booking reference, its code and the patient's day of birth open.

    Whatever is wrong, the answer is the same, and the same is done for it. Raises NotOpenedError;
    too many attempts lock the reference for a while. A sensitive record and one of somebody who
    has died open to nobody.
    """
    found = _tried(ubrn, code, born)  # its attempt is kept, whatever the answer
    if found is None:
        raise NotOpenedError
    return found


@transaction.atomic
def _tried(ubrn: str, code: str, born: date) -> Referral | None:
    digits = "".join(filter(str.isdigit, ubrn))[:UBRN_LENGTH]
    held = AccessCode.objects.select_for_update(of=("self",)).select_related("referral__patient")
    key = held.filter(referral__ubrn=digits).first() or _NO_CODE
    referral = key.referral if key is not _NO_CODE else None
    patient = referral.patient if referral else None
    is_code = compare_digest(key.fingerprint, fingerprint(code))
    is_born = compare_digest(str(patient.birth_date if patient else _NEVER), str(born))
    if referral is None or patient is None:
        return None
    if _is_locked(key):
        _record("refused a locked booking reference", referral, VISITOR)
        return None
    if not (is_code and is_born) or patient.sensitive or patient.died_on:
        _count(key)
        _record("refused a booking reference", referral, VISITOR)
        return None
    key.attempts = 0
    key.save(update_fields=("attempts",))
    _record("opened by booking reference", referral, VISITOR)
    return referral


def _is_locked(key: AccessCode) -> bool:
    return key.locked_until is not None and key.locked_until > timezone.now()


def _count(key: AccessCode) -> None:
    rules = rulebook.on(timezone.localdate())
    key.attempts += 1
    if key.attempts >= rules["access_code_attempts"].value:
        minutes = rules["access_code_lock"].value
        key.attempts, key.locked_until = 0, timezone.now() + timedelta(minutes=minutes)
    key.save(update_fields=("attempts", "locked_until"))


def _record(action: str, referral: Referral, by: Actor) -> None:
    record(action, by, icb_code=referral.icb_code, subject=("referral", referral.pk))

"""What patients are told by message of their referrals, and whether it still holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone

from clockstop.core.rtt.periods import Period
from clockstop.service.audit.recording import Actor
from clockstop.service.messaging import outbox
from clockstop.service.messaging.models import Message
from clockstop.service.messaging.models import State as Sent
from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import Pathway, Patient
from clockstop.service.portal.models import ChangeRequest, OnlineChanges
from clockstop.service.referrals.deaths import REASON as AFTER_DEATH
from clockstop.service.referrals.models import Appointment, Referral
from clockstop.service.referrals.states import State
from clockstop.service.registry.names import name_of
from clockstop.service.ui import figures

CHOOSE, SOONER = "choose_and_book", "right_sooner"
ON_THE_LETTER = "the number on your letter"
_BOOKED = {"book", "provider_book"}


def tell_of_step(*, referral: Referral, action: str, by: Actor, **_: Any) -> None:
    """Queue what a patient is told of a step, in the transaction that took it."""
    last = referral.appointments.order_by("-pk").first()
    if last is None or referral.reason == AFTER_DEATH:
        return
    if action in _BOOKED:
        _tell("appointment_booked", last, by)
    elif last.status == Appointment.Status.CANCELLED:
        _tell_of_cancelled(last, by)


def _tell_of_cancelled(last: Appointment, by: Actor) -> None:
    """Tell that the latest appointment is off, whichever step took it away or ends the referral."""
    referral = last.referral
    is_taken = referral.steps.latest("version").before == State.BOOKED
    if not is_taken and referral.is_open:
        return
    untold = outbox.cancel(("appointment", last.pk), "The appointment was cancelled", by=by)
    is_past = timezone.localdate(last.starts) < timezone.localdate()
    if (is_taken or untold) and not is_past:
        _tell("appointment_cancelled" if referral.is_open else "appointment_ended", last, by)


def tell_of_answer(change: ChangeRequest, by: Actor) -> None:
    """Queue that a request was answered."""
    payload = _whom(change.organisation_code)
    about = ("change", change.pk)
    outbox.queue(
        "change_answered", change.pathway.patient, about, payload, key=f"change {change.pk}", by=by
    )


def remind_to_choose(referral: Referral, by: Actor, *, key: str = "") -> Message | None:
    """Queue the prompt of the awareness campaign, once for a referral; the one that was, if any."""
    about = ("referral", referral.pk)
    told = _told(CHOOSE, referral.patient, about)
    if told is not None:
        return told
    payload = {"day": figures.day(timezone.localdate(referral.created_at)), "phone": ON_THE_LETTER}
    own = key or f"choose {referral.pk}"
    return outbox.queue(CHOOSE, referral.patient, about, payload, key=own, by=by)


def tell_of_sooner(pathway: Pathway, by: Actor, *, key: str) -> Message | None:
    """Queue that a patient who has waited 18 weeks may ask to be treated sooner elsewhere."""
    names = _whom(pathway.organisation_code)
    about = ("pathway", pathway.pk)
    return outbox.queue(SOONER, pathway.patient, about, names, key=key, by=by)


def ask_still_needed(pathway: Pathway, by: Actor) -> Message | None:
    """Queue the question whether care is still needed, once a quarter for a pathway."""
    today = timezone.localdate()
    key = f"still needed {pathway.pk} {today.year}-{(today.month - 1) // 3 + 1}"
    payload = {"phone": phone_of(pathway.organisation_code)}
    about = ("pathway", pathway.pk)
    return outbox.queue("still_needed", pathway.patient, about, payload, key=key, by=by)


def phone_of(organisation_code: str) -> str:
    """Whom patients call about a provider's care."""
    held = OnlineChanges.objects.filter(organisation_code=organisation_code).first()
    return held.phone if held and held.phone else ON_THE_LETTER


def clock_runs(pathway: Pathway) -> bool:
    """Whether the patient waits on this pathway today."""
    periods: tuple[Period, ...] = clock_on(pathway.events.all(), timezone.localdate()).periods
    return bool(periods) and periods[-1].runs


def _told(template: str, patient: Patient, about: tuple[str, object]) -> Message | None:
    """What was queued or sent already about something, and was neither cancelled nor failed."""
    kind, subject = about
    own = Message.objects.filter(patient=patient, template=template)
    held = own.filter(about_kind=kind, about=str(subject))
    found: Message | None = held.exclude(state__in=(Sent.CANCELLED, Sent.FAILED)).first()
    return found


def _tell(template: str, held: Appointment, by: Actor) -> None:
    starts = timezone.localtime(held.starts)
    payload = {"day": figures.day(starts.date())} | _whom(held.service.organisation_id)
    payload["phone"] = held.service.patient_phone or payload["phone"]
    if template == "appointment_booked":
        payload["time"] = clock_time(starts)
    about = ("appointment", held.pk)
    outbox.queue(
        template, held.referral.patient, about, payload, key=f"{template} {held.pk}", by=by
    )


def clock_time(when: Any) -> str:
    """A time of day as the NHS writes it: ``9:30am``, ``2pm``, ``midday``."""
    if (when.hour, when.minute) == (12, 0):
        return "midday"
    minutes = f":{when:%M}" if when.minute else ""
    return f"{(when.hour - 1) % 12 + 1}{minutes}{'am' if when.hour < 12 else 'pm'}"  # noqa: PLR2004


def _whom(organisation_code: str) -> dict[str, str]:
    names = name_of([organisation_code])
    return {"provider": names[organisation_code], "phone": phone_of(organisation_code)}


def _of_appointment(message: Message) -> str:
    held = Appointment.objects.select_related("referral").get(pk=message.about)
    if message.template == "appointment_booked":
        is_to_come = held.status == Appointment.Status.BOOKED and held.starts > timezone.now()
        return "" if is_to_come else "The appointment is not to come any more"
    if message.template == "appointment_ended":
        return ""
    is_booked_anew = held.referral.appointments.filter(status=Appointment.Status.BOOKED).exists()
    is_over = is_booked_anew or not held.referral.is_open
    return "Another time was booked, or the referral has ended" if is_over else ""


def _of_referral(message: Message) -> str:
    held = Referral.objects.get(pk=message.about)
    is_unbooked = held.state == State.NOT_BOOKED and not held.is_suspected_cancer
    return "" if is_unbooked else "The patient has booked, or the referral has ended"


def _of_pathway(message: Message) -> str:
    runs = clock_runs(Pathway.objects.get(pk=message.about))
    return "" if runs else "The patient does not wait any more"


def _of_change(_: Message) -> str:
    return ""


ANSWERS: Mapping[str, Callable[[Message], str]] = {
    "appointment": _of_appointment,
    "referral": _of_referral,
    "pathway": _of_pathway,
    "change": _of_change,
}

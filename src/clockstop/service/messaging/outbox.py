"""The only writers of the outbox: queue, cancel, send what is due."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clockstop.service.audit.recording import SYSTEM, Actor, record
from clockstop.service.messaging import standing, wording
from clockstop.service.messaging.letters.forms import EASY
from clockstop.service.messaging.models import Channel, Message, State
from clockstop.service.messaging.senders import Letterbox, Sender, SendError
from clockstop.service.pathways.models import Patient
from clockstop.service.pathways.persons import records_of

WAITING = (State.QUEUED, State.SENDING)
ATTEMPTS = 5
PAUSE = timedelta(minutes=10)  # after the first failed attempt; twice as long after each other
CLAIM = timedelta(hours=1)  # after which one that was being sent is taken up again
HAS_DIED = "The patient has died"


@transaction.atomic
def queue(
    template: str,
    patient: Patient,
    about: tuple[str, object],
    payload: Mapping[str, str],
    *,
    key: str,
    by: Actor = SYSTEM,
    due: datetime | None = None,
    channel: Channel | None = None,
) -> Message | None:
    """Put a message into the outbox, once for its ``key``; the one that is there, if it is.

    Nothing is queued to somebody who must not be contacted: None. Raises KeyError for a template
    that does not hold today and ValueError for words that no message may hold.
    """
    now = timezone.now()
    found = wording.on(timezone.localdate())[template]
    if set(payload) != found.asks():
        raise ValueError(f"{template} asks for {sorted(found.asks())}, got {sorted(payload)}")
    kind, subject = about
    message = Message(
        icb_code=patient.icb_code,
        patient=patient,
        about_kind=kind,
        about=str(subject),
        template=template,
        version=found.version,
        channel=channel or standing.channel_for(patient),
        payload=json.dumps(payload, sort_keys=True),
        dedupe_key=key,
        created_at=now,
        due_at=due or now,
        changed_at=now,
    )
    held: Message | None = Message.objects.filter(icb_code=patient.icb_code, dedupe_key=key).first()
    if held or standing.against(message):
        return held
    message.save(force_insert=True)
    _record("queued a message", message, by)
    return message


@transaction.atomic
def cancel(
    about: tuple[str, object], reason: str, *, template: str = "", by: Actor = SYSTEM
) -> int:
    """Cancel what waits to be told about something; how many there were."""
    kind, subject = about
    waiting = Message.objects.filter(about_kind=kind, about=str(subject), state=State.QUEUED)
    return _cancelled(waiting.filter(template=template) if template else waiting, reason, by)


@transaction.atomic
def cancel_of(messages: Any, reason: str, *, by: Actor = SYSTEM) -> int:
    """Cancel what waits of some messages; how many there were."""
    return _cancelled(messages.filter(state=State.QUEUED), reason, by)


def cancel_after_death(*, patient: Patient, by: Actor, **_: Any) -> None:
    """Nothing more goes to somebody who has died, as part of noting the death."""
    waiting = Message.objects.filter(patient__in=records_of(patient), state=State.QUEUED)
    _cancelled(waiting, HAS_DIED, by)


def send_due(sender: Sender, *, limit: int = 1000) -> Counter[str]:
    """Send what is due, the oldest first; how many came to which state.

    Each is claimed, sent and settled on its own, so that one that fails stops no other. What it
    tells is asked again at the last moment.
    """
    now = timezone.now()
    due = Message.objects.filter(state__in=WAITING, due_at__lte=now).order_by("due_at")
    counted: Counter[str] = Counter()
    for pk in due.values_list("pk", flat=True)[:limit]:
        message = _claimed(pk, now)
        if message is None:
            continue
        if message.state == State.SENDING:
            _send(sender, message)
        counted[message.state] += 1
    return counted


def follow_up(sender: Sender) -> Counter[str]:
    """Ask what became of those that were sent; one that could not be delivered goes another way."""
    counted: Counter[str] = Counter()
    for message in Message.objects.filter(state=State.SENT).select_related("patient"):
        try:
            state = sender.became(message.reference)
        except SendError:  # another time
            continue
        if state is not None:
            _settle(message, state, "It was not delivered" if state == State.FAILED else "")
            counted[message.state] += 1
    return counted


def written(message: Message, form: str = "") -> wording.Written:
    """A message in full, as it was queued; a letter in the form that the patient needs."""
    template = wording.version_of(message.template, message.version)
    is_letter = message.channel == Channel.LETTER
    is_easy = is_letter and form == EASY
    payload = json.loads(message.payload)
    return wording.write(template, payload, is_letter=is_letter, is_easy=is_easy)


@transaction.atomic
def _claimed(pk: UUID, now: datetime) -> Message | None:
    """The message for this sender alone, or cancelled; None where another has it."""
    message: Message = Message.objects.select_for_update().get(pk=pk)
    if message.state not in WAITING or message.due_at > now:
        return None
    reason = standing.against(message)
    if reason:
        _change(message, State.CANCELLED, reason)
        _record("cancelled a message", message, SYSTEM)
        return message
    message.due_at = now + CLAIM
    message.attempts += 1
    _change(message, State.SENDING)
    return message


def _send(sender: Sender, message: Message) -> None:
    to = Letterbox.of(message.patient, standing.contact_of(message.patient))
    try:
        message.reference = sender.send(message, written(message, to.form), to)
    except SendError as error:
        _postpone(message, error)
    else:
        _settle(message, State.SENT)


@transaction.atomic
def _postpone(message: Message, error: SendError) -> None:
    message.due_at = timezone.now() + PAUSE * 2 ** (message.attempts - 1)
    if error.is_final or message.attempts >= ATTEMPTS:
        _settle(message, State.FAILED, str(error))
    else:
        _change(message, State.QUEUED, str(error))


@transaction.atomic
def _settle(message: Message, state: State, reason: str = "") -> None:
    if state == State.SENT:
        message.sent_at = timezone.now()
    _change(message, state, reason)
    _record(f"message {state}", message, SYSTEM)
    if state == State.FAILED and message.channel != Channel.LETTER:
        _another_way(message)


def _another_way(message: Message) -> None:
    """By text or email where the app did not reach them; else by letter."""
    is_app = message.channel == Channel.APP
    channel = standing.channel_for(message.patient, but_app=True) if is_app else Channel.LETTER
    queue(
        message.template,
        message.patient,
        (message.about_kind, message.about),
        json.loads(message.payload),
        key=f"{message.dedupe_key} {channel}",
        channel=channel,
    )


def _cancelled(waiting: Any, reason: str, by: Actor) -> int:
    """One that is being sent at this moment is passed over; before a second try it is asked again.

    Nobody waits for it, since whoever sends it may wait for the audit that is held here.
    """
    held = list(waiting.select_for_update(skip_locked=True))
    for message in held:
        _change(message, State.CANCELLED, reason)
        _record("cancelled a message", message, by)
    return len(held)


def _change(message: Message, state: State, reason: str = "") -> None:
    message.state, message.reason, message.changed_at = state, reason[:200], timezone.now()
    message.save()


def _record(action: str, message: Message, by: Actor) -> None:
    detail = {"template": message.template, "channel": message.channel, "state": message.state}
    record(action, by, icb_code=message.icb_code, subject=("message", message.pk), detail=detail)

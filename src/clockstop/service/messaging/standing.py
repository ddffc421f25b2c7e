"""Whether a message may still be sent: asked when it is queued and again just before each send."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from clockstop.service.messaging.models import Channel, Contact, Message
from clockstop.service.pathways.models import Patient
from clockstop.service.pathways.persons import records_of
from clockstop.service.pathways.protections import against_contact

# Says why what a message tells is true no more, or nothing: one for each kind of thing that
# messages are about. What a kind cannot answer for is not sent.
Asked = Callable[[Message], str]
_ASKED: dict[str, Asked] = {}
UNKNOWN = "Nobody can say whether it is still true"
OPTED_OUT = "The patient opted out of messages"


def answers_for(kind: str, asked: Asked) -> None:
    """Let ``asked`` say of every message about things of a kind whether it still holds."""
    _ASKED[kind] = asked


def against(message: Message) -> str:
    """Why a message must not go out as things stand now; empty where it may."""
    for each in records_of(message.patient):
        for reason in against_contact(each):
            return reason
    if message.channel != Channel.LETTER and has_opted_out(message.patient):
        return OPTED_OUT
    asked = _ASKED.get(message.about_kind)
    return asked(message) if asked else UNKNOWN


def has_opted_out(patient: Patient) -> bool:
    """Whether the person wants letters alone, said on any of their records."""
    held = Contact.objects.filter(patient__in=records_of(patient), no_messages=True)
    return bool(held.exists())


def contact_of(patient: Patient) -> Contact | None:
    """How the person is reached: the latest word, on any of their records."""
    held = Contact.objects.filter(patient__in=records_of(patient))
    found: Contact | None = held.order_by("-changed_at").first()
    return found


def needs_of(patient: UUID) -> tuple[str, ...]:
    """The accessible information needs of a patient by their key, in words; one question."""
    held = Contact.objects.filter(patient=patient).first()
    return held.needs if held else ()


def form_of(patient: Patient) -> str:
    """In which form the person's letters are set, in words; empty for the plain one."""
    contact = contact_of(patient)
    return contact.form if contact else ""


def channel_for(patient: Patient, *, but_app: bool = False) -> Channel:
    """How to tell this patient: in the NHS App where they use it, else by text, else by email.

    A letter for all who want or have none of these, and for who needs large print or easy read,
    which a text cannot be. ``but_app``: where the app did not reach them.
    """
    contact = contact_of(patient)
    if contact is None or has_opted_out(patient) or contact.large_print or contact.easy_read:
        return Channel.LETTER
    if contact.uses_app and not but_app:
        return Channel.APP
    if contact.mobile:
        return Channel.SMS
    return Channel.EMAIL if contact.email else Channel.LETTER

"""What every sender must do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from clockstop.service.messaging.models import Contact, Message, State
from clockstop.service.messaging.wording import Written
from clockstop.service.pathways.models import Patient


class SendError(RuntimeError):
    """A message was not taken; ``is_final``: nor would it be another time."""

    def __init__(self, words: str, *, is_final: bool = False) -> None:
        super().__init__(words)
        self.is_final = is_final


@dataclass(frozen=True, slots=True, repr=False)
class Letterbox:
    """Where a message goes, looked up as it is sent; ``lines``: name and address.

    ``number`` is the NHS number, by which the NHS App knows people;
    ``form`` is the one in which the person's letters are set, in words; empty for the plain one.
    """

    mobile: str
    email: str
    lines: tuple[str, ...]
    needs: tuple[str, ...] = ()
    form: str = ""
    number: str = ""

    @classmethod
    def of(cls, patient: Patient, contact: Contact | None) -> Letterbox:
        """Of a patient, with what is known of how to reach them."""
        lines = (patient.name, *patient.address.splitlines(), patient.postcode)
        return cls(
            contact.mobile if contact else "",
            contact.email if contact else "",
            tuple(each.strip() for each in lines if each.strip()),
            contact.needs if contact else (),
            contact.form if contact else "",
            patient.nhs_number,
        )


class Sender(Protocol):
    """Carries one message; asked twice with the same message it sends it once."""

    def send(self, message: Message, written: Written, to: Letterbox) -> str:
        """Send it; what the sender calls it. Raises SendError."""
        ...

    def became(self, reference: str) -> State | None:
        """Delivered or failed, once that is known; else None."""
        ...

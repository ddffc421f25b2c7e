"""Made-up messages for tests, and a sender that remembers."""

from django.utils import timezone
from tests.service.people import a_patient

from clockstop.service.messaging import outbox, standing
from clockstop.service.messaging.models import Contact
from clockstop.service.messaging.senders import SendError

FILLED = {"day": "3 March 2027", "time": "9:30am", "provider": "Riverside", "phone": "01632 960001"}
ABOUT = ("thing", "1")


def reached(patient=None, **values):
    """A patient with a mobile, unless told otherwise."""
    patient = patient or a_patient()
    plain = {"mobile": "07700 900123", "changed_at": timezone.now(), "changed_by": "test"}
    Contact.objects.create(patient=patient, icb_code=patient.icb_code, **plain | values)
    return patient


def queued(patient=None, key="1", still_true="", **values):
    """A message about a thing of which ``still_true`` says why it is true no more."""
    standing.answers_for(ABOUT[0], lambda _: still_true)
    return outbox.queue(
        "appointment_booked", patient or reached(), ABOUT, FILLED, key=key, **values
    )


class Memory:
    """Takes every message, or answers with the errors that it was given, one after the other."""

    def __init__(self, *errors, ends=None):
        self.sent, self.errors, self.ends = [], list(errors), ends

    def send(self, message, written, to):
        if self.errors:
            raise SendError("no", is_final=self.errors.pop(0))
        self.sent.append((message.pk, message.channel, written, to))
        return f"ref {len(self.sent)}"

    def became(self, reference):
        return self.ends

"""How patients are reached, and what is sent to them: the outbox.

A message holds which template it is and the few words that fill it (``wording.FIELDS``), never
anything clinical, and never where it goes: that is looked up when it is sent.
"""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PUBLIC
from clockstop.service.messaging.letters.forms import form_for
from clockstop.service.pathways.models import Patient


class Channel(models.TextChoices):
    """Ways to reach a patient."""

    APP = "app", "NHS App message"
    SMS = "sms", "Text message"
    EMAIL = "email", "Email"
    LETTER = "letter", "Letter"


class State(models.TextChoices):
    """Where a message stands. ``SENDING`` is claimed by a sender that has not told the end yet.

    ``READ`` is told by the NHS App alone.
    """

    QUEUED = "queued", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    DELIVERED = "delivered", "Delivered"
    READ = "read", "Read"
    FAILED = "failed", "Could not be delivered"
    CANCELLED = "cancelled", "Cancelled"


NOT_SENT = (State.QUEUED, State.SENDING, State.FAILED, State.CANCELLED)


class MessageQuerySet(models.QuerySet[Any]):
    """Messages, by who asks."""

    def visible_to(self, actor: Actor) -> "MessageQuerySet":
        """What was sent to a patient, or to those a carer cares for; of nobody else.

        Said by the states that are left out, or SQLite reads all that was ever sent to anybody.
        """
        if actor.role not in PUBLIC:
            return self.none()
        sent = self.exclude(state__in=NOT_SENT)
        return sent.filter(patient__in=Patient.objects.visible_to(actor))


class Contact(models.Model):
    """How a patient is reached, and how they need to be told (the accessible information needs).

    ``no_messages``: they opted out of texts, emails and messages in the app; letters and their
    place they keep. ``uses_app``: they read messages in the NHS App, as it told us last.
    """

    patient = models.OneToOneField(
        Patient, primary_key=True, on_delete=models.PROTECT, related_name="contact"
    )
    icb_code = models.CharField(max_length=6)
    mobile = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    no_messages = models.BooleanField(default=False)
    uses_app = models.BooleanField(default=False)
    large_print = models.BooleanField(default=False)
    easy_read = models.BooleanField(default=False)
    sign_language = models.BooleanField(default=False)  # British Sign Language
    interpreter = models.CharField(max_length=40, blank=True)  # the language
    other_needs = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=64)

    @property
    def needs(self) -> tuple[str, ...]:
        """What staff and writers of letters must heed, in words."""
        found = (
            ("Large print", self.large_print),
            ("Easy read", self.easy_read),
            ("British Sign Language interpreter", self.sign_language),
            (f"Interpreter: {self.interpreter}", self.interpreter),
            (self.other_needs, self.other_needs),
        )
        return tuple(words for words, is_needed in found if is_needed)

    @property
    def form(self) -> str:
        """In which form their letters are set, in words; empty for the plain one."""
        return form_for(large_print=self.large_print, easy_read=self.easy_read)


class Message(models.Model):
    """Something to be told to a patient once; ``about`` is what it is about, by kind and key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="outbox")
    about_kind = models.CharField(max_length=20)
    about = models.CharField(max_length=40)
    template = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=10, choices=Channel.choices)
    payload = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=200, blank=True)  # why it was cancelled, or failed
    attempts = models.PositiveSmallIntegerField(default=0)
    reference = models.CharField(max_length=64, blank=True)  # what the sender calls it
    dedupe_key = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "dedupe_key"), name="one_message_a_dedupe_key"
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(state__in=("queued", "sending")), name="message_due"
            ),
            models.Index(fields=("state", "changed_at"), name="message_state"),
        )
        ordering = ("created_at",)

"""Which sender the settings ask for."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from clockstop.analytics.published.home import default_home
from clockstop.service.messaging.checks import faults
from clockstop.service.messaging.models import Channel, Message, State
from clockstop.service.messaging.senders.app import AppSender
from clockstop.service.messaging.senders.carrying import Letterbox, Sender
from clockstop.service.messaging.senders.filing import FileSender
from clockstop.service.messaging.senders.notify import NotifySender
from clockstop.service.messaging.wording import Written

FOLDER = "messages"
_FILED, _IN_APP = "file:", "app:"


def chosen_sender() -> Sender:
    """Notify where live messages are on, but for letters in a form; else files in the home.

    What goes into the NHS App goes by its own API where that is set up.

    Raises ImproperlyConfigured rather than send anything live from a site of made-up people.
    """
    found = list(faults())
    if found:
        raise ImproperlyConfigured("; ".join(found))
    files = FileSender((settings.CLOCKSTOP_HOME or default_home()) / FOLDER)
    sender: Sender = files
    if settings.CLOCKSTOP_LIVE_MESSAGES:
        key, templates = settings.CLOCKSTOP_NOTIFY_KEY, settings.CLOCKSTOP_NOTIFY_TEMPLATES
        sender = ByForm(NotifySender.with_key(key, templates), files)
    if settings.CLOCKSTOP_NHS_APP:
        sender = ByApp(AppSender(settings.CLOCKSTOP_NHS_APP), sender)
    return sender


@dataclass(frozen=True, slots=True)
class ByApp:
    """Messages in the NHS App by its API; all else by another sender."""

    app: Sender
    others: Sender

    def send(self, message: Message, written: Written, to: Letterbox) -> str:
        """By one of the two; what it calls the message says which."""
        if message.channel == Channel.APP:
            return _IN_APP + self.app.send(message, written, to)
        return self.others.send(message, written, to)

    def became(self, reference: str) -> State | None:
        """What the one that has it says."""
        if reference.startswith(_IN_APP):
            return self.app.became(reference.removeprefix(_IN_APP))
        return self.others.became(reference)


@dataclass(frozen=True, slots=True)
class ByForm:
    """Letters in large print or easy read go to the print room; all else by the service."""

    service: Sender
    files: Sender

    def send(self, message: Message, written: Written, to: Letterbox) -> str:
        """By one of the two; what it calls the message says which."""
        if message.channel == Channel.LETTER and to.form:
            return _FILED + self.files.send(message, written, to)
        return self.service.send(message, written, to)

    def became(self, reference: str) -> State | None:
        """What the one that has it says."""
        if reference.startswith(_FILED):
            return self.files.became(reference.removeprefix(_FILED))
        return self.service.became(reference)

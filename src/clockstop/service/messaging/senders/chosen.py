"""Which sender the settings ask for."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from clockstop.analytics.published.home import default_home
from clockstop.service.messaging.checks import faults
from clockstop.service.messaging.senders.carrying import Sender
from clockstop.service.messaging.senders.filing import FileSender
from clockstop.service.messaging.senders.notify import NotifySender

FOLDER = "messages"


def chosen_sender() -> Sender:
    """Notify where live messages are on, else files in the home.

    Raises ImproperlyConfigured rather than send anything live from a site of made-up people.
    """
    found = list(faults())
    if found:
        raise ImproperlyConfigured("; ".join(found))
    if settings.CLOCKSTOP_LIVE_MESSAGES:
        return NotifySender.with_key(
            settings.CLOCKSTOP_NOTIFY_KEY, settings.CLOCKSTOP_NOTIFY_TEMPLATES
        )
    return FileSender((settings.CLOCKSTOP_HOME or default_home()) / FOLDER)

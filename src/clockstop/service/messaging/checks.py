"""What must never be started: real messages from a site of made-up people, or half set up."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from clockstop.service.messaging.models import Channel


def faults() -> Iterator[str]:
    """Why messages must not be sent with the settings as they are."""
    if settings.CLOCKSTOP_NHS_APP and settings.CLOCKSTOP_PERSONAS:
        yield "CLOCKSTOP_NHS_APP is on, and so is CLOCKSTOP_PERSONAS"
    if not settings.CLOCKSTOP_LIVE_MESSAGES:
        return
    if settings.CLOCKSTOP_PERSONAS:
        yield "CLOCKSTOP_LIVE_MESSAGES is on, and so is CLOCKSTOP_PERSONAS"
    for channel in (Channel.SMS, Channel.EMAIL, Channel.LETTER):
        if not settings.CLOCKSTOP_NOTIFY_TEMPLATES.get(channel.value):
            yield f"CLOCKSTOP_LIVE_MESSAGES is on without a Notify template for {channel.value}"


@register(Tags.security)
def messages(**_options: Any) -> list[CheckMessage]:
    """The same, for the commands of Django."""
    hint = "Live messages go to real patients: see the guide to messages."
    return [Error(fault, hint=hint, id="messaging.E001") for fault in faults()]

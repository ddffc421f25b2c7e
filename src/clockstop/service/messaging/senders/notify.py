"""Messages by GOV.UK Notify: an optional extra (``clockstop[notify]``).

Notify keeps its own templates: one for each channel that holds ``((subject))`` and ``((body))``
alone, so that the wording stays with the dated data here. Its ``reference`` is our key: before a
second attempt it is asked whether the first one came through.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clockstop.service.messaging.models import Channel, Message, State
from clockstop.service.messaging.senders.carrying import Letterbox, SendError
from clockstop.service.messaging.wording import Written

_BECAME = {
    "delivered": State.DELIVERED,
    "received": State.DELIVERED,  # letters: printed and posted
    "permanent-failure": State.FAILED,
    "temporary-failure": State.FAILED,
    "technical-failure": State.FAILED,
    "validation-failed": State.FAILED,
}
_TRY_AGAIN = 429
_THEIR_FAULT = 500


class NotifySender:
    """``templates`` are the keys of Notify's templates by channel."""

    def __init__(self, client: Any, templates: Mapping[str, str]) -> None:
        self._client = client
        self._templates = templates

    @classmethod
    def with_key(cls, key: str, templates: Mapping[str, str]) -> NotifySender:
        """Raises SendError where the extra is not installed."""
        try:
            from notifications_python_client.notifications import NotificationsAPIClient
        except ImportError as error:
            raise SendError("GOV.UK Notify needs: pip install clockstop[notify]") from error
        return cls(NotificationsAPIClient(key), templates)

    def send(self, message: Message, written: Written, to: Letterbox) -> str:
        """Hand it to Notify; what Notify calls it. It carries nothing into the NHS App."""
        if message.channel == Channel.APP:
            raise SendError("The NHS App is not set up", is_final=True)
        reference = str(message.pk)
        if message.attempts > 1:
            known = self._asked("get_all_notifications", reference=reference)["notifications"]
            if known:
                return str(known[0]["id"])
        words = {"subject": written.subject, "body": written.body}
        template = self._templates[message.channel]
        common = {"template_id": template, "reference": reference}
        match message.channel:
            case Channel.SMS:
                how, where = "send_sms_notification", {"phone_number": to.mobile}
            case Channel.EMAIL:
                how, where = "send_email_notification", {"email_address": to.email}
            case _:
                how, where = "send_letter_notification", {}
                words |= {f"address_line_{at}": each for at, each in enumerate(to.lines[:7], 1)}
        return str(self._asked(how, **where, **common, personalisation=words)["id"])

    def became(self, reference: str) -> State | None:
        """What Notify says of it."""
        said = self._asked("get_notification_by_id", reference)
        return _BECAME.get(said["status"])

    def _asked(self, how: str, *args: Any, **values: Any) -> Any:
        try:
            return getattr(self._client, how)(*args, **values)
        except Exception as error:
            status = getattr(error, "status_code", _THEIR_FAULT)
            is_final = status < _THEIR_FAULT and status != _TRY_AGAIN
            raise SendError(f"Notify answered {status}", is_final=is_final) from error

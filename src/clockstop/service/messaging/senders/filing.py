"""Messages as files in a folder: for the demo, and for a print room that collects letters."""

from __future__ import annotations

import json
from pathlib import Path

from clockstop.service.messaging.models import Channel, Message, State
from clockstop.service.messaging.senders.carrying import Letterbox
from clockstop.service.messaging.wording import Written


class FileSender:
    """One file for each message, named by its key, that only the owner of the site reads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: Message, written: Written, to: Letterbox) -> str:
        """Write the file; a second time it is the same file."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        where = {
            Channel.SMS: to.mobile,
            Channel.EMAIL: to.email,
            Channel.LETTER: "\n".join(to.lines),
        }
        told = {
            "channel": message.channel,
            "to": where[Channel(message.channel)],
            "needs": list(to.needs),
            "subject": written.subject,
            "body": written.body,
        }
        part = self._folder / f"{message.pk}.part"
        part.touch(mode=0o600)
        part.write_text(json.dumps(told, ensure_ascii=False, indent=2), encoding="utf-8")
        part.replace(self._folder / f"{message.pk}.json")
        return str(message.pk)

    def became(self, reference: str) -> State | None:
        """Whoever collects the file delivers it: delivered is a file that has been collected."""
        is_there = (self._folder / f"{reference}.json").exists()
        return None if is_there else State.DELIVERED

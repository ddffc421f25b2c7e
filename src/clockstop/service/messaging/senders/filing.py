"""Messages as files in a folder: for the demo, and for a print room that collects letters."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from clockstop.service.messaging.letters.blocks import MADE_UP, Letter, Words
from clockstop.service.messaging.letters.forms import POINTS
from clockstop.service.messaging.letters.pdf import pdf
from clockstop.service.messaging.models import Channel, Message, State
from clockstop.service.messaging.senders.carrying import Letterbox
from clockstop.service.messaging.wording import Written
from clockstop.service.ui.figures import day


class FileSender:
    """One file for each message, named by its key, that only the owner of the site reads.

    A letter in large print or easy read comes as a PDF too, so that it is printed in that form.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: Message, written: Written, to: Letterbox) -> str:
        """Write the file; a second time it is the same file."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        where = {
            Channel.APP: to.number,
            Channel.SMS: to.mobile,
            Channel.EMAIL: to.email,
            Channel.LETTER: "\n".join(to.lines),
        }
        told = {
            "channel": message.channel,
            "to": where[Channel(message.channel)],
            "needs": list(to.needs),
            "form": to.form,
            "subject": written.subject,
            "body": written.body,
        }
        if message.channel == Channel.LETTER and to.form:
            self._write(f"{message.pk}.pdf", pdf(_letter(written, to)))
        text = json.dumps(told, ensure_ascii=False, indent=2)
        self._write(f"{message.pk}.json", text.encode())
        return str(message.pk)

    def _write(self, name: str, content: bytes) -> None:
        """Under its name once it is whole."""
        part = self._folder / f"{name}.part"
        part.touch(mode=0o600)
        part.write_bytes(content)
        part.replace(self._folder / name)

    def became(self, reference: str) -> State | None:
        """Whoever collects the file delivers it: delivered is a file that has been collected."""
        is_there = (self._folder / f"{reference}.json").exists()
        return None if is_there else State.DELIVERED


def _letter(written: Written, to: Letterbox) -> Letter:
    """The words as they are to be printed, each line on its own."""
    name, *address = to.lines
    return Letter(
        title=written.subject,
        to=name,
        address=tuple(address),
        sender="",
        day=day(timezone.localdate()),
        blocks=tuple(Words(each) for each in written.body.splitlines() if each),
        notice=MADE_UP if settings.CLOCKSTOP_PERSONAS else "",
        points=POINTS[to.form],
        form=to.form,
    )

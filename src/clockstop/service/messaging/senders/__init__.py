"""Who carries messages: files by default, GOV.UK Notify and the NHS App where they are set up."""

from clockstop.service.messaging.senders.carrying import Letterbox, Sender, SendError
from clockstop.service.messaging.senders.chosen import chosen_sender

__all__ = ["Letterbox", "SendError", "Sender", "chosen_sender"]

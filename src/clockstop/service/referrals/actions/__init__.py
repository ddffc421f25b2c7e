"""The only writers of referrals: permission, policies, write, audit, in one transaction."""

from clockstop.core.state_tables import StepRefusedError
from clockstop.service.referrals.actions.advising import answer, ask, close, convert, reply
from clockstop.service.referrals.actions.attaching import attach, remove, share
from clockstop.service.referrals.actions.booking import (
    attended,
    book,
    cancel_appointment,
    defer,
    not_attended,
    send_for_triage,
)
from clockstop.service.referrals.actions.lettering import make_letter
from clockstop.service.referrals.actions.referring import Request, change_shortlist, create
from clockstop.service.referrals.actions.reviewing import (
    accept,
    accept_book_later,
    assessed,
    cancel_action_later,
    cancel_referral,
    redirect,
    reject,
    return_with_advice,
)
from clockstop.service.referrals.actions.stepping import BusyError, Hand, StaleError, hand_of

__all__ = [
    "BusyError",
    "Hand",
    "Request",
    "StaleError",
    "StepRefusedError",
    "accept",
    "accept_book_later",
    "answer",
    "ask",
    "assessed",
    "attach",
    "attended",
    "book",
    "cancel_action_later",
    "cancel_appointment",
    "cancel_referral",
    "change_shortlist",
    "close",
    "convert",
    "create",
    "defer",
    "hand_of",
    "make_letter",
    "not_attended",
    "redirect",
    "reject",
    "remove",
    "reply",
    "return_with_advice",
    "send_for_triage",
    "share",
]

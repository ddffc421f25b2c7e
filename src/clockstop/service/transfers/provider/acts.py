"""What can be done about a request for help, as data: what each act asks, and whom it calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from clockstop.core.codes.decline_reasons import Decliner, reasons_of
from clockstop.core.state_tables import Transition
from clockstop.service.accounts.actor import Actor
from clockstop.service.registry.names import name_of
from clockstop.service.transfers import fields, policies, states
from clockstop.service.transfers.actions import aid
from clockstop.service.transfers.actions.stepping import hand_of
from clockstop.service.transfers.fields import Field, Options
from clockstop.service.transfers.models import AidRequest, Capacity, Offer
from clockstop.service.transfers.provider import calls
from clockstop.service.transfers.provider.calls import Call
from clockstop.service.transfers.states import OfferState

Asks = Callable[..., tuple[Field, ...]]  # of a request and an actor
MINUTES = Field(
    "minutes",
    "How many minutes did this take?",
    "number",
    hint="If you know. It shows what mutual aid costs in staff time",
)
_COMMENT = Field("comment", "Comment", "area", hint="Some reasons need one.")
SCRIPT = (
    "Say who you are and from which hospital. Nobody loses their place: the wait goes on counting.",
    "Ask whether they would be treated at another hospital if it is sooner, and how far they go.",
    "Say that the whole of their care goes with them, follow-up too.",
    "Ask what would make it hard: transport, somebody at home, an interpreter.",
    "Never ask for money or bank details. Say that they can change their mind at any time.",
)


@dataclass(frozen=True, slots=True)
class Act:
    """An act: ``action`` is its row in the table of states, ``words`` say what comes of it.

    ``asks`` are its questions; a guard of the row that wants a clinician brings one more.
    """

    slug: str
    action: str
    button: str
    words: str
    call: Call
    asks: Asks = lambda _request, _actor: ()
    is_main: bool = False
    script: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def row(self) -> Transition:
        return states.aid_requests().rows[self.action]

    @property
    def title(self) -> str:
        """As the page is headed."""
        return self.row.label


def _chosen(values: Options) -> Callable[[], Options]:
    return lambda: values


def _reasons(decliner: Decliner) -> Field:
    found = tuple((code, each.words) for code, each in reasons_of(decliner).items())
    return Field("reason", "Reason", "choice", _chosen(found))


def _own(words: Mapping[str, str]) -> Field:
    return Field("reason", "Reason", "choice", _chosen(tuple(words.items())))


def _needs(_request: AidRequest, _actor: Actor) -> tuple[Field, ...]:
    return fields.NEEDS


def _place(request: AidRequest, actor: Actor) -> tuple[Field, ...]:
    """Own capacity of the kind that is asked for, and a place made for this request alone."""
    mine = Capacity.objects.visible_to(actor).with_places()
    mine = mine.filter(organisation_code=actor.organisation_code, kind=request.kind)
    mine = mine.filter(treatment_function__in=["", request.treatment_function])
    options = [
        (
            str(each.pk),
            f"{each.team}, {each.left} of {each.places} left, to {each.last_date:%-d %B}",
        )
        for each in mine.order_by("first_date", "pk")
    ]
    options.append((calls.FOR_ONE, "A place for this patient alone"))
    return (
        Field("capacity", "Which place", "choice", _chosen(tuple(options)), needed=True),
        Field("day", "Day that is offered", "day", needed=True),
        Field("team", "Consultant or team", hint="For a place of its own, or if it differs"),
        Field(
            "override", "Why in spite of a warning", "area", hint="Only if something does not fit"
        ),
    )


def _offers(request: AidRequest, actor: Actor) -> tuple[Field, ...]:
    held = Offer.objects.visible_to(actor).filter(request=request, state=OfferState.HELD)
    names = name_of(each.organisation_code for each in held)
    options = tuple(
        (str(each.pk), f"{each.day:%-d %B %Y}, {names[each.organisation_code]}, {each.team}")
        for each in held
        if each.day
    )
    return (
        Field("offer", "Which offer the patient takes", "choice", _chosen(options), needed=True),
    )


def _declining(_request: AidRequest, _actor: Actor) -> tuple[Field, ...]:
    close = (("go_on", "Go on searching"), ("stay", "Stay with our hospital"))
    return (
        Field("then", "What the patient wants now", "choice", _chosen(close), needed=True),
        _reasons(Decliner.PATIENT),
        _COMMENT,
    )


def _fixed(*asks: Field) -> Asks:
    return lambda _request, _actor: asks


ACTS: Mapping[str, Act] = {
    each.slug: each
    for each in (
        Act(
            "change",
            "change",
            "Save",
            "What other providers read, without saying who.",
            calls.change,
            _needs,
        ),
        Act(
            "consent",
            "record_consent",
            "Record it",
            "Call the patient first. Nothing is asked of others without their agreement.",
            calls.consent,
            _fixed(
                Field(
                    "agrees", "Does the patient agree to be treated elsewhere?", "flag", needed=True
                ),
                Field(
                    "distance", "How far would they go, in miles?", "number", hint="Empty: anywhere"
                ),
            ),
            is_main=True,
            script=SCRIPT,
        ),
        Act(
            "sign-clinical",
            "sign_clinical",
            "Sign",
            "A clinician says that the patient can safely be treated at another provider.",
            calls.plain(aid.sign_clinical),
            is_main=True,
        ),
        Act(
            "sign-social",
            "sign_social",
            "Sign",
            "You say that the patient can get there and home, and has the help that they need.",
            calls.plain(aid.sign_social),
            is_main=True,
        ),
        Act(
            "submit",
            "submit",
            "Ask for help",
            "Providers of your ICB see the request under its reference, never the patient's name. "
            "The place in the queue is as it was, and the clock runs on.",
            calls.plain(aid.submit),
            is_main=True,
        ),
        Act(
            "widen",
            "widen",
            "Ask the whole country",
            "Providers everywhere see the request. Agree it with the patient first.",
            calls.plain(aid.widen),
        ),
        Act(
            "offer",
            "offer",
            "Hold the place",
            "The place is kept for this patient until the hold runs out. Nothing is entered on "
            "the pathway.",
            calls.offer,
            _place,
            is_main=True,
        ),
        Act(
            "refuse",
            "refuse",
            "Refuse",
            "You cannot take this patient. The request stays open to the others.",
            calls.reasoned(aid.refuse),
            _fixed(_reasons(Decliner.PROVIDER), _COMMENT),
            also=("refuse_beside",),
        ),
        Act(
            "send",
            "send_to_patient",
            "The patient is told",
            "Tell the patient of every offer: the day, the provider and the team. The places are "
            "held while they decide.",
            calls.plain(aid.send_to_patient),
            is_main=True,
        ),
        Act(
            "choose",
            "choose",
            "Accept it for the patient",
            "The patient takes this offer, on the phone. The others are let go, and the provider "
            "sees the record.",
            calls.choose,
            _offers,
            is_main=True,
        ),
        Act(
            "decline",
            "decline_all",
            "Record it",
            "The patient takes none of the offers, on the phone. The place in the queue is as it "
            "was: nothing is counted against them.",
            calls.decline,
            _declining,
        ),
        Act(
            "pass-check",
            "pass_check",
            "Start the transfer",
            "Your clinician has looked at the patient: they can be treated here. The transfer "
            "starts once its data set is complete.",
            calls.pass_check,
            _fixed(
                Field("override", "Why in spite of what does not fit", "area", hint="Only if so")
            ),
            is_main=True,
        ),
        Act(
            "fail-check",
            "fail_check",
            "The check failed",
            "The patient cannot be treated here. The place is free again, and their hospital goes "
            "on searching.",
            calls.reasoned(aid.fail_check),
            _fixed(_reasons(Decliner.PROVIDER), _COMMENT),
        ),
        Act(
            "reopen",
            "reopen",
            "Open it again",
            "Once, for as long again.",
            calls.plain(aid.reopen),
            is_main=True,
        ),
        Act(
            "treated",
            "close_treated",
            "Close it",
            "Your hospital has treated the patient, or they no longer wait. Places are free again.",
            calls.plain(aid.close_treated),
        ),
        Act(
            "withdraw",
            "withdraw",
            "Withdraw",
            "Nobody is asked any more. Places are free again; the patient's place in the queue is "
            "as it was.",
            calls.reasoned(aid.withdraw),
            _fixed(_own(policies.WITHDRAWALS), _COMMENT),
        ),
    )
}


def possible(request: AidRequest, actor: Actor) -> list[Act]:
    """The acts that stand open to somebody now, as far as the table says."""
    parties = [each.value for each in hand_of(actor, request).parties]
    rows = {each.action for each in states.aid_requests().actions_from(request.state, parties)}
    found = [each for each in ACTS.values() if {each.action, *each.also} & rows]
    return [each for each in found if _makes_sense(each, request, actor)]


def _makes_sense(act: Act, request: AidRequest, actor: Actor) -> bool:
    is_receiver = request.receiver_code == actor.organisation_code
    holds = {
        "consent": request.consent_at is None,
        "sign-clinical": not request.suitable_clinically_by,
        "sign-social": not request.suitable_socially_by,
        "widen": not request.national and not request.is_cancer,
        "reopen": not request.reopened,
        "pass-check": is_receiver,
        "fail-check": is_receiver,
    }
    return holds.get(act.slug, True)

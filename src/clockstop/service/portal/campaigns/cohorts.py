"""Who is in the cohort of a campaign, and how many of them a message would reach, in which way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone

from clockstop.core import rulebook
from clockstop.core.rulebook.choice_rights import FIRST_APPOINTMENT, exclusions_on
from clockstop.core.rulebook.eligibility import profiles_on
from clockstop.service.directory.choices import Priority
from clockstop.service.messaging.models import Channel, Message
from clockstop.service.messaging.models import State as Sent
from clockstop.service.pathways.models import Pathway
from clockstop.service.portal import telling
from clockstop.service.portal.campaigns.models import Prompt, Right, Stage
from clockstop.service.referrals.models import Referral, Shortlisted
from clockstop.service.referrals.states import State
from clockstop.service.transfers.actions.asking.scanning import eligible_of

NOT_TOLD = (Sent.FAILED, Sent.CANCELLED)
WAYS: Mapping[str, str] = {
    Channel.APP.value: "In the NHS App",
    Channel.SMS.value: "By text",
    Channel.EMAIL.value: "By email",
    Channel.LETTER.value: "By letter: no mobile number or email is known",
    "form": "By letter: in large print or easy read",
    "opted_out": "By letter: opted out of texts, emails and the app",
    "told_before": "Told before: not told again",
    "unreachable": "Cannot be reached: marked sensitive, has died, or no address is known",
}
NOT_REACHED = frozenset({"told_before", "unreachable"})
_PATIENT, _CONTACT = "patient__", "patient__contact__"
_STANDING = ("sensitive", "merged_into__sensitive", "died_on", "address")
_REACHED_BY = ("no_messages", "large_print", "easy_read", "uses_app", "mobile", "email")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whom a campaign of an ICB is for; blank is any, ``weeks`` the fewest waited."""

    icb_code: str
    right: Right
    organisation_code: str = ""
    treatment_function: str = ""
    weeks: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody in a cohort by the key of the referral or wait, and how a message reaches them."""

    about: UUID
    patient: UUID
    way: str

    @property
    def is_reached(self) -> bool:
        """Whether they would be told."""
        return self.way not in NOT_REACHED


def cohort(wanted: Wanted) -> list[Candidate]:
    """Everybody whom the right is for today by the dated rules, the longest wait first.

    A person who waits for several things is told once of the right to be treated sooner. How they
    are reached is that of their own record: the outbox looks at all of a person's at each send.
    """
    is_first = wanted.right is Right.FIRST
    rows = _first(wanted) if is_first else _sooner(wanted)
    told, seen = (_told_of(wanted) if is_first else _told_lately(wanted)), set[UUID]()
    found = []
    for each in _candidates(rows):
        subject = each.about if is_first else each.patient
        if subject not in seen:
            seen.add(subject)
            is_told = subject in told and each.is_reached
            found.append(replace(each, way="told_before") if is_told else each)
    return found


def reach(held: list[Candidate]) -> dict[str, int]:
    """How many a message reaches in each way, and how many it does not."""
    counted = Counter(each.way for each in held)
    return {way: counted[way] for way in WAYS}


def unbooked(before: datetime, icb_code: str = "") -> Any:
    """Referrals made before a time that the patient has not booked yet."""
    held = Referral.objects.filter(state=State.NOT_BOOKED, created_at__lte=before)
    held = held.exclude(priority=Priority.TWO_WEEK_WAIT)
    return grown_up(held.filter(icb_code=icb_code) if icb_code else held)


def grown_up(held: Any) -> Any:
    """Those of patients who are old enough to be written to."""
    today = timezone.localdate()
    age = rulebook.on(today)["portal_age"].value
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    latest = date(today.year - age, today.month, day)
    return held.filter(patient__birth_date__lte=latest).select_related("patient").order_by("pk")


def _first(wanted: Wanted) -> Any:
    """Referrals that are not booked and to which the right to choose holds."""
    today = timezone.localdate()
    held = unbooked(timezone.now() - timedelta(weeks=wanted.weeks), wanted.icb_code)
    held = held.exclude(choice__excluded_because__in=list(exclusions_on(today, FIRST_APPOINTMENT)))
    if wanted.organisation_code:
        on_list = Shortlisted.objects.filter(referral=OuterRef("pk"), replaced=False)
        held = held.filter(Exists(on_list.filter(provider_code=wanted.organisation_code)))
    return _of_specialty(held, wanted).order_by("created_at", "pk")


def _sooner(wanted: Wanted) -> Any:
    """Waits to which the right of 18 weeks holds, and of which the patient has not asked yet."""
    today = timezone.localdate()
    right = next((each for each in profiles_on(today).values() if each.is_legal), None)
    if right is None:
        return Pathway.objects.none()
    rows = eligible_of(right, today, wanted.icb_code)
    rows = rows.filter(clock_start__lte=today - timedelta(weeks=wanted.weeks))
    held = grown_up(Pathway.objects.filter(pk__in=rows.values("pathway_id")))
    if wanted.organisation_code:
        held = held.filter(organisation_code=wanted.organisation_code)
    return _of_specialty(held, wanted).order_by("list_entry__clock_start", "pk")


def _of_specialty(held: Any, wanted: Wanted) -> Any:
    function = wanted.treatment_function
    return held.filter(treatment_function=function) if function else held


def _told_of(wanted: Wanted) -> set[UUID]:
    """The referrals of which somebody was told, or will be by a campaign that runs."""
    held = Message.objects.filter(icb_code=wanted.icb_code, template=telling.CHOOSE)
    about = held.exclude(state__in=NOT_TOLD).values_list("about", flat=True)
    return {UUID(each) for each in about} | _in_turn(wanted, "referral_id")


def _told_lately(wanted: Wanted) -> set[UUID]:
    """The patients who were told within the interval of the rules, or will be."""
    again = rulebook.on(timezone.localdate())["asked_again_after"].value
    since = timezone.now() - timedelta(days=again)
    held = Message.objects.filter(
        icb_code=wanted.icb_code, template=telling.SOONER, created_at__gte=since
    )
    patients = held.exclude(state__in=NOT_TOLD).values_list("patient_id", flat=True)
    return set(patients) | _in_turn(wanted, "patient_id")


def _in_turn(wanted: Wanted, column: str) -> set[UUID]:
    waiting = Prompt.objects.filter(message=None, left_out="", campaign__stage=Stage.RUNNING)
    own = waiting.filter(icb_code=wanted.icb_code, campaign__right=wanted.right)
    return set(own.values_list(column, flat=True))


def _candidates(rows: Any) -> Iterator[Candidate]:
    names = (
        *(f"{_PATIENT}{each}" for each in _STANDING),
        *(f"{_CONTACT}{each}" for each in _REACHED_BY),
    )
    for about, patient, *known in rows.values_list("pk", "patient_id", *names).iterator():
        values = dict(zip((*_STANDING, *_REACHED_BY), known, strict=True))
        yield Candidate(about, patient, _way(values))


def _way(known: Mapping[str, Any]) -> str:
    """As the outbox will choose it (``standing.channel_for``), with the reason for a letter."""
    if known["sensitive"] or known["merged_into__sensitive"] or known["died_on"]:
        return "unreachable"
    wants_letter = known["no_messages"] or known["large_print"] or known["easy_read"]
    by_screen = [
        way
        for way, is_so in (
            (Channel.APP.value, known["uses_app"]),
            (Channel.SMS.value, known["mobile"]),
            (Channel.EMAIL.value, known["email"]),
        )
        if is_so and not wants_letter
    ]
    if by_screen:
        return by_screen[0]
    if not known["address"]:
        return "unreachable"
    if known["no_messages"]:
        return "opted_out"
    return "form" if wants_letter else Channel.LETTER.value

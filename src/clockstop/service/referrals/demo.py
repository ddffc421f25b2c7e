"""Referrals of the demo's practice, in each state that a day can bring, by the same actions as any.

What takes weeks in life, such as a missed appointment or a promise that ran out, is not made up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Any

from django.db import transaction
from django.db.models import Case, Value, When
from django.utils import timezone

from clockstop.core.types import Sector
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.models import Membership
from clockstop.service.accounts.roles import Role
from clockstop.service.directory.choices import Priority, RequestType
from clockstop.service.directory.criteria import Criteria
from clockstop.service.directory.slots import free_slots
from clockstop.service.pathways.models import Patient
from clockstop.service.referrals import actions
from clockstop.service.referrals.choice import WHY_FEW, WISHES, Channel, Conversation
from clockstop.service.referrals.criteria import for_patient
from clockstop.service.referrals.menu import Offered, menu
from clockstop.service.referrals.models import Referral
from clockstop.service.registry.models import Organisation

_SEED, _MORE = 1948, 60
_FIRST = ("Okafor", "Whitlock", "Ellison")  # who has an account sees a referral of their own
_FUNCTIONS = (
    ("C_110", "Knee pain"),
    ("C_130", "Cataract"),
    ("C_330", "Skin lesion"),
    ("C_100", "Hernia"),
    ("C_301", "Abdominal pain"),
    ("C_502", "Heavy bleeding"),
)
_ENOUGH = 5


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who acts: the referrer of the practice, and the clinician and booking office of the trust."""

    referrer: Actor
    clinician: Actor
    office: Actor

    @property
    def trust(self) -> str:
        return self.office.organisation_code


Scene = Callable[["_Stage", Patient], bool]


@transaction.atomic
def refer() -> int:
    """Make the demo's referrals; how many. None where nobody works, or where there are some."""
    cast = _cast()
    if cast is None or Referral.objects.exists():
        return 0
    stage = _Stage(cast, Random(_SEED))
    patients = _patients(cast.referrer.organisation_code)
    for scene in _SCENES:
        _played(stage, scene, patients)
    for patient in islice(patients, _MORE):
        stage.choose(patient)
    return Referral.objects.count()


def _played(stage: _Stage, scene: Scene, patients: Iterator[Patient]) -> None:
    """A scene with the next patient whom the directory has something for."""
    for patient in islice(patients, _ENOUGH):
        if scene(stage, patient):
            return


def _cast() -> _Cast | None:
    """The demo's people, at the first trust that has all of them."""
    held = Membership.objects.on(timezone.localdate()).select_related("person")
    trusts = Organisation.objects.filter(sector=Sector.NHS_TRUST).values("code")
    referrer = held.filter(role=Role.REFERRER).first()
    office = held.filter(role=Role.PROVIDER_ADMINISTRATOR, organisation_code__in=trusts).first()
    if referrer is None or office is None:
        return None
    own = held.filter(organisation_code=office.organisation_code)
    clinician = own.filter(role=Role.PROVIDER_CLINICIAN).first()
    if clinician is None:
        return None
    return _Cast(*(each.as_actor() for each in (referrer, clinician, office)))


def _patients(practice: str) -> Iterator[Patient]:
    """Those of the practice: first who can sign in, in the order of the scenes."""
    order = Case(
        *(When(family_name=name, then=Value(at)) for at, name in enumerate(_FIRST)),
        default=Value(len(_FIRST)),
    )
    held = Patient.objects.filter(practice_code=practice, died_on=None, sensitive=False)
    found = list(held.exclude(nhs_number="").order_by(order, "pk")[: _MORE + 40])
    return iter(found)


class _Stage:
    """Makes referrals for patients, with shortlists from the real menu."""

    def __init__(self, cast: _Cast, rng: Random) -> None:
        self.cast, self.rng = cast, rng

    def lines(
        self, patient: Patient, *, priority: Priority, kind: RequestType
    ) -> Iterator[tuple[Criteria, str, list[Offered]]]:
        """For each specialty the menu of the patient, the trust's own services first."""
        today = timezone.localdate()
        for function, condition in self.rng.sample(_FUNCTIONS, len(_FUNCTIONS)):
            asked = Criteria(request_type=kind, treatment_function=function, priority=priority)
            criteria = for_patient(asked, patient, today)
            found = menu(criteria)
            own = [each for each in found if each.provider == self.cast.trust]
            if own:
                yield criteria, condition, [*own, *(each for each in found if each not in own)]

    def refer(
        self,
        patient: Patient,
        wanted: Callable[[Offered], bool],
        *,
        priority: Priority = Priority.ROUTINE,
        number: int = _ENOUGH,
        triage: bool = False,
    ) -> tuple[Referral, Offered] | None:
        """A referral with the first service of the trust that is wanted at its head."""
        kind = RequestType.TRIAGE if triage else RequestType.APPOINTMENT
        for criteria, condition, found in self.lines(patient, priority=priority, kind=kind):
            own = [each for each in found if each.provider == self.cast.trust and wanted(each)]
            if own:
                others = [each for each in found if each.provider != self.cast.trust]
                listed = [own[0], *others[: 0 if triage else number - 1]]
                return self._made(patient, criteria, condition, listed, triage=triage), own[0]
        return None

    def _made(
        self,
        patient: Patient,
        criteria: Criteria,
        condition: str,
        listed: Sequence[Offered],
        *,
        triage: bool = False,
        said: Conversation | None = None,
    ) -> Referral:
        told = said or Conversation(
            offered=True,
            wishes=("wait",),
            information=("waits", "distance"),
            channel=Channel.SURGERY.value,
        )
        request = actions.Request(
            criteria=criteria,
            services=[each.service for each in listed],
            conversation=told,
            condition=condition,
            clinical_information=f"{condition} for some months. Please see and advise.",
        )
        return actions.create(
            actor=self.cast.referrer, patient=patient, request=request, send_for_triage=triage
        )

    def book(self, referral: Referral, line: Offered) -> None:
        """The first free time of a service on the shortlist."""
        chosen = referral.shortlist.get(service=line.service).service
        slot = free_slots(chosen, priority=Priority(referral.priority)).first()
        if slot is not None:
            actions.book(actor=self.cast.referrer, referral_id=referral.pk, slot_id=slot.pk)

    def choose(self, patient: Patient) -> None:
        """Any referral to any provider, with whatever was said of choice: for the figures."""
        rng = self.rng
        kind, priority = RequestType.APPOINTMENT, Priority.ROUTINE
        for criteria, condition, found in self.lines(patient, priority=priority, kind=kind):
            direct = [each for each in found if each.first_free]
            if not direct:
                continue
            listed = rng.sample(direct, min(len(direct), rng.choice((1, 2, 3, 5, 5, 6))))
            said = self._said(len({each.provider for each in listed}))
            referral = self._made(patient, criteria, condition, listed, said=said)
            if rng.random() < 0.8:  # noqa: PLR2004
                self.book(referral, rng.choice(listed))
            return

    def _said(self, providers: int) -> Conversation:
        rng = self.rng
        offered = rng.choice((True, True, True, False, None))
        return Conversation(
            offered=offered,
            not_offered_because="declined" if offered is False else "",
            wishes=(rng.choice(tuple(WISHES)),) if offered else (),
            information=("waits", "distance") if offered else (),
            few_because=rng.choice(tuple(WHY_FEW)) if providers < _ENOUGH else "",
            channel=rng.choice(tuple(Channel)).value,
        )


def _has_time(line: Offered) -> bool:
    return line.first_free is not None and not line.takes_triage


def _has_none(line: Offered) -> bool:
    return line.first_free is None and not line.takes_triage


def _triages(line: Offered) -> bool:
    return line.takes_triage


def _not_booked(stage: _Stage, patient: Patient) -> bool:
    return stage.refer(patient, _has_time) is not None


def _booked(then: Callable[..., object] | None = None, **more: Any) -> Scene:
    """Booked at the trust, and what it did then."""

    def scene(stage: _Stage, patient: Patient) -> bool:
        made = stage.refer(patient, _has_time, **more)
        if made is None:
            return False
        stage.book(*made)
        if then:
            then(actor=stage.cast.clinician, referral_id=made[0].pk)
        return True

    return scene


def _deferred(stage: _Stage, patient: Patient) -> bool:
    made = stage.refer(patient, _has_none)
    if made is None:
        return False
    referral, line = made
    actions.defer(
        actor=stage.cast.referrer,
        referral_id=referral.pk,
        service_id=line.service,
        reason="NO_SLOTS_AT_SERVICE",
    )
    return True


def _triage(then: Callable[..., object] | None = None, **more: Any) -> Scene:
    """Sent for triage to the trust, and what it did then."""

    def scene(stage: _Stage, patient: Patient) -> bool:
        made = stage.refer(patient, _triages, triage=True, **more)
        if made is not None and then:
            then(actor=stage.cast.clinician, referral_id=made[0].pk)
        return made is not None

    return scene


def _rejects(**who: Any) -> object:
    comment = "Please refer to the pain service"
    return actions.reject(**who, reason="SERVICE_INAPPROPRIATE", comment=comment)


def _cancels(**who: Any) -> object:
    return actions.cancel_appointment(**who, reason="CLINIC_CANCELLED")


def _advises(**who: Any) -> object:
    return actions.return_with_advice(**who, comment="Physiotherapy first, then refer again")


def _asks(text: str, answer: str = "", **more: Any) -> Scene:
    """Advice asked of the trust, answered or not."""

    def scene(stage: _Stage, patient: Patient) -> bool:
        kind, priority = RequestType.ADVICE, Priority.ROUTINE
        for _, _, found in stage.lines(patient, priority=priority, kind=kind):
            asked = actions.ask(
                actor=stage.cast.referrer,
                patient=patient,
                service_id=found[0].service,
                question=text,
                **more,
            )
            if answer:
                actions.answer(
                    actor=stage.cast.clinician,
                    advice_id=asked.pk,
                    text=answer,
                    outcome="RETURN_TO_REFERRER_WITH_ADVICE",
                )
            return True
        return False

    return scene


_SCENES: tuple[Scene, ...] = (
    _not_booked,
    _booked(),
    _deferred,
    _deferred,
    _booked(actions.accept),
    _booked(priority=Priority.TWO_WEEK_WAIT, number=1),
    _booked(priority=Priority.URGENT),
    _booked(_rejects),
    _booked(_cancels),
    _triage(),
    _triage(priority=Priority.URGENT),
    _triage(actions.accept_book_later),
    _triage(_advises),
    _asks("Would you see this patient before an X-ray?", may_convert=True),
    _asks("Is this lesion worth a referral?", referral_was_asked=True),
    _asks("May the dose be raised?", answer="Yes, by half, and check the blood in two weeks."),
)

"""The questions of an act, from the guards of its row in the table and what it asks itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role
from clockstop.service.directory.choices import Priority
from clockstop.service.directory.models import HealthcareService, Slot
from clockstop.service.pathways.names import clinicians_of
from clockstop.service.pathways.protections import is_a_child
from clockstop.service.pathways.questions import Option, Question, options_of
from clockstop.service.referrals import policies
from clockstop.service.referrals.models import Referral
from clockstop.service.referrals.provider.acts import Act
from clockstop.service.referrals.provider.rows import at_words
from clockstop.service.referrals.states import Party

Options = tuple[tuple[str, str], ...]
MOST_SLOTS = 24
_YES_NO: Options = (("yes", "Yes"), ("no", "No"))
_COMMENTS = {
    "return-with-advice": ("Your advice", "The practice reads it, and the patient can."),
    "assessed": ("What came of the assessment", "The practice reads it, and the patient can."),
    "accept-book-later": ("Comment", "For the booking office, if you wish."),
    "cancel-book-later": ("Why it is cancelled", ""),
}


@dataclass(frozen=True, slots=True)
class Asking:
    """An act that is about to be done to a referral: by whom, what was answered so far."""

    act: Act
    referral: Referral
    actor: Actor
    given: Mapping[str, str]
    errors: Mapping[str, str]

    def questions(self) -> tuple[Question, ...]:
        """All of them, in the order in which they are answered."""
        return tuple(self._asked())

    def _asked(self) -> Iterator[Question]:
        guards, asks = self.act.row.guards, self.act.asks
        if "slot" in asks:
            yield self._choose("slot", "When", slots_for(self.referral), "radios")
        if "service" in asks:
            hint = "Published services of your organisation"
            own = _own_services(self.referral)
            yield self._choose("service", "Which service takes it on", own, "select", hint)
        for guard in filter(policies.is_reason, guards):
            yield self._choose("reason", "Reason", self._reasons(guard), "radios")
        if "communicated" in asks:
            hint = "You can show that date, time and place were told to the patient in good time"
            label = "Was the appointment clearly communicated?"
            yield self._choose("communicated", label, _YES_NO, "radios", hint)
            yield from self._not_brought()
        if "comment" in guards or "comment" in asks or self._has_reason:
            label, hint = _COMMENTS.get(self.act.slug, ("Comment", "Some reasons need one."))
            yield self._question("comment", label, "area", hint=hint)
        if "clinical" in guards and self.actor.role != Role.PROVIDER_CLINICIAN:
            clinicians = clinicians_of(self.actor.organisation_code)
            label = "The clinician for whom you do this"
            yield self._choose("acting_for", label, clinicians, "select")

    @property
    def _has_reason(self) -> bool:
        return any(policies.is_reason(each) for each in self.act.row.guards)

    def _not_brought(self) -> Iterator[Question]:
        label = "Is this a child, or an adult at risk, who was not brought?"
        is_child = is_a_child(self.referral.patient.birth_date, timezone.localdate())
        hint = "A clinician and safeguarding look at it: no clock ends by itself"
        if is_child:
            hint = f"The patient is under 18. {hint}"
        yield self._choose("not_brought", label, _YES_NO, "radios", hint)

    def _reasons(self, guard: str) -> Options:
        found = policies.reasons_for(guard, timezone.localdate(), [Party.PROVIDER.value])
        return tuple((code, each.display) for code, each in found.items())

    def _choose(
        self, name: str, label: str, options: Options, kind: str, hint: str = ""
    ) -> Question:
        chosen = self.given.get(name, "")
        return self._question(name, label, kind, options=options_of(options, chosen), hint=hint)

    def _question(
        self, name: str, label: str, kind: str, *, options: tuple[Option, ...] = (), hint: str = ""
    ) -> Question:
        return Question(
            name=name,
            label=label,
            kind=kind,
            options=options,
            value=self.given.get(name, ""),
            hint=hint,
            error=self.errors.get(name, ""),
        )


def slots_for(referral: Referral) -> Options:
    """The earliest free times of the provider for a referral, at its own service before others.

    Other services are those of the same treatment function.
    """
    priority = Priority(referral.priority)
    free = Slot.objects.free(timezone.now(), priority).filter(
        service__organisation=referral.provider_code
    )
    own = free.filter(service=referral.service_id)
    if not own.exists():
        own = free.filter(service__treatment_function=referral.treatment_function)
    found = own.select_related("service").order_by("starts", "pk")[:MOST_SLOTS]
    return tuple((str(each.pk), f"{at_words(each.starts)}, {each.service.name}") for each in found)


def _own_services(referral: Referral) -> Options:
    held = HealthcareService.objects.published().filter(organisation=referral.provider_code)
    found = held.exclude(pk=referral.service_id).order_by("treatment_function", "name", "pk")
    return tuple((str(each.pk), f"{each.name}, {each.site_name}") for each in found)


def unanswered(act: Act, given: Mapping[str, str]) -> dict[str, str]:
    """What is missing that no action would miss: a choice between yes and no, a time, a service."""
    words = {
        "communicated": "Say whether the appointment was clearly communicated",
        "not_brought": "Say whether the patient was not brought",
        "slot": "Choose a time",
        "service": "Choose a service",
    }
    return {name: words[name] for name in act.asks if name in words and not given.get(name)}

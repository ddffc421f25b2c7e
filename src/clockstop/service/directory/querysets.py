"""Finding services and slots: views and searches start from here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role
from clockstop.service.directory.choices import (
    Priority,
    RequestType,
    SexTreated,
    SlotStatus,
    Status,
)
from clockstop.service.directory.criteria import Criteria

DEFINING = frozenset({Role.SERVICE_DEFINER})
RUNNING_CLINICS = DEFINING | {Role.PROVIDER_ADMINISTRATOR}

_TAKES = {
    RequestType.APPOINTMENT: Q(takes_appointments=True) | Q(takes_triage=True),
    RequestType.TRIAGE: Q(takes_triage=True),
    RequestType.ADVICE: Q(takes_advice=True),
}
_SEXES = {"1": SexTreated.MALE, "2": SexTreated.FEMALE}
_EQUAL = ("treatment_function", "diagnostic_test", "specialty", "organisation")


class HealthcareServiceQuerySet(models.QuerySet[Any]):
    """Services, by who asks and what for."""

    def visible_to(self, actor: Actor) -> HealthcareServiceQuerySet:
        """Those of the actor's own organisation, for those who define them or run its clinics."""
        if actor.role in RUNNING_CLINICS and actor.organisation_code:
            return self.filter(organisation=actor.organisation_code)
        return self.none()

    def asked(
        self, words: str = "", function: str = "", status: str = ""
    ) -> HealthcareServiceQuerySet:
        """Those with the words in their name or place, of a function or test, in a state."""
        found = self
        for word in words.split():
            found = found.filter(Q(name__icontains=word) | Q(site_name__icontains=word))
        if function:
            found = found.filter(Q(treatment_function=function) | Q(diagnostic_test=function))
        return found.filter(status=status) if status else found

    def published(self) -> HealthcareServiceQuerySet:
        """What referrers may see."""
        return self.filter(status=Status.PUBLISHED)

    def suitable_for(self, criteria: Criteria) -> HealthcareServiceQuerySet:
        """Published services that meet all criteria: those without a reason in ``suitability``."""
        equal = {name: getattr(criteria, name) for name in _EQUAL if getattr(criteria, name)}
        found = self.published().filter(_TAKES[criteria.request_type], **equal)
        if criteria.clinic_type:
            found = found.filter(clinic_types__contains=criteria.clinic_type)
        if criteria.clinician:
            found = found.filter(clinicians__user_id=criteria.clinician)
        return found.filter(_about_patient(criteria), _about_day(criteria))


def _about_patient(criteria: Criteria) -> Q:
    wanted = Q()
    if criteria.priority:
        wanted &= Q(**{criteria.priority.value: True})
    if criteria.sex in _SEXES:
        wanted &= Q(sex_treated__in=(SexTreated.BOTH, _SEXES[criteria.sex]))
    if criteria.age_months is not None:
        wanted &= Q(min_age_months=None) | Q(min_age_months__lte=criteria.age_months)
        wanted &= Q(max_age_months=None) | Q(max_age_months__gte=criteria.age_months)
    return wanted


def _about_day(criteria: Criteria) -> Q:
    if criteria.day is None:
        return Q()
    opened = Q(opens=None) | Q(opens__lte=criteria.day)
    return opened & (Q(closes=None) | Q(closes__gte=criteria.day))


class SlotQuerySet(models.QuerySet[Any]):
    """Slots, by who asks and whether they can be had."""

    def visible_to(self, actor: Actor) -> SlotQuerySet:
        """Those of the actor's own organisation, for those who run its clinics."""
        if actor.role in RUNNING_CLINICS and actor.organisation_code:
            return self.filter(service__organisation=actor.organisation_code)
        return self.none()

    def free(self, since: datetime, priority: Priority | None = None) -> SlotQuerySet:
        """Those that somebody can still have, of published services."""
        found = self.filter(
            status=SlotStatus.FREE, starts__gt=since, service__status=Status.PUBLISHED
        )
        return found.filter(**{priority.value: True}) if priority else found

"""Reading choices from the store, grouped in one way; whole calendar months alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from clockstop.core.codes.icbs import UnknownIcbError, icb_name
from clockstop.service.accounts.roles import Role
from clockstop.service.pathways.names import organisations_named
from clockstop.service.pathways.presenters.wording import specialty
from clockstop.service.referrals.choice_figures.counting import Choice
from clockstop.service.referrals.models import ChoiceEvent, Step

MONTHS = 12


class By(StrEnum):
    """How referrals are grouped."""

    ICB = "icb"
    SPECIALTY = "specialty"
    PRACTICE = "practice"
    MONTH = "month"
    REFERRER = "referrer"

    @property
    def label(self) -> str:
        """As the choice is worded."""
        return _LABELS[self]


_LABELS = {
    By.ICB: "ICB",
    By.SPECIALTY: "Specialty",
    By.PRACTICE: "Practice",
    By.MONTH: "Month",
    By.REFERRER: "Who recorded it",
}
_COLUMNS = (
    "icb_code",
    "treatment_function",
    "organisation_code",
    "day",
    "role",
    "in_scope",
    "offered",
    "services",
    "providers",
    "independent_providers",
    "chosen_provider",
    "chosen_is_independent",
    "fastest_days",
    "chosen_days",
    "is_changed",
    "patient_says",
)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day of a month to a day."""

    first: date
    last: date

    def within(self, moment: str) -> dict[str, datetime]:
        """The filter for rows whose moment lies in the period."""
        begins = timezone.make_aware(datetime.combine(self.first, time()))
        ends = timezone.make_aware(datetime.combine(self.last, time.max))
        return {f"{moment}__gte": begins, f"{moment}__lte": ends}


def year_to(today: date) -> Period:
    """This month so far and the eleven before it: the one period that is told.

    Periods that could be chosen freely would give small numbers away by their differences.
    """
    months = today.year * 12 + today.month - MONTHS
    return Period(date(months // 12, months % 12 + 1, 1), today)


def choices(period: Period, by: By, icb_code: str = "") -> Iterator[Choice]:
    """The choices of a period, in one ICB if one is named; the group is a code."""
    changed = Step.objects.filter(
        referral=OuterRef("referral"), action__startswith="change_shortlist"
    )
    first = Step.objects.filter(referral=OuterRef("referral"), version=1)
    found: Any = ChoiceEvent.objects.filter(day__gte=period.first, day__lte=period.last)
    if icb_code:
        found = found.filter(icb_code=icb_code)
    rows = found.annotate(is_changed=Exists(changed), role=Subquery(first.values("role")[:1]))
    for row in rows.values_list(*_COLUMNS).iterator():
        yield _choice(row, by)


def _choice(row: tuple[Any, ...], by: By) -> Choice:
    icb, function, practice, day, role, in_scope, offered, *rest = row
    services, providers, independent, chosen, is_independent, fastest, days, changed, says = rest
    groups = {
        By.ICB: icb,
        By.SPECIALTY: function,
        By.PRACTICE: practice,
        By.MONTH: f"{day:%Y-%m}",
        By.REFERRER: role or "",
    }
    return Choice(
        group=groups[by],
        in_scope=in_scope,
        offered=offered,
        services=services,
        providers=providers,
        independent_providers=independent,
        is_chosen=bool(chosen),
        chosen_is_independent=bool(is_independent),
        fastest_days=fastest,
        chosen_days=days,
        is_changed=changed,
        patient_says=says,
    )


def area_named(icb_code: str) -> str:
    """The name of an ICB; its code where there is none such."""
    try:
        return icb_name(icb_code)
    except UnknownIcbError:
        return icb_code


def named(groups: Iterable[str], by: By) -> Mapping[str, str]:
    """The groups in words."""
    codes = list(groups)
    match by:
        case By.ICB:
            return {code: area_named(code) for code in codes}
        case By.SPECIALTY:
            return {code: specialty(code) for code in codes}
        case By.PRACTICE:
            names = organisations_named(codes)
            return {code: names.get(code, code) for code in codes}
        case By.MONTH:
            return {code: f"{date.fromisoformat(f'{code}-01'):%B %Y}" for code in codes}
        case By.REFERRER:
            known = {role.value: role.label for role in Role}
            return {code: known.get(code, "Not known") for code in codes}

"""Whom a campaign is for, as a commissioner chooses it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from clockstop.service.directory.specialties import specialties
from clockstop.service.pathways.names import organisations_named
from clockstop.service.portal.campaigns.cohorts import Wanted
from clockstop.service.portal.campaigns.models import Right
from clockstop.service.referrals.models import Shortlisted
from clockstop.service.referrals.states import State
from clockstop.service.tracking.models import ListEntry
from clockstop.service.tracking.models import State as Listed

LONGEST_NAME, MOST_WEEKS = 80, 200
FIELDS = ("name", "right", "organisation_code", "treatment_function", "weeks")
Pairs = list[tuple[str, str]]


class CampaignForm(forms.Form):
    """A name, a right, and the people. ``icb_code`` says whose providers may be chosen."""

    name = forms.CharField(
        max_length=LONGEST_NAME,
        error_messages={
            "required": "Enter a name for the campaign",
            "max_length": f"Use {LONGEST_NAME} characters or fewer",
        },
    )
    right = forms.ChoiceField(
        choices=Right.choices, error_messages={"required": "Choose which right to tell of"}
    )
    organisation_code = forms.ChoiceField(
        required=False, error_messages={"invalid_choice": "Choose a provider from the list"}
    )
    treatment_function = forms.ChoiceField(
        required=False,
        choices=[(code, each.name) for code, each in specialties().items()],
        error_messages={"invalid_choice": "Choose a specialty from the list"},
    )
    weeks = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=MOST_WEEKS,
        error_messages={
            "invalid": "Enter a whole number of weeks",
            "min_value": "Enter 0 weeks or more",
            "max_value": f"Enter {MOST_WEEKS} weeks or fewer",
        },
    )

    def __init__(self, data: Mapping[str, Any] | None, *, icb_code: str) -> None:
        super().__init__(data)
        self.icb_code = icb_code
        providers: Any = self.fields["organisation_code"]
        providers.choices = providers_of(icb_code)

    @property
    def wanted(self) -> Wanted:
        """The people, once the form is valid."""
        data = self.cleaned_data
        return Wanted(
            icb_code=self.icb_code,
            right=Right(data["right"]),
            organisation_code=data["organisation_code"],
            treatment_function=data["treatment_function"],
            weeks=data["weeks"] or 0,
        )

    @property
    def shown_errors(self) -> dict[str, str]:
        """The first error of each field."""
        return {name: str(each[0]) for name, each in self.errors.items()}


def providers_of(icb_code: str) -> Pairs:
    """Providers on the lists or shortlists of an ICB's patients, by name."""
    waiting = ListEntry.objects.filter(icb_code=icb_code, state=Listed.WAITING)
    unbooked = Shortlisted.objects.filter(
        referral__icb_code=icb_code, referral__state=State.NOT_BOOKED, replaced=False
    )
    codes = {
        *_distinct(waiting, "organisation_code"),
        *_distinct(unbooked, "provider_code"),
    }
    names = organisations_named(codes)
    return sorted(((code, names.get(code, code)) for code in codes), key=lambda each: each[1])


def _distinct(rows: Any, column: str) -> Iterable[str]:
    found: Iterable[str] = rows.order_by().values_list(column, flat=True).distinct()
    return found

"""Who calls: how staff who act for a patient on the phone know that it is them."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.db import transaction

from clockstop.service.accounts.actor import Actor
from clockstop.service.audit.recording import record

ENOUGH = 3  # of the checks
_CHECKS = (
    ("name", "They gave their full name"),
    ("birth", "They gave their date of birth"),
    ("address", "They gave the first line of their address or their postcode"),
)


def checks_and(reference: str) -> tuple[tuple[str, str], ...]:
    """The checks that a page offers; the last in its own words."""
    return (*_CHECKS, ("reference", reference))


class CallerForm(forms.Form):
    """What the caller told, enough of it; the form of a page says which checks it offers."""

    offered: ClassVar[tuple[tuple[str, str], ...]]
    checks = forms.MultipleChoiceField(error_messages={"required": "Tick what the caller told you"})

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        checks: Any = self.fields["checks"]
        checks.choices = self.offered

    def clean_checks(self) -> list[str]:
        """Enough of them to know who is calling."""
        found: list[str] = self.cleaned_data["checks"]
        if len(found) < ENOUGH:
            raise forms.ValidationError(f"Check at least {ENOUGH} before you go on")
        return found

    @transaction.atomic
    def note_checks(self, actor: Actor, *, icb_code: str, subject: tuple[str, UUID]) -> None:
        """Which checks were made, never what was answered."""
        record(
            "checked who was calling",
            actor.for_audit,
            icb_code=icb_code,
            subject=subject,
            detail=dict.fromkeys(self.cleaned_data["checks"], True),
        )

"""What patients and those who speak for them type; values come back as they were."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from clockstop.service.pathways.callers import CallerForm, checks_and
from clockstop.service.portal.actions.reaching import Reached
from clockstop.service.ui.day_field import DayField

_MOBILE = re.compile(r"^(\+44|0)7\d{9}$")


class ReferenceForm(forms.Form):
    """What opens one referral without an account."""

    ubrn = forms.CharField(max_length=20, error_messages={"required": "Enter the reference"})
    code = forms.CharField(max_length=20, error_messages={"required": "Enter the access code"})
    born = DayField(called="Date of birth")


class CallForm(CallerForm):
    """Who calls, by a booking reference or an NHS number, and how staff know that it is them."""

    offered = checks_and("They read out the booking reference from their letter")
    field_order = ("ubrn", "checks")
    ubrn = forms.CharField(
        max_length=20, error_messages={"required": "Enter the reference or the NHS number"}
    )

    @property
    def digits(self) -> str:
        """The booking reference or the NHS number without spaces."""
        return "".join(filter(str.isdigit, self.cleaned_data["ubrn"]))


class ContactForm(forms.Form):
    """How somebody is reached, and how they need to be told."""

    mobile = forms.CharField(required=False, max_length=20)
    email = forms.EmailField(
        required=False, error_messages={"invalid": "Enter an email address, like name@example.com"}
    )
    no_messages = forms.BooleanField(required=False)
    large_print = forms.BooleanField(required=False)
    easy_read = forms.BooleanField(required=False)
    sign_language = forms.BooleanField(required=False)
    interpreter = forms.CharField(required=False, max_length=40)
    other_needs = forms.CharField(required=False, max_length=200)

    def clean_mobile(self) -> str:
        """A mobile of the United Kingdom, without spaces."""
        typed: str = re.sub(r"[\s()-]", "", self.cleaned_data["mobile"])
        if typed and not _MOBILE.match(typed):
            raise forms.ValidationError("Enter a UK mobile number, like 07700 900123")
        return typed

    @property
    def told(self) -> Reached:
        """What the form says, once it is valid."""
        return Reached(**self.cleaned_data)


def errors_of(form: forms.Form) -> dict[str, str]:
    """By field, the first message of each."""
    return {name: str(messages[0]) for name, messages in form.errors.items()}


def whole_number(text: Any) -> int | None:
    """The number that a hidden field holds; None for anything else."""
    typed = str(text or "")
    return int(typed) if typed.isdecimal() and len(typed) < 19 else None  # noqa: PLR2004

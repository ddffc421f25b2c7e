"""Whom to refer, and what to look for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from clockstop.core.codes.diagnostic_tests import diagnostic_tests
from clockstop.service.directory.choices import Priority, RequestType
from clockstop.service.directory.criteria import Criteria
from clockstop.service.directory.specialties import clinic_types, specialties
from clockstop.service.pathways.forms import FindForm
from clockstop.service.pathways.persons import patient_of_number
from clockstop.service.referrals.menu import named_like
from clockstop.service.referrals.referrer.drafts import point_of

TEST = "test:"
MILES = (5, 10, 20, 30, 50, 100)


class PatientForm(FindForm):
    """An NHS number, or a family name; a date of birth beside the name is optional."""

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not (self.errors or data["nhs_number"] or data["family_name"]):
            self.add_error("nhs_number", "Enter an NHS number or a family name")
        return data

    @property
    def wanted(self) -> Q:
        """The records of those who fit."""
        data = self.cleaned_data
        if number := data["nhs_number"]:
            return patient_of_number(number)
        born = Q(birth_date=data["birth_date"]) if data["birth_date"] else Q()
        return Q(family_name__iexact=data["family_name"], merged_into=None) & born


class SearchForm(forms.Form):
    """What the patient needs, how urgent it is, and how far they can go."""

    what = forms.CharField(required=False)
    priority = forms.ChoiceField(
        choices=Priority.choices, error_messages={"required": "Choose how urgent it is"}
    )
    request_type = forms.ChoiceField(choices=RequestType.choices, required=False)
    clinic_type = forms.CharField(required=False)
    clinician = forms.CharField(required=False, max_length=100)
    place = forms.CharField(required=False, max_length=10)
    within = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Any distance"), *((str(each), f"{each} miles") for each in MILES)],
    )

    def clean_what(self) -> str:
        what: str = self.cleaned_data["what"]
        if what not in {code for _, group in needs() for code, _ in group}:
            raise forms.ValidationError("Choose a specialty or a test")
        return what

    def clean_place(self) -> str:
        """A postcode is kept as it was typed; the page that needs its middle finds it again."""
        text: str = self.cleaned_data["place"].strip().upper()
        if text and point_of(text) is None:
            raise forms.ValidationError("Enter a postcode in England, like LS1 4AP")
        return text

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        clinic = clinic_types().get(data.get("clinic_type", ""))
        if data.get("clinic_type") and (not clinic or clinic.function != data.get("what")):
            self.add_error("clinic_type", "Choose a clinic type of the specialty, or none")
        if data.get("clinician") and "what" in data:
            data["named"] = self._named(data["clinician"], data["what"])
        return data

    def _named(self, name: str, what: str) -> str:
        """The user ID of a clinician of the specialty, by a part of the name."""
        found = named_like(name, function_of(what))
        if len(found) == 1:
            return found[0][0]
        if not found:
            self.add_error("clinician", "Nobody of this name leads a team in this specialty")
        else:
            names = ", ".join(each for _, each in found[:5])
            self.add_error("clinician", f"Several have this name: {names}. Enter more of it")
        return ""

    @property
    def criteria(self) -> Criteria:
        """What is looked for, without what the patient adds to it."""
        data = self.cleaned_data
        return Criteria(
            request_type=RequestType(data["request_type"] or RequestType.APPOINTMENT),
            treatment_function=function_of(data["what"]),
            diagnostic_test=test_of(data["what"]),
            clinic_type=data["clinic_type"],
            priority=Priority(data["priority"]),
            clinician=data.get("named", ""),
        )


def needs() -> list[tuple[str, list[tuple[str, str]]]]:
    """Specialties and tests, for a list with two headings."""
    named = sorted((each.name, each.function) for each in specialties().values())
    return [
        ("Specialties", [(function, name) for name, function in named]),
        ("Diagnostic tests", [(TEST + each.code, each.name) for each in diagnostic_tests()]),
    ]


def function_of(what: str) -> str:
    """The treatment function that is meant; none where it is a test."""
    return "" if what.startswith(TEST) else what


def test_of(what: str) -> str:
    """The test that is meant; none where it is a treatment function."""
    return what.removeprefix(TEST) if what.startswith(TEST) else ""

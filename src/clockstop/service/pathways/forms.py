"""Finding a patient: an NHS number, or a family name with a date of birth."""

from typing import Any

from django import forms
from django.db.models import Q

from clockstop.core.types import NhsNumber
from clockstop.service.pathways.persons import of_number
from clockstop.service.ui.day_field import DayField


class FindForm(forms.Form):
    """Valid when it says whom to look for; ``wanted`` is then the condition on pathways."""

    nhs_number = forms.CharField(required=False, max_length=20)
    family_name = forms.CharField(required=False, max_length=100)
    birth_date = DayField(called="Date of birth", required=False)

    def clean_nhs_number(self) -> NhsNumber | None:
        """Spaces and hyphens are how people write one."""
        text = self.cleaned_data["nhs_number"]
        try:
            return NhsNumber(text) if text else None
        except ValueError as error:
            words = str(error)
            raise forms.ValidationError(words[:1].upper() + words[1:]) from None

    def clean(self) -> dict[str, Any]:
        """The number is enough; a name needs a date of birth, and the other way round."""
        data = self.cleaned_data
        if self.errors or data["nhs_number"]:
            return data
        if not (data["family_name"] or data["birth_date"]):
            self.add_error("nhs_number", "Enter an NHS number, or a family name and date of birth")
        elif not data["birth_date"]:
            self.add_error("birth_date", "Enter the date of birth too")
        elif not data["family_name"]:
            self.add_error("family_name", "Enter the family name too")
        return data

    @property
    def wanted(self) -> Q:
        """The pathways of those who fit, by any number that was ever theirs."""
        data = self.cleaned_data
        if number := data["nhs_number"]:
            return of_number(number)
        return Q(
            patient__family_name__iexact=data["family_name"],
            patient__birth_date=data["birth_date"],
        )

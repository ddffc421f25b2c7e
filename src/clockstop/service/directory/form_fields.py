"""Fields that the forms of the directory are made of, and how their errors are shown."""

import re
from typing import Any

from django import forms

from clockstop.service.directory import ages
from clockstop.service.directory.policies import Reason
from clockstop.service.ui.day_field import DayField, boxes

_AGE = re.compile(r"(\d{1,4})\s*(years?|y|months?|m)?", re.IGNORECASE)
_OLDEST = 1_800  # months
_CLINICIAN = re.compile(r"(\d{6,20})\s+(\S.{0,199})")


class AgeField(forms.CharField):
    """An age as people type it, ``16`` or ``6 months``, in completed months of life."""

    def __init__(self, *, called: str, is_oldest: bool) -> None:
        super().__init__(required=False, max_length=20)
        self.called, self.is_oldest = called, is_oldest

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        found = _AGE.fullmatch(text.strip())
        months = self._months(int(found[1]), found[2] or "") if found else None
        if months is None or months > _OLDEST:
            raise forms.ValidationError(f"{self.called}: enter an age, like 16 or 6 months")
        return months

    def _months(self, number: int, unit: str) -> int | None:
        if unit.lower().startswith("m"):
            return number
        return ages.oldest(number) if self.is_oldest else ages.youngest(number)


class CliniciansField(forms.CharField):
    """A line for each: user ID, a space, the name."""

    def clean(self, value: Any) -> list[list[str]]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        found = [_CLINICIAN.fullmatch(line) for line in lines]
        if not all(found):
            raise forms.ValidationError(
                "Named clinicians: a line for each, with the user ID and then the name"
            )
        return [[each[1], each[2]] for each in found if each]


def text(most: int = 200) -> forms.CharField:
    words = f"Enter {most:,} characters or fewer"
    return forms.CharField(required=False, max_length=most, error_messages={"max_length": words})


def flag() -> forms.BooleanField:
    return forms.BooleanField(required=False)


def one(choices: Any, words: str) -> forms.ChoiceField:
    errors = {"required": words, "invalid_choice": words}
    return forms.ChoiceField(choices=choices, error_messages=errors)


def some(choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(required=False, choices=choices)


def refuse(form: forms.Form, reasons: tuple[Reason, ...]) -> None:
    """Show why something cannot be done, each reason at its field."""
    for each in reasons:
        form.add_error(each.field if each.field in form.fields else None, each.words)


def errors_of(form: forms.Form) -> dict[str, str]:
    """The first error of each field by the id of its box."""
    return {anchor(form, name): str(texts[0]) for name, texts in form.errors.items()}


def anchor(form: forms.Form, name: str) -> str:
    """The id of the first box of a field."""
    return boxes(name)[0] if isinstance(form.fields.get(name), DayField) else name

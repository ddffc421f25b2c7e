"""A day in three boxes, as NHS services ask for one."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

PARTS = ("day", "month", "year")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
Typed = tuple[str, str, str]


class _Boxes(forms.Widget):
    """Reads the three boxes; pages draw them."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Typed:  # noqa: ARG002
        day, month, year = (str(data.get(box, "")).strip() for box in boxes(name))
        return day, month, year

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:  # noqa: ARG002
        return not any(box in data for box in boxes(name))


class DayField(forms.Field):
    """A day, or None where it may be left out. ``called``: how errors name it."""

    widget = _Boxes

    def __init__(self, *, called: str, required: bool = True) -> None:
        super().__init__(required=required)
        self.called = called

    def clean(self, value: Any) -> date | None:
        typed: Typed = value
        if not any(typed):
            if self.required:
                raise forms.ValidationError(f"{self.called}: enter a day, a month and a year")
            return None
        missing = [part for part, text in zip(PARTS, typed, strict=True) if not text]
        if missing:
            raise forms.ValidationError(f"{self.called}: enter the {' and the '.join(missing)} too")
        found = read_day(typed)
        if found is None:
            raise forms.ValidationError(f"{self.called}: enter a real date, like 31 1 2025")
        return found


def read_day(typed: Typed) -> date | None:
    """The day that three texts mean; a month may be a word. None where there is no such day."""
    day, month, year = typed
    start = month[:3].casefold()
    number = str(_MONTHS.index(start) + 1) if start in _MONTHS else month
    if not (re.fullmatch(r"[0-9]{1,2}", day) and re.fullmatch(r"[0-9]{1,2}", number)):
        return None
    if not re.fullmatch(r"(19|20)[0-9]{2}", year):
        return None
    try:
        return date(int(year), int(number), int(day))
    except ValueError:  # such as 30 2 2025
        return None


def boxes(name: str) -> tuple[str, str, str]:
    """What the three boxes of a field are called."""
    day, month, year = (f"{name}-{part}" for part in PARTS)
    return day, month, year


def typed(day: date) -> Typed:
    """A day as one would type it."""
    return str(day.day), str(day.month), str(day.year)

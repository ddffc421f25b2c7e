"""Forms of the list: its filters, a note, an owner with a due date, the name of a view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from clockstop.core.codes.functions import treatment_functions
from clockstop.service.pathways.models import Priority
from clockstop.service.tracking import filters
from clockstop.service.tracking.filters import Filter
from clockstop.service.tracking.groups import (
    AGES,
    DECILES,
    NOT_KNOWN,
    SEXES,
    deprivation_name,
    ethnic_categories,
    ethnic_name,
)
from clockstop.service.tracking.models import Note, SavedView, State
from clockstop.service.tracking.ordering import SORTS
from clockstop.service.tracking.ranks import D_CODES, P_CODES
from clockstop.service.tracking.worklists import WORKLISTS
from clockstop.service.ui.day_field import PARTS, DayField, boxes, typed

LONGEST_WEEKS, FARTHEST_DAYS = 520, 730
Choices = tuple[tuple[str, str], ...]
YES_NO: Choices = (("yes", "Yes"), ("no", "No"))
STATES: Choices = (
    *((each.value, str(each.label)) for each in State if each is not State.CLOSED),
    (filters.ANY, "Everybody on the list"),
)
EVENTS: Choices = (
    (filters.BOOKED, "A date is booked"),
    (filters.NOT_BOOKED, "No date is booked"),
    (filters.NO_ADMISSION, "To be admitted, no admission date"),
)
CODES: Choices = (*((each, each) for each in (*P_CODES, *D_CODES)), (filters.NO_CODE, "No code"))
DEPRIVATION: Choices = (
    *((f"q{each}", deprivation_name(f"q{each}")) for each in range(1, 6)),
    *((str(each), deprivation_name(str(each))) for each in DECILES),
    (NOT_KNOWN, "Not known"),
)
ETHNIC: Choices = (
    *((code, ethnic_name(code)) for code in ethnic_categories()),
    (NOT_KNOWN, ethnic_name("")),
)
# The fields that are days, and what their errors call them.
_DAYS = {"by": "Breach date"}


def _choice(options: Iterable[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(required=False, choices=[("", "Any"), *options])


def _number(most: int, words: str) -> forms.IntegerField:
    error = f"{words}: enter a whole number from 0 to {most}"
    return forms.IntegerField(
        required=False,
        min_value=0,
        max_value=most,
        error_messages={"invalid": error, "min_value": error, "max_value": error},
    )


class FilterForm(forms.Form):
    """What may be asked of the list; ``asked`` is the filter once it is valid."""

    worklist = _choice((slug, each.title) for slug, each in WORKLISTS.items())
    state = _choice(STATES)
    specialty = _choice((each.code, each.name) for each in treatment_functions())
    over = _number(LONGEST_WEEKS, "Waiting over … weeks")
    within = _number(LONGEST_WEEKS, "Waiting up to … weeks")
    breach = _number(LONGEST_WEEKS, "Will be over … weeks")
    by = DayField(called=_DAYS["by"], required=False)
    event = _choice(EVENTS)
    days = _number(FARTHEST_DAYS, "A date within … days")
    priority = _choice((each.value, str(each.label)) for each in Priority)
    code = _choice(CODES)
    cancer = _choice(YES_NO)
    owner = forms.CharField(required=False, max_length=36)
    late = _choice((("yes", "Past its due date"),))
    deprivation = _choice(DEPRIVATION)
    ethnic = _choice(ETHNIC)
    age = _choice((key, each.name) for key, each in AGES.items())
    sex = _choice(SEXES.items())
    returns = _choice(YES_NO)
    provider = forms.RegexField("^[A-Z0-9]+$", required=False, max_length=12)
    sort = _choice(SORTS.items())

    def clean_owner(self) -> str:
        """A member of staff by their reference, or nobody."""
        owner: str = self.cleaned_data["owner"]
        if owner in ("", filters.NOBODY):
            return owner
        try:
            return str(UUID(owner))
        except ValueError:
            raise forms.ValidationError("Owner: choose one from the list") from None

    def clean(self) -> dict[str, Any]:
        """A breach has weeks and a day; the longer end of a wait is not below the shorter."""
        data = self.cleaned_data
        if data.get("breach") is not None and not data.get("by") and "by" not in self.errors:
            self.add_error("by", "Breach date: enter the day by which the wait would breach")
        over, within = data.get("over"), data.get("within")
        if over is not None and within is not None and within <= over:
            self.add_error(
                "within", "Waiting up to … weeks: enter more than the weeks of “waiting over”"
            )
        return data

    @property
    def asked(self) -> Filter:
        given = self.cleaned_data.items()
        return Filter(**{name: value for name, value in given if value not in ("", None)})


def filter_form(query: Mapping[str, str]) -> FilterForm:
    """The form as an address fills it in: a day is one value there, and three boxes on the page."""
    data = dict(query)
    for name in _DAYS:
        if text := data.pop(name, ""):
            data |= dict(zip(boxes(name), _boxed(text), strict=True))
    return FilterForm(data)


def is_from_the_form(query: Mapping[str, str]) -> bool:
    """Whether an address was made by sending the form, so that it is long and has boxes."""
    return any(box in query for name in _DAYS for box in boxes(name))


def _boxed(text: str) -> tuple[str, str, str]:
    try:
        return typed(date.fromisoformat(text))
    except ValueError:
        return (text[:10], *("?" for _ in PARTS[1:]))  # type: ignore[return-value]


class NoteForm(forms.Form):
    """A note on a pathway. ``submission`` is made with the page, so that twice is once."""

    submission = forms.UUIDField()
    text = forms.CharField(
        max_length=Note.LONGEST,
        error_messages={
            "required": "Enter the note",
            "max_length": f"The note must be {Note.LONGEST:,} characters or fewer",
        },
    )


class HandlingForm(forms.Form):
    """Who looks after a pathway, and by when; both may be nobody and never."""

    owner = forms.ChoiceField(
        required=False, error_messages={"invalid_choice": "Owner: choose one from the list"}
    )
    due = DayField(called="Due date", required=False)

    def __init__(self, staff: Choices, *given: Any) -> None:
        super().__init__(*given)
        field: Any = self.fields["owner"]
        field.choices = [("", "Nobody"), *staff]


class ViewForm(forms.Form):
    """The name under which a person keeps a filter."""

    name = forms.CharField(
        max_length=60,
        error_messages={
            "required": "Enter a name for the view",
            "max_length": "The name must be 60 characters or fewer",
        },
    )
    query = forms.CharField(required=False, max_length=500)


MOST_VIEWS = SavedView.MOST

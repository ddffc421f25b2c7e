"""The form of one entry, made from the fields of its kind of event."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone

from clockstop.core.rtt.events import Event
from clockstop.core.rtt.reading import EventField, event_fields
from clockstop.core.rtt.status_codes import status_codes
from clockstop.service.pathways.policies import REASON_LENGTH, Refusal
from clockstop.service.pathways.presenters.entries import entry_in_words
from clockstop.service.pathways.references import candidates, is_reference
from clockstop.service.pathways.words import field_words, option_words
from clockstop.service.ui.day_field import DayField, boxes, typed

_CODES = ("provider", "treatment_function", "status", "intended_status")
_NOT_ASKED = frozenset({"id", "recorded", "supersedes"})
_YES, _NO = "yes", "no"
_LONGEST = 40  # of a code, with all its spaces
_ORGANISATION = (r"[A-Z0-9]{2,12}", "enter the code of an organisation, like RAA")
_UBRN = (r"[0-9]{12}", "enter a booking reference of 12 digits")
_CHECKS = {
    "ubrn": _UBRN,
    "linked_to": _UBRN,
    "pathway_id": (r"[A-Z0-9]{20}", "enter an identifier of 20 letters and digits"),
    "treatment_function": (r"[0-9]{3}", "enter a code of 3 digits, like 110"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an entry is made from: its kind, the pathway's earlier events, who can have decided.

    ``wrong`` is the earlier event that it corrects. ``clinicians`` (id and name) is None where no
    clinician has to be named.
    """

    kind: str
    events: tuple[Event, ...]
    organisation_code: str
    treatment_function: str
    length: int
    wrong: Event | None = None
    clinicians: tuple[tuple[str, str], ...] | None = None

    @property
    def earlier(self) -> tuple[Event, ...]:
        """The events that the entry may refer to."""
        return tuple(each for each in self.events if each is not self.wrong)


class EntryForm(forms.Form):
    """Valid when each field can be read; whether it may be entered is the policy's to say."""

    submission = forms.UUIDField()
    length = forms.IntegerField(min_value=0)

    def __init__(self, draft: Draft, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=_initial(draft))
        self.draft = draft
        for name in asked(draft):
            self.fields[name] = _field(draft, name)
        if draft.clinicians is not None:
            self.fields["acting_for"] = _select(draft, "acting_for", draft.clinicians)
        if draft.wrong is not None:
            self.fields["why"] = _why(draft)

    def clean(self) -> dict[str, Any]:
        """Tidy what people type with spaces or in small letters; refuse what cannot be a code."""
        for name in asked(self.draft):
            text = self.cleaned_data.get(name)
            if isinstance(self.fields[name], _Text) and text:
                self.cleaned_data[name] = self._tidied(name, text)
        return self.cleaned_data

    def _tidied(self, name: str, text: str) -> str:
        pattern, words = _CHECKS.get(name, _ORGANISATION)
        tidied = re.sub(r"[\s-]", "", text).upper()
        if not re.fullmatch(pattern, tidied):
            self.add_error(name, f"{field_words(self.draft.kind, name).short}: {words}")
        return tidied

    @property
    def values(self) -> dict[str, object]:
        """The event as JSON values, for ``record_event``. Call after ``is_valid``."""
        wrong, today = self.draft.wrong, timezone.localdate().isoformat()
        values: dict[str, object] = {"kind": self.draft.kind}
        if wrong is not None:
            values |= {"day": wrong.day.isoformat(), "supersedes": wrong.id}
        for name in asked(self.draft):
            found = self.cleaned_data[name]
            if found not in (None, ""):
                values[name] = _as_json(found, event_fields(self.draft.kind)[name])
        return values | ({"recorded": today} if str(values["day"]) < today else {})

    @property
    def acting_for(self) -> UUID | None:
        """The clinician that was named, if one had to be."""
        chosen = self.cleaned_data.get("acting_for")
        return UUID(chosen) if chosen else None

    @property
    def reason(self) -> str:
        """Why the earlier entry is wrong; empty where none is corrected."""
        return str(self.cleaned_data.get("why", ""))

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        """Show why the entry cannot be made, each reason at its field."""
        renamed = {} if self.draft.wrong is None else {"reason": "why"}
        for each in refusals:
            field = renamed.get(each.field, each.field)
            self.add_error(field if field in self.fields else None, each.words)

    def carried(self) -> list[tuple[str, str]]:
        """What was sent, as hidden fields: nothing is kept anywhere until it is saved."""
        names = [
            box
            for name, field in self.fields.items()
            for box in (boxes(name) if isinstance(field, DayField) else (name,))
        ]
        return [(name, str(self.data.get(name, ""))) for name in names if name != "length"]


def asked(draft: Draft) -> tuple[str, ...]:
    """The fields of the event that the form asks for, in the order of its class, codes last.

    An entry that is withdrawn is wrong as a whole: only the reason is asked for.
    """
    if draft.kind == "entry_withdrawn":
        return ()
    names = [name for name in event_fields(draft.kind) if name not in _NOT_ASKED]
    codes = [name for name in names if is_code(draft.kind, name)]
    return (*(name for name in names if name not in codes), *codes)


def is_code(kind: str, name: str) -> bool:
    """Whether the field has its usual value mostly, so that it need not stand in the way."""
    return name in _CODES and not field_words(kind, name).must


class _Text(forms.CharField):
    """A code that people type."""


def _field(draft: Draft, name: str) -> forms.Field:
    field = event_fields(draft.kind)[name]
    words = field_words(draft.kind, name)
    if field.type is date:
        return DayField(called=words.short, required=field.required)
    if is_reference(draft.kind, name):
        found = candidates(draft.kind, name, draft.earlier)
        return _select(draft, name, _earlier(found), required=field.required)
    if field.options or field.type is bool:
        must = field.required or words.must
        return _select(draft, name, _options(draft.kind, field), required=must)
    return _Text(
        required=field.required,
        max_length=_LONGEST,
        error_messages=_messages(words.short, "enter it", _LONGEST),
    )


def _select(
    draft: Draft, name: str, options: Iterable[tuple[str, str]], *, required: bool = True
) -> forms.ChoiceField:
    choose = f"{field_words(draft.kind, name).short}: choose an answer"
    return forms.ChoiceField(
        choices=tuple(options),
        required=required,
        error_messages={"required": choose, "invalid_choice": choose},
    )


def _why(draft: Draft) -> forms.CharField:
    short = field_words(draft.kind, "why").short
    missing = "say why the earlier entry is wrong"
    return forms.CharField(
        max_length=REASON_LENGTH, error_messages=_messages(short, missing, REASON_LENGTH)
    )


def _messages(short: str, missing: str, longest: int) -> dict[str, str]:
    too_long = f"{short}: use {longest} characters or fewer"
    return {"required": f"{short}: {missing}", "max_length": too_long}


def _options(kind: str, field: EventField) -> tuple[tuple[str, str], ...]:
    if field.type is bool:
        return ((_YES, "Yes"), (_NO, "No"))
    if field.name in {"status", "intended_status"}:
        return tuple((code.value, f"{code}: {row.meaning}") for code, row in status_codes().items())
    return tuple((each, option_words(kind, field.name, each).label) for each in field.options)


def _earlier(events: Iterable[Event]) -> tuple[tuple[str, str], ...]:
    return tuple((each.id, entry_in_words(each)) for each in events)


def _as_json(found: Any, field: EventField) -> object:
    if isinstance(found, date):
        return found.isoformat()
    return found == _YES if field.type is bool else found


def _initial(draft: Draft) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "submission": uuid4(),
        "length": draft.length,
        "provider": draft.organisation_code,
        "treatment_function": draft.treatment_function,
    }
    known = event_fields(draft.kind)
    for name in asked(draft):
        words = field_words(draft.kind, name)
        if not (known[name].required or words.must or known[name].default is None):
            initial[name] = _as_typed(known[name].default)
    if draft.wrong is not None:
        initial |= {name: _as_typed(getattr(draft.wrong, name)) for name in asked(draft)}
    return initial


def _as_typed(value: object) -> object:
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, date):
        return typed(value)
    if value is None:
        return ""
    return value.value if isinstance(value, StrEnum) else value

"""The form of an entry as its page shows it: questions, answers so far, errors at their fields."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django import forms

from clockstop.core.rtt.events import KINDS
from clockstop.core.rtt.reading import event_fields
from clockstop.service.pathways.entry_form import EntryForm, asked, is_code
from clockstop.service.pathways.questions import Option, Question
from clockstop.service.pathways.references import is_reference
from clockstop.service.pathways.words import field_words, option_words
from clockstop.service.ui.day_field import DayField, boxes

_MOST_RADIOS = 8
_NONE = "None of these"
_NOBODY = (
    "No clinician of your organisation has an account here. An administrator of accounts can give "
    "one the role"
)


class EntryPage:
    """A form of an entry, blank or sent."""

    def __init__(self, form: EntryForm) -> None:
        self.form = form
        self.kind = form.draft.kind

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What everybody answers."""
        names = [name for name in asked(self.form.draft) if not is_code(self.kind, name)]
        return self._asked((*names, *(each for each in ("acting_for", "why") if each in self._own)))

    @cached_property
    def codes(self) -> tuple[Question, ...]:
        """What has its usual value mostly."""
        return self._asked(name for name in asked(self.form.draft) if is_code(self.kind, name))

    @property
    def errors(self) -> dict[str, str]:
        """Where each error stands (the id of its field) and its words, in the order of the page."""
        found = {
            boxes(each.name)[0] if each.kind == "day" else each.name: each.error
            for each in (*self.questions, *self.codes)
            if each.error
        }
        whole = self.form.non_field_errors() if self.form.is_bound else ()
        return found | {"entry": " ".join(map(str, whole))} if whole else found

    @property
    def has_wrong_codes(self) -> bool:
        """Whether the part with the codes must stand open."""
        return any(each.error for each in self.codes)

    @property
    def _own(self) -> Mapping[str, forms.Field]:
        return self.form.fields

    def _asked(self, names: Iterable[str]) -> tuple[Question, ...]:
        return tuple(self._question(name) for name in names)

    def _question(self, name: str) -> Question:
        words = field_words(self.kind, name)
        value = self.form[name].value()
        field = self._own[name]
        errors = self.form.errors.get(name) if self.form.is_bound else None
        return Question(
            kind=self._kind(name, field),
            name=name,
            label=words.label,
            hint=_NOBODY if name == "acting_for" and not self.form.draft.clinicians else words.hint,
            value=(value or ("", "", "")) if isinstance(field, DayField) else value,
            options=self._options(name, field, "" if value is None else str(value)),
            error=str(errors[0]) if errors else "",
        )

    def _kind(self, name: str, field: forms.Field) -> str:
        if isinstance(field, DayField):
            return "day"
        if name == "why":
            return "area"
        if not isinstance(field, forms.ChoiceField):
            return "text"
        is_select = name == "acting_for" or self._names_an_entry(name)
        return "select" if is_select or len(_choices(field)) > _MOST_RADIOS else "radios"

    def _names_an_entry(self, name: str) -> bool:
        fields = event_fields(self.kind) if self.kind in KINDS else {}
        return name in fields and is_reference(self.kind, name)

    def _options(self, name: str, field: forms.Field, value: str) -> tuple[Option, ...]:
        if not isinstance(field, forms.ChoiceField):
            return ()
        given = _choices(field)
        if not field.required and not self._has_default(name):
            given.append(("", _NONE))
        return tuple(
            Option(each, text, each == value, self._hint(name, each)) for each, text in given
        )

    def _has_default(self, name: str) -> bool:
        fields = event_fields(self.kind)
        return name in fields and fields[name].default is not None

    def _hint(self, name: str, option: str) -> str:
        try:
            return option_words(self.kind, name, option).hint
        except KeyError:  # yes and no, codes, earlier entries
            return ""


def _choices(field: forms.ChoiceField) -> list[tuple[str, str]]:
    choices: Any = field.choices
    return [(str(value), str(text)) for value, text in choices]

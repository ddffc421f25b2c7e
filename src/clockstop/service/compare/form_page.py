"""The form as its page shows it: values, choices, and errors beside their fields."""

from functools import cache, cached_property
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from clockstop.core.codes.functions import treatment_functions
from clockstop.core.types import TreatmentFunction
from clockstop.service.compare import forms
from clockstop.service.compare.search import DEFAULT_RADIUS

_DEFAULTS = {"within": str(DEFAULT_RADIUS)}
_COMMON = 6  # how many of a specialty's words are suggested
_SHOWN_AT = {"function": "need", "sort": "need"}  # the search form does not always have these
_CARRIED = ("need", "function", "place", "within", "sector", "sort")


class FormPage:
    """A bound form, or a blank one."""

    def __init__(self, form: forms.CompareForm | None = None) -> None:
        self.form = form
        self._search = form.search if form else None

    @cached_property
    def errors(self) -> dict[str, str]:
        """Field on the page to its message, in the order of the page."""
        if self.form is None:
            return {}
        fields = {} if self.is_choice else _SHOWN_AT
        errors = self.form.errors
        return {
            fields.get(name, name): str(errors[name][0])
            for name in self.form.fields
            if name in errors
        }

    @property
    def is_choice(self) -> bool:
        """Whether all that is open is which of several specialties is meant."""
        if self.form is None:
            return False
        if self.form.is_cancer:
            return False
        return not self.form.errors.keys() - {"function"} and bool(self.form.choices)

    @property
    def cancer_specialties(self) -> tuple[TreatmentFunction, ...]:
        """Who treats the cancer that somebody typed; else empty."""
        return self.form.choices if self.form and self.form.is_cancer else ()

    @property
    def searched_for(self) -> str:
        """The words that led to the specialty; empty where they are no more than its name."""
        if self.form is None:
            return ""
        words, found = str(self.form.data.get("need", "")).strip(), self.form.found
        return "" if found and words.casefold() == forms.short_name(found).casefold() else words

    @cached_property
    def values(self) -> dict[str, str]:
        """What each field holds; the specialty's name once it is settled."""
        data = self.form.data if self.form else {}
        values = {name: data.get(name, _DEFAULTS.get(name, "")) for name in _CARRIED}
        if self.form and self.form.found:
            values["need"] = forms.short_name(self.form.found)
            values["function"] = self.form.found.code
        if self._search:
            values["sort"] = self._search.sort.value
        return values

    @property
    def specialties(self) -> list[dict[str, Any]]:
        """The radios: those that fit, or all of them."""
        chosen = self.values["function"]
        return [
            {
                "value": function.code,
                "text": function.name,
                "hint": {"text": function.description},
                "checked": function.code == chosen,
            }
            for function in (self.form.choices if self.form else ())
        ]

    def options(self, name: str) -> list[dict[str, Any]]:
        """A select's options, the present value selected."""
        choices = {"within": forms.WITHIN, "sector": forms.SECTORS, "sort": forms.SORTS}[name]
        chosen, place = self.values[name], self.values["place"]
        return [
            {"value": value, "text": text, "selected": value == chosen}
            for value, text in choices
            if value != "distance" or place
        ]

    def carried(self, *without: str) -> list[tuple[str, str]]:
        """Hidden fields that repeat the search, so that it need not be kept anywhere."""
        values = self.values | {"need": self.searched_for, "sort": self.chosen_sort}
        return [(name, values[name]) for name in _CARRIED if name not in without and values[name]]

    @property
    def chosen_sort(self) -> str:
        """The order that was asked for; empty where the specialty decides."""
        if self.form is None or "sort" in self.form.errors:
            return ""
        return str(self.form.data.get("sort", ""))

    @property
    def suggestions(self) -> SafeString:
        """Names and common words for specialties, as options of the text field's list."""
        return _suggestions()


@cache
def _suggestions() -> SafeString:
    terms = (
        term
        for function in treatment_functions()
        for term in (forms.short_name(function), *function.synonyms[:_COMMON])
    )
    words = sorted({term[:1].upper() + term[1:] for term in terms})
    return format_html_join("", '<option value="{}">', ((word,) for word in words))

"""The search as its form shows it: what was asked, and all there is to choose from."""

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from clockstop.service.directory.choices import Priority, RequestType
from clockstop.service.directory.specialties import clinic_types, specialties
from clockstop.service.referrals.menu import name_of_clinician
from clockstop.service.referrals.referrer.drafts import Draft
from clockstop.service.referrals.referrer.forms import MILES, TEST, SearchForm, needs

Options = list[dict[str, Any]]
_REQUESTS = (
    (RequestType.APPOINTMENT.value, "Refer: to a clinic, or to a service that triages first"),
    (RequestType.TRIAGE.value, "Refer: only services that triage first"),
    (RequestType.ADVICE.value, "Ask for advice and guidance, without a referral"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The answers so far, as text."""

    what: str = ""
    priority: str = ""
    request_type: str = RequestType.APPOINTMENT.value
    clinic_type: str = ""
    clinician: str = ""
    place: str = ""
    within: str = ""

    @property
    def is_refined(self) -> bool:
        """Whether more was asked than the specialty and how urgent it is."""
        more = self.clinic_type or self.clinician or self.place or self.within
        return bool(more) or self.request_type != RequestType.APPOINTMENT

    @property
    def needs(self) -> SafeString:
        """Specialties and tests as the options of a select."""
        return _grouped(needs(), self.what)

    @property
    def clinics(self) -> SafeString:
        return _grouped(_clinics(), self.clinic_type)

    @property
    def priorities(self) -> list[tuple[str, str]]:
        """How urgent it may be, a button each: choosing it shows the services."""
        return [(each.value, each.label) for each in Priority]

    @property
    def priority_words(self) -> str:
        """How urgent it was last time, if there was one."""
        known = self.priority in Priority.values
        return Priority(self.priority).label if known else ""

    @property
    def request_types(self) -> Options:
        return _options(_REQUESTS, self.request_type, "checked")

    @property
    def distances(self) -> Options:
        miles = [("", "Any distance"), *((str(each), f"{each} miles") for each in MILES)]
        return _options(miles, self.within, "selected")


def blank(draft: Draft | None) -> Asked:
    """The form before anything was sent: as it was last time, if there was one."""
    if draft is None:
        return Asked()
    was = draft.criteria
    return Asked(
        was.treatment_function or TEST + was.diagnostic_test,
        was.priority.value if was.priority else "",
        was.request_type.value,
        was.clinic_type,
        name_of_clinician(was.clinician) if was.clinician else "",
        draft.place,
        str(draft.within or ""),
    )


def typed(form: SearchForm) -> Asked:
    """The form as it was sent, to be mended."""
    return Asked(**{name: str(form.data.get(name, "")) for name in Asked.__slots__})


@cache
def _clinics() -> list[tuple[str, list[tuple[str, str]]]]:
    named = {each.function: each.name for each in specialties().values()}
    held = [each for each in clinic_types().values() if each.function in named]
    held.sort(key=lambda each: (named[each.function], each.name))
    by_specialty = groupby(held, key=lambda each: named[each.function])
    return [(name, [(each.code, each.name) for each in those]) for name, those in by_specialty]


def _grouped(groups: list[tuple[str, list[tuple[str, str]]]], chosen: str) -> SafeString:
    return format_html_join(
        "",
        '<optgroup label="{}">{}</optgroup>',
        ((heading, _plain(tuple(pairs), chosen)) for heading, pairs in groups),
    )


def _plain(pairs: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    selected = mark_safe(" selected")
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((code, selected if code == chosen else "", name) for code, name in pairs),
    )


def _options(pairs: Any, chosen: str, mark: str) -> Options:
    return [{"value": value, "text": text, mark: value == chosen} for value, text in pairs]

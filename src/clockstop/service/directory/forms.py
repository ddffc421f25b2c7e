"""The forms of the directory: what of it to show, a new service, the whole of a service."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from clockstop.core.codes import diagnostic_tests, treatment_functions
from clockstop.service.directory import ages
from clockstop.service.directory.choices import (
    AppointmentType,
    Bookable,
    Medium,
    Priority,
    Rating,
    Requirement,
    SexTreated,
    Status,
)
from clockstop.service.directory.content import Content
from clockstop.service.directory.form_fields import (
    AgeField,
    CliniciansField,
    flag,
    one,
    some,
    text,
)
from clockstop.service.directory.places import Place
from clockstop.service.directory.ratings import FIELDS
from clockstop.service.directory.specialties import (
    DIAGNOSTICS,
    clinic_types_of,
    specialties,
)
from clockstop.service.ui.day_field import DayField, typed

_LONG = 4_000
APPOINTMENTS, TRIAGE, NEITHER = "appointments", "triage", "neither"
REFERRALS = (
    (APPOINTMENTS, "Appointments"),
    (TRIAGE, "Triage: a clinician looks at each referral first"),
    (NEITHER, "None: advice and guidance only"),
)


def offered_choices() -> tuple[tuple[str, str], ...]:
    """Treatment functions and tests, by the code that says which."""
    functions = ((each.code, each.name) for each in treatment_functions())
    tests = ((each.code, f"Test: {each.name}") for each in diagnostic_tests())
    return (*functions, *tests)


class FilterForm(forms.Form):
    """What may be asked of the list."""

    words = forms.CharField(required=False, max_length=100)
    function = forms.ChoiceField(required=False, choices=lambda: (("", "All"), *offered_choices()))
    status = forms.ChoiceField(required=False, choices=(("", "All"), *Status.choices))


class NewForm(forms.Form):
    """What a new service cannot be without; the rest is asked afterwards."""

    name = forms.CharField(
        max_length=100,
        error_messages={
            "required": "Enter the name of the service",
            "max_length": "The name must be 100 characters or fewer",
        },
    )
    function = forms.ChoiceField(
        choices=offered_choices,
        error_messages={
            "required": "Choose a treatment function or test",
            "invalid_choice": "Choose a treatment function or test",
        },
    )

    @property
    def content(self) -> Content:
        """The first draft. Call after ``is_valid``."""
        chosen = self.cleaned_data["function"]
        specialty = specialties().get(chosen)
        return {
            **_EMPTY,
            "name": self.cleaned_data["name"],
            "treatment_function": specialty.function if specialty else "",
            "diagnostic_test": "" if specialty else chosen,
            "specialty": specialty.code if specialty else DIAGNOSTICS,
            "appointment_type": AppointmentType.FIRST_OUTPATIENT.value
            if specialty
            else AppointmentType.DIAGNOSTIC.value,
            "suggested_investigations": specialty.investigations if specialty else "",
        }


_EMPTY: Content = {
    **dict.fromkeys(("site_code", "site_name", "conditions_treated", "exclusions"), ""),
    **dict.fromkeys(("referrer_alert", "instructions", "hours", "website"), ""),
    **dict.fromkeys(("patient_phone", "patient_email"), ""),
    **dict.fromkeys(("professional_phone", "professional_email"), ""),
    **dict.fromkeys(("latitude", "longitude", "min_age_months", "max_age_months"), None),
    **dict.fromkeys(("opens", "closes", "rated_on"), None),
    **dict.fromkeys(("quality_rating", "rating_source"), ""),
    **dict.fromkeys(("takes_appointments", "takes_triage", "takes_advice"), False),
    **dict.fromkeys(("advice_convertible", "two_week_wait", "capacity_alert"), False),
    **dict.fromkeys(("routine", "urgent", "letter_required"), True),
    **{name: [] for name in ("clinic_types", "additional_requirements", "clinicians")},
    "media": [Medium.FACE_TO_FACE.value],
    "bookable": Bookable.NOT.value,
    "sex_treated": SexTreated.BOTH.value,
}


class ServiceForm(forms.Form):
    """Everything of a service but its treatment function or test.

    Valid when each field can be read: a draft may be unfinished. What it lacks to be published is
    the policy's to say.
    """

    edits = forms.IntegerField(min_value=0)
    name = text(100)
    site_code = forms.ChoiceField(required=False)
    appointment_type = one(AppointmentType.choices, "Choose what the first contact is")
    clinic_types = some(())
    requests = one(REFERRALS, "Choose which referrals the service takes")
    takes_advice = flag()
    advice_convertible = flag()
    bookable = one(Bookable.choices, "Choose how appointments are booked")
    seen = some(Medium.choices)  # a form's ``media`` is something else
    opens = DayField(called="First day", required=False)
    closes = DayField(called="Last day", required=False)
    sex_treated = one(SexTreated.choices, "Choose whom the service treats")
    min_age_months = AgeField(called="Youngest age", is_oldest=False)
    max_age_months = AgeField(called="Oldest age", is_oldest=True)
    priorities = some(Priority.choices)
    conditions_treated = text(_LONG)
    exclusions = text(_LONG)
    suggested_investigations = text(_LONG)
    letter_required = flag()
    additional_requirements = some(Requirement.choices)
    referrer_alert = text(_LONG)
    instructions = text(_LONG)
    capacity_alert = flag()
    clinicians = CliniciansField(required=False, max_length=_LONG)
    hours = text()
    website = forms.URLField(
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Website: enter an address like https://www.example.org"},
    )
    patient_phone = text(30)
    patient_email = forms.EmailField(
        required=False, error_messages={"invalid": "Email for patients: enter an email address"}
    )
    professional_phone = text(30)
    professional_email = forms.EmailField(
        required=False, error_messages={"invalid": "Email for referrers: enter an email address"}
    )
    quality_rating = forms.ChoiceField(
        required=False,
        choices=(("", "Not rated, or not known"), *Rating.choices),
        error_messages={"invalid_choice": "Choose the rating"},
    )
    rated_on = DayField(called="Day of the rating", required=False)
    rating_source = text()

    def __init__(
        self, held: Content, places: Mapping[str, Place], data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=_initial(held))
        self.held, self.places = held, places
        site: Any = self.fields["site_code"]
        site.choices = [
            ("", "Choose a place"),
            *((each.code, each.name) for each in places.values()),
        ]
        clinics: Any = self.fields["clinic_types"]
        known = clinic_types_of(held["treatment_function"])
        clinics.choices = [(each.code, each.name) for each in known]

    def clean_rated_on(self) -> date | None:
        """The day, which is not to come."""
        day: date | None = self.cleaned_data["rated_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("Day of the rating: it must not be in the future")
        return day

    @property
    def content(self) -> Content:
        """The draft as it is kept. Call after ``is_valid``.

        A rating is of a place: where the place is another and it is not, it is dropped.
        """
        given = dict(self.cleaned_data)
        given.pop("edits")
        is_moved = given["site_code"] != self.held["site_code"]
        if is_moved and all(_as_json(given[name]) == self.held.get(name) for name in FIELDS):
            given |= {"quality_rating": "", "rated_on": None, "rating_source": ""}
        requests, priorities = given.pop("requests"), given.pop("priorities")
        given["media"] = given.pop("seen")
        place = self.places.get(given["site_code"])
        return {
            **self.held,
            **{name: _as_json(value) for name, value in given.items()},
            "takes_appointments": requests == APPOINTMENTS,
            "takes_triage": requests == TRIAGE,
            **{each.value: each.value in priorities for each in Priority},
            "site_name": place.name if place else "",
            "latitude": place.latitude if place else None,
            "longitude": place.longitude if place else None,
        }


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _initial(held: Content) -> dict[str, Any]:
    """The form's own words for what the draft says so far."""
    days = {
        name: typed(date.fromisoformat(held[name]))
        for name in ("opens", "closes", "rated_on")
        if held.get(name)
    }
    least, most = held["min_age_months"], held["max_age_months"]
    return {
        **held,
        "opens": ("", "", ""),
        "closes": ("", "", ""),
        "rated_on": ("", "", ""),
        **days,
        "requests": _requests(held),
        "seen": held["media"],
        "priorities": [each.value for each in Priority if held[each.value]],
        "min_age_months": "" if least is None else ages.as_typed(least, is_oldest=False),
        "max_age_months": "" if most is None else ages.as_typed(most, is_oldest=True),
        "clinicians": "\n".join(" ".join(pair) for pair in held["clinicians"]),
    }


def _requests(held: Content) -> str:
    if held["takes_appointments"]:
        return APPOINTMENTS
    return TRIAGE if held["takes_triage"] else NEITHER if held["takes_advice"] else ""

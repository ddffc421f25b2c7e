"""The form of a clinic session."""

from django import forms

from clockstop.service.directory import publishing
from clockstop.service.directory.choices import Medium
from clockstop.service.directory.clinics import Session
from clockstop.service.ui.day_field import DayField


class ClinicForm(forms.Form):
    """A clinic session: when it begins, how long a slot is, how many there are."""

    day = DayField(called="Day")
    begins = forms.TimeField(
        input_formats=["%H:%M", "%H.%M"],
        error_messages={
            "required": "Begins at: enter a time, like 9:30",
            "invalid": "Begins at: enter a time, like 9:30",
        },
    )
    minutes = forms.IntegerField(
        min_value=publishing.SHORTEST,
        max_value=publishing.LONGEST,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            f"Minutes: enter a number from {publishing.SHORTEST} to {publishing.LONGEST}",
        ),
    )
    slots = forms.IntegerField(
        min_value=1,
        max_value=publishing.MOST_SLOTS,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            f"Slots: enter a number from 1 to {publishing.MOST_SLOTS}",
        ),
    )
    medium = forms.ChoiceField(required=False, choices=(("", "As the service"), *Medium.choices))
    clinician = forms.CharField(required=False, max_length=20)

    @property
    def session(self) -> Session:
        """The session. Call after ``is_valid``."""
        given = self.cleaned_data
        return Session(
            day=given["day"],
            begins=given["begins"],
            minutes=given["minutes"],
            slots=given["slots"],
            medium=given["medium"],
        )

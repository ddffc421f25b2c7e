"""The forms of roles and of carers."""

from django import forms

from clockstop.service.accounts.roles import STAFF, Role
from clockstop.service.ui.day_field import DayField, boxes

MONTHS = (("1", "1 month"), ("3", "3 months"), ("6", "6 months"), ("12", "1 year"))


class GrantForm(forms.Form):
    """A role for somebody of one's own organisation. ``ends`` is the last day of it."""

    subject = forms.CharField(
        max_length=255, error_messages={"required": "Enter the person's user ID"}
    )
    name = forms.CharField(max_length=200, error_messages={"required": "Enter the person's name"})
    role = forms.ChoiceField(
        choices=[(role.value, role.label) for role in Role if role in STAFF],
        error_messages={"required": "Choose a role", "invalid_choice": "Choose a role"},
    )
    starts = DayField(called="First day")
    ends = DayField(called="Last day", required=False)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class UntilForm(forms.Form):
    """For how long, from today, a carer may see the record."""

    months = forms.TypedChoiceField(
        choices=MONTHS,
        coerce=int,
        error_messages={"required": "Choose for how long", "invalid_choice": "Choose for how long"},
    )


class CarerForm(UntilForm):
    """A carer's code, and for how long they may see the record."""

    field_order = ("code", "months")
    code = forms.CharField(
        max_length=20, error_messages={"required": "Enter the code that your carer gave you"}
    )


def errors_of(form: forms.Form) -> dict[str, str]:
    """The first error of each field; one about a day leads to the first of its boxes."""
    return {anchor(form, name): str(texts[0]) for name, texts in form.errors.items()}


def anchor(form: forms.Form, name: str) -> str:
    """The id of the first box of a field."""
    return boxes(name)[0] if isinstance(form.fields.get(name), DayField) else name

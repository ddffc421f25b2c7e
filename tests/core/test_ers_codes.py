"""The e-RS code lists: whole, dated, and with what e-RS asks of each code."""

from datetime import date

import pytest

from clockstop.core.codes.ers import ErsList, ers_codes, ers_codes_on

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("which", ErsList)
def test_every_list_has_codes_and_each_is_named(which):
    codes = ers_codes(which)
    assert codes
    assert all(code == each.code and each.display for code, each in codes.items())


def test_codes_that_are_no_longer_used_are_kept_and_not_offered():
    wrong_patient = ers_codes(ErsList.APPOINTMENT_CANCELLATION)["APPT_MADE_FOR_WRONG_PATIENT"]
    assert wrong_patient.holds_on(date(2014, 9, 30))
    assert not wrong_patient.holds_on(date(2014, 10, 1))
    assert wrong_patient.code not in ers_codes_on(ErsList.APPOINTMENT_CANCELLATION, TODAY)


def test_reasons_belong_to_somebody():
    """National services notes, §9."""
    rejecting = ers_codes_on(ErsList.APPOINTMENT_CANCELLATION, TODAY, "PROVIDER_REJECT")
    assert set(rejecting) == {
        "FURTHER_INFORMATION_REQUIRED",
        "OUTPATIENT_APPT_NOT_REQUIRED",
        "SERVICE_INAPPROPRIATE",
        "SERVICE_PREREQUISITES_NOT_COMPLETE",
        "OTHER",
    }
    patients = ers_codes_on(ErsList.APPOINTMENT_CANCELLATION, TODAY, "PATIENT")
    assert {code for code, each in patients.items() if each.needs_comment} == {
        "PATIENT_OTHER_ENGAGEMENT",
        "PATIENT_APPOINTMENT_CANCELLATION_OTHER",
    }


def test_a_clinic_type_belongs_to_a_specialty():
    specialties = ers_codes(ErsList.SPECIALTY)
    assert {each.specialty for each in ers_codes(ErsList.CLINIC_TYPE).values()} == set(specialties)

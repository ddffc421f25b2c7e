"""Which services suit: the catalogue's filter is the policies' word, whatever is asked."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.service.directory.made_up import a_service

from clockstop.service.directory.catalogue import suitable_for
from clockstop.service.directory.choices import Priority, RequestType, SexTreated, Status
from clockstop.service.directory.criteria import Criteria
from clockstop.service.directory.models import HealthcareService
from clockstop.service.directory.policies import suitability

DAY = date(2026, 11, 23)
CLINICS = ("HIP", "KNEE", "HIP_AND_KNEE")
AGES = st.none() | st.integers(0, 30)
DAYS = st.none() | st.integers(-2, 2).map(lambda days: DAY + timedelta(days=days))

REQUESTS = st.sampled_from(
    [(a, t, g) for a in (0, 1) for t in (0, 1) for g in (0, 1) if not (a and t) and (a or t or g)]
)


@st.composite
def services(draw):
    appointments, triage, advice = draw(REQUESTS)
    least, most = draw(AGES), draw(AGES)
    if least is not None and most is not None:
        least, most = sorted((least, most))
    test = draw(st.sampled_from(["", "", "MRI"]))
    return {
        "organisation_code": draw(st.sampled_from(["RAA", "RBB"])),
        "status": draw(st.sampled_from([Status.PUBLISHED, Status.PUBLISHED, *Status])),
        "takes_appointments": bool(appointments),
        "takes_triage": bool(triage),
        "takes_advice": bool(advice),
        "treatment_function": "" if test else draw(st.sampled_from(["C_110", "C_320"])),
        "diagnostic_test": test,
        "specialty": draw(st.sampled_from(["ORTHOPAEDICS", "CARDIOLOGY"])),
        "clinic_types": draw(st.lists(st.sampled_from(CLINICS), unique=True)),
        "sex_treated": draw(st.sampled_from(SexTreated)),
        "min_age_months": least,
        "max_age_months": most,
        "routine": draw(st.booleans()),
        "urgent": draw(st.booleans()),
        "two_week_wait": draw(st.booleans()),
        "opens": draw(DAYS),
        "closes": draw(DAYS),
        "clinicians": draw(st.lists(st.sampled_from(["921", "922"]), unique=True)),
    }


CRITERIA = st.builds(
    Criteria,
    request_type=st.sampled_from(RequestType),
    treatment_function=st.sampled_from(["", "", "C_110", "C_320"]),
    diagnostic_test=st.sampled_from(["", "", "", "MRI"]),
    specialty=st.sampled_from(["", "", "ORTHOPAEDICS"]),
    clinic_type=st.sampled_from(["", "", *CLINICS]),
    priority=st.none() | st.sampled_from(Priority),
    age_months=AGES,
    sex=st.sampled_from(["", "1", "2", "9"]),
    clinician=st.sampled_from(["", "", "", "921"]),
    organisation=st.sampled_from(["", "", "RAA"]),
    day=DAYS,
)


class Filtering(TestCase):
    @settings(deadline=None, max_examples=40)
    @given(st.lists(services(), min_size=1, max_size=6), st.lists(CRITERIA, min_size=1, max_size=6))
    def test_the_filter_finds_those_without_a_reason_against_them(self, told, asked):
        held = [(a_service(**values), values["clinicians"]) for values in told]
        for criteria in asked:
            found = {each.pk for each in suitable_for(criteria)}
            assert found == {each.pk for each, who in held if not suitability(each, criteria, who)}


def plain(**values):
    """A published service that any criteria of its kind find."""
    described = {
        "status": Status.PUBLISHED,
        "organisation_id": "RAA",
        "treatment_function": "C_110",
        "specialty": "ORTHOPAEDICS",
        "clinic_types": ("HIP",),
        "takes_appointments": True,
        "min_age_months": 216,
        "max_age_months": 1199,
    }
    return HealthcareService(**described | values)


@pytest.mark.parametrize(
    ("service", "asked", "fields"),
    [
        ({}, {}, ()),
        ({"status": Status.DRAFT}, {}, ("status",)),
        ({"takes_appointments": False, "takes_triage": True}, {}, ()),
        ({}, {"request_type": RequestType.TRIAGE}, ("request_type",)),
        ({}, {"request_type": RequestType.ADVICE}, ("request_type",)),
        ({"takes_advice": True}, {"request_type": RequestType.ADVICE}, ()),
        ({}, {"treatment_function": "C_320"}, ("treatment_function",)),
        ({}, {"diagnostic_test": "MRI"}, ("diagnostic_test",)),
        ({}, {"specialty": "CARDIOLOGY"}, ("specialty",)),
        ({}, {"organisation": "RBB"}, ("organisation",)),
        ({}, {"clinic_type": "KNEE"}, ("clinic_type",)),
        ({}, {"priority": Priority.ROUTINE}, ()),
        ({}, {"priority": Priority.TWO_WEEK_WAIT}, ("priority",)),
        ({"sex_treated": SexTreated.FEMALE}, {"sex": "1"}, ("sex",)),
        ({"sex_treated": SexTreated.FEMALE}, {"sex": "2"}, ()),
        ({"sex_treated": SexTreated.FEMALE}, {"sex": "9"}, ()),
        ({}, {"age_months": 215}, ("age_months",)),
        ({}, {"age_months": 216}, ()),
        ({}, {"age_months": 1199}, ()),
        ({}, {"age_months": 1200}, ("age_months",)),
        ({"opens": DAY}, {"day": DAY}, ()),
        ({"opens": DAY}, {"day": DAY - timedelta(days=1)}, ("day",)),
        ({"closes": DAY}, {"day": DAY}, ()),
        ({"closes": DAY}, {"day": DAY + timedelta(days=1)}, ("day",)),
        ({}, {"clinician": "921"}, ("clinician",)),
        ({}, {"age_months": 1, "specialty": "UROLOGY"}, ("specialty", "age_months")),
    ],
)
def test_every_reason_is_given(service, asked, fields):
    found = suitability(plain(**service), Criteria(**asked))
    assert tuple(reason.field for reason in found) == fields

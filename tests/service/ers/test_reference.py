"""A004: the code lists, as they are published."""

import pytest
from tests.service.ers.calling import a_gp
from tests.service.ers.published import example

from clockstop.core.codes.ers import ErsList
from clockstop.service.directory.specialties import clinic_types, specialty_names

pytestmark = pytest.mark.django_db
PUBLISHED = {
    "PRIORITY": "Priority",
    "APPOINTMENT-CANCELLATION-REASON": "AppointmentCancellationReason",
    "REFERRAL-CANCELLATION-REASON": "ReferralCancellationReason",
    "APPOINTMENT-NON-ATTENDANCE-REASON": "AppointmentNonAttendanceReason",
}


def the_list(name):
    response = a_gp().get(f"/STU3/CodeSystem/{name}")
    assert response.status_code == 200
    return response.json()


@pytest.mark.parametrize("name", [each.value for each in ErsList])
def test_every_list_goes_out_in_the_published_shape(name):
    told = the_list(name)
    codes = [each["code"] for each in told["concept"]]
    assert len(codes) == len(set(codes))
    described = {each["code"] for each in told["property"]}
    used = {each["code"] for one in told["concept"] for each in one["property"]}
    assert used == described


@pytest.mark.parametrize(("name", "file"), PUBLISHED.items())
def test_the_reasons_are_those_that_were_published(name, file, specs):
    published = example(f"stu3/getCodeSystem/responses/{file}CodeSystem")["concept"]
    told = {each["code"]: each["display"] for each in the_list(name)["concept"]}
    if name == "PRIORITY":
        assert set(told) == {each["code"] for each in published}
    else:
        assert told == {each["code"]: each["display"] for each in published}


def test_what_a_reason_needs_is_as_published(specs):
    published = example("stu3/getCodeSystem/responses/ReferralCancellationReasonCodeSystem")
    told = {each["code"]: each for each in the_list("REFERRAL-CANCELLATION-REASON")["concept"]}

    def needs_comment(concept):
        said = {each["code"]: each.get("valueBoolean") for each in concept["property"]}
        return bool(said.get("commentIsMandatory"))

    for each in published["concept"]:
        assert needs_comment(told[each["code"]]) == needs_comment(each), each["code"]


def test_specialties_and_clinic_types_are_those_of_the_directory():
    codes = {each["code"] for each in the_list("SPECIALTY")["concept"]}
    assert codes == set(specialty_names())
    codes = {each["code"] for each in the_list("CLINIC-TYPE")["concept"]}
    assert codes <= set(clinic_types())


def test_another_list_is_not_there():
    assert a_gp().get("/STU3/CodeSystem/COLOURS").status_code == 404

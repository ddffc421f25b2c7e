"""A011, A021, A031, A032: a referral with its shortlist, there and back without a loss."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.service.ers.bodies import (
    USER_ID,
    another_shortlist,
    at,
    identified,
    new_referral,
    on,
    search,
    text,
)
from tests.service.ers.calling import (
    a_gp,
    a_secretary,
    codes_of,
    contained,
    extensions,
    state_of,
)
from tests.service.people import a_member
from tests.service.referrals.made_up import (
    OTHER_HOSPITAL,
    PRACTICE,
    a_patient,
    a_referral,
    a_service,
    booked,
)

from clockstop.service.accounts.models import Identity
from clockstop.service.accounts.roles import Role
from clockstop.service.referrals.models import ChoiceEvent, Referral

pytestmark = pytest.mark.django_db
CREATE = "/STU3/ReferralRequest/$ers.createReferral"
TRIAGE = "/STU3/ReferralRequest/$ers.createReferralAndSendForTriage"
FOR_TRIAGE = "CreateReferralAndSendForTriage"
CHANGED_FOR_TRIAGE = "ChangeShortlistAndSendForTriage-Request"


def services_of(resource):
    (listed,) = contained(resource, "List")
    return [int(each["item"]["identifier"]["value"]) for each in listed["entry"]]


def searched(resource):
    """What a search says by name, but for what is always said."""
    (found,) = contained(resource, "Parameters")
    told = {
        each["name"]: next(value for name, value in each.items() if name != "name")
        for each in found["parameter"]
    }
    told.pop("commissioningProvisioning", None)
    return {
        name: value.get("code", value.get("value")) if isinstance(value, dict) else value
        for name, value in told.items()
    }


def test_what_was_sent_comes_back_and_stays():
    patient, first, second = a_patient(), a_service(OTHER_HOSPITAL), a_service()
    caller = a_gp()
    response = caller.post(CREATE, new_referral(patient, first, second))
    told = response.json()
    assert (response.status_code, response["ETag"]) == (201, 'W/"1"')
    assert services_of(told) == [first.pk, second.pk]
    assert searched(told) == {
        "priority": "ROUTINE",
        "specialty": "ORTHOPAEDICS",
        "ageAndGenderAppropriate": True,
    }
    assert told["subject"]["identifier"]["value"] == patient.nhs_number
    assert state_of(told) == ("NOT_BOOKED", "", "")
    assert caller.get(f"/STU3/ReferralRequest/{told['id']}").json() == told
    referral = Referral.objects.get(ubrn=told["id"])
    assert referral.treatment_function == "C_110"
    assert referral.referrer == str(caller.member.person_id)
    assert referral.letter_due


def test_every_criterion_of_a_search_comes_back_but_the_organisation():
    """Published: 'not included in the response when retrieving the service search criteria'."""
    service = a_service(clinicians=("021600556514",), clinic_types=("HIP",))
    criteria = search(
        "URGENT",
        "ORTHOPAEDICS",
        identified("namedClinician", USER_ID, "021600556514"),
        identified(
            "organisation", "https://directory.spineservices.nhs.uk/STU3/Organization", "RAA"
        ),
    )
    told = a_gp().post(CREATE, new_referral(a_patient(), service, criteria=criteria)).json()
    assert searched(told) == {
        "priority": "URGENT",
        "specialty": "ORTHOPAEDICS",
        "namedClinician": "021600556514",
        "ageAndGenderAppropriate": True,
    }


def test_a_shortlist_that_was_sought_by_a_clinical_term_is_refused():
    """It must fit all that was sought, and no service carries a term."""
    system = "http://snomed.info/sct"
    term = {"name": "clinicalTerm", "valueCoding": {"system": system, "code": "1003"}}
    sought = search("ROUTINE", "ORTHOPAEDICS", term)
    caller, patient = a_gp(), a_patient()
    service, triage = a_service(), a_service(takes_triage=True)
    referral = a_referral(service)
    another = another_shortlist(triage, name=CHANGED_FOR_TRIAGE, criteria=sought)
    refused = (
        caller.post(CREATE, new_referral(patient, service, criteria=sought)),
        caller.post(TRIAGE, new_referral(patient, triage, name=FOR_TRIAGE, criteria=sought)),
        caller.post(
            at(referral, "changeShortlist"),
            another_shortlist(service, criteria=sought),
            **on(referral),
        ),
        caller.post(at(referral, "changeShortlistAndSendForTriage"), another, **on(referral)),
    )
    assert [codes_of(each) for each in refused] == [["SNOMED_NOT_FOUND"]] * 4
    assert list(Referral.objects.values_list("pk", "version")) == [(referral.pk, referral.version)]


def test_the_choice_is_counted_as_made_through_the_api():
    told = a_gp().post(CREATE, new_referral(a_patient(), a_service())).json()
    choice = ChoiceEvent.objects.get(referral__ubrn=told["id"])
    assert (choice.channel, choice.offered, choice.providers) == ("api", "", 1)


def test_a_start_of_the_pathway_is_kept_by_its_day():
    day = timezone.localdate() - timedelta(days=100)
    start = {"name": "eReferralPathwayStart", "valueInstant": f"{day}T09:55:00.000Z"}
    body = new_referral(a_patient(), a_service(), more=[start])
    told = a_gp().post(CREATE, body).json()
    said = extensions(told)["eReferralPathwayStart"]
    assert (
        timezone.datetime.fromisoformat(said).astimezone(timezone.get_default_timezone()).date()
        == day
    )


def test_a_secretary_refers_for_a_clinician_by_their_national_user_id():
    clinician = a_member(Role.REFERRER, PRACTICE)
    Identity.objects.create(
        person=clinician.person, issuer="https://cis2.test", subject="021600556514"
    )
    who = identified("referringClinician", USER_ID, "021600556514")
    response = a_secretary().post(CREATE, new_referral(a_patient(), a_service(), more=[who]))
    referral = Referral.objects.get(ubrn=response.json()["id"])
    assert referral.referrer == str(clinician.person_id)


def test_a_referral_for_triage_is_with_the_service_at_once():
    service = a_service(takes_triage=True)
    response = a_gp().post(TRIAGE, new_referral(a_patient(), service, name=FOR_TRIAGE))
    told = response.json()
    assert response.status_code == 201
    assert state_of(told) == ("AWAITING_TRIAGE", "", "")
    (appointment,) = contained(told, "Appointment")
    assert appointment["status"] == "proposed"
    assert appointment["reason"][0]["coding"][0]["code"] == "TRIAGE"


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda: [a_service(name=str(each)) for each in range(21)], "TOO_MANY_ITEMS"),
        (lambda: [a_service()] * 2, "DUPLICATE_SERVICE"),
        (lambda: [a_service(specialty="UROLOGY")], "SHORTLISTED_SERVICE_NOT_IN_RESULTS"),
        (lambda: [a_service(routine=False)], "SHORTLISTED_SERVICE_NOT_IN_RESULTS"),
    ],
)
def test_a_shortlist_that_breaks_the_rules_is_refused_and_nothing_is_made(made, code):
    response = a_gp().post(CREATE, new_referral(a_patient(), *made()))
    assert response.status_code == 422
    assert code in codes_of(response)
    assert not Referral.objects.exists()


def test_twenty_services_are_taken():
    services = [a_service(name=str(each)) for each in range(20)]
    assert a_gp().post(CREATE, new_referral(a_patient(), *services)).status_code == 201


@pytest.mark.parametrize("days", [-1, 366])
def test_a_start_out_of_range_is_refused(days):
    day = timezone.localdate() - timedelta(days=days)
    start = {"name": "eReferralPathwayStart", "valueInstant": f"{day}T12:00:00Z"}
    response = a_gp().post(CREATE, new_referral(a_patient(), a_service(), more=[start]))
    assert codes_of(response) == ["INVALID_VALUE"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"died_on": timezone.datetime(2026, 1, 1).date()}, "PATIENT_ERROR"),
        ({"practice_code": "A81002"}, "REFERENCE_NOT_FOUND"),
    ],
)
def test_a_patient_who_cannot_be_referred_is_refused(values, code):
    response = a_gp().post(CREATE, new_referral(a_patient(**values), a_service()))
    assert codes_of(response) == [code]


def test_a_shortlist_is_changed_on_the_version_that_was_read():
    referral, other = a_referral(), a_service(OTHER_HOSPITAL)
    caller = a_gp()
    step = at(referral, "changeShortlist")
    read = on(referral)
    response = caller.post(step, another_shortlist(other), **read)
    assert (response.status_code, response["ETag"]) == (200, 'W/"2"')
    assert services_of(response.json()) == [other.pk]
    assert caller.post(step, another_shortlist(other), **read).status_code == 409
    assert caller.post(step, another_shortlist(other)).status_code == 400
    assert caller.post(step, another_shortlist(other), If_Match='"2"').status_code == 400
    referral.refresh_from_db()
    assert referral.version == 2


def test_a_shortlist_is_changed_and_sent_for_triage():
    referral, triage = a_referral(), a_service(takes_triage=True)
    body = another_shortlist(triage, name=CHANGED_FOR_TRIAGE)
    step = at(referral, "changeShortlistAndSendForTriage")
    told = a_gp().post(step, body, **on(referral)).json()
    (updated,) = told["parameter"]
    assert state_of(updated["resource"])[0] == "AWAITING_TRIAGE"


def test_a_booked_referral_keeps_its_shortlist():
    referral = booked()
    response = a_gp().post(
        at(referral, "changeShortlist"), another_shortlist(a_service()), **on(referral)
    )
    assert codes_of(response) == ["INVALID_REQUEST_STATE"]


def without(body, name):
    kept = [each for each in body["parameter"] if each["name"] != name]
    return body | {"parameter": kept}


def starting(moment):
    return {"name": "eReferralPathwayStart", "valueInstant": moment}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda body: without(body, "firstReminderLetterFollowUpDays"), "MISSING_VALUE"),
        (lambda body: body["parameter"].append(starting("0001-01-01T00:00:00Z")), "INVALID_VALUE"),
        (lambda body: body["parameter"].append(starting("9999-12-31T23:59:59Z")), "INVALID_VALUE"),
        (
            lambda body: body["parameter"][1]["resource"]["contained"][0]["parameter"].append(
                text("postcode", "near the church")
            ),
            "INVALID_VALUE",
        ),
    ],
)
def test_a_referral_that_is_wrong_in_what_goes_with_it_is_refused(change, code):
    body = new_referral(a_patient(), a_service())
    response = a_gp().post(CREATE, change(body) or body)
    assert (response.status_code, codes_of(response)) == (422, [code])
    assert not Referral.objects.exists()


def test_whoever_is_sent_for_triage_needs_a_letter_and_no_reminder():
    """Published: 'the only acceptable value is 0', and NEED_TO_ADD_LATER."""
    triage, caller = a_service(takes_triage=True), a_gp()
    body = new_referral(a_patient(), triage, name=FOR_TRIAGE, days=7)
    assert codes_of(caller.post(TRIAGE, body)) == ["INAPPROPRIATE_VALUE"]
    body = new_referral(a_patient(), triage, name=FOR_TRIAGE)
    body["parameter"][2]["valueCoding"]["code"] = "NOT_INTENDING_TO_ADD"
    assert codes_of(caller.post(TRIAGE, body)) == ["INVALID_CODE"]
    referral = a_referral()
    body = another_shortlist(triage, name=CHANGED_FOR_TRIAGE, days=7)
    step = at(referral, "changeShortlistAndSendForTriage")
    assert codes_of(caller.post(step, body, **on(referral))) == ["INAPPROPRIATE_VALUE"]


@pytest.mark.parametrize(("information", "is_due"), [("", True), ("A painful hip", False)])
def test_a_letter_is_due_after_another_shortlist_unless_one_is_there(information, is_due):
    referral = a_referral(letter_follows=False, clinical_information=information)
    step = at(referral, "changeShortlist")
    a_gp().post(step, another_shortlist(a_service()), **on(referral))
    referral.refresh_from_db()
    assert referral.letter_due is is_due


def test_what_the_patient_needs_at_a_visit_is_told():
    referral = a_referral(additional_requirements=("TRANSPORT", "INTERPRETER"))
    told = a_gp().get(at(referral)).json()["extension"]
    needs = [each["valueCoding"] for each in told if "AdditionalRequirement" in each["url"]]
    assert [(each["code"], each["display"]) for each in needs] == [
        ("TRANSPORT", "Transport"),
        ("INTERPRETER", "Interpreter"),
    ]

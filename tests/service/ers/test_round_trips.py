"""Whatever a caller may send is kept and comes back, or is named here with why it does not.

For each operation a whole request is sent. A row of the answer to it is a field: what was sent,
what the store has of it, and what is read back: through the API, or on our own pages where the
published documents give it back nowhere.
"""

from datetime import timedelta
from typing import NamedTuple

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.ers.bodies import (
    USER_ID,
    another_shortlist,
    appointment,
    at,
    coded,
    identified,
    listed,
    new_referral,
    on,
    parameters,
    search,
    text,
)
from tests.service.ers.calling import a_consultant, a_gp, a_secretary, contained, state_of
from tests.service.ers.fields import fields_of, headers_of
from tests.service.ers.test_advice import CONVERT, CREATE_FROM, turns
from tests.service.ers.test_creating import CHANGED_FOR_TRIAGE, CREATE, FOR_TRIAGE, TRIAGE
from tests.service.ers.test_files import named, uploaded
from tests.service.ers.test_worklists import a_question
from tests.service.people import HOSPITAL, PRACTICE, a_member, signed_in
from tests.service.referrals.made_up import a_patient, a_referral, a_service, a_slot, booked

from clockstop.service.accounts.models import Identity
from clockstop.service.accounts.roles import Role
from clockstop.service.ers.operations import operations
from clockstop.service.referrals.criteria import limits_read, read
from clockstop.service.referrals.models import Document, Referral

pytestmark = pytest.mark.django_db
CLINICIAN = "021600556514"
PLACE = "https://directory.spineservices.nhs.uk/STU3/Organization"
NOWHERE = object()  # the published documents say that it is not given back


class Trip(NamedTuple):
    """What was sent, what is kept of it, and what is read back."""

    sent: object
    kept: object
    told: object


OWN = "an identifier within the body alone"
FHIR = "FHIR: the server ignores it and gives its own"
ASKED = "a question: it finds, and nothing of it is to be kept"
CHECKED = "checked: any other value is refused"
_SEARCH = {
    "clinicalTerm": "refused with SNOMED_NOT_FOUND",
    "place": "published: only supported in read mode; refused",
    "commissioningProvisioning": "published: 'If provided it will be ignored'",
}
_SHORTLIST = {
    "shortlist.id": OWN,
    "shortlist.contained.id": OWN,
    "shortlist.extension.Extension-eRS-Shortlist-SearchCriteria-1": OWN,
    "shortlist.entry.item.display": "the name that the directory gives the service stands for it",
    **{f"shortlist.contained.{name}": why for name, why in _SEARCH.items()},
}
_APPOINTMENT = {
    "id": FHIR,
    "meta.profile": CHECKED,
    "meta.versionId": FHIR,
    "created": "published examples answer with the moment at which it was made here",
    "language": CHECKED,
    "status": CHECKED,
    "participant.type": "says of the clinician what the system of the identifier says",
}


def _file(name):
    moment = "published examples answer with the moment at which it was attached here"
    return {f"{name}.type": CHECKED, f"{name}.indexed": moment}


_QUESTION = (
    "listType",
    "service",
    "specialtyAssignedIndicator",
    "specialty",
    "location",
    "clinicianAssignedIndicator",
    "clinician",
)
_CRITERIA = (
    "priority",
    "specialty",
    "clinicType",
    "indicativeAppointmentWaitTimeLimit",
    "postcode",
    "distanceLimit",
    "namedClinician",
    "ageAndGenderAppropriate",
    "organisation",
)
_FINDING = ("requestType", "sortBy", "patient", "referringClinician")
# Fields that are not kept, with why.
WHY_NOT = {
    "A008": dict.fromkeys(_QUESTION, ASKED),
    "A010": {
        "searchCriteria.id": OWN,
        "commissioningRuleOrganisation": "no rules of commissioners are kept here",
        **dict.fromkeys((*_FINDING, *(f"searchCriteria.{e}" for e in _CRITERIA)), ASKED),
        **{f"searchCriteria.{name}": why for name, why in _SEARCH.items()},
    },
    "A011": _SHORTLIST,
    "A012": _file("referralLetterFile"),
    "A016": _APPOINTMENT,
    "A021": _SHORTLIST
    | {"intentionToAddReferralLetter": CHECKED}
    | {"firstReminderLetterFollowUpDays": CHECKED},
    "A022": _file("providerAttachmentFile"),
    "A023": dict.fromkeys(_QUESTION, ASKED),
    "A026": _file("guidanceAttachmentFile"),
    "A027": _file("guidanceAttachmentFile") | _file("reviewAttachmentFile"),
    "A028": _file("reviewAttachmentFile"),
    "A031": _SHORTLIST,
    "A032": _SHORTLIST | {"firstReminderLetterFollowUpDays": CHECKED},
    "A034": _APPOINTMENT
    | dict.fromkeys(
        (
            "id",
            "start",
            "end",
            "slot.reference",
            "incomingReferral.reference",
            "participant.nhs-number",
            "participant.ers-service",
            "participant.sds-user-id",
        ),
        CHECKED,
    ),
}


def practice_page(referral):
    client = signed_in(Client(), a_member(Role.REFERRER, PRACTICE))
    return client.get(reverse("referred", args=(referral.pk,))).content.decode()


def provider_page(referral):
    client = signed_in(Client(), a_member(Role.PROVIDER_CLINICIAN, HOSPITAL))
    return client.get(reverse("received_referral", args=(referral.pk,))).content.decode()


def on_page(page, words, value):
    """The value, if a page has it in words."""
    return value if words in page else f"no “{words}” on the page"


def a_search():
    number = "valueUnsignedInt"
    found = search("URGENT")
    found["parameter"] = [
        coded("priority", "Priority", "URGENT"),
        listed("specialty", "SPECIALTY", "ORTHOPAEDICS"),
        coded("clinicType", "ClinicType", "HIP"),
        {"name": "indicativeAppointmentWaitTimeLimit", number: 50},
        text("postcode", "LS1 2UT"),
        {"name": "distanceLimit", number: 123},
        identified("namedClinician", USER_ID, CLINICIAN),
        {"name": "ageAndGenderAppropriate", "valueBoolean": False},
        identified("organisation", PLACE, HOSPITAL),
    ]
    return found


def searched(referral, told):
    """The trips of a search, and of the services that were found by it."""
    criteria, limits = read(referral.criteria), limits_read(referral.limits)
    kept = {
        "priority": criteria.priority.upper(),
        "specialty": criteria.specialty,
        "clinicType": criteria.clinic_type,
        "indicativeAppointmentWaitTimeLimit": limits.days,
        "postcode": limits.postcode,
        "distanceLimit": limits.miles,
        "namedClinician": criteria.clinician,
        "ageAndGenderAppropriate": limits.suits,
        "organisation": criteria.organisation,
    }
    (found,) = contained(told, "Parameters")
    back = {each["name"]: _value(each) for each in found["parameter"]}
    back["organisation"] = NOWHERE
    return {
        f"shortlist.contained.{each['name']}": Trip(
            _value(each), kept[each["name"]], back.get(each["name"])
        )
        for each in a_search()["parameter"]
    }


def _value(parameter):
    (value,) = (value for name, value in parameter.items() if name != "name")
    return value.get("code", value.get("value")) if isinstance(value, dict) else value


def listed_services(services, referral, told):
    sent = [str(each.pk) for each in services]
    rows = referral.shortlist.filter(replaced=False)
    (found,) = contained(told, "List")
    return {
        "shortlist.entry.item.identifier.value": Trip(
            sent,
            [str(each.service_id) for each in rows],
            [each["item"]["identifier"]["value"] for each in found["entry"]],
        )
    }


def fitting(**values):
    return a_service(clinicians=(CLINICIAN,), clinic_types=("HIP",), **values)


def created(path=CREATE, name="CreateReferral", days=14, **values):
    """A practice secretary refers for a clinician."""
    clinician = a_member(Role.REFERRER, PRACTICE)
    Identity.objects.create(person=clinician.person, issuer="cis2", subject="555000111222")
    services = [fitting(**values) for _ in range(1 if values else 2)]
    patient, start = a_patient(), timezone.now() - timedelta(days=30)
    moment = start.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = new_referral(patient, *services, name=name, criteria=a_search(), days=days)
    more = [{"name": "eReferralPathwayStart", "valueInstant": moment}] if not values else []
    body["parameter"] += [identified("referringClinician", USER_ID, "555000111222"), *more]
    response = a_secretary().post(path, body)
    assert response.status_code == 201, response.content
    told = a_gp().get(f"/STU3/ReferralRequest/{response.json()['id']}").json()
    referral = Referral.objects.get(ubrn=told["id"])
    page = practice_page(referral)
    number = patient.nhs_number
    trips = {
        "patient": Trip(
            number, referral.patient.nhs_number, told["subject"]["identifier"]["value"]
        ),
        "referringClinician": Trip(
            str(clinician.person_id),
            referral.referrer,
            on_page(page, clinician.person.name, str(clinician.person_id)),
        ),
        **searched(referral, told),
        **listed_services(services, referral, told),
    }
    if values:
        return trips
    started = referral.supplied_moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    urls = {each["url"]: each for each in told["extension"]}
    told_start = next(each for url, each in urls.items() if "eReferralPathwayStart" in url)
    return trips | {
        "intentionToAddReferralLetter": Trip(
            True, referral.letter_due, on_page(page, "Letter outstanding", True)
        ),
        "firstReminderLetterFollowUpDays": Trip(
            14, referral.reminder_days, on_page(page, "after 14 days", 14)
        ),
        "eReferralPathwayStart": Trip(moment, started, told_start["valueInstant"]),
    }


def created_for_triage():
    return created(TRIAGE, FOR_TRIAGE, 0, takes_triage=True)


def changed(step="changeShortlist", name="ChangeShortlist", days=21, **values):
    referral = a_referral(letter_follows=True)
    services = [fitting(**values)]
    never = "NOT_INTENDING_TO_ADD"
    body = another_shortlist(*services, name=name, criteria=a_search(), letter=never, days=days)
    caller = a_gp()
    assert caller.post(at(referral, step), body, **on(referral)).status_code == 200
    told = caller.get(at(referral)).json()
    referral.refresh_from_db()
    page = practice_page(referral)
    trips = {
        **searched(referral, told),
        **listed_services(services, referral, told),
        "intentionToAddReferralLetter": Trip(
            False, referral.letter_due, "Letter outstanding" in page
        ),
    }
    if not values:
        reminder = Trip(21, referral.reminder_days, on_page(page, "after 21 days", 21))
        trips["firstReminderLetterFollowUpDays"] = reminder
    return trips


def changed_for_triage():
    return changed("changeShortlistAndSendForTriage", CHANGED_FOR_TRIAGE, 0, takes_triage=True)


def files(name, location, row, told):
    """The trips of a file that was sent with something, as the resource of the answer has it."""
    (document,) = [
        each
        for each in told
        if each["content"][0]["attachment"]["url"].endswith(location.partition("/")[2])
    ]
    return {
        f"{name}.description": Trip(f"Of {name}", row.description, document["description"]),
        f"{name}.content.attachment.url": Trip(
            location, f"Binary/{row.pk}", document["content"][0]["attachment"]["url"]
        ),
    }


def sent_file(name, caller, request):
    location = uploaded(caller, f"{name}.pdf", to=request)["Location"]
    return location, named(location, f"Of {name}", name)


def kept_file(location):
    return Document.objects.get(pk=location.partition("/")[2])


def letter_put():
    referral, caller = booked(), a_gp()
    location, file = sent_file("referralLetterFile", caller, referral)
    body = parameters("MaintainReferralLetter", file)
    caller.post(at(referral, "maintainReferralLetter"), body, **on(referral))
    told = contained(caller.get(at(referral)).json(), "DocumentReference")
    return files("referralLetterFile", location, kept_file(location), told)


def with_provider(referral, step, body):
    """What a consultant did, as the referral then stands and as it is told."""
    caller = a_consultant()
    response = caller.post(at(referral, step), body(caller), **on(referral))
    assert response.status_code == 200, response.content
    referral.refresh_from_db()
    return referral, caller.get(at(referral)).json()


def rejected():
    reason = listed("rejectionReason", "APPOINTMENT-CANCELLATION-REASON", "OTHER")
    body = parameters(
        "RejectReferral",
        reason,
        text("rejectionComments", "Not ours"),
        {"name": "appointmentCancelledInPAS", "valueBoolean": False},
    )
    referral, told = with_provider(booked(), "rejectReferral", lambda _: body)
    held = referral.appointments.get()
    _, said, comment = state_of(told)
    page = provider_page(referral)
    return {
        "rejectionReason": Trip("OTHER", referral.reason, said),
        "rejectionComments": Trip("Not ours", referral.comment, comment),
        "appointmentCancelledInPAS": Trip(
            False, held.ended_in_pas, on_page(page, "Still to be cancelled there", False)
        ),
    }


def put_off():
    location = []

    def body(caller):
        found, file = sent_file("providerAttachmentFile", caller, referral)
        location.append(found)
        return parameters(
            "cancelAppointmentActionLater",
            text("comments", "Rebook"),
            coded("priority", "Priority", "URGENT"),
            {"name": "appointmentCancelledInPAS", "valueBoolean": True},
            file,
        )

    referral = booked()
    referral, told = with_provider(referral, "cancelAppointmentActionLater", body)
    documents = contained(told, "DocumentReference")
    held = referral.appointments.get()
    (criteria,) = contained(told, "Parameters")
    urgent = next(
        e["valueCoding"]["code"] for e in criteria["parameter"] if e["name"] == "priority"
    )
    page = provider_page(referral)
    return {
        "comments": Trip("Rebook", referral.comment, state_of(told)[2]),
        "priority": Trip("URGENT", referral.priority.upper(), urgent),
        "appointmentCancelledInPAS": Trip(
            True, held.ended_in_pas, on_page(page, "Cancelled there too", True)
        ),
        **files("providerAttachmentFile", location[0], kept_file(location[0]), documents),
    }


def reviewed():
    location = []

    def body(caller):
        found, file = sent_file("reviewAttachmentFile", caller, referral)
        location.append(found)
        return parameters(
            "RecordReviewOutcome",
            coded("reviewOutcome", "ReviewOutcome", "ACCEPT_REFER_BOOK_LATER"),
            text("reviewComments", "Book"),
            coded("reviewPriority", "Priority", "URGENT"),
            file,
        )

    referral = a_referral(a_service(takes_triage=True), triage=True)
    referral, told = with_provider(referral, "recordReviewOutcome", body)
    documents = contained(told, "DocumentReference")
    (criteria,) = contained(told, "Parameters")
    urgent = next(
        e["valueCoding"]["code"] for e in criteria["parameter"] if e["name"] == "priority"
    )
    _, outcome, comment = state_of(told)
    return {
        "reviewOutcome": Trip("ACCEPT_REFER_BOOK_LATER", referral.reason, outcome),
        "reviewComments": Trip("Book", referral.comment, comment),
        "reviewPriority": Trip("URGENT", referral.priority.upper(), urgent),
        **files("reviewAttachmentFile", location[0], kept_file(location[0]), documents),
    }


def ended():
    reason = listed("cancellationReason", "REFERRAL-CANCELLATION-REASON", "REFERRER_CANCELLATION")
    body = parameters("CancelReferral-Request", reason, text("cancellationComments", "Better"))
    referral, caller = booked(), a_gp()
    caller.post(at(referral, "cancelReferral"), body, **on(referral))
    told = caller.get(at(referral)).json()
    referral.refresh_from_db()
    _, said, comment = state_of(told)
    return {
        "cancellationReason": Trip("REFERRER_CANCELLATION", referral.reason, said),
        "cancellationComments": Trip("Better", referral.comment, comment),
    }


def users(resource):
    found = (each["actor"]["identifier"] for each in resource["participant"])
    return {each["system"].rpartition("/")[2]: each["value"] for each in found}


def arranged():
    """A booking with all that goes with it, then a deferral with what goes with that alone."""
    service = a_service()
    slot, referral = a_slot(service, clinician=CLINICIAN), a_referral(service)
    body = appointment(referral, service, slot=slot, comment="Needs a ramp")
    who = {"system": USER_ID, "value": CLINICIAN}
    body["participant"].append({"actor": {"identifier": who}, "status": "accepted"})
    caller = a_gp()
    key = caller.post("/STU3/Appointment", body).json()["id"]
    told = caller.get(f"/STU3/Appointment/{key}").json()
    row = referral.appointments.get()
    assert "Needs a ramp" in provider_page(referral)
    moments = ((row.starts, "start"), (row.ends, "end"))
    kept = {
        "ers-service": str(row.service_id),
        "nhs-number": row.referral.patient.nhs_number,
        "sds-user-id": row.slot.schedule.clinician_id,
    }
    ubrn = referral.ubrn
    incoming = told["incomingReferral"][0]["reference"].split("/")[1]
    return {
        "comment": Trip("Needs a ramp", row.comment, told["comment"]),
        "slot.reference": Trip(
            f"Slot/{slot.pk}", f"Slot/{row.slot_id}", told["slot"][0]["reference"]
        ),
        "incomingReferral.reference": Trip(ubrn, row.referral.ubrn, incoming),
        **{
            name: Trip(timezone.datetime.fromisoformat(body[name]), moment, moment)
            for moment, name in moments
            if told[name][:23] == moment.isoformat()[:23]
        },
        **{
            f"participant.{name}": Trip(value, kept[name], users(told)[name])
            for name, value in users(body).items()
        },
        **left_to_the_service(),
    }


def left_to_the_service():
    service = a_service()
    referral, slot = a_referral(service), a_slot(service, status="booked")
    more = {"slot": slot, "comment": "At 3pm alone"}
    body = appointment(referral, service, reason="SLOT_NOT_AVAILABLE", **more)
    caller = a_gp()
    key = caller.post("/STU3/Appointment", body).json()["id"]
    told = caller.get(f"/STU3/Appointment/{key}").json()
    step = referral.steps.latest("version")
    assert (step.comment, told["comment"], step.wanted_slot) == (*["At 3pm alone"] * 2, slot)
    page = provider_page(referral)
    assert "At 3pm alone" in page
    assert "The time that was wanted" in page
    code = told["reason"][0]["coding"][0]["code"]
    return {"reason": Trip("SLOT_NOT_AVAILABLE", step.reason, code)}


def called_off():
    referral = booked()
    held = referral.appointments.get()
    more = {"status": "cancelled", "comment": "Abroad"}
    body = appointment(referral, held.service, reason="PATIENT_HOLIDAY", **more)
    caller = a_gp()
    caller.put(f"/STU3/Appointment/{held.pk}", body, **on(held))
    told = caller.get(f"/STU3/Appointment/{held.pk}").json()
    held.refresh_from_db()
    code = told["reason"][0]["coding"][0]["code"]
    return {
        "reason": Trip("PATIENT_HOLIDAY", held.reason, code),
        "comment": Trip("Abroad", held.comment, told["comment"]),
    }


def answered():
    question, caller = a_question(), a_consultant()
    location, file = sent_file("guidanceAttachmentFile", caller, question)
    body = parameters(
        "SendCommunicationToRequester-Request",
        coded("guidanceOutcome", "GuidanceResponseOutcome", "RETURN_TO_REFERRER_WITH_ADVICE"),
        coded(
            "guidanceIntendedRecommendation",
            "GuidanceIntendedRecommendation",
            "REFERRAL_RECOMMENDED",
        ),
        text("guidance", "Rest"),
        coded("updatedPriority", "Priority", "URGENT"),
        file,
    )
    path = f"/STU3/CommunicationRequest/{question.ubrn}"
    caller.post(f"{path}/$ers.sendCommunicationToRequester", body, **on(question))
    question.refresh_from_db()
    message = question.messages.latest("number")
    category = caller.get(path).json()
    said = {
        e["resource"]["resourceType"]: e["resource"]
        for e in turns(question, caller).json()["entry"][::-1]
    }
    status = {"REFERRER_TO_REVIEW_RESPONSE": message.outcome}
    client = signed_in(Client(), a_member(Role.REFERRER, PRACTICE))
    page = client.get(reverse("referred_advice", args=(question.pk,))).content.decode()
    (urgent,) = (e for e in category["extension"] if "ReferralPriority" in e["url"])
    return {
        "guidanceOutcome": Trip(
            "RETURN_TO_REFERRER_WITH_ADVICE",
            message.outcome,
            status.get(category["category"][0]["coding"][0]["code"]),
        ),
        "guidanceIntendedRecommendation": Trip(
            "REFERRAL_RECOMMENDED",
            message.recommendation,
            on_page(page, "Recommendation: referral recommended", "REFERRAL_RECOMMENDED"),
        ),
        "guidance": Trip("Rest", message.text, said["Communication"]["note"][0]["text"]),
        "updatedPriority": Trip(
            "URGENT",
            question.priority.upper(),
            urgent["valueCodeableConcept"]["coding"][0]["code"],
        ),
        **files(
            "guidanceAttachmentFile", location, kept_file(location), [said["DocumentReference"]]
        ),
    }


def converted():
    question, caller = a_question(urgent=True), a_consultant()
    guiding, guidance = sent_file("guidanceAttachmentFile", caller, question)
    reviewing, review = sent_file("reviewAttachmentFile", caller, question)
    reference = f"CommunicationRequest/{question.ubrn}/_history/{question.version}"
    body = parameters(
        CREATE_FROM,
        {"name": "createFrom", "valueReference": {"reference": reference}},
        text("guidance", "Rest until then"),
        coded("newReferralPriority", "Priority", "URGENT"),
        text("reviewComments", "Book"),
        guidance,
        review,
    )
    ubrn = caller.post(CONVERT, body).json()["id"]
    told = caller.get(f"/STU3/ReferralRequest/{ubrn}").json()
    referral = Referral.objects.get(ubrn=ubrn)
    question.refresh_from_db()
    entries = [e["resource"] for e in turns(question, a_gp()).json()["entry"]]
    documents = [each for each in entries if each["resourceType"] == "DocumentReference"]
    supporting = [each["reference"] for each in told["supportingInfo"]]
    (urgent,) = (e for e in told["extension"] if "ReferralPriority" in e["url"])
    said = question.messages.latest("number")
    asked = reference.partition("/_history")[0]
    return {
        "createFrom": Trip(
            asked,
            f"CommunicationRequest/{referral.from_advice.ubrn}",
            asked if asked in supporting else None,
        ),
        "guidance": Trip("Rest until then", said.text, entries[0]["note"][0]["text"]),
        "newReferralPriority": Trip(
            "URGENT",
            referral.priority.upper(),
            urgent["valueCodeableConcept"]["coding"][0]["code"],
        ),
        "reviewComments": Trip("Book", referral.comment, state_of(told)[2]),
        **files("guidanceAttachmentFile", guiding, kept_file(guiding), documents),
        **files(
            "reviewAttachmentFile",
            reviewing,
            kept_file(reviewing),
            contained(told, "DocumentReference"),
        ),
    }


def nothing():
    return {}


SENT = {
    "A008": nothing,
    "A010": nothing,
    "A011": created,
    "A012": letter_put,
    "A014": rejected,
    "A016": arranged,
    "A021": created_for_triage,
    "A022": put_off,
    "A023": nothing,
    "A026": answered,
    "A027": converted,
    "A028": reviewed,
    "A031": changed,
    "A032": changed_for_triage,
    "A034": called_off,
    "A036": ended,
}


def test_the_operations_that_take_a_body_are_these():
    assert SENT.keys() == {
        code for code, each in operations().items() if each.is_there and each.body == "json"
    }


@pytest.mark.parametrize("code", SENT)
def test_each_field_comes_back_or_is_named_with_why_not(code, specs):
    trips = SENT[code]()
    why_not = WHY_NOT.get(code, {})
    assert not trips.keys() & why_not.keys()
    assert trips.keys() | why_not.keys() == fields_of(operations()[code]).keys()
    for field, (sent, kept, told) in trips.items():
        assert kept == sent, field
        assert told in (sent, NOWHERE), field


def test_what_an_upload_says_in_its_headers_is_kept(specs):
    said = {"NHSD-eRS-File-Name": "letter.pdf", "NHSD-eRS-Referral-ID": "000000070000"}
    assert headers_of(operations()["A020"]) == said.keys()
    location = uploaded(a_gp(), **said)["Location"]
    kept = kept_file(location)
    assert [kept.title, kept.meant_for] == list(said.values())


def test_where_somebody_lives_is_not_kept_with_a_search_of_a_sensitive_record():
    service = fitting()
    for marked_first in (True, False):
        patient = a_patient(sensitive=marked_first)
        body = new_referral(patient, service, criteria=a_search())
        ubrn = a_gp().post(CREATE, body).json()["id"]
        referral = Referral.objects.get(ubrn=ubrn)
        assert bool(limits_read(referral.limits).postcode) is not marked_first
        patient.sensitive = True
        patient.save()
        told = a_gp().get(f"/STU3/ReferralRequest/{ubrn}")
        for word in ("LS1", "distanceLimit", "postcode"):
            assert word not in told.content.decode()

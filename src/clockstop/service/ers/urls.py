"""The addresses of the API, as published."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from clockstop.service.ers.endpoints import (
    advice,
    booking,
    creating,
    files,
    letters,
    people,
    reference,
    referrals,
    requests,
    reviewing,
    searching,
    slots,
    tasks,
    worklists,
)
from clockstop.service.ers.gate import BASE, View, serve

_REFERRAL = "STU3/ReferralRequest"
_ONE = f"{_REFERRAL}/<str:ubrn>"
_ADVICE = "STU3/CommunicationRequest/<str:ubrn>"
_APPOINTMENT = "STU3/Appointment/<str:key>"


def _at(address: str, **by_method: View) -> URLPattern:
    return path(f"{BASE}/{address}", serve(**by_method))


urlpatterns: list[URLPattern | URLResolver] = [
    _at("STU3/CodeSystem/<str:code_system>", GET=reference.retrieve),
    _at("STU3/HealthcareService/$ers.searchHealthcareServicesForPatient", POST=searching.search),
    _at(f"{_REFERRAL}/$ers.fetchworklist", POST=worklists.referrals),
    _at(f"{_REFERRAL}/$ers.createReferral", POST=creating.create),
    _at(f"{_REFERRAL}/$ers.createReferralAndSendForTriage", POST=creating.create_for_triage),
    _at(f"{_REFERRAL}/$ers.createFromCommunicationRequestActionLater", POST=advice.convert),
    _at(_ONE, GET=referrals.retrieve),
    _at(f"{_ONE}/_history/<str:version>", GET=referrals.retrieve),
    _at(f"{_ONE}/$ers.changeShortlist", POST=creating.change_shortlist),
    _at(f"{_ONE}/$ers.changeShortlistAndSendForTriage", POST=creating.change_shortlist_for_triage),
    _at(f"{_ONE}/$ers.generatePatientLetter", POST=letters.generate),
    _at(f"{_ONE}/$ers.maintainReferralLetter", POST=files.maintain_letter),
    _at(f"{_ONE}/$ers.acceptReferral", POST=reviewing.accept),
    _at(f"{_ONE}/$ers.rejectReferral", POST=reviewing.reject),
    _at(f"{_ONE}/$ers.cancelAppointmentActionLater", POST=reviewing.cancel_action_later),
    _at(f"{_ONE}/$ers.recordReviewOutcome", POST=reviewing.record_review_outcome),
    _at(f"{_ONE}/$ers.cancelReferral", POST=reviewing.cancel),
    _at("STU3/Slot", GET=slots.retrieve),
    _at("STU3/Appointment", POST=booking.book_or_defer),
    _at(_APPOINTMENT, GET=booking.retrieve, PUT=booking.update),
    _at(f"{_APPOINTMENT}/_history/<str:version>", GET=booking.retrieve),
    _at("STU3/CommunicationRequest/$ers.fetchworklist", POST=worklists.advice),
    _at(_ADVICE, GET=advice.retrieve),
    _at(f"{_ADVICE}/_history/<str:version>", GET=advice.retrieve),
    _at(f"{_ADVICE}/$ers.sendCommunicationToRequester", POST=advice.respond),
    _at("STU3/Communication", GET=advice.conversation),
    _at("STU3/Task", GET=tasks.retrieve),
    _at("STU3/Binary", POST=files.upload),
    _at("R4/PractitionerRole", GET=people.business_functions),
    _at("R4/Practitioner", GET=people.on_behalf_of),
    _at("R4/ServiceRequest", GET=requests.search),
    _at("R4/Binary/<str:key>", GET=files.retrieve),
    path("", include("clockstop.service.ers.patient_care")),
    path(files.DOWNLOAD, files.download, name="ers_file"),
]

"""Who is let in, and how everybody else is told."""

from datetime import timedelta
from functools import partialmethod

import pytest
from django.test import Client
from django.utils import timezone
from tests.service.ers.calling import Caller, a_booking_office, a_consultant, a_gp, codes_of
from tests.service.people import a_member
from tests.service.referrals.made_up import a_referral, booked
from tests.service.safety.routes import every_route

from clockstop.core.state_tables import Refusal
from clockstop.service.accounts.models import ApiToken, Membership
from clockstop.service.accounts.roles import Role
from clockstop.service.accounts.tokens import Scope
from clockstop.service.ers.errors import STAND_INS, as_listed, error_codes, from_faults
from clockstop.service.ers.operations import FUNCTIONS, operations
from clockstop.service.fhir.faults import Fault, Wrong
from clockstop.service.ui.limits import Limit

pytestmark = pytest.mark.django_db
LIST = "/STU3/CodeSystem/PRIORITY"


def test_a_program_with_a_token_is_let_in():
    response = a_gp().get(LIST, X_Correlation_ID="11C46F5F", query=None)
    assert response.status_code == 200
    assert response["X-Correlation-ID"] == "11C46F5F"
    assert response["X-Request-ID"]
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "said", [None, "", "Bearer", "Bearer x", "Basic x", "cst_x", "Bearer cst_é"]
)
def test_without_a_token_that_holds_nobody_is_let_in(said):
    response = a_gp().get(LIST, Authorization=said)
    assert (response.status_code, codes_of(response)) == (401, ["NO_ACCESS"])


def test_a_token_that_ended_or_whose_role_ended_opens_nothing():
    caller = a_gp()
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert caller.get(LIST).status_code == 401
    caller = a_gp()
    Membership.objects.filter(pk=caller.member.pk).update(ends=timezone.localdate())
    assert caller.get(LIST).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"NHSD-End-User-Organisation-ODS": None},
        {"NHSD-End-User-Organisation-ODS": "A81002"},
        {"NHSD-eRS-Business-Function": None},
        {"NHSD-eRS-Business-Function": "SERVICE_PROVIDER_CLINICIAN"},
        {"NHSD-eRS-Business-Function": "KING"},
        {"NHSD-eRS-On-Behalf-Of-User-ID": "021600556514"},
    ],
)
def test_headers_that_do_not_go_with_the_token_are_refused(headers):
    response = a_gp().get(LIST, **headers)
    assert (response.status_code, codes_of(response)) == (403, ["FORBIDDEN"])


def test_a_business_function_opens_what_is_meant_for_it_alone():
    referral = booked()
    at = f"/STU3/ReferralRequest/{referral.ubrn}"
    assert a_booking_office(function="SERVICE_PROVIDER_ADMIN").get(at).status_code == 403
    assert a_booking_office().get(at).status_code == 200


def test_a_scope_opens_what_it_says_alone():
    caller = a_gp(scopes=(Scope.ERS_WRITE,))
    assert codes_of(caller.get(LIST)) == ["FORBIDDEN"]


@pytest.mark.parametrize("role", [Role.ICB_HUB, Role.ADMINISTRATOR, Role.COMMISSIONER])
def test_a_role_without_a_business_function_for_it_gets_nothing(role):
    caller = Caller(a_member(role, "QAA"), "REFERRING_CLINICIAN")
    assert caller.get(LIST).status_code == 403


@pytest.mark.parametrize("accepted", ["text/html", "application/xml", "application/fhir+xml"])
def test_another_media_type_cannot_be_had(accepted):
    assert a_gp().get(LIST, Accept=accepted).status_code == 406


@pytest.mark.parametrize("accepted", [None, "*/*", "application/*", "application/fhir+json"])
def test_the_media_type_of_the_api_can(accepted):
    response = a_gp().get(LIST, Accept=accepted)
    assert response["Content-Type"] == "application/fhir+json"


def test_another_method_is_not_allowed():
    response = Client().delete(f"/referrals/FHIR{LIST}")
    assert (response.status_code, response["Allow"]) == (405, "GET")


def refused_for_haste(path, query=None):
    """The first call that is refused: of three at least two fall into one minute."""
    caller = a_gp()
    answers = [caller.get(path, query) for _ in range(3)]
    return next(each for each in answers if each.status_code == 429)


def test_who_asks_too_often_is_told_to_wait_in_the_shape_of_the_version(settings):
    settings.CLOCKSTOP_LIMITS = {"fhir": Limit(address=1, session=1)}
    newer = refused_for_haste("/R4/ServiceRequest", {"identifier": "1"})
    assert codes_of(newer) == ["TOO_MANY_REQUESTS"]
    assert 0 < int(newer["Retry-After"]) <= 60
    assert refused_for_haste(LIST).content == b""


def test_nothing_at_an_address_is_told_without_a_page():
    response = Client().get("/referrals/FHIR/STU3/Colour")
    assert (response.status_code, response.content) == (404, b"")
    response = Client().get("/referrals/FHIR/R4/Colour")
    assert (response.status_code, codes_of(response)) == (404, ["REC_NOT_FOUND"])


def test_a_fault_of_ours_is_told_without_a_page(monkeypatch):
    from clockstop.service.ers.endpoints import requests

    def fail(*_):
        raise RuntimeError

    monkeypatch.setattr(requests, "_referral", fail)
    referral = booked()
    caller = a_gp()
    monkeypatch.setattr(
        Client, "__init__", partialmethod(Client.__init__, raise_request_exception=False)
    )
    response = caller.get("/R4/ServiceRequest", {"identifier": referral.ubrn})
    assert (response.status_code, codes_of(response)) == (500, ["REC_SERVER_ERROR"])


def test_a_change_while_somebody_else_is_at_it_is_told_as_locked(monkeypatch):
    from clockstop.service.referrals.actions import BusyError
    from clockstop.service.referrals.actions import reviewing as steps

    def busy(*_):
        raise BusyError

    monkeypatch.setattr(steps, "locked", busy)
    referral = booked()
    path = f"/STU3/ReferralRequest/{referral.ubrn}/$ers.acceptReferral"
    assert a_consultant().post(path, If_Match='W/"2"').status_code == 423


def test_a_token_of_one_practice_opens_nothing_of_another():
    referral = a_referral()
    assert a_gp("A81002").get(f"/STU3/ReferralRequest/{referral.ubrn}").status_code == 404


def test_every_address_of_the_api_asks_for_a_token():
    """But for the one that a ticket opens, which the API gave out."""
    routes = {each.pattern for each in every_route() if each.pattern.startswith("referrals/FHIR/")}
    routes.remove("referrals/FHIR/files")
    assert len(routes) > 1
    for pattern in routes:
        address = "/" + pattern.replace("<str:", "").replace(">", "")
        answers = [
            getattr(Client(), method)(address, content_type="application/fhir+json")
            if method != "get"
            else Client().get(address)
            for method in ("get", "post", "put")
        ]
        assert {each.status_code for each in answers} <= {401, 405}, pattern
        assert 401 in {each.status_code for each in answers}, pattern


def test_every_error_code_that_was_published_is_in_the_table(specs):
    text = (specs / "codes/ers_error_codes.csv").read_text(encoding="utf-8")
    published = {line.partition(",")[0] for line in text.splitlines()[1:]}
    assert set(error_codes()) == published
    assert {each for others in STAND_INS.values() for each in others} <= published


def test_every_operation_that_was_published_is_in_the_table(specs):
    from tests.service.ers.published import document

    published = {
        (each["operationId"][:4].upper(), method.upper(), path)
        for path, item in document()["paths"].items()
        for method, each in item.items()
        if method in {"get", "post", "put"} and "_history" not in path
    }
    assert {(each.code, each.method, each.path) for each in operations().values()} == published


def test_every_operation_refuses_with_the_codes_that_it_lists(specs):
    from tests.service.ers.published import codes_in, document, resolved

    for row in operations().values():
        answers = document()["paths"][row.path][row.method.lower()]["responses"]
        said = resolved(answers.get(str(row.refused), {}), "ers").get("description", "")
        assert row.codes == codes_in(said), row.code


@pytest.mark.parametrize("row", [each for each in operations().values() if each.body == "json"])
def test_whatever_is_wrong_with_a_body_has_a_code_of_the_operation(row):
    (*errors,) = (from_faults([Fault(each, "x")]).refusals[0] for each in Wrong)
    assert {as_listed(each, row.codes).code for each in errors} <= row.codes


def test_a_code_without_any_that_is_listed_stays_as_it_is():
    assert as_listed(Refusal("NO_CHANGES_DETECTED", "x"), ()).code == "NO_CHANGES_DETECTED"
    assert as_listed(Refusal("INVALID_FILE", "x"), ()).code == "INAPPROPRIATE_VALUE"


def test_every_business_function_that_calls_something_belongs_to_a_role():
    held = {function for functions in FUNCTIONS.values() for function in functions}
    asked = {function for each in operations().values() for function in each.functions}
    assert asked <= held

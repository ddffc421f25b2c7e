"""Calling the API as a program of somebody does; each answer is held to its description."""

import json
from datetime import timedelta

from django.test import Client
from tests.service.ers.published import BASE, hold
from tests.service.people import HOSPITAL, ICB, PRACTICE, a_member

from clockstop.service.accounts.applications import let_in
from clockstop.service.accounts.roles import Role
from clockstop.service.accounts.tokens import Scope, make

FHIR = "application/fhir+json"


class Caller:
    """A program that acts for one member of staff."""

    def __init__(self, member, function, scopes=(Scope.ERS_READ, Scope.ERS_WRITE)):
        self.member, self.actor = member, member.as_actor()
        _, self.token = make(owner=member, name="Software", scopes=scopes, lasts=timedelta(days=1))
        self.headers = {
            "Authorization": f"Bearer {self.token}",
            "NHSD-End-User-Organisation-ODS": member.organisation_code,
            "NHSD-eRS-Business-Function": function,
            "Accept": FHIR,
        }

    def get(self, path, query=None, **headers):
        return self._call("GET", path, query=query, headers=headers)

    def post(self, path, body=None, **headers):
        return self._call("POST", path, body=body, headers=headers)

    def put(self, path, body=None, **headers):
        return self._call("PUT", path, body=body, headers=headers)

    def _call(self, method, path, *, headers, body=None, query=None):
        path = BASE + path
        sent = self.headers | {name.replace("_", "-"): each for name, each in headers.items()}
        sent = {name: each for name, each in sent.items() if each is not None}
        given = {"query_params": query} if query else {}
        if method != "GET":
            given["content_type"] = sent.pop("Content-Type", FHIR)
            is_raw = isinstance(body, bytes | str)
            given["data"] = body if is_raw else json.dumps(body) if body is not None else b""
        response = getattr(Client(), method.lower())(path, headers=sent, **given)
        hold(response, method, path)
        return response


class AnApplication(Caller):
    """A program of an organisation, with nobody at the screen."""

    def __init__(
        self,
        organisation_code=HOSPITAL,
        role=Role.PROVIDER_ADMINISTRATOR,
        writes=(),
        services=(),
    ):
        self.row, self.token = let_in(
            name="Link",
            role=role,
            organisation_code=organisation_code,
            icb_code=ICB,
            writes=writes,
            services=[each.pk for each in services],
            lasts=timedelta(days=1),
        )
        self.actor = self.row.person.application.as_actor()
        self.headers = {"Authorization": f"Bearer {self.token}", "Accept": FHIR}


def a_gp(organisation_code=PRACTICE, **kept):
    return Caller(a_member(Role.REFERRER, organisation_code), "REFERRING_CLINICIAN", **kept)


def a_secretary(organisation_code=PRACTICE):
    member = a_member(Role.REFERRING_ADMINISTRATOR, organisation_code)
    return Caller(member, "REFERRING_CLINICIAN_ADMIN")


def a_consultant(organisation_code=HOSPITAL):
    member = a_member(Role.PROVIDER_CLINICIAN, organisation_code)
    return Caller(member, "SERVICE_PROVIDER_CLINICIAN")


def a_booking_office(organisation_code=HOSPITAL, function="SERVICE_PROVIDER_CLINICIAN_ADMIN"):
    return Caller(a_member(Role.PROVIDER_ADMINISTRATOR, organisation_code), function)


def codes_of(response):
    """The error codes of a refusal."""
    return [each["details"]["coding"][0]["code"] for each in response.json()["issue"]]


def extensions(resource):
    """The extensions of a resource by the short names of their addresses."""
    named = {}
    for each in resource["extension"]:
        short = each["url"].removeprefix("https://fhir.nhs.uk/STU3/StructureDefinition/")
        (value,) = (value for name, value in each.items() if name != "url")
        named[short.removeprefix("Extension-eRS-").removesuffix("-1")] = value
    return named


def state_of(resource):
    """The state of a referral, the reason and the comment that go with it."""
    told = {each["url"]: each for each in extensions(resource)["ReferralState"]}
    reason = told.get("reason", {}).get("valueCoding", {}).get("code", "")
    comments = told.get("comments", {}).get("valueString", "")
    return told["state"]["valueCoding"]["code"], reason, comments


def contained(resource, kind):
    """What a resource contains of a kind."""
    return [each for each in resource["contained"] if each["resourceType"] == kind]

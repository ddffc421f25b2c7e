"""Both ways of signing in, each at a service of the test's own."""

from collections.abc import Callable, Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.service.accounts.provider import ALGORITHM, CLIENT_ID, CLIENT_KEY, Provider, running
from tests.service.people import nhs_number

from clockstop.service.accounts import oidc
from clockstop.service.accounts.providers import (
    CIS2_SCOPE,
    NHS_LOGIN_SCOPE,
    PatientService,
    StaffService,
)

LEVELS = (("authentication_assurance_level", 2), ("id_assurance_level", 3))
Visit = Callable[..., HttpResponse]


@pytest.fixture(scope="module")
def service() -> Iterator[Provider]:
    with running(Provider()) as provider:
        yield provider


@pytest.fixture
def provider(service) -> Iterator[Provider]:
    """A service that tells the truth until a test lets it lie."""
    kept = dict(service.__dict__)
    service.claims, service.userinfo, service.tamper, service.sign = {}, {}, {}, service.signed
    service.assertions, service.refused = [], []
    oidc._client.cache_clear()
    yield service
    service.__dict__.update(kept)


@pytest.fixture
def patients(provider, settings) -> Provider:
    """NHS login, with somebody whose identity is proven."""
    settings.CLOCKSTOP_PATIENT_SIGN_IN = PatientService(**_known(provider), scope=NHS_LOGIN_SCOPE)
    provider.claims = {
        "sub": "ada",
        "vot": "P9.Cp.Cd",
        "identity_proofing_level": "P9",
        "nhs_number": str(nhs_number(4_001)),
        "birthdate": "1960-05-17",
        "given_name": "Ada",
        "family_name": "Test",
    }
    return provider


@pytest.fixture
def staff(provider, settings) -> Provider:
    """CIS2, with somebody who works at two organisations."""
    settings.CLOCKSTOP_STAFF_SIGN_IN = StaffService(
        **_known(provider), scope=CIS2_SCOPE, levels=LEVELS
    )
    provider.claims = {
        "sub": "555000001",
        "authentication_assurance_level": "3",
        "id_assurance_level": "3",
    }
    provider.userinfo = {
        "nhsid_nrbac_roles": [
            {"org_code": "RAA", "role_code": "S8000:G8000:R8000"},
            {"org_code": "RBB", "role_code": "S8001:G8005:R8008"},
        ]
    }
    return provider


@pytest.fixture
def visit(client) -> Visit:
    """Go to the service, sign in there, come back; the answer to that."""

    def visited(provider: Provider, way: str, to: str = "", by: Client = client) -> HttpResponse:
        leaving = by.get(f"/sign-in/{way}/", {"next": to} if to else {})
        assert leaving.status_code == 302, leaving.content
        return by.get(provider.authorise(leaving["Location"]))

    return visited


def _known(provider: Provider) -> dict[str, object]:
    return {
        "issuer": provider.url,
        "client_id": CLIENT_ID,
        "key": CLIENT_KEY.as_pem(private=True).decode(),
        "key_id": "this-site",
        "algorithm": ALGORITHM,
        "accepted": (ALGORITHM,),
    }

"""The same ways of signing in, at a provider that others wrote: oidc-provider-mock."""

import os
import warnings
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from threading import Thread
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests
from authlib.deprecate import AuthlibDeprecationWarning
from joserfc import jwt
from joserfc.jwk import RSAKey
from tests.service.accounts.provider import CLIENT_ID, CLIENT_KEY
from tests.service.people import a_member, nhs_number
from werkzeug.serving import make_server

from clockstop.service.accounts.models import Identity, Person

with warnings.catch_warnings():  # what the mock stands on has moved on
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    import oidc_provider_mock

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
NURSE = {
    "authentication_assurance_level": "3",
    "id_assurance_level": "3",
    "nhsid_nrbac_roles": [{"org_code": "RAA", "role_code": "S8000:G8000:R8001"}],
}
ADA = {
    "vot": "P9.Cm",
    "identity_proofing_level": "P9",
    "nhs_number": str(nhs_number(4_003)),
    "given_name": "Ada",
    "family_name": "Test",
}


class KnowsOurKey:
    """The mock takes any client at its word: here the assertion is checked before it."""

    def __init__(self, app) -> None:
        self.app = app

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] == "/oauth2/token":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            form = dict(parse_qsl(body.decode()))
            public = RSAKey.import_key(CLIENT_KEY.as_dict(private=False))
            said = jwt.decode(form.pop("client_assertion"), public, algorithms=["RS512"]).claims
            assert said["sub"] == CLIENT_ID
            known = {"client_id": said["sub"], "client_secret": "any"}
            sent = urlencode(form | known).encode()
            environ |= {"wsgi.input": BytesIO(sent), "CONTENT_LENGTH": str(len(sent))}
        return self.app(environ, start_response)


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    users = [
        oidc_provider_mock.User(sub="nurse", claims=NURSE),
        oidc_provider_mock.User(sub="ada", claims=ADA),
    ]
    app = oidc_provider_mock.app(user_claims=users, require_nonce=True)
    app.debug = False
    server = make_server("127.0.0.1", 0, KnowsOurKey(app.wsgi_app), threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    del os.environ["AUTHLIB_INSECURE_TRANSPORT"]


def go_and_return(client, way: str, sub: str):
    """Sign in at the mock's own page, as a browser would."""
    leaving = client.get(f"/sign-in/{way}/")
    answer = requests.post(leaving["Location"], data={"sub": sub}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def at(mock: str, service):
    return replace(service, issuer=mock, accepted=("RS256",))


def test_a_nurse_signs_in(staff, mock, client, settings):
    settings.CLOCKSTOP_STAFF_SIGN_IN = at(mock, settings.CLOCKSTOP_STAFF_SIGN_IN)
    Identity.objects.create(person=a_member().person, issuer=mock, subject="nurse")
    assert go_and_return(client, "staff", "nurse")["Location"] == "/pathways/"


def test_a_patient_signs_in(patients, mock, client, settings):
    settings.CLOCKSTOP_PATIENT_SIGN_IN = at(mock, settings.CLOCKSTOP_PATIENT_SIGN_IN)
    assert go_and_return(client, "patient", "ada")["Location"] == "/your-care/"
    assert Person.objects.get().nhs_number == ADA["nhs_number"]


def test_an_algorithm_that_we_did_not_agree_on_is_refused(patients, mock, client, settings):
    settings.CLOCKSTOP_PATIENT_SIGN_IN = replace(settings.CLOCKSTOP_PATIENT_SIGN_IN, issuer=mock)
    response = go_and_return(client, "patient", "ada")
    assert "Reason: signature" in response.content.decode()

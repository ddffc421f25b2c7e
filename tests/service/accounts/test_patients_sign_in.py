"""Patients sign in with NHS login; what cannot be proven is refused."""

import json
import time
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from tests.service.people import nhs_number

from clockstop.service.accounts.models import Identity, Person
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.audit.verifying import verify

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


def then_it_is_refused(client, response, why: str) -> None:
    """A plain page, nobody signed in, no account, and the code of the reason in the audit."""
    assert response.status_code == 403
    assert "You are not signed in" in text(response)
    assert f"Reason: {why}" in text(response)
    assert "no-store" in response["Cache-Control"]
    assert client.get(reverse("carers")).status_code == 302
    told = Entry.objects.get(action="refused sign-in")
    assert json.loads(told.detail) == {"way": "patient", "because": why}
    assert (told.actor, told.subject) == ("visitor", "")
    assert not Entry.objects.filter(action="signed in").exists()


class TestTheWayIn:
    def test_a_patient_is_signed_in_with_an_account_of_their_own(self, patients, visit, client):
        response = visit(patients, "patient")
        assert response["Location"] == reverse("care")
        person = Person.objects.get()
        assert (person.name, person.nhs_number) == ("Ada Test", str(nhs_number(4_001)))
        identity = Identity.objects.get()
        assert (identity.issuer, identity.subject) == (patients.url, "ada")
        assert [each.action for each in Entry.objects.all()] == ["opened an account", "signed in"]
        assert verify().faults == ()
        page = text(client.get(reverse("carers")))
        assert "Ada Test" in page
        assert Role.PATIENT.label in page

    def test_what_is_asked_for(self, patients, visit):
        visit(patients, "patient")
        assert json.loads(patients.asked["vtr"]) == ["P9.Cp.Cd", "P9.Cp.Ck", "P9.Cm"]
        assert patients.asked["scope"] == "openid profile profile_extended"
        assert len(patients.asked["nonce"]) >= 20
        assert patients.asked["redirect_uri"] == "http://testserver/sign-in/patient/back/"

    def test_the_site_proves_itself_anew_each_time(self, patients, visit):
        for _ in range(2):
            visit(patients, "patient")
        assert patients.refused == []
        first, second = patients.assertions
        assert first["jti"] != second["jti"]

    def test_somebody_known_comes_back_to_the_same_account(self, patients, visit):
        visit(patients, "patient")
        patients.claims["family_name"] = "Married"
        visit(patients, "patient")
        assert Person.objects.get().name == "Ada Married"

    def test_the_signed_token_is_believed_before_the_userinfo(self, patients, visit):
        patients.userinfo = {"nhs_number": str(nhs_number(4_002)), "family_name": "Other"}
        visit(patients, "patient")
        person = Person.objects.get()
        assert (person.name, person.nhs_number) == ("Ada Test", str(nhs_number(4_001)))

    def test_what_the_token_lacks_is_taken_from_the_userinfo(self, patients, visit):
        patients.userinfo = {"nhs_number": patients.claims.pop("nhs_number")}
        visit(patients, "patient")
        assert Person.objects.get().nhs_number == str(nhs_number(4_001))

    def test_they_go_where_they_wanted_to(self, patients, visit):
        assert visit(patients, "patient", "/carers/")["Location"] == "/carers/"

    @pytest.mark.parametrize(
        "elsewhere",
        ["https://evil.test/", "//evil.test/", "/\\evil.test", "javascript:alert(1)", "http:evil"],
    )
    def test_but_to_no_other_site(self, patients, visit, elsewhere):
        assert visit(patients, "patient", elsewhere)["Location"] == reverse("care")

    def test_the_session_has_a_new_key_and_nothing_of_the_old(self, patients, client):
        leaving = client.get("/sign-in/patient/")
        before = client.session.session_key
        client.get(patients.authorise(leaving["Location"]))
        assert client.session.session_key != before
        keys = client.session.keys()
        assert not [key for key in keys if key.startswith("_state")]

    def test_new_keys_of_the_service_are_fetched(self, patients, visit):
        visit(patients, "patient")
        key = {"kid": "two", "use": "sig", "alg": "RS512"}
        patients.key = RSAKey.generate_key(2048, key)
        patients.sign = lambda claims: patients.signed(claims, kid="two")
        assert visit(patients, "patient").status_code == 302

    def test_without_the_service_there_is_no_such_way(self, client, settings):
        assert "NHS login" not in text(client.get("/sign-in/"))
        assert client.get("/sign-in/patient/").status_code == 404
        assert client.get("/sign-in/patient/back/").status_code == 404
        assert client.get("/sign-in/nobody/").status_code == 404


class TestWhatIsNotProven:
    @pytest.mark.parametrize(
        ("lie", "why"),
        [
            ({"nonce": "another"}, "nonce"),
            ({"nonce": None}, "nonce"),
            ({"nonce": ""}, "nonce"),
            ({"aud": "another"}, "audience"),
            ({"aud": None}, "audience"),
            ({"aud": "another", "azp": "clockstop-test"}, "audience"),
            ({"aud": ["clockstop-test", "another"], "azp": "another"}, "audience"),
            ({"iss": "https://evil.test"}, "issuer"),
            ({"iss": None}, "issuer"),
            ({"exp": 1_000}, "expired"),
            ({"exp": None}, "answer"),
            ({"iat": None}, "answer"),
            ({"sub": None}, "answer"),
            ({"sub": "mallory"}, "subject"),
            ({"vot": "P5.Cp.Cd", "identity_proofing_level": "P5"}, "level"),
            ({"vot": "P5.Cp.Cd"}, "level"),
            ({"vot": "P9.Cp"}, "level"),
            ({"vot": None}, "level"),
            ({"identity_proofing_level": "P5"}, "level"),
            ({"identity_proofing_level": None}, "level"),
            ({"nhs_number": "9990000019"}, "nhs_number"),
            ({"nhs_number": "12"}, "nhs_number"),
            ({"nhs_number": None}, "nhs_number"),
        ],
        ids=str,
    )
    def test_a_token_that_does_not_hold(self, patients, visit, client, lie, why):
        patients.tamper = lie
        then_it_is_refused(client, visit(patients, "patient"), why)
        assert not Person.objects.exists()

    def test_a_trust_that_only_the_userinfo_claims(self, patients, visit, client):
        patients.userinfo = {"vot": patients.claims.pop("vot")}
        then_it_is_refused(client, visit(patients, "patient"), "level")

    def test_a_token_of_the_future(self, patients, visit, client):
        patients.tamper = {"iat": int(time.time()) + 3_600}
        assert visit(patients, "patient").status_code == 403

    def test_clocks_may_differ_a_little(self, patients, visit):
        now = int(time.time())
        patients.tamper = {"iat": now + 20, "exp": now - 20}
        assert visit(patients, "patient").status_code == 302

    @pytest.mark.parametrize("kid", ["one", "unknown"])
    def test_a_signature_by_another(self, patients, visit, client, kid):
        forger = RSAKey.generate_key(2048)
        header = {"alg": "RS512", "kid": kid}
        patients.sign = lambda claims: jwt.encode(header, claims, forger, algorithms=["RS512"])
        then_it_is_refused(client, visit(patients, "patient"), "signature")

    def test_no_signature(self, patients, visit, client):
        def unsigned(claims):
            _, body, _ = patients.signed(claims).split(".")
            head = "eyJhbGciOiJub25lIiwia2lkIjoib25lIn0"  # {"alg":"none","kid":"one"}
            return f"{head}.{body}."

        patients.sign = unsigned
        then_it_is_refused(client, visit(patients, "patient"), "signature")

    def test_an_algorithm_that_the_service_offers_but_we_do_not(self, patients, visit, client):
        header = {"alg": "RS256", "kid": "one"}
        other = RSAKey.import_key({**patients.key.as_dict(private=True), "alg": "RS256"})
        patients.sign = lambda claims: jwt.encode(header, claims, other, algorithms=["RS256"])
        then_it_is_refused(client, visit(patients, "patient"), "signature")

    def test_the_public_key_as_a_secret(self, patients, visit, client):
        """The oldest trick: HMAC with what everybody knows."""
        public = OctKey.import_key(patients.key.as_dict(private=False)["n"])
        header = {"alg": "HS256", "kid": "one"}
        patients.sign = lambda claims: jwt.encode(header, claims, public, algorithms=["HS256"])
        then_it_is_refused(client, visit(patients, "patient"), "signature")

    def test_something_that_is_no_token(self, patients, visit, client):
        patients.sign = lambda _claims: "nonsense"
        then_it_is_refused(client, visit(patients, "patient"), "signature")

    def test_userinfo_of_somebody_else(self, patients, visit, client):
        patients.userinfo = {"sub": "mallory"}
        then_it_is_refused(client, visit(patients, "patient"), "subject")

    def test_a_return_that_was_used(self, patients, client):
        leaving = client.get("/sign-in/patient/")
        returning = patients.authorise(leaving["Location"])
        assert client.get(returning).status_code == 302
        client.post("/sign-out/")
        again = client.get(returning)
        assert again.status_code == 403
        assert "Reason: state" in text(again)
        assert client.get(reverse("carers")).status_code == 302

    def test_a_return_of_another_browser(self, patients, client):
        leaving = client.get("/sign-in/patient/")
        other = Client()
        then_it_is_refused(other, other.get(patients.authorise(leaving["Location"])), "state")

    def test_a_code_that_was_used(self, patients, client):
        """A second state, but the code of the first."""
        used = patients.authorise(client.get("/sign-in/patient/")["Location"])
        assert client.get(used).status_code == 302
        client.post("/sign-out/")
        unused = patients.authorise(client.get("/sign-in/patient/")["Location"])
        state = unused.partition("state=")[2]
        code = used.partition("code=")[2].partition("&")[0]
        response = client.get(f"/sign-in/patient/back/?code={code}&state={state}")
        assert response.status_code == 403
        assert patients.refused == ["invalid_grant"]

    def test_a_return_without_anything(self, patients, client):
        then_it_is_refused(client, client.get("/sign-in/patient/back/"), "state")

    def test_somebody_who_turns_back(self, patients, client):
        leaving = client.get("/sign-in/patient/")
        then_it_is_refused(client, client.get(patients.decline(leaving["Location"])), "cancelled")

    def test_a_service_that_does_not_answer(self, patients, client, settings):
        nowhere = replace(settings.CLOCKSTOP_PATIENT_SIGN_IN, issuer="http://127.0.0.1:9")
        settings.CLOCKSTOP_PATIENT_SIGN_IN = nowhere
        then_it_is_refused(client, client.get("/sign-in/patient/"), "unreachable")

    def test_a_service_that_says_it_is_another(self, patients, client, settings):
        other = replace(settings.CLOCKSTOP_PATIENT_SIGN_IN, issuer=patients.url + "/")
        settings.CLOCKSTOP_PATIENT_SIGN_IN = other
        then_it_is_refused(client, client.get("/sign-in/patient/"), "issuer")


class TestAccountsAreNeverJoined:
    def test_a_number_that_another_account_has(self, patients, visit, client):
        Person.objects.create(name="Ada", nhs_number=str(nhs_number(4_001)))
        then_it_is_refused(client, visit(patients, "patient"), "number_taken")
        assert Person.objects.count() == 1
        assert not Identity.objects.exists()

    def test_a_number_that_has_changed(self, patients, visit, client):
        visit(patients, "patient")
        client.post("/sign-out/")
        patients.claims["nhs_number"] = str(nhs_number(4_002))
        assert "Reason: number_changed" in text(visit(patients, "patient"))
        assert Person.objects.get().nhs_number == str(nhs_number(4_001))

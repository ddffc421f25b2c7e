"""The made-up people of the demo: signed in by a press, and never beside real ones."""

import os
import subprocess
import sys
from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from tests.service.people import LONG_AGO, a_member, a_patient, nhs_number

from clockstop.service.accounts.checks import faults, refuse_to_start
from clockstop.service.accounts.models import Delegation, Person
from clockstop.service.accounts.providers import PatientService
from clockstop.service.accounts.roles import Role

REAL = PatientService(
    issuer="https://auth.login.example",
    client_id="x",
    key="x",
    algorithm="RS512",
    accepted=("RS512",),
    scope="openid",
)


def text(response) -> str:
    return response.content.decode()


@pytest.mark.django_db
class TestTheList:
    def test_it_is_of_those_with_a_role_today_by_organisation(self, client):
        a_member(), a_member(Role.PROVIDER_CLINICIAN), a_member(Role.REFERRER, "A81001")
        over = a_member(Role.ANALYST, "RZZ", ends=date(2021, 1, 1))
        patient = Person.objects.create(name="Pat", nhs_number=str(nhs_number(4_700)))
        carer = Person.objects.create(name="Kim")
        Delegation.objects.create(
            carer=carer,
            nhs_number=patient.nhs_number,
            icb_code="-",
            starts=LONG_AGO,
            ends=date(2099, 1, 1),
        )
        page = text(client.get("/sign-in/"))
        heads = [page.index(f">{each}<") for each in ("A81001", "RAA", "Patients and carers")]
        assert heads == sorted(heads)
        assert over.person.name not in page
        for name, role in (("Pat", "Patient"), ("Kim", "Carer")):
            assert f'{name}</span>, <span class="app-persona__role">{role}</span>' in page

    def test_a_member_of_staff(self, client):
        member = a_member()
        assert (
            client.post("/sign-in/demo/", {"membership": str(member.pk)})["Location"]
            == "/pathways/"
        )
        assert client.session["membership"] == str(member.pk)

    @pytest.mark.parametrize("role", ["patient", "carer"])
    def test_a_patient_and_a_carer(self, client, role):
        person = Person.objects.create(name="Pat", nhs_number=str(nhs_number(4_701)))
        other = a_patient()
        Delegation.objects.create(
            carer=person,
            nhs_number=other.nhs_number,
            icb_code="-",
            starts=LONG_AGO,
            ends=date(2099, 1, 1),
        )
        client.post("/sign-in/demo/", {"person": str(person.pk), "role": role})
        assert client.session["role"] == role

    @pytest.mark.parametrize(
        "fields", [{}, {"membership": "x"}, {"membership": str(uuid4())}, {"person": "x"}]
    )
    def test_nobody(self, client, fields):
        assert client.post("/sign-in/demo/", fields).status_code == 404

    def test_a_role_that_they_do_not_have(self, client):
        person = Person.objects.create(name="Pat", nhs_number=str(nhs_number(4_702)))
        client.post("/sign-in/demo/", {"person": str(person.pk), "role": "carer"})
        assert "role" not in client.session
        over = a_member(ends=date(2021, 1, 1))
        assert client.post("/sign-in/demo/", {"membership": str(over.pk)}).status_code == 403

    def test_a_page_elsewhere_is_not_gone_to(self, client):
        fields = {"membership": str(a_member().pk), "next": "https://evil.test/"}
        assert client.post("/sign-in/demo/", fields)["Location"] == "/pathways/"

    def test_without_personas_there_is_no_list_and_no_way(self, client, settings):
        member = a_member()
        settings.CLOCKSTOP_PERSONAS = False
        page = text(client.get("/sign-in/"))
        assert member.person.name not in page
        assert "Nobody can sign in" in page
        assert client.post("/sign-in/demo/", {"membership": str(member.pk)}).status_code == 404


class TestTheGuard:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("CLOCKSTOP_LIVE_MESSAGES", True),
            ("CLOCKSTOP_PATIENT_SIGN_IN", REAL),
            ("CLOCKSTOP_STAFF_SIGN_IN", REAL),
            ("ALLOWED_HOSTS", ["localhost", "waits.example.org"]),
            ("ALLOWED_HOSTS", ["*"]),
            ("ALLOWED_HOSTS", [".localhost"]),
            ("ALLOWED_HOSTS", ["0.0.0.0"]),
            ("ALLOWED_HOSTS", ["192.168.1.2"]),
        ],
    )
    def test_personas_do_not_start_beside(self, settings, name, value):
        setattr(settings, name, value)
        with pytest.raises(ImproperlyConfigured, match="CLOCKSTOP_PERSONAS"):
            refuse_to_start()
        with pytest.raises(SystemCheckError, match=r"accounts\.E001"):
            call_command("check")

    def test_they_start_on_ones_own_machine(self, settings):
        settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "127.9.9.9", "[::1]", "testserver"]
        settings.CLOCKSTOP_PERSONAS = True
        assert not list(faults())
        refuse_to_start()

    def test_without_them_everything_else_may_be_on(self, settings):
        settings.CLOCKSTOP_PERSONAS = False
        settings.ALLOWED_HOSTS, settings.CLOCKSTOP_LIVE_MESSAGES = ["*"], True
        settings.CLOCKSTOP_PATIENT_SIGN_IN = REAL
        assert not list(faults())

    def test_a_web_server_does_not_start_either(self, tmp_path):
        """The door itself refuses, since a web server runs no checks."""
        (tmp_path / "unsafe.py").write_text(
            "from clockstop.interfaces.config.settings.demo import *\nCLOCKSTOP_LIVE_MESSAGES = True\n"
        )
        command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--workers", "1"]
        done = subprocess.run(
            [*command, "clockstop.interfaces.config.wsgi:application"],
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "unsafe",
                "PYTHONPATH": str(tmp_path),
                "CLOCKSTOP_HOME": str(tmp_path),
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 3
        assert "CLOCKSTOP_PERSONAS is on, and so is CLOCKSTOP_LIVE_MESSAGES" in done.stderr

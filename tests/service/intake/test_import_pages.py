"""The pages of imports: a hospital's own, for who keeps its data and its lists."""

from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from tests.service.intake.extracts import REFERRED, TODAY, events, pathway, person, write
from tests.service.people import HOSPITAL, OTHER_HOSPITAL, a_member, signed_in

from clockstop.service.accounts.roles import Role
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.intake.actions import import_extract

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(tmp_path):
    folder = write(
        tmp_path,
        [person(1), person(2, sex="<F>", nhs_number="9990000000")],
        [pathway(1), pathway(2)],
        [*events(1, REFERRED), *events(2, REFERRED)],
    )
    with time_machine.travel(f"{TODAY}T08:00:00+01:00", tick=False):
        (found,) = import_extract(SYSTEM, folder, provider=HOSPITAL).imports
    return found


def client_of(role=Role.PROVIDER_ADMINISTRATOR, organisation=HOSPITAL):
    return signed_in(Client(), a_member(role, organisation))


def test_the_list_and_what_was_refused(made):
    client = client_of()
    page = client.get("/imports/").content.decode()
    assert "Brought in, some rows refused" in page
    assert f"/imports/{made.pk}/" in page
    page = client.get(f"/imports/{made.pk}/").content.decode()
    assert "people.csv, row 3" in page
    assert "&#39;&lt;F&gt;&#39;" in page
    assert "a check digit that fits" in page
    assert "9990000000" not in page
    file = client.get(f"/imports/{made.pk}/refused.csv")
    lines = file.content.decode().splitlines()
    assert lines[0] == "file,row,column,found,expected"
    assert len(lines) == 3
    assert file["Cache-Control"] == "no-store"


def test_nobody_elses(made):
    for client in (client_of(organisation=OTHER_HOSPITAL), client_of(Role.PROVIDER_CLINICIAN)):
        for address in (f"/imports/{made.pk}/", f"/imports/{made.pk}/refused.csv"):
            assert client.get(address).status_code in {403, 404}
    assert client_of(Role.WAITING_LIST_MANAGER).get(f"/imports/{uuid4()}/").status_code == 404


def test_nothing_yet():
    page = client_of().get("/imports/").content.decode()
    assert "Nothing of your hospital has been imported yet" in page

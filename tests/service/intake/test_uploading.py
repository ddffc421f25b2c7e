"""A hospital's extract by a page: the same import as by the command, and nothing else gets in."""

import io
import zipfile
from uuid import uuid4

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.service.intake.extracts import REFERRED, SEEN, TODAY, events, pathway, person, write
from tests.service.people import HOSPITAL, OTHER_HOSPITAL, a_member, signed_in

from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.intake import uploads
from clockstop.service.intake.actions import import_extract
from clockstop.service.intake.models import Import
from clockstop.service.pathways.models import Pathway, PathwayEvent
from clockstop.service.registry.models import Kind, Organisation
from clockstop.service.ui.uploads import Most

pytestmark = pytest.mark.django_db
AT = "/imports/upload/"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{TODAY}T08:00:00+01:00", tick=False):
        yield


@pytest.fixture
def member():
    return a_member(Role.PROVIDER_ADMINISTRATOR)


@pytest.fixture
def client(member):
    return signed_in(Client(), member)


@pytest.fixture
def extract(tmp_path):
    """A folder of CSV files, with a row that is wrong."""
    people = [person(1), person(2, sex="F")]
    told = [*events(1, REFERRED, SEEN), *events(2, REFERRED)]
    return write(tmp_path / "night", people, [pathway(1), pathway(2)], told)


def files_in(folder):
    return {each.name: each.read_bytes() for each in sorted(folder.iterdir())}


def zipped(files):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def sent(files):
    return [SimpleUploadedFile(name, content) for name, content in files.items()]


def send(client, files, **more):
    values = {"submission": str(uuid4()), "files": sent(files)} | more
    return client.post(AT, values, follow=True)


def words(answer):
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


COUNTED = ("status", "pathways", "new_pathways", "changed_pathways", "refused_pathways")
COUNTED += ("new_patients", "events", "corrections", "faults")


def test_it_is_the_import_of_the_command_with_the_same_outcome(client, member, extract):
    answer = send(client, {"night.zip": zipped(files_in(extract))})
    made = Import.objects.get()
    assert answer.redirect_chain == [(f"/imports/{made.pk}/", 302)]
    assert "people.csv, row 3" in words(answer)
    assert f"Brought in by {member.person.name}" in words(answer)
    assert (made.status, made.pathways, made.events, made.faults) == ("in_part", 1, 2, 1)
    report = client.get(f"/imports/{made.pk}/refused.csv").content.decode().splitlines()
    assert report[1:] == ["people.csv,3,sex,'F',\"one of 1, 2, 9\""]
    entry = Entry.objects.get(action="imported an extract")
    assert (entry.actor, entry.organisation_code) == (str(member.person.pk), HOSPITAL)
    (again,) = import_extract(SYSTEM, extract, provider=HOSPITAL).imports
    nothing = {"new_pathways": 0, "new_patients": 0, "events": 0}
    for name in COUNTED:
        assert getattr(again, name) == nothing.get(name, getattr(made, name)), name


def test_three_files_are_the_same_as_one_zip_of_them(client, extract):
    send(client, files_in(extract))
    packed = {f"../../night/{name}": content for name, content in files_in(extract).items()}
    send(client, {"night.zip": zipped(packed)})
    assert len(set(Import.objects.values_list("digest", flat=True))) == 1
    assert set(Import.objects.values_list("events", flat=True)) == {2, 0}


def test_whoever_is_strict_gets_nothing_in(client, extract):
    answer = send(client, files_in(extract), strict="yes")
    assert "Refused: nothing was brought in" in words(answer)
    assert "people.csv, row 3" in words(answer)
    assert not Pathway.objects.exists()


def test_the_same_submission_twice_is_one_import(client, extract):
    page = BeautifulSoup(client.get(AT).content, "html.parser").select_one("main form")
    assert page["enctype"] == "multipart/form-data"
    same = {"submission": page.select_one("[name=submission]")["value"]}
    first, second = (send(client, files_in(extract), **same) for _ in range(2))
    assert first.redirect_chain == second.redirect_chain
    assert Import.objects.count() == 1


def test_files_that_are_no_extract_are_refused_and_said(client, extract):
    wrong = files_in(extract) | {"events.csv": b"pathway,number,day,colour\n"}
    answer = send(client, wrong)
    assert Import.objects.get().status == "refused"
    assert "an unknown column" in words(answer)
    assert "no such column" in words(answer)
    assert not Pathway.objects.exists()


def test_pathways_of_another_hospital_are_refused(client, tmp_path):
    theirs = pathway(1, provider=OTHER_HOSPITAL)
    folder = write(tmp_path, [person()], [theirs], events(1, REFERRED))
    answer = send(client, files_in(folder))
    assert f"pathways of {HOSPITAL} alone" in words(answer)
    assert not Pathway.objects.exists()


def test_it_comes_into_the_hospitals_icb_whatever_the_extract_says(client, tmp_path):
    folder = write(tmp_path, [person()], [pathway(icb="QZZ")], events(1, REFERRED))
    send(client, files_in(folder))
    assert Pathway.objects.get().icb_code == Import.objects.get().icb_code == "QAA"


def test_the_register_knows_the_icb_better_than_the_role(client, extract):
    Organisation.objects.create(code=HOSPITAL, name="A", kind=Kind.PROVIDER, icb_code="QBB")
    send(client, files_in(extract))
    assert Import.objects.get().icb_code == "QBB"


NO_FILES = [
    ({}, "Choose the zip of the extract"),
    ({"night.zip": zipped({})}, "There is no file"),
    ({"night.zip": zipped({"people.csv": b"x" * 9})[:-30]}, "The zip is damaged"),
    ({"night.zip": zipped({f"{n}.csv": b"x" for n in range(9)})}, "more than 8 files"),
    ({"people.parquet": b"PAR1"}, "people.parquet is none of these"),
    ({"<b>.csv": b"x"}, "<b>.csv is none of these"),
    ({"night.zip": zipped({"a/people.csv": b"x", "b/people.csv": b"x"})}, "is there twice"),
]


@pytest.mark.parametrize(("files", "said"), NO_FILES, ids=[said for _, said in NO_FILES])
def test_what_can_be_no_extract_is_not_even_read(client, files, said):
    answer = send(client, files, strict="yes")
    assert answer.status_code == 400
    assert said in words(answer)
    assert BeautifulSoup(answer.content, "html.parser").select_one("[name=strict][checked]")
    assert not Import.objects.exists()


def test_a_zip_that_grows_beyond_what_is_allowed_is_not_read(client, monkeypatch):
    monkeypatch.setattr(uploads, "MOST", Most(files=8, megabytes=1))
    bomb = zipped({"people.csv": b"0" * 2_000_000})
    assert len(bomb) < 10_000
    assert "larger than 1 MB" in words(send(client, {"night.zip": bomb}))


def test_what_is_sent_without_a_submission_is_no_form_of_ours(client, extract):
    assert client.post(AT, {"files": sent(files_in(extract))}).status_code == 400
    assert not Import.objects.exists()


@pytest.mark.parametrize("role", [Role.PROVIDER_CLINICIAN, Role.ICB_HUB, Role.ANALYST])
def test_nobody_else_uploads(role, extract):
    client = signed_in(Client(), a_member(role))
    assert send(client, files_in(extract)).status_code == 403
    assert not Import.objects.exists()


def test_another_site_cannot_send_it(member, extract):
    client = signed_in(Client(enforce_csrf_checks=True), member)
    assert send(client, files_in(extract)).status_code == 403
    assert not Import.objects.exists()


NAMES = st.sampled_from(["people.csv", "pathways.csv", "events.csv"])
ODD = st.binary(max_size=60) | st.sampled_from(
    [
        b"person\n1\n",
        b"\xff\xfe",
        b"p\0q\n1\n",
        b'"',
        b"person,person\n1,2\n",
        b"a" * 300 + b"\n1\n",
    ]
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(odd=st.dictionaries(NAMES, ODD, min_size=1))
def test_whatever_is_in_the_files_is_answered_and_brings_no_half_in(client, extract, odd):
    answer = send(client, files_in(extract) | odd)
    assert answer.status_code in {200, 400}
    assert PathwayEvent.objects.count() in {0, 2}

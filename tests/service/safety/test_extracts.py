"""What leaves the store for planning names nobody, and nobody who said no is in it."""

import io
from datetime import date

import polars as pl
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.service.people import (
    HOSPITAL,
    OTHER_HOSPITAL,
    OTHER_ICB,
    a_member,
    a_pathway,
    a_patient,
    an_event,
    signed_in,
    signed_in_patient,
)
from typer.testing import CliRunner

from clockstop.core.pseudonyms import pseudonym
from clockstop.interfaces.cli.app import app
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.pathways.actions import record_death
from clockstop.service.pathways.extracts import age_band, extract_pathways
from clockstop.service.pathways.merging import merge

pytestmark = pytest.mark.django_db
KEY, DAY = b"k" * 32, date(2025, 3, 3)
COLUMNS = [
    "pseudonym",
    "icb",
    "provider",
    "treatment_function",
    "priority",
    "part",
    "week_band",
    "age_band",
]


def waiting(patient=None, place=HOSPITAL, start=date(2025, 1, 6), **values):
    pathway = a_pathway(patient, place, **values)
    an_event(pathway, "referral_received", start)
    return pathway


def extracted(kind="csv", key=KEY) -> pl.DataFrame:
    content = extract_pathways(kind, key=key, day=DAY).content
    read = pl.read_csv if kind == "csv" else pl.read_parquet
    return read(io.BytesIO(content))


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_row_says_how_long_somebody_waits_where_and_for_what(kind):
    waiting(a_patient(birth_date=date(1960, 5, 17)), treatment_function="C_320", priority="2")
    (row,) = extracted(kind).to_dicts()
    assert list(row) == COLUMNS
    assert {name: str(value) for name, value in row.items() if name != "pseudonym"} == {
        "icb": "QAA",
        "provider": "RAA",
        "treatment_function": "C_320",
        "priority": "2",
        "part": "Part_2",
        "week_band": "7",  # 56 days
        "age_band": "60-69",
    }


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_nothing_in_the_file_tells_who_it_is(kind):
    patients = [
        a_patient(given_name=f"Given{at}", family_name=f"Family{at}", address=f"{at} Hidden Lane")
        for at in range(3)
    ]
    pathways = [waiting(patient, condition="Zebra stripes") for patient in patients]
    merge(actor=SYSTEM, kept=patients[0], superseded=patients[1], reason="One person")
    content = extract_pathways(kind, key=KEY, day=DAY).content
    cells = [str(cell) for row in extracted(kind).rows() for cell in row]
    assert len(cells) == 3 * len(COLUMNS)
    for patient, pathway in zip(patients, pathways, strict=True):
        for trace in (
            patient.nhs_number,
            patient.number.spaced,
            patient.given_name,
            patient.family_name,
            "Hidden",
            "ZZ99",
            patient.practice_code,
            patient.birth_date.isoformat(),
            pathway.identifier,
            "Zebra",
            "2025-01",
            str(patient.pk),
            str(pathway.pk),
        ):
            assert trace.encode() not in content
            assert not [cell for cell in cells if trace in cell]


def test_one_person_is_one_pseudonym_by_one_key_and_the_number_is_not_in_it():
    patient, other = a_patient(), a_patient()
    waiting(patient)
    waiting(patient, OTHER_HOSPITAL)
    waiting(other)
    merge(actor=SYSTEM, kept=patient, superseded=other, reason="One person")
    waiting(a_patient(OTHER_ICB, nhs_number=patient.nhs_number))
    assert set(extracted()["pseudonym"]) == {pseudonym(patient.nhs_number, KEY)}
    assert set(extracted(key=b"j" * 32)["pseudonym"]).isdisjoint(extracted()["pseudonym"])


@pytest.mark.parametrize("kept_out", ["opted out", "sensitive", "died"])
def test_who_must_not_be_in_it_is_in_it_by_none_of_their_records(kept_out):
    patient, joined = a_patient(), a_patient()
    elsewhere = a_patient(OTHER_ICB, nhs_number=patient.nhs_number)
    for each in (patient, joined, elsewhere):
        waiting(each)
    merge(actor=SYSTEM, kept=patient, superseded=joined, reason="One person")
    stays = waiting()
    if kept_out == "died":
        record_death(actor=SYSTEM, patient=joined, day=date(2025, 3, 1))
    else:
        field = "planning_opt_out" if kept_out == "opted out" else "sensitive"
        for each in (joined,):
            setattr(each, field, True)
            each.save(update_fields=(field,))
        setattr(elsewhere, field, True)
        elsewhere.save(update_fields=(field,))
    assert list(extracted()["pseudonym"]) == [pseudonym(stays.patient.nhs_number, KEY)]


def test_care_goes_on_for_who_opted_out():
    pathway = waiting(a_patient(planning_opt_out=True))
    assert extracted().height == 0
    at = reverse("pathway", args=(pathway.pk,))
    clinician = signed_in(Client(), a_member(Role.PROVIDER_CLINICIAN))
    assert clinician.get(at).status_code == 200
    assert str(pathway.pk) in clinician.get(reverse("pathways")).content.decode()
    assert signed_in_patient(Client(), pathway.patient).get(at).status_code == 200
    an_event(pathway, "treatment_started", date(2025, 2, 3))


def test_only_clocks_that_run_are_in_it_and_who_is_to_be_admitted_is_marked():
    treated, listed = waiting(), waiting()
    an_event(treated, "treatment_started", date(2025, 2, 3))
    an_event(listed, "decision_to_admit", date(2025, 2, 3))
    a_pathway()
    assert list(extracted()["part"]) == ["Part_2A"]


def test_an_extract_is_in_the_audit_by_its_hash():
    from hashlib import sha256

    waiting()
    content = extract_pathways("csv", key=KEY, day=DAY).content
    entry = Entry.objects.get(action="wrote an extract")
    assert entry.subject == sha256(content).hexdigest()
    assert '"rows":1' in entry.detail


@pytest.mark.parametrize(("kind", "key"), [("csv", b"short"), ("docx", KEY), ("csv", b"")])
def test_a_weak_key_or_another_kind_of_file_is_refused(kind, key):
    with pytest.raises(ValueError, match=r"key|kind"):
        extract_pathways(kind, key=key, day=DAY)
    assert not Entry.objects.filter(action="wrote an extract").exists()


@given(st.integers(0, 120))
def test_every_age_is_in_one_band(age):
    first, _, last = age_band(age).partition("-")
    assert int(first.rstrip("+")) <= age
    assert not last or age <= int(last)


@pytest.mark.parametrize(
    ("age", "band"), [(0, "0-17"), (17, "0-17"), (18, "18-29"), (79, "70-79"), (80, "80+")]
)
def test_the_bands_of_ages(age, band):
    assert age_band(age) == band


def run(*words, **environment):
    return CliRunner().invoke(app, ["extract", "pathways", *words], env=environment)


def test_the_command_writes_a_file_that_only_its_owner_reads(tmp_path):
    waiting(start=date(2025, 1, 6))
    file, key = tmp_path / "open.parquet", tmp_path / "key"
    key.write_bytes(KEY + b"\n")
    done = run("--out", str(file), "--key-file", str(key))
    assert (done.exit_code, "1 pathway in" in done.stdout) == (0, True), done.output
    assert pl.read_parquet(file).height == 1
    assert file.stat().st_mode & 0o077 == 0
    assert sorted(each.name for each in tmp_path.iterdir()) == ["key", "open.parquet"]
    again = run("--out", str(tmp_path / "b.csv"), CLOCKSTOP_EXTRACT_KEY=KEY.decode())
    assert again.exit_code == 0
    assert pl.read_csv(tmp_path / "b.csv")["pseudonym"][0] == pl.read_parquet(file)["pseudonym"][0]


@pytest.mark.parametrize(
    ("name", "key", "words"),
    [
        ("open.csv", "", "no key"),
        ("open.csv", "short", "at least 32 bytes"),
        ("open.xlsx", "k" * 32, ".parquet or .csv"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_nothing_is_written(tmp_path, name, key, words):
    done = run("--out", str(tmp_path / name), CLOCKSTOP_EXTRACT_KEY=key)
    assert done.exit_code == 2
    assert words in done.stderr
    assert key not in done.stderr or not key
    assert list(tmp_path.iterdir()) == []


def test_an_extract_that_cannot_be_written_leaves_no_half_a_file(tmp_path, monkeypatch):
    from pathlib import Path

    def fail(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(Path, "write_bytes", fail)
    done = run("--out", str(tmp_path / "open.csv"), CLOCKSTOP_EXTRACT_KEY=KEY.decode())
    assert done.exit_code == 1
    assert list(tmp_path.iterdir()) == []

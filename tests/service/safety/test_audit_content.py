"""The audit holds references and hashes: nothing that is written of or by anybody."""

import json
from datetime import date
from uuid import uuid4

import pytest
from tests.service.people import a_pathway, a_patient, an_actor, an_event

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.pathways.actions import record_death, record_event
from clockstop.service.pathways.extracts import extract_pathways
from clockstop.service.pathways.merging import look_for_duplicates, merge, separate, settle
from clockstop.service.pathways.models import Review
from clockstop.service.pathways.reviews import close
from clockstop.service.pathways.validation import say_not_needed

pytestmark = pytest.mark.django_db
TYPED = "Zebra stripes seen by Featherstonehaugh"


def everything_that_is_written(patient, other):
    """Each action of this floor, with words in every field that takes some."""
    pathway = a_pathway(patient, condition=TYPED)
    a_pathway(other)
    clinician, manager = an_actor(Role.PROVIDER_CLINICIAN), an_actor()
    an_event(pathway, "referral_received", date(2025, 1, 6))
    record_event(
        actor=manager,
        pathway=pathway,
        values={"kind": "referral_received", "day": "2025-01-08", "supersedes": "e1"},
        submission=uuid4(),
        reason=TYPED,
    )
    an_event(pathway, "did_not_attend", date(2025, 2, 3), appointment="first", not_brought=True)
    for review in Review.objects.all():
        close(actor=clinician, review=review, outcome="rebook")
    own = Actor(person=uuid4(), name=TYPED, role=Role.PATIENT, people=(patient.number,))
    say_not_needed(actor=own, pathway=pathway)
    for review in look_for_duplicates(patient, SYSTEM):
        settle(actor=manager, review=review, outcome="different")
    merge(actor=manager, kept=patient, superseded=other, reason=TYPED)
    separate(actor=manager, kept=patient, superseded=other, reason=TYPED)
    extract_pathways("csv", key=b"k" * 32, day=date(2025, 3, 3))
    record_death(actor=clinician, patient=patient, day=date(2025, 3, 3))
    return pathway


def test_no_word_name_number_or_place_reaches_the_audit():
    born = date(1971, 3, 2)
    patient, other = (
        a_patient(
            given_name=name,
            family_name="Featherstonehaugh",
            birth_date=born,
            postcode="ZZ99 7ZZ",
            address="7 Hidden Lane",
        )
        for name in ("Catherine", "Cath")
    )
    pathway = everything_that_is_written(patient, other)
    told = list(Entry.objects.values())
    assert len({each["action"] for each in told}) >= 8
    held = json.dumps(told)
    for trace in (
        "Feather",
        "Cath",
        "Zebra",
        "Hidden",
        "ZZ99",
        patient.nhs_number,
        other.nhs_number,
        patient.number.spaced,
        born.isoformat(),
        pathway.identifier,
        "C_110",
    ):
        assert trace not in held


def test_what_an_entry_adds_is_of_a_few_short_kinds():
    everything_that_is_written(a_patient(), a_patient())
    for entry in Entry.objects.all():
        for name, value in json.loads(entry.detail).items():
            assert name in {
                "entry",
                "holds",
                "kind",
                "merge",
                "number",
                "outcome",
                "pathway",
                "rows",
                "superseded",
            }
            assert len(str(value)) <= 64
            assert " " not in str(value)

"""What patients and carers see of their own, against a reading row by row; found by an index."""

from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.service.people import a_pathway, a_patient
from tests.service.referrals.made_up import a_referral

from clockstop.core.types import NhsNumber
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role
from clockstop.service.messaging.models import Message
from clockstop.service.pathways.models import Pathway, Patient
from clockstop.service.pathways.persons import of_number, patient_of_number, records_of
from clockstop.service.referrals.models import Appointment, Referral
from clockstop.service.transfers.models import AidRequest, PatientRequest

pytestmark = pytest.mark.django_db
EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}
WHOLE = ("SCAN", "Seq Scan")  # what a plan says where a store reads a whole table


def carer_of(*patients):
    numbers = tuple(NhsNumber(each.nhs_number) for each in patients)
    return Actor(person=patients[0].pk, name="", role=Role.CARER, people=numbers)


def is_shown(patient, numbers):
    """Of a number, or joined to a record of one; neither marked sensitive."""
    kept = patient.merged_into
    is_hidden = patient.sensitive or (kept is not None and kept.sensitive)
    is_theirs = patient.nhs_number in numbers or (kept is not None and kept.nhs_number in numbers)
    return is_theirs and not is_hidden


def test_each_sees_their_own_records_and_those_joined_to_them():
    kept = [a_patient(sensitive=each) for each in (False, True)]
    for into, sensitive, has_pathway in product((None, *kept), (False, True), (True, False)):
        made = a_patient(merged_into=into, sensitive=sensitive)
        if has_pathway:
            a_pathway(made)
    every = list(Patient.objects.select_related("merged_into"))
    alone = [each for each in every if each.pathways.exists()]
    for theirs in ([each] for each in every):
        actor, numbers = carer_of(*theirs), {each.nhs_number for each in theirs}
        shown = {each.pk for each in every if is_shown(each, numbers)}
        has_something = {each.pk for each in alone} | {
            each.pk for each in every if each.merged_into_id is None
        }
        seen = Pathway.objects.visible_to(actor).values_list("patient", flat=True)
        assert set(seen) == shown & {each.pk for each in alone}
        people = Patient.objects.visible_to(actor)
        assert {each.pk for each in people} == shown & has_something
    both = carer_of(every[0], every[2])
    assert {every[0].pk, every[2].pk} <= {each.pk for each in Patient.objects.visible_to(both)}


def test_a_referral_is_seen_with_its_record():
    kept = a_patient()
    own, joined = a_referral(patient=kept), a_referral(patient=a_patient(merged_into=kept))
    a_referral(patient=a_patient(sensitive=True))
    a_referral()
    assert set(Referral.objects.visible_to(carer_of(kept))) == {own, joined}


def loath_to_read_tables_whole():
    """PostgreSQL reads a short table whole, where it is not told otherwise."""
    if connection.vendor == "postgresql":
        connection.cursor().execute("SET LOCAL enable_seqscan = off")


OWN = (Pathway, Patient, Referral, Appointment, Message, PatientRequest, AidRequest)


@pytest.mark.parametrize("model", OWN)
def test_ones_own_are_found_by_an_index_however_many_there_are(model):
    loath_to_read_tables_whole()
    plan = model.objects.visible_to(carer_of(a_patient())).explain()
    lines = [line for line in plan.splitlines() if "SUBQUERY" not in line]
    whole = (*WHOLE, "(state=?")
    assert not [line for line in lines if any(each in line for each in whole)], plan


def test_all_of_a_person_are_found_by_an_index_however_many_there_are():
    patient = a_patient(merged_into=a_patient())
    number = NhsNumber(patient.nhs_number)
    loath_to_read_tables_whole()
    with CaptureQueriesContext(connection) as asked:
        records_of(patient)
        list(Patient.objects.filter(patient_of_number(number)))
        list(Pathway.objects.filter(of_number(number)))
    for query in asked.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"{EXPLAIN[connection.vendor]} {query['sql']}")
            plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
        assert not [each for each in WHOLE if each in plan], plan

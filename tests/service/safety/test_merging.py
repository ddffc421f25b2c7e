"""Records of one person are joined and parted again; near matches are only ever looked at."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.forms.models import model_to_dict
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.service import lock_order
from tests.service.people import (
    HOSPITAL,
    OTHER_HOSPITAL,
    a_pathway,
    a_patient,
    an_actor,
    an_event,
    nhs_number,
)
from typer.testing import CliRunner

from clockstop.interfaces.cli.app import app
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.audit.verifying import verify
from clockstop.service.pathways.actions import record_death
from clockstop.service.pathways.matching import Details, reasons
from clockstop.service.pathways.merging import (
    CannotMergeError,
    look_for_duplicates,
    merge,
    separate,
    settle,
)
from clockstop.service.pathways.models import Merge, Pathway, PathwayEvent, Patient, Review
from clockstop.service.pathways.reviews import close

pytestmark = pytest.mark.django_db
WHY = "The practice says that it is one person"


def two_records(*places):
    """Two records, each with a pathway, at these hospitals."""
    patients = [a_patient(), a_patient()]
    for patient, place in zip(patients, places or (HOSPITAL, HOSPITAL), strict=True):
        an_event(a_pathway(patient, place), "referral_received", date(2025, 1, 6))
    return patients


def as_patient(patient):
    from uuid import uuid4

    return Actor(person=uuid4(), name=patient.name, role=Role.PATIENT, people=(patient.number,))


def seen_by(patient):
    return {each.patient_id for each in Pathway.objects.visible_to(as_patient(patient))}


def everything():
    """All that is held of patients, apart from the history of joining itself."""
    return [
        [model_to_dict(row) for row in model.objects.order_by("pk")]
        for model in (Patient, Pathway, PathwayEvent, Review)
    ]


def test_after_a_merge_the_patient_sees_both_sets_of_pathways_and_after_parting_their_own():
    kept, other = two_records()
    manager, before = an_actor(), everything()
    merge(actor=manager, kept=kept, superseded=other, reason=WHY)
    assert seen_by(kept) == {kept.pk, other.pk}
    separate(actor=manager, kept=kept, superseded=other, reason="They are two people")
    assert seen_by(kept) == {kept.pk}
    assert seen_by(other) == {other.pk}
    assert everything() == before


def test_joining_and_parting_are_kept_for_ever_and_audited():
    kept, other = two_records()
    for _ in range(2):
        joined = merge(actor=an_actor(), kept=kept, superseded=other, reason=WHY)
        parted = separate(actor=an_actor(), kept=kept, superseded=other, reason="Two people")
        assert parted.undoes == joined
    assert Merge.objects.count() == 4
    told = Entry.objects.filter(subject=str(kept.pk)).values_list("action", flat=True)
    assert list(told) == ["joined two records", "parted two records"] * 2
    assert verify().faults == ()


def test_joining_twice_is_joining_once():
    kept, other = two_records()
    merges = [merge(actor=SYSTEM, kept=kept, superseded=other, reason=WHY) for _ in range(2)]
    assert merges[0] == merges[1]
    assert Merge.objects.count() == 1


class Reversible(TestCase):
    @settings(deadline=None, max_examples=30)
    @given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=6))
    def test_whatever_is_joined_and_parted_again_leaves_everything_as_it_was(self, pairs):
        patients = [a_patient() for _ in range(3)]
        for patient in patients:
            a_pathway(patient)
        before, joined = everything(), []
        for one, other in pairs:
            try:
                merge(actor=SYSTEM, kept=patients[one], superseded=patients[other], reason=WHY)
            except CannotMergeError:
                continue
            if (one, other) not in joined:
                joined.append((one, other))
        for one, other in joined:
            separate(actor=SYSTEM, kept=patients[one], superseded=patients[other], reason=WHY)
        assert everything() == before


def test_a_record_that_is_joined_already_is_joined_to_nothing_else():
    kept, other = two_records()
    third = a_patient()
    merge(actor=SYSTEM, kept=kept, superseded=other, reason=WHY)
    for pair in ((third, other), (other, third), (third, kept), (kept, kept), (other, kept)):
        with pytest.raises(CannotMergeError):
            merge(actor=SYSTEM, kept=pair[0], superseded=pair[1], reason=WHY)
    assert Merge.objects.count() == 1


def test_what_is_not_joined_is_not_parted_and_a_reason_is_needed():
    kept, other = two_records()
    with pytest.raises(CannotMergeError, match="not joined"):
        separate(actor=SYSTEM, kept=kept, superseded=other, reason=WHY)
    with pytest.raises(CannotMergeError, match="why"):
        merge(actor=SYSTEM, kept=kept, superseded=other, reason=" ")
    other.refresh_from_db()
    assert other.merged_into is None


def test_a_death_is_put_right_before_records_are_joined_or_parted():
    kept, other = two_records()
    record_death(actor=SYSTEM, patient=kept, day=date(2025, 3, 3))
    with pytest.raises(CannotMergeError, match="died"):
        merge(actor=SYSTEM, kept=kept, superseded=other, reason=WHY)
    joined = two_records()
    merge(actor=SYSTEM, kept=joined[0], superseded=joined[1], reason=WHY)
    record_death(actor=SYSTEM, patient=joined[0], day=date(2025, 3, 3))
    joined[1].refresh_from_db()
    assert joined[1].died_on == date(2025, 3, 3)
    with pytest.raises(CannotMergeError, match="death"):
        separate(actor=SYSTEM, kept=joined[0], superseded=joined[1], reason=WHY)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PATIENT, Role.CARER}))
def test_only_a_waiting_list_manager_who_sees_both_joins_and_parts(role):
    kept, other = two_records()
    elsewhere = two_records(HOSPITAL, OTHER_HOSPITAL)
    actor = an_actor(role, HOSPITAL)
    with pytest.raises(PermissionDenied):
        merge(actor=actor, kept=elsewhere[0], superseded=elsewhere[1], reason=WHY)
    if role is Role.WAITING_LIST_MANAGER:
        merge(actor=actor, kept=kept, superseded=other, reason=WHY)
        return
    with pytest.raises(PermissionDenied):
        merge(actor=actor, kept=kept, superseded=other, reason=WHY)
    merge(actor=SYSTEM, kept=kept, superseded=other, reason=WHY)
    with pytest.raises(PermissionDenied):
        separate(actor=actor, kept=kept, superseded=other, reason=WHY)


def test_a_sensitive_record_stays_hidden_when_it_is_joined():
    kept, other = two_records()
    Patient.objects.filter(pk=kept.pk).update(sensitive=True)
    merge(actor=SYSTEM, kept=kept, superseded=other, reason=WHY)
    assert seen_by(kept) == seen_by(other) == set()


ADA = Details("9990000018", "Katherine", "O'Brien", date(1960, 5, 17), "ZZ99 3VZ")


@pytest.mark.parametrize(
    ("changed", "how_many"),
    [
        ({"nhs_number": "9990000387"}, 2),  # nothing but the number: same names and place
        ({"nhs_number": "9990000387", "given_name": "Kath", "postcode": ""}, 1),
        ({"nhs_number": "9990000387", "given_name": "Ann", "family_name": "obrien"}, 1),
        ({"nhs_number": "9990000387", "given_name": "Ann", "postcode": "ZZ99 3WZ"}, 0),
        ({"nhs_number": "9990100014", "given_name": "Ann", "family_name": "Smith"}, 1),
        ({"nhs_number": "9990000108", "given_name": "Ann", "family_name": "Smith"}, 1),
        ({"nhs_number": "9990000108", "birth_date": date(1960, 5, 18), "given_name": "Al"}, 1),
        ({"nhs_number": "9990100014", "birth_date": date(1, 1, 1), "family_name": "Smith"}, 0),
        ({"nhs_number": "9990110010", "given_name": "Ann", "family_name": "Smith"}, 0),
        ({"nhs_number": "9990000387", "birth_date": date(1960, 7, 15)}, 0),
    ],
)
def test_records_that_look_alike_say_why(changed, how_many):
    from dataclasses import replace

    other = replace(ADA, **changed)
    assert len(reasons(ADA, other)) == how_many
    assert reasons(other, ADA) == reasons(ADA, other)


@given(st.integers(0, 8), st.integers(1, 9), st.integers(1, 499_999).map(nhs_number).map(str))
def test_a_wrong_digit_anywhere_is_seen_and_so_is_a_swap(at, shift, number):
    from dataclasses import replace

    wrong = number[:at] + str((int(number[at]) + shift) % 10) + number[at + 1 :]
    one = replace(ADA, nhs_number=number, family_name="Smith", given_name="Zoe", postcode="")
    assert reasons(one, replace(ADA, nhs_number=wrong)) == ("NHS numbers that differ in one digit",)
    if at < 8 and number[at] != number[at + 1]:
        swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        assert reasons(one, replace(ADA, nhs_number=swapped)) == (
            "NHS numbers in which two digits changed places",
        )


def a_near_pair(*places):
    born, family = date(1971, 3, 2), "Near"
    pair = [
        a_patient(given_name=given_name, family_name=family, birth_date=born)
        for given_name in ("Catherine", "Cath")
    ]
    for patient, place in zip(pair, places or (HOSPITAL, HOSPITAL), strict=True):
        a_pathway(patient, place)
    return pair


def test_a_near_match_is_never_joined_but_looked_at_on_both_sides():
    one, other = a_near_pair()
    a_patient(birth_date=one.birth_date, nhs_number="9998765434")
    for _ in range(2):
        look_for_duplicates(one, SYSTEM)
    assert {(each.pathway.patient, each.opened_for) for each in Review.objects.all()} == {
        (one, str(other.pk)),
        (other, str(one.pk)),
    }
    assert Review.objects.count() == 2
    assert not Merge.objects.exists()
    assert not Patient.objects.exclude(merged_into=None).exists()


@pytest.mark.parametrize("at", range(9))
def test_every_slip_in_a_number_is_found_among_all_records(at):
    digits = "999123456"
    for changed in (
        digits[:at] + str((int(digits[at]) + 1) % 10) + digits[at + 1 :],
        digits[:at] + digits[at + 1 : at + 2] + digits[at] + digits[at + 2 :],
    ):
        one = a_patient(nhs_number=f"{digits}9", family_name=f"Slip{at}")
        other = a_patient(
            nhs_number=f"{changed}1", family_name=f"slip{at}", birth_date=date(1999, 1, 1)
        )
        a_pathway(one)
        assert bool(look_for_duplicates(one, SYSTEM)) is (changed != digits)
        Review.objects.all().delete()
        Pathway.objects.get().relationships.all().delete()
        Pathway.objects.all().delete()
        for patient in (one, other):
            patient.delete()


def test_two_who_are_one_are_joined_by_the_review_and_both_reviews_close():
    one, other = a_near_pair()
    look_for_duplicates(one, SYSTEM)
    review = Review.objects.get(pathway__patient=one)
    with lock_order.watched() as watch:
        settle(actor=an_actor(), review=review, outcome="keep_other")
    assert watch.late == []
    one.refresh_from_db()
    assert one.merged_into == other
    assert not Review.objects.filter(closed_at=None).exists()
    assert look_for_duplicates(one, SYSTEM) == look_for_duplicates(other, SYSTEM) == ()


def test_two_who_are_two_stay_two_and_are_not_asked_about_again():
    one, other = a_near_pair()
    look_for_duplicates(one, SYSTEM)
    for review in Review.objects.all():
        settle(actor=an_actor(), review=review, outcome="different")
    look_for_duplicates(other, SYSTEM)
    assert not Review.objects.filter(closed_at=None).exists()
    assert not Merge.objects.exists()


def test_who_sees_only_one_of_two_records_joins_nothing_and_the_review_stays_open():
    one, _other = a_near_pair(HOSPITAL, OTHER_HOSPITAL)
    look_for_duplicates(one, SYSTEM)
    review = Review.objects.get(pathway__patient=one)
    with pytest.raises(PermissionDenied):
        settle(actor=an_actor(), review=review, outcome="keep_this")
    review.refresh_from_db()
    assert review.closed_at is None
    assert not Merge.objects.exists()


def test_records_are_no_business_of_clinicians():
    one, _ = a_near_pair()
    (review, _) = look_for_duplicates(one, SYSTEM)
    with pytest.raises(PermissionDenied):
        close(actor=an_actor(Role.PROVIDER_CLINICIAN), review=review, outcome="different")


def test_the_command_asks_about_every_pair_once():
    a_near_pair()
    for words in ("2 reviews opened", "0 reviews opened"):
        done = CliRunner().invoke(app, ["records", "duplicates"])
        assert (done.exit_code, done.stdout.strip()) == (0, words), done.output
    assert not Merge.objects.exists()

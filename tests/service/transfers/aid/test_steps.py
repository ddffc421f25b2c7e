"""A request for help from its making to the clinical check: what each step needs, does, refuses."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.service.people import OTHER_ICB, a_patient, an_actor, an_event
from tests.service.transfers.made_up import (
    OTHER_HOSPITAL,
    a_capacity,
    a_clinician,
    a_draft,
    a_manager,
    a_posting,
    a_test_request,
    accepted,
    an_offer,
    an_open_request,
    days_ago,
    days_ahead,
    ready,
    told,
    waits,
)

from clockstop.core.state_tables import StepRefusedError
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.pathways.models import HospitalRecord, Pathway
from clockstop.service.referrals.actions import StaleError
from clockstop.service.tracking.projection import refresh
from clockstop.service.transfers.actions import aid
from clockstop.service.transfers.models import AidRequest, Capacity, Offer
from clockstop.service.transfers.models.aid import Stage

pytestmark = pytest.mark.django_db


def codes_of(refused):
    return {each.code for each in refused.value.refusals}


def recorded(pathway, **values):
    """The pathway with what the hospital's system says of it."""
    HospitalRecord.objects.update_or_create(
        pathway=pathway,
        defaults={"icb_code": pathway.icb_code, "organisation_code": "RAA", **values},
    )
    refresh(pathway)
    return pathway


def test_a_draft_has_what_the_records_know():
    since = days_ago(300)
    pathway = waits(a_patient(deprivation_decile=3, postcode="LS1 4AP"), since)
    recorded(pathway, procedure="W37.1", asa_grade="2", procedure_priority="P3")
    made = a_draft(pathway)
    assert made.state == "DRAFT"
    assert made.version == 1
    assert (made.waiting_since, made.treatment_function) == (since, "C_110")
    assert (made.procedure, made.asa, made.priority) == ("W371", 2, "P3")
    assert (made.deprivation_decile, made.district) == (3, "LS1")
    assert made.latitude is not None
    assert made.reference.startswith("MA-")
    assert [each.action for each in made.steps.all()] == ["create"]


def test_a_sensitive_record_shows_no_place():
    made = a_draft(waits(a_patient(sensitive=True, postcode="LS1 4AP")))
    assert (made.district, made.latitude, made.longitude) == ("", None, None)


def test_one_live_request_of_a_pathway():
    made = a_draft()
    with pytest.raises(StepRefusedError) as refused:
        a_draft(made.pathway)
    assert codes_of(refused) == {"ASKED_ALREADY"}
    aid.withdraw(actor=a_manager(), request_id=made.pk, reason="error")
    assert a_draft(made.pathway).state == "DRAFT"


def test_submitting_says_all_that_is_missing_at_once():
    made = a_draft()
    with pytest.raises(StepRefusedError) as refused:
        aid.submit(actor=a_manager(), request_id=made.pk)
    assert codes_of(refused) == {
        "CONSENT_IS_REQUIRED",
        "CLINICAL_SUITABILITY_IS_REQUIRED",
        "SOCIAL_SUITABILITY_IS_REQUIRED",
    }
    made.refresh_from_db()
    assert made.state == "DRAFT"


def test_only_a_clinician_signs_that_it_is_safe():
    made = a_draft()
    with pytest.raises(StepRefusedError) as refused:
        aid.sign_clinical(actor=a_manager(), request_id=made.pk)
    assert codes_of(refused) == {"CLINICIAN_IS_REQUIRED"}


def test_a_test_needs_its_protocol():
    made = ready(a_draft(kind="diagnostic", diagnostic_test="MRI"))
    with pytest.raises(StepRefusedError) as refused:
        aid.submit(actor=a_manager(), request_id=made.pk)
    assert codes_of(refused) == {"PROTOCOL_IS_REQUIRED"}
    assert a_test_request().state == "OPEN"


def test_an_overdue_priority_review_blocks():
    pathway = recorded(
        waits(), procedure_priority="P2", priority_reviewed=days_ago(29), site="RAA01"
    )
    made = ready(a_draft(pathway))
    with pytest.raises(StepRefusedError) as refused:
        aid.submit(actor=a_manager(), request_id=made.pk)
    assert codes_of(refused) == {"REVIEW_OVERDUE"}
    recorded(pathway, priority_reviewed=days_ago(28))
    assert aid.submit(actor=a_manager(), request_id=made.pk).state == "OPEN"


def test_what_nobody_waits_for_is_not_asked_for():
    pathway = waits()
    made = ready(a_draft(pathway))
    an_event(pathway, "decision_not_to_treat", days_ago(1))
    with pytest.raises(StepRefusedError) as refused:
        aid.submit(actor=a_manager(), request_id=made.pk)
    assert codes_of(refused) == {"NOT_WAITING"}
    assert aid.close_treated(actor=a_manager(), request_id=made.pk).state == "CLOSED_TREATED"


def test_a_version_that_was_read_before_is_stale():
    made = a_draft()
    aid.change(actor=a_manager(), request_id=made.pk, needs=aid.Needs(bmi=31), version=1)
    with pytest.raises(StaleError):
        aid.change(actor=a_manager(), request_id=made.pk, needs=aid.Needs(bmi=33), version=1)


@pytest.mark.parametrize(
    ("needs", "field"),
    [
        ({"bmi": 9}, "bmi"),
        ({"bmi": 91}, "bmi"),
        ({"asa": 6}, "asa"),
        ({"procedure": "HIP"}, "procedure"),
        ({"diagnostic_test": "XRAY"}, "diagnostic_test"),
        ({"anaesthetic": "laughter"}, "anaesthetic"),
    ],
)
def test_what_nobody_can_mean_is_refused_by_its_field(needs, field):
    with pytest.raises(StepRefusedError) as refused:
        a_draft(**needs)
    assert [each.field for each in refused.value.refusals] == [field]
    assert not AidRequest.objects.exists()


def test_other_providers_see_a_request_once_it_is_open():
    made = a_draft()
    other = a_manager(OTHER_HOSPITAL)
    assert not AidRequest.objects.visible_to(other).exists()
    ready(made)
    aid.submit(actor=a_manager(), request_id=made.pk)
    assert AidRequest.objects.visible_to(other).get() == made
    far = a_manager("RCC", OTHER_ICB)
    assert not AidRequest.objects.visible_to(far).exists()
    aid.widen(actor=a_manager(), request_id=made.pk)
    assert AidRequest.objects.visible_to(far).get() == made


def test_an_offer_holds_a_place():
    capacity = a_capacity()
    made = an_offer(capacity=capacity)
    capacity.refresh_from_db()
    assert (capacity.taken, made.state, made.request.state) == (1, "HELD", "OFFERED")
    assert made.team == capacity.team


def test_what_does_not_fit_is_offered_only_by_somebody_who_says_why():
    request = an_open_request(bmi=38)
    capacity = a_capacity(max_bmi=35)
    with pytest.raises(StepRefusedError) as refused:
        an_offer(request, capacity)
    assert codes_of(refused) == {"WARNING_BMI"}
    made = an_offer(request, capacity, override="Weight lost since")
    assert "Weight lost since" in made.overrides
    assert "BMI 38" in made.overrides


def test_nobody_offers_a_place_of_another_provider():
    with pytest.raises(StepRefusedError) as refused:
        an_offer(capacity=a_capacity(), by=a_clinician("RCC"))
    assert codes_of(refused) == {"NOT_YOURS"}


def test_a_place_is_made_for_one_request_alone_and_ends_with_it():
    request = an_open_request()
    terms = aid.Terms(day=days_ahead(20), team="Mr Sample, hips")
    made = aid.offer(actor=a_clinician(OTHER_HOSPITAL), request_id=request.pk, terms=terms)
    assert (made.capacity.places, made.capacity.for_request) == (1, request)
    aid.withdraw_offer(actor=a_manager(OTHER_HOSPITAL), offer_id=made.pk, reason="staff")
    request.refresh_from_db()
    capacity = Capacity.objects.get()
    assert (request.state, capacity.state, capacity.taken) == ("OPEN", "WITHDRAWN", 0)


def test_cancer_is_offered_by_a_clinician_and_never_to_the_whole_country():
    request = an_open_request(waits(priority="3"))
    assert (request.is_cancer, request.stage) == (True, Stage.CANCER)
    capacity = a_capacity()
    with pytest.raises(StepRefusedError) as refused:
        an_offer(request, capacity, by=a_manager(OTHER_HOSPITAL))
    assert codes_of(refused) == {"ONE_BY_ONE"}
    with pytest.raises(StepRefusedError) as refused:
        aid.widen(actor=a_manager(), request_id=request.pk)
    assert codes_of(refused) == {"CANCER"}
    assert an_offer(request, capacity).state == "HELD"


def test_a_refusal_leaves_the_request_to_the_others():
    request = an_open_request()
    other = a_manager(OTHER_HOSPITAL)
    with pytest.raises(StepRefusedError) as refused:
        aid.refuse(actor=other, request_id=request.pk, reason="42")
    assert codes_of(refused) == {"UNKNOWN_REASON"}
    with pytest.raises(StepRefusedError) as refused:
        aid.refuse(actor=other, request_id=request.pk, reason="99")
    assert codes_of(refused) == {"COMMENT_IS_REQUIRED"}
    assert aid.refuse(actor=other, request_id=request.pk, reason="22").state == "OPEN"
    an_offer(request)
    third = a_manager("RCC")
    assert aid.refuse(actor=third, request_id=request.pk, reason="31").state == "OFFERED"


def test_choosing_takes_one_and_frees_the_others():
    request = an_open_request()
    first, second = a_capacity(), a_capacity("RCC")
    taken, let_go = an_offer(request, first), an_offer(request, second)
    aid.send_to_patient(actor=a_manager(), request_id=request.pk)
    aid.choose(actor=a_manager(), request_id=request.pk, offer_id=taken.pk)
    for row in (request, first, second, taken, let_go):
        row.refresh_from_db()
    assert (request.state, request.receiver_code) == ("ACCEPTED", OTHER_HOSPITAL)
    assert (first.taken, second.taken) == (1, 0)
    assert (taken.state, let_go.state) == ("TAKEN", "RELEASED")
    assert Pathway.objects.visible_to(a_manager(OTHER_HOSPITAL)).get() == request.pathway
    assert not Pathway.objects.visible_to(a_manager("RCC")).exists()


def test_telling_the_patient_lets_the_hold_last_while_they_decide():
    made = an_offer()
    before = made.held_until
    aid.send_to_patient(actor=a_manager(), request_id=made.request_id)
    made.refresh_from_db()
    assert made.held_until > before


def test_a_patient_has_one_acceptance_at_a_time():
    patient = a_patient()
    accepted(an_open_request(waits(patient)))
    second = told(an_open_request(waits(patient)))
    with pytest.raises(StepRefusedError) as refused:
        aid.choose(actor=a_manager(), request_id=second.request_id, offer_id=second.pk)
    assert codes_of(refused) == {"ACCEPTED_ALREADY"}


def test_criteria_are_asked_again_with_what_is_known_now():
    request = an_open_request(asa=2)
    made = told(request, a_capacity(max_asa=2))
    recorded(request.pathway, asa_grade="3")
    with pytest.raises(StepRefusedError) as refused:
        aid.choose(actor=a_manager(), request_id=request.pk, offer_id=made.pk)
    assert codes_of(refused) == {"CRITERIA_ASA"}
    request.refresh_from_db()
    assert (request.state, request.asa) == ("WITH_PATIENT", 2)


def test_declining_frees_the_place_and_goes_on_or_stays():
    made = told()
    request = made.request
    with pytest.raises(StepRefusedError) as refused:
        aid.decline_all(actor=a_manager(), request_id=request.pk, reason="22")
    assert codes_of(refused) == {"UNKNOWN_REASON"}
    assert aid.decline_all(actor=a_manager(), request_id=request.pk, reason="42").state == "OPEN"
    again = told(request)
    closed = aid.decline_all(actor=a_manager(), request_id=request.pk, reason="26", close=True)
    assert (closed.state, closed.declines) == ("CLOSED_PATIENT_DECLINED", 2)
    again.capacity.refresh_from_db()
    assert again.capacity.taken == 0


def test_a_failed_check_gives_the_place_back_and_hides_the_patient_again():
    made = accepted()
    receiver = a_clinician(OTHER_HOSPITAL)
    with pytest.raises(StepRefusedError) as refused:
        aid.fail_check(actor=receiver, request_id=made.request_id, reason="")
    assert codes_of(refused) == {"REASON_IS_REQUIRED"}
    aid.fail_check(actor=receiver, request_id=made.request_id, reason="23")
    made.refresh_from_db()
    made.capacity.refresh_from_db()
    assert (made.request.state, made.state, made.capacity.taken) == ("OPEN", "RELEASED", 0)
    assert made.request.receiver_code == ""
    assert not Pathway.objects.visible_to(receiver).exists()
    # And once more on the same day.
    assert accepted(made.request).request.state == "ACCEPTED"
    assert Pathway.objects.visible_to(receiver).exists()


def test_only_the_provider_whom_the_patient_accepted_checks():
    made = accepted()
    stranger = a_clinician("RCC")
    with pytest.raises(AidRequest.DoesNotExist):
        aid.fail_check(actor=stranger, request_id=made.request_id, reason="23")


def test_withdrawing_frees_all_and_hides_the_patient():
    made = accepted()
    aid.withdraw(actor=a_manager(), request_id=made.request_id, reason="dated")
    made.refresh_from_db()
    made.capacity.refresh_from_db()
    assert (made.request.state, made.capacity.taken) == ("CLOSED_WITHDRAWN", 0)
    assert not Pathway.objects.visible_to(a_manager(OTHER_HOSPITAL)).exists()


def test_a_death_ends_all_and_frees_holds():
    made = accepted()
    held = told(an_open_request(waits(made.request.patient)), a_capacity("RCC"))
    an_event(made.request.pathway, "death", days_ago(1))
    for row in (made, held):
        row.refresh_from_db()
        row.capacity.refresh_from_db()
        assert (row.request.state, row.state) == ("CLOSED_DIED", "RELEASED")
        assert row.capacity.taken == 0


def test_time_ends_holds_requests_and_capacity():
    held, alone = an_offer(), an_open_request()
    Offer.objects.update(held_until=days_ago(1))
    assert aid.tick()["holds ran out"] == 1
    held.refresh_from_db()
    assert (held.state, held.request.state) == ("EXPIRED", "OPEN")
    AidRequest.objects.update(expires_on=days_ago(1))
    Capacity.objects.update(expires_on=days_ago(1))
    done = aid.tick()
    assert (done["requests ran out"], done["capacities ran out"]) == (2, 1)
    assert set(aid.tick().values()) == {0}
    alone.refresh_from_db()
    assert alone.state == "EXPIRED"
    assert aid.reopen(actor=a_manager(), request_id=alone.pk).state == "OPEN"
    AidRequest.objects.update(expires_on=days_ago(1))
    aid.tick()
    with pytest.raises(StepRefusedError) as refused:
        aid.reopen(actor=a_manager(), request_id=alone.pk)
    assert codes_of(refused) == {"REOPENED_BEFORE"}


def test_what_is_treated_meanwhile_is_closed_overnight():
    made = an_offer()
    an_event(made.request.pathway, "decision_not_to_treat", days_ago(1))
    assert aid.tick()["no longer waiting"] == 1
    made.refresh_from_db()
    assert (made.request.state, made.state) == ("CLOSED_TREATED", "RELEASED")


def test_withdrawn_capacity_takes_back_what_is_held_and_leaves_what_is_taken():
    capacity = a_capacity()
    taken = accepted(capacity=capacity)
    held = told(capacity=capacity)
    aid.withdraw_capacity(actor=a_manager(OTHER_HOSPITAL), capacity_id=capacity.pk, reason="staff")
    with pytest.raises(StepRefusedError) as refused:
        aid.choose(actor=a_manager(), request_id=held.request_id, offer_id=held.pk)
    assert "NO_LIVE_OFFER" in codes_of(refused)
    assert aid.tick()["holds taken back"] == 1
    for row in (taken, held, capacity):
        row.refresh_from_db()
    assert (taken.state, held.state, capacity.taken) == ("TAKEN", "WITHDRAWN", 1)
    assert held.request.state == "OPEN"


def test_capacity_never_has_fewer_places_than_are_given():
    capacity = a_capacity()
    an_offer(capacity=capacity)
    an_offer(capacity=capacity)
    with pytest.raises(StepRefusedError) as refused:
        an_offer(capacity=capacity)
    assert codes_of(refused) == {"FULL"}
    by = a_manager(OTHER_HOSPITAL)
    with pytest.raises(StepRefusedError) as refused:
        aid.amend(actor=by, capacity_id=capacity.pk, posting=a_posting(places=1))
    assert codes_of(refused) == {"BELOW_TAKEN"}
    changed = aid.amend(actor=by, capacity_id=capacity.pk, posting=a_posting(places=3))
    assert (changed.places, changed.version) == (3, 2)
    assert Capacity.objects.get().taken == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"places": 0}, "places"),
        ({"team": " "}, "team"),
        ({"price_basis": "free"}, "price_basis"),
        ({"first_date": days_ahead(5), "last_date": days_ahead(4)}, "last_date"),
        ({"expires_on": days_ago(1)}, "expires_on"),
        ({"min_age": 60, "max_age": 50}, "max_age"),
        ({"treatment_function": "C_999"}, "treatment_function"),
        ({"treatment_function": ""}, "treatment_function"),
        ({"kind": "diagnostic"}, "diagnostic_tests"),
        ({"site": "ZZZ99"}, "site"),
    ],
)
def test_capacity_that_cannot_be_is_refused_by_its_field(values, field):
    with pytest.raises(StepRefusedError) as refused:
        a_capacity(**values)
    assert field in {each.field for each in refused.value.refusals}
    assert not Capacity.objects.exists()


def test_only_providers_post_capacity():
    hub = an_actor(Role.ICB_HUB, "QAA")
    with pytest.raises(StepRefusedError) as refused:
        aid.post(actor=hub, posting=a_posting())
    assert codes_of(refused) == {"NOT_YOURS"}


def test_nothing_of_it_is_entered_on_the_pathway():
    made = told()
    before = list(made.request.pathway.events.values_list("number", "values"))
    aid.decline_all(actor=a_manager(), request_id=made.request_id, reason="26", close=True)
    assert list(made.request.pathway.events.values_list("number", "values")) == before


def test_a_direct_access_test_waits_by_its_own_date():
    patient = waits().patient
    since = timezone.localdate() - timedelta(days=20)
    needs = aid.Needs(diagnostic_test="MRI", protocol="Knee", result_within=5)
    made = aid.create_direct(
        actor=a_manager(), patient_id=patient.pk, waiting_since=since, needs=needs
    )
    assert (made.pathway, made.kind, made.waiting_since) == (None, "diagnostic", since)
    ready(made)
    assert aid.submit(actor=a_manager(), request_id=made.pk).state == "OPEN"


def test_every_step_is_in_the_audit():
    made = accepted()
    told_of = Entry.objects.filter(subject=str(made.request_id)).count()
    assert told_of == made.request.steps.count() == made.request.version

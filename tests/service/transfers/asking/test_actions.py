"""The steps of a patient's request: each row of its table, its guards, and what they leave alone."""

import pytest
from django.utils import timezone
from tests.service.directory.made_up import a_service
from tests.service.people import HOSPITAL, OTHER_HOSPITAL, an_actor, an_event
from tests.service.tracking.listed import ago, ahead
from tests.service.transfers.asking.asked import LEGAL, a_long_wait, an_asked_request
from tests.service.transfers.made_up import a_capacity, a_clinician, a_manager, an_offer, waits

from clockstop.core.state_tables import StepRefusedError
from clockstop.core.types import NhsNumber
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.verifying import verify
from clockstop.service.pathways.models import HospitalRecord, Pathway
from clockstop.service.referrals.actions import StaleError
from clockstop.service.tracking.models import ListEntry
from clockstop.service.transfers import states
from clockstop.service.transfers.actions import aid
from clockstop.service.transfers.actions.asking import (
    asking,
    closing,
    deciding,
    reviewing,
    searching,
    ticking,
)
from clockstop.service.transfers.actions.asking.asking import Wishes
from clockstop.service.transfers.actions.asking.shared import way_of
from clockstop.service.transfers.models import AidRequest, Offer, PatientRequest
from clockstop.service.transfers.states import Aid, Asked

pytestmark = pytest.mark.django_db
FAR = Wishes(distance=50)
ANYWHERE = Wishes(distance=None, anywhere=True)


def the_patient(request) -> Actor:
    patient = request.patient
    number = NhsNumber(patient.nhs_number)
    return Actor(person=patient.pk, name=patient.name, role=Role.PATIENT, people=(number,))


def by_patient(request):
    return way_of(the_patient(request))


def by_clinician(request):
    return way_of(a_clinician(request.organisation_code, request.icb_code), minutes=6)


def by_hub(request):
    return way_of(an_actor(Role.ICB_HUB, "", request.icb_code))


def an_invited(profile="LIVE-2023", **values):
    """One of a patient whose clock really runs."""
    return an_asked_request(Asked.INVITED, waits(), profile, **values)


def asked(profile="LIVE-2023", wishes=FAR):
    request = an_invited(profile)
    return asking.ask(way=by_patient(request), request_id=request.pk, wishes=wishes)


def suitable(profile="LIVE-2023", wishes=FAR):
    request = asked(profile, wishes)
    return reviewing.find_suitable(way=by_clinician(request), request_id=request.pk, social=True)


def searched(wishes=FAR):
    request = suitable(wishes=wishes)
    return searching.search(way=by_hub(request), request_id=request.pk)


def the_aid(request) -> AidRequest:
    return AidRequest.objects.filter(patient_request=request).latest("created_at")


def told_of_offer(request):
    """An offer to the request for help that a patient's request has led to."""
    offer = an_offer(the_aid(request), a_capacity(), override="Agreed with the patient")
    aid.send_to_patient(
        actor=a_manager(request.organisation_code, request.icb_code), request_id=offer.request_id
    )
    request.refresh_from_db()
    return offer


def codes(refused):
    return {each.code for each in refused.value.refusals}


def test_a_patient_asks_and_the_hospital_has_five_working_days():
    request = asked(wishes=Wishes(distance=100, needs=("wheelchair",), needs_words=" lift "))
    assert (request.state, request.channel, request.distance) == (Asked.REQUESTED, "online", 100)
    assert (request.needs, request.needs_words) == (("wheelchair",), "lift")
    assert request.due > request.escalate_on > timezone.localdate()
    assert the_steps(request) == ["ask"]


def the_steps(request):
    return [each.action for each in request.steps.all()]


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        (Wishes(distance=None), {"DISTANCE_IS_REQUIRED"}),
        (Wishes(distance=51), {"DISTANCE_IS_REQUIRED"}),
        (Wishes(distance=50, needs=("moon",), needs_words="x" * 301), {"UNKNOWN_NEED", "TOO_LONG"}),
        (Wishes(distance=50, channel="phone"), {"CHANNEL_IS_REQUIRED"}),
    ],
)
def test_what_stands_against_asking_is_said_at_once(wishes, expected):
    request = an_invited()
    with pytest.raises(StepRefusedError) as refused:
        asking.ask(way=by_patient(request), request_id=request.pk, wishes=wishes)
    assert codes(refused) == expected
    request.refresh_from_db()
    assert request.state == Asked.INVITED


def test_staff_ask_for_a_patient_on_the_phone_and_say_so():
    request = an_invited()
    way = way_of(a_manager())
    with pytest.raises(StepRefusedError, match="called or wrote"):
        asking.ask(way=way, request_id=request.pk, wishes=FAR)
    told = Wishes(distance=50, channel="phone")
    assert asking.ask(way=way, request_id=request.pk, wishes=told).channel == "phone"


def test_nobody_else_finds_the_request():
    request = an_invited()
    for way in (way_of(a_manager(OTHER_HOSPITAL)), by_patient(an_invited())):
        with pytest.raises(PatientRequest.DoesNotExist):
            asking.ask(way=way, request_id=request.pk, wishes=FAR)


def test_what_was_read_before_it_changed_is_stale():
    request = an_invited()
    with pytest.raises(StaleError):
        asking.stay(way=by_patient(request), request_id=request.pk, version=request.version + 1)


def test_review_needs_a_clinician_the_social_signature_and_a_priority_reviewed_in_time():
    request = asked()
    ListEntry.objects.filter(pathway=request.pathway).update(procedure_priority="P3")
    with pytest.raises(StepRefusedError) as refused:
        reviewing.find_suitable(way=way_of(a_manager()), request_id=request.pk, social=False)
    assert codes(refused) == {
        "CLINICIAN_IS_REQUIRED",
        "SOCIAL_SUITABILITY_IS_REQUIRED",
        "REVIEW_OVERDUE",
    }


def test_a_manager_records_the_review_for_a_clinician_with_the_minutes_it_took():
    request, clinician = asked(), a_clinician()
    way = way_of(a_manager(), acting_for=clinician.person, minutes=9)
    done = reviewing.find_suitable(way=way, request_id=request.pk, social=True)
    step = done.steps.last()
    assert (done.state, step.minutes, step.acting_for) == (
        Asked.SUITABLE,
        9,
        str(clinician.person),
    )
    assert reviewing.signed_by(done) == (str(clinician.person), step.by)


def test_an_unsuitable_patient_is_told_why_and_keeps_the_place():
    request = asked()
    way = by_clinician(request)
    with pytest.raises(StepRefusedError, match="few words"):
        reviewing.find_unsuitable(way=way, request_id=request.pk, reason="other")
    done = reviewing.find_unsuitable(way=way, request_id=request.pk, reason="team")
    assert (done.state, done.due) == (Asked.NOT_SUITABLE, None)
    told = done.patient.outbox.get()
    assert told.template == "sooner_not_suitable"


def test_nobody_on_a_cancer_list_asks_or_is_searched_for():
    request = asked()
    ListEntry.objects.filter(pathway=request.pathway).update(on_cancer_list=True)
    with pytest.raises(StepRefusedError, match="clinician to clinician"):
        reviewing.find_suitable(way=by_clinician(request), request_id=request.pk, social=True)


def test_the_search_opens_a_request_for_help_in_the_icb():
    request = searched()
    held = the_aid(request)
    assert (request.state, held.state, held.national) == (Asked.ICB_SEARCH, Aid.OPEN, False)
    assert (held.distance, held.waiting_since) == (50, request.clock_start)
    assert held.suitable_clinically_by


def test_review_and_search_share_one_limit_from_the_review_on():
    request = suitable()
    due = request.due
    assert searching.search(way=by_hub(request), request_id=request.pk).due == due


def test_only_who_would_go_anywhere_is_asked_of_the_whole_country():
    near = searched()
    with pytest.raises(StepRefusedError) as refused:
        searching.go_national(way=by_hub(near), request_id=near.pk)
    assert codes(refused) == {"NOT_ANYWHERE"}
    far = searched(ANYWHERE)
    done = searching.go_national(way=by_hub(far), request_id=far.pk)
    assert (done.state, the_aid(far).national) == (Asked.DMAS_NATIONAL, True)


def test_widening_the_request_for_help_takes_the_patients_with_it():
    request = searched(ANYWHERE)
    aid.widen(actor=a_manager(), request_id=the_aid(request).pk)
    request.refresh_from_db()
    assert request.state == Asked.DMAS_NATIONAL


def test_an_accepted_offer_begins_the_transfer():
    request = searched()
    offer = told_of_offer(request)
    assert request.state == Asked.OFFER_TO_PATIENT
    assert request.patient.outbox.filter(template="sooner_offer").exists()
    done = deciding.accept(way=by_patient(request), request_id=request.pk, offer_id=offer.pk)
    assert (done.state, the_aid(request).state) == (Asked.TRANSFER, Aid.ACCEPTED)


def test_after_one_decline_the_search_goes_on_and_after_two_the_patient_stays():
    request = searched()
    told_of_offer(request)
    once = deciding.decline(way=by_patient(request), request_id=request.pk, reason="42")
    assert (once.state, once.declines, the_aid(request).state) == (Asked.ICB_SEARCH, 1, Aid.OPEN)
    told_of_offer(request)
    twice = deciding.decline(way=by_patient(request), request_id=request.pk, reason="32")
    assert (twice.state, twice.declines) == (Asked.OPTED_TO_STAY, 2)
    assert the_aid(request).state == Aid.CLOSED_PATIENT_DECLINED
    assert verify().faults == ()


def test_a_second_decline_on_the_senders_page_ends_the_search_too():
    request = searched()
    for _ in range(2):
        told_of_offer(request)
        aid.decline_all(actor=a_manager(), request_id=the_aid(request).pk, reason="42")
    request.refresh_from_db()
    assert (request.state, the_aid(request).state) == (Asked.OPTED_TO_STAY, Aid.CLOSED_WITHDRAWN)


def test_who_wants_to_stay_may_say_so_the_first_time():
    request = searched()
    told_of_offer(request)
    done = deciding.decline(way=by_patient(request), request_id=request.pk, reason="26", stays=True)
    assert (done.state, the_aid(request).state) == (
        Asked.OPTED_TO_STAY,
        Aid.CLOSED_PATIENT_DECLINED,
    )


def test_an_offer_that_is_lost_is_no_decline_of_the_patients():
    request = searched()
    offer = told_of_offer(request)
    aid.withdraw_offer(actor=a_manager(OTHER_HOSPITAL), offer_id=offer.pk, reason="staff")
    request.refresh_from_db()
    assert (request.state, request.declines) == (Asked.ICB_SEARCH, 0)


def test_what_the_receiver_cannot_treat_is_searched_for_again():
    request = searched()
    offer = told_of_offer(request)
    deciding.accept(way=by_patient(request), request_id=request.pk, offer_id=offer.pk)
    aid.fail_check(actor=a_clinician(OTHER_HOSPITAL), request_id=the_aid(request).pk, reason="23")
    request.refresh_from_db()
    assert (request.state, request.declines) == (Asked.ICB_SEARCH, 0)


def test_a_patient_who_withdraws_frees_what_was_held():
    request = searched()
    offer = told_of_offer(request)
    done = asking.withdraw(way=by_patient(request), request_id=request.pk, reason="stay")
    offer.refresh_from_db()
    offer.capacity.refresh_from_db()
    assert (done.state, the_aid(request).state) == (
        Asked.CLOSED_WITHDRAWN,
        Aid.CLOSED_WITHDRAWN,
    )
    assert (offer.state, offer.capacity.taken) == ("RELEASED", 0)


def test_a_request_for_help_that_is_withdrawn_ends_the_patients():
    request = searched()
    aid.withdraw(actor=a_manager(), request_id=the_aid(request).pk, reason="clinical")
    request.refresh_from_db()
    assert request.state == Asked.CLOSED_WITHDRAWN


def test_nothing_found_ends_both_and_tells_the_patient():
    request = searched()
    done = searching.find_none(way=by_hub(request), request_id=request.pk, reason="capacity")
    assert (done.state, the_aid(request).state) == (Asked.NO_ALTERNATIVE, Aid.CLOSED_WITHDRAWN)
    assert done.patient.outbox.get().template == "sooner_nothing_found"


# The right of 18 weeks: a branch of its own.


def choosing():
    request = suitable(LEGAL)
    return searching.let_choose(way=by_hub(request), request_id=request.pk)


def picked():
    request = choosing()
    a_service(OTHER_HOSPITAL, treatment_function=request.treatment_function)
    return searching.pick(way=by_patient(request), request_id=request.pk, provider=OTHER_HOSPITAL)


def test_the_patient_picks_among_all_providers_that_suit():
    request = picked()
    assert (request.state, the_aid(request).asked_provider) == (
        Asked.PROVIDER_ASKED,
        OTHER_HOSPITAL,
    )


def test_a_provider_that_does_not_suit_cannot_be_picked():
    request = choosing()
    for provider in (OTHER_HOSPITAL, HOSPITAL, ""):
        with pytest.raises(StepRefusedError, match="from the list"):
            searching.pick(way=by_patient(request), request_id=request.pk, provider=provider)


def test_nobody_searches_for_who_chooses_and_nobody_else_chooses():
    legal, other = suitable(LEGAL), suitable()
    with pytest.raises(StepRefusedError, match="nobody searches"):
        searching.search(way=by_hub(legal), request_id=legal.pk)
    with pytest.raises(StepRefusedError, match="Only who uses"):
        searching.let_choose(way=by_hub(other), request_id=other.pk)


def test_a_chosen_provider_that_cannot_leaves_the_choice_open():
    request = picked()
    aid.refuse(actor=a_manager(OTHER_HOSPITAL), request_id=the_aid(request).pk, reason="22")
    request.refresh_from_db()
    assert (request.state, request.declines) == (Asked.CHOOSING, 0)
    assert the_aid(request).state == Aid.CLOSED_WITHDRAWN
    again = searching.pick(way=by_patient(request), request_id=request.pk, provider=OTHER_HOSPITAL)
    assert again.state == Asked.PROVIDER_ASKED


def test_declining_in_the_right_of_18_weeks_never_counts():
    request = picked()
    for _ in range(3):
        told_of_offer(request)
        request = deciding.decline(way=by_patient(request), request_id=request.pk, reason="32")
        assert (request.state, request.declines) == (Asked.CHOOSING, 0)
        request = searching.pick(
            way=by_patient(request), request_id=request.pk, provider=OTHER_HOSPITAL
        )
    assert request.state == Asked.PROVIDER_ASKED


# From outside.


def test_treatment_and_a_date_end_what_was_only_offered():
    dated, over = an_invited(), an_invited()
    ListEntry.objects.filter(pathway=dated.pathway).update(next_appointment=ahead(56))
    ListEntry.objects.filter(pathway=over.pathway).update(state="monitoring")
    assert ticking.tick()["requests that ended"] == 2
    dated.refresh_from_db()
    over.refresh_from_db()
    assert (dated.state, over.state) == (Asked.CLOSED_DATED, Asked.CLOSED_TREATED)


def test_an_entry_on_the_pathway_ends_an_invitation_at_once():
    request = an_invited()
    record = HospitalRecord(pathway=request.pathway, icb_code=request.icb_code)
    record.organisation_code, record.next_appointment = HOSPITAL, ahead(20)
    record.save()
    an_event(request.pathway, "decision_to_admit", ago(1))
    request.refresh_from_db()
    assert request.state == Asked.CLOSED_DATED


def test_a_request_that_a_patient_made_is_not_ended_by_a_date_unless_staff_say_so():
    request = asked()
    ListEntry.objects.filter(pathway=request.pathway).update(next_appointment=ahead(57))
    way = way_of(a_manager())
    with pytest.raises(StepRefusedError, match="56 days"):
        closing.close_dated(way=way, request_id=request.pk)
    ListEntry.objects.filter(pathway=request.pathway).update(next_appointment=ahead(56))
    ticking.tick()
    request.refresh_from_db()
    assert request.state == Asked.REQUESTED
    assert closing.close_dated(way=way, request_id=request.pk).state == Asked.CLOSED_DATED


@pytest.mark.parametrize("make", [an_invited, asked, searched, picked])
def test_a_death_ends_every_request(make):
    request = make()
    an_event(request.pathway, "death", timezone.localdate())
    request.refresh_from_db()
    assert request.state == Asked.CLOSED_DIED
    for held in AidRequest.objects.filter(patient_request=request):
        assert held.state == Aid.CLOSED_DIED


def test_what_runs_late_is_escalated_once_and_moves_on_by_itself_where_it_harms_nobody():
    near, far = searched(), searched(ANYWHERE)
    PatientRequest.objects.update(due=ago(1), escalate_on=ago(2))
    done = ticking.tick()
    assert (done["asked the whole country"], done["escalated"]) == (1, 1)
    near.refresh_from_db()
    far.refresh_from_db()
    assert (near.state, far.state) == (Asked.ICB_SEARCH, Asked.DMAS_NATIONAL)
    assert near.escalated_at
    assert ticking.tick()["escalated"] == 0
    PatientRequest.objects.filter(pk=far.pk).update(due=ago(1))
    ticking.tick()
    far.refresh_from_db()
    assert far.state == Asked.NO_ALTERNATIVE


def late_with_a_place():
    """A search of the whole country whose last day passes while a place is held."""
    request = searched(ANYWHERE)
    searching.go_national(way=by_hub(request), request_id=request.pk)
    offer = an_offer(the_aid(request), a_capacity())
    PatientRequest.objects.filter(pk=request.pk).update(due=ago(1))
    return request, offer


def test_a_search_does_not_end_while_a_place_is_held():
    request, offer = late_with_a_place()
    assert ticking.tick()["nothing found"] == 0
    with pytest.raises(StepRefusedError) as refused:
        searching.find_none(way=by_hub(request), request_id=request.pk, reason="time")
    assert codes(refused) == {"PLACE_IS_HELD"}
    request.refresh_from_db()
    offer.refresh_from_db()
    assert (request.state, offer.state) == (Asked.DMAS_NATIONAL, "HELD")
    assert not request.patient.outbox.exists()


def test_a_late_search_ends_in_the_night_in_which_the_last_hold_runs_out():
    request, offer = late_with_a_place()
    Offer.objects.filter(pk=offer.pk).update(held_until=ago(1))
    aid.tick()
    assert ticking.tick()["nothing found"] == 1
    request.refresh_from_db()
    assert request.state == Asked.NO_ALTERNATIVE


def test_a_late_search_goes_on_within_a_new_limit_after_the_first_decline():
    request, _ = late_with_a_place()
    aid.send_to_patient(actor=a_manager(), request_id=the_aid(request).pk)
    done = deciding.decline(way=by_patient(request), request_id=request.pk, reason="42")
    assert ticking.tick()["nothing found"] == 0
    done.refresh_from_db()
    assert (done.state, done.due > timezone.localdate()) == (Asked.ICB_SEARCH, True)


def test_who_was_found_suitable_is_searched_for_by_the_next_night():
    request, legal = suitable(), suitable(LEGAL)
    assert ticking.tick()["searches begun"] == 2
    request.refresh_from_db()
    legal.refresh_from_db()
    assert (request.state, legal.state) == (Asked.ICB_SEARCH, Asked.CHOOSING)


def test_a_patient_begins_a_request_of_their_own_by_the_right_of_18_weeks():
    pathway = waits()
    actor = the_patient(pathway)
    request = asking.begin(actor=actor, pathway_id=pathway.pk, profile=LEGAL)
    assert (request.state, request.profile) == (Asked.ELIGIBLE, LEGAL)
    assert asking.begin(actor=actor, pathway_id=pathway.pk, profile=LEGAL) == request
    assert PatientRequest.objects.count() == 1


def test_who_is_not_eligible_is_told_every_reason():
    pathway = waits(since=ago(100), priority="3")
    with pytest.raises(StepRefusedError) as refused:
        asking.begin(actor=the_patient(pathway), pathway_id=pathway.pk, profile=LEGAL)
    assert codes(refused) == {"TOO_SHORT", "CANCER"}


def test_a_pathway_of_somebody_else_begins_nothing():
    with pytest.raises(Pathway.DoesNotExist):
        asking.begin(actor=the_patient(waits()), pathway_id=a_long_wait().pk, profile="LIVE-2023")


@pytest.mark.parametrize("state", list(Asked), ids=str)
def test_every_step_that_the_table_does_not_list_is_refused_with_its_reason(state):
    request = an_asked_request(state, waits())
    may = {each.action for each in states.patient_requests().actions_from(state, ["patient"])}
    way = by_patient(request)
    steps = {
        "ask": lambda: asking.ask(way=way, request_id=request.pk, wishes=FAR),
        "stay": lambda: asking.stay(way=way, request_id=request.pk),
        "withdraw": lambda: asking.withdraw(way=way, request_id=request.pk, reason="stay"),
    }
    for action, step in steps.items():
        if action not in may:
            with pytest.raises(StepRefusedError, match="is not possible while it is"):
                step()
    request.refresh_from_db()
    assert request.state == state

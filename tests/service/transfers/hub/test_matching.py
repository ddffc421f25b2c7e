"""Matching: what is proposed and why, nothing applied; taking and leaving; the same for the same."""

import json
from datetime import timedelta

import pytest
from tests.service.people import HOSPITAL, ICB, OTHER_HOSPITAL, OTHER_ICB, a_patient, an_actor
from tests.service.transfers.made_up import (
    a_capacity,
    a_clinician,
    a_manager,
    a_posting,
    a_test_request,
    accepted,
    an_offer,
    an_open_request,
    days_ago,
    days_ahead,
    told,
    waits,
)

from clockstop.core.state_tables import StepRefusedError
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.tracking.models import ListEntry
from clockstop.service.transfers.actions import aid, matching
from clockstop.service.transfers.matching.reading import owed_to_own
from clockstop.service.transfers.models import AidRequest, Capacity, Match, Offer

pytestmark = pytest.mark.django_db


def a_hub(icb_code=ICB):
    return an_actor(Role.ICB_HUB, "", icb_code)


def of(run, request):
    return Match.objects.get(run=run, request=request)


def test_the_longest_wait_gets_the_only_place_and_nothing_is_offered():
    later = an_open_request(waits(since=days_ago(200)))
    first = an_open_request(waits(since=days_ago(400)))
    capacity = a_capacity(places=1)
    run = matching.run(ICB, SYSTEM)
    assert (run.requests, run.capacities, run.matched) == (2, 1, 1)
    assert of(run, first).capacity == capacity
    assert "Has waited 57 weeks, over 52" in json.loads(of(run, first).why)["for"]
    assert (of(run, later).capacity, of(run, later).binding) == (None, "taken")
    assert not Offer.objects.exists()
    assert set(AidRequest.objects.values_list("state", flat=True)) == {"OPEN"}


def test_places_that_wait_for_a_batch_went_to_nobody():
    request = an_open_request()
    a_capacity(minimum_batch=2)
    run = matching.run(ICB, SYSTEM)
    match = of(run, request)
    assert (match.binding, match.capacity) == ("batch", None)
    words = "A place is free, but too few come from the same sender"
    assert json.loads(match.why)["against"] == [words]
    assert json.loads(run.told)["binding"] == {"batch": 1}


def test_what_does_not_match_names_the_reason_that_binds():
    heavy = an_open_request(bmi=45)
    a_capacity(max_bmi=40)
    run = matching.run(ICB, SYSTEM)
    match = of(run, heavy)
    assert match.binding == "bmi"
    assert json.loads(match.why)["against"] == ["BMI 45 is over the ceiling of 40"]
    assert json.loads(run.told)["binding"] == {"bmi": 1}


def test_without_capacity_nobody_has_room():
    request = an_open_request()
    assert of(matching.run(ICB, SYSTEM), request).binding == "nobody"


def test_cancer_never_enters_a_run():
    an_open_request(waits(priority="3"))
    beside = an_open_request()
    ListEntry.objects.filter(pathway=beside.pathway_id).update(on_cancer_list=True)
    a_capacity()
    run = matching.run(ICB, SYSTEM)
    assert run.requests == 0
    assert not Match.objects.exists()
    assert json.loads(run.told)["cancer"] == 2


def test_an_overdue_priority_review_blocks_as_the_list_has_it_today():
    request = an_open_request()
    rows = ListEntry.objects.filter(pathway=request.pathway_id)
    rows.update(procedure_priority="P2", priority_reviewed=days_ago(100))
    a_capacity()
    assert of(matching.run(ICB, SYSTEM), request).binding == "review_overdue"
    rows.update(priority_reviewed=days_ago(1))
    assert of(matching.run(ICB, SYSTEM), request).capacity_id


def test_a_receiver_whose_own_patients_wait_too_long_gets_nobody():
    request = an_open_request()
    a_capacity()
    waits(since=days_ago(500), organisation_code=OTHER_HOSPITAL)
    assert of(matching.run(ICB, SYSTEM), request).binding == "own_waits"


def test_what_receivers_owe_their_own_is_counted_row_by_row():
    for since, code in ((300, "P2"), (5, "P2"), (400, ""), (30, "P4")):
        pathway = waits(since=days_ago(since), organisation_code=OTHER_HOSPITAL)
        ListEntry.objects.filter(pathway=pathway).update(procedure_priority=code)
    found = owed_to_own([(OTHER_HOSPITAL, "C_110"), (HOSPITAL, "C_110")], days_ago(0))
    assert found == {(OTHER_HOSPITAL, "C_110"): (1, 400 / 7)}


def test_the_same_gives_the_same_and_what_nobody_decided_makes_way():
    for since in (200, 300, 400):
        an_open_request(waits(since=days_ago(since)))
    a_capacity(places=2)
    first = matching.run(ICB, SYSTEM)
    before = set(Match.objects.values_list("request", "capacity"))
    again = matching.run(ICB, SYSTEM)
    assert first.digest == again.digest
    assert set(Match.objects.values_list("request", "capacity")) == before
    an_open_request()
    assert matching.run(ICB, SYSTEM).digest != again.digest


def test_the_hub_takes_a_match_once_and_the_place_is_held():
    request = an_open_request()
    capacity = a_capacity()
    match = of(matching.run_for(a_hub()), request)
    made = matching.take(actor=a_hub(), match_id=match.pk, day=days_ahead(20))
    capacity.refresh_from_db()
    request.refresh_from_db()
    match.refresh_from_db()
    assert (made.state, capacity.taken, request.state, match.decision) == (
        *("HELD", 1, "OFFERED"),
        "taken",
    )
    with pytest.raises(StepRefusedError, match="decided on this already"):
        matching.take(actor=a_hub(), match_id=match.pk, day=days_ahead(20))


def test_a_place_that_is_gone_meanwhile_is_refused_and_nothing_is_decided():
    request = an_open_request()
    capacity = a_capacity(places=1)
    match = of(matching.run_for(a_hub()), request)
    an_offer(an_open_request(), capacity)
    with pytest.raises(StepRefusedError, match="place"):
        matching.take(actor=a_hub(), match_id=match.pk, day=days_ahead(20))
    match.refresh_from_db()
    assert match.decision == ""


def test_the_hub_leaves_a_match_with_a_reason():
    request = an_open_request()
    a_capacity()
    match = of(matching.run_for(a_hub()), request)
    with pytest.raises(StepRefusedError, match="Choose a reason"):
        matching.leave(actor=a_hub(), match_id=match.pk, reason="")
    matching.leave(actor=a_hub(), match_id=match.pk, reason="patient")
    match.refresh_from_db()
    assert match.decision == "left"
    assert not Offer.objects.exists()
    again = of(matching.run_for(a_hub()), request)
    assert again.binding == "wishes"
    left = f"The hub left {OTHER_HOSPITAL} on {days_ago(0):%-d %B %Y}"
    assert json.loads(again.why)["against"] == [f"{left}: the patient would not want it"]


def test_a_provider_that_refused_is_not_proposed_again():
    request = an_open_request()
    a_capacity()
    refuser = an_actor(Role.PROVIDER_CLINICIAN, OTHER_HOSPITAL)
    aid.refuse(actor=refuser, request_id=request.pk, reason="22")
    assert of(matching.run(ICB, SYSTEM), request).binding == "wishes"


def test_a_provider_whose_check_failed_is_not_proposed_again():
    made = accepted()
    receiver = a_clinician(made.organisation_code)
    aid.fail_check(actor=receiver, request_id=made.request_id, reason="23")
    match = of(matching.run(ICB, SYSTEM), made.request)
    assert match.binding == "wishes"
    words = json.loads(match.why)["against"][0]
    day = f"{days_ago(0):%-d %B %Y}"
    failed = f"The clinical check of {OTHER_HOSPITAL} failed on {day}"
    assert words == f"{failed}: not clinically appropriate here"


def test_a_place_that_the_patient_declined_is_not_proposed_again_and_another_is():
    made, beside = told(), an_open_request()
    aid.decline_all(actor=a_manager(), request_id=made.request_id, reason="26")
    run = matching.run(ICB, SYSTEM)
    assert of(run, made.request).binding == "wishes"
    assert of(run, beside).capacity == made.capacity
    other = a_capacity("RCC")
    assert of(matching.run(ICB, SYSTEM), made.request).capacity == other


def test_whose_dates_do_not_suit_is_proposed_again_with_other_dates():
    made = told()
    aid.decline_all(actor=a_manager(), request_id=made.request_id, reason="32")
    match = of(matching.run(ICB, SYSTEM), made.request)
    assert match.binding == "dates"
    assert json.loads(match.why)["against"] == ["The patient said that these dates do not suit"]
    window = {
        "first_date": made.day + timedelta(days=1),
        "last_date": made.day + timedelta(days=40),
    }
    other = a_capacity(made.organisation_code, **window)
    assert of(matching.run(ICB, SYSTEM), made.request).capacity == other
    Capacity.objects.filter(pk=other.pk).update(state="WITHDRAWN")
    aid.amend(
        actor=a_manager(made.organisation_code),
        capacity_id=made.capacity_id,
        posting=a_posting(**window),
    )
    assert of(matching.run(ICB, SYSTEM), made.request).capacity == made.capacity


def test_who_said_no_last_and_why_is_said_to_the_hub_alone_with_what_was_added():
    made = told()
    aid.refuse(actor=a_clinician("RCC"), request_id=an_open_request().pk, reason="22")
    why = {"reason": "99", "comment": "Only with Miss Example"}
    aid.decline_all(actor=a_manager(), request_id=made.request_id, **why)
    day = f"{days_ago(0):%-d %B %Y}"
    declined = f"The patient declined {OTHER_HOSPITAL} on {day}: another reason"
    match = of(matching.run(ICB, SYSTEM), made.request)
    assert json.loads(match.why)["against"] == [f"{declined} (Only with Miss Example)"]
    offered = by_hand(made.request, made.capacity, "They rang again")
    assert json.loads(offered.overrides)["warnings"]["wishes"] == declined


def test_whoever_declined_a_place_as_too_far_is_proposed_nothing_as_far():
    request = an_open_request()
    made = told(request)
    home = {"latitude": 51.5, "longitude": 0.0}
    Offer.objects.filter(pk=made.pk).update(miles=20)
    AidRequest.objects.filter(pk=request.pk).update(**home, distance=100)
    aid.decline_all(actor=a_manager(), request_id=request.pk, reason="42")
    Capacity.objects.filter(pk=made.capacity_id).update(state="WITHDRAWN")
    other = a_capacity("RCC")
    for latitude, binding in ((51.9, "distance"), (51.6, "")):
        Capacity.objects.filter(pk=other.pk).update(latitude=latitude, longitude=0.0)
        assert of(matching.run(ICB, SYSTEM), request).binding == binding


def test_an_offer_that_was_let_go_for_another_reason_excludes_nobody():
    made = told()
    Offer.objects.filter(pk=made.pk).update(state="RELEASED", reason="another")
    AidRequest.objects.filter(pk=made.request_id).update(state="OPEN")
    assert of(matching.run(ICB, SYSTEM), made.request).capacity == made.capacity


def by_hand(request, capacity, override=""):
    return aid.offer(
        actor=a_hub(),
        request_id=request.pk,
        capacity_id=capacity.pk,
        terms=aid.Terms(day=days_ahead(30), override=override),
    )


def test_the_hub_is_warned_of_a_receiver_whose_own_patients_wait_too_long():
    request, capacity = an_open_request(), a_capacity()
    waits(since=days_ago(500), organisation_code=OTHER_HOSPITAL)
    with pytest.raises(StepRefusedError, match="own patients have waited") as refused:
        by_hand(request, capacity)
    assert [each.field for each in refused.value.refusals] == ["override"]
    made = by_hand(request, capacity, "Agreed with its director")
    assert "own_waits" in json.loads(made.overrides)["warnings"]


def test_the_hub_is_warned_of_a_provider_that_refused_which_may_change_its_mind():
    request, capacity = an_open_request(), a_capacity()
    refuser = a_clinician(OTHER_HOSPITAL)
    aid.refuse(actor=refuser, request_id=request.pk, reason="22")
    words = f"{OTHER_HOSPITAL} refused on {days_ago(0):%-d %B %Y}: no capacity"
    with pytest.raises(StepRefusedError, match=words):
        by_hand(request, capacity)
    made = by_hand(request, capacity, "It rang")
    assert json.loads(made.overrides)["warnings"]["wishes"] == words
    other = an_open_request()
    aid.refuse(actor=refuser, request_id=other.pk, reason="22")
    assert an_offer(other, capacity).overrides == ""


@pytest.mark.parametrize(
    ("days", "put_off", "has_right"), [(126, "", False), (127, "", True), (127, "P5", False)]
)
def test_over_18_weeks_the_legal_right_speaks_for_a_place(days, put_off, has_right):
    request = an_open_request(waits(since=days_ago(days)))
    rows = ListEntry.objects.filter(pathway=request.pathway_id)
    rows.update(procedure_priority=put_off, priority_reviewed=days_ago(0))
    a_capacity()
    why = json.loads(of(matching.run(ICB, SYSTEM), request).why)
    words = "Waits over 18 weeks: by law a right to ask to be treated sooner elsewhere"
    assert (words in why["for"]) is has_right


def test_the_right_to_be_treated_speaks_for_no_test():
    request = a_test_request(pathway=waits(since=days_ago(300)))
    a_capacity(kind="diagnostic", diagnostic_tests=("MRI",), result_within=7)
    why = json.loads(of(matching.run(ICB, SYSTEM), request).why)
    assert not [words for words in why["for"] if "18 weeks" in words]


def test_only_the_hub_of_the_icb_decides():
    request = an_open_request()
    a_capacity()
    match = of(matching.run_for(a_hub()), request)
    for actor in (a_hub(OTHER_ICB), an_actor(Role.PROVIDER_CLINICIAN, HOSPITAL)):
        with pytest.raises(Match.DoesNotExist):
            matching.take(actor=actor, match_id=match.pk, day=days_ahead(20))
    with pytest.raises(StepRefusedError):
        matching.run_for(an_actor(Role.PROVIDER_CLINICIAN, HOSPITAL))


def test_every_icb_with_open_requests_is_matched_at_night():
    an_open_request()
    an_open_request(waits(a_patient(OTHER_ICB), organisation_code=OTHER_HOSPITAL))
    assert matching.icbs() == sorted({ICB, OTHER_ICB})

"""The hub's pages: the board by deadline, one request with its reasons, proposals, the pool."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.service.people import ICB, OTHER_HOSPITAL, OTHER_ICB, a_member, a_patient, signed_in
from tests.service.transfers.asking.asked import an_asked_request
from tests.service.transfers.made_up import (
    a_capacity,
    a_clinician,
    a_manager,
    an_offer,
    an_open_request,
    days_ago,
    days_ahead,
    waits,
)

from clockstop.service.accounts.roles import Role
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.tracking.models import ListEntry
from clockstop.service.transfers.actions import aid, matching
from clockstop.service.transfers.actions.asking import reviewing
from clockstop.service.transfers.actions.asking.shared import way_of
from clockstop.service.transfers.hub import lists
from clockstop.service.transfers.models import AidRequest, Match, MatchRun, Offer, PatientRequest
from clockstop.service.transfers.states import Asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub(client):
    return signed_in(client, a_member(Role.ICB_HUB, "", ICB))


def page(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def send(client, name, *args, **form):
    return client.post(reverse(name, args=args), form)


def days(name, day):
    return {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}


def changed(request, **values):
    AidRequest.objects.filter(pk=request.pk).update(**values)
    return request


def test_the_board_is_in_order_of_deadline_then_priority_then_wait_and_names_nobody(hub):
    plain = an_open_request(waits(since=days_ago(200)))
    longest = an_open_request(waits(since=days_ago(500)))
    urgent = changed(an_open_request(waits(since=days_ago(100))), priority="P2")
    late = changed(an_open_request(waits(since=days_ago(90))), due=days_ago(1))
    text = page(hub, "aid_hub")
    order = [text.index(each.reference) for each in (late, urgent, longest, plain)]
    assert order == sorted(order)
    assert "To find a place (4, 1 late)" in text
    assert "1 request for help is late" in text
    for each in (plain, late):
        for trace in (each.patient.family_name, each.patient.nhs_number, each.pathway.identifier):
            assert trace not in text


def test_the_board_is_cut_by_what_was_chosen(hub):
    near = changed(an_open_request(), distance=50, priority="P3")
    late = changed(an_open_request(), due=days_ago(2), treatment_function="C_130")
    for query, there, away in (
        ({"late": "yes"}, late, near),
        ({"priority": "3"}, near, late),
        ({"distance": "50"}, near, late),
        ({"distance": "any"}, late, near),
        ({"specialty": "C_130"}, late, near),
    ):
        text = page(hub, "aid_hub", **query)
        assert there.reference in text, query
        assert away.reference not in text, query


def test_counts_are_those_of_the_rows():
    for state, due in (("OPEN", 1), ("OPEN", -1), ("OFFERED", -3), ("ACCEPTED", 2)):
        changed(an_open_request(), state=state, due=days_ahead(due))
    changed(an_open_request(), is_cancer=True)
    actor = a_member(Role.ICB_HUB, "", ICB).as_actor()
    found = lists.counts(actor, days_ago(0))
    for tab in lists.TABS:
        rows = list(lists.board(actor, tab, lists.Filter(), days_ago(0)))
        late = [each for each in rows if each.due < days_ago(0)]
        assert found[tab] == (len(rows), len(late)), tab


def test_the_board_asks_as_much_however_long_it_is(hub, django_assert_num_queries):
    for _ in range(3):
        an_open_request()
    page(hub, "aid_hub")
    with CaptureQueriesContext(connection) as few:
        page(hub, "aid_hub")
    for _ in range(5):
        an_open_request()
    with django_assert_num_queries(len(few)):
        page(hub, "aid_hub")


def test_cancer_stands_on_a_list_of_its_own_with_its_date(hub):
    request = changed(an_open_request(waits(since=days_ago(30))), is_cancer=True, stage="cancer")
    a_capacity()
    assert request.reference not in page(hub, "aid_hub")
    by = days_ago(30) + timedelta(days=62)
    assert f"{by:%-d %B %Y}" in page(hub, "hub_cancer")
    text = page(hub, "hub_request", request.pk)
    assert "in no order" in text
    assert "Offer this place" not in text


def test_a_request_shows_who_fits_and_why_the_others_do_not(hub):
    request = an_open_request(bmi=38)
    fits, fails = a_capacity(team="Miss Fits"), a_capacity(team="Mr Fails", max_bmi=35)
    text = page(hub, "hub_request", request.pk)
    assert text.index(fits.team) < text.index(fails.team)
    assert "Against: BMI 38 is over the ceiling of 35" in text
    assert request.patient.family_name.upper() in text.upper()


def test_the_hub_offers_a_place_and_sends_it_to_the_patient(hub):
    request, capacity = an_open_request(), a_capacity()
    asked = f"{reverse('hub_act', args=(request.pk, 'offer'))}?capacity={capacity.pk}"
    assert capacity.team in hub.get(asked).content.decode()
    form = {"version": request.version, "capacity": str(capacity.pk), "minutes": "7"}
    wrong = send(hub, "hub_act", request.pk, "offer", **form)
    assert wrong.status_code == 400
    assert not Offer.objects.exists()
    done = send(hub, "hub_act", request.pk, "offer", **form, **days("day", days_ahead(9)))
    assert done.status_code == 302, done.content.decode()
    request.refresh_from_db()
    assert (request.state, request.steps.last().minutes) == ("OFFERED", 7)
    stale = send(hub, "hub_act", request.pk, "send", version=request.version - 1)
    assert stale.status_code == 409
    assert send(hub, "hub_act", request.pk, "send", version=request.version).status_code == 302
    request.refresh_from_db()
    assert request.state == "WITH_PATIENT"


def test_an_overdue_review_is_said_and_nothing_can_be_offered(hub):
    request, capacity = an_open_request(), a_capacity()
    rows = ListEntry.objects.filter(pathway=request.pathway_id)
    rows.update(procedure_priority="P2", priority_reviewed=days_ago(100))
    assert "Priority review overdue" in page(hub, "aid_hub")
    assert "nothing can be offered" in page(hub, "hub_request", request.pk)
    form = {"version": request.version, "capacity": str(capacity.pk), **days("day", days_ahead(9))}
    assert send(hub, "hub_act", request.pk, "offer", **form).status_code == 400
    matching.run(ICB, SYSTEM)
    assert "1 cannot be matched" in page(hub, "aid_hub")


def test_proposals_are_made_taken_and_left_by_hand(hub):
    first, second = an_open_request(waits(since=days_ago(400))), an_open_request()
    a_capacity(places=2)
    blocked = an_open_request(bmi=70)
    AidRequest.objects.filter(pk=blocked.pk).update(treatment_function="C_130")
    assert send(hub, "hub_run").status_code == 302
    text = page(hub, "hub_matches")
    assert text.index(first.reference) < text.index(second.reference)
    assert "Nobody has posted capacity for this: 1" in page(hub, "hub_matches", show="not")
    take, leave = (Match.objects.get(request=each).pk for each in (first, second))
    page(hub, "hub_decide", take)
    assert send(hub, "hub_decide", take, then="take").status_code == 400
    undecided = send(hub, "hub_decide", take)
    assert undecided.status_code == 400
    assert "Choose whether to offer the place or leave it" in undecided.content.decode()
    answer = send(hub, "hub_decide", take, then="take", **days("day", days_ahead(12)))
    assert answer.status_code == 302, answer.content.decode()
    why = {"then": "leave", "reason": "other", "comment": "On holiday until May"}
    assert send(hub, "hub_decide", leave, **why | {"comment": ""}).status_code == 400
    assert send(hub, "hub_decide", leave, **why).status_code == 302
    assert "Another reason: On holiday until May" in page(hub, "hub_matches")
    assert Offer.objects.get().request == first


def test_a_warning_that_arose_since_is_seen_and_the_place_taken_with_a_reason(hub):
    request, capacity = an_open_request(), a_capacity()
    matching.run(ICB, SYSTEM)
    match = Match.objects.get(request=request).pk
    assert "What has come up since" not in page(hub, "hub_decide", match)
    waits(since=days_ago(500), organisation_code=OTHER_HOSPITAL)
    warning = "The receiver&#39;s own patients have waited up to 71.4 weeks"
    assert warning in page(hub, "hub_decide", match)
    form = {"then": "take", **days("day", days_ahead(12))}
    refused = send(hub, "hub_decide", match, **form)
    assert refused.status_code == 400
    assert 'href="#override"' in refused.content.decode()
    taken = send(hub, "hub_decide", match, **form, override="Agreed with its director")
    assert taken.status_code == 302, taken.content.decode()
    made = json.loads(Offer.objects.get(capacity=capacity).overrides)
    assert (made["why"], *made["warnings"]) == ("Agreed with its director", "own_waits")


def test_what_bars_a_proposed_place_is_seen_and_no_reason_lifts_it(hub):
    request, capacity = an_open_request(), a_capacity(places=1)
    matching.run(ICB, SYSTEM)
    match = Match.objects.get(request=request).pk
    an_offer(an_open_request(), capacity)
    text = page(hub, "hub_decide", match)
    assert "This place can no longer be offered" in text
    assert "No place is left" in text
    form = {"then": "take", "override": "We must", **days("day", days_ahead(12))}
    assert send(hub, "hub_decide", match, **form).status_code == 400
    assert not Offer.objects.filter(request=request).exists()


def test_the_pool_shows_other_icbs_requests_without_names(hub):
    request = an_open_request(waits(a_patient(OTHER_ICB), organisation_code=OTHER_HOSPITAL))
    assert request.reference not in page(hub, "hub_pool")
    sender = a_manager(OTHER_HOSPITAL, request.icb_code)
    aid.widen(actor=sender, request_id=request.pk)
    for text in (page(hub, "hub_pool"), page(hub, "hub_request", request.pk)):
        assert request.reference in text
        assert request.patient.family_name not in text
    assert hub.get(reverse("hub_act", args=(request.pk, "widen"))).status_code == 404


def test_a_patients_request_is_searched_for_and_may_find_nothing(hub):
    asked = an_asked_request(Asked.REQUESTED)
    way = way_of(a_clinician())
    asked = reviewing.find_suitable(way=way, request_id=asked.pk, social=True)
    text = page(hub, "hub_asked")
    assert asked.reference in text
    assert asked.patient.family_name not in text
    page(hub, "hub_asked_one", asked.pk)
    assert send(hub, "hub_asked_one", asked.pk, act="search", version=0).status_code == 409
    form = {"act": "search", "version": asked.version, "minutes": "4"}
    answer = send(hub, "hub_asked_one", asked.pk, **form)
    assert answer.status_code == 302, answer.content.decode()
    assert asked.steps.last().minutes == 4
    opened = AidRequest.objects.get(patient_request=asked)
    assert opened.due == PatientRequest.objects.get().due
    assert send(hub, "hub_act", opened.pk, "none", version=opened.version).status_code == 400
    told = send(hub, "hub_act", opened.pk, "none", version=opened.version, reason="capacity")
    assert told.status_code == 302
    opened.refresh_from_db()
    asked.refresh_from_db()
    assert (asked.state, opened.state) == ("NO_ALTERNATIVE", "CLOSED_WITHDRAWN")


def test_while_a_place_is_held_a_search_can_neither_end_nor_go_further_and_the_pages_say_why(hub):
    asked = an_asked_request(Asked.ICB_SEARCH, waits(), anywhere=True)
    opened = changed(an_open_request(asked.pathway), patient_request=asked)
    pages = ("hub_asked_one", asked.pk), ("hub_request", opened.pk)
    for name, key in pages:
        assert "Nothing was found" in page(hub, name, key)
    an_offer(opened, a_capacity())
    for name, key in pages:
        text = page(hub, name, key)
        assert "A place is held for the patient: until it is taken, refused or taken back" in text
        for act in ("Nothing was found", "Ask the whole country"):
            assert act not in text
    assert hub.get(reverse("hub_act", args=(opened.pk, "none"))).status_code == 404


def test_providers_have_no_hub(client):
    request = an_offer().request
    other = signed_in(client, a_member(Role.PROVIDER_CLINICIAN, OTHER_HOSPITAL, ICB))
    assert other.get(reverse("hub_request", args=(request.pk,))).status_code == 403


def test_a_run_says_whether_it_is_proven_best(hub):
    an_open_request()
    a_capacity(minimum_batch=2)
    run = matching.run(ICB, SYSTEM)
    text = page(hub, "hub_matches", show="not")
    assert "No better answer exists by these rules." in text
    assert "A place is free, but too few come from the same sender: 1" in text
    told = json.loads(run.told)
    for is_proven, words in ((False, "not proven to be the best"), (None, "Matched on")):
        told["is_proven"] = is_proven
        kept = {name: value for name, value in told.items() if value is not None}
        MatchRun.objects.filter(pk=run.pk).update(told=json.dumps(kept))
        text = page(hub, "hub_matches")
        assert words in text
        assert "No better answer" not in text

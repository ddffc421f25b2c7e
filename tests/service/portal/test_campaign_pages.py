"""An ICB's campaigns: who is in one, who may begin it, what came of it, and what is never shown."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.service import lock_order
from tests.service.messaging.made_up import Memory, reached
from tests.service.people import (
    HOSPITAL,
    ICB,
    OTHER_ICB,
    a_member,
    a_pathway,
    a_patient,
    an_actor,
    an_event,
    signed_in,
)
from tests.service.portal.made_up import referred
from tests.service.portal.test_campaigns import booked_by_its_patient
from tests.service.referrals.made_up import a_referral, a_service
from tests.service.tracking.listed import ago, an_entry
from tests.service.transfers.asking.asked import an_asked_request

from clockstop.core.disclosure import threshold_on
from clockstop.service.accounts.roles import STAFF, Role
from clockstop.service.audit.models import Entry
from clockstop.service.audit.verifying import verify
from clockstop.service.directory.choices import Priority
from clockstop.service.directory.criteria import Criteria
from clockstop.service.messaging import outbox
from clockstop.service.messaging.models import Contact, Message, State
from clockstop.service.portal.campaigns import results, running
from clockstop.service.portal.campaigns.cohorts import Wanted, cohort, reach
from clockstop.service.portal.campaigns.models import Campaign, Prompt, Right, Stage
from clockstop.service.portal.campaigns.prompting import Prompted, remind_to_choose
from clockstop.service.referrals.models import ChoiceEvent, Referral
from clockstop.service.transfers.states import Asked

pytestmark = pytest.mark.django_db
SEES = {Role.COMMISSIONER, Role.ANALYST, Role.ICB_HUB}
FORM = {"name": "Autumn", "right": Right.FIRST.value, "weeks": ""}


def threshold():
    return threshold_on(timezone.localdate())


def a_commissioner(icb_code=ICB):
    return an_actor(Role.COMMISSIONER, icb_code, icb_code)


def browser(role=Role.COMMISSIONER, icb_code=ICB):
    return signed_in(Client(), a_member(role, icb_code or "X24", icb_code))


def begun(right=Right.FIRST, name="Autumn", **values):
    wanted = Wanted(icb_code=ICB, right=right, **values)
    return running.begin(actor=a_commissioner(), wanted=wanted, name=name)


def ways(right=Right.FIRST, **values):
    """The ways that the cohort is reached, and is not, without those of nobody."""
    found = reach(cohort(Wanted(icb_code=ICB, right=right, **values)))
    return {way: number for way, number in found.items() if number}


def later(**by):
    return time_machine.travel(timezone.now() + timedelta(**by), tick=False)


def figures(campaign):
    """What the page says of each line, by its first words."""
    campaign.refresh_from_db()
    tables = results.results(campaign, timezone.localdate())
    return {words.split(":")[0]: number for table in tables for words, number in table.lines}


@pytest.fixture
def all_shown(monkeypatch):
    """Every count as it is, to be checked: the small-number rule has tests of its own."""
    monkeypatch.setattr(results, "threshold_on", lambda _: 1)


@pytest.mark.parametrize("role", sorted(STAFF))
def test_who_sees_campaigns_and_who_begins_and_stops_them(role):
    referred()
    campaign = begun()
    client = browser(role)
    at = {"campaign_id": campaign.pk}
    may_see = 200 if role in SEES else 403
    assert client.get(reverse("campaigns")).status_code == may_see
    assert client.get(reverse("campaign", kwargs=at)).status_code == may_see
    begins = role is Role.COMMISSIONER
    assert client.get(reverse("new_campaign")).status_code == (200 if begins else 403)
    assert client.post(reverse("new_campaign"), FORM).status_code == (200 if begins else 403)
    stopped = client.post(reverse("stop_campaign", kwargs=at))
    assert stopped.status_code == (302 if begins else 403)
    campaign.refresh_from_db()
    assert (campaign.stage == Stage.STOPPED) == begins


@pytest.mark.parametrize("icb_code", [OTHER_ICB, ""])
def test_no_other_icb_sees_or_stops_it(icb_code):
    referred()
    campaign = begun()
    client, at = browser(icb_code=icb_code), {"campaign_id": campaign.pk}
    assert client.get(reverse("campaign", kwargs=at)).status_code == 404
    assert client.post(reverse("stop_campaign", kwargs=at)).status_code == 404
    assert campaign.name not in client.get(reverse("campaigns")).content.decode()
    campaign.refresh_from_db()
    assert campaign.stage == Stage.RUNNING


def test_the_writers_ask_for_themselves():
    referred()
    wanted = Wanted(icb_code=ICB, right=Right.FIRST)
    for actor in (an_actor(Role.ANALYST, ICB), a_commissioner(OTHER_ICB)):
        with pytest.raises(PermissionDenied):
            running.begin(actor=actor, wanted=wanted, name="x")
    campaign = begun()
    with pytest.raises(PermissionDenied):
        running.stop(actor=an_actor(Role.ICB_HUB, ICB), campaign_id=campaign.pk)
    with pytest.raises(Campaign.DoesNotExist):
        running.stop(actor=a_commissioner(OTHER_ICB), campaign_id=campaign.pk)


@pytest.mark.parametrize(
    ("patient", "contact", "way"),
    [
        ({}, None, "letter"),
        ({}, {}, "sms"),
        ({}, {"uses_app": True}, "app"),
        ({}, {"mobile": "", "email": "a@example.org"}, "email"),
        ({}, {"no_messages": True, "uses_app": True}, "opted_out"),
        ({}, {"large_print": True}, "form"),
        ({}, {"easy_read": True, "uses_app": True}, "form"),
        ({"sensitive": True}, {}, "unreachable"),
        ({"address": ""}, None, "unreachable"),
        ({"address": ""}, {}, "sms"),
        ({"birth_date": ago(365 * 10)}, {}, None),
    ],
)
def test_how_somebody_in_the_cohort_is_reached(patient, contact, way):
    somebody = a_patient(**patient)
    if contact is not None:
        reached(somebody, **contact)
    referred(patient=somebody)
    assert ways() == ({way: 1} if way else {})


def test_a_death_is_heeded_before_and_after_a_campaign_begins():
    _, referral, _ = referred(patient=reached())
    patient = referral.patient
    campaign = begun()
    type(patient).objects.filter(pk=patient.pk).update(died_on=timezone.localdate())
    assert ways() == {"unreachable": 1}
    assert running.go_on() == 0
    assert Prompt.objects.get(campaign=campaign).left_out
    assert Message.objects.count() == 0


def test_the_right_is_that_of_the_dated_rules():
    cancer = Criteria(treatment_function="C_110", priority=Priority.TWO_WEEK_WAIT)
    a_referral(a_service(two_week_wait=True), criteria=cancer)
    _, referral, _ = referred()
    assert ways() == {"letter": 1}
    ChoiceEvent.objects.filter(referral=referral).update(excluded_because="maternity")
    assert ways() == {}
    ChoiceEvent.objects.filter(referral=referral).update(excluded_because="not a case any more")
    assert ways() == {"letter": 1}


def test_a_cohort_is_cut_by_provider_specialty_and_weeks():
    _, referral, _ = referred()
    Referral.objects.filter(pk=referral.pk).update(created_at=timezone.now() - timedelta(weeks=3))
    for values, number in (
        ({"organisation_code": HOSPITAL}, 1),
        ({"organisation_code": "RZZ"}, 0),
        ({"treatment_function": "C_110"}, 1),
        ({"treatment_function": "C_130"}, 0),
        ({"weeks": 3}, 1),
        ({"weeks": 4}, 0),
    ):
        assert sum(ways(**values).values()) == number, values


@pytest.mark.parametrize(
    ("entry", "is_in"),
    [
        ({"clock_start": ago(127)}, True),
        ({"clock_start": ago(126)}, False),
        ({"clock_start": ago(400), "procedure_priority": "P5"}, False),
        ({"clock_start": ago(400), "on_cancer_list": True}, False),
        ({"clock_start": ago(400), "state": "monitoring"}, False),
        ({"clock_start": ago(400), "in_returns": False}, False),
    ],
)
def test_the_right_of_18_weeks_is_that_by_which_patients_ask(entry, is_in):
    an_entry(patient=reached(), **entry)
    assert ways(Right.SOONER) == ({"sms": 1} if is_in else {})


def test_who_has_asked_already_is_not_told_of_that_right():
    entry = an_entry(patient=reached(), clock_start=ago(200))
    an_asked_request(Asked.REQUESTED, pathway=entry.pathway)
    assert ways(Right.SOONER) == {}


def test_a_person_is_told_once_of_that_right_however_many_waits_they_have():
    patient = reached()
    for days in (200, 300):
        an_entry(patient=patient, clock_start=ago(days))
    assert ways(Right.SOONER) == {"sms": 1}
    campaign = begun(Right.SOONER)
    assert ways(Right.SOONER) == {"told_before": 1}
    longest = Prompt.objects.get(campaign=campaign).pathway
    assert longest.list_entry.clock_start == ago(300)


def test_nobody_is_told_twice_of_a_referral_by_campaigns_or_commands():
    referred(patient=reached())
    begun()
    assert ways() == {"told_before": 1}
    running.go_on()
    assert ways() == {"told_before": 1}
    assert remind_to_choose(0) == Prompted(1, 1)
    assert Message.objects.count() == 1
    with pytest.raises(running.CampaignRefusedError):
        begun()


def test_a_last_look_says_how_many_and_the_words_and_writes_nothing():
    for _ in range(threshold() + 1):
        referred(patient=reached())
    referred()
    page = browser().post(reverse("new_campaign"), FORM).content.decode()
    assert "Check before you begin" in page
    assert f">{threshold() + 2}<" in page  # all whom it reaches
    assert f">{threshold() + 1}<" not in page  # beside the one by letter
    assert "You can choose where you are seen" in page
    assert "Some places are quicker than others.<br>" in page  # in easy read
    assert Campaign.objects.count() == Message.objects.count() == 0
    kept = browser().post(reverse("new_campaign"), FORM | {"act": "change"}).content.decode()
    assert 'value="Autumn"' in kept


def test_a_campaign_is_begun_in_the_browser_sent_by_the_outbox_and_audited():
    names = [referred(patient=reached())[1].patient.family_name for _ in range(threshold())]
    client = browser()
    made = client.post(reverse("new_campaign"), FORM | {"act": "begin"}, follow=True)
    page = made.content.decode()
    assert "The campaign has begun" in page
    assert "Sent out" in page  # all are handed to the outbox
    assert "by Commissioner of QAA" in page
    assert "By text</th>" in page
    assert {each.state for each in Message.objects.all()} == {State.QUEUED}
    outbox.send_due(Memory())
    with later(minutes=1):
        outbox.follow_up(Memory(ends=State.DELIVERED))
    page = client.get(made.request["PATH_INFO"]).content.decode()
    assert "Delivered</th>" in page
    assert f">{threshold()}<" in page
    assert not [name for name in names if name in page]
    assert Entry.objects.filter(action="began a campaign").count() == 1
    assert Entry.objects.filter(action="sent out a campaign").count() == 1
    assert verify().faults == ()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "Enter a name for the campaign"),
        ({"name": "x" * 81}, "Use 80 characters or fewer"),
        ({"right": ""}, "Choose which right to tell of"),
        ({"organisation_code": "RZZ"}, "Choose a provider from the list"),
        ({"treatment_function": "C_999"}, "Choose a specialty from the list"),
        ({"weeks": "many"}, "Enter a whole number of weeks"),
        ({"weeks": "-1"}, "Enter 0 weeks or more"),
        ({"weeks": "201"}, "Enter 200 weeks or fewer"),
    ],
)
@pytest.mark.parametrize("act", ["", "begin"])
def test_what_is_typed_wrongly_is_said_and_begins_nothing(typed, words, act):
    answer = browser().post(reverse("new_campaign"), FORM | typed | {"act": act})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert Campaign.objects.count() == 0


def test_a_campaign_for_nobody_cannot_be_begun():
    client = browser()
    assert 'value="begin"' not in client.post(reverse("new_campaign"), FORM).content.decode()
    answer = client.post(reverse("new_campaign"), FORM | {"act": "begin"})
    assert answer.status_code == 400
    assert running.NOBODY in answer.content.decode()


def test_a_run_that_is_cut_off_goes_on_where_it_was():
    for _ in range(3):
        referred(patient=reached())
    campaign = begun()
    assert running.go_on(2) == 2
    campaign.refresh_from_db()
    assert (campaign.stage, running.go_on(), running.go_on()) == (Stage.RUNNING, 1, 0)
    campaign.refresh_from_db()
    assert campaign.stage == Stage.FINISHED
    assert Message.objects.count() == 3


def test_what_waits_is_cancelled_when_a_campaign_is_stopped_and_what_was_sent_stays(all_shown):
    for _ in range(3):
        referred(patient=reached())
    campaign = begun()
    running.go_on(1)
    outbox.send_due(Memory())
    running.go_on(1)
    running.stop(actor=a_commissioner(), campaign_id=campaign.pk)
    assert running.go_on() == 0
    assert not running._told(Prompt.objects.get(message=None).pk)  # in a run that had begun
    assert sorted(Message.objects.values_list("state", flat=True)) == ["cancelled", "sent"]
    assert (figures(campaign)["Sent"], figures(campaign)["Not sent"]) == (1, 2)
    assert ways() == {"told_before": 1, "sms": 2}  # others may be told by another campaign
    entry = Entry.objects.get(action="stopped a campaign")
    assert '"cancelled":1' in entry.detail.replace(" ", "")
    assert verify().faults == ()


def test_no_row_is_waited_for_once_the_audit_is_held():
    for _ in range(2):
        referred(patient=reached())
    with lock_order.watched() as watch:
        campaign = begun()
        running.go_on(1)
        running.stop(actor=a_commissioner(), campaign_id=campaign.pk)
    assert watch.late == []


def test_a_message_that_goes_another_way_counts_by_what_became_of_that(all_shown):
    for _ in range(2):
        referred(patient=reached())
    campaign = begun()
    running.go_on()
    outbox.send_due(Memory(True))  # the first is refused for good
    assert (figures(campaign)["Waiting to be sent"], figures(campaign)["Sent"]) == (1, 1)
    outbox.send_due(Memory())
    with later(minutes=1):
        outbox.follow_up(Memory(ends=State.READ))
    assert figures(campaign)["Read in the NHS App"] == 2
    assert sum(figures(campaign)[each] or 0 for each in ("Sent", "Could not be delivered")) == 0


def test_what_those_who_were_told_did_since_is_counted_and_what_they_did_before_is_not(all_shown):
    before, booked, changed, cancelled, content = (referred(patient=reached()) for _ in range(5))
    campaign = begun()
    running.go_on()
    booked_by_its_patient(*before[:2], before[2][0])
    outbox.send_due(Memory())
    with later(minutes=1):
        for client, referral, slots in (booked, changed, cancelled):
            booked_by_its_patient(client, referral, slots[0])
    with later(minutes=2):
        client, referral, slots = changed
        again = {"service": slots[1].service_id, "slot": slots[1].pk, "version": 2}
        client.post(f"/your-care/{referral.pk}/times/", again | {"reason": "PATIENT_ILL"})
        client, referral, _ = cancelled
        client.post(f"/your-care/{referral.pk}/cancel/", {"reason": "PATIENT_ILL", "version": 2})
        Contact.objects.filter(patient=content[1].patient).update(
            no_messages=True, changed_at=timezone.now()
        )
    found = figures(campaign)
    assert found["Booked an appointment"] == 1
    assert found["Booked, and changed the appointment"] == 1
    assert found["Booked, and cancelled the appointment"] == 1
    assert found["Opted out of texts, emails and messages in the app"] == 1
    assert found["Not sent"] == 1


def test_who_asks_to_be_treated_sooner_since_is_counted(all_shown):
    before, asks, content = (a_pathway(reached()) for _ in range(3))
    for each in (before, asks, content):
        an_event(each, "referral_received", ago(200))
    campaign = begun(Right.SOONER)
    running.go_on()
    an_asked_request(Asked.REQUESTED, pathway=before, asked_at=timezone.now())
    outbox.send_due(Memory())
    assert figures(campaign)["Asked to be treated sooner"] == 0
    with later(minutes=1):
        an_asked_request(Asked.REQUESTED, pathway=asks, asked_at=timezone.now())
    found = figures(campaign)
    assert (found["Asked to be treated sooner"], found["Sent"]) == (1, 3)
    assert content.patient_requests.count() == 0


def test_small_numbers_are_left_out_everywhere():
    for _ in range(2):
        referred(patient=reached())
    campaign = begun()
    running.go_on()
    client = browser()
    pages = (
        client.get(reverse("campaigns")),
        client.get(reverse("campaign", kwargs={"campaign_id": campaign.pk})),
        client.post(reverse("new_campaign"), FORM | {"right": Right.FIRST.value}),
    )
    for page in pages:
        text = page.content.decode()
        assert "too few" in text
        assert ">2<" not in text


@given(st.lists(st.integers(0, 30), min_size=2, max_size=6))
def test_a_total_is_left_out_only_where_it_is_small_itself(counts):
    """So that no two tables with the same total give a small count away together."""
    words = {str(at): str(at) for at in range(len(counts))}
    found = dict(zip(words, counts, strict=True))
    day = timezone.localdate()
    shown = results.parts("x", "x", found, words, day)
    assert (shown.total is None) == (0 < sum(counts) < threshold())
    left_out = [number for _, number in shown.lines].count(None)
    assert left_out != 1 or shown.total is None
    assert not [number for _, number in shown.lines if number and number < threshold()]

"""What each worklist holds, in which order, and as a file; and the practice's questions."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.directory.made_up import a_service
from tests.service.people import OTHER_PRACTICE, PRACTICE, a_member, a_patient, signed_in
from tests.service.referrals.made_up import a_clinician, a_referral, a_referrer, booked

from clockstop.service.accounts.roles import Role
from clockstop.service.directory.choices import Priority
from clockstop.service.directory.criteria import Criteria
from clockstop.service.referrals import actions
from clockstop.service.referrals.models import Advice
from clockstop.service.referrals.referrer.worklists import WORKLISTS, due_day, found
from clockstop.service.referrals.states import State, transitions

pytestmark = pytest.mark.django_db

# Which lists an open referral without a letter outstanding is on, by its state.
HELD = {
    State.NOT_BOOKED: {"chase", "awaiting-booking"},
    State.AWAITING_TRIAGE: {"chase", "awaiting-booking"},
    State.DEFERRED_TO_PROVIDER: {"chase", "awaiting-booking"},
    State.TRIAGED_PROVIDER_TO_ACTION: {"chase", "awaiting-booking"},
    State.BOOKED: set(),
    State.REJECTED: {"chase", "returned"},
    State.TRIAGE_RESPONSE: {"chase", "returned"},
    State.APPT_CANCELLED_BY_PATIENT: {"chase", "missed"},
    State.APPT_CANCELLED_BY_PROVIDER: {"chase", "missed"},
    State.DID_NOT_ATTEND: {"chase", "missed"},
    State.ASSESSMENT_RESULT: {"chase", "missed"},
    State.CANCELLED_REFERRAL: set(),
}


@pytest.mark.parametrize("state", State)
def test_every_state_has_its_lists(state):
    actor = a_referrer()
    referral = a_referral(actor=actor, letter_follows=False)
    type(referral).objects.update(state=state)
    assert {slug for slug, each in WORKLISTS.items() if found(each, actor).exists()} == HELD[state]


def test_a_letter_that_is_outstanding_is_chased_even_when_booked():
    actor, _ = a_referrer(), booked()
    lists = {slug for slug, each in WORKLISTS.items() if found(each, actor).exists()}
    assert lists == {"chase", "letters"}


def searched(priority):
    return Criteria(treatment_function="C_110", priority=priority)


def test_the_most_urgent_and_then_the_oldest_come_first():
    actor, service = a_referrer(), a_service(two_week_wait=True)
    order = (Priority.ROUTINE, Priority.ROUTINE, Priority.URGENT, Priority.TWO_WEEK_WAIT)
    made = [a_referral(service, actor=actor, criteria=searched(each)) for each in order]
    listed = [each.pk for each in found(WORKLISTS["chase"], actor)]
    assert listed == [made[at].pk for at in (3, 2, 0, 1)]


def test_each_is_due_when_the_provider_promised_or_the_practice_should_have_acted():
    service, actor = a_service(), a_referrer()
    referral = a_referral(service, actor=actor, criteria=searched(Priority.URGENT))
    own = due_day(referral)
    assert timedelta(days=3) <= own - timezone.localdate() <= timedelta(days=9)
    actions.defer(
        actor=actor,
        referral_id=referral.pk,
        service_id=service.pk,
        reason="NO_SLOTS_AT_SERVICE",
    )
    referral.refresh_from_db()
    assert due_day(referral) == referral.contact_by != own


def test_a_list_is_of_everybody_or_of_one_clinician(gp):
    mine = a_referral(actor=gp.member.as_actor())
    other = a_referral(actor=a_referrer())
    page = reverse("refer_worklist", args=("chase",))
    everybody = gp.get(page).content.decode()
    assert str(mine.pk) in everybody
    assert str(other.pk) in everybody
    own = gp.get(page, {"for": str(gp.member.person_id)}).content.decode()
    assert str(mine.pk) in own
    assert str(other.pk) not in own


def test_the_counts_are_those_of_the_lists(gp):
    a_referral()
    page = gp.get(reverse("refer_worklists")).content.decode()
    for title, count in (("Chase list", 1), ("Awaiting booking", 1), ("Letters outstanding", 1)):
        assert f'{title}<span class="nhsuk-u-visually-hidden">: {count}</span>' in page


def test_the_file_has_the_same_lines_and_runs_nothing(gp):
    referral = a_referral(patient=a_patient(family_name="=cmd()"))
    answer = gp.get(reverse("refer_worklist_file", args=("chase",)))
    assert "confidential" in answer["Content-Disposition"]
    lines = list(csv.DictReader(StringIO(answer.content.decode())))
    assert [each["Booking reference"] for each in lines] == [referral.spaced_ubrn]
    assert lines[0]["Name"].startswith("'=cmd()")
    assert lines[0]["Letter outstanding"] == "yes"


def test_another_practice_has_its_own_lists():
    a_referral()
    other = signed_in(Client(), a_member(Role.REFERRER, OTHER_PRACTICE))
    page = other.get(reverse("refer_worklist", args=("chase",))).content.decode()
    assert "<strong>0</strong> referrals" in page


def test_a_list_that_is_not_there_is_not_found(gp):
    assert gp.get(reverse("refer_worklist", args=("no-such",))).status_code == 404


def test_what_a_referrer_may_do_is_on_the_page_by_the_table(gp):
    """Every action of the referrer's in the table has its place on the pages."""
    offered = {
        "create", "create_for_triage", "book", "defer", "send_for_triage", "cancel_by_patient",
        "change_shortlist", "change_shortlist_for_triage", "cancel_referral",
    }  # fmt: skip
    assert {name for name, each in transitions().items() if "referrer" in each.by} == offered


class TestAdvice:
    @pytest.fixture
    def asked(self, gp):
        """A question, asked from the menu."""
        patient, service = a_patient(), a_service(takes_advice=True)
        at = reverse("refer_patient", args=(patient.pk,))
        need = {"what": "C_110", "priority": "routine"}
        gp.post(at, need | {"request_type": "ADVICE_AND_GUIDANCE_REQUEST"})
        page = gp.get(reverse("refer_menu", args=(patient.pk,))).content.decode()
        ask = f"{reverse('refer_ask', args=(patient.pk,))}?service={service.pk}"
        assert ask in page
        assert "No referral is made" in gp.get(ask).content.decode()
        said = {"service": service.pk, "text": "Is it gout?", "referral_was_asked": "yes"}
        gp.post(ask.partition("?")[0], said)
        return Advice.objects.get()

    def test_a_question_is_asked_and_what_the_patient_wanted_is_kept(self, gp, asked):
        assert asked.referral_was_asked
        assert not asked.may_convert
        page = gp.get(reverse("referred_advice", args=(asked.pk,))).content.decode()
        assert "Is it gout?" in page
        assert "The patient had asked for a referral" in page
        assert "Write again" not in page

    def test_an_answer_is_read_replied_to_and_ended(self, gp, asked):
        at = reverse("referred_advice", args=(asked.pk,))
        answer = {"text": "Which joint?", "outcome": "REQUIRE_FURTHER_INFORMATION"}
        actions.answer(actor=a_clinician(), advice_id=asked.pk, **answer)
        listed = gp.get(reverse("refer_advice")).content.decode()
        assert "More information asked for" in listed
        assert "Which joint?" in gp.get(at).content.decode()
        empty = gp.post(at, {"text": "", "version": 2})
        assert empty.status_code == 400
        gp.post(at, {"text": "The toe", "version": 2})
        asked.refresh_from_db()
        assert asked.status == Advice.Status.PROVIDER_RESPONSE_REQUIRED
        gp.post(at, {"close": "yes", "version": 3})
        asked.refresh_from_db()
        assert asked.status == Advice.Status.CLOSED
        assert "End the conversation" not in gp.get(at).content.decode()

    def test_what_became_of_it_is_said(self, gp, asked):
        Advice.objects.update(may_convert=True)
        referral = actions.convert(actor=a_clinician(), advice_id=asked.pk)
        page = gp.get(reverse("referred_advice", args=(asked.pk,))).content.decode()
        assert referral.spaced_ubrn in page

    def test_a_secretary_asks_for_a_clinician(self):
        doctor = a_member(Role.REFERRER, PRACTICE)
        client = signed_in(Client(), a_member(Role.REFERRING_ADMINISTRATOR, PRACTICE))
        patient, service = a_patient(), a_service(takes_advice=True)
        need = {"what": "C_110", "priority": "routine"}
        client.post(reverse("refer_patient", args=(patient.pk,)), need)
        at = reverse("refer_ask", args=(patient.pk,))
        said = {"service": service.pk, "text": "Is it gout?"}
        assert client.post(at, said).status_code == 400
        client.post(at, said | {"acting_for": str(doctor.person_id)})
        assert Advice.objects.get().referrer == str(doctor.person_id)

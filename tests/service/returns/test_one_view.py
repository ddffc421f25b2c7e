"""One view of an ICB's lists: who is in it, what is found, what leaves, and who may look."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from tests.analytics.reconcile.weekly import ago
from tests.service.people import (
    HOSPITAL,
    ICB,
    OTHER_HOSPITAL,
    OTHER_ICB,
    a_member,
    a_pathway,
    a_patient,
    an_event,
    signed_in,
)
from tests.service.returns.made_up import KEY, SUNDAY
from tests.service.returns.weeks import a_week

from clockstop.core.pseudonyms import pseudonym
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.returns.models import OneView, Return

pytestmark = pytest.mark.django_db
BEFORE = SUNDAY - timedelta(weeks=1)
AT = {"A": HOSPITAL, "B": OTHER_HOSPITAL, "C": "RCC"}


@pytest.fixture
def peter():
    return signed_in(Client(), a_member(Role.ANALYST, ICB, ICB))


def page(client, **query):
    response = client.get(reverse("one_view"), query)
    assert response.status_code == 200
    return " ".join(
        BeautifulSoup(response.content, "html.parser").select_one("main").get_text(" ").split()
    )


def file(client, name, **query):
    response = client.get(
        reverse("one_view_file", args=(name,)), {"week": SUNDAY.isoformat()} | query
    )
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def two_weeks():
    a_week("A", "A K1 ann 110 19", "A K2 bob 130 40", "A K3 cy 110 9 >B", week=BEFORE)
    a_week("B", "B B:K9 dee 110 3", week=BEFORE)
    a_week("A", "A K1 ann 110 20")
    a_week("B", "B K1 ann 110 20", "B B:K9 dee 110 4")


def test_what_does_not_agree_is_shown_and_can_be_filtered(peter):
    two_weeks()
    words = page(peter)
    assert "All findings (3)" in words
    assert "2 patients on 3 pathways" in words
    assert "ann What was found On two lists" in words
    assert "bob What was found On no list" in words
    assert "cy What was found Sent but not received" in words
    lost = page(peter, kind="on_none")
    assert "bob What was found" in lost
    assert "ann What was found" not in lost
    everybody = page(peter, kind="list", provider=OTHER_HOSPITAL)
    assert "1 to 2 of 2" in everybody
    assert "dee Provider" in everybody


def test_a_missing_week_is_said_to_be_missing(peter):
    two_weeks()
    a_week("C", "C K5 eve 110 9", week=BEFORE)
    words = page(peter)
    assert "Missing this week: RCC" in words
    assert "RCC On its list Missing" in words
    assert "eve" not in words


def test_a_corrected_submission_makes_another_view(peter):
    two_weeks()
    page(peter)
    page(peter)
    assert OneView.objects.count() == 1
    Return.objects.filter(organisation_code=OTHER_HOSPITAL, period=SUNDAY).update(
        state="superseded"
    )
    a_week("B", "B B:K9 dee 110 4")
    assert "On two lists (0)" in page(peter)
    assert OneView.objects.count() == 2


def test_who_is_lost_stays_so_in_the_weeks_after(peter):
    two_weeks()
    page(peter)
    after = SUNDAY + timedelta(weeks=1)
    a_week("A", "A K1 ann 110 21", week=after)
    a_week("B", "B B:K9 dee 110 5", week=after)
    assert "bob What was found On no list" in page(peter, week=after.isoformat())


def test_who_opted_out_or_is_sensitive_is_not_in_it(peter):
    patients = [a_patient(planning_opt_out=True), a_patient(sensitive=True), a_patient()]
    names = [pseudonym(each.nhs_number, KEY) for each in patients]
    a_week("A", *(f"A K{n} {name} 110 20" for n, name in enumerate(names)))
    words = page(peter, kind="list")
    assert [name[:12] in words for name in names] == [False, False, True]
    assert [row["pseudonym"] for row in file(peter, "list.csv")] == [names[2]]


def test_a_transfer_that_the_sender_recorded_counts_as_sent(peter):
    a_week("A", "A K3 cy 110 9", week=BEFORE)
    a_week("B", "B B:K9 dee 110 3", week=BEFORE)
    pathway = a_pathway(identifier="K3", issuer=HOSPITAL)
    an_event(pathway, "referral_received", date(2025, 7, 1))
    an_event(pathway, "transfer_sent", SUNDAY - timedelta(days=2), to=OTHER_HOSPITAL)
    a_week("A", "A K8 zoe 300 3")
    a_week("B", "B K3 cy 110 9", "B B:K9 dee 110 4")
    assert "All findings (0)" in page(peter)


def test_files_have_pseudonyms_and_neither_names_nor_pathway_identifiers(peter):
    two_weeks()
    found = file(peter, "findings.csv")
    assert [(row["pseudonym"], row["finding"]) for row in found] == [
        ("bob", "On no list"),
        ("cy", "Sent but not received"),
        ("ann", "On two lists"),
    ]
    assert not {"issuer", "identifier"} & set(found[0])
    assert found[0]["clock_starts"] == str(ago(40))
    assert [row["pseudonym"] for row in file(peter, "findings.csv", kind="two_lists")] == ["ann"]
    assert len(file(peter, "findings.csv", kind="list")) == 3
    assert Entry.objects.filter(action="took out of one view").count() == 3


def test_counts_that_leave_keep_small_numbers_back(peter):
    before = [f"A L{n} p{n} 110 9" for n in range(12)]
    a_week("A", "A K2 bob 130 40", *before, week=BEFORE)
    a_week("A", "A K1 ann 110 20", "A K7 eve 110 2")
    a_week("B", "B K1 ann 110 20")
    counts = {row["provider"]: row for row in file(peter, "providers.csv")}
    assert counts[HOSPITAL]["on_none"] == "13"
    assert counts[HOSPITAL]["two_lists"] == ""
    assert counts[OTHER_HOSPITAL]["two_lists"] == ""


def test_another_icbs_weeks_are_not_in_it(peter):
    a_week("C", "C K1 ann 110 20", icb=OTHER_ICB)
    assert "No provider has submitted a week yet" in page(peter)
    asked = reverse("one_view_file", args=("findings.csv",)) + f"?week={SUNDAY.isoformat()}"
    assert peter.get(asked).status_code == 404


def test_without_a_key_the_page_says_so(peter, settings):
    two_weeks()
    settings.CLOCKSTOP_EXTRACT_KEY = b""
    assert "No key for pseudonyms is set" in page(peter)


def test_providers_do_not_see_one_view():
    for role in (Role.PROVIDER_ADMINISTRATOR, Role.WAITING_LIST_MANAGER, Role.PROVIDER_CLINICIAN):
        assert signed_in(Client(), a_member(role)).get(reverse("one_view")).status_code == 403


def test_what_was_made_is_noted_in_the_audit(peter):
    two_weeks()
    page(peter)
    entry = Entry.objects.get(action="made one view")
    assert (entry.icb_code, entry.subject) == (ICB, str(OneView.objects.get().pk))
    assert "ann" not in json.dumps(entry.detail)


def test_only_the_lists_of_an_analysts_own_icb_are_reconciled():
    two_weeks()
    other = signed_in(Client(), a_member(Role.ANALYST, OTHER_ICB, OTHER_ICB))
    assert "No provider has submitted" in page(other)

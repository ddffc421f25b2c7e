"""The pages: what each person reads, and where the forms lead."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.service.people import (
    OTHER_HOSPITAL,
    a_member,
    a_patient,
    an_actor,
    signed_in,
)
from tests.service.tracking.listed import ago, ahead, an_entry, today

from clockstop.service.accounts.roles import PROVIDING, STAFF, Role
from clockstop.service.audit.models import Entry
from clockstop.service.tracking import actions
from clockstop.service.tracking.models import Handling, Note, SavedView
from clockstop.service.tracking.worklists import WORKLISTS

pytestmark = pytest.mark.django_db
SEES = {*PROVIDING, Role.ICB_HUB}


@pytest.fixture
def member():
    return a_member()


@pytest.fixture
def grace(client, member, book) -> Client:
    return signed_in(client, member)


def words(response) -> str:
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.mark.parametrize("role", sorted(STAFF))
@pytest.mark.parametrize("page", ["tracking", "cuts", "worklists"])
def test_who_may_open_the_list(book, role, page):
    asked = signed_in(Client(), a_member(role, "QAA" if role is Role.ICB_HUB else "RAA"))
    allowed = role in (PROVIDING if page == "worklists" else SEES)
    assert asked.get(reverse(page)).status_code == (200 if allowed else 403)


def test_a_row_says_what_one_needs_to_know(grace):
    patient = a_patient(family_name="Okafor", given_name="Ngozi")
    row = an_entry(
        patient=patient,
        clock_start=ago(days=371),
        procedure_priority="P2",
        tci_date=ahead(9),
        on_cancer_list=True,
        findings="start_differs",
        site="RAA01",
    )
    text = words(grace.get("/tracking/"))
    assert "Okafor, Ngozi" in text
    assert patient.number.spaced in text
    assert "Over 52 weeks" in text
    assert "53 weeks and 0 days" in text or "53 weeks" in text
    assert "Cancer list P2" in text
    assert f"Admission {row.tci_date.day} {row.tci_date:%b %Y}" in text
    assert "Priority review was due" in text
    assert "The start passed on is not the one already known" in text
    assert "1 priority review is overdue" in text


def test_the_next_breach_is_the_first_day_that_is_over(grace):
    an_entry(clock_start=ago(days=126))
    text = words(grace.get("/tracking/"))
    day = ahead(1)
    assert f"Over 18 weeks on {day.day} {day:%b %Y}" in text


def test_people_on_the_list_for_something_else(grace):
    an_entry(state="monitoring", monitoring_since=ago(3), clock_start=None)
    assert "Nobody on the list matches" in words(grace.get("/tracking/"))
    assert "Active monitoring" in words(grace.get("/tracking/?state=monitoring"))


def test_a_filter_from_the_form_goes_to_its_own_short_address(grace):
    empty = {"specialty": "C_110", "event": "", "over": "", "sort": "priority", "state": "waiting"}
    sent = grace.get("/tracking/", {**empty, "by-day": "", "by-month": "", "by-year": ""})
    assert sent["Location"] == "/tracking/?specialty=C_110"
    sent = grace.get(
        "/tracking/", {"breach": "65", "by-day": "31", "by-month": "3", "by-year": "2027"}
    )
    assert sent["Location"] == "/tracking/?breach=65&by=2027-03-31"


def test_what_cannot_be_read_comes_back_with_its_errors(grace):
    an_entry()
    response = grace.get("/tracking/?over=x&breach=52")
    assert response.status_code == 400
    text = words(response)
    assert "There is a problem" in text
    assert "Waiting over … weeks: enter a whole number from 0 to 520" in text
    assert "Breach date: enter the day" in text
    assert "Test" not in text  # no list of other people than were asked for


def test_figures_lead_to_those_whom_they_count(grace):
    for weeks, returns in ((10, True), (30, True), (60, True), (60, False)):
        an_entry(clock_start=ago(weeks=weeks), in_returns=returns)
    page = grace.get("/tracking/").content.decode()
    links = re.findall(r'<a href="(/tracking/\?[^"#]+)#list">([\d,]+)</a>', page)
    assert len(links) > 6
    for address, number in links:
        led = words(grace.get(address.replace("&amp;", "&")))
        assert f" of {number}. Sorted" in led, (address, number)


def test_pages_of_a_long_list(grace, monkeypatch):
    for _ in range(5):
        an_entry()
    monkeypatch.setattr("clockstop.service.tracking.ordering.PAGE", 2)
    monkeypatch.setattr("clockstop.service.tracking.list_page.PAGE", 2)
    assert "1 to 2 of 5" in words(grace.get("/tracking/"))
    assert "5 to 5 of 5" in words(grace.get("/tracking/?page=3"))
    assert "5 to 5 of 5" in words(grace.get("/tracking/?page=99"))
    assert "1 to 2 of 5" in words(grace.get("/tracking/?page=x"))


def test_a_page_costs_the_same_number_of_questions_however_long(grace):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            grace.get("/tracking/")
        return len(queries)

    an_entry(procedure_priority="P2")
    grace.get("/tracking/")
    few = asked()
    for _ in range(20):
        an_entry()
    grace.get("/tracking/")
    assert asked() == few < 15


def test_an_icbs_hub_reads_the_list_of_its_icb_without_notes_and_small_numbers(book):
    grace = an_actor()
    row = an_entry()
    an_entry(OTHER_HOSPITAL)
    actions.write_note(actor=grace, pathway=row.pathway, text="Ours alone", submission=uuid4())
    actions.set_handling(actor=grace, pathway=row.pathway, owner=str(grace.person), due=today())
    hub = signed_in(Client(), a_member(Role.ICB_HUB, "QAA"))
    page = hub.get("/tracking/")
    assert "1 to 2 of 2" in words(page)
    assert "handling" not in page.content.decode()
    assert grace.name not in page.content.decode()
    assert "too few" in words(hub.get("/tracking/cuts/"))
    for address in (f"/pathways/{row.pk}/handling/", "/tracking/worklists/validation/"):
        assert hub.get(address).status_code == 403


def test_every_worklist_opens_and_counts_what_it_lists(grace):
    an_entry(clock_start=ago(weeks=40), outcome_missing_since=ago(2), findings="not_first")
    an_entry(procedure_priority="P2", clock_start=ago(weeks=40))
    counts = re.findall(
        r'visually-hidden">: (\d+)<', grace.get("/tracking/worklists/").content.decode()
    )
    assert len(counts) == len(WORKLISTS)
    for slug, number in zip(WORKLISTS, counts, strict=True):
        text = words(grace.get(f"/tracking/worklists/{slug}/"))
        assert f" of {number}. Sorted" in text if int(number) else "Nobody" in text
    assert "P2 1" in words(grace.get("/tracking/worklists/"))
    assert grace.get("/tracking/worklists/other/").status_code == 404


def test_a_view_is_saved_shown_and_removed(grace, member):
    saved = grace.post("/tracking/views/", {"name": "Long waits", "query": "over=52&page=3"})
    assert saved["Location"] == "/tracking/?over=52"
    view = SavedView.objects.get()
    assert view.query == "over=52"
    page = grace.get("/tracking/?over=52").content.decode()
    assert '<a href="/tracking/?over=52" aria-current="true">Long waits</a>' in page
    assert "Remove the view" in words(grace.get(f"/tracking/views/{view.pk}/"))
    other = signed_in(Client(), a_member())
    assert other.get(f"/tracking/views/{view.pk}/").status_code == 404
    assert other.post(f"/tracking/views/{view.pk}/").status_code == 404
    assert grace.post(f"/tracking/views/{view.pk}/")["Location"] == "/tracking/"
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("sent", "status"),
    [({"name": "", "query": "over=52"}, 400), ({"name": "x", "query": "over=-1"}, 404)],
)
def test_a_view_without_a_name_or_a_meaning_is_not_saved(grace, sent, status):
    assert grace.post("/tracking/views/", sent).status_code == status
    assert not SavedView.objects.exists()


def test_handling_on_its_page(grace, member):
    row = an_entry()
    at = reverse("handling", args=(row.pk,))
    owner = str(member.person.pk)
    page = grace.get(at)
    assert f'value="{owner}"' in page.content.decode()
    sent = {"owner": owner, "due-day": "3", "due-month": "2", "due-year": "2026"}
    assert grace.post(at, sent)["Location"] == f"{at}?saved=handling"
    assert Handling.objects.get().owner == owner
    text = words(grace.get(f"{at}?saved=handling"))
    assert "Owner and due date are saved" in text
    assert "by 3 February 2026" in text
    assert "Late" in text
    assert "Late" in words(grace.get("/tracking/"))
    assert "1 to 1 of 1" in words(grace.get(f"/tracking/?owner={owner}&late=yes"))
    assert "Nobody on the list" in words(grace.get("/tracking/?owner=none"))


def test_notes_on_the_same_page(grace):
    at = reverse("handling", args=(an_entry().pk,))
    submission = str(uuid4())
    for _ in range(2):
        sent = grace.post(
            at, {"text": "Rang: <b>no answer</b>\nAgain on Friday", "submission": submission}
        )
        assert sent["Location"] == f"{at}?saved=note"
    assert Note.objects.count() == 1
    page = grace.get(at).content.decode()
    assert "&lt;b&gt;no answer" in page
    assert "<p>Again on Friday</p>" in page


@pytest.mark.parametrize(
    ("sent", "words_of_it"),
    [
        ({"text": "", "submission": str(uuid4())}, "Enter the note"),
        ({"owner": str(uuid4())}, "choose one from the list"),
        ({"owner": "", "due-day": "31", "due-month": "2", "due-year": "2026"}, "real date"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(grace, sent, words_of_it):
    response = grace.post(reverse("handling", args=(an_entry().pk,)), sent)
    assert response.status_code == 400
    assert words_of_it in words(response)
    assert not Note.objects.exists()
    assert not Handling.objects.exists()


def test_reading_notes_is_reading_the_record(grace):
    row = an_entry()
    grace.get(reverse("handling", args=(row.pk,)))
    assert Entry.objects.filter(action="viewed a pathway", subject=str(row.pk)).count() == 1


def test_the_pathway_leads_to_its_notes(grace):
    row = an_entry()
    assert reverse("handling", args=(row.pk,)) in grace.get(f"/pathways/{row.pk}/").content.decode()

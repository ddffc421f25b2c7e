"""The pages of returns as each person sees them."""

from datetime import date
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from tests.service.people import (
    HOSPITAL,
    ICB,
    OTHER_HOSPITAL,
    a_member,
    a_pathway,
    roles_at,
    signed_in,
)
from tests.service.returns.made_up import (
    ERROR,
    MONTH_END,
    QUERY,
    SUNDAY,
    a_return,
    waiting,
)

from clockstop.service.accounts.roles import Role
from clockstop.service.registry.models import Kind as OrganisationKind
from clockstop.service.registry.models import Organisation
from clockstop.service.returns.models import Kind, Return
from clockstop.service.returns.states import State

pytestmark = pytest.mark.django_db
WORDS = "We opened a second clinic in the month"


def client_of(role, organisation_code=""):
    return signed_in(Client(), a_member(role, organisation_code or roles_at(role)[0]))


def page_of(response):
    return BeautifulSoup(response.content, "html.parser").select_one("main")


def words_of(response):
    return " ".join(page_of(response).get_text(" ").split())


@pytest.fixture
def manager():
    return client_of(Role.WAITING_LIST_MANAGER)


def test_a_provider_reads_what_is_due_and_by_when(manager):
    a_return(state=State.ACCEPTED, period=date(2025, 8, 31))
    words = words_of(manager.get(reverse("returns")))
    assert "September 2025 Due by 17 October 2025 State Due soon" in words
    assert "August 2025 Due by 17 September 2025 State Accepted" in words
    assert "July 2025 Due by 19 August 2025 State Overdue" in words
    assert "Week ending 5 October 2025 Due by 8 October 2025 State Overdue" in words


def test_last_months_return_is_made_with_one_click(manager, few):
    page = page_of(manager.get(reverse("returns")))
    form = page.select_one("form[action='/returns/make/']")
    fields = {each["name"]: each["value"] for each in form.select("input")}
    response = manager.post(form["action"], fields, follow=True)
    assert response.status_code == 200
    words = words_of(response)
    assert "September 2025" in words
    assert "Waiting (2) This month 3" in words
    again = manager.post(form["action"], fields)
    assert (again["Location"], Return.objects.count()) == (response.request["PATH_INFO"], 1)


def test_what_cannot_be_made_is_said_in_words(manager, settings, few):
    settings.CLOCKSTOP_EXTRACT_KEY = b""
    sent = {"kind": "weekly", "period": SUNDAY.isoformat(), "submission": str(uuid4())}
    response = manager.post(reverse("make_return"), sent)
    assert response.status_code == 400
    assert "No key for pseudonyms is set" in words_of(response)


@pytest.mark.parametrize("sent", [{}, {"period": "soon", "submission": "x"}])
def test_a_form_that_is_none_is_refused(sent, manager):
    assert manager.post(reverse("make_return"), sent).status_code == 400


def test_a_manager_explains_and_signs_off(manager):
    held = a_return(state=State.CHECKED, checks=(QUERY,))
    at = reverse("return", args=(held.pk,))
    assert "Query As many as before" in words_of(manager.get(at))
    silent = manager.post(at, {"step": "sign_off", "confirm": "yes"})
    assert silent.status_code == 400
    assert "Explain: As many as before" in words_of(silent)
    assert silent.content.decode().count("<title>Error: ") == 1
    told = {"step": "sign_off", "confirm": "yes", f"why-{QUERY.key}": WORDS}
    assert manager.post(at, told).status_code == 302
    words = words_of(manager.get(at))
    assert "Signed off on 10 October 2025" in words
    assert WORDS in words
    late = manager.post(at, told)
    assert "Somebody else has changed this return" in words_of(late)


def test_one_with_errors_offers_no_signing_off(manager):
    held = a_return(state=State.DRAFT, checks=(ERROR,))
    page = manager.get(reverse("return", args=(held.pk,)))
    assert "Error Totals are wrong How to mend: Add them up" in words_of(page)
    assert not page_of(page).select("[value=sign_off]")


def test_the_office_may_not_sign_off_a_month_and_is_told_who_does():
    office = client_of(Role.PROVIDER_ADMINISTRATOR)
    at = reverse("return", args=(a_return(state=State.CHECKED).pk,))
    assert "A waiting-list manager of your organisation signs off" in words_of(office.get(at))
    assert office.post(at, {"step": "sign_off", "confirm": "yes"}).status_code == 403


def test_a_commissioner_sends_back_with_a_reason_that_the_provider_reads(manager):
    laura = client_of(Role.COMMISSIONER)
    at = reverse("return", args=(a_return().pk,))
    assert "Choose whether you accept it" in words_of(laura.post(at, {"step": "judge"}))
    without = laura.post(at, {"step": "judge", "verdict": "send_back"})
    assert "Say what the provider should look at" in words_of(without)
    told = {"step": "judge", "verdict": "send_back", "reason": "Part 3 looks too small"}
    assert laura.post(at, told).status_code == 302
    assert "Part 3 looks too small" in words_of(manager.get(at))


def test_an_icb_reads_its_providers_side_by_side_missing_ones_too():
    for code, name in ((HOSPITAL, "Riverside"), (OTHER_HOSPITAL, "Hilltop")):
        Organisation.objects.create(
            code=code, name=name, kind=OrganisationKind.PROVIDER, icb_code=ICB
        )
    a_return()
    a_return(OTHER_HOSPITAL, period=date(2025, 8, 31))
    a_return(kind=Kind.WEEKLY, period=SUNDAY, is_late=True)
    words = words_of(client_of(Role.COMMISSIONER).get(reverse("returns")))
    assert "Hilltop State Not yet due" in words
    assert "Riverside State Signed off" in words
    assert "Waiting 1,200 Change +200 (+20.0%)" in words
    assert "28 Sep In, late" in words
    assert "21 Sep Missing" in words
    august = client_of(Role.ANALYST).get(reverse("returns"), {"month": "2025-08-31"})
    assert "Riverside State Missing" in words_of(august)


def test_a_figure_leads_to_its_pathways(manager, records):
    records(waiting(date(2025, 9, 5)), waiting(date(2025, 9, 8)))
    own = a_pathway(identifier=f"{1:020d}", issuer=HOSPITAL)
    a_pathway(None, OTHER_HOSPITAL, identifier=f"{2:020d}", issuer=HOSPITAL)
    sent = {"kind": "monthly", "period": MONTH_END.isoformat(), "submission": str(uuid4())}
    page = page_of(manager.post(reverse("make_return"), sent, follow=True))
    link = next(each for each in page.select("a") if "part=Part_2&" in each["href"])
    behind = manager.get(link["href"])
    assert "2 pathways: Trauma" in words_of(behind)
    assert [each["href"] for each in page_of(behind).select("td a, th a")] == [
        reverse("pathway", args=(own.pk,))
    ]


@pytest.mark.parametrize("query", ["", "?part=Part_9", "?part=&function=C_110"])
def test_a_figure_that_there_is_not_leads_nowhere(query, manager):
    at = reverse("return_pathways", args=(a_return().pk,))
    assert manager.get(at + query).status_code == 404


def test_files_are_the_providers_and_those_of_months_the_icbs_too(few):
    office, laura = client_of(Role.PROVIDER_ADMINISTRATOR), client_of(Role.COMMISSIONER)
    for kind, period, name in (
        ("monthly", MONTH_END, "full-extract.csv"),
        ("weekly", SUNDAY, "open.csv"),
    ):
        sent = {"kind": kind, "period": period.isoformat(), "submission": str(uuid4())}
        office.post(reverse("make_return"), sent)
        held = Return.objects.get(kind=kind)
        at = reverse("return_file", args=(held.pk, name))
        answer = office.get(at)
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith(f'attachment; filename="{HOSPITAL}-2025-09')
        assert laura.get(at).status_code == 404
        Return.objects.filter(pk=held.pk).update(state=State.SIGNED_OFF, signed_at=held.made_at)
        assert laura.get(at).status_code == (200 if kind == "monthly" else 404)
        assert (
            office.get(reverse("return_file", args=(held.pk, "lines.parquet"))).status_code == 404
        )

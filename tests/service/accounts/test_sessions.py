"""A session begins under a new key and ends when its time is up; visitors cost nothing."""

import json
import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.people import a_member, a_patient, signed_in, signed_in_patient

from clockstop.service.accounts.models import Membership
from clockstop.service.accounts.roles import Role
from clockstop.service.accounts.urls import urlpatterns
from clockstop.service.audit.models import Entry
from clockstop.service.registry.models import Organisation

ABOUT = "/about-the-data/"
MEMBERS = "/members/"


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def now(time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    return time_machine


@pytest.fixture
def working(client, now) -> Client:
    return signed_in(client, a_member(Role.ADMINISTRATOR))


@pytest.mark.parametrize(
    "path", [ABOUT, "/sign-in/", "/signed-out/", "/figures/england/", "/nothing"]
)
def test_a_visitor_without_a_session_asks_nothing_of_the_store(book, client, settings, path):
    """No mark for the store: a question to it would fail. Only the demo's list needs it."""
    settings.CLOCKSTOP_PERSONAS = False
    response = client.get(path)
    assert response.status_code in {200, 404}
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    assert "Sign in" in text(response)


def test_a_page_for_everybody_may_be_kept_as_before(book, client):
    response = client.get("/figures/england/")
    assert "no-store" not in response.get("Cache-Control", "")
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.django_db
class TestTheEnd:
    def test_after_half_an_hour_away(self, working, now):
        now.shift(timedelta(minutes=30))
        assert working.get(MEMBERS).status_code == 200
        now.shift(timedelta(minutes=30, seconds=1))
        leaving = working.get(MEMBERS)
        assert leaving["Location"] == "/sign-in/?next=%2Fmembers%2F&ended=away"
        assert "signed out because you were away" in text(working.get(leaving["Location"]))
        assert working.get(MEMBERS)["Location"] == "/sign-in/?next=%2Fmembers%2F"
        told = Entry.objects.get(action="signed out")
        assert json.loads(told.detail) == {"because": "away"}

    def test_after_eight_hours_however_busy(self, working, now):
        for _ in range(8 * 3 - 1):
            now.shift(timedelta(minutes=20))
            assert working.get(MEMBERS).status_code == 200
        now.shift(timedelta(minutes=20, seconds=1))
        assert working.get(MEMBERS)["Location"].endswith("ended=long")
        assert not Session.objects.exists()

    def test_being_there_keeps_it(self, working, now):
        for _ in range(3):
            now.shift(timedelta(minutes=29))
            assert working.get(ABOUT).status_code == 200
        assert working.get(MEMBERS).status_code == 200

    def test_on_a_page_for_everybody_one_is_a_visitor_again(self, working, now):
        now.shift(timedelta(hours=1))
        page = text(working.get(ABOUT))
        assert "Sign out" not in page
        assert 'href="/sign-in/"' in page

    def test_when_the_role_is_ended(self, working):
        Membership.objects.update(ends=timezone.localdate())
        assert working.get(MEMBERS).status_code == 302

    def test_by_signing_out(self, working):
        assert working.get("/sign-out/").status_code == 405
        key = working.session.session_key
        assert working.post("/sign-out/")["Location"] == "/signed-out/"
        assert not Session.objects.filter(pk=key).exists()
        assert working.get(MEMBERS).status_code == 302
        assert Entry.objects.get(action="signed out").detail == "{}"
        assert "You have signed out" in text(working.get("/signed-out/"))

    def test_an_old_cookie_opens_nothing(self, working, settings):
        cookie = working.cookies[settings.SESSION_COOKIE_NAME].value
        working.post("/sign-out/")
        thief = Client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = cookie
        assert thief.get(MEMBERS).status_code == 302

    @pytest.mark.parametrize("words", ["<b>x</b>", "nothing"])
    def test_a_reason_that_is_none_is_not_shown(self, client, words):
        assert "inset-text" not in text(client.get("/sign-in/", {"ended": words}))


@pytest.mark.django_db
class TestTheBeginning:
    def test_a_key_that_was_planted_is_not_taken_over(self, settings):
        member = a_member()
        planted = Client()
        planted.session.save()
        session = planted.session
        session["planted"] = True
        session.save()
        planted.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        planted.post("/sign-in/demo/", {"membership": str(member.pk)})
        assert planted.session.session_key != session.session_key
        assert "planted" not in planted.session
        assert not Session.objects.filter(pk=session.session_key).exists()

    def test_a_key_that_somebody_made_up_is_not_taken(self, settings):
        visitor = Client()
        visitor.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
        visitor.post("/sign-in/demo/", {"membership": str(a_member().pk)})
        assert visitor.session.session_key != "a" * 32

    def test_the_cookie_is_out_of_reach(self, client, settings):
        client.post("/sign-in/demo/", {"membership": str(a_member().pk)})
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]
        assert not cookie["max-age"]


@pytest.mark.django_db
class TestPagesOfThoseSignedIn:
    @pytest.mark.parametrize(
        "path", [ABOUT, MEMBERS, "/members/give/", "/sign-in/role/", "/sign-in/", "/nothing"]
    )
    def test_no_copy_is_kept(self, working, book, path):
        assert "no-store" in working.get(path)["Cache-Control"]

    def test_they_carry_the_security_headers(self, working):
        response = working.get(MEMBERS)
        assert response["X-Frame-Options"] == "DENY"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert "form-action 'self'" in response["Content-Security-Policy"]
        assert "unsafe" not in response["Content-Security-Policy"]
        assert "style=" not in text(response)

    def test_somebody_not_signed_in_is_brought_back_after(self, client):
        held = a_member(Role.ADMINISTRATOR)
        leaving = client.get("/members/give/")
        page = text(client.get(leaving["Location"]))
        assert 'name="next" value="/members/give/"' in page
        to = {"membership": str(held.pk), "next": "/members/give/"}
        assert client.post("/sign-in/demo/", to)["Location"] == "/members/give/"

    def test_a_form_without_its_token_is_refused(self):
        """Every address that takes a form and does not say otherwise."""
        strict = Client(enforce_csrf_checks=True)
        signed_in_patient(strict, a_patient())
        refused = {
            each.name
            for each in urlpatterns
            if not each.pattern.converters and strict.post(reverse(each.name)).status_code == 403
        }
        assert refused == {each.name for each in urlpatterns if not each.pattern.converters}


@pytest.mark.django_db
class TestTheHead:
    def test_it_says_who_is_there(self, client):
        Organisation.objects.create(code="RAA", name="Riverside Hospital", kind="provider")
        member = a_member()
        page = text(signed_in(client, member).get(ABOUT))
        who = re.search(r'class="app-actor__who">(.*?)</p>', page, re.DOTALL)[1]
        words = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", who))
        assert words.strip() == f"{member.person.name} Waiting-list manager, Riverside Hospital"
        assert 'href="/sign-in/"' not in page
        assert ">Patients</a>" in page

    @pytest.mark.parametrize(
        ("role", "link"),
        [(Role.ADMINISTRATOR, "/members/"), (Role.ANALYST, None), (Role.ICB_HUB, "/pathways/")],
    )
    def test_it_leads_to_what_the_role_opens(self, client, role, link):
        page = text(signed_in(client, a_member(role)).get(ABOUT))
        assert [
            each for each in ("/members/", "/pathways/", "/carers/") if f'href="{each}"' in page
        ] == ([link] if link else [])

    def test_with_the_logo_too(self, client, settings):
        settings.CLOCKSTOP_NHS_LOGO = True
        page = text(signed_in_patient(client, a_patient()).get(ABOUT))
        assert 'href="/carers/"' in page
        assert "Sign out" in page

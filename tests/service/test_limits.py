"""How often one client may ask, by a clock of the test's own; what is counted names nobody."""

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse
from tests.service.people import a_member, signed_in

from clockstop.service.accounts.roles import Role
from clockstop.service.ui.limits import Limit, client_address

NOON = 1_790_000_000 - 1_790_000_000 % 60
FEW = {"sign_in": Limit(address=3, session=2), "post": Limit(address=4, session=2)}


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def few(settings, clock):
    settings.CLOCKSTOP_LIMITS = FEW
    cache.clear()
    yield
    cache.clear()


def posted(client, **extra) -> HttpResponse:
    return client.post("/", {"need": "hip"}, **extra)


def test_too_many_forms_from_one_address_are_refused_in_plain_words(book, client):
    assert [posted(client).status_code for _ in range(4)] == [200] * 4
    refused = posted(client)
    assert refused.status_code == 429
    assert refused["Retry-After"] == "60"
    assert "no-store" in refused["Cache-Control"]
    assert "Too many requests" in refused.content.decode()


def test_the_next_minute_is_a_new_one(book, client, clock):
    clock.move_to(NOON + 40)
    for _ in range(5):
        last = posted(client)
    assert last["Retry-After"] == "20"
    clock.move_to(NOON + 60)
    assert posted(client).status_code == 200


def test_another_address_has_a_count_of_its_own(book, client):
    for _ in range(5):
        posted(client)
    assert posted(client, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_reading_is_not_counted(book, client):
    for path in ["/", "/figures/england/", "/about-the-data/"] * 3:
        assert client.get(path).status_code == 200


@pytest.mark.django_db
def test_starting_to_sign_in_is(client):
    """Even where there is no such way."""
    statuses = [client.get("/sign-in/patient/").status_code for _ in range(4)]
    assert statuses == [404, 404, 404, 429]
    assert client.get("/sign-in/patient/back/").status_code == 429
    assert client.get("/sign-in/").status_code == 200


@pytest.mark.django_db
def test_a_session_has_a_count_of_its_own():
    client = signed_in(Client(), a_member(Role.ADMINISTRATOR))
    statuses = [client.post(reverse("give_role"), {}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    other = signed_in(Client(), a_member(Role.ADMINISTRATOR))
    assert other.post(reverse("give_role"), {}).status_code == 200


def test_without_limits_nothing_is_counted(book, client, settings):
    settings.CLOCKSTOP_LIMITS = {}
    assert {posted(client).status_code for _ in range(20)} == {200}


@pytest.mark.django_db
def test_what_is_kept_names_nobody(book, client, monkeypatch):
    keys = []
    monkeypatch.setattr(
        type(cache), "add", lambda _self, key, *_rest: keys.append(key), raising=False
    )
    monkeypatch.setattr(type(cache), "incr", lambda _self, key: 1, raising=False)
    client.cookies["sessionid"] = "my-session"
    posted(client, REMOTE_ADDR="192.0.2.7")
    assert len(keys) == 2
    assert not any("192.0.2" in key or "my-session" in key for key in keys)


@pytest.mark.parametrize(
    ("proxies", "seen", "forwarded", "address"),
    [
        (0, "192.0.2.7", "", "192.0.2.7"),
        (0, "192.0.2.7", "198.51.100.1", "192.0.2.7"),
        (1, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (2, "10.0.0.1", "203.0.113.9, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "10.0.0.1", "198.51.100.1", "10.0.0.1"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "10.0.0.1", "nonsense", "unknown"),
        (1, "", "", "unknown"),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
    ],
)
def test_only_what_trusted_proxies_saw_is_believed(settings, proxies, seen, forwarded, address):
    settings.CLOCKSTOP_TRUSTED_PROXIES = proxies
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": seen} | (
        {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    )
    assert client_address(request) == address

"""What a load balancer is told."""

import pytest
from django.db import DatabaseError, connection

from clockstop.service.ui import health


@pytest.fixture(autouse=True)
def not_asked_yet(monkeypatch):
    monkeypatch.setattr(health, "_seen_migrated", [])


def test_a_process_that_answers_is_healthy_without_a_store(client):
    assert client.get("/healthz").content == b"ok"


@pytest.mark.django_db
def test_a_store_that_lacks_nothing_is_ready(client, monkeypatch):
    assert client.get("/readyz").content == b"ok"
    monkeypatch.setattr(health, "unapplied", lambda: pytest.fail("asked once too often"))
    response = client.get("/readyz")
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")


@pytest.mark.django_db
def test_a_store_that_lacks_a_migration_is_not_and_may_become_so(client, monkeypatch):
    with monkeypatch.context() as older:
        older.setattr(health, "unapplied", lambda: ("audit 0001_initial",))
        assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_a_store_that_does_not_answer_is_not(client, monkeypatch):
    def fail(*_):
        raise DatabaseError("password=secret")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", fail)
        response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"the store is not ready")

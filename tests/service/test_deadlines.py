"""What the store is asked for a caller who waits no longer is cut off, and leaves nothing behind."""

import pytest
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.urls import path

from clockstop.service.fhir.deadlines import TooLateError, asked_within

pytestmark = pytest.mark.django_db

LONG = 600.0
_SLOW = {
    "postgresql": "SELECT pg_sleep(60)",
    "sqlite": "WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many"
    " WHERE n < 200000000) SELECT count(*) FROM many",
}


def ask(sql):
    """In a transaction of its own, or a test on PostgreSQL could ask nothing more."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def ask_for_long(_request=None):
    ask(_SLOW[connection.vendor])
    return HttpResponse("told")


def ask_wrongly(_request):
    return HttpResponse(ask("SELECT nothing"))


urlpatterns = [
    path("aggregator/slow/", ask_for_long),
    path("aggregator/wrong/", ask_wrongly),
]


def limit():
    return ask("SHOW statement_timeout") if connection.vendor == "postgresql" else "0"


def test_a_long_question_is_cut_off():
    with pytest.raises(TooLateError), asked_within(0.2):
        ask_for_long()


def test_nothing_more_is_asked_once_it_is_too_late():
    with pytest.raises(TooLateError), asked_within(0):
        ask("SELECT 1")


def test_the_store_is_as_it_was_afterwards():
    with pytest.raises(TooLateError), asked_within(0.2):
        ask_for_long()
    assert limit() == "0"
    with asked_within(LONG):
        assert ask("SELECT 1") == 1
        assert (limit() != "0") == (connection.vendor == "postgresql")
    assert limit() == "0"


def test_an_outage_of_the_store_is_not_told_as_late():
    def out_of_order(*_):
        raise OperationalError("gone")

    with (
        connection.execute_wrapper(out_of_order),
        pytest.raises(OperationalError),
        asked_within(LONG),
    ):
        ask("SELECT 1")


def test_the_aggregator_is_told_504_in_the_middle_of_a_long_question(client, settings):
    settings.ROOT_URLCONF, settings.CLOCKSTOP_AGGREGATOR_SECONDS = __name__, 0.2
    response = client.get("/aggregator/slow/")
    assert response.status_code == 504
    assert [each["code"] for each in response.json()["issue"]] == ["timeout"]


def test_other_faults_of_it_are_no_504(client, settings):
    settings.ROOT_URLCONF, settings.CLOCKSTOP_AGGREGATOR_SECONDS = __name__, LONG
    client.raise_request_exception = False
    assert client.get("/aggregator/wrong/").status_code == 500

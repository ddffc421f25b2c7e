"""Every error has one shape and says everything that is wrong."""

import pytest
from django.test import Client

from clockstop.service.api.endpoints import figures as endpoint

PROBLEM = "application/problem+json"


def wrong(answer):
    return [each["parameter"] for each in answer["wrong"]]


def test_everything_that_is_wrong_is_said_at_once(get):
    answer = get(
        "/figures", 400, limit=0, offset=-1, kind="county", function="C_000", sector="charity",
        measures=["median_weeks", "mood"], from_month="2025-13", typo=1,
    )  # fmt: skip
    assert set(wrong(answer)) == {
        *("limit", "offset", "kind", "function", "sector", "measures", "from_month", "typo"),
    }
    assert answer["title"] == "Wrong parameters"


@pytest.mark.parametrize("limit", ["0", "1001", "ten", ""])
def test_a_page_has_its_limits(get, limit):
    assert wrong(get("/areas", 400, limit=limit)) == ["limit"]


def test_what_can_be_given_once_is_not_taken_twice(get):
    assert wrong(get("/figures", 400, kind=["icb", "region"])) == ["kind"]


def test_path_and_query_are_checked_together(get):
    assert wrong(get("/areas/county/X", 400, basis="moon")) == ["kind", "basis"]


@pytest.mark.parametrize("path", ["/figures", "/diagnostics"])
def test_months_the_wrong_way_round_are_refused(get, path):
    assert wrong(get(path, 400, from_month="2025-09", to_month="2025-08")) == ["to_month"]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/areas/icb/ZZZ", {}),
        ("/missing", {"month": "2020-01"}),
        ("/missing", {"kind": "icb", "code": "ZZZ"}),
        ("/diagnostics", {"kind": "provider", "code": "ZZZ"}),
    ],
)
def test_what_there_is_not_is_not_found(get, path, query):
    answer = get(path, 404, **query)
    assert answer["status"] == 404
    assert wrong(answer) == []


def test_an_unknown_address_is_a_problem_not_a_page(client):
    response = client.get("/api/v1/nothing")
    assert (response.status_code, response["Content-Type"]) == (404, PROBLEM)
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("client", [Client(), Client(enforce_csrf_checks=True)])
def test_figures_can_only_be_read(client):
    response = client.post("/api/v1/figures")
    assert (response.status_code, response["Content-Type"]) == (405, PROBLEM)
    assert response["Allow"] == "GET, HEAD"


def test_without_data_the_api_says_so(client, settings, tmp_path, monkeypatch):
    monkeypatch.undo()
    settings.CLOCKSTOP_HOME = tmp_path / "empty"
    response = client.get("/api/v1/figures")
    assert (response.status_code, response["Content-Type"]) == (503, PROBLEM)
    assert "clockstop data ingest" in response.json()["detail"]
    assert client.get("/api/v1/measures").status_code == 200


def test_a_bug_is_a_problem_that_tells_nothing(book, monkeypatch):
    def fail():
        raise RuntimeError("secret")

    monkeypatch.setattr(endpoint, "current_figures", fail)
    response = Client(raise_request_exception=False).get("/api/v1/figures")
    assert (response.status_code, response["Content-Type"]) == (500, PROBLEM)
    assert b"secret" not in response.content


def test_errors_of_pages_stay_pages(client):
    assert client.get("/nothing")["Content-Type"].startswith("text/html")

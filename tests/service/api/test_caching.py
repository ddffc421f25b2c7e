"""An answer stands for as long as the lake does, and callers need not fetch it twice."""

import os

import pytest

from clockstop.analytics.forecast.book import book_file
from clockstop.analytics.forecast.expected.waits import expected_file
from clockstop.analytics.published.lake import Lake
from clockstop.service.api import answers

FORECASTS = ["/forecasts/icb/QWO", "/expected-waits/RR8/C_110"]
PATHS = ["/figures", "/areas", "/areas/england/E92000001", "/measures", "/openapi.json", *FORECASTS]


@pytest.fixture
def version(monkeypatch):
    """The lake's version; tests may change it."""
    at = ["1"]
    monkeypatch.setattr(answers, "current_version", lambda: at[0])
    return at


@pytest.mark.parametrize("path", PATHS)
def test_who_has_it_already_is_told_so(client, version, path):
    first = client.get(f"/api/v1{path}")
    assert first["Cache-Control"] == "public, max-age=300"
    again = client.get(f"/api/v1{path}", headers={"if-none-match": f'"x", W/{first["ETag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == first["Cache-Control"]


@pytest.mark.parametrize("path", PATHS)
def test_a_changed_lake_gives_a_new_tag(client, version, path):
    first = client.get(f"/api/v1{path}")
    version[0] = "2"
    again = client.get(f"/api/v1{path}", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]


@pytest.mark.parametrize("path", FORECASTS)
@pytest.mark.parametrize("file", [book_file, expected_file])
def test_forecasts_worked_out_anew_give_a_new_tag(client, version, tmp_path, path, file):
    first = client.get(f"/api/v1{path}")
    os.utime(file(Lake(tmp_path)), ns=(1, 1))
    again = client.get(f"/api/v1{path}", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]


def test_tags_are_strong_and_tell_questions_apart(client, version):
    addresses = ["/figures", "/figures?limit=1", "/figures?limit=2", "/areas?limit=1"]
    tags = [client.get(f"/api/v1{each}")["ETag"] for each in addresses]
    assert len(set(tags)) == 4
    assert all(tag.startswith('"') for tag in tags)


def test_the_same_question_gives_the_same_bytes(client, version):
    first, again = (client.get("/api/v1/figures?limit=1000") for _ in range(2))
    assert (first["ETag"], first.content) == (again["ETag"], again.content)


def test_a_wrong_question_is_never_unchanged(client, version):
    tag = client.get("/api/v1/figures")["ETag"]
    headers = {"if-none-match": tag}
    assert client.get("/api/v1/figures", {"limit": 0}, headers=headers).status_code == 400


@pytest.mark.parametrize("path", PATHS)
def test_heads_are_those_of_the_whole(client, version, path):
    head, whole = client.head(f"/api/v1{path}"), client.get(f"/api/v1{path}")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]
    assert head.headers.get("Link") == whole.headers.get("Link")

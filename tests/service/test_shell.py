"""What every page stands on: headers, notices, error pages, discreet logs."""

import logging
import re
from importlib.metadata import metadata, version
from importlib.resources import files

import pytest
from django.test import Client
from tests.service.fakes import FakeBook

from clockstop.service.compare import book as shelf
from clockstop.service.ui.logs import DiscreetFormatter

PAGES = [
    "/",
    "/?function=C_110",
    "/about-the-data/",
    "/figures/england/",
    "/providers/R01/",
    "/nothing",
]


def text(response) -> str:
    return response.content.decode()


def static(path: str):
    return files("clockstop.service.ui").joinpath("static", path)


def test_the_vendored_frontend_is_the_one_that_the_macros_are_for():
    vendored = static("nhsuk/VERSION").read_text().strip()
    table = metadata("nhsuk-frontend-jinja").get_payload()
    pairs = dict(re.findall(r"^\| ([\d.]+) \| ([\d.]+) \|$", table, re.MULTILINE))
    assert pairs[vendored] == version("nhsuk-frontend-jinja")
    assert f'version="{vendored}"' in static("nhsuk/nhsuk-frontend.min.js").read_text()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_security_headers(book, client, path):
    response = client.get(path)
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


def test_every_script_carries_the_nonce_of_its_own_response(book, client):
    nonces = []
    for _ in range(2):
        response = client.get("/")
        (nonce,) = re.findall(r"'nonce-([^']+)'", response["Content-Security-Policy"])
        scripts = re.findall(r"<script[^>]*>", text(response))
        assert scripts
        assert all(f'nonce="{nonce}"' in script for script in scripts)
        nonces.append(nonce)
    assert nonces[0] != nonces[1]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_loads_or_styles_anything_inline_or_from_elsewhere(book, client, path):
    page = text(client.get(path))
    loaded = re.findall(r'<(?:link|script|img)[^>]* (?:href|src)="([^"]+)"', page)
    assert loaded
    assert all(address.startswith("/static/") for address in loaded)
    assert "style=" not in page


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("synthetic", [True, False])
def test_made_up_figures_are_said_to_be_on_every_page(book, client, path, synthetic):
    book.synthetic = synthetic
    assert ("Made-up data" in text(client.get(path))) is synthetic


def test_a_page_after_an_error_is_also_marked(book, client):
    book.synthetic = True
    assert "Made-up data" in text(client.post("/", {"need": "zzzz"}))


def test_nhs_marks_are_off_unless_set(book, client, settings):
    plain = text(client.get("/"))
    assert "nhsuk-header__logo" not in plain
    assert "arial.css" in plain
    settings.CLOCKSTOP_NHS_LOGO = settings.CLOCKSTOP_FRUTIGER = True
    marked = text(client.get("/"))
    assert "nhsuk-header__logo" in marked
    assert "arial.css" not in marked


@pytest.mark.parametrize("path", ["/", "/?function=C_110", "/figures/england/", "/providers/R01/"])
def test_without_data_a_page_says_how_to_load_some(client, settings, tmp_path, path):
    settings.CLOCKSTOP_HOME = tmp_path
    response = client.get(path)
    assert response.status_code == 503
    assert "clockstop data ingest" in text(response)


def test_without_data_the_pages_about_it_still_work(client, settings, tmp_path):
    settings.CLOCKSTOP_HOME = tmp_path
    assert client.get("/about-the-data/").status_code == 200
    assert client.get("/nothing").status_code == 404
    assert client.get("/healthz").content == b"ok"


def test_an_unknown_address_gets_a_page_in_the_shell(book, client):
    response = client.get("/nothing")
    assert response.status_code == 404
    assert "<h1" in text(response)
    assert "Page not found" in text(response)


def test_a_form_without_its_token_is_refused_in_plain_words(book):
    response = Client(enforce_csrf_checks=True).post("/", {"need": "hip"})
    assert response.status_code == 403
    assert "security cookie" in text(response)


def test_a_bug_shows_a_page_and_nothing_of_the_form(book, monkeypatch, caplog):
    typed = "LS1 4AP"

    def fail(_function):
        raise ValueError(typed)

    monkeypatch.setattr(FakeBook, "compare", staticmethod(fail))
    client = Client(raise_request_exception=False)
    response = client.post("/", {"need": "hip replacement", "place": typed})
    assert response.status_code == 500
    assert "Sorry, there is a problem" in text(response)
    assert "LS1" not in text(response)
    printed = [DiscreetFormatter().format(record) for record in caplog.records]
    assert any("ValueError" in line and "comparison" not in line for line in printed)
    assert not any("LS1" in line for line in printed)


@pytest.mark.parametrize(
    ("path", "line"), [("/LS1 4AP", "404 Not Found"), ("/providers/LS1 4AP/", "404 Not Found")]
)
def test_a_path_that_was_typed_is_not_logged(book, client, caplog, path, line):
    assert client.get(path).status_code == 404
    printed = [DiscreetFormatter().format(record) for record in caplog.records]
    assert [each for each in printed if each.endswith(f"WARNING django.request {line}")]
    assert not any("LS1" in each for each in printed)


def test_a_form_that_was_refused_is_logged_without_its_path_and_referrer(book, caplog):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/", {"need": "hip"}, secure=True, headers={"referer": "https://LS1.test"})
    assert answer.status_code == 403
    printed = [DiscreetFormatter().format(record) for record in caplog.records]
    assert any(each.endswith("WARNING django.security.csrf 403 Forbidden") for each in printed)
    assert not any("LS1" in each for each in printed)


def test_other_lines_are_logged_as_they_are():
    record = logging.LogRecord("clockstop", logging.INFO, "", 0, "%s months", (18,), None)
    assert DiscreetFormatter().format(record).endswith("INFO clockstop 18 months")


def test_the_configured_handlers_all_use_the_discreet_formatter(settings):
    handlers = settings.LOGGING["handlers"].values()
    assert [handler["formatter"] for handler in handlers] == ["discreet"]
    own = [each for each in logging.getLogger("django").handlers if each.name == "console"]
    assert [type(each.formatter) for each in own] == [DiscreetFormatter]


def test_the_book_is_read_anew_when_the_catalogue_changes(monkeypatch, tmp_path):
    opened = []

    class Lake:
        at = 1

        def __init__(self, home):
            self.home = home

        def version(self):
            return Lake.at

    monkeypatch.setattr(shelf, "Lake", Lake)
    monkeypatch.setattr(shelf, "WaitsBook", lambda lake: opened.append(lake) or len(opened))
    shelf._open.cache_clear()
    assert [shelf.book_of(tmp_path), shelf.book_of(tmp_path)] == [1, 1]
    Lake.at = 2
    assert shelf.book_of(tmp_path) == 2
    shelf._open.cache_clear()

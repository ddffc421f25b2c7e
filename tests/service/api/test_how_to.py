"""What the documentation shows of the API is what the API does."""

import re
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "api.md"
ADDRESSES = re.findall(r"http://127\.0\.0\.1:8000(/[^'\"\s]+)'", PAGE.read_text())


@pytest.fixture
def site(client):
    """What asks the site under test in place of one that runs."""

    def ask(address):
        parts = urlsplit(address)
        response = client.get(f"{parts.path}?{parts.query}")
        assert response.status_code == 200, response.content
        return BytesIO(response.content)

    return ask


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_addresses_shown_are_answered(site, address):
    site(address)


def test_the_program_reads_every_row(site, monkeypatch, capsys, get):
    (program,) = re.findall(r"^```py\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    monkeypatch.setattr("urllib.request.urlopen", site)
    exec(compile(program, PAGE.name, "exec"), {})
    answer = get("/figures", kind="region", sector="all", function="C_999")
    assert len(capsys.readouterr().out.splitlines()) == answer["total"] > 0


def test_the_error_shown_is_the_one_that_comes(get):
    answer = get("/figures", 400, kind="county", limt=5)
    for word in ("Look at: kind, limt.", *(each["detail"] for each in answer["wrong"])):
        assert word in PAGE.read_text()
    assert answer["detail"] == "Look at: kind, limt."

"""``clockstop pas``: extracts brought in, listed and refused, and the list made anew."""

import json

import pytest
from tests.service.intake.extracts import REFERRED, SEEN, events, pathway, person, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path, home):
    """The extract of a hospital: one patient, seen."""
    return write(tmp_path / "night", [person()], [pathway()], events(1, REFERRED, SEEN))


def test_what_was_brought_in_is_listed(folder, clockstop):
    done = clockstop("pas", "import", folder, "--provider", "RAA", "--json")
    assert done.exit_code == 0
    (made,) = json.loads(done.stdout)["imports"]
    assert (made["status"], made["pathways"], made["events"]) == ("done", 1, 2)
    (listed,) = json.loads(clockstop("pas", "imports", "--json").stdout)
    assert listed["id"] == made["id"]
    assert clockstop("audit", "verify").exit_code == 0


def test_the_list_is_as_of_the_day_of_the_import(folder, clockstop):
    clockstop("pas", "import", folder, "--provider", "RAA")
    assert clockstop("pas", "refresh").stdout.startswith("0 rows")


def test_a_refused_extract_tells_why_in_a_file(folder, tmp_path, clockstop):
    (folder / "people.csv").write_text("person\n")
    report = tmp_path / "faults.csv"
    refused = clockstop("pas", "import", folder, "--provider", "RAA", "--report", report)
    assert refused.exit_code == 1
    assert "Nothing was brought in" in refused.stdout
    assert report.read_text().startswith("file,row,column,found,expected\n")
    assert json.loads(clockstop("pas", "imports", "--json").stdout) == []

"""Files of the list: the rows of the page and no others, harmless to open, known to the audit."""

import csv
import hashlib
import json
from datetime import date
from io import BytesIO, StringIO

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook
from tests.service.people import OTHER_HOSPITAL, a_member, a_patient, an_actor, signed_in
from tests.service.tracking.listed import ago, an_entry, today

from clockstop.service.accounts.roles import PROVIDING, STAFF, Role
from clockstop.service.audit.models import Entry
from clockstop.service.tracking import exports
from clockstop.service.tracking.filters import Filter
from clockstop.service.tracking.lists import OwnList
from clockstop.service.tracking.models import ListEntry
from clockstop.service.tracking.ordering import streamed

pytestmark = pytest.mark.django_db


@pytest.fixture
def grace(client) -> Client:
    return signed_in(client, a_member())


def taken(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    content = b"".join(response.streaming_content)  # and so it is closed
    assert "confidential" in response["Content-Disposition"]
    assert response["Cache-Control"] == "no-store"
    return content


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode())))


def test_a_file_has_the_rows_of_the_list_in_its_order(grace):
    for weeks in (3, 80, 20, 55):
        an_entry(clock_start=ago(weeks=weeks), priority="3" if weeks == 20 else "1")
    an_entry(state="closed", clock_start=ago(weeks=90))
    an_entry(OTHER_HOSPITAL, clock_start=ago(weeks=90))
    rows = csv_rows(taken(grace, "/tracking/export.csv?over=18"))
    own = OwnList(an_actor(), Filter(over=18), today())
    wanted = [
        str(each[0]) for each in streamed(own.rows, "priority", today(), ("pathway__identifier",))
    ]
    assert [row["Pathway identifier"] for row in rows] == wanted
    assert [row["Over weeks"] for row in rows] == ["18", "78", "52"]
    assert [row["Days waited"] for row in rows] == ["140", "560", "385"]
    assert {row["NHS number"] for row in rows} <= set(
        ListEntry.objects.values_list("pathway__patient__nhs_number", flat=True)
    )


def test_excel_has_the_same_with_days_as_days_and_says_what_it_is(grace):
    an_entry(clock_start=ago(weeks=30), procedure_priority="P2")
    an_entry(clock_start=None, start_unknown=True)
    content = taken(grace, "/tracking/export.xlsx?state=any")
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    assert book.sheet_names == ["About this file", "Tracking list"]
    head, *rows = book.get_sheet_by_name("Tracking list").to_python()
    assert tuple(head) == exports.HEADINGS
    by_wait = {row[head.index("Days waited")]: row for row in rows}
    assert set(by_wait) == {210.0, ""}
    assert by_wait[210.0][head.index("Clock start")] == ago(weeks=30)
    assert isinstance(by_wait[210.0][head.index("NHS number")], str)
    about = [row[0] for row in book.get_sheet_by_name("About this file").to_python()]
    assert about[0] == exports.MARK
    assert "Everybody on the list" in about[3]


def test_a_name_that_is_a_formula_stays_a_name(grace):
    an_entry(patient=a_patient(family_name="=HYPERLINK(1)", given_name="@Ada"))
    (row,) = csv_rows(taken(grace, "/tracking/export.csv"))
    assert (row["Family name"], row["Given name"]) == ("'=HYPERLINK(1)", "'@Ada")
    book = CalamineWorkbook.from_filelike(BytesIO(taken(grace, "/tracking/export.xlsx")))
    assert book.get_sheet_by_name("Tracking list").to_python()[1][1] == "=HYPERLINK(1)"


@pytest.mark.parametrize("kind", exports.TYPES)
def test_the_audit_keeps_who_took_what_and_no_name(grace, kind):
    an_entry()
    content = taken(grace, f"/tracking/export.{kind}?over=2&specialty=C_110")
    entry = Entry.objects.get(action="exported the tracking list")
    assert json.loads(entry.detail) == {
        "filter": "specialty=C_110&over=2",
        "rows": 1,
        "kind": kind,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    assert entry.organisation_code == "RAA"


@pytest.mark.parametrize("role", sorted(STAFF))
def test_only_a_providers_people_take_files(role):
    member = a_member(role, "QAA" if role is Role.ICB_HUB else "RAA")
    response = signed_in(Client(), member).get("/tracking/export.csv")
    assert response.status_code == (200 if role in PROVIDING else 403)
    response.close()


@pytest.mark.parametrize("address", ["/tracking/export.pdf", "/tracking/export.csv?over=x"])
def test_what_there_is_not_is_not_found(grace, address):
    assert grace.get(address).status_code == 404
    assert not Entry.objects.filter(action="exported the tracking list").exists()


def test_rows_are_never_held_all_at_once():
    """However many rows come, they pass through one by one."""
    held = most = 0

    def rows():
        nonlocal held, most
        for _ in range(5000):
            held += 1
            most = max(most, held)
            yield tuple(None for _ in exports.COLUMNS)
            held -= 1

    made = exports.write("csv", rows(), exports.About("", date(2026, 1, 1), "", ""))
    assert (made.rows, most) == (5000, 1)
    made.file.close()

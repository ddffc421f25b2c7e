"""A week that was made elsewhere: what is taken in, what is rejected, and what is said of it."""

import io
import zipfile
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.service.people import a_member, an_actor, signed_in
from tests.service.returns.made_up import KEY, SUNDAY, treated, waiting
from tests.service.returns.made_up import records as given_records

from clockstop.analytics.wlmds.building import build_submission
from clockstop.analytics.wlmds.writing import file_of
from clockstop.service.accounts.roles import Role
from clockstop.service.returns import uploads
from clockstop.service.returns.actions import upload_weekly
from clockstop.service.returns.made import CannotMakeError
from clockstop.service.returns.models import Return
from clockstop.service.returns.states import State
from clockstop.service.ui.uploads import Most

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def week():
    """The files of a week, by name."""
    from datetime import date

    people = given_records(
        [waiting(date(2025, 9, 5)), treated(date(2025, 6, 2), date(2025, 9, 24))]
    )
    tables = build_submission(*people, provider="RAA", week_ending=SUNDAY, key=KEY)
    return {f"{name}.csv": file_of(name, table) for name, table in tables.items()}


def sent(files):
    return [SimpleUploadedFile(name, content) for name, content in files.items()]


def zipped(files):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def upload(files, **more):
    actor = an_actor(Role.PROVIDER_ADMINISTRATOR)
    values = {"week_ending": SUNDAY, "submission": uuid4()} | more
    return upload_weekly(actor=actor, sent=files, **values)


def test_files_or_one_zip_of_them_are_the_same_submission(week):
    folder = {f"../../week/{name}": content for name, content in week.items()}
    plain, packed = upload(sent(week)), upload(sent({"RAA.zip": zipped(folder)}))
    assert plain.holds == packed.holds
    assert {each.name for each in packed.files.all()} - {"faults.csv"} == set(week)
    assert packed.told["tables"] == {
        "open": 1,
        "starts": 0,
        "stops": 1,
        "diagnostics": 0,
        "asi": 0,
        "pifu": 0,
    }
    assert packed.stands is State.CHECKED


def test_files_with_errors_are_kept_as_rejected_with_their_report(week):
    wrong = week | {"open.csv": week["open.csv"].replace(b"2025-09-28", b"2025-09-27")}
    good = upload(sent(week))
    bad = upload(sent(wrong))
    good.refresh_from_db()
    assert (good.stands, bad.stands, bad.version) == (State.CHECKED, State.REJECTED, 2)
    report = bad.files.get(name="faults.csv").content.decode()
    assert "2025-09-27" in report
    assert "mend" in report.splitlines()[0]
    assert any(check.is_error and check.mend for check in bad.findings)


def test_a_table_that_is_missing_is_an_error(week):
    some = {name: content for name, content in week.items() if name != "stops.csv"}
    assert upload(sent(some)).stands is State.REJECTED


NO_SUBMISSION = [
    ("nothing", lambda week: []),
    ("an empty zip", lambda week: sent({"week.zip": zipped({})})),
    ("a broken zip", lambda week: sent({"week.zip": zipped(week)[:-40]})),
    ("too many files", lambda week: sent({f"{n}.csv": b"x" for n in range(9)})),
    ("a zip of too many", lambda week: sent({"w.zip": zipped({f"{n}.csv": b"x" for n in range(9)})})),
]  # fmt: skip


@pytest.mark.parametrize("case", NO_SUBMISSION, ids=lambda case: case[0])
def test_what_is_no_submission_is_not_kept(case, week):
    with pytest.raises(CannotMakeError):
        upload(case[1](week))
    assert Return.objects.count() == 0


def test_a_zip_that_grows_beyond_what_is_allowed_is_not_read(week, monkeypatch):
    monkeypatch.setattr(uploads, "MOST", Most(files=8, megabytes=1))
    bomb = {"open.csv": b"0" * 2_000_000}
    with pytest.raises(CannotMakeError, match="larger than"):
        upload(sent({"week.zip": zipped(bomb)}))


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", b"a,b\n1,2\n", b"PAR1 no"])
def test_what_is_no_table_is_rejected_and_said(content, week):
    held = upload(sent(week | {"open.csv": content}))
    assert held.stands is State.REJECTED


def test_the_page_shows_what_was_found_and_how_to_mend_it(week):
    client = signed_in(Client(), a_member(Role.PROVIDER_ADMINISTRATOR))
    at = reverse("upload_return")
    form = BeautifulSoup(client.get(at).content, "html.parser").select_one("main form")
    assert form["enctype"] == "multipart/form-data"
    chosen = {"submission": form.select_one("[name=submission]")["value"]}
    nothing = client.post(at, chosen | {"week": "2025-09-28"})
    assert nothing.status_code == 400
    assert b"Choose the files of the week" in nothing.content
    no_week = client.post(at, chosen | {"week": "1", "files": sent(week)})
    assert b"Choose the week that the files are of" in no_week.content
    wrong = week | {"open.csv": week["open.csv"].replace(b"2025-09-28", b"2025-09-27")}
    answer = client.post(at, chosen | {"week": "2025-09-28", "files": sent(wrong)}, follow=True)
    words = answer.content.decode()
    assert "Rejected" in words
    assert "How to mend" in words
    assert "faults.csv" in words
    assert client.post(at, chosen | {"week": "2025-09-28", "files": sent(wrong)}).status_code == 302
    assert Return.objects.count() == 1

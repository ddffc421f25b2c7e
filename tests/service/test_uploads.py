"""How files of a form are received: nothing of them stays on the disk under a name."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import gettempdir

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from clockstop.service.ui import uploads
from clockstop.service.ui.uploads import MEGABYTE, Most, UnnamedFiles, UploadRefusedError, contents


@pytest.fixture
def received():
    """Send files, and get what a view would."""
    with ExitStack() as sent:

        def given(*files):
            request = RequestFactory().post("/", {"files": list(files)})
            sent.callback(request.close)
            return request.FILES.getlist("files")

        yield given


def test_a_large_file_is_received_whole_and_has_no_name(received):
    before = set(Path(gettempdir()).iterdir())
    content = bytes(range(256)) * 16_384
    (sent,) = received(SimpleUploadedFile("a.csv", content))
    assert {each for each in Path(gettempdir()).iterdir() if ".upload" in each.name} <= before
    assert (sent.name, sent.size, sent.read()) == ("a.csv", len(content), content)


def test_what_is_over_the_limit_is_counted_and_not_kept(monkeypatch, received):
    monkeypatch.setattr(UnnamedFiles, "_room", 1000)
    sent = received(*(SimpleUploadedFile(f"{n}.csv", b"x" * 700) for n in range(3)))
    assert [each.size for each in sent] == [700, 700, 700]
    assert [len(each.read()) for each in sent] == [700, 300, 0]


def test_files_over_the_limit_are_refused_by_what_was_sent(monkeypatch, received):
    monkeypatch.setattr(UnnamedFiles, "_room", 1000)
    sent = received(SimpleUploadedFile("a.csv", b"x" * (MEGABYTE + 1)))
    with pytest.raises(UploadRefusedError, match="larger than 1 MB"):
        contents(sent, Most(files=8, megabytes=1))


def test_every_page_that_takes_files_takes_no_more_than_is_kept():
    from clockstop.service.intake.uploads import MOST as OF_EXTRACTS
    from clockstop.service.returns.uploads import MOST as OF_WEEKS

    assert max(OF_EXTRACTS.megabytes, OF_WEEKS.megabytes) <= uploads.KEPT_MEGABYTES


def test_a_file_that_breaks_off_is_no_file_and_is_closed():
    body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\nhalf'
    handler = UnnamedFiles()
    request = RequestFactory().post("/", body, content_type="multipart/form-data; boundary=x")
    request.upload_handlers = [handler]
    assert request.FILES.getlist("files") == []
    assert handler.file.closed

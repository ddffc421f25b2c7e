"""What may be attached, by its first bytes; and that a referral keeps or refuses it whole."""

import pytest
from tests.service.referrals.made_up import (
    OTHER_HOSPITAL,
    a_booking_office,
    a_referral,
    a_referrer,
    booked,
)

from clockstop.service.referrals import actions
from clockstop.service.referrals.attachments import MEGABYTES, MOST, File, against_files
from clockstop.service.referrals.models import Document

pytestmark = pytest.mark.django_db
PDF, PNG, JPEG = b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\n x", b"\xff\xd8\xff x"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("letter.pdf", PDF, "application/pdf"),
        ("LETTER.PDF", PDF, "application/pdf"),
        ("scan.png", PNG, "image/png"),
        ("scan.jpeg", JPEG, "image/jpeg"),
        ("notes.txt", "naïve".encode(), "text/plain"),
        ("notes.rtf", b"{\\rtf1 x}", "application/rtf"),
        ("letter.docx", b"PK\x03\x04 x", "application/vnd.openxmlformats"),
        ("letter.pdf", b"MZ\x90 x", ""),  # a program under another name
        ("letter.exe", PDF, ""),  # the other way round
        ("page.txt", b"\xff\xfe\x00", ""),  # no text
        ("files.zip", b"PK\x03\x04 x", ""),
        ("page.html", b"<script>", ""),
    ],
)
def test_what_a_file_is_both_its_name_and_its_bytes_must_say(name, content, kind):
    found = File(name, content)
    assert found.kind.startswith(kind)
    assert bool(found.kind) == bool(kind)
    assert bool(against_files([found])) != bool(kind)


def test_files_have_limits():
    most = MEGABYTES * 1024 * 1024
    assert against_files([File("a.pdf", PDF.ljust(most))]) == ()
    assert [each.code for each in against_files([File("a.pdf", PDF.ljust(most + 1))])] == [
        "INVALID_FILE"
    ]
    assert against_files([File("a.pdf", b"")])
    assert not against_files([File("a.pdf", PDF)] * MOST)
    assert against_files([File("a.pdf", PDF)] * MOST, held=1)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("../../etc/x.pdf", "x.pdf"),
        ("C:\\Docs\\x.pdf", "x.pdf"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("", "file"),
    ],
)
def test_a_title_is_the_plain_end_of_the_name(name, title):
    assert File(name, PDF).title == title


def test_a_new_referral_takes_its_files_along_and_its_letter_is_no_longer_due():
    assert a_referral().letter_due
    referral = a_referral(files=[File("letter.pdf", PDF)])
    held = Document.objects.get(referral=referral)
    assert (bytes(held.content), held.size, held.attached_as) == (PDF, len(PDF), "REFERRER")
    assert not referral.letter_due


def test_a_referral_with_a_wrong_file_is_not_made_at_all():
    with pytest.raises(actions.StepRefusedError, match="no PDF"):
        a_referral(files=[File("letter.pdf", PDF), File("x.exe", b"MZ")])
    assert not Document.objects.exists()


def test_files_come_later_and_go_again_but_the_row_stays():
    actor, referral = a_referrer(), a_referral()
    actions.attach(actor=actor, referral_id=referral.pk, files=[File("letter.pdf", PDF)])
    referral.refresh_from_db()
    assert not referral.letter_due
    held = Document.objects.get()
    actions.remove(actor=actor, referral_id=referral.pk, document_id=held.pk)
    held.refresh_from_db()
    assert held.removed
    with pytest.raises(actions.StepRefusedError, match="no such file"):
        actions.remove(actor=actor, referral_id=referral.pk, document_id=held.pk)


def test_the_provider_attaches_its_own_and_takes_off_nobody_elses():
    referral, office = booked(), a_booking_office()
    actions.attach(actor=a_referrer(), referral_id=referral.pk, files=[File("a.pdf", PDF)])
    actions.attach(actor=office, referral_id=referral.pk, files=[File("b.pdf", PDF)])
    assert Document.objects.get(title="b.pdf").attached_as == "PROVIDER"
    with pytest.raises(actions.StepRefusedError, match="of your organisation"):
        actions.remove(
            actor=office,
            referral_id=referral.pk,
            document_id=Document.objects.get(title="a.pdf").pk,
        )
    elsewhere = a_booking_office(OTHER_HOSPITAL)
    with pytest.raises(type(referral).DoesNotExist):
        actions.attach(actor=elsewhere, referral_id=referral.pk, files=[File("c.pdf", PDF)])


def test_additional_requirements_are_kept_with_the_referral():
    referral = a_referral(additional_requirements=("TRANSPORT", "INTERPRETER"))
    referral.refresh_from_db()
    assert referral.additional_requirements == ("TRANSPORT", "INTERPRETER")

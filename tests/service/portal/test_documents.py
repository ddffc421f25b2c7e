"""Files with a referral: a patient reads those that staff shared, and no others."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.people import (
    HOSPITAL,
    OTHER_HOSPITAL,
    a_member,
    a_patient,
    signed_in,
    signed_in_carer,
    signed_in_patient,
)
from tests.service.portal.made_up import opened
from tests.service.referrals.made_up import booked

from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.referrals.models import Document

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 leaflet"


def an_office(code=HOSPITAL):
    return signed_in(Client(), a_member(Role.PROVIDER_ADMINISTRATOR, code))


@pytest.fixture
def attached():
    """The office of a hospital, its file with a referral, and the patient."""
    referral, office = booked(), an_office()
    at = reverse("received_attach", args=(referral.pk,))
    sent = office.post(at, {"files": SimpleUploadedFile("leaflet.pdf", PDF)})
    assert sent.status_code == 302
    return office, Document.objects.get(), signed_in_patient(Client(), referral.patient)


def share(client, document, shared="yes"):
    return client.post(reverse("share_document", args=(document.pk,)), {"shared": shared})


def read(client, document):
    return client.get(reverse("own_document", args=(document.pk,)))


def test_a_file_is_not_shared_until_staff_share_it_and_no_more_when_they_end_it(attached):
    office, document, patient = attached
    page = reverse("own_referral", args=(document.referral_id,))
    assert read(patient, document).status_code == 404
    assert "leaflet.pdf" not in patient.get(page).content.decode()
    share(office, document)
    document.refresh_from_db()
    assert document.shared_on == timezone.localdate()
    assert "leaflet.pdf" in patient.get(page).content.decode()
    got = read(patient, document)
    assert got.content == PDF
    assert "attachment" in got["Content-Disposition"]
    share(office, document, "no")
    assert read(patient, document).status_code == 404
    told = [each.action for each in Entry.objects.order_by("pk") if "shar" in each.action]
    assert told == [
        "referral: shared a file with the patient",
        "read a shared file",
        "referral: ended sharing a file with the patient",
    ]


def test_nobody_else_reads_or_shares_it(attached):
    office, document, _ = attached
    other = an_office(OTHER_HOSPITAL)
    assert share(other, document).status_code == 404
    share(office, document)
    assert read(signed_in_patient(Client(), a_patient()), document).status_code == 404
    assert read(signed_in_carer(Client(), document.referral.patient), document).status_code == 200
    visitor, _, _ = opened(document.referral)
    assert "leaflet.pdf" not in visitor.get("/booking/referral/").content.decode()
    assert read(visitor, document).status_code == 302  # to signing in


def test_a_practices_letter_is_not_the_providers_to_share(attached):
    office, document, patient = attached
    Document.objects.update(organisation_code="A81001", attached_as="REFERRER")
    assert share(office, document).status_code == 400
    assert read(patient, document).status_code == 404


def test_what_is_removed_or_of_a_sensitive_record_is_not_read(attached):
    office, document, patient = attached
    share(office, document)
    Document.objects.update(removed=True)
    assert read(patient, document).status_code == 404
    Document.objects.update(removed=False)
    type(document.referral.patient).objects.update(sensitive=True)
    assert read(patient, document).status_code == 404


def test_a_program_under_another_name_is_refused(attached):
    office, document, _ = attached
    at = reverse("received_attach", args=(document.referral_id,))
    refused = office.post(at, {"files": SimpleUploadedFile("leaflet.pdf", b"MZ")})
    assert refused.status_code == 400
    assert "Nothing was changed" in refused.content.decode()
    assert Document.objects.count() == 1

"""What lists say of requests to whoever has the next step."""

import pytest
from django.utils import timezone
from tests.service.people import HOSPITAL, an_actor
from tests.service.transfers.made_up import (
    a_capacity,
    a_test_request,
    accepted,
    told,
    transferred,
    transferring,
)

from clockstop.service.accounts.roles import Role
from clockstop.service.registry.models import Kind, Organisation
from clockstop.service.transfers.provider.acts import ACTS
from clockstop.service.transfers.provider.rows import coming_rows

pytestmark = pytest.mark.django_db


def a_test():
    capacity = a_capacity(kind="diagnostic", diagnostic_tests=("MRI",), result_within=7)
    return transferred(accepted(a_test_request(), capacity))


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: accepted().request, "Check that you can treat them"),
        (transferring, "Receive them"),
        (transferred, "Treat them"),
        (a_test, "Send the result back"),
    ],
)
def test_the_receiver_reads_what_it_does_next_and_from_whom_the_patient_comes(made, words):
    request = made()
    Organisation.objects.filter(code=HOSPITAL).delete()
    Organisation.objects.create(code=HOSPITAL, name="Riverside Hospital", kind=Kind.PROVIDER)
    row = coming_rows([request], timezone.localdate())[0]
    assert (row.who, row.notice) == (request.patient.name, words)
    assert row.more[0] == "From Riverside Hospital"


def test_the_sender_chooses_between_offers_by_the_names_of_their_providers():
    made = told()
    Organisation.objects.update_or_create(
        code=made.organisation_code, defaults={"name": "Hillside Clinic", "kind": Kind.PROVIDER}
    )
    sender = an_actor(Role.WAITING_LIST_MANAGER, HOSPITAL)
    (offer,) = ACTS["choose"].asks(made.request, sender)
    assert offer.choices == ((str(made.pk), f"{made.day:%-d %B %Y}, Hillside Clinic, {made.team}"),)

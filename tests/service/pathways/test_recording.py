from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.service.people import HOSPITAL, OTHER_HOSPITAL, a_member, a_pathway, an_actor, an_event

from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.audit.verifying import verify
from clockstop.service.pathways.actions import EntryRefusedError, preview, record_event
from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import Pathway

pytestmark = pytest.mark.django_db
REFERRED = {"kind": "referral_received", "day": "2025-01-06"}


def test_a_referral_that_is_recorded_starts_the_clock_and_is_in_the_audit():
    pathway, manager = a_pathway(), an_actor()
    entry = record_event(actor=manager, pathway=pathway, values=REFERRED, submission=uuid4())
    running = clock_on(pathway.events.all(), date(2025, 3, 1)).running
    assert running.start == date(2025, 1, 6)
    assert (entry.number, entry.recorded_by) == (1, str(manager.person))
    told = Entry.objects.get(subject=str(pathway.pk))
    assert told.action == "recorded an event"
    assert str(entry.pk) in told.detail
    assert verify().faults == ()


def test_a_form_sent_twice_is_one_entry():
    pathway, manager, once = a_pathway(), an_actor(), uuid4()
    entries = [
        record_event(actor=manager, pathway=pathway, values=REFERRED, submission=once)
        for _ in range(2)
    ]
    assert entries[0].pk == entries[1].pk
    assert pathway.events.count() == Entry.objects.count() == 1


def test_a_preview_shows_the_effect_and_writes_nothing():
    pathway, clinician = a_pathway(), an_actor(Role.PROVIDER_CLINICIAN)
    an_event(pathway, "referral_received", date(2025, 1, 6))
    values = {"kind": "treatment_started", "day": "2025-02-03"}
    effect = preview(actor=clinician, pathway=pathway, values=values)
    assert effect.before.running
    assert effect.after.periods[0].end == date(2025, 2, 3)
    assert pathway.events.count() == 1


def test_a_wrong_entry_is_corrected_and_stays():
    pathway, manager = a_pathway(), an_actor()
    an_event(pathway, "referral_received", date(2025, 1, 6))
    values = REFERRED | {"day": "2025-01-08", "supersedes": "e1"}
    record_event(
        actor=manager, pathway=pathway, values=values, submission=uuid4(), reason="Typing error"
    )
    clock = clock_on(pathway.events.all(), date(2025, 3, 1))
    assert clock.running.start == date(2025, 1, 8)
    assert [each.wrong.id for each in clock.corrections] == ["e1"]
    assert pathway.events.count() == 2


@pytest.mark.parametrize(
    ("values", "reason", "field"),
    [
        ({"kind": "nothing", "day": "2025-01-06"}, "", "kind"),
        ({"kind": "referral_received", "day": "6 January"}, "", "day"),
        ({"kind": "referral_received"}, "", "day"),
        ({"kind": "referral_received", "day": "2999-01-06"}, "", "day"),
        (REFERRED | {"supersedes": "e1"}, "", "reason"),
        (REFERRED | {"supersedes": "e7"}, "Typing error", "supersedes"),
        (REFERRED | {"colour": "red"}, "", "colour"),
        ({"kind": "entry_withdrawn", "day": "2025-01-06"}, "", "supersedes"),
    ],
)
def test_what_cannot_be_entered_is_refused_by_its_field_and_nothing_is_written(
    values, reason, field
):
    pathway, manager = a_pathway(), an_actor()
    an_event(pathway, "referral_received", date(2025, 1, 6))
    if values.get("day") == "2999-01-06":
        values = values | {"day": (timezone.localdate() + timedelta(days=1)).isoformat()}
    with pytest.raises(EntryRefusedError) as refused:
        record_event(
            actor=manager, pathway=pathway, values=values, submission=uuid4(), reason=reason
        )
    assert field in [each.field for each in refused.value.refusals]
    assert pathway.events.count() == 1


def test_a_decision_about_care_names_its_clinician():
    pathway, manager = a_pathway(), an_actor()
    clinician = a_member(Role.PROVIDER_CLINICIAN).person
    elsewhere = a_member(Role.PROVIDER_CLINICIAN, OTHER_HOSPITAL).person
    an_event(pathway, "referral_received", date(2025, 1, 6))
    values = {"kind": "decision_not_to_treat", "day": "2025-02-03"}
    for nobody in (None, elsewhere.pk):
        with pytest.raises(EntryRefusedError, match="clinician"):
            record_event(
                actor=manager,
                pathway=pathway,
                values=values,
                submission=uuid4(),
                acting_for=nobody,
            )
    entry = record_event(
        actor=manager, pathway=pathway, values=values, submission=uuid4(), acting_for=clinician.pk
    )
    assert entry.acting_for == str(clinician.pk)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PATIENT, Role.CARER}))
def test_only_people_of_the_provider_enter_anything(role):
    pathway = a_pathway()
    own = an_actor(role, HOSPITAL)
    other = an_actor(role, OTHER_HOSPITAL)
    allowed = role in {
        Role.PROVIDER_ADMINISTRATOR,
        Role.PROVIDER_CLINICIAN,
        Role.WAITING_LIST_MANAGER,
    }
    if allowed:
        record_event(actor=own, pathway=pathway, values=REFERRED, submission=uuid4())
    for actor in (other,) if allowed else (own, other):
        with pytest.raises(PermissionDenied):
            record_event(actor=actor, pathway=pathway, values=REFERRED, submission=uuid4())
    assert pathway.events.count() == allowed


def test_a_transfer_shows_the_pathway_to_the_receiver_and_receipt_makes_it_theirs():
    pathway = a_pathway()
    receiver = an_actor(Role.WAITING_LIST_MANAGER, OTHER_HOSPITAL)
    an_event(pathway, "referral_received", date(2025, 1, 6))
    assert not Pathway.objects.visible_to(receiver).exists()
    an_event(pathway, "transfer_sent", date(2025, 2, 3), to=OTHER_HOSPITAL)
    assert Pathway.objects.visible_to(receiver).get() == pathway
    an_event(
        pathway, "transfer_received", date(2025, 2, 10), by=receiver, original_start="2025-01-06"
    )
    pathway.refresh_from_db()
    assert pathway.organisation_code == OTHER_HOSPITAL
    assert clock_on(pathway.events.all(), date(2025, 3, 1)).running.start == date(2025, 1, 6)

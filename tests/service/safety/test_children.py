"""A child who was not brought goes to a clinician and to safeguarding; no clock is nullified."""

from datetime import date
from uuid import uuid4

import pytest
from tests.service.people import a_member, a_pathway, a_patient, an_actor, an_event

from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.pathways.actions import EntryRefusedError, preview, record_event
from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import Review

pytestmark = pytest.mark.django_db
MISSED = {
    "kind": "did_not_attend",
    "day": "2025-02-03",
    "appointment": "first",
    "communicated": True,
}
BORN_CHILD, BORN_ADULT = date(2007, 2, 4), date(2007, 2, 3)  # 17 and 18 on the day


def waiting(born):
    pathway = a_pathway(a_patient(birth_date=born))
    an_event(pathway, "referral_received", date(2025, 1, 6))
    return pathway


def enter(pathway, by=None, **values):
    by = by or an_actor(Role.PROVIDER_ADMINISTRATOR)
    return record_event(actor=by, pathway=pathway, values=MISSED | values, submission=uuid4())


def runs(pathway):
    return clock_on(pathway.events.all(), date(2025, 6, 1)).running is not None


def test_a_child_who_missed_the_first_appointment_keeps_the_clock_and_gets_a_review():
    pathway = waiting(BORN_CHILD)
    entry = enter(pathway)
    assert runs(pathway)
    assert '"not_brought":true' in entry.values
    review = Review.objects.get()
    assert (review.kind, review.safeguarding, review.opened_for) == (
        "not_brought",
        True,
        str(entry.pk),
    )
    assert (review.pathway, review.closed_at) == (pathway, None)
    assert Entry.objects.filter(action="opened a review").count() == 1


def test_the_preview_shows_that_the_clock_goes_on():
    pathway = waiting(BORN_CHILD)
    effect = preview(actor=an_actor(Role.PROVIDER_ADMINISTRATOR), pathway=pathway, values=MISSED)
    assert effect.after.running


def test_from_the_eighteenth_birthday_the_usual_rule_holds():
    pathway = waiting(BORN_ADULT)
    enter(pathway)
    assert not runs(pathway)
    assert not Review.objects.exists()


def test_an_adult_at_risk_is_treated_like_a_child():
    pathway = waiting(date(1950, 1, 1))
    enter(pathway, not_brought=True)
    assert runs(pathway)
    assert Review.objects.get().safeguarding


def test_nobody_can_say_that_a_child_just_stayed_away():
    pathway = waiting(BORN_CHILD)
    with pytest.raises(EntryRefusedError) as refused:
        enter(pathway, not_brought=False)
    assert [each.field for each in refused.value.refusals] == ["not_brought"]
    assert pathway.events.count() == 1
    assert not Review.objects.exists()


def test_only_a_clinician_lets_a_child_lose_the_clock_and_the_review_opens_all_the_same():
    pathway = waiting(BORN_CHILD)
    with pytest.raises(EntryRefusedError, match="clinician"):
        enter(pathway, clinician_agreed=True)
    assert runs(pathway)
    enter(pathway, an_actor(Role.PROVIDER_CLINICIAN), clinician_agreed=True)
    assert not runs(pathway)
    assert Review.objects.get().safeguarding


def test_a_clinicians_word_is_named_when_somebody_else_enters_it():
    pathway, clinician = waiting(BORN_CHILD), a_member(Role.PROVIDER_CLINICIAN).person
    entry = record_event(
        actor=an_actor(Role.PROVIDER_ADMINISTRATOR),
        pathway=pathway,
        values=MISSED | {"clinician_agreed": True},
        submission=uuid4(),
        acting_for=clinician.pk,
    )
    assert entry.acting_for == str(clinician.pk)


def test_the_entry_and_its_review_stand_or_fall_together(monkeypatch):
    from clockstop.service.pathways import reviews

    def fail(*_, **__):
        raise RuntimeError

    pathway = waiting(BORN_CHILD)
    monkeypatch.setattr(reviews, "open_review", fail)
    with pytest.raises(RuntimeError):
        enter(pathway)
    assert pathway.events.count() == 1


def test_a_form_sent_twice_opens_one_review():
    pathway, once = waiting(BORN_CHILD), uuid4()
    for _ in range(2):
        record_event(
            actor=an_actor(Role.PROVIDER_ADMINISTRATOR),
            pathway=pathway,
            values=MISSED,
            submission=once,
        )
    assert Review.objects.count() == 1

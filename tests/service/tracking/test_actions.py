"""Notes, owners, due dates and views: who may, what is kept, what the audit says."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import Error, transaction
from tests.service.people import OTHER_HOSPITAL, a_member, an_actor
from tests.service.tracking.listed import ago, an_entry, today

from clockstop.service.accounts.roles import PROVIDING, Role
from clockstop.service.audit.models import Entry
from clockstop.service.audit.verifying import verify
from clockstop.service.pathways.models import CareRelationship
from clockstop.service.tracking import actions
from clockstop.service.tracking.actions import NotPossibleError
from clockstop.service.tracking.models import Handling, Note, SavedView

pytestmark = pytest.mark.django_db
TEXT = "Chest pain at rest; asked to wait for the echo."


@pytest.fixture
def pathway():
    return an_entry().pathway


def write(actor, pathway, text=TEXT, submission=None):
    submission = submission or uuid4()
    return actions.write_note(actor=actor, pathway=pathway, text=text, submission=submission)


def last_entry() -> Entry:
    return Entry.objects.exclude(icb_code="-").order_by("-number")[0]


def test_the_audit_has_the_fingerprint_of_a_note_and_none_of_its_words(pathway):
    actor = an_actor()
    note = write(actor, pathway)
    entry = last_entry()
    assert (entry.action, entry.subject) == (actions.NOTED, str(pathway.pk))
    detail = json.loads(entry.detail)
    assert detail == {"note": str(note.pk), "sha256": actions.fingerprint(TEXT)}
    assert not any(word in entry.detail for word in ("Chest", "pain", "echo"))
    assert verify().faults == ()


def test_a_note_that_is_sent_twice_is_one(pathway):
    actor, submission = an_actor(), uuid4()
    first, second = (write(actor, pathway, submission=submission) for _ in range(2))
    assert first == second
    assert Note.objects.count() == Entry.objects.filter(action=actions.NOTED).count() == 1


@pytest.mark.parametrize("change", [lambda note: note.save(), lambda note: note.delete()])
def test_a_note_is_never_changed_or_removed(pathway, change):
    note = write(an_actor(), pathway)
    note.text = "Something else"
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        change(note)
    assert Note.objects.get().text == TEXT


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_a_note_has_words_but_not_too_many(pathway, text):
    with pytest.raises(NotPossibleError):
        write(an_actor(), pathway, text)
    assert not Note.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role not in PROVIDING])
def test_nobody_else_writes_or_reads_notes(pathway, role):
    write(an_actor(), pathway)
    actor = an_actor(role, "QAA" if role is Role.ICB_HUB else "RAA")
    with pytest.raises(PermissionDenied):
        write(actor, pathway)
    with pytest.raises(PermissionDenied):
        actions.set_handling(actor=actor, pathway=pathway, owner="", due=today())
    with pytest.raises(PermissionDenied):
        actions.note_export(actor=actor, query="", rows=1, kind="csv", digest="x")
    assert not Note.objects.visible_to(actor).exists()


def test_each_provider_of_a_pathway_keeps_its_own(pathway):
    here, there = an_actor(), an_actor(organisation_code=OTHER_HOSPITAL)
    with pytest.raises(PermissionDenied):
        write(there, pathway)
    joined = CareRelationship.objects.create(
        icb_code=pathway.icb_code,
        pathway=pathway,
        organisation_code=OTHER_HOSPITAL,
        part="provider",
        starts=ago(1),
    )
    write(here, pathway, "Ours")
    write(there, pathway, "Theirs")
    for actor, text in ((here, "Ours"), (there, "Theirs")):
        actions.set_handling(actor=actor, pathway=pathway, owner="", due=today())
        assert [each.text for each in Note.objects.visible_to(actor)] == [text]
        assert Handling.objects.visible_to(actor).count() == 1
    joined.ends = today()
    joined.save()
    assert not Note.objects.visible_to(there).exists()
    assert not Handling.objects.visible_to(there).exists()


def test_an_owner_works_here(pathway):
    actor, colleague = an_actor(), a_member(Role.PROVIDER_CLINICIAN)
    elsewhere, gone = a_member(organisation_code=OTHER_HOSPITAL), a_member(ends=ago(1))
    gp = a_member(Role.REFERRER)
    for person in (elsewhere, gone, gp):
        with pytest.raises(NotPossibleError):
            actions.set_handling(
                actor=actor, pathway=pathway, owner=str(person.person.pk), due=None
            )
    assert not Handling.objects.exists()
    owner = str(colleague.person.pk)
    actions.set_handling(actor=actor, pathway=pathway, owner=owner, due=today())
    actions.set_handling(actor=actor, pathway=pathway, owner=owner, due=today())
    assert Entry.objects.filter(action=actions.HANDLED).count() == 1  # nothing new the second time
    assert json.loads(last_entry().detail) == {"owner": owner, "due": today().isoformat()}
    colleague.ends = ago(1)
    colleague.save()  # who has left may stay until somebody else takes it over
    later = today() + timedelta(days=1)
    actions.set_handling(actor=actor, pathway=pathway, owner=owner, due=later)
    actions.set_handling(actor=actor, pathway=pathway, owner="", due=None)
    assert (Handling.objects.get().owner, Handling.objects.get().due) == ("", None)


def test_a_view_is_a_persons_own_and_saved_again_replaced():
    actor, other = an_actor(), an_actor()
    actions.save_view(actor=actor, name=" Long ", query="over=52")
    view = actions.save_view(actor=actor, name="Long", query="over=65")
    assert [(each.name, each.query) for each in SavedView.objects.all()] == [("Long", "over=65")]
    assert not SavedView.objects.visible_to(other).exists()
    with pytest.raises(PermissionDenied):
        actions.forget_view(actor=other, view=view)
    assert "Long" not in "".join(Entry.objects.values_list("detail", flat=True))
    actions.forget_view(actor=actor, view=view)
    assert not SavedView.objects.exists()


def test_nobody_saves_views_without_end(monkeypatch):
    monkeypatch.setattr(SavedView, "MOST", 2)
    actor = an_actor()
    for name in ("one", "two", "two"):
        actions.save_view(actor=actor, name=name, query="")
    with pytest.raises(NotPossibleError, match="remove one first"):
        actions.save_view(actor=actor, name="three", query="")

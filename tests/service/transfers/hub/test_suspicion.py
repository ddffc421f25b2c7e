"""Suspicion of cancer that came after help was asked for: out of every batch, on its own list."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.urls import reverse
from tests.service.people import ICB, OTHER_HOSPITAL, OTHER_ICB, a_member, signed_in
from tests.service.transfers.made_up import (
    a_capacity,
    a_clinician,
    an_open_request,
    days_ago,
    waits,
)

from clockstop.service.accounts.roles import Role
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.directory.choices import Priority
from clockstop.service.intake.models import Import
from clockstop.service.intake.signals import extract_written
from clockstop.service.pathways.models import HospitalRecord, Pathway
from clockstop.service.pathways.signals import pathway_changed
from clockstop.service.referrals import clock
from clockstop.service.tracking.models import ListEntry
from clockstop.service.transfers.actions import matching
from clockstop.service.transfers.models import AidRequest, Match

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub(client):
    return signed_in(client, a_member(Role.ICB_HUB, "", ICB))


def raise_priority(pathway, priority="3"):
    Pathway.objects.filter(pk=pathway.pk).update(priority=priority)
    ListEntry.objects.filter(pathway=pathway).update(priority=priority)


def put_on_cancer_list(pathway):
    HospitalRecord.objects.update_or_create(
        pathway=pathway,
        defaults={
            "on_cancer_list": True,
            "icb_code": pathway.icb_code,
            "organisation_code": pathway.organisation_code,
        },
    )
    ListEntry.objects.filter(pathway=pathway).update(on_cancer_list=True)


LATER = pytest.mark.parametrize("suspect", [raise_priority, put_on_cancer_list])


def page(client, name, **query):
    answer = client.get(reverse(name), query)
    assert answer.status_code == 200
    return answer.content.decode()


def an_older_request():
    """Open, shown to the whole country, of a patient who came under no suspicion so far."""
    request = an_open_request(waits(since=days_ago(30)))
    AidRequest.objects.filter(pk=request.pk).update(national=True)
    return request


@LATER
def test_a_run_leaves_out_whom_the_list_suspects_since_and_counts_them_for_clinicians(hub, suspect):
    request = an_older_request()
    a_capacity()
    suspect(request.pathway)
    run = matching.run(ICB, SYSTEM)
    assert (run.requests, Match.objects.count()) == (0, 0)
    assert json.loads(run.told)["cancer"] == 1
    assert "1 for clinicians" in page(hub, "hub_matches")


@LATER
def test_a_change_of_the_pathway_moves_the_request_between_the_lists_at_once(hub, suspect):
    request = an_older_request()
    for name in ("aid_hub", "hub_pool"):
        assert request.reference in page(hub, name)
    assert request.reference not in page(hub, "hub_cancer")
    suspect(request.pathway)
    pathway = Pathway.objects.get(pk=request.pathway_id)
    pathway_changed.send(sender=Pathway, pathway=pathway)
    for name in ("aid_hub", "hub_pool"):
        assert request.reference not in page(hub, name)
    text, by = page(hub, "hub_cancer"), days_ago(30) + timedelta(days=62)
    assert request.reference in text
    assert f"To be treated by {by.day} {by:%B %Y}" in text


@LATER
def test_an_import_does_the_same_for_the_whole_icb(hub, suspect):
    request, other = an_older_request(), an_open_request()
    suspect(request.pathway)
    extract_written.send(sender=Import, icb_code=OTHER_ICB)
    assert request.reference in page(hub, "aid_hub")
    extract_written.send(sender=Import, icb_code=ICB)
    assert request.reference in page(hub, "hub_cancer")
    assert request.reference not in page(hub, "aid_hub")
    assert other.reference in page(hub, "aid_hub")


def test_a_referral_that_becomes_urgent_suspected_cancer_takes_the_request_with_it():
    request = an_older_request()
    referral = SimpleNamespace(pathway=request.pathway, priority=Priority.TWO_WEEK_WAIT.value)
    with transaction.atomic():
        clock.follow_priority(referral, Priority.ROUTINE, SYSTEM)
    request.refresh_from_db()
    assert request.is_cancer


def test_suspicion_that_was_lifted_gives_the_request_back_to_the_board():
    request = an_open_request(waits(priority="3"))
    a_capacity()
    assert request.stage == "cancer"
    raise_priority(request.pathway, "2")
    run = matching.run(ICB, SYSTEM)
    request.refresh_from_db()
    assert (request.is_cancer, request.stage, run.matched) == (False, "first_outpatient", 1)


def test_no_other_icb_reads_it_in_the_national_pool():
    home = an_older_request()
    abroad = a_clinician(OTHER_HOSPITAL, OTHER_ICB)
    seen = AidRequest.objects.visible_to(abroad)
    assert home in seen
    raise_priority(home.pathway)
    matching.run(ICB, SYSTEM)
    assert home not in seen.all()

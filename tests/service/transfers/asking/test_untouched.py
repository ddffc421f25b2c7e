"""Whatever a patient asks, declines or takes back: until they move, the pathway is as it was."""

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.service.directory.made_up import a_service
from tests.service.people import OTHER_HOSPITAL
from tests.service.transfers.asking.asked import LEGAL, LIVE, an_asked_request
from tests.service.transfers.asking.test_actions import (
    ANYWHERE,
    by_clinician,
    by_hub,
    by_patient,
    told_of_offer,
)
from tests.service.transfers.made_up import waits

from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import CareRelationship, Pathway, PathwayEvent
from clockstop.service.tracking.models import ListEntry
from clockstop.service.transfers.actions.asking import asking, deciding, reviewing, searching
from clockstop.service.transfers.states import Asked

pytestmark = pytest.mark.django_db
# What can be done next in each state; the search and the choice may go round.
STEPS = {
    Asked.INVITED: ("ask", "stay"),
    Asked.REQUESTED: ("suit", "suit", "not_suit", "withdraw"),
    Asked.SUITABLE: ("begin",),
    Asked.ICB_SEARCH: ("offer", "offer", "widen", "none", "withdraw"),
    Asked.DMAS_NATIONAL: ("offer", "none"),
    Asked.CHOOSING: ("pick", "pick", "none", "withdraw"),
    Asked.PROVIDER_ASKED: ("offer", "withdraw"),
    Asked.OFFER_TO_PATIENT: ("decline", "decline", "leave", "withdraw"),
}


def left_alone(pathway):
    """All that says where the patient stands."""
    key = {"pathway": pathway.pk}
    events = PathwayEvent.objects.filter(**key).order_by("number")
    return (
        list(events.values()),
        clock_on(events, timezone.localdate()).periods,
        Pathway.objects.filter(pk=pathway.pk).values().get(),
        ListEntry.objects.filter(**key).values().get(),
        list(CareRelationship.objects.filter(**key).order_by("pk").values()),
    )


def take(step, request):
    key = {"request_id": request.pk}
    patient, clinician, hub = by_patient(request), by_clinician(request), by_hub(request)
    begin = searching.let_choose if request.profile == LEGAL else searching.search
    does = {
        "ask": lambda: asking.ask(way=patient, wishes=ANYWHERE, **key),
        "stay": lambda: asking.stay(way=patient, **key),
        "suit": lambda: reviewing.find_suitable(way=clinician, social=True, **key),
        "not_suit": lambda: reviewing.find_unsuitable(way=clinician, reason="risk", **key),
        "begin": lambda: begin(way=hub, **key),
        "widen": lambda: searching.go_national(way=hub, **key),
        "none": lambda: searching.find_none(way=hub, reason="capacity", **key),
        "pick": lambda: searching.pick(way=patient, provider=OTHER_HOSPITAL, **key),
        "offer": lambda: told_of_offer(request),
        "decline": lambda: deciding.decline(way=patient, reason="42", **key),
        "leave": lambda: deciding.decline(way=patient, reason="26", stays=True, **key),
        "withdraw": lambda: asking.withdraw(way=patient, reason="travel", **key),
    }
    does[step]()


@settings(max_examples=12)
@given(st.sampled_from([LIVE, LEGAL]), st.data())
def test_nothing_is_written_to_the_pathway_until_the_patient_moves(profile, data):
    with transaction.atomic():
        request = an_asked_request(Asked.INVITED, waits(), profile)
        a_service(OTHER_HOSPITAL, treatment_function=request.treatment_function)
        before = left_alone(request.pathway)
        for _ in range(12):
            able = STEPS.get(Asked(request.state), ())
            if not able:
                break
            take(data.draw(st.sampled_from(able)), request)
            request.refresh_from_db()
            assert left_alone(request.pathway) == before
        transaction.set_rollback(True)

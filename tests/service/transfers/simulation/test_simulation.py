"""Mutual aid from the list to the return, on made-up patients: every count agrees everywhere."""

from datetime import date

import pytest
from django.utils import timezone
from tests.sizes import SOAK

from clockstop.analytics.allocation.acceptance import designs
from clockstop.analytics.published.pathways import months_held
from clockstop.service.intake.demo import bring_in
from clockstop.service.messaging.senders.filing import FileSender
from clockstop.service.pathways.models import PathwayEvent
from clockstop.service.registry.loading import load
from clockstop.service.transfers.models import Capacity, PatientRequest, Transfer
from clockstop.service.transfers.simulation.behaviour import Behaviour
from clockstop.service.transfers.simulation.cast import an_icb
from clockstop.service.transfers.simulation.clock import simulated
from clockstop.service.transfers.simulation.line import Line
from clockstop.service.transfers.simulation.running import Setting, simulate

pytestmark = pytest.mark.django_db
PATHWAYS = 3_000 if SOAK else 500
MONTHS = 4 if SOAK else 2


@pytest.fixture(autouse=True)
def every_lock_in_order():
    """Not watched here: a simulation is one transaction, which is taken back at its end."""


@pytest.fixture
def setting(synthetic_lake):
    load(lake=synthetic_lake)
    month, icb = months_held(synthetic_lake)[-1], an_icb()
    with simulated(month.census):
        bring_in(synthetic_lake, month, icb, pathways=PATHWAYS)
    return Setting(icb_code=icb, first=month.plus(1), months=MONTHS, places=1.0)


def run(setting, tmp_path, *names):
    wanted = [designs()[name] for name in names]
    return simulate(setting, wanted, FileSender(tmp_path / "messages"))


def test_all_counts_agree_and_the_store_is_left_as_it_was(setting, tmp_path):
    entries = PathwayEvent.objects.count()
    outcomes = run(setting, tmp_path, "named_offer", "navigator")
    for each in outcomes:
        assert [(line.what, line.counts) for line in each.lines if not line.holds] == []
        counts = list(each.funnel.values())[1:]
        assert counts == sorted(counts, reverse=True)
    named, navigated = (each.funnel for each in outcomes)
    assert 0 < named["Invited"] == outcomes[0].eligible == outcomes[1].eligible
    assert (tmp_path / "messages").exists()
    assert navigated["Asked"] >= named["Asked"]  # the same people, asked better
    assert 0 < navigated["Treated"] <= navigated["Moved"]
    assert PathwayEvent.objects.count() == entries
    for model in (PatientRequest, Capacity, Transfer):
        assert not model.objects.exists()


def test_a_count_that_differs_anywhere_does_not_hold():
    assert Line("moved", {"states": 2, "steps": 2}).holds
    assert not Line("moved", {"states": 2, "steps": 2, "measure": 1}).holds


def test_days_pass_as_they_are_told_and_the_real_clock_comes_back():
    real = timezone.now
    with simulated(date(2025, 10, 1)) as clock:
        first = timezone.now()
        assert (timezone.localdate(), timezone.now() > first) == (date(2025, 10, 1), True)
        clock.set(date(2025, 10, 2))
        assert timezone.localdate() == date(2025, 10, 2)
    assert timezone.now is real


def test_whoever_takes_a_poor_offer_takes_a_better_one():
    for design in designs().values():
        for seed in range(20):
            people = Behaviour(design, seed)
            for who in map(str, range(20)):
                far, near = people.accepts(who, 80, 5), people.accepts(who, 10, 30)
                assert near >= far
                assert people.accepts(who, 10, 30) == near

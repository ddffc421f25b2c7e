"""The demo's list: patients of its ICB beside the people of its stories, each row as it should be."""

from random import Random

import pytest
from django.utils import timezone

from clockstop.service.intake.demo import load_patients
from clockstop.service.pathways import demo
from clockstop.service.pathways.models import Pathway, Patient
from clockstop.service.pathways.records import tables
from clockstop.service.pathways.verifying import verify
from clockstop.service.registry.loading import load
from clockstop.service.tracking.models import ListEntry, State
from clockstop.service.tracking.projection import refresh

pytestmark = pytest.mark.django_db


def test_made_up_patients_fill_the_list_of_the_demo(synthetic_lake):
    load(lake=synthetic_lake)
    demo.seed()
    before = {each.pk: (each.name, each.died_on) for each in Patient.objects.all()}
    brought = load_patients(synthetic_lake, pathways=400)
    assert brought > 200
    assert load_patients(synthetic_lake, pathways=400) == 0
    assert {p.pk: (p.name, p.died_on) for p in Patient.objects.filter(pk__in=before)} == before
    assert ListEntry.objects.filter(state=State.WAITING).count() > 100
    assert verify().faults == ()
    keys = list(Pathway.objects.order_by("pk").values_list("pk", flat=True))
    for pathway in Pathway.objects.filter(pk__in=Random(1).sample(keys, 120)):
        kept = vars(ListEntry.objects.get(pk=pathway.pk))
        made = vars(refresh(pathway, timezone.localdate()))
        assert {k: v for k, v in kept.items() if k[0] != "_"} == {
            k: v for k, v in made.items() if k[0] != "_"
        }
    (icb,) = set(Patient.objects.values_list("icb_code", flat=True))
    people, pathways, events = tables(icb_code=icb)
    assert people.height == Patient.objects.count()
    assert pathways.height == len(keys)
    assert events["pathway"].n_unique() <= len(keys)

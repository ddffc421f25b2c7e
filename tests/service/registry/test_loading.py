"""The register is what the lake tells, and keeps what the lake no longer tells."""

import json
from datetime import date

import pytest
from django.db import DatabaseError
from tests.analytics import story
from tests.analytics.published import small

from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import NoDataError
from clockstop.service.audit.models import Entry
from clockstop.service.audit.verifying import verify
from clockstop.service.registry import loading
from clockstop.service.registry.loading import load
from clockstop.service.registry.models import Kind, Organisation, Service, Site, Succession
from clockstop.service.registry.upserts import Tally

pytestmark = pytest.mark.django_db
MODELS = (Organisation, Site, Service, Succession)


def register():
    """Everything in it, but for the numbers of its rows."""
    rows = {model: [*model.objects.order_by("pk").values()] for model in MODELS}
    return {
        model: [{k: v for k, v in row.items() if k != "id"} for row in found]
        for model, found in rows.items()
    }


def org(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


def test_everything_is_new_at_first(lake):
    report = load(lake=lake)
    counts = {name: tally.new for name, tally in report.tallies.items()}
    assert counts == {
        "organisations": Organisation.objects.count(),
        "sites": Site.objects.count(),
        "services": Service.objects.count(),
        "successions": Succession.objects.count(),
    }
    assert all(counts.values())
    assert not any(tally.changed or tally.unchanged for tally in report.tallies.values())


def test_an_organisation_is_as_the_files_say(lake):
    load(lake=lake)
    leeds = org("RR8")
    assert (leeds.name, leeds.kind) == ("Leeds Teaching Hospitals NHS Trust", Kind.PROVIDER)
    assert (leeds.sector, leeds.icb_code, leeds.postcode) == ("nhs_trust", "QWO", "LS9 7TF")
    assert (leeds.opened, leeds.closed) == (date(1998, 4, 1), None)
    assert org("NVC05").operator == "Ramsay Health Care UK"
    assert org("C88002").dormant
    assert org("QJG").closed == date(2026, 3, 31)


def test_a_second_load_writes_nothing_not_even_in_the_audit(lake):
    load(lake=lake)
    before, entries = register(), Entry.objects.count()
    report = load(lake=lake)
    assert not report.has_written
    assert all((tally.new, tally.changed) == (0, 0) for tally in report.tallies.values())
    assert (register(), Entry.objects.count()) == (before, entries)


def test_a_load_is_one_entry_of_the_audit_with_its_counts(lake):
    report = load(lake=lake)
    entry = Entry.objects.get()
    assert (entry.action, entry.actor) == ("loaded the registry", "system")
    detail = json.loads(entry.detail)
    assert detail["organisations new"] == report.organisations.new
    assert detail["services unchanged"] == 0
    assert verify().faults == ()


def test_what_changed_is_changed_and_counted(files, lake):
    load(lake=lake)
    trusts = small.trusts()
    trusts.put(1, "name", "LEEDS HOSPITALS").put(2, "closed", "20250819")
    files.put(trusts)
    report = load(lake=lake)
    others = Organisation.objects.count() - 2
    assert report.organisations == Tally(new=0, changed=2, unchanged=others)
    assert org("RR8").name == "Leeds Hospitals"
    assert org("RHQ").closed == date(2025, 8, 19)


def test_an_organisation_that_left_the_files_stays_as_it_was(files, lake):
    load(lake=lake)
    practices = small.practices()
    practices.drop([1, 3])
    files.put(practices)
    before = org("P81003")
    assert not load(lake=lake).has_written
    assert org("P81003").closed == before.closed == date(2017, 10, 31)
    assert Organisation.objects.filter(code="B86001").exists()


def test_a_trust_that_left_the_list_keeps_its_days_and_address(files, lake):
    """Its returns still name it, but say nothing of either."""
    load(lake=lake)
    trusts = small.trusts()
    trusts.drop([4])
    files.put(trusts)
    load(lake=lake)
    old = org("RW9")
    assert (old.opened, old.closed) == (date(1998, 4, 1), date(2019, 1, 1))
    assert old.postcode == "PR1 1AA"


def test_a_day_that_the_list_takes_back_is_taken_back(files, lake):
    load(lake=lake)
    trusts = small.trusts()
    trusts.put(4, "closed", "")
    files.put(trusts)
    load(lake=lake)
    assert org("RW9").closed is None


def test_a_practice_that_goes_dormant_and_comes_back(files, lake):
    load(lake=lake)
    practices = small.practices()
    practices.put(1, "status", "D").put(2, "status", "A")
    files.put(practices)
    load(lake=lake)
    assert (org("B86001").dormant, org("C88002").dormant) == (True, False)


def test_what_was_entered_by_hand_and_is_in_no_file_stays(lake):
    Organisation.objects.create(code="X9999", name="By hand", kind=Kind.PROVIDER)
    load(lake=lake)
    assert org("X9999").name == "By hand"


def test_sites_lie_under_who_has_them_today(files, lake):
    """Sheffield's was taken over: an heir that we know has its sites, one that we do not has not."""
    load(lake=lake)
    assert Site.objects.get(code="RHQNG").organisation_id == "RHQ"  # R1X is in no list
    successors = small.successors()
    successors.put(2, "new_code", "RR8")
    files.put(successors)
    report = load(lake=lake)
    assert Site.objects.get(code="RHQNG").organisation_id == "RR8"
    assert Site.objects.get(code="RHQ").organisation_id == "RHQ"  # a main address does not move
    assert report.sites.changed == 1


def test_a_site_of_a_group_that_no_list_names_is_its_own(lake):
    load(lake=lake)
    assert Site.objects.get(code="NVC05").organisation_id == "NVC05"


def test_a_site_of_nobody_is_left_out_and_counted(files, lake):
    directory = small.directory()
    directory.put(2, "OrganisationCode", "NQQ01").put(2, "ParentODSCode", "NQQ")
    files.put(directory)
    report = load(lake=lake)
    assert report.sites_left_out == 1
    assert not Site.objects.filter(code="NQQ01").exists()


def test_a_service_closes_at_its_last_census_and_opens_again(files, lake):
    load(lake=lake)
    mine = Service.objects.filter(organisation="RW9", treatment_function="C_110")
    assert mine.get().closed is None
    files.file("2026-03", story.Filed(story.LEEDS, "C_110", {1: 10}))
    assert load(lake=lake).services.changed > 0
    assert mine.get().closed == date(2025, 2, 28)
    files.file("2026-04", story.Filed(story.OLD, "C_110", {1: 10}))
    load(lake=lake)
    assert mine.get().closed is None


def test_services_are_consultant_led_and_never_the_total(lake):
    load(lake=lake)
    assert not Service.objects.filter(treatment_function="C_999").exists()
    assert not Service.objects.filter(consultant_led=False).exists()


def test_an_empty_lake_is_refused_and_leaves_the_register(lake, tmp_path):
    load(lake=lake)
    before = register()
    with pytest.raises(NoDataError):
        load(lake=Lake(tmp_path / "empty"))
    assert register() == before


def test_a_load_that_breaks_off_leaves_everything_as_it_was(lake, monkeypatch):
    def fail(*_):
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(loading, "_service", fail)
    with pytest.raises(DatabaseError):
        load(lake=lake)
    assert not any(model.objects.exists() for model in MODELS)
    assert not Entry.objects.exists()


def test_more_than_a_batch_is_written(files, lake):
    practices = small.practices()
    first = practices.rows[0]
    practices.rows = [[f"B{at:05d}", *first[1:]] for at in range(1, 1_202)]
    files.put(practices)
    load(lake=lake)
    assert Organisation.objects.filter(kind=Kind.PRACTICE).count() == 1_201
    assert not load(lake=lake).has_written

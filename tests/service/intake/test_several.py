"""An extract of several hospitals: each of them is told its own part, and no other's."""

import pytest
import time_machine
from django.test import Client
from tests.service.intake.extracts import (
    REFERRED,
    SEEN,
    TODAY,
    events,
    pathway,
    person,
    write,
)
from tests.service.people import (
    HOSPITAL,
    ICB,
    OTHER_HOSPITAL,
    OTHER_ICB,
    a_member,
    signed_in,
)

from clockstop.analytics.records.faults import ExtractRefusedError
from clockstop.analytics.records.shares import COUNTED
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.intake.actions import ALL, import_extract
from clockstop.service.intake.models import Import, ImportFault
from clockstop.service.pathways.models import Pathway
from clockstop.service.pathways.verifying import verify

pytestmark = pytest.mark.django_db
THIRD = "RCC"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{TODAY}T08:00:00+01:00", tick=False):
        yield


@pytest.fixture
def bring(tmp_path):
    def given(people, pathways, entries, **how):
        folder = write(tmp_path, people, pathways, entries)
        found = import_extract(SYSTEM, folder, provider=ALL, **how)
        for whole in found.imports:
            parts = list(whole.parts.all())
            for name in COUNTED:
                assert sum(getattr(each, name) for each in parts) == getattr(whole, name)
        return found

    return given


def at(provider, key, **values):
    return pathway(key, **({"provider": provider, "issuer": provider} | values))


def night(**wrong):
    """Two pathways of a hospital and one of another; the second person has one at each."""
    people = [person(1), person(2), person(3, **wrong)]
    pathways = [at(HOSPITAL, 1), at(HOSPITAL, 2), at(OTHER_HOSPITAL, 3, of=2)]
    pathways += [at(OTHER_HOSPITAL, 4, of=3)]
    entries = [*events(1, REFERRED, SEEN), *events(2, REFERRED), *events(3, REFERRED)]
    return people, pathways, [*entries, *events(4, REFERRED)]


def told(provider):
    (made,) = Import.objects.filter(organisation_code=provider)
    return made


def faults(made):
    return list(made.fault_rows.values_list("file", "row", "column"))


def test_each_hospital_has_its_part_of_the_import(bring):
    (whole,) = bring(*night()).imports
    assert (whole.organisation_code, whole.pathways, whole.new_patients) == ("", 4, 3)
    one, other = told(HOSPITAL), told(OTHER_HOSPITAL)
    assert set(whole.parts.all()) == {one, other}
    for part, pathways, entries in ((one, 2, 3), (other, 2, 2)):
        assert (part.status, part.pathways, part.new_pathways) == ("done", pathways, pathways)
        assert (part.events, part.new_patients, part.digest) == (entries, 2, whole.digest)
    assert Entry.objects.filter(action="imported an extract").count() == 1
    assert verify().faults == ()


def test_what_changed_and_was_corrected_is_told_to_whom_it_is(bring):
    people, pathways, entries = night()
    bring(people, pathways, entries)
    before = set(Import.objects.values_list("pk", flat=True))
    changed = [each | {"day": "2025-06-01"} if each["pathway"] == 4 else each for each in entries]
    bring(people, pathways, changed)
    counts = Import.objects.exclude(pk__in=before).exclude(part_of=None)
    assert set(
        counts.values_list("organisation_code", "changed_pathways", "events", "corrections")
    ) == {(HOSPITAL, 0, 0, 0), (OTHER_HOSPITAL, 1, 1, 1)}


def test_a_fault_is_told_to_the_hospital_of_its_pathway_or_person(bring):
    people, pathways, entries = night(sex="F")
    pathways[0]["priority"] = "9"
    found = bring(people, pathways, entries)
    one, other = told(HOSPITAL), told(OTHER_HOSPITAL)
    assert faults(one) == [("pathways.csv", 2, "priority")]
    assert faults(other) == [("people.csv", 4, "sex")]
    for part in (one, other):
        assert (part.status, part.refused_pathways, part.faults) == ("in_part", 1, 1)
    (whole,) = found.imports
    assert (whole.refused_pathways, whole.faults, len(found.faults)) == (2, 2, 2)
    assert ImportFault.objects.count() == 2


def test_a_fault_of_somebody_at_two_hospitals_is_told_to_both(bring):
    people, pathways, entries = night()
    people[1]["sex"] = "F"
    bring(people, pathways, entries)
    assert faults(told(HOSPITAL)) == faults(told(OTHER_HOSPITAL)) == [("people.csv", 3, "sex")]


def test_a_fault_that_is_nobodys_is_told_to_none(bring):
    people, pathways, entries = night()
    found = bring(people, pathways, [*entries, *events(7, REFERRED)])
    (whole,) = found.imports
    assert faults(whole) == [("events.csv", len(entries) + 2, "pathway")]
    assert {told(HOSPITAL).faults, told(OTHER_HOSPITAL).faults} == {0}
    assert len(found.faults) == 1


def test_a_hospital_of_which_all_was_refused_is_told_so(bring):
    people, pathways, entries = night()
    for each in pathways[2:]:
        each["priority"] = "9"
    bring(people, pathways, entries)
    part = told(OTHER_HOSPITAL)
    assert (part.status, part.pathways, part.refused_pathways) == ("in_part", 0, 2)


def test_a_code_that_can_be_no_hospitals_has_no_part(bring):
    people, pathways, entries = night()
    pathways[3]["provider"] = "R" * 13
    (whole,) = bring(people, pathways, entries).imports
    assert {each.organisation_code for each in whole.parts.all()} == {HOSPITAL, OTHER_HOSPITAL}
    assert whole.faults == 1


def test_each_icb_is_an_import_with_the_faults_of_its_own_hospitals(bring):
    people, pathways, entries = night(sex="F")
    people.append(person(5))
    pathways.append(at(THIRD, 5, icb=OTHER_ICB, priority="9"))
    pathways.append(at(THIRD, 6, of=5, icb=OTHER_ICB))
    imports = bring(people, pathways, [*entries, *events(5, REFERRED), *events(6, REFERRED)])
    by_icb = {each.icb_code: each for each in imports.imports}
    assert set(by_icb) == {ICB, OTHER_ICB}
    assert (by_icb[ICB].faults, by_icb[OTHER_ICB].faults) == (1, 1)
    assert faults(told(THIRD)) == [("pathways.csv", 6, "priority")]
    assert told(THIRD).icb_code == OTHER_ICB


def test_a_strict_import_of_several_brings_nothing_in(bring):
    with pytest.raises(ExtractRefusedError):
        bring(*night(sex="F"), strict=True)
    assert not Pathway.objects.exists()


def test_its_page_shows_a_hospital_its_own_part_and_nothing_of_the_other(bring):
    people, pathways, entries = night(sex="<F>")
    pathways[0]["priority"] = "9"
    bring(people, pathways, entries)
    client = signed_in(Client(), a_member(Role.PROVIDER_ADMINISTRATOR, HOSPITAL))
    own, other = told(HOSPITAL), told(OTHER_HOSPITAL)
    listed = client.get("/imports/").content.decode()
    assert f"/imports/{own.pk}/" in listed
    assert f"/imports/{other.pk}/" not in listed
    page = client.get(f"/imports/{own.pk}/").content.decode()
    assert "pathways.csv, row 2" in page
    assert "people.csv" not in page
    assert "A command, with other hospitals" in page
    assert client.get(f"/imports/{other.pk}/").status_code == 404
    assert client.get(f"/imports/{own.part_of_id}/").status_code == 404

import pytest
from django.utils import timezone

from clockstop.core.rtt.findings import Problem
from clockstop.core.rtt.waiting import days_waited
from clockstop.core.types import NhsNumber, Sector
from clockstop.service.accounts.models import Membership, Person
from clockstop.service.accounts.roles import STAFF, Role
from clockstop.service.audit.verifying import verify
from clockstop.service.pathways import demo
from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import Pathway, Patient
from clockstop.service.registry.models import Kind, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisations() -> None:
    told = [
        ("R01", Kind.PROVIDER, Sector.NHS_TRUST, "QAA"),
        ("R02", Kind.PROVIDER, Sector.NHS_TRUST, "QBB"),
        ("R03", Kind.PROVIDER, Sector.NHS_TRUST, "QBB"),
        ("N01", Kind.PROVIDER, Sector.INDEPENDENT, "QBB"),
        ("Y00001", Kind.PRACTICE, "", "QBB"),
    ]
    for code, kind, sector, icb_code in told:
        Organisation.objects.create(
            code=code, name=code, kind=kind, sector=sector, icb_code=icb_code
        )


def clock(family_name: str, condition: str = ""):
    pathway = Pathway.objects.get(patient__family_name=family_name, condition__startswith=condition)
    return clock_on(pathway.events.all(), timezone.localdate())


def test_the_demo_has_somebody_of_every_role_and_patients_who_are_nobody(organisations):
    assert demo.seed()
    roles = set(Membership.objects.values_list("role", flat=True))
    assert roles == {role.value for role in STAFF}
    numbers = [NhsNumber(each.nhs_number) for each in Patient.objects.all()]
    assert all(number.is_for_tests for number in numbers)
    assert len(set(numbers)) == len(demo._stories())
    assert set(Patient.objects.values_list("icb_code", flat=True)) == {"QBB"}
    assert verify().faults == ()


def test_they_work_where_waits_are_told(organisations):
    demo.seed(filing=("R01", "R03"))
    held = Membership.objects.filter(role=Role.WAITING_LIST_MANAGER).order_by("person__name")
    assert list(held.values_list("person__name", "organisation_code")) == [
        ("Farah Aziz", "R02"),
        ("Grace Adeyemi", "R03"),
    ]


def test_a_second_time_nothing_is_done(organisations):
    demo.seed()
    before = (Person.objects.count(), Pathway.objects.count())
    assert not demo.seed()
    assert (Person.objects.count(), Pathway.objects.count()) == before


def test_without_organisations_it_says_so_and_leaves_nothing_behind():
    with pytest.raises(demo.NoOrganisationsError):
        demo.seed()
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("family_name", "condition", "endings"),
    [
        ("Okafor", "", [None]),
        ("Whitlock", "Cataract", [None]),
        ("Whitlock", "Irregular", [None]),
        ("Raman", "", ["nullified", "non_admitted_treatment"]),
        ("Zielinski", "", ["monitoring_by_professional", None]),
        ("Ellison", "", [None]),
        ("Baptiste", "", [None]),
        ("Halloran", "", [None]),
        ("Farah", "", [None]),
        ("Crane", "", ["admitted_treatment"]),
        ("Pritchard", "", [None]),
        ("Mbeki", "", [None]),
        ("Ashdown", "", [None]),
        ("Norbury", "", ["died"]),
        ("Sayle", "", [None]),
        ("Chaudhary", "", [None]),
        ("Lindqvist", "", [None]),
    ],
)
def test_each_story_ends_as_it_is_meant_to(organisations, family_name, condition, endings):
    demo.seed()
    periods = clock(family_name, condition).periods
    assert [each.ending and each.ending.value for each in periods] == endings


def test_the_stories_show_what_a_manager_has_to_look_at(organisations):
    demo.seed()
    found = {
        finding.problem
        for pathway in Pathway.objects.all()
        for finding in clock_on(pathway.events.all(), timezone.localdate()).findings
    }
    assert found == {Problem.NOT_BROUGHT, Problem.OUTCOME_UNKNOWN}
    assert clock("Farah").corrections
    assert clock("Ellison").running.listed_by == "N01"
    assert days_waited(clock("Ellison").running, timezone.localdate()) == 330

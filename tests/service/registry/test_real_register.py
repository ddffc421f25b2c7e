"""The register of the published files: single totals, and mergers that everybody knows."""

from datetime import date

import pytest

from clockstop.service.registry.loading import load
from clockstop.service.registry.models import Kind, Organisation, Service, Site, Succession
from clockstop.service.registry.queries import successor_on

pytestmark = [pytest.mark.real_data, pytest.mark.django_db]


@pytest.fixture(scope="module", autouse=True)
def register(real_lake, kept):
    return load(lake=real_lake)


def test_the_register_holds_what_the_files_name(register, real_lake):
    """Practices: epraccur of December 2023. Trusts: etr (205 open), and Bradford's TAD of the RTT.

    ICBs: 42 of 2022 and the six made in April 2026. Services: provider and function of any RTT
    row, 2024-04 to 2025-09; 104 of them without one since September 2024.
    """
    at_work = Organisation.objects.filter(closed=None, dormant=False)
    assert at_work.filter(kind=Kind.PRACTICE).count() == 6_348
    assert at_work.filter(kind=Kind.PROVIDER, sector="nhs_trust").count() == 206
    assert Organisation.objects.filter(kind=Kind.ICB).count() == 48
    assert at_work.filter(kind=Kind.ICB).count() == 36
    assert Service.objects.count() == 4_142
    assert Service.objects.filter(closed=None).count() == 4_142 - 104
    assert Site.objects.exclude(latitude=None).count() + register.sites_left_out > 1_400
    assert not load(lake=real_lake).has_written


@pytest.mark.parametrize(
    ("day", "holder"),
    [("2010-03-31", "RV7"), ("2010-04-01", "RWN"), ("2017-03-31", "RWN"), ("2017-04-01", "R1L")],
)
def test_bedfordshire_and_luton_went_to_south_essex_and_then_to_essex(day, holder):
    """Mental health trusts; source: ODS successors (RV7 to RWN in 2010, RWN to R1L in 2017)."""
    assert successor_on("RV7", date.fromisoformat(day)) == holder


def test_manchester_took_over_its_neighbours():
    """Manchester University NHS Foundation Trust, made on 1 October 2017; Pennine Acute later."""
    assert successor_on("RM2", date(2017, 9, 30)) == "RM2"
    assert {successor_on(code, date(2017, 10, 1)) for code in ("RM2", "RW3")} == {"R0A"}
    heirs = Succession.objects.filter(predecessor="RW6", on=date(2021, 10, 1))
    assert set(heirs.values_list("successor", flat=True)) == {"RM3", "R0A"}
    assert Organisation.objects.get(code="RM2").closed == date(2017, 9, 30)


def test_no_practice_or_provider_lies_in_an_icb_that_we_do_not_know():
    boards = set(Organisation.objects.filter(kind=Kind.ICB).values_list("code", flat=True))
    named = set(Organisation.objects.values_list("icb_code", flat=True))
    assert named <= boards | {""}

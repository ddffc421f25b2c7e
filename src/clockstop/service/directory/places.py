"""Where an organisation can see patients: its sites, and where its services are already."""

from collections.abc import Mapping
from dataclasses import dataclass

from clockstop.service.directory.models import HealthcareService
from clockstop.service.registry.models import Organisation, Site


@dataclass(frozen=True, slots=True)
class Place:
    """A site of an organisation."""

    code: str
    name: str
    latitude: float | None
    longitude: float | None


def places_of(organisation: Organisation) -> Mapping[str, Place]:
    """By code: the organisation itself, its sites in the register, the places of its services."""
    columns = ("site_code", "site_name", "latitude", "longitude")
    used = HealthcareService.objects.filter(organisation=organisation).exclude(site_code="")
    sites = Site.objects.filter(organisation=organisation)
    found = [
        Place(organisation.code, organisation.name, None, None),
        *(Place(*row) for row in used.order_by("site_name").values_list(*columns).distinct()),
        *(Place(*row) for row in sites.values_list("code", "name", "latitude", "longitude")),
    ]
    return {each.code: each for each in found}

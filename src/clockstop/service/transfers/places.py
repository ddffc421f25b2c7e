"""Where a provider's places are: the site's own point, else the middle of a postcode district."""

from __future__ import annotations

from clockstop.core.geography.districts import districts
from clockstop.core.geography.postcodes import PlaceError, parse_place
from clockstop.core.types import Point
from clockstop.service.registry.models import Organisation, Site


def point_of(site: Site | None, organisation: Organisation | None) -> Point | None:
    """None where neither the site nor the organisation says where it is."""
    if site and site.latitude is not None and site.longitude is not None:
        return Point(site.latitude, site.longitude)
    postcodes = [each.postcode for each in (site, organisation) if each and each.postcode]
    return next((at for each in postcodes if (at := middle_of(each))), None)


def middle_of(postcode: str) -> Point | None:
    """The middle of a postcode's district; None where it is none, or none that we know."""
    found = districts().get(district_of(postcode))
    return found.point if found else None


def district_of(postcode: str) -> str:
    """The district of a postcode, ``LS1``; empty where it is none."""
    try:
        return parse_place(postcode).district
    except PlaceError:
        return ""

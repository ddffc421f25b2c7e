"""What the Care Quality Commission says of a place, and which of two ratings counts.

Ratings come from the file that whoever runs the site supplied, by site or by provider, or from the
provider's own definer, who says when and where it was published. The later one counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import transaction

from clockstop.analytics.published.home import default_home
from clockstop.analytics.published.lake import Lake
from clockstop.service.audit import recording
from clockstop.service.directory.models import HealthcareService
from clockstop.service.directory.published import Rated, ratings

FIELDS = ("quality_rating", "rated_on", "rating_source")
_BATCH = 500


def published_for(site_code: str, organisation_code: str) -> Rated | None:
    """The rating that was supplied for a site; else that of its provider, if there is one."""
    home = settings.CLOCKSTOP_HOME or default_home()
    return _found(_read(home, Lake(home).version()), site_code, organisation_code)


def with_latest(content: Mapping[str, Any], organisation_code: str) -> Mapping[str, Any]:
    """What a definer wrote, with the rating that was supplied unless theirs is later."""
    found = published_for(content["site_code"], organisation_code)
    if found is None or (content.get("rated_on") or "") > found.on.isoformat():
        return content
    told = (found.rating, found.on.isoformat(), found.source)
    return {**content, **dict(zip(FIELDS, told, strict=True))}


@transaction.atomic
def refresh(lake: Lake) -> int:
    """Put the ratings that were supplied to the services, but for later ones; how many changed."""
    supplied, changed = ratings(lake), []
    held = HealthcareService.objects.select_for_update().order_by("pk")
    for service in held if supplied else ():
        found = _found(supplied, service.site_code, service.organisation_id)
        is_later = found and service.rated_on and service.rated_on > found.on
        now = (service.quality_rating, service.rated_on, service.rating_source)
        if found and not is_later and now != tuple(found):
            service.quality_rating, service.rated_on, service.rating_source = found
            changed.append(service)
    HealthcareService.objects.bulk_update(changed, FIELDS, batch_size=_BATCH)
    if changed:
        detail = {"services": len(changed)}
        recording.record("took over ratings", recording.SYSTEM, detail=detail)
    return len(changed)


def _found(supplied: Mapping[str, Rated], site: str, organisation: str) -> Rated | None:
    return supplied.get(site) or supplied.get(organisation)


@lru_cache(maxsize=1)
def _read(home: Path, _version: int) -> Mapping[str, Rated]:
    return MappingProxyType(dict(ratings(Lake(home))))

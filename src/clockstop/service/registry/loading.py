"""The one writer of the register: what the lake tells, brought into the store."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from clockstop.analytics.published import organisations as lists
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.organisations import (
    OrganisationRow,
    ServiceRow,
    SiteRow,
    SuccessionRow,
)
from clockstop.service.audit import recording
from clockstop.service.registry.models import Organisation, Service, Site, Succession
from clockstop.service.registry.policies import Step, holder
from clockstop.service.registry.upserts import Tally, Values, held_by, upsert

_KEY = ("code",)
_SERVICE = ("organisation_id", "treatment_function", "consultant_led")
_SUCCESSION = ("predecessor", "successor", "on")
_TEXTS = ("sector", "operator", "icb_code", "postcode")
_DAYS = ("opened", "closed")


@dataclass(frozen=True, slots=True)
class Report:
    """What a load did. ``sites_left_out`` lie under organisations that no list names."""

    organisations: Tally
    sites: Tally
    services: Tally
    successions: Tally
    sites_left_out: int

    @property
    def tallies(self) -> dict[str, Tally]:
        """What was done to each kind of record."""
        return {
            "organisations": self.organisations,
            "sites": self.sites,
            "services": self.services,
            "successions": self.successions,
        }

    @property
    def has_written(self) -> bool:
        """Whether the register is another than before."""
        return any(tally.new or tally.changed for tally in self.tallies.values())


@dataclass(frozen=True, slots=True)
class _Told:
    """What the lake tells, read before the store is held."""

    organisations: tuple[OrganisationRow, ...]
    sites: tuple[SiteRow, ...]
    services: tuple[ServiceRow, ...]
    successions: tuple[SuccessionRow, ...]


def load(*, lake: Lake, by: recording.Actor = recording.SYSTEM) -> Report:
    """Bring the register up to the lake: all of it, or nothing.

    Records are never removed: an organisation that has left the files stays as it was. Where
    nothing has changed nothing is written, not even in the audit. Raises NoDataError if the lake
    names no organisation.
    """
    told = _Told(
        lists.organisations(lake),
        lists.sites(lake),
        lists.services(lake),
        lists.successions(lake),
    )
    with transaction.atomic():
        report = _written(told)
        if report.has_written:
            recording.record("loaded the registry", by, detail=_counts(report))
    return report


def _written(told: _Told) -> Report:
    organisations = _organisations(told.organisations)
    known = set(Organisation.objects.values_list("code", flat=True))
    sites = list(_sites(told, known, timezone.localdate()))
    services = [_service(row) for row in told.services]
    return Report(
        organisations,
        upsert(Site, _KEY, sites),
        upsert(Service, _SERVICE, services),
        upsert(Succession, _SUCCESSION, [_succession(row) for row in told.successions]),
        sites_left_out=len(told.sites) - len(sites),
    )


def _counts(report: Report) -> dict[str, str | int | bool | None]:
    return {
        f"{name} {what}": count
        for name, tally in report.tallies.items()
        for what, count in asdict(tally).items()
    }


def _organisations(rows: Iterable[OrganisationRow]) -> Tally:
    said = [(row, _said(row)) for row in rows]
    held = held_by(Organisation, _KEY, said[0][1])
    wanted = [_completed(row, values, held.get((row.code,))) for row, values in said]
    return upsert(Organisation, _KEY, wanted, held)


def _said(row: OrganisationRow) -> Values:
    return {
        "code": row.code,
        "name": row.name,
        "kind": row.kind,
        "sector": row.sector.value if row.sector else "",
        "operator": row.operator,
        "icb_code": row.icb,
        "postcode": row.postcode,
        "opened": row.opened,
        "closed": row.closed,
        "dormant": row.is_dormant,
    }


def _completed(row: OrganisationRow, values: Values, old: Values | None) -> Values:
    """With what was known before where the files are silent now."""
    if old is None:
        return values
    silent = [name for name in _TEXTS if not values[name]]
    silent += () if row.is_dated else _DAYS
    return values | {name: old[name] for name in silent}


def _sites(told: _Told, known: Collection[str], today: date) -> Iterator[Values]:
    """Each site under the organisation that has it today; those of none that we know left out."""
    steps: dict[str, list[Step]] = defaultdict(list)
    for row in told.successions:
        steps[row.predecessor].append(Step(row.successor, row.on))
    for site in told.sites:
        heir = holder(site.parent, today, lambda code: steps.get(code, []))
        candidates = (site.code,) if site.is_main_address else (heir, site.parent, site.code)
        organisation = next((code for code in candidates if code in known), None)
        if organisation:
            yield {
                "code": site.code,
                "organisation_id": organisation,
                "name": site.name,
                "latitude": site.latitude,
                "longitude": site.longitude,
            }


def _service(row: ServiceRow) -> Values:
    return {
        "organisation_id": row.provider,
        "treatment_function": row.function,
        "consultant_led": True,
        "closed": row.closed,
    }


def _succession(row: SuccessionRow) -> Values:
    return {"predecessor": row.predecessor, "successor": row.successor, "on": row.on}

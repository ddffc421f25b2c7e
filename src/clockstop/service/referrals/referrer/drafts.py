"""What a referrer has put together for a patient and not sent yet: kept with their session alone.

So it works without JavaScript, goes back and forth between pages, and is gone when they sign out.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from clockstop.core.geography.postcodes import PlaceError
from clockstop.core.types import Point
from clockstop.service.compare.book import NoDataYet, current_book
from clockstop.service.directory.criteria import Criteria
from clockstop.service.pathways.models import Patient
from clockstop.service.pathways.protections import shows_address
from clockstop.service.referrals import criteria as kept
from clockstop.service.referrals.menu import Sort

_KEY = "referring"
_MOST = 5  # patients at a time


@dataclass(frozen=True, slots=True)
class Draft:
    """A search, and the services ticked so far: as ticked, until somebody orders them.

    ``place`` is a postcode to set out from, other than the patient's own; ``within`` miles, none
    for any distance. ``referral`` is the one whose shortlist is changed, at ``version``; none for
    a new one. ``shown`` is how many services the menu last had. ``every`` lists all of them, where
    otherwise each provider stands once.
    """

    search: str
    place: str = ""
    within: int | None = None
    sort: str = Sort.APPOINTMENT.value
    services: tuple[int, ...] = ()
    referral: str = ""
    version: int = 0
    shown: int | None = None
    every: bool = False

    @property
    def criteria(self) -> Criteria:
        """The search, as it was asked for."""
        return kept.read(self.search)

    @property
    def order(self) -> Sort:
        return Sort(self.sort)

    @property
    def changes(self) -> UUID | None:
        """The referral whose shortlist is changed, if it is no new one."""
        return UUID(self.referral) if self.referral else None

    def ticked(self, on_page: set[int], chosen: list[int]) -> Draft:
        """With what was ticked on a page: other pages' services stay as they were."""
        stay = [each for each in self.services if each not in on_page or each in chosen]
        return replace(self, services=(*stay, *(each for each in chosen if each not in stay)))

    def moved(self, service: int, places: int) -> Draft:
        """With a service some places further down, or up if negative, as far as it goes."""
        if service not in self.services:
            return self
        others = [each for each in self.services if each != service]
        at = max(0, self.services.index(service) + places)
        return replace(self, services=(*others[:at], service, *others[at:]))


def draft_of(request: HttpRequest, patient: Patient) -> Draft | None:
    """What is being put together for a patient, if anything is."""
    told = request.session.get(_KEY, {}).get(str(patient.pk))
    return Draft(**(told | {"services": tuple(told["services"])})) if told else None


def keep(request: HttpRequest, patient: Patient, draft: Draft) -> None:
    """Keep it for the next page; of many patients the last few are kept."""
    held: dict[str, Any] = request.session.get(_KEY, {})
    held.pop(str(patient.pk), None)
    held[str(patient.pk)] = asdict(draft)
    request.session[_KEY] = dict(list(held.items())[-_MOST:])


def keep_if_new(request: HttpRequest, patient: Patient, draft: Draft) -> None:
    """Likewise, without writing where nothing changed: reading a page writes nothing."""
    if draft != draft_of(request, patient):
        keep(request, patient, draft)


def drop(request: HttpRequest, patient: Patient) -> None:
    """It was sent, or is not wanted any more."""
    held = request.session.get(_KEY, {})
    if held.pop(str(patient.pk), None) is not None:
        request.session[_KEY] = held


def place_of(patient: Patient, draft: Draft) -> Point | None:
    """Where the patient sets out from; none where nobody knows, or must not."""
    if not shows_address(patient):
        return None
    text = draft.place or patient.postcode
    return point_of(text) if text else None


def point_of(postcode: str) -> Point | None:
    """The middle of a postcode's sector; none where it is not known."""
    try:
        return current_book().places.find(postcode).point
    except (PlaceError, NoDataYet):
        return None

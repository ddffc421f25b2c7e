"""What a page is about: an area or one of its specialties, on a basis, and its addresses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404
from django.urls import reverse

from clockstop.analytics.monitoring.areas import Area, AreaKind, Basis
from clockstop.analytics.monitoring.book import MonitoringBook
from clockstop.core.codes import ALL_FUNCTIONS, treatment_function
from clockstop.core.types import Month
from clockstop.service.dashboards.book import current_figures

# ICBs and regions answer for their people; the waits at their providers can be asked for.
DEFAULT_BASIS = Basis.COMMISSIONER
_HAS_BASIS = (AreaKind.REGION, AreaKind.ICB)
_FOLDERS = {AreaKind.REGION: "regions", AreaKind.ICB: "icbs", AreaKind.PROVIDER: "providers"}
_KINDS = {folder: kind for kind, folder in _FOLDERS.items()} | {"england": AreaKind.ENGLAND}


@dataclass(frozen=True, slots=True)
class Subject:
    """An area's figures of all specialties or one, on a basis, and the book to read them from."""

    book: MonitoringBook
    area: Area
    basis: Basis
    function: str = ALL_FUNCTIONS.code

    @property
    def name(self) -> str:
        return title_of(self.area)

    @property
    def specialty(self) -> str:
        """The name of the one specialty; empty where it is about all."""
        return treatment_function(self.function).name if self.is_specialty else ""

    @property
    def is_specialty(self) -> bool:
        return self.function != ALL_FUNCTIONS.code

    @property
    def has_basis(self) -> bool:
        """Whether its own people and its own providers make different figures."""
        return self.area.kind in _HAS_BASIS

    @property
    def query(self) -> str:
        """What an address of this subject ends with, so that its basis stays."""
        is_usual = not self.has_basis or self.basis is DEFAULT_BASIS
        return "" if is_usual else f"?basis={self.basis}"

    def address(self, topic: str = "overview") -> str:
        """Its page on a topic."""
        return self.path(topic) + self.query

    def path(self, topic: str = "overview") -> str:
        """The address without the basis."""
        if not self.is_specialty:
            return address_of(self.area, topic)
        end = f"{topic}/" if topic in ("forecast", "what-if") else ""
        return address_of(self.area, self.function) + end

    def of(self, area: Area) -> "Subject":
        """Another area, seen in the same way."""
        return replace(self, area=area)

    def specialist(self, function: str) -> "Subject":
        """One of the area's specialties, seen in the same way."""
        return replace(self, function=function)

    def series(self) -> Mapping[Month, Mapping[str, Any] | None]:
        """Its figures by month, None in a month without a return."""
        return self.book.series(self.area, self.basis, function=self.function)

    @property
    def whole(self) -> "Subject":
        """The same area with all specialties."""
        return replace(self, function=ALL_FUNCTIONS.code)

    def above(self) -> Iterator["Subject"]:
        """The areas that it lies in, England first; with all specialties where one has no list."""
        parent = self.book.parent(self.area)
        if parent is not None:
            one = self.of(parent)
            yield from one.above()
            yield one if any(one.series().values()) else one.whole


def subject_of(folder: str, code: str, function: str, basis: str | None) -> Subject:
    """The subject of an address.

    Raises Http404 for an area or a basis that there is not, or a specialty that it never had.
    """
    book = current_figures()
    try:
        area = book.area(_KINDS[folder], code)
        subject = Subject(book, area, Basis(basis) if basis else DEFAULT_BASIS)
    except (KeyError, ValueError) as error:
        raise Http404 from error
    return _narrowed(subject, function) if function else subject


def _narrowed(subject: Subject, function: str) -> Subject:
    one = replace(subject, function=function)
    if not one.is_specialty or not any(one.series().values()):
        raise Http404
    return one


def address_of(area: Area, about: str = "overview") -> str:
    """The path of an area's page on a topic, or on the specialty of that code."""
    name = "overview" if about == "overview" else "specialty" if about.isupper() else "topic"
    place = [] if area.kind is AreaKind.ENGLAND else [_FOLDERS[area.kind], area.code]
    kind = "area" if place else "england"
    return reverse(f"{kind}_{name}", args=[*place, *([] if name == "overview" else [about])])


def title_of(area: Area) -> str:
    """An area's name as headings say it."""
    return f"NHS {area.name} ICB" if area.kind is AreaKind.ICB else area.name

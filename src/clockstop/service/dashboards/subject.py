"""What a page is about: an area, on a basis, and its addresses."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

from clockstop.analytics.monitoring.areas import ENGLAND, Area, AreaKind, Basis
from clockstop.analytics.monitoring.book import MonitoringBook
from clockstop.service.dashboards.book import current_figures

# ICBs and regions answer for their people; the waits at their providers can be asked for.
DEFAULT_BASIS = Basis.COMMISSIONER
_HAS_BASIS = (AreaKind.REGION, AreaKind.ICB)
_FOLDERS = {AreaKind.REGION: "regions", AreaKind.ICB: "icbs", AreaKind.PROVIDER: "providers"}
KINDS = {folder: kind for kind, folder in _FOLDERS.items()}


@dataclass(frozen=True, slots=True)
class Subject:
    """An area's figures, counted on a basis, and the book to read them from."""

    book: MonitoringBook
    area: Area
    basis: Basis

    @property
    def name(self) -> str:
        return title_of(self.area)

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
        return address_of(self.area, topic) + self.query

    def above(self) -> Iterator[Area]:
        """The areas that it lies in, England first."""
        parent = self.book.parent(self.area)
        if parent is not None:
            yield from Subject(self.book, parent, self.basis).above()
            yield parent


def subject_of(kind: AreaKind, code: str, basis: str | None) -> Subject:
    """The subject of an address. Raises Http404 for an area or a basis that there is not."""
    book = current_figures()
    try:
        area = book.area(kind, code)
        return Subject(book, area, Basis(basis) if basis else DEFAULT_BASIS)
    except (KeyError, ValueError) as error:
        raise Http404 from error


def england() -> Subject:
    book = current_figures()
    return Subject(book, book.area(AreaKind.ENGLAND, ENGLAND), DEFAULT_BASIS)


def address_of(area: Area, topic: str = "overview") -> str:
    """The path of an area's page on a topic."""
    tail = [] if topic == "overview" else [topic]
    if area.kind is AreaKind.ENGLAND:
        return reverse(f"england_{'topic' if tail else 'overview'}", args=tail)
    return reverse(
        f"area_{'topic' if tail else 'overview'}", args=[_FOLDERS[area.kind], area.code, *tail]
    )


def title_of(area: Area) -> str:
    """An area's name as headings say it."""
    return f"NHS {area.name} ICB" if area.kind is AreaKind.ICB else area.name

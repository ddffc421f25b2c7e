"""An organisation as its page says it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils import timezone

from clockstop.core.codes import UnknownIcbError, region_of
from clockstop.core.codes.functions import UnknownFunctionError, treatment_function
from clockstop.core.types import Sector
from clockstop.service.registry.history import History
from clockstop.service.registry.models import Kind, Organisation, Service
from clockstop.service.registry.names import held_names
from clockstop.service.ui import figures


@dataclass(frozen=True, slots=True)
class Fact:
    """A line about an organisation; ``code``: of the organisation that it names."""

    term: str
    words: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """An organisation in a list of those found."""

    code: str
    name: str
    words: str
    state: str


class OrganisationPage:
    """Everything on the page, as of a day."""

    def __init__(self, organisation: Organisation, today: date) -> None:
        self._organisation = organisation
        self._today = today
        self.history = History(organisation, today)
        self.code, self.name = organisation.code, organisation.name
        self.state = _state(organisation, today)

    @property
    def notices(self) -> tuple[str, ...]:
        """What to know before anything else."""
        now, mine = self.history.now_with, self._organisation
        said = (
            self.history.ending,
            f"What it did is now with {now.name}." if now else "",
            "This practice is dormant: listed, but seeing no patients." if mine.dormant else "",
        )
        return tuple(filter(None, said))

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Who it is; a line that would be empty is left out."""
        mine = self._organisation
        said = (
            Fact("ODS code", mine.code),
            Fact("Type of organisation", _kind(mine)),
            Fact("Run by", mine.operator),
            *self._area(),
            Fact("Postcode district", mine.postcode.partition(" ")[0]),
            Fact("Opened", figures.day(mine.opened) if mine.opened else ""),
            Fact("Closed", figures.day(mine.closed) if mine.closed else ""),
        )
        return tuple(fact for fact in said if fact.words)

    def _area(self) -> Sequence[Fact]:
        icb = self._organisation.icb_code
        region = Fact("NHS England region", _region(icb))
        if self.is_icb:
            return (region,)
        name = held_names([icb]).get(icb, "")
        board = Fact("Integrated care board", name or icb or "Not known", icb if name else "")
        return board, region

    @cached_property
    def sites(self) -> tuple[tuple[str, str], ...]:
        """Name and code of each, the main address first."""
        rows = list(self._organisation.sites.values_list("name", "code"))
        main = [("Main address", code) for _, code in rows if code == self.code]
        return (*main, *((name, code) for name, code in rows if code != self.code))

    @cached_property
    def _services(self) -> Sequence[Service]:
        return list(self._organisation.services.order_by("treatment_function"))

    @property
    def open_services(self) -> tuple[tuple[str, str], ...]:
        """Name and code of each specialty that sees patients."""
        return tuple(
            (_function(each.treatment_function), each.treatment_function)
            for each in self._services
            if each.closed is None
        )

    @property
    def closed_services(self) -> tuple[tuple[str, str], ...]:
        """Each specialty that was seen no more, and the month in which it was last."""
        return tuple(
            (_function(each.treatment_function), f"{each.closed:%B %Y}")
            for each in self._services
            if each.closed
        )

    @property
    def has_waits(self) -> bool:
        """Whether the comparison has a page about it: it files, and nobody has taken it over."""
        return bool(self.open_services) and not self.history.is_taken_over

    @property
    def is_icb(self) -> bool:
        return self._organisation.kind == Kind.ICB

    @cached_property
    def providers(self) -> tuple[tuple[str, str], ...]:
        """Name and code of the providers at work in an ICB."""
        here = Organisation.objects.at_work(self._today).filter(icb_code=self.code)
        return tuple(here.filter(kind=Kind.PROVIDER).values_list("name", "code"))

    @cached_property
    def practices(self) -> int:
        """How many GP practices are at work in an ICB."""
        here = Organisation.objects.at_work(self._today).filter(icb_code=self.code)
        return int(here.filter(kind=Kind.PRACTICE).count())


def page_of(organisation: Organisation) -> OrganisationPage:
    """The page of an organisation today."""
    return OrganisationPage(organisation, timezone.localdate())


def found(organisations: Sequence[Organisation]) -> list[Found]:
    """The lines of a search, each with where it is, since many practices share a name."""
    today = timezone.localdate()
    boards = held_names(each.icb_code for each in organisations)
    return [
        Found(
            each.code, each.name, _words(each, boards.get(each.icb_code, "")), _state(each, today)
        )
        for each in organisations
    ]


def _words(organisation: Organisation, board: str) -> str:
    place = "" if organisation.kind == Kind.ICB else board
    district = organisation.postcode.partition(" ")[0]
    return ", ".join(filter(None, (organisation.code, _kind(organisation), district, place)))


def _kind(organisation: Organisation) -> str:
    """What it is, of a provider who runs it."""
    if organisation.kind != Kind.PROVIDER:
        return Kind(organisation.kind).label
    sector = Sector(organisation.sector or Sector.UNKNOWN)
    if sector == Sector.INDEPENDENT:
        return "Independent provider"
    return "Provider" if sector == Sector.UNKNOWN else sector.label


def _state(organisation: Organisation, today: date) -> str:
    """A word where it is not at work."""
    if organisation.closed and organisation.closed < today:
        return "Closed"
    return "Dormant" if organisation.dormant else ""


def _region(icb_code: str) -> str:
    try:
        return region_of(icb_code).name
    except UnknownIcbError:
        return ""


def _function(code: str) -> str:
    try:
        return treatment_function(code).name
    except UnknownFunctionError:
        return code

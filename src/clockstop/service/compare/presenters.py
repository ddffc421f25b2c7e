"""The comparison as its page says it."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from django.urls import reverse
from django.utils.safestring import SafeString

from clockstop.analytics.lists.book import ProviderWaits, Spread
from clockstop.core.types import Month
from clockstop.service.compare.cells import figure_cells
from clockstop.service.compare.comparison import Compared, Group
from clockstop.service.compare.forms import short_name
from clockstop.service.compare.search import Search, Sort
from clockstop.service.ui import figures
from clockstop.service.ui.charts import SpreadChart, SpreadRow, spread_chart

SHOWN_AT_FIRST = 30
CARDS_AT_FIRST = 10  # on a phone, where a provider is a card
IN_CHART = 20

_PEOPLE = {
    Sort.ADMITTED: "{people} admitted for treatment in {month}",
    Sort.NONADMITTED: "{people} whose wait ended without admission in {month}",
    Sort.WAITING: "{people} still waiting at {census}",
}
_NOBODY = {
    Sort.ADMITTED: "nobody was admitted for treatment in {month}",
    Sort.NONADMITTED: "no wait ended without admission in {month}",
    Sort.WAITING: "nobody was waiting at {census}",
}
_ORDERS = {
    Sort.ADMITTED: "Shortest first, by how long 8 in 10 people admitted had waited.",
    Sort.NONADMITTED: "Shortest first, by how long 8 in 10 people not admitted had waited.",
    Sort.WAITING: "Shortest first, by how long 8 in 10 people still waiting have waited so far.",
    Sort.DISTANCE: "Nearest first.",
    Sort.SIZE: "Shortest list first.",
    Sort.NAME: "By name.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A provider's line in the table; ``cells`` are its figures, ready to print."""

    number: int
    name: str
    href: str
    sector: str
    sector_label: str
    distance: str
    last_sent: str
    cells: SafeString
    is_folded: bool  # on a phone, until more are asked for


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the table, under a heading that says why it stands apart."""

    heading: str
    rows: list[Row]


class ResultsPresenter:
    """Everything on the results page but the map."""

    def __init__(
        self,
        search: Search,
        compared: list[Compared],
        *,
        month: Month,
        shown: int,
        may_fold: bool = True,
    ) -> None:
        self.search = search
        self.month = month
        self.compared = compared
        self.shown = compared[:shown]
        self._may_fold = may_fold

    @property
    def specialty(self) -> str:
        return short_name(self.search.function)

    @property
    def heading(self) -> str:
        place, limit = self.search.place, self.search.limit
        if place is None:
            return f"{self.specialty} at every provider"
        where = f"within {limit} miles of" if limit else "at any distance from"
        return f"{self.specialty} {where} {place.label}"

    @property
    def total(self) -> str:
        """How many are compared, those without a distance apart."""
        unknown = sum(each.group is Group.NO_DISTANCE for each in self.compared)
        known = len(self.compared) - unknown
        if not unknown:
            return _providers(known)
        more = f"{_providers(known)}, and {unknown} more" if known else _providers(unknown)
        whose = "distance is" if known or unknown == 1 else "distances are"
        return f"{more}{'' if known else ','} whose {whose} not known"

    @property
    def advice(self) -> str:
        """What to try where nobody is known to be near; else empty."""
        if any(each.group is not Group.NO_DISTANCE for each in self.compared):
            return ""
        ways = ["farther away"] if self.search.limit else []
        ways += ["among all providers"] if self.search.sector else []
        return f"Search {', or '.join(ways)}." if ways else ""

    @property
    def not_shown(self) -> int:
        return len(self.compared) - len(self.shown)

    @property
    def folded(self) -> int:
        """How many of those shown a phone folds away; none once all were asked for."""
        return max(0, len(self.shown) - CARDS_AT_FIRST) if self._may_fold else 0

    @property
    def first_folded(self) -> int:
        """The number of the first that is folded away; 0 where none is."""
        return len(self.shown) - self.folded + 1 if self.folded else 0

    @property
    def order(self) -> str:
        return _ORDERS[self.search.sort]

    @property
    def method(self) -> str:
        """How distances are measured; empty without a place."""
        place = self.search.place
        if place is None:
            return ""
        return (
            f"Distances are straight lines from the middle of postcode {place.kind} {place.label} "
            "to one published address of each provider. Where there is none, “about” is the "
            "distance to the middle of the postcode district of its town. "
            "Travel is farther, and you may be seen elsewhere."
        )

    @property
    def highlights(self) -> list[tuple[str, str]]:
        """The shortest wait and the nearest provider, in a sentence each."""
        ranked = [
            each
            for each in self.compared
            if each.group is not Group.NO_DISTANCE
            and not self._basis(each).is_small
            and not each.waits.is_stale
        ]
        shortest = min(ranked, key=lambda each: _weeks(self._basis(each)), default=None)
        near = [each for each in self.compared if each.miles is not None]
        nearest = min(near, key=lambda each: each.miles or 0.0, default=None)
        pairs = (("Shortest", shortest), ("Nearest", nearest if nearest is not shortest else None))
        return [(label, self._sentence(each)) for label, each in pairs if each]

    def _sentence(self, each: Compared) -> str:
        where = f"at {each.waits.name}{_miles_away(each)}"
        return f"{where}, {self._waited(self._basis(each), each.waits.month)}."

    def _waited(self, spread: Spread, month: Month) -> str:
        if not spread.count:
            return self._of(_NOBODY, month)
        if spread.range_weeks is None:  # all of them with unknown clock starts
            who = figures.people(spread.count)
            return f"the waits of {self._of(_PEOPLE, month, who)} are not known"
        if spread.is_small:
            who, how_long = figures.people(spread.count), figures.week_range(spread)
        elif spread.p80.weeks is None:
            who, how_long = "more than 2 in 10 people", "more than 104 weeks"
        else:
            who, how_long = "8 in 10 people", f"up to {figures.weeks(spread.p80)}"
        have = "had"
        if self._is_waiting:
            have = "has" if spread.count == 1 else "have"
        return f"{self._of(_PEOPLE, month, who)} {have} waited {how_long}{self._so_far}"

    @property
    def _is_waiting(self) -> bool:
        return self.search.basis is Sort.WAITING

    @property
    def _so_far(self) -> str:
        return " so far" if self._is_waiting else ""

    def _of(self, words: dict[Sort, str], month: Month, people: str = "") -> str:
        census = figures.day(month.census)
        return words[self.search.basis].format(people=people, month=month.label, census=census)

    def _basis(self, each: Compared) -> Spread:
        spread = self.search.basis.spread
        assert spread is not None
        return spread(each.waits)

    @property
    def sections(self) -> list[Section]:
        numbered = enumerate(self.shown, start=1)
        return [
            Section(self._group_heading(group), [self._row(number, each) for number, each in rows])
            for group, rows in groupby(numbered, key=lambda pair: pair[1].group)
        ]

    def _group_heading(self, group: Group) -> str:
        match group:
            case Group.LISTED:
                return ""
            case Group.NOT_RANKED:
                return "Not ranked: fewer than 20 people, so only the range of their waits is shown"
            case Group.STALE:
                return f"Not ranked: no figures for {self.month.label}, so older ones are shown"
            case Group.NO_DISTANCE:
                return "Distance not known: these may be within your distance or not"

    def _row(self, number: int, each: Compared) -> Row:
        waits = each.waits
        return Row(
            number=number,
            name=waits.name,
            href=_href(waits.provider, waits.function),
            sector=waits.sector.value,
            sector_label=waits.sector.label,
            distance=self._distance(each),
            last_sent=f"Last sent figures for {waits.month.label}" if waits.is_stale else "",
            cells=figure_cells(waits),
            is_folded=0 < self.first_folded <= number,
        )

    def _distance(self, each: Compared) -> str:
        if self.search.place is None:
            return ""
        if each.miles is None:
            return "Distance not known"
        return f"{_miles(each)}{', from its town' if each.waits.location_is_approximate else ''}"

    @property
    def chart(self) -> SpreadChart:
        rows = [
            SpreadRow(
                self._label(each.waits),
                self._basis(each),
                _href(each.waits.provider, each.waits.function),
            )
            for each in self.compared[:IN_CHART]
        ]
        return spread_chart(rows)

    def _label(self, waits: ProviderWaits) -> str:
        """The name, and the month of figures that are not those of the caption."""
        return waits.name if waits.month == self.month else f"{waits.name} ({waits.month.label})"

    @property
    def chart_caption(self) -> str:
        people = self._of(_PEOPLE, self.month, "people")
        return f"How long {people} {'have' if self._is_waiting else 'had'} waited{self._so_far}"


def _providers(count: int) -> str:
    return "1 provider" if count == 1 else f"{count or 'No'} providers"


def miles(distance: float) -> str:
    """``2.4 miles``; under a tenth of a mile is said so."""
    if distance < 0.05:  # noqa: PLR2004 - it would round to 0.0
        return "less than 0.1 miles"
    words = f"{distance:.1f}"
    return "1.0 mile" if words == "1.0" else f"{words} miles"


def about_miles(distance: float) -> str:
    """``about 7 miles``: all that can be said where only the town is known."""
    whole = round(distance)
    if not whole:
        return "less than 1 mile"
    return f"about {whole} mile{'s' if whole > 1 else ''}"


@lru_cache(maxsize=8192)
def _href(provider: str, function: str) -> str:
    return f"{reverse('provider', args=[provider])}?function={function}"


def _miles_away(each: Compared) -> str:
    return "" if each.miles is None else f" ({_miles(each)})"


def _miles(each: Compared) -> str:
    assert each.miles is not None
    return (about_miles if each.waits.location_is_approximate else miles)(each.miles)


def _weeks(spread: Spread) -> float:
    return float("inf") if spread.p80.weeks is None else spread.p80.weeks

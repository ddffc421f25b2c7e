"""A provider as its page says it."""

from collections.abc import Sequence
from dataclasses import dataclass

from clockstop.analytics.lists.book import MonthRow, ProviderWaits
from clockstop.core.codes.functions import ALL_FUNCTIONS, treatment_function
from clockstop.core.types import Month
from clockstop.service.compare import monthly
from clockstop.service.compare.cells import Cell, direction_of
from clockstop.service.compare.forms import short_name
from clockstop.service.ui import figures
from clockstop.service.ui.charts import LineChart, SpreadChart, SpreadRow, spread_chart


@dataclass(frozen=True, slots=True)
class Specialty:
    """One specialty's latest waits."""

    code: str
    name: str
    short_name: str
    last_sent: str  # empty where it is the provider's latest census
    admitted: Cell
    nonadmitted: Cell
    waiting: Cell
    within_18_weeks: str
    over_52_weeks: str
    arrow: str
    direction: str


class ProviderPage:
    """Everything on the page. ``waits`` start with all specialties together."""

    def __init__(
        self,
        waits: Sequence[ProviderWaits],
        chosen: ProviderWaits,
        history: Sequence[MonthRow],
        latest: Month,
    ) -> None:
        self.chosen = chosen
        self._waits = waits
        self._history = history
        self._latest = latest

    @property
    def code(self) -> str:
        return self.chosen.provider

    @property
    def name(self) -> str:
        return self.chosen.name

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Who it is, and what distances are measured to."""
        source = self.chosen.location_source
        location = f"{source[0].upper()}{source[1:]}" if source else "Not known"
        return (
            ("Type of provider", self.chosen.sector.label),
            ("Integrated care board", self.chosen.icb_name),
            ("Distances measured to", location),
        )

    @property
    def month(self) -> Month:
        """The month of the provider's latest figures."""
        return self._waits[0].month

    @property
    def census(self) -> str:
        return figures.day(self.month.census)

    @property
    def last_sent(self) -> str:
        """The month of its latest return if others have sent later ones, else empty."""
        return self.month.label if self.month < self._latest else ""

    @property
    def specialty(self) -> str:
        return short_name(treatment_function(self.chosen.function))

    @property
    def is_one_specialty(self) -> bool:
        return self.chosen.function != ALL_FUNCTIONS.code

    @property
    def chosen_row(self) -> Specialty:
        return self._specialty(self.chosen)

    @property
    def others(self) -> tuple[Specialty, ...]:
        """Every specialty but the chosen one."""
        return tuple(self._specialty(each) for each in self._waits if each is not self.chosen)

    @property
    def number_of_others(self) -> str:
        """``1 other``, ``23 others``."""
        count = len(self._waits) - 1
        return f"{count} other{'' if count == 1 else 's'}"

    @property
    def options(self) -> list[dict[str, object]]:
        """The specialties to choose from, the chosen one selected."""
        return [
            {
                "value": each.function,
                "text": treatment_function(each.function).name,
                "selected": each is self.chosen,
            }
            for each in self._waits
        ]

    def _specialty(self, waits: ProviderWaits) -> Specialty:
        arrow, direction = direction_of(waits)
        function = treatment_function(waits.function)
        return Specialty(
            code=waits.function,
            name=function.name,
            short_name=short_name(function),
            last_sent=waits.month.label if waits.month < self.month else "",
            admitted=Cell.of(waits.admitted),
            nonadmitted=Cell.of(waits.nonadmitted),
            waiting=Cell.of(waits.waiting),
            within_18_weeks=figures.percent(waits.pct_within_18_weeks),
            over_52_weeks=figures.count(waits.over_52_weeks),
            arrow=arrow,
            direction=direction,
        )

    @property
    def treated(self) -> SpreadChart:
        admitted = SpreadRow("Admitted, as an inpatient or day case", self.chosen.admitted)
        return spread_chart([admitted, SpreadRow("Not admitted", self.chosen.nonadmitted)])

    @property
    def waiting(self) -> SpreadChart:
        return spread_chart([SpreadRow("Waiting so far", self.chosen.waiting)])

    @property
    def chosen_month(self) -> str:
        return self.chosen.month.label

    @property
    def chosen_census(self) -> str:
        return figures.day(self.chosen.month.census)

    @property
    def months_without_figures(self) -> str:
        return monthly.months_without_figures(self._history)

    @property
    def table(self) -> monthly.MonthTable:
        return monthly.month_table(self._history)

    @property
    def charts(self) -> tuple[LineChart, ...]:
        drawn = (
            monthly.lines_over_time(
                self._history,
                "size",
                "Waiting list",
                incomplete_pathways="Waiting list",
            ),
            monthly.lines_over_time(
                self._history,
                "share",
                "Share of the list within 18 weeks",
                pct_within_18_weeks="Within 18 weeks",
            ),
            monthly.lines_over_time(
                self._history,
                "waits",
                "Weeks that people still waiting have waited so far",
                p92_weeks="92 in 100 within",
                median_weeks="Half within",
            ),
            monthly.lines_over_time(
                self._history,
                "treated",
                "Weeks within which half of the people treated had waited",
                admitted_median_weeks="Admitted",
                nonadmitted_median_weeks="Not admitted",
            ),
        )
        return tuple(chart for chart in drawn if chart)

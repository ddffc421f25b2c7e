"""The wait ahead as a provider's page says it: an estimate, or why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from django import forms

from clockstop.analytics.forecast.expected.waits import Accuracy, ExpectedWait, ExpectedWaits
from clockstop.analytics.lists.book import ProviderWaits
from clockstop.core.codes.functions import ALL_FUNCTIONS
from clockstop.service.ui import figures

LONGEST = 520  # weeks, ten years: what is more is a slip of the pen
BORROWED = 0.25  # of an estimate: where more rests on others' lists, the page says so
_KINDS = {
    "admitted": "Admitted, as an inpatient or day case",
    "nonadmitted": "Not admitted",
    "all": "Either",
}
_NUMBER = f"Weeks waited must be a whole number from 0 to {LONGEST}"


class WaitedForm(forms.Form):
    """How long somebody has waited; left out, they join now."""

    waited = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=LONGEST,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _NUMBER),
    )

    @property
    def weeks(self) -> int | None:
        """None where nothing was entered, or nothing that can be answered."""
        return self.cleaned_data.get("waited") if self.is_valid() else None


@dataclass(frozen=True, slots=True)
class Line:
    """More weeks, by how the wait ends; or why they cannot be told."""

    kind: str
    half: str = ""
    eight_in_ten: str = ""
    most: str = ""
    reason: str = ""


class WaitAhead:
    """The estimate for one provider and specialty, in words."""

    def __init__(
        self, waits: ExpectedWaits | None, chosen: ProviderWaits, form: WaitedForm
    ) -> None:
        self._waits = waits
        self._form = form
        self.is_one_specialty = chosen.function != ALL_FUNCTIONS.code
        self._found: ExpectedWait | None = None
        if waits and self.is_one_specialty:
            self._found = waits.expected(chosen.provider, chosen.function, form.weeks or 0)

    @property
    def errors(self) -> dict[str, str]:
        """By field, the first message of each."""
        return {name: str(messages[0]) for name, messages in self._form.errors.items()}

    @property
    def entered(self) -> str:
        """What stands in the field."""
        return str(self._form.data.get("waited", ""))

    @property
    def is_worked_out(self) -> bool:
        return self._waits is not None

    @property
    def census(self) -> str:
        return figures.day(self._waits.facts.origin.census) if self._waits else ""

    @property
    def whom(self) -> str:
        """``If you join the list now``, ``If you have waited 12 weeks``."""
        weeks = self._form.weeks
        if weeks is None:
            return "If you join the list now"
        return f"If you have waited {_in_weeks(weeks)} here"

    @property
    def lines(self) -> Sequence[Line]:
        """Empty where no kind of wait has figures."""
        if self._found is None or not self._found.within:
            return ()
        return tuple(self._line(self._found, kind) for kind in _KINDS)

    def _line(self, found: ExpectedWait, kind: str) -> Line:
        if kind not in found.within:
            return Line(_KINDS[kind], reason=found.reasons[kind])
        within = found.within[kind]
        return Line(_KINDS[kind], *map(self._weeks, (within.p50, within.p80, within.p92)))

    def _weeks(self, value: float | None) -> str:
        """Whole weeks: more digits would say more than is known."""
        if value is None:
            return f"over {self._followed} weeks"
        return _in_weeks(max(ceil(value), 1))

    @property
    def _followed(self) -> int:
        return self._waits.facts.weeks if self._waits else 0

    @property
    def refusal(self) -> str:
        """Why there are no figures at all; empty where there are."""
        if self._found is None:
            return "Nobody is on this list, so there is no estimate."
        return "" if self._found.within else " ".join(dict.fromkeys(self._found.reasons.values()))

    @property
    def range(self) -> str:
        """What little can be said of a list with few people; else empty."""
        if self._found is None or self._found.range_weeks is None:
            return ""
        shortest, longest = self._found.range_weeks
        until = f"over {self._followed}" if longest is None else longest
        return f"{shortest} to {until} more weeks"

    @property
    def leaving(self) -> str:
        """How many leave without treatment, in 100; empty where that is not told."""
        share = self._found.ends_without_treatment if self._found else None
        if share is None:
            return ""
        return f"about {round(share * 100)} in 100" if share >= 0.01 else "fewer than 1 in 100"  # noqa: PLR2004

    @property
    def borrowed(self) -> str:
        """How much rests on other lists, where it is much; else empty."""
        share = self._found.borrowed if self._found else 0
        return figures.percent(share) if share > BORROWED else ""

    @property
    def accuracy(self) -> str:
        """How far past estimates of a list were out: of people still waiting, in 100."""
        return ", ".join(
            f"{each.said:.1f} after {_in_weeks(round(each.weeks))}" for each in self._past
        )

    @property
    def accuracy_of_specialties(self) -> str:
        """The same of whole specialties, so long ahead one after the other."""
        return _listed([f"{each.by_function:.1f}" for each in self._past])

    @property
    def accuracy_of_lists(self) -> str:
        """The same of taking the list of the day for the course of a wait."""
        return _listed([f"{each.as_listed:.1f}" for each in self._past])

    @property
    def _past(self) -> Sequence[Accuracy]:
        return self._waits.facts.accuracy if self._waits else ()


def _listed(words: Sequence[str]) -> str:
    """``1, 2 and 3``."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _in_weeks(number: int) -> str:
    return f"{number} week" if number == 1 else f"{number} weeks"

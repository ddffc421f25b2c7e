"""What is to come: forecasts of lists, the odds of their targets, and waits ahead."""

from datetime import date
from typing import Literal

from pydantic import Field

from clockstop.analytics.forecast.quantiles import MEASURES
from clockstop.core.types import Sector
from clockstop.service.api.parameters import ForecastKind
from clockstop.service.api.schemas.base import Answer, MonthText

_FIGURES = ", ".join(f"`{each}`" for each in MEASURES)


class ForecastFigure(Answer):
    """A figure of a list at a census to come: the value that it stays under so often."""

    measure: str = Field(
        description=f"Which figure: {_FIGURES}. `/measures` says what each counts."
    )
    p2_5: float = Field(description="Under this 2.5 times in 100.")
    p10: float = Field(description="Under this 10 times in 100.")
    p25: float = Field(description="Under this 25 times in 100.")
    p50: float = Field(description="The middle: as often above as below.")
    p75: float = Field(description="Under this 75 times in 100.")
    p90: float = Field(description="Under this 90 times in 100.")
    p97_5: float = Field(description="Under this 97.5 times in 100.")


class ForecastMonth(Answer):
    """What is said of a list for the census of a month."""

    month: MonthText
    figures: list[ForecastFigure] = Field(description="Each figure with its quantiles.")


class ForecastTarget(Answer):
    """A target, how likely the list is to meet it, and what that would take."""

    target: str = Field(description="The target's id; `/targets` describes it.")
    name: str = Field(description="The target's name.")
    measure: str = Field(description="The measure that it is about.")
    unit: str = Field(description="What threshold, middle and gap are counted in.")
    due: date | None = Field(description="By when; null for a standing standard.")
    month: MonthText = Field(description="The month whose census it is judged at.")
    threshold: float | None = Field(description="What is to be reached; null if not known.")
    middle: float | None = Field(description="The middle of what may come; null if not known.")
    probability: float | None = Field(description="The chance to meet it, as a fraction.")
    verdict: Literal["likely", "in the balance", "unlikely"] | None = Field(
        description="The chance in words; null where none can be told."
    )
    gap: float | None = Field(
        description="What is missing in the middle of what may come; 0 or less where it is met."
    )
    reason: str | None = Field(description="Why there is no chance told; null if there is one.")
    clock_stops_now: float | None = Field(description="Clock stops a week at today's capacity.")
    clock_stops_even: float | None = Field(
        description="Those with which it is met with a chance of a half; null if none are enough."
    )
    clock_stops_sure: float | None = Field(description="The same with a chance of 0.8.")
    clock_stops_longest: float | None = Field(
        description="The same if the longest waits are treated first; null for a share, and "
        "if none are enough."
    )
    gap_longest: float | None = Field(
        description="The gap if they are, with today's clock stops; null for a share."
    )


class ForecastNote(Answer):
    """What to know of the lists that a forecast adds up."""

    provider: str | None = Field(description="Whose lists; null where it is of all of them.")
    text: str = Field(
        description="A list that is no longer sent, a treatment function that seems to have "
        "changed its code, or few months."
    )


class ForecastDetail(Answer):
    """The forecast of a list, or why there is none."""

    kind: ForecastKind = Field(description="Whose list it is.")
    code: str = Field(description="The code of the area, the provider or the sector.")
    name: str = Field(description="The name in plain words.")
    function: str = Field(description="The treatment function; C_999 is all of them together.")
    origin: MonthText = Field(description="The last month that was known when it was made.")
    reason: str | None = Field(
        description="Why there is no forecast, as of a list that nobody is on or that is no longer "
        "sent; null if there is one."
    )
    months: list[ForecastMonth] = Field(description="The months to come; none without a forecast.")
    targets: list[ForecastTarget] = Field(
        description="The national targets set for such a list; none for a sector."
    )
    notes: list[ForecastNote] = Field(description="What to know of it.")
    synthetic: bool = Field(description="Whether the figures are made up, for trying things out.")


class WeeksWithin(Answer):
    """In how many more weeks so many waits have ended; null: in more than were looked at."""

    p50: float | None = Field(description="Half of them.")
    p80: float | None = Field(description="80 in 100.")
    p92: float | None = Field(description="92 in 100.")


class RangeOfWeeks(Answer):
    """A range in whole weeks."""

    at_least: int = Field(description="The shortest that is usual.")
    at_most: int | None = Field(description="The longest; null: more than were looked at.")


class AccuracyItem(Answer):
    """How far past estimates were out, in points of the share still waiting."""

    months: int = Field(description="So many months ahead.")
    said: float = Field(description="By how much such estimates were out, on average.")
    as_listed: float = Field(description="A reading of the list of the day, by comparison.")
    as_treated: float = Field(description="A reading of the day's clock stops, by comparison.")


class ExpectedWaitDetail(Answer):
    """The wait ahead of somebody on a provider's list, or why it cannot be told."""

    provider: str = Field(description="The provider's code.")
    name: str = Field(description="Its name.")
    sector: Sector | None = Field(description="Who runs it; null where that is not known.")
    function: str = Field(description="The treatment function.")
    origin: MonthText = Field(description="The month whose census it counts from.")
    waited: int = Field(description="The weeks waited so far.")
    waiting: int = Field(description="How many are on the list.")
    within: dict[str, WeeksWithin] = Field(
        description="The weeks still to come, of `all` waits and of those that end `admitted` or "
        "`nonadmitted`; a kind without figures is left out."
    )
    reasons: dict[str, str] = Field(description="Why a kind has no figures.")
    range_weeks: RangeOfWeeks | None = Field(
        description="What there is where few people wait; null otherwise."
    )
    ends_without_treatment: float | None = Field(
        description="The chance to leave the list without a clock stop; null if not known."
    )
    borrowed: float | None = Field(
        description="How much rests on what is usual in the treatment function, from 0 to 1."
    )
    accuracy: list[AccuracyItem] = Field(description="How past estimates did.")
    synthetic: bool = Field(description="Whether the figures are made up, for trying things out.")

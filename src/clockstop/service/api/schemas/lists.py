"""Measures, targets, treatment functions and months."""

from datetime import date
from typing import Literal

from pydantic import Field

from clockstop.analytics.lists.measures import Unit
from clockstop.core.rulebook.targets import Comparison
from clockstop.service.api.schemas.base import Answer, FiguresPage, MonthText, Page


class MeasureItem(Answer):
    """What a measure counts."""

    key: str = Field(description="The name of its field in rows of figures.")
    name: str = Field(description="Its name in plain words.")
    numerator: str = Field(description="What is counted.")
    denominator: str | None = Field(description="What it is counted of; null for a plain count.")
    unit: Unit = Field(description="A fraction lies between 0 and 1.")
    source: str = Field(description="Where the figure is from.")
    caveat: str = Field(description="What to bear in mind when reading it.")
    in_figures: bool = Field(description="Whether `/figures` has it.")


class MeasuresPage(Page[MeasureItem]):
    """Measures, the headline ones first."""


class TargetItem(Answer):
    """A national target, with its dates, what replaced it, and where sources disagree."""

    id: str = Field(description="A name for it that does not change.")
    name: str = Field(description="Its name in plain words.")
    measure: str = Field(description="The measure that it is about.")
    comparison: Comparison = Field(description="How a figure is held against the threshold.")
    threshold: float = Field(description="What is to be reached, in `unit`.")
    unit: str = Field(description="What the threshold is counted in.")
    applies_to: list[str] = Field(description="The kinds of area that it is for.")
    set_on: date = Field(description="The day from which it was in force.")
    due: date | None = Field(description="By when; null for a standing standard.")
    retired_on: date | None = Field(
        description="The day from which another replaced it, or it was dropped."
    )
    baseline: MonthText | None = Field(description="The month that a rise is measured from.")
    supersedes: str | None = Field(description="The target that it replaced.")
    superseded_by: str | None = Field(description="The target that replaced it.")
    conflicts_with: list[str] = Field(description="Targets that other sources give instead.")
    exceptions: str = Field(description="Who is left out, if anybody.")
    source: str = Field(description="The document that sets it.")
    is_verified: bool = Field(description="Whether the document itself was seen.")


class TargetsPage(Page[TargetItem]):
    """Targets in the order of the rulebook."""


class FunctionItem(Answer):
    """A treatment function of the RTT return: a specialty, in plain words."""

    code: str = Field(description="The code as filed.")
    name: str = Field(description="The plain name.")
    official_name: str = Field(description="The name as printed in the return.")
    description: str = Field(description="What it treats.")
    kind: Literal["function", "older", "total"] = Field(
        description="`older` ones are no longer filed; the `total` is all functions together."
    )


class FunctionsPage(Page[FunctionItem]):
    """Treatment functions in the order of the return, then the total, then older ones."""


class MonthItem(Answer):
    """A month whose returns were read in."""

    month: MonthText
    label: str = Field(description="The month in words.")
    census: date = Field(description="The day at whose end waits were counted.")


class MonthsPage(FiguresPage[MonthItem]):
    """Months, the earliest first."""

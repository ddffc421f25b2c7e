"""A row of figures: who, which waits, when, and one field for each measure."""

from typing import Any

from pydantic import Field, create_model

from clockstop.analytics.lists.measures import MEASURES, Kind, Unit
from clockstop.analytics.monitoring.areas import AreaKind, Basis
from clockstop.analytics.monitoring.summaries import COLUMNS
from clockstop.service.api.schemas.base import Answer, FiguresPage, MonthText


class FigureKeys(Answer):
    """What a row of figures is about."""

    kind: AreaKind = Field(description="What the area is.")
    code: str = Field(description="The area's code.")
    basis: Basis = Field(
        description="`provider`: waits at the area's providers; `commissioner`: waits of the "
        "area's own people, wherever they wait."
    )
    sector: str = Field(description="`all`, or the sector of the providers counted.")
    function: str = Field(description="The treatment function; C_999 is all of them together.")
    month: MonthText


def _fields() -> dict[str, Any]:
    """A field for each measure, and for each wait a flag; those not asked for are left out."""
    fields: dict[str, Any] = {}
    for measure in (MEASURES[key] for key in COLUMNS):
        words = f"{measure.name}, in {measure.unit}. {measure.caveat}"
        number = int if measure.unit is Unit.PATHWAYS else float
        fields[measure.key] = (number | None, Field(default=None, description=words))
        if measure.kind is Kind.QUANTILE:
            words = "True where it lies in the open last band: the field itself is then null."
            fields[f"{measure.key}_open"] = (bool | None, Field(default=None, description=words))
    return fields


FigureItem = create_model(
    "FigureItem",
    __base__=FigureKeys,
    __doc__="The figures of an area in a month. A field is left out if it was not asked for.",
    **_fields(),
)


class FigureRowsPage(FiguresPage[FigureItem]):  # type: ignore[valid-type]
    """Rows by kind, code, basis, sector, treatment function and month."""


class DiagnosticsItem(Answer):
    """Waits for one diagnostic test, or for all, at the end of a month."""

    kind: AreaKind = Field(description="What the area is.")
    code: str = Field(description="The area's code.")
    month: MonthText
    test: str = Field(description="The test, as filed in DM01; TOTAL is all of them together.")
    waiting: int = Field(description="Patients waiting for the test.")
    over_6_weeks: int = Field(description="Those who had waited 6 weeks or more.")
    over_13_weeks: int = Field(description="Those who had waited 13 weeks or more.")
    pct_within_6_weeks: float | None = Field(
        description="The share that had waited less than 6 weeks, as a fraction."
    )
    tests_done: int = Field(description="Tests done in the month, planned and urgent ones too.")


class DiagnosticsPage(FiguresPage[DiagnosticsItem]):
    """Rows by month, earliest first, and test."""


class MissingItem(Answer):
    """A provider that sent no return for the month though it had before: unknown, never zero."""

    provider: str = Field(description="The provider's code.")
    name: str = Field(description="Its name, as last filed.")
    last_month: MonthText = Field(description="The month it last sent.")
    last_size: int = Field(description="Its waiting list then, in pathways.")


class MissingPage(FiguresPage[MissingItem]):
    """Missing providers, the longest list first."""

    month: MonthText = Field(description="The month in which they are missing.")

"""What can be asked: the parameters of the endpoints. An unknown or repeated one is refused."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, get_origin

from ninja import P, PathEx
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    model_validator,
)

from clockstop.analytics.monitoring.areas import AreaKind, Basis
from clockstop.analytics.monitoring.summaries import ALL_SECTORS, COLUMNS
from clockstop.core.codes import ALL_FUNCTIONS, ENGLAND, OLDER_FUNCTIONS, treatment_functions
from clockstop.core.types import Month, Sector

MOST, USUAL = 1000, 100
_LONGEST_WAIT = 520  # weeks
_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH_HELP = "A month, such as 2025-09."
FUNCTIONS = tuple(each.code for each in (ALL_FUNCTIONS, *treatment_functions(), *OLDER_FUNCTIONS))
ONE_FUNCTION = tuple(code for code in FUNCTIONS if code != ALL_FUNCTIONS.code)
SECTORS = (ALL_SECTORS, *(str(sector) for sector in Sector))


def _one_of(names: Sequence[str]) -> tuple[AfterValidator, Any]:
    """What holds a parameter to a list of names, and tells the document of them."""

    def check(name: str) -> str:
        if name not in names:
            raise ValueError(f"{name!r} is none of: {', '.join(names)}")
        return name

    return AfterValidator(check), Field(json_schema_extra={"enum": list(names)})


def _day(text: Any) -> Any:
    """A day as it is written; a number is none, though it could be taken for one."""
    if isinstance(text, str) and not _DAY.fullmatch(text):
        raise ValueError("write a day as 2025-09-30")
    return text


DayAsked = Annotated[date, BeforeValidator(_day)]
MonthAsked = Annotated[str, Field(pattern=_MONTH)]
MeasureAsked = Annotated[str, *_one_of(COLUMNS)]
FunctionAsked = Annotated[str, *_one_of(FUNCTIONS)]
SectorAsked = Annotated[str, *_one_of(SECTORS)]
Code = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,12}$")]

KindNamed = PathEx[AreaKind, P(description="What the area is.")]
CodeNamed = PathEx[str, P(description="The area's code.")]


class ForecastKind(StrEnum):
    """Whose lists are forecast."""

    ENGLAND = "england"
    REGION = "region"
    ICB = "icb"
    PROVIDER = "provider"
    SECTOR = "sector"


ForecastKindNamed = PathEx[ForecastKind, P(description="Whose list it is.")]
ProviderNamed = PathEx[str, P(description="The provider's code.")]
FunctionNamed = PathEx[
    Annotated[str, *_one_of(ONE_FUNCTION)], P(description="One treatment function.")
]


class Parameters(BaseModel):
    """The parameters of a request."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _as_asked(cls, values: Mapping[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Everything that the address holds, so that what is unknown or repeated is refused."""
        asked = dict((info.context or {})["request"].GET.lists())
        lists = {
            name for name, field in cls.model_fields.items() if get_origin(field.annotation) is list
        }
        strays = {name: got for name, got in asked.items() if name not in cls.model_fields}
        repeated = {name: got for name, got in asked.items() if len(got) > 1 and name not in lists}
        return {**values, **strays, **repeated}


class Paging(Parameters):
    """Which part of a long list."""

    limit: int = Field(USUAL, ge=1, le=MOST, description="How many items at most.")
    offset: int = Field(0, ge=0, le=1_000_000_000, description="How many items to pass over.")


class AreasAsked(Paging):
    """Which areas."""

    kind: AreaKind | None = Field(None, description="Areas of this kind only.")
    parent: Code | None = Field(None, description="Areas next below the area of this code.")
    q: str = Field("", max_length=100, description="Every word is in the name, or it is the code.")


class AreaAsked(Parameters):
    """Whose waits."""

    basis: Basis = Field(
        Basis.COMMISSIONER,
        description="For regions and ICBs: waits of their own people (`commissioner`) or waits at "
        "their providers (`provider`).",
    )


class ForecastAsked(Parameters):
    """Which list."""

    function: FunctionAsked = Field(
        ALL_FUNCTIONS.code, description="The treatment function; C_999 is all of them together."
    )


class ExpectedWaitAsked(Parameters):
    """Whose wait."""

    waited: int = Field(
        0, ge=0, le=_LONGEST_WAIT, description="The weeks waited so far; 0 for who joins now."
    )


class TargetsAsked(Paging):
    """Which targets."""

    in_force_on: DayAsked | None = Field(None, description="Targets in force on this day only.")
    kind: AreaKind | None = Field(None, description="Targets for this kind of area only.")


class _MonthsAsked(Paging):
    from_month: MonthAsked | None = Field(None, description="The first month, such as 2025-04.")
    to_month: MonthAsked | None = Field(None, description="The last month, such as 2025-09.")

    @property
    def first(self) -> Month | None:
        return Month.parse(self.from_month) if self.from_month else None

    @property
    def last(self) -> Month | None:
        return Month.parse(self.to_month) if self.to_month else None


class FiguresAsked(_MonthsAsked):
    """Which rows of figures, and which measures of them; lists are given by repeating a name."""

    kind: AreaKind | None = Field(None, description="Areas of this kind only.")
    code: list[Code] = Field([], description="Areas of these codes only.")
    basis: Basis | None = Field(None, description="Rows counted on this basis only.")
    sector: list[SectorAsked] = Field([], description="Rows of these sectors; `all` is the sum.")
    function: list[FunctionAsked] = Field(
        [], description="Rows of these treatment functions; C_999 is all of them together."
    )
    measures: list[MeasureAsked] = Field([], description="These measures only.")


class OneAreaAsked(Paging):
    """An area, England unless one is named."""

    kind: AreaKind = Field(AreaKind.ENGLAND, description="What the area is.")
    code: Code = Field(ENGLAND, description="The area's code.")


class MissingAsked(OneAreaAsked):
    """Who is missing, where and when."""

    month: MonthAsked | None = Field(None, description=f"{_MONTH_HELP} The latest unless given.")


class DiagnosticsAsked(OneAreaAsked, _MonthsAsked):
    """Whose diagnostic waits."""

    test: str | None = Field(
        None, max_length=100, description="One test, as filed in DM01; TOTAL is all together."
    )

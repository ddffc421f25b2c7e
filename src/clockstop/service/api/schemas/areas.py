"""Areas, and how each stands."""

from datetime import date
from typing import Literal

from pydantic import Field

from clockstop.analytics.monitoring.areas import Area, AreaKind, Basis
from clockstop.core.rulebook.targets import Judgement
from clockstop.core.types import Sector
from clockstop.service.api.schemas.base import Answer, FiguresPage, MonthText


class AreaItem(Answer):
    """England, a region, an integrated care board (ICB) or a provider."""

    kind: AreaKind = Field(description="What the area is.")
    code: str = Field(description="The ODS code; for England and regions the ONS or NHS code.")
    name: str = Field(description="The name in plain words.")
    parent: str | None = Field(
        description="The code of the area next above: a provider's ICB, an ICB's region, a "
        "region's England; null for England and where it is not known."
    )
    sector: Sector | None = Field(
        description="Who runs a provider, by Clockstop's own classification; null for others."
    )


class AreasPage(FiguresPage[AreaItem]):
    """Areas: England, regions, ICBs by name, providers by name."""


class JudgedTarget(Answer):
    """A target in force at the latest census, and whether the area meets it."""

    target: str = Field(description="The target's id; `/targets` describes it.")
    name: str = Field(description="The target's name.")
    measure: str = Field(description="The measure that it is about.")
    threshold: float = Field(description="What is to be reached, in `unit`.")
    unit: str = Field(description="What threshold, value and gap are counted in.")
    due: date | None = Field(description="By when; null for a standing standard.")
    value: float | None = Field(description="The area's figure; null where it is not known.")
    verdict: Literal["met", "not_met", "not_known"] = Field(description="Whether it is met.")
    gap: float | None = Field(description="How much is missing; 0 or less where it is met.")

    @classmethod
    def of(cls, judged: Judgement) -> "JudgedTarget":
        """The judgement as the API gives it."""
        target = judged.target
        shared = {key: getattr(target, key) for key in ("name", "measure", "threshold", "unit")}
        return cls.model_validate(
            {
                **shared,
                "target": target.id,
                "due": target.due,
                "value": judged.value,
                "verdict": judged.verdict.name.lower(),
                "gap": judged.gap,
            }
        )


class AreaDetail(AreaItem):
    """An area, the areas next below it, and how it stands at the latest census."""

    month: MonthText = Field(description="The latest month, which all of this is about.")
    basis: Basis = Field(
        description="Whose waits are counted. England and providers have one basis, `provider`."
    )
    children: list[AreaItem] = Field(description="The areas next below it.")
    sentences: list[str] = Field(description="How the area stands, in plain words.")
    targets: list[JudgedTarget] = Field(description="The targets in force, each judged.")
    synthetic: bool = Field(description="Whether the figures are made up, for trying things out.")


def items(areas: tuple[Area, ...] | list[Area]) -> list[AreaItem]:
    return [AreaItem.model_validate(area) for area in areas]

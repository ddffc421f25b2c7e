"""What the answers are built of."""

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from clockstop.core.types import Month

Item = TypeVar("Item", bound=BaseModel)
MonthText = Annotated[
    str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="A month, such as 2025-09.")
]


class Answer(BaseModel):
    """Anything that is read from an object with the same attributes."""

    model_config = ConfigDict(from_attributes=True, ser_json_inf_nan="null")


class Page(Answer, Generic[Item]):
    """Some of the items of a list that keeps its order for as long as the data stand."""

    total: int = Field(description="How many items there are on all pages.")
    limit: int = Field(description="How many items a page has at most.")
    offset: int = Field(description="How many items come before this page.")
    next: str | None = Field(
        description="The address of the next page on this site; null on the last. "
        "The header `Link` gives it too."
    )
    items: list[Item] = Field(description="The items of this page.")


class FiguresPage(Page[Item], Generic[Item]):
    """A page that rests on the returns that were read in."""

    synthetic: bool = Field(description="Whether the figures are made up, for trying things out.")


def month_text(month: Month | None) -> str | None:
    return None if month is None else str(month)

"""What every error looks like (RFC 9457)."""

from pydantic import BaseModel, Field


class WrongParameter(BaseModel):
    """One thing that is wrong with a request."""

    parameter: str = Field(description="The name of the parameter.")
    detail: str = Field(description="What is wrong with it.")


class Problem(BaseModel):
    """An error, as `application/problem+json`."""

    title: str = Field(description="What kind of error it is.", examples=["Wrong parameters"])
    status: int = Field(description="The HTTP status.", examples=[400])
    detail: str = Field(description="What happened, in words.")
    wrong: list[WrongParameter] = Field(
        default=[], description="Every wrong parameter, all at once; empty for other errors."
    )

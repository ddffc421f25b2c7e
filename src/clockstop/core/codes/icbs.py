"""Integrated care boards (ICBs) and the NHS England regions that they lie in."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from clockstop.core.codes.load import load

ENGLAND = "E92000001"  # the ONS code of the country


@dataclass(frozen=True, slots=True)
class Region:
    """An NHS England region; ``code`` is the ODS national grouping (``Y56``)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Icb:
    """An ICB; ``name`` leaves out "NHS" and "Integrated Care Board", which all of them carry.

    ``valid_to`` is the last day of an ICB that has merged since, else None; ``successors`` are the
    codes of those that took it over, the one with most of its people first.
    """

    code: str
    name: str
    region: Region
    valid_from: date
    valid_to: date | None
    successors: tuple[str, ...] = ()

    def exists_on(self, day: date) -> bool:
        """Whether the ICB existed on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class UnknownIcbError(KeyError):
    """No ICB has this code."""

    def __str__(self) -> str:
        return f"{self.args[0]!r} is not an ICB code; expected one like QE1"


@cache
def regions() -> tuple[Region, ...]:
    """The seven NHS England regions, by code."""
    return tuple(
        Region(row["code"], row["name"]) for row in load("regions.csv", ("code", "name", "source"))
    )


@cache
def icbs() -> tuple[Icb, ...]:
    """Every ICB since July 2022, merged ones too, by code; six were made on 1 April 2026.

    Sources stand in the file, row by row.
    """
    region = {each.code: each for each in regions()}
    columns = ("code", "name", "region", "source", "valid_from", "valid_to", "successors")
    return tuple(
        Icb(
            code=row["code"],
            name=row["name"],
            region=region[row["region"]],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            successors=tuple(row["successors"].split()),
        )
        for row in load("icbs.csv", columns)
    )


def icbs_on(day: date) -> tuple[Icb, ...]:
    """The ICBs that existed on a day: 42 until March 2026, 36 from then on."""
    return tuple(each for each in icbs() if each.exists_on(day))


@cache
def _by_code() -> dict[str, Icb]:
    return {icb.code: icb for icb in icbs()}


def icb(code: str) -> Icb:
    """The ICB with this ODS code. Raises UnknownIcbError (KeyError)."""
    try:
        return _by_code()[code]
    except KeyError:
        raise UnknownIcbError(code) from None


def current_icb(code: str, day: date) -> str:
    """The code itself, or that of the ICB which most of its people are in on a later day.

    Raises UnknownIcbError.
    """
    each = icb(code)
    while each.valid_to and each.valid_to < day and each.successors:
        each = icb(each.successors[0])
    return each.code


def icb_name(code: str) -> str:
    """The plain name of an ICB: ``Lancashire and South Cumbria``. Raises UnknownIcbError."""
    return icb(code).name


def region_of(icb_code: str) -> Region:
    """The NHS England region that an ICB lies in. Raises UnknownIcbError."""
    return icb(icb_code).region

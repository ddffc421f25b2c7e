"""Why a provider refuses a request for help, or a patient an offer, by the codes of BaRS.

Source: the BaRS code system of rejected reasons (NHS England, 11 March 2022). Code 41, a home
visit, has no meaning for planned care and is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from clockstop.core.codes.load import load

_COLUMNS = ("code", "display", "words", "by", "comment", "source")

DATES_DO_NOT_SUIT, TOO_FAR = "32", "42"


class Decliner(StrEnum):
    """Whose reason it is."""

    PROVIDER = "provider"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True)
class DeclineReason:
    """A code; ``display`` as BaRS names it, ``words`` as people read it here.

    ``needs_comment``: it says nothing without words.
    """

    code: str
    display: str
    words: str
    by: frozenset[Decliner]
    needs_comment: bool


@cache
def decline_reasons() -> dict[str, DeclineReason]:
    """Every reason by its code, in the order of the file."""
    return {
        row["code"]: DeclineReason(
            row["code"],
            row["display"],
            row["words"],
            frozenset(Decliner(each) for each in row["by"].split()),
            row["comment"] == "mandatory",
        )
        for row in load("decline_reasons.csv", _COLUMNS)
    }


def reasons_of(decliner: Decliner) -> dict[str, DeclineReason]:
    """Those that a provider may give, or a patient."""
    return {code: each for code, each in decline_reasons().items() if decliner in each.by}

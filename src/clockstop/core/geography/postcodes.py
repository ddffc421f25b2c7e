"""Where a person says they are: a postcode, or only its first half.

A place is personal data. Its parts stay out of ``repr`` and of every message here, because both
may reach a log.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# The shapes of British Standard 7666 as Royal Mail uses them: A9, A99, AA9, AA99, A9A, AA9A.
_OUTWARD = r"[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-HJKMNP-Y]?"
_INWARD = r"[0-9][ABD-HJLNP-UW-Z]{2}"
_POSTCODE = re.compile(rf"({_OUTWARD})({_INWARD})", re.ASCII | re.IGNORECASE)
_DISTRICT = re.compile(_OUTWARD, re.ASCII | re.IGNORECASE)
_PUNCTUATION = re.compile(r"[\s.,()\-\u2010-\u2015]+")
# A gap may part the letters from the digits ("LS 1"); elsewhere it makes half a postcode of it.
_GAP_AFTER_AREA = re.compile(r"^([A-Z]{1,2}) (?=[0-9])", re.ASCII | re.IGNORECASE)


class PlaceError(ValueError):
    """What was typed is no postcode and no postcode district. The message never repeats it."""


@dataclass(frozen=True, slots=True)
class Postcode:
    """A full postcode, in capitals: outward ``LS1``, inward ``4AP``."""

    outward: str = field(repr=False)
    inward: str = field(repr=False)

    @property
    def sector(self) -> str:
        """The postcode sector: ``LS1 4``."""
        return f"{self.outward} {self.inward[0]}"

    @property
    def district(self) -> str:
        """The postcode district: ``LS1``."""
        return self.outward


@dataclass(frozen=True, slots=True)
class District:
    """A postcode district, in capitals: ``LS1``."""

    outward: str = field(repr=False)

    @property
    def district(self) -> str:
        """The postcode district: ``LS1``."""
        return self.outward


def parse_place(text: str) -> Postcode | District:
    """Read a postcode (``ls1 4ap``, ``LS14AP``) or a postcode district (``LS1``).

    Case, spaces and stray punctuation are forgiven. ``LS14`` is the district LS14; a sector
    (``LS1 4``) is refused, since without its space it would name another place. Whether the place
    exists is not asked here. Raises PlaceError, whose message is fit for the page.
    """
    spaced = _PUNCTUATION.sub(" ", text).strip()
    if match := _POSTCODE.fullmatch(spaced.replace(" ", "")):
        return Postcode(match[1].upper(), match[2].upper())
    district = _GAP_AFTER_AREA.sub(r"\1", spaced)
    if _DISTRICT.fullmatch(district):
        return District(district.upper())
    if not spaced:
        raise PlaceError("Enter a postcode")
    raise PlaceError("Enter a full postcode, like LS1 4AP, or only its first half, like LS1")

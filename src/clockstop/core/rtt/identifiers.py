"""Patient pathway identifiers: 20 characters and the organisation that issued them (Annex C)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

LENGTH = 20
UBRN_LENGTH = 12
ERS_ISSUER = "X09"
_PATHWAY = re.compile(rf"[0-9A-Z]{{{LENGTH}}}")
_UBRN = re.compile(rf"[0-9]{{{UBRN_LENGTH}}}")
_ISSUER = re.compile(r"[0-9A-Z]{3,6}")


@dataclass(frozen=True, slots=True)
class PathwayId:
    """A pathway identifier with its issuer; together they are unique in the country.

    It never changes while the patient moves between providers. Several RTT periods on one pathway
    share it: each is told apart by its start date. Raises ValueError unless ``number`` is 20
    capital letters and digits and ``issuer`` looks like an ODS code.
    """

    number: str
    issuer: str

    def __post_init__(self) -> None:
        """Refuse what no system could pass on."""
        if not _PATHWAY.fullmatch(self.number):
            raise ValueError(f"{self.number!r} is not {LENGTH} capital letters and digits")
        if not _ISSUER.fullmatch(self.issuer):
            raise ValueError(f"{self.issuer!r} is not an organisation code of 3 to 6 characters")

    @classmethod
    def from_ubrn(cls, ubrn: str) -> Self:
        """The identifier that e-RS gives: the UBRN of 12 digits, padded, issued by X09.

        Annex C leaves the padding to the provider; ours is zeros before it. Spaces and hyphens
        are how people write a UBRN, and are left out. Raises ValueError unless 12 digits remain.
        """
        digits = re.sub(r"[\s-]", "", ubrn)
        if not _UBRN.fullmatch(digits):
            raise ValueError(f"{ubrn!r} is not a UBRN of {UBRN_LENGTH} digits")
        return cls(digits.zfill(LENGTH), ERS_ISSUER)

    @classmethod
    def local(cls, number: str, issuer: str) -> Self:
        """The identifier that a provider gives where there is no UBRN, padded to 20 characters."""
        return cls(number.strip().upper().zfill(LENGTH), issuer.strip().upper())

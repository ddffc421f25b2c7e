"""England, its regions, ICBs and providers: the areas whose figures are followed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clockstop.core.types import Sector


class AreaKind(StrEnum):
    """What an area is; the value is what tables and addresses carry."""

    ENGLAND = "england"
    REGION = "region"
    ICB = "icb"
    PROVIDER = "provider"


class Basis(StrEnum):
    """Whose waits an area's figures count.

    ``PROVIDER``: waits at the area's providers, wherever the patient lives. ``COMMISSIONER``:
    waits of the area's own people, wherever they wait; those whom a national or regional hub
    commissions are in no ICB's figures.
    """

    PROVIDER = "provider"
    COMMISSIONER = "commissioner"


@dataclass(frozen=True, slots=True)
class Area:
    """An area: ``parent`` is the code of the ICB of a provider and of the region of an ICB.

    ``sector`` is given for providers only; a region's parent is England.
    """

    kind: AreaKind
    code: str
    name: str
    parent: str | None = None
    sector: Sector | None = None

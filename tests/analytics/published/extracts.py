"""Builds a small extract in the official format; every figure is made up, the codes are real.

Five providers and six commissioners: ICBs' own, a commissioning hub and a specialised hub without
a parent, and NONC. One trust carries a list of England's size and shape, so that the rules on the
shape of England's week bands have something to look at; the others are small and sparse.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import exp
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from tests.analytics.published.sheets import Sheet

from clockstop.analytics.published.datasets import rtt_layout as layout
from clockstop.core.codes import treatment_functions
from clockstop.core.types import Month, Part

LANCASHIRE = ("QE1", "NHS LANCASHIRE AND SOUTH CUMBRIA INTEGRATED CARE BOARD")
YORKSHIRE = ("QWO", "NHS WEST YORKSHIRE INTEGRATED CARE BOARD")
SOUTH_YORKSHIRE = ("QF7", "NHS SOUTH YORKSHIRE INTEGRATED CARE BOARD")
NOBODY = ("", "")

LEEDS = (*YORKSHIRE, "RR8", "LEEDS TEACHING HOSPITALS NHS TRUST")
SHEFFIELD = (*SOUTH_YORKSHIRE, "RHQ", "SHEFFIELD TEACHING HOSPITALS NHS FOUNDATION TRUST")
EUXTON = (*LANCASHIRE, "NVC05", "EUXTON HALL HOSPITAL")
FULWOOD = (*LANCASHIRE, "NVC07", "FULWOOD HALL HOSPITAL")
SPAMEDICA = (*YORKSHIRE, "A0C5S", "SPAMEDICA GLOUCESTER")

OF_LEEDS = (*YORKSHIRE, "15F", "NHS LEEDS (SUB ICB LOCATION)")
OF_SHEFFIELD = (*SOUTH_YORKSHIRE, "03N", "NHS SHEFFIELD (SUB ICB LOCATION)")
OF_PRESTON = (*LANCASHIRE, "01E", "NHS GREATER PRESTON (SUB ICB LOCATION)")
HUB = (*NOBODY, "13Q", "NATIONAL COMMISSIONING HUB 1")
NAMELESS_HUB = (*NOBODY, "Y62", "")
NONC = (*NOBODY, "NONC", "")

SENDERS = (
    (LEEDS, (OF_LEEDS, HUB, NONC)),
    (SHEFFIELD, (OF_SHEFFIELD, NONC)),
    (EUXTON, (OF_PRESTON, NAMELESS_HUB)),
    (FULWOOD, (OF_PRESTON,)),
    (SPAMEDICA, (OF_LEEDS,)),
)
FUNCTIONS = ("C_110", "C_130", "X02")
NAMES = {each.code: each.official_name for each in treatment_functions()} | {"C_999": "Total"}
# England's size and slope in each part: pathways in the first band, weeks to fall to 1/e of it.
CURVES = {
    Part.ADMITTED: (24_000, 17),
    Part.NONADMITTED: (120_000, 9),
    Part.INCOMPLETE: (400_000, 17),
    Part.INCOMPLETE_DTA: (40_000, 17),
}
Counts = dict[int, int]


@dataclass(frozen=True)
class Filed:
    """What one provider files of one commissioner's patients in a part and function."""

    bands: Counts
    unknown: int = 0
    periods: int = 0

    @property
    def total(self) -> int:
        return sum(self.bands.values()) + self.unknown + self.periods


def rtt(month: str = "2025-09", *, smooth: bool = True, seed: int = 1) -> Sheet:
    """A valid extract of the month. ``smooth`` gives the first trust England's curve."""
    rng = random.Random(f"{month}/{seed}")
    rows = [
        row
        for provider, commissioners in SENDERS
        for commissioner in commissioners
        for part in Part
        for row in _block(month, provider, commissioner, part, rng, smooth=smooth)
    ]
    name = f"{Month.parse(month).census:%Y%m%d}-RTT-full-extract.csv"
    return Sheet(list(layout.COLUMNS), rows, name=name)


def _block(
    month: str,
    provider: tuple[str, ...],
    commissioner: tuple[str, ...],
    part: Part,
    rng: random.Random,
    *,
    smooth: bool,
) -> Iterator[list[str]]:
    """The rows of the functions, then their total."""
    leads = smooth and provider is LEEDS and commissioner is OF_LEEDS
    filed = {
        function: (_large if leads and function == "C_110" else _small)(part, rng)
        for function in FUNCTIONS
    }
    filed["C_999"] = added(filed.values())
    start = [_period(month), *provider, *commissioner, str(part), layout.PART_NAMES[part]]
    for function, counts in filed.items():
        keys = [*start, function, NAMES[function]]
        yield [*keys, *cells(part, counts, blank=commissioner is NONC)]


def added(filed: Iterable[Filed]) -> Filed:
    bands: Counts = {}
    unknown = periods = 0
    for each in filed:
        for band, count in each.bands.items():
            bands[band] = bands.get(band, 0) + count
        unknown += each.unknown
        periods += each.periods
    return Filed(bands, unknown, periods)


def _small(part: Part, rng: random.Random) -> Filed:
    if part is Part.NEW_PERIODS:
        return Filed({}, periods=rng.randint(1, 400))
    # Few decisions to treat against many waiting, so that 2A stays within 2.
    bands = sorted(rng.sample(range(40), 12)) if part is Part.INCOMPLETE_DTA else range(105)
    low, high = (0, 1) if part is Part.INCOMPLETE_DTA else (1, 9)
    counts = {band: rng.randint(low, high) for band in bands}
    return Filed(counts, rng.randint(0, 5) if part in layout.COMPLETED else 0)


def _large(part: Part, rng: random.Random) -> Filed:
    if part is Part.NEW_PERIODS:
        return Filed({}, periods=1_700_000 + rng.randint(0, 9_999))
    first, weeks = CURVES[part]
    counts = {b: int(first * exp(-b / weeks) * rng.uniform(0.97, 1.03)) + 10 for b in range(105)}
    return Filed(counts, rng.randint(50, 99) if part in layout.COMPLETED else 0)


def _period(month: str) -> str:
    return f"RTT-{Month.parse(month).census:%B-%Y}"


def cells(part: Part, filed: Filed, *, blank: bool = False) -> list[str]:
    """The counts as the official file writes them: what a part has no figure for is blank."""
    if part is Part.NEW_PERIODS:
        return [""] * (len(layout.BANDS) + 2) + [str(filed.total)]
    zero = "" if blank else "0"
    bands = [str(filed.bands.get(b) or zero) for b in range(len(layout.BANDS))]
    known = str(sum(filed.bands.values()))
    totals = [known, str(filed.unknown)] if part in layout.COMPLETED else ["", ""]
    return [*bands, *totals, str(filed.total)]


def zipped(path: Path, **members: bytes) -> Path:
    """A zip of members by stem; each is given the ending .csv."""
    return zip_of(path, {f"{name}.csv": content for name, content in members.items()})


def zip_of(path: Path, members: dict[str, bytes]) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path

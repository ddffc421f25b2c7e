"""The fictional providers and commissioners of the synthetic England, each at a real place."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nlargest

import numpy as np

from clockstop.analytics.synthetic.atlas import Area, areas
from clockstop.analytics.synthetic.names import fictional_names, mark
from clockstop.analytics.synthetic.sizes import Size
from clockstop.analytics.synthetic.specialties import function_codes, profiles
from clockstop.core.geography.districts import DistrictCentroid
from clockstop.core.types import Point, Sector

COMMUNITY_EVERY = 6
MOST_SITE_FUNCTIONS = 5
NEW_PERIODS_A_WEEK = 410_000  # about England's, at NHS trusts; calibration says how many exactly
SITE_SHARE = 0.095  # of that, at all independent and community sites together
CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
TRUST_PREFIXES = ("RZ", "RI", "R2", "R3", "R4")  # none has ever been given to a trust
# Inward half of every fictional postcode: of all, the one that the fewest real postcodes have.
INWARD = "3ZY"

_TRUST_FORMS = (
    "{} University Hospitals NHS Foundation Trust",
    "{} Hospitals NHS Trust",
    "{} Teaching Hospitals NHS Foundation Trust",
    "{} Healthcare NHS Trust",
)
_SPECIALIST_FORMS = (
    ("{} Orthopaedic Hospital NHS Foundation Trust", ("C_110", "C_410", "X05")),
    ("{} Eye Hospital NHS Foundation Trust", ("C_130",)),
)
_NARROW_FORM = "{} Community Partnership NHS Trust"
_NARROW_FUNCTIONS = ("C_410", "X02", "X04", "X05", "X06")
NARROW_SIZE, NARROW_MOST = 0.12, 4
_OPERATORS = ("Kingcup Hospitals", "Saltmere Health", "Lanternwood Care", "Merrifen Surgical")
_COMMUNITY_FUNCTIONS = ("C_110", "C_120", "C_130", "C_330", "C_410", "C_502", "X02")


@dataclass(frozen=True, slots=True)
class Provider:
    """A fictional provider. ``demand`` is new periods a week; months count from the first, 0."""

    code: str
    name: str
    sector: Sector
    operator: str
    area: Area
    district: DistrictCentroid
    point: Point
    functions: tuple[str, ...]
    demand: float
    pace: float
    growth: float  # of demand, a year
    opens: int = 0
    last_return: int | None = None

    @property
    def postcode(self) -> str:
        """A postcode in its real district."""
        return f"{self.district.district} {INWARD}"

    def submits(self, month: int) -> bool:
        """Whether the provider is in the return of a month."""
        return self.opens <= month and (self.last_return is None or month <= self.last_return)


@dataclass(frozen=True, slots=True)
class Commissioner:
    """A fictional sub-ICB location."""

    code: str
    name: str
    area: Area
    district: DistrictCentroid


def make_commissioners(names: Iterator[str], size: Size) -> list[Commissioner]:
    """Sub-ICB locations in each ICB, by its size."""
    places = [
        (area, town)
        for area, count in zip(areas(), share_out(size.locations), strict=True)
        for town in _spots(area, count)
    ]
    return [
        Commissioner(
            f"ZC{number:03d}",
            mark(f"NHS {next(names).upper()} (SUB ICB LOCATION)"),
            area,
            town,
        )
        for number, (area, town) in enumerate(places, start=1)
    ]


def make_providers(
    rng: np.random.Generator, size: Size
) -> tuple[list[Provider], list[Commissioner]]:
    """The providers, trusts first, and the commissioners of one synthetic England."""
    names = fictional_names(rng)
    trusts = list(_trusts(rng, names, size))
    sites = list(_sites(rng, names, size))
    return trusts + sites, make_commissioners(names, size)


def share_out(total: int) -> list[int]:
    """Share ``total`` out over the ICBs by size, at least one each (highest averages)."""
    seats = [1] * len(areas())
    while sum(seats) < total:
        averages = [area.share / (have + 1) for area, have in zip(areas(), seats, strict=True)]
        seats[averages.index(max(averages))] += 1
    return seats


def _spots(area: Area, count: int) -> list[DistrictCentroid]:
    """The ICB's towns, and beyond them its largest other districts."""
    others = [place for place in area.inside if place not in area.towns]
    others.sort(key=lambda place: (-place.postcodes, place.district))
    return [*area.towns, *others][:count]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a trust is called, what it does, and its size beside a general one."""

    form: str
    functions: tuple[str, ...]
    size: float


def _trusts(rng: np.random.Generator, names: Iterator[str], size: Size) -> Iterator[Provider]:
    codes = (prefix + letter for prefix in TRUST_PREFIXES for letter in CODE_LETTERS)
    seats = share_out(size.trusts)
    specialists = dict(
        zip(nlargest(2, range(len(seats)), key=seats.__getitem__), _SPECIALIST_FORMS, strict=True)
    )
    number = 0
    for at, (area, count) in enumerate(zip(areas(), seats, strict=True)):
        for seat, district in enumerate(_spots(area, count)):
            number += seat > 0
            kind = _general(rng)
            if seat and seat == count - 1 and at in specialists:
                kind = _Kind(*specialists[at], 0.25)
            elif seat and size.narrow_every and number % size.narrow_every == 0:
                kind = _narrow(rng)
            share = area.share / count * kind.size
            yield Provider(
                code=next(codes),
                name=mark(kind.form.format(next(names))),
                sector=Sector.NHS_TRUST,
                operator="",
                area=area,
                district=district,
                point=_near(district, rng),
                functions=kind.functions,
                demand=NEW_PERIODS_A_WEEK * share * float(rng.lognormal(0, size.trust_spread)),
                pace=float(rng.lognormal(-0.04, 0.14)),
                growth=float(rng.normal(0.01, 0.02)),
            )


def _general(rng: np.random.Generator) -> _Kind:
    form = _TRUST_FORMS[int(rng.integers(len(_TRUST_FORMS)))]
    offered = profiles()["offered"]
    has = rng.random(offered.size) < offered
    functions = tuple(code for code, yes in zip(function_codes(), has, strict=True) if yes)
    return _Kind(form, functions, 1)


def _narrow(rng: np.random.Generator) -> _Kind:
    count = int(rng.integers(1, NARROW_MOST + 1))
    chosen = rng.choice(_NARROW_FUNCTIONS, size=count, replace=False).tolist()
    return _Kind(_NARROW_FORM, tuple(sorted(chosen)), NARROW_SIZE)


def _sites(rng: np.random.Generator, names: Iterator[str], size: Size) -> Iterator[Provider]:
    number = 0
    for area, count in zip(areas(), share_out(size.sites), strict=True):
        for district in places_in(area, count, rng):
            number += 1
            is_community = number % COMMUNITY_EVERY == 0
            functions = _site_functions(rng, is_community=is_community)
            name = next(names)
            share = SITE_SHARE / size.sites * float(rng.lognormal(-0.2, size.site_spread))
            yield Provider(
                code=f"ZZ{number:03d}",
                name=mark(_site_name(name, functions, is_community=is_community)),
                sector=Sector.COMMUNITY if is_community else Sector.INDEPENDENT,
                operator=mark(
                    f"{name} Community Health CIC"
                    if is_community
                    else _OPERATORS[int(rng.integers(len(_OPERATORS)))]
                ),
                area=area,
                district=district,
                point=_near(district, rng),
                functions=functions,
                demand=NEW_PERIODS_A_WEEK * share,
                pace=(1.3 if is_community else 1.7) * float(rng.lognormal(0, 0.15)),
                growth=float(rng.normal(0.12, 0.06)),
            )


def places_in(area: Area, count: int, rng: np.random.Generator) -> list[DistrictCentroid]:
    """So many districts well inside an ICB, those of more postcodes oftener."""
    weights = np.array([place.postcodes for place in area.inside], dtype=float)
    share = weights / weights.sum()
    chosen = rng.choice(len(area.inside), size=count, replace=count > len(share), p=share)
    return [area.inside[at] for at in chosen]


def _site_functions(rng: np.random.Generator, *, is_community: bool) -> tuple[str, ...]:
    codes = function_codes()
    if is_community:
        chosen = rng.choice(_COMMUNITY_FUNCTIONS, size=int(rng.integers(1, 4)), replace=False)
    else:
        weights = profiles()["independent"]
        size = int(rng.integers(1, MOST_SITE_FUNCTIONS + 1))
        chosen = rng.choice(codes, size=size, replace=False, p=weights / weights.sum())
    return tuple(sorted(chosen.tolist(), key=codes.index))


def _site_name(name: str, functions: tuple[str, ...], *, is_community: bool) -> str:
    if is_community:
        return f"{name} Community Clinics CIC"
    if functions == ("C_130",):
        return f"{name} Eye Clinic"
    return f"{name} Hospital"


def _near(district: DistrictCentroid, rng: np.random.Generator) -> Point:
    north, east = rng.uniform(-0.004, 0.004, size=2).tolist()
    at = district.point
    longitude = at.longitude + east / math.cos(math.radians(at.latitude))
    return Point(round(at.latitude + north, 5), round(longitude, 5))

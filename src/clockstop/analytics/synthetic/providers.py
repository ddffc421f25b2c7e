"""The fictional providers and commissioners of the synthetic England, each at a real place."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import pairwise

import numpy as np

from clockstop.analytics.synthetic.atlas import Area, areas
from clockstop.analytics.synthetic.names import fictional_names, mark
from clockstop.analytics.synthetic.specialties import function_codes, profiles
from clockstop.core.geography.districts import DistrictCentroid
from clockstop.core.types import Point, Sector

TRUSTS, SITES, COMMUNITY_EVERY = 60, 90, 6
LOCATION_SIZES = (0.02, 0.04)  # an ICB of more of England has a second, a third sub-ICB location
SILENT_MONTHS = 2
NEW_PERIODS_A_WEEK = 150_000  # at NHS trusts; about a third of England's
SITE_SHARE = 0.07  # of that, at all independent and community sites together
CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
TRUST_PREFIXES = ("RZ", "RI")  # neither has ever been given to a trust
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
    town: DistrictCentroid


def make_commissioners(names: Iterator[str]) -> list[Commissioner]:
    """One to three sub-ICB locations in each ICB, by its size."""
    places = [
        (area, town)
        for area in areas()
        for town in area.towns[: 1 + sum(area.share > size for size in LOCATION_SIZES)]
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
    rng: np.random.Generator, months: int
) -> tuple[list[Provider], list[Commissioner]]:
    """The providers, trusts first, and the commissioners of one synthetic England."""
    names = fictional_names(rng)
    trusts = _one_falls_silent(list(_trusts(rng, names)), months)
    sites = _one_tiny_one_late(list(_sites(rng, names)), months)
    return trusts + sites, make_commissioners(names)


def _seats(total: int) -> list[int]:
    """Shares ``total`` out over the ICBs by size, at least one each (highest averages)."""
    seats = [1] * len(areas())
    while sum(seats) < total:
        averages = [area.share / (have + 1) for area, have in zip(areas(), seats, strict=True)]
        seats[averages.index(max(averages))] += 1
    return seats


def _trusts(rng: np.random.Generator, names: Iterator[str]) -> Iterator[Provider]:
    codes = (prefix + letter for prefix in TRUST_PREFIXES for letter in CODE_LETTERS)
    seats = _seats(TRUSTS)
    specialists = dict(
        zip(nlargest(2, range(len(seats)), key=seats.__getitem__), _SPECIALIST_FORMS, strict=True)
    )
    offered = profiles()["offered"]
    for at, (area, count) in enumerate(zip(areas(), seats, strict=True)):
        for seat in range(count):
            form = _TRUST_FORMS[int(rng.integers(len(_TRUST_FORMS)))]
            has = rng.random(offered.size) < offered
            functions = tuple(code for code, yes in zip(function_codes(), has, strict=True) if yes)
            size = area.share / count
            if seat and seat == count - 1 and at in specialists:
                (form, functions), size = specialists[at], size / 4
            yield Provider(
                code=next(codes),
                name=mark(form.format(next(names))),
                sector=Sector.NHS_TRUST,
                operator="",
                area=area,
                district=area.towns[seat],
                point=_near(area.towns[seat], rng),
                functions=functions,
                demand=NEW_PERIODS_A_WEEK * size * float(rng.lognormal(0, 0.3)),
                pace=float(rng.lognormal(-0.04, 0.14)),
                growth=float(rng.normal(0.01, 0.02)),
            )


def _sites(rng: np.random.Generator, names: Iterator[str]) -> Iterator[Provider]:
    number = 0
    for area, count in zip(areas(), _seats(SITES), strict=True):
        for district in _places(area, count, rng):
            number += 1
            is_community = number % COMMUNITY_EVERY == 0
            functions = _site_functions(rng, is_community=is_community)
            name = next(names)
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
                demand=NEW_PERIODS_A_WEEK * SITE_SHARE / SITES * float(rng.lognormal(-0.2, 0.7)),
                pace=(1.3 if is_community else 1.7) * float(rng.lognormal(0, 0.15)),
                growth=float(rng.normal(0.12, 0.06)),
            )


def _places(area: Area, count: int, rng: np.random.Generator) -> list[DistrictCentroid]:
    weights = np.array([place.postcodes for place in area.inside], dtype=float)
    chosen = rng.choice(len(area.inside), size=count, replace=False, p=weights / weights.sum())
    return [area.inside[at] for at in chosen]


def _site_functions(rng: np.random.Generator, *, is_community: bool) -> tuple[str, ...]:
    codes = function_codes()
    if is_community:
        chosen = rng.choice(_COMMUNITY_FUNCTIONS, size=int(rng.integers(1, 4)), replace=False)
    else:
        weights = profiles()["independent"]
        size = int(rng.integers(1, 6))
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


def _one_falls_silent(trusts: list[Provider], months: int) -> list[Provider]:
    """One trust, of an ICB that has another, sends nothing in the last months."""
    at = next(at for at, (one, other) in enumerate(pairwise(trusts)) if one.area == other.area)
    last = months - 1 - SILENT_MONTHS if months > SILENT_MONTHS else None
    return [*trusts[:at], replace(trusts[at], last_return=last), *trusts[at + 1 :]]


def _one_tiny_one_late(sites: list[Provider], months: int) -> list[Provider]:
    """One independent site has hardly any patients, another opens half way."""
    tiny, late = [one for one in sites if one.sector is Sector.INDEPENDENT][:2]
    changed = {
        tiny.code: replace(tiny, demand=0.6, growth=0.0, functions=tiny.functions[:1]),
        late.code: replace(late, opens=months // 2),
    }
    return [changed.get(one.code, one) for one in sites]

"""Who sends patients where: the cells of the simulation, provider x commissioner x function."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from clockstop.analytics.synthetic.atlas import miles_on_grid
from clockstop.analytics.synthetic.cells import NO_AREA, Cells, Floats
from clockstop.analytics.synthetic.providers import Commissioner, Provider
from clockstop.analytics.synthetic.sizes import Size
from clockstop.analytics.synthetic.specialties import function_codes, profiles
from clockstop.analytics.synthetic.story import GROWTH, GrowthArea
from clockstop.core.geography.districts import districts
from clockstop.core.types import Sector

NONC = "NONC"
# Shares of a provider's patients by commissioner, much as in England: own ICB's locations, nearest
# first, then the nearest others. Beyond these they fall with a power of the rank, so slowly that
# most of a trust's commissioners send it a patient or two.
SHARES = (0.78, 0.13, 0.042, 0.01, 0.005, 0.003, 0.002, 0.0013, 0.001, 0.0008, 0.0006)
TAIL_POWER = -1.8
JITTER = 0.3  # standard deviation of the log of how far a commissioner seems
# Likewise of a cell: of the nearest commissioners, and of others.
NEAR, SPREAD, FAR_SPREAD = 3, 0.15, 1.4
# A cell with a list smaller than its ``Size`` says is kept now and then, and then with so many: few
# cells, and right in sum. So many weeks' new patients make a list.
WEEKS_WAITING = 17
# National and regional specialised commissioning, and health and justice.
HUB_FUNCTIONS = frozenset({"C_150", "C_160", "C_170", "C_320", "X02", "X05"})
NATIONAL_SHARE, REGIONAL_SHARE, JUSTICE_SHARE = 0.01, 0.02, 0.0008
# Trusts nearest to Wales and Scotland treat their people too, whose waits are not England's.
BORDER_TRUSTS, NONC_SHARE, FAR_NONC_SHARE, NONC_PACE = 20, 0.012, 0.0015, 0.4
NONC_FUNCTIONS = frozenset({"C_100", "C_110", "C_120", "C_130", "C_150", "C_502", "X02", "X05"})
_ADMITS = {Sector.NHS_TRUST: 1.0, Sector.INDEPENDENT: 2.0, Sector.COMMUNITY: 0.15}
ADMITS_SPREAD, MOST_ADMITTED = 0.5, 0.75


class Hub(NamedTuple):
    """A commissioner that is no sub-ICB location; of one region, or of none."""

    code: str
    name: str | None
    region: str


@cache
def other_commissioners() -> tuple[Hub, ...]:
    """Those whose indices follow the locations': NONC, then the commissioning hubs."""
    table = files(__package__).joinpath("hubs.csv").read_text(encoding="utf-8")
    hubs = (Hub(**row) for row in csv.DictReader(table.splitlines()))
    return Hub(NONC, None, ""), *hubs


class _Link(NamedTuple):
    """A commissioner of a provider, its share of its patients and what it sends them for."""

    commissioner: int
    share: float
    functions: frozenset[str] | None = None


def make_cells(
    providers: Sequence[Provider],
    commissioners: Sequence[Commissioner],
    scale: float,
    size: Size,
    rng: np.random.Generator,
) -> Cells:
    """The cells in order of function, demand times ``scale``, without any growth area."""
    border = _border_trusts(providers)
    parts = []
    for number, provider in enumerate(providers):
        links = [*_links(provider, commissioners, size, rng, is_near_border=number in border)]
        parts.append(_cells_of(number, provider, links, scale, size, rng))
    cells = Cells.joined(parts)
    pace = np.where(cells.commissioner == len(commissioners), NONC_PACE, 1) * cells.pace
    cells = replace(cells, pace=pace.astype(np.float32))
    return cells.take(np.argsort(cells.function, kind="stable"))


def _cells_of(
    number: int,
    provider: Provider,
    links: Sequence[_Link],
    scale: float,
    size: Size,
    rng: np.random.Generator,
) -> Cells:
    codes = [code for code in function_codes() if code in provider.functions]
    at = np.array([function_codes().index(code) for code in codes])
    weight = profiles()["demand"][at] * rng.lognormal(0, size.function_spread, len(at))
    weight /= weight.sum()
    bought = np.array([[link.functions is None or code in link.functions for code in codes]
                       for link in links])  # fmt: skip
    demand = provider.demand * scale * bought * weight
    demand *= np.array([link.share for link in links])[:, None]
    spread = np.where(np.arange(len(links)) < NEAR, SPREAD, FAR_SPREAD)[:, None]
    chance = np.exp(rng.normal(0, 1, demand.shape) * spread - spread**2 / 2)
    demand = _without_tails(demand * chance, size.fewest_waiting, rng)
    link, function = np.nonzero(demand)
    count = len(link)
    removed = float(rng.lognormal(0, 0.2))
    admits = profiles()["admitted"][at] * _ADMITS[provider.sector]
    admits = admits * rng.lognormal(0, ADMITS_SPREAD, len(at))
    pace = provider.pace * rng.lognormal(0, 0.1, count)
    return Cells(
        provider=np.full(count, number),
        commissioner=np.array([each.commissioner for each in links])[link],
        function=at[function],
        demand=demand[link, function].astype(np.float32),
        growth=np.full(count, provider.growth, dtype=np.float32),
        pace=pace.astype(np.float32),
        admitted=np.minimum(admits, MOST_ADMITTED)[function].astype(np.float32),
        removed=np.full(count, removed, dtype=np.float32),
        opens=np.full(count, provider.opens),
        area=np.full(count, NO_AREA),
        extra=np.zeros(count, dtype=np.bool_),
    )


def _without_tails(
    demand: npt.NDArray[np.float64], fewest_waiting: float, rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Of the smallest cells only some, enlarged: unbiased. A provider's largest always stays."""
    fewest = min(fewest_waiting / WEEKS_WAITING, float(demand.max()))
    is_kept = rng.random(demand.shape) * fewest < demand
    return np.where(is_kept, np.maximum(demand, fewest), 0)


def _links(
    provider: Provider,
    commissioners: Sequence[Commissioner],
    size: Size,
    rng: np.random.Generator,
    *,
    is_near_border: bool,
) -> Iterator[_Link]:
    is_trust = provider.sector is Sector.NHS_TRUST
    far = rng.lognormal(0, JITTER, len(commissioners))
    by_distance = sorted(
        range(len(commissioners)),
        key=lambda at: (
            commissioners[at].area != provider.area,
            miles_on_grid(provider.district, commissioners[at].district) * far[at],
        ),
    )
    reach = size.trust_reach if is_trust else size.site_reach
    for commissioner, share in zip(by_distance, _rank_shares(reach), strict=False):
        yield _Link(commissioner, share)
    if is_trust:
        yield from _other_links(provider, len(commissioners), is_near_border=is_near_border)


@cache
def _rank_shares(reach: int) -> tuple[float, ...]:
    last = len(SHARES)
    tail = [SHARES[-1] * (rank / last) ** TAIL_POWER for rank in range(last + 1, reach + 1)]
    shares = np.array([*SHARES, *tail][:reach])
    return tuple((shares / shares.sum()).tolist())


def _other_links(provider: Provider, first: int, *, is_near_border: bool) -> Iterator[_Link]:
    share = NONC_SHARE if is_near_border else FAR_NONC_SHARE
    yield _Link(first, share, NONC_FUNCTIONS)
    for at, hub in enumerate(other_commissioners()):
        if at and not hub.region:
            yield _Link(first + at, NATIONAL_SHARE, HUB_FUNCTIONS)
        elif hub.region == provider.area.region:
            is_justice = "H&J" in str(hub.name)
            share, functions = (
                (JUSTICE_SHARE, None) if is_justice else (REGIONAL_SHARE, HUB_FUNCTIONS)
            )
            yield _Link(first + at, share, functions)


def _border_trusts(providers: Sequence[Provider]) -> frozenset[int]:
    abroad = [place for place in districts().values() if place.country != "E"]
    trusts = [at for at, one in enumerate(providers) if one.sector is Sector.NHS_TRUST]
    distance = {
        at: min(miles_on_grid(providers[at].district, place) for place in abroad) for at in trusts
    }
    return frozenset(sorted(trusts, key=distance.__getitem__)[:BORDER_TRUSTS])


def with_growth(
    cells: Cells, providers: Sequence[Provider], areas: Sequence[GrowthArea], locations: int
) -> Cells:
    """The cells with their growth areas, and for each independent cell there one that grows.

    Only patients of sub-ICB locations, of which there are so many, are counted in.
    """
    icb = np.array([one.area.icb for one in providers])[cells.provider]
    sector = np.array([str(one.sector) for one in providers])[cells.provider]
    is_open = np.array([not one.opens for one in providers])[cells.provider]
    area, grown = cells.area.copy(), []
    for number, each in enumerate(areas):
        inside = (icb == each.icb) & (cells.function == each.function)
        inside &= is_open & (cells.commissioner < locations)
        area[inside & (sector == Sector.NHS_TRUST)] = number
        sites = cells.take(np.flatnonzero(inside & (sector == Sector.INDEPENDENT)))
        grown.append(_growing(sites, number, each.opens))
    joined = Cells.joined([replace(cells, area=area), *grown])
    return joined.take(np.argsort(joined.function, kind="stable"))


def _growing(sites: Cells, area: int, opens: int) -> Cells:
    demand: Floats = sites.demand * np.float32(GROWTH)
    return replace(
        sites,
        demand=demand,
        opens=np.full(len(sites), opens),
        area=np.full(len(sites), area),
        extra=np.ones(len(sites), dtype=np.bool_),
    )

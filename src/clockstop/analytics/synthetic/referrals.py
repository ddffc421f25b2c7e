"""Who sends patients where: the cells of the simulation, provider x commissioner x function."""

from collections.abc import Iterator, Sequence

import numpy as np

from clockstop.analytics.synthetic.atlas import miles_on_grid
from clockstop.analytics.synthetic.cohort import Cells
from clockstop.analytics.synthetic.providers import Commissioner, Provider
from clockstop.analytics.synthetic.specialties import function_codes, profiles
from clockstop.core.geography.districts import districts
from clockstop.core.types import Sector

NONC, HUB = "NONC", "13Q"
OTHER_COMMISSIONERS = (NONC, HUB)  # their indices follow those of the sub-ICB locations
# Shares of a provider's patients: own ICB's locations, nearest first, then the nearest other ICB's.
OWN_SHARES, NEIGHBOUR_SHARE = (0.62, 0.20, 0.08), 0.10
HUB_SHARE, HUB_FUNCTIONS = 0.03, frozenset({"C_150", "C_160", "C_170", "C_320", "X02", "X05"})
# Trusts nearest to Wales and Scotland treat their people too, whose waits are not England's.
NONC_TRUSTS, NONC_SHARE, NONC_PACE = 20, 0.012, 0.4
NONC_FUNCTIONS = frozenset({"C_100", "C_110", "C_120", "C_130", "C_150", "C_502", "X02", "X05"})
_LIMITS = {NONC: NONC_FUNCTIONS, HUB: HUB_FUNCTIONS}
SITE_ADMITS = 1.5  # times the specialty's share of admissions
COMMUNITY_ADMITS = 0.15
REMOVED_SHARE = 0.125


def make_cells(
    providers: Sequence[Provider],
    commissioners: Sequence[Commissioner],
    scale: float,
    rng: np.random.Generator,
) -> Cells:
    """The cells in order of provider and commissioner code and function, demand times ``scale``."""
    border = _border_trusts(providers)
    links = [
        (number, commissioner, share, function)
        for number, provider in enumerate(providers)
        for commissioner, share in sorted(_shares(provider, commissioners, number in border))
        for function in _functions(provider, commissioner, len(commissioners))
    ]
    provider, commissioner, share, function = (
        np.array(column) for column in zip(*links, strict=True)
    )
    at = [function_codes().index(code) for code in function]
    who = [providers[number] for number in provider]
    nonc = commissioner == len(commissioners)
    profile = {name: values[at] for name, values in profiles().items()}
    weight = profile["demand"] * share
    offered = np.array([_whole_demand(one) for one in providers])[provider]
    demand = np.array([one.demand for one in who]) * weight / offered
    pace = np.array([one.pace for one in who]) * profile["pace"] * rng.lognormal(0, 0.1, len(at))
    admits = np.array([_ADMITS[one.sector] for one in who])
    return Cells(
        provider=provider,
        commissioner=commissioner,
        function=np.array(at),
        demand=(demand * scale * rng.lognormal(0, 0.15, len(at))).astype(np.float32),
        growth=np.array([one.growth for one in who], dtype=np.float32),
        pace=np.where(nonc, pace * NONC_PACE, pace).astype(np.float32),
        admitted=np.minimum(profile["admitted"] * admits, 0.7).astype(np.float32),
        removed=(REMOVED_SHARE * rng.lognormal(0, 0.2, len(providers)))[provider].astype(
            np.float32
        ),
        opens=np.array([one.opens for one in who]),
    )


_ADMITS = {
    Sector.NHS_TRUST: 1.0,
    Sector.INDEPENDENT: SITE_ADMITS,
    Sector.COMMUNITY: COMMUNITY_ADMITS,
}


def _whole_demand(provider: Provider) -> float:
    """What its functions come to in thousandths of new periods; its demand is spread over them."""
    demand = profiles()["demand"]
    return float(sum(demand[function_codes().index(code)] for code in provider.functions))


def _shares(
    provider: Provider, commissioners: Sequence[Commissioner], is_near_border: bool
) -> Iterator[tuple[int, float]]:
    by_distance = sorted(
        range(len(commissioners)),
        key=lambda at: miles_on_grid(provider.district, commissioners[at].town),
    )
    own = [at for at in by_distance if commissioners[at].area == provider.area]
    yield from zip(own, OWN_SHARES, strict=False)
    yield next(at for at in by_distance if at not in own), NEIGHBOUR_SHARE
    if provider.sector is Sector.NHS_TRUST:
        yield len(commissioners) + OTHER_COMMISSIONERS.index(HUB), HUB_SHARE
        if is_near_border:
            yield len(commissioners) + OTHER_COMMISSIONERS.index(NONC), NONC_SHARE


def _functions(provider: Provider, commissioner: int, locations: int) -> list[str]:
    """What a commissioner buys here: everything, unless it is one of those past the locations."""
    if commissioner < locations:
        return list(provider.functions)
    limit = _LIMITS[OTHER_COMMISSIONERS[commissioner - locations]]
    return [code for code in provider.functions if code in limit]


def _border_trusts(providers: Sequence[Provider]) -> frozenset[int]:
    abroad = [place for place in districts().values() if place.country != "E"]
    trusts = [at for at, one in enumerate(providers) if one.sector is Sector.NHS_TRUST]
    distance = {
        at: min(miles_on_grid(providers[at].district, place) for place in abroad) for at in trusts
    }
    return frozenset(sorted(trusts, key=distance.__getitem__)[:NONC_TRUSTS])

"""Who has which pathways: people of a sex and an age that fit the specialty, with their homes."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from clockstop.analytics.synthetic.patients.clocks import Clocks
from clockstop.analytics.synthetic.patients.homes import Country
from clockstop.analytics.synthetic.patients.mix import rate
from clockstop.analytics.synthetic.patients.numbers import as_text
from clockstop.analytics.synthetic.patients.source import Area
from clockstop.analytics.synthetic.patients.tables import rows
from clockstop.core.codes import treatment_functions

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FEMALE, MALE = "2", "1"
AGES = ((0, 19), (19, 65), (65, 100))  # from, and up to; as the published lists group them
_OLDER_IN_GROUP = (0.9, 0.65, 2.2)  # exponents: below 1 leans to the older end of a group
_DAYS_A_YEAR = 365.25
_MOST_JOINED = 0.9
_ALIVE = -1
KEYS = 100_000_000  # of each area


@dataclass(frozen=True)
class People:
    """``of`` is each pathway's person, a row of the table."""

    table: pl.DataFrame
    of: Ints


@cache
def _function_shares() -> tuple[Floats, Floats]:
    """By function in the order of the return: running shares of the ages, share of women."""
    found = {row["function"]: row for row in rows("people.csv")}
    ordered = [found[function.code] for function in treatment_functions()]
    ages = [[float(row[name]) for name in ("to_18", "to_64", "over_65")] for row in ordered]
    upto = np.cumsum(ages, axis=1)
    return upto / upto[:, -1:], np.array([float(row["female"]) for row in ordered])


def people(
    area: Area,
    clocks: Clocks,
    first_days: Ints,
    dead: Flags,
    country: Country,
    nhs_numbers: Ints,
    rng: np.random.Generator,
) -> People:
    """The people of an area. ``first_days`` are the days of the pathways' first entries."""
    age, female = _ages_and_sexes(area, clocks, rng)
    homes = _homes_of(area)
    of = _joined(np.stack([homes[clocks.cell], age, female]), dead, rng)
    size = int(of.max(initial=-1)) + 1
    one = np.empty(size, dtype=np.int64)
    one[of[::-1]] = np.arange(len(of))[::-1]  # the first pathway of each person
    earliest = np.full(size, area.census)
    np.minimum.at(earliest, of, first_days)
    died = np.full(size, _ALIVE)
    died[of[dead]] = clocks.last[dead]
    numbers = nhs_numbers[(area.people_before + np.arange(size)) % len(nhs_numbers)]
    columns = {
        "person": pl.Series(area.number * KEYS + 1 + np.arange(size), dtype=pl.UInt64),
        "nhs_number": as_text(numbers),
        "sex": np.where(female[one] == 1, FEMALE, MALE),
        "birth_date": _as_days(_births(area, age[one], earliest, rng)),
        "died_on": _as_days(died).set(pl.Series(died == _ALIVE), None),
        "ethnic_category": _ethnicities(size, rng),
    }
    homes_of_people = _addresses(area, clocks.cell[one], country, rng)
    return People(pl.DataFrame(columns).hstack(homes_of_people), of)


def _as_days(days: Ints) -> pl.Series:
    return pl.Series(days, dtype=pl.Int32).cast(pl.Date)


def _ages_and_sexes(area: Area, clocks: Clocks, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """The age group and whether a woman, of whoever has each pathway."""
    codes = [function.code for function in treatment_functions()]
    known = area.cells["function"].to_list()
    function = np.array([codes.index(code) if code in codes else 0 for code in known])
    upto, female = _function_shares()
    at = function[clocks.cell]
    age = (rng.random(len(at))[:, None] >= upto[at]).sum(axis=1)
    return np.minimum(age, len(AGES) - 1), (rng.random(len(at)) < female[at]).astype(np.int64)


def _homes_of(area: Area) -> Ints:
    """A number for the commissioner of each cell: where its patients live."""
    names = area.cells["commissioner"].fill_null("")
    return np.unique(names.to_numpy(), return_inverse=True)[1].astype(np.int64)


def _joined(alike: Ints, dead: Flags, rng: np.random.Generator) -> Ints:
    """The person of each pathway: like ones are joined, as many as the mix has for a person.

    Who has died has one pathway alone, so that nobody is treated after death.
    """
    order = np.lexsort((rng.random(alike.shape[1]), *alike))
    same = np.zeros(len(order), dtype=np.bool_)
    same[1:] = (alike[:, order[1:]] == alike[:, order[:-1]]).all(axis=0)
    same[1:] &= ~(dead[order[1:]] | dead[order[:-1]])
    wanted = len(order) * (1 - 1 / rate("pathways_a_person"))
    share = min(wanted / max(int(same.sum()), 1), _MOST_JOINED)
    same &= rng.random(len(order)) < share
    of = np.empty(len(order), dtype=np.int64)
    of[order] = np.cumsum(~same) - 1
    return of


def _births(area: Area, age: Ints, earliest: Ints, rng: np.random.Generator) -> Ints:
    """Days of birth; nobody's first entry lies before it."""
    low, high = np.array(AGES)[age].T
    lean = np.array(_OLDER_IN_GROUP)[age]
    years = low + rng.random(len(age)) ** lean * (high - low)
    born: Ints = np.minimum(area.census - (years * _DAYS_A_YEAR).astype(np.int64), earliest)
    return born


def _ethnicities(size: int, rng: np.random.Generator) -> pl.Series:
    codes = pl.Series([row["code"] for row in rows("ethnicity.csv")])
    upto = np.cumsum([float(row["share"]) for row in rows("ethnicity.csv")])
    drawn = np.searchsorted(upto / upto[-1], rng.random(size), side="right")
    return codes.gather(drawn)


def _addresses(area: Area, cell: Ints, country: Country, rng: np.random.Generator) -> pl.DataFrame:
    """The home, practice and ICB of each person; none of those of other commissioners."""
    boards = area.cells.select(
        pl.when(pl.col("commissioner") != "NONC")
        .then(pl.col("commissioner_icb").fill_null(area.icb))
    ).to_series()  # fmt: skip
    names = boards.unique().sort().to_list()
    of = np.array([names.index(board) for board in boards.to_list()])[cell]
    chance, practice = rng.random((2, len(cell)))
    columns: dict[str, list[pl.Series]] = {}
    where = []
    for at, name in enumerate(names):
        mine = np.flatnonzero(of == at)
        where.append(mine)
        for column, values in _living(country, name, chance[mine], practice[mine]).items():
            columns.setdefault(column, []).append(values)
    order = np.argsort(np.concatenate(where), kind="stable")
    return pl.DataFrame({name: pl.concat(parts) for name, parts in columns.items()})[order]


def _living(
    country: Country, icb: str | None, chance: Floats, practice: Floats
) -> dict[str, pl.Series]:
    if icb is None:
        empty = {"postcode": pl.String(), "lsoa": pl.String(), "deprivation_decile": pl.Int8()}
        empty |= {"practice": pl.String(), "icb": pl.String()}
        return {name: pl.Series([None] * len(chance), dtype=kind) for name, kind in empty.items()}
    homes = country.homes(icb)
    at = (chance * len(homes.lsoa)).astype(np.int64)
    one = (practice * len(homes.practices)).astype(np.int64)
    return {
        "postcode": pl.Series(homes.postcode.tolist()).gather(at),
        "lsoa": pl.Series(homes.lsoa.tolist()).gather(at),
        "deprivation_decile": pl.Series(homes.decile[at], dtype=pl.Int8),
        "practice": pl.Series(homes.practices.tolist()).gather(one),
        "icb": pl.Series([icb]).gather(np.zeros(len(at), dtype=np.int64)),
    }

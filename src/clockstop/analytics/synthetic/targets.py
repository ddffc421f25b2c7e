"""What the synthetic England is calibrated to: England in September 2025, by treatment function.

``england.csv`` holds single published totals. ``targets.csv`` holds shares alone, rounded, made
from the published extract by ``scripts/make_synthetic_targets.py``: of 1,000 of England's, those of
each function; of a function's list, those within 18 weeks and over 52 and 65. NHS England, Open
Government Licence v3.0.
"""

import csv
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from clockstop.analytics.synthetic.specialties import function_codes
from clockstop.core.types import Month

SOURCE_MONTH = Month(2025, 9)
FLOWS = ("new", "admitted", "nonadmitted")
WAITING = ("within_18", "to_52", "to_65", "over_65")
OF_THE_LIST = ("within_18", "over_52", "over_65")
PER = 1_000
MARGINALS = (*FLOWS, *WAITING)

Marginals = dict[str, npt.NDArray[np.float64]]


@cache
def targets() -> Marginals:
    """Each marginal as pathways by function, in the order of the return.

    Those waiting in four spans: within 18 weeks, from there to 52, from there to 65, and over.
    """
    flows = {name: _shares(name) / PER * england_target(name) for name in FLOWS}
    waiting = _shares("waiting") / PER * england_target("waiting")
    within, over_52, over_65 = (waiting * _shares(name) for name in OF_THE_LIST)
    return flows | {
        "within_18": within,
        "to_52": waiting - within - over_52,
        "to_65": over_52 - over_65,
        "over_65": over_65,
    }


def england_target(name: str) -> float:
    """A published total of England, by the name that ``england.csv`` gives it."""
    return float(_rows("england.csv", "figure")[name]["value"])


def _shares(name: str) -> npt.NDArray[np.float64]:
    """A column of ``targets.csv``, by function in the order of the return."""
    rows = _rows("targets.csv", "function")
    return np.array([float(rows[code][name]) for code in function_codes()])


@cache
def _rows(file: str, key: str) -> dict[str, dict[str, str]]:
    table = files(__package__).joinpath(file).read_text(encoding="utf-8")
    return {row[key]: row for row in csv.DictReader(table.splitlines())}

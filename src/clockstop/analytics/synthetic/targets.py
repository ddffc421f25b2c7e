"""What the synthetic England is calibrated to: England in September 2025, by treatment function.

``targets.csv`` is made from the published extract by ``scripts/make_synthetic_targets.py``: sums
over England, counts to four significant digits and shares to three. NHS England, Open Government
Licence v3.0.
"""

import csv
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from clockstop.analytics.synthetic.specialties import function_codes
from clockstop.core.codes import ALL_FUNCTIONS
from clockstop.core.types import Month

SOURCE_MONTH = Month(2025, 9)
FLOWS = ("new", "admitted", "nonadmitted")
WAITING = ("within_18", "to_52", "to_65", "over_65")
MARGINALS = (*FLOWS, *WAITING)

Marginals = dict[str, npt.NDArray[np.float64]]


@cache
def targets() -> Marginals:
    """Each marginal as pathways by function, in the order of the return.

    Those waiting in four spans: within 18 weeks, from there to 52, from there to 65, and over.
    """
    rows = _rows()
    codes = function_codes()
    table = {
        name: np.array([float(rows[code][name]) for code in codes])
        for name in (*FLOWS, "waiting", "within_18", "over_52", "over_65")
    }
    within = table["waiting"] * table["within_18"]
    found = {name: table[name] for name in FLOWS}
    return found | {
        "within_18": within,
        "to_52": table["waiting"] - within - table["over_52"],
        "to_65": table["over_52"] - table["over_65"],
        "over_65": table["over_65"],
    }


def england_target(name: str) -> float:
    """A figure of all functions together: one of the file's columns."""
    return float(_rows()[ALL_FUNCTIONS.code][name])


@cache
def _rows() -> dict[str, dict[str, str]]:
    table = files(__package__).joinpath("targets.csv").read_text(encoding="utf-8")
    return {row["function"]: row for row in csv.DictReader(table.splitlines())}

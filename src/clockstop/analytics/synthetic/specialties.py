"""How the specialties differ: demand, share admitted, pace. Rounded from England, September 2025.

``demand`` is new periods in a thousand; ``admitted`` the share of completed pathways that end in an
admission; ``pace`` the exponent on the standard survival of a wait (above 1 is quicker than
England); ``offered`` the share of acute trusts that have the specialty; ``independent`` how often
an independent site has it, relatively.
"""

import csv
from functools import cache
from importlib.resources import files

import numpy as np

from clockstop.core.codes import treatment_functions

COLUMNS = ("demand", "admitted", "pace", "offered", "independent")


@cache
def profiles() -> dict[str, np.ndarray]:
    """One array for each column, in the order of the return's treatment functions."""
    table = files(__package__).joinpath("specialties.csv").read_text(encoding="utf-8")
    rows = {row["function"]: row for row in csv.DictReader(table.splitlines())}
    codes = [function.code for function in treatment_functions()]
    return {name: np.array([float(rows[code][name]) for code in codes]) for name in COLUMNS}


def function_codes() -> tuple[str, ...]:
    """The codes of the 23 treatment functions in the order of the return."""
    return tuple(function.code for function in treatment_functions())

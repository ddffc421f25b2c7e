"""England's lists calibrated from the published months: ours, and the reference model's shares."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from clockstop.analytics.forecast.engine.model import Model
from clockstop.analytics.forecast.estimation.calibration import calibrate
from clockstop.analytics.forecast.estimation.choice import Choice
from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.months.cube import Cube, read_cube
from clockstop.analytics.forecast.proof.baselines.compartments import calibrated
from clockstop.analytics.published.lake import Lake

BUDGET = 10  # seconds, for England
# What NHSRtt's calibration of one list takes on 24 months, in R on a machine like this; its lists
# are calibrated one after another.
NHSRTT_SECONDS = 0.09


def cube_of(home: Path) -> Cube:
    """The months that the lake of a home holds."""
    return read_cube(Lake(home))


def of_england(cube: Cube) -> Model:
    """England's lists as the forecast begins with them."""
    history = History(cube)
    return calibrate(history, Choice(history).at(len(cube.months)))


def both_ways(cube: Cube) -> dict[str, Callable[[], object]]:
    """Ours, and the fixed shares of the reference model over the same lists at once."""
    return {
        "Clockstop": lambda: of_england(cube),
        "the reference model's shares, by arrays of numpy": lambda: calibrated(cube),
    }

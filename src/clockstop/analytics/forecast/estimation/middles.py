"""The middle of the forecast from any month of a history, by what was known in it."""

from __future__ import annotations

from clockstop.analytics.forecast.engine.model import Floats, Model
from clockstop.analytics.forecast.estimation.blend import (
    SCORED,
    Told,
    Weights,
    blended,
    chosen,
    told,
)
from clockstop.analytics.forecast.estimation.calibration import calibrate
from clockstop.analytics.forecast.estimation.centre import centre
from clockstop.analytics.forecast.estimation.choice import LEAST_MONTHS, Choice
from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.estimation.settings import Settings


class Middles:
    """Every list's middle from each origin, with what was chosen on the origins before it.

    An origin is named by how many months are known at it. What one needs of others is kept.
    """

    def __init__(self, history: History, settings: Settings | None = None) -> None:
        self.history = history
        self.settings = Choice(history, settings).at  # by how many months are known
        self._models: dict[int, Model] = {}
        self._told_lists: dict[int, Floats] = {}
        self._lists: dict[int, Floats] = {}
        self._weights: dict[int, Weights] = {}

    def of(self, known: int, months: int) -> Floats:
        """The lists at each census after an origin: (cells, months, stretches), in pathways."""
        held = self._lists.get(known)
        if held is None or held.shape[1] < months:
            history, lists = self.history.until(known), self._as_told(known, months)
            held = blended(history, lists, told(history, lists), self.weights(known))
            self._lists[known] = held
        return held[:, :months]

    def model(self, known: int) -> Model:
        """The calibrated model of every list at an origin."""
        if known not in self._models:
            self._models[known] = calibrate(self.history.until(known), self.settings(known))
        return self._models[known]

    def weights(self, known: int) -> Weights:
        """How much of what is told at an origin is believed."""
        if known not in self._weights:
            past = {before: self._told(before) for before in range(LEAST_MONTHS, known)}
            self._weights[known] = chosen(self.history.until(known), past)
        return self._weights[known]

    def _told(self, known: int) -> Told:
        later = min(SCORED, len(self.history.cube.months) - known)
        return told(self.history.until(known), self._as_told(known, later)[:, :later])

    def _as_told(self, known: int, months: int) -> Floats:
        """The lists before they are blended, at least so many months ahead."""
        held = self._told_lists.get(known)
        if held is None or held.shape[1] < months:
            ahead = max(months, len(self.history.cube.months) - known)
            settings, model = self.settings(known), self.model(known)
            held = centre(self.history.until(known), model, settings, ahead)
            self._told_lists[known] = held
        return held

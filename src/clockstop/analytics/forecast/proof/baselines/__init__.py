"""What our forecast is held against: simple rules, and the models that others publish."""

from __future__ import annotations

from collections.abc import Mapping

from clockstop.analytics.forecast.proof.baselines.compartments import reference_compartments
from clockstop.analytics.forecast.proof.baselines.naive import no_change, seasonal_naive
from clockstop.analytics.forecast.proof.baselines.past_errors import with_past_errors
from clockstop.analytics.forecast.proof.baselines.smoothing import ets, theta
from clockstop.analytics.forecast.quantiles import Forecaster

BASELINES: Mapping[str, Forecaster] = {
    "no_change": with_past_errors(no_change),
    "seasonal_naive": with_past_errors(seasonal_naive),
    "reference": with_past_errors(reference_compartments()),
    "ets": ets,
    "theta": theta,
}

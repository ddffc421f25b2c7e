"""What the estimation rests on: half-lives, damping, and how far a list's own past is followed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """The settings of a calibration; the defaults are fixed beforehand.

    ``Choice`` moves those of its ``CANDIDATES`` at each origin by what past months bear out. The
    others are told apart by few months or many: half or twice of any moves England's mean error on
    the official months by 5% at most.

    Half-lives are in months. ``trend_prior`` is how many squared months of evidence against a
    trend it must outweigh; ``damping`` what is left of a trend after a month; ``long_wait_trend``
    how much of it is believed for the longest waits, which policy turns from month to month.
    ``elasticity`` is that of ``Model``. ``…_variance`` is how much the logarithm of a rate differs
    between functions and between lists: the larger, the more a list's own figures count (empirical
    Bayes). ``own`` and ``function`` are how much of the growth that a list's own rates and its
    function's rates tell is believed; the rest is England's.
    ``correction_prior`` is how many months without error the past errors are averaged with.
    """

    propensity_half_life: float = 3.0
    trend_half_life: float = 9.0
    trend_prior: float = 1.0
    damping: float = 0.9
    long_wait_trend: float = 0.7
    removal_half_life: float = 3.0
    removal_trend: float = 0.5
    level_half_life: float = 8.0
    elasticity: float = 0.75
    cell_half_life: float = 4.0
    function_variance: float = 0.05
    cell_variance: float = 0.3
    own: float = 0.3
    function: float = 0.1
    correction_half_life: float = 6.0
    correction_damping: float = 0.9
    correction_prior: float = 1.0

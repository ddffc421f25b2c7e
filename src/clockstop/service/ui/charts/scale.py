"""Nice numbers for an axis, and the way from a value to its place on it."""

import math
from dataclasses import dataclass
from itertools import pairwise

_STEPS = (1, 2, 2.5, 5, 10)
_GRIDLINES = 5
_ZERO_BELOW = 0.6  # values that fall below this share of the highest are drawn from zero


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from ``low`` to ``high`` with gridlines at ``ticks``, both ends among them."""

    ticks: tuple[float, ...]

    @property
    def low(self) -> float:
        return self.ticks[0]

    @property
    def high(self) -> float:
        return self.ticks[-1]

    @property
    def step(self) -> float:
        return next(after - before for before, after in pairwise(self.ticks))

    def share(self, value: float) -> float:
        """How far along the axis a value lies: 0 at its low end, 1 at its high end."""
        return (value - self.low) / (self.high - self.low)


def nice_scale(low: float, high: float, finest: float = 0) -> Scale:
    """The axis for values of ``low`` to ``high``, none negative; from zero unless all are high.

    ``finest`` is the smallest step whose gridlines can be told apart as written.
    """
    start = 0.0 if low < high * _ZERO_BELOW or low == high else low
    step = max(_nice_step((high or 1.0) - start), finest)
    first, last = math.floor(start / step), math.ceil((high or step) / step)
    return Scale(tuple(index * step for index in range(first, last + 1)))


def _nice_step(span: float) -> float:
    """The smallest step of 1, 2, 2.5 or 5 times a power of ten that needs few gridlines."""
    rough = span / (_GRIDLINES - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(nice * power for nice in _STEPS if nice * power >= rough * (1 - 1e-9))

"""What a reader must know of a forecast: whose lists are old, left out, or changed their code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from clockstop.analytics.forecast.estimation.history import STALE_MONTHS, History

SHORT = 12  # months: with fewer no month of the year was seen twice, and few past errors are known
_FELL, _TOOK, _LARGE = 0.8, 0.6, 100  # share of a list that left, that another took; pathways


@dataclass(frozen=True, slots=True)
class Note:
    """A statement about a provider's lists, or about all of them (a blank provider)."""

    provider: str
    text: str


def notes(history: History) -> tuple[Note, ...]:
    """The statements about a forecast from the history's last month, by provider."""
    return (*_of_length(history), *_of_silence(history), *_of_codes(history))


def _of_length(history: History) -> Iterator[Note]:
    known = len(history.cube.months)
    if known < SHORT:
        yield Note("", f"Only {known} months are known: trends and intervals rest on little.")


def _of_silence(history: History) -> Iterator[Note]:
    cube = history.cube
    for provider in np.unique(cube.cells.provider[~cube.sent[-1] & (history.last_sent >= 0)]):
        own = cube.cells.provider == provider
        last = cube.months[int(history.last_sent[own][0])]
        if history.is_listed[own].any():
            yield Note(provider, f"No return since {last}: its lists are taken as then sent.")
        elif last.plus(STALE_MONTHS) >= cube.months[-1]:
            yield Note(provider, f"No return since {last}: its lists are left out.")


def _of_codes(history: History) -> Iterator[Note]:
    """A function whose list all but vanished in a month in which another of the provider rose."""
    cube = history.cube
    sizes = cube.waiting.sum(axis=2)
    for at, step in enumerate(history.steps, 1):
        before, after = sizes[at - 1], sizes[at]
        left = (before - after) * step.both
        for cell in np.flatnonzero((left > _FELL * before) & (before >= _LARGE)):
            own = (cube.cells.provider == cube.cells.provider[cell]) & step.both
            rise = np.where(own, after - before, 0)
            to = int(rise.argmax())
            if rise[to] >= _TOOK * left[cell]:
                functions = cube.cells.function
                text = (
                    f"{functions[cell]} seems to have become {functions[to]} in {cube.months[at]}."
                )
                yield Note(cube.cells.provider[cell], f"{text} Its own past is short.")

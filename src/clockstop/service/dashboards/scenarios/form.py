"""What the form of a scenario is drawn from, and what becomes of it once it is sent."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from clockstop.analytics.forecast.book import AHEAD, ForecastBook
from clockstop.analytics.forecast.scenarios.reading import read_scenario
from clockstop.analytics.forecast.scenarios.scenario import Scenario, ScenarioRefusedError
from clockstop.analytics.monitoring.areas import AreaKind
from clockstop.core.codes import treatment_function
from clockstop.core.types import Month
from clockstop.service.dashboards.scenarios import fields
from clockstop.service.dashboards.scenarios.asked import cells_of
from clockstop.service.dashboards.scenarios.faults import misplaced
from clockstop.service.dashboards.scenarios.fields import Form
from clockstop.service.dashboards.scenarios.values import kept, values_of
from clockstop.service.dashboards.subject import Subject

_ALL = ("", "All specialties")
_ANY = ("", "not set")


def scope_of(book: ForecastBook, subject: Subject) -> Mapping[str, Sequence[str]]:
    """The lists of an area, as a scenario's ``where`` names them."""
    area = subject.area
    if area.kind is AreaKind.ENGLAND:
        return {}
    if area.kind is AreaKind.PROVIDER:
        return {"providers": [area.code]}
    cells = book.bench.model.cells.at(cells_of(book, area.kind, area.code))
    return {"icbs": [str(code) for code in np.unique(cells.icb)]}


def made(
    book: ForecastBook, subject: Subject, form: Form, before: Scenario | None = None
) -> Scenario:
    """The scenario of a form, with what it does not show as it was ``before``.

    Raises ScenarioRefusedError with all that is wrong with it.
    """
    problems = list(misplaced(form))
    values = values_of(form, book.origin, scope_of(book, subject))
    try:
        scenario = read_scenario(json.dumps(values))
    except ScenarioRefusedError as error:
        problems += error.problems
    if problems:
        raise ScenarioRefusedError(tuple(problems))
    return kept(scenario, before)


def drawn(
    book: ForecastBook, subject: Subject, form: Form, errors: Mapping[str, str], more: int = 0
) -> dict[str, Any]:
    """What the template of the form needs."""
    months = [book.origin.plus(ahead) for ahead in range(1, AHEAD + 1)]
    return {
        "form": form,
        "errors": errors,
        "sides": [(side, kinds, form.shown(side, more)) for side, kinds in fields.SIDES.items()],
        "functions": _functions(book, subject),
        "months": [_ANY, *((str(month), month.label) for month in months)],
        "last": months[-1].label,
        "most_months": AHEAD,
    }


def _functions(book: ForecastBook, subject: Subject) -> list[tuple[str, str]]:
    """The specialties that an area has lists of, by name."""
    which = cells_of(book, subject.area.kind, subject.area.code)
    codes = np.unique(book.bench.model.cells.function[which])
    named = [(str(code), treatment_function(str(code)).name) for code in codes]
    return [_ALL, *sorted(named, key=lambda each: each[1])]


def empty(month: Month) -> Form:
    """The form of a new scenario."""
    return Form(title=f"A scenario from {month.label}")

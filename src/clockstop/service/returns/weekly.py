"""The weekly data set of a provider: made from its records, and checked as one that is sent."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings

from clockstop.analytics.wlmds.building import build_submission
from clockstop.analytics.wlmds.checks import check
from clockstop.analytics.wlmds.report import faults_csv
from clockstop.analytics.wlmds.rules import ERROR, rules
from clockstop.analytics.wlmds.tables import TABLES, TITLES
from clockstop.analytics.wlmds.writing import file_of
from clockstop.core.pseudonyms import SHORTEST_KEY
from clockstop.service.pathways import records
from clockstop.service.returns.made import CannotMakeError, Made
from clockstop.service.returns.models import Kind, Source
from clockstop.service.returns.policies import Check

FAULTS = "faults.csv"
NO_KEY = (
    "No key for pseudonyms is set, so no weekly submission can be made. Ask whoever runs the "
    "service to set one."
)


def made(organisation_code: str, week_ending: date) -> Made:
    """The tables of a week, from what the store holds today. Raises CannotMakeError."""
    people, pathways, events = records.tables(organisation_code)
    tables = build_submission(
        people,
        pathways,
        events,
        provider=organisation_code,
        week_ending=week_ending,
        key=key(),
    )
    faults = check(tables, provider=organisation_code, week_ending=week_ending)
    return submission(tables, faults, week_ending, Source.RECORDS)


def submission(
    tables: Mapping[str, Any],
    faults: Any,
    week_ending: date,
    source: str,
    *,
    is_usable: bool = True,
) -> Made:
    """Tables and their faults as a version that can be kept."""
    files = {f"{name}.csv": file_of(name, tables[name]) for name in TABLES if name in tables}
    return Made(
        kind=Kind.WEEKLY,
        period=week_ending,
        source=source,
        files={**files, FAULTS: faults_csv(faults)} if faults.height else files,
        checks=_checks(faults),
        figures={"tables": {name: tables[name].height for name in TABLES if name in tables}},
        is_usable=is_usable,
    )


def key() -> bytes:
    """The key of the pseudonyms. Raises CannotMakeError where none is set."""
    given: bytes = settings.CLOCKSTOP_EXTRACT_KEY
    if len(given) < SHORTEST_KEY:
        raise CannotMakeError(NO_KEY)
    return given


def title(table: str) -> str:
    """A table as people call it."""
    return TITLES.get(table, table)


def _checks(faults: Any) -> tuple[Check, ...]:
    """The faults, rule by rule in the order of the rules."""
    found: dict[str, int] = {}
    for (rule,) in faults.select("rule").iter_rows():
        found[rule] = found.get(rule, 0) + 1
    return tuple(
        Check(
            key=name,
            is_error=rule.severity == ERROR,
            words=rule.wrong,
            mend=rule.mend,
            count=found[name],
        )
        for name, rule in rules().items()
        if name in found
    )

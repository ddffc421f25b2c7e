"""The monthly return of a provider: counted from its records, checked, and as it is filed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings

from clockstop.analytics.engine.files import packed_table, table_file, unpacked_table
from clockstop.analytics.published.datasets.rtt_writing import as_csv
from clockstop.analytics.published.home import default_home
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import NoDataError, organisations
from clockstop.analytics.returns.annex_b import Finding, annex_b
from clockstop.analytics.returns.annex_b_rules import checks
from clockstop.analytics.returns.extract import filed
from clockstop.analytics.returns.figures import Figures, figures_in, figures_of
from clockstop.analytics.returns.monthly import monthly_return
from clockstop.analytics.returns.names import known_names
from clockstop.analytics.returns.summary import summary
from clockstop.analytics.returns.tables import Return as Counted
from clockstop.analytics.returns.totals import totals
from clockstop.core.types import Month
from clockstop.service.pathways import records
from clockstop.service.returns.behind import LINES, lines_behind, reason_words
from clockstop.service.returns.made import Made
from clockstop.service.returns.models import Kind, Source
from clockstop.service.returns.policies import Check

FIGURES = "figures.parquet"
EXTRACT = "full-extract.csv"
NONC = "NONC"
_NOTHING = "missing_return"
# What these find is wrong whatever the reason; the other checks ask for one.
_ERRORS = frozenset(
    {
        "negative_or_decimal",
        "invalid_commissioner",
        "missing_return",
        "missing_incomplete",
        "incorrect_total",
        "decided_over_waiting",
    }
)


def made(organisation_code: str, month: Month, previous: bytes | None) -> Made:
    """The return of a month, from what the store holds today.

    ``previous`` are the figures that were signed off for the month before; without them those of
    the published month are taken, where there is one.
    """
    _, pathways, events = records.tables(organisation_code)
    every = monthly_return(pathways, events, month)
    counted = replace(every.only([organisation_code]), counts=every.of(organisation_code))
    now = figures_of(counted)
    lake = Lake(settings.CLOCKSTOP_HOME or default_home())
    then = _before(now, organisation_code, previous, lake)
    codes = _commissioners(lake)
    findings = annex_b(now, then, codes=codes)
    short = summary(counted, findings, compared=then is not None, has_codes=codes is not None)
    lines = lines_behind(organisation_code, pathways, events, counted)
    return Made(
        kind=Kind.MONTHLY,
        period=month.census,
        source=Source.RECORDS,
        files={
            FIGURES: packed_table(now.cells),
            LINES: table_file(lines, "parquet"),
            **_extract(counted, pathways, lake, organisation_code),
        },
        checks=_checks(now, [each for each in findings if each.provider == organisation_code]),
        figures={
            **_told(counted, now, then, lines),
            "not_asked": [checks()[each].words for each in short.not_asked],
        },
    )


def _before(now: Figures, code: str, previous: bytes | None, lake: Lake) -> Figures | None:
    """The figures of the month before: signed off here, else as published; None if neither is."""
    month = now.month.plus(-1)
    if previous is not None:
        return replace(now, month=month, cells=unpacked_table(previous))
    try:
        published = figures_in(lake, month)
    except NoDataError:
        return None
    cells = published.cells.filter(provider=code)
    return None if cells.is_empty() else replace(published, cells=cells)


def _commissioners(lake: Lake) -> frozenset[str] | None:
    """The commissioner codes in use: those of the published returns."""
    known = organisations(lake).filter(kind="commissioner")["code"].to_list()
    return frozenset({*known, NONC}) if known else None


def _extract(counted: Counted, pathways: Any, lake: Lake, code: str) -> Mapping[str, bytes]:
    """The return in the published layout, unless there is nothing to file."""
    try:
        rows = filed(counted, known_names(pathways, lake), provider=code)
    except ValueError:  # nothing to file: the checks say so
        return {}
    return {EXTRACT: as_csv(rows).getvalue()}


def _checks(now: Figures, findings: Sequence[Finding]) -> tuple[Check, ...]:
    """The findings; that there is nothing to return is one even where no month tells of before."""
    found = [_check(each) for each in findings]
    missing = checks()[_NOTHING]
    if now.cells.is_empty() and not any(each.key == _NOTHING for each in found):
        found = [Check(key=_NOTHING, is_error=True, words=missing.words, mend=missing.todo)]
    return tuple(found)


def _check(found: Finding) -> Check:
    is_error = found.check.id in _ERRORS
    return Check(
        key="-".join(filter(None, (found.check.id, str(found.part or "")))),
        is_error=is_error,
        words=f"{f'Part {str(found.part)[5:]}. ' if found.part else ''}{found.words}",
        mend=found.check.todo,
        needs_words=not is_error,
    )


def _told(
    counted: Counted, now: Figures, then: Figures | None, lines: Mapping[str, Sequence[object]]
) -> Mapping[str, Any]:
    reasons = Counter(str(each) for each in lines["reason"] if each)
    unfiled = set(counted.unfiled["reason"].to_list())
    return {
        "parts": _parts(now, then),
        "functions": _functions(now),
        "unfiled": {rule: _reason(rule, reasons[rule]) for rule in reasons if rule in unfiled},
        "left_out": {rule: _reason(rule, reasons[rule]) for rule in reasons if rule not in unfiled},
        "to_revise": _to_revise(counted),
        "silent": counted.silent,
    }


def _parts(now: Figures, then: Figures | None) -> Mapping[str, Mapping[str, int | None]]:
    return {
        row["part"]: {
            "total": int(row["n"]),
            "before": None if then is None else int(row["before"]),
            "long": int(row["over_52"]),
            "unknown": int(row["unknown"]),
        }
        for row in totals(now, then).iter_rows(named=True)
    }


def _functions(now: Figures) -> Mapping[str, Mapping[str, int]]:
    found: dict[str, Counter[str]] = {}
    for function, part, n in now.cells.select("function", "part", "n").iter_rows():
        found.setdefault(function or "", Counter())[part] += int(n)
    return found


def _reason(rule: str, count: int) -> Mapping[str, Any]:
    return {"count": count, "words": reason_words(rule)}


def _to_revise(counted: Counted) -> Iterable[Mapping[str, int | str]]:
    """The months that today's records would change, the latest first."""
    found: dict[tuple[str, str], list[int]] = {}
    for row in counted.to_revise.iter_rows(named=True):
        sums = found.setdefault((row["month"], row["part"]), [0, 0])
        sums[0] += row["counted"]
        sums[1] += row["should"]
    return [
        {"month": month, "part": part, "counted": counted_then, "should": should}
        for (month, part), (counted_then, should) in sorted(found.items(), reverse=True)
        if counted_then != should
    ]

"""A return and what was found in it, in short: what the command prints and the page shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from clockstop.analytics.returns.annex_b import Finding
from clockstop.analytics.returns.annex_b_rules import checks
from clockstop.analytics.returns.lines import PROVIDER_MISSING
from clockstop.analytics.returns.tables import Return
from clockstop.core.rtt.rules import clock_rules
from clockstop.core.types import Month, Part

_COMPARING = ("missing_return", "missing_part", "large_change", "no_change", "large_change_52")
PARTS = {
    Part.ADMITTED: "1A, treated in hospital (admitted)",
    Part.NONADMITTED: "1B, stopped without an admission",
    Part.INCOMPLETE: "2, waiting at the end of the month",
    Part.INCOMPLETE_DTA: "2A, of them with a decision to admit",
    Part.NEW_PERIODS: "3, new periods",
}


@dataclass(frozen=True)
class Summary:
    """What to show of a return.

    ``parts``: part, patients counted, and how many of them with an unknown start (None for new
    periods). ``left_out`` and ``unfiled``: rule, words and how many
    periods or lines. ``to_revise``: month, provider, part, how many were counted and should be.
    ``others``: how many lines are for another provider to return. ``findings`` of Annex B;
    ``not_asked`` are the checks that there was nothing to compare with.
    """

    month: Month
    pathways: int
    silent: int
    parts: Sequence[tuple[Part, int, int | None]]
    left_out: Sequence[tuple[str, str, int]]
    unfiled: Sequence[tuple[str, str, int]]
    to_revise: Sequence[tuple[str, str | None, str, int, int]]
    others: Mapping[str, int]
    findings: Sequence[Finding]
    not_asked: Sequence[str]

    def as_dict(self) -> Mapping[str, Any]:
        """The summary as plain data, for JSON."""
        return {
            "month": str(self.month),
            "pathways": self.pathways,
            "pathways_without_events": self.silent,
            "parts": {str(part): n for part, n, _ in self.parts},
            "unknown_starts": {str(part): n for part, _, n in self.parts if n is not None},
            "left_out": _plain(self.left_out),
            "unfiled": _plain(self.unfiled),
            "to_revise": [
                {"month": m, "provider": p, "part": part, "counted": was, "should": should}
                for m, p, part, was, should in self.to_revise
            ],
            "of_other_providers": dict(self.others),
            "findings": [finding_as_dict(each) for each in self.findings],
            "not_asked": list(self.not_asked),
        }


def summary(
    ret: Return,
    findings: Sequence[Finding],
    *,
    others: Mapping[str, int] | None = None,
    compared: bool,
    has_codes: bool,
) -> Summary:
    """The summary of a return; whether it was ``compared`` with the month before."""
    return Summary(
        month=ret.month,
        pathways=ret.pathways,
        silent=ret.silent,
        parts=list(_parts(ret.counts)),
        left_out=_by_rule(ret.left_out["rule"]),
        unfiled=_by_rule(ret.unfiled["reason"]),
        to_revise=_revised(ret),
        others=others or {},
        findings=findings,
        not_asked=list(_not_asked(compared, has_codes)),
    )


def _parts(counts: pl.DataFrame) -> Iterator[tuple[Part, int, int | None]]:
    for part in Part:
        of_part = counts.filter(pl.col("part") == str(part))
        unknown = int(of_part.filter(pl.col("band").is_null())["n"].sum())
        is_new = part is Part.NEW_PERIODS
        yield part, int(of_part["n"].sum()), None if is_new else unknown


def words_of(rule: str) -> str:
    """Why something is left out, in words."""
    if rule == PROVIDER_MISSING:
        return "No entry says whose list the patient is on"
    return clock_rules()[rule].text


def finding_as_dict(finding: Finding) -> Mapping[str, Any]:
    """A finding as plain data."""
    return {
        "check": finding.check.id,
        "provider": finding.provider,
        "part": finding.part and str(finding.part),
        "words": finding.words,
        "numbers": dict(finding.numbers),
        "thresholds": dict(finding.thresholds),
        "todo": finding.check.todo,
    }


def _by_rule(rules: pl.Series) -> list[tuple[str, str, int]]:
    counts = rules.value_counts().sort("count", rules.name, descending=[True, False])
    return [(rule, words_of(rule), n) for rule, n in counts.rows()]


def _revised(ret: Return) -> list[tuple[str, str | None, str, int, int]]:
    keys = ["month", "provider", "part"]
    sums = ret.to_revise.group_by(keys).agg(pl.col("counted", "should").sum()).sort(keys)
    return sums.with_columns(pl.col("part").cast(pl.String)).rows()


def _not_asked(compared: bool, has_codes: bool) -> Iterable[str]:
    if not has_codes:
        yield checks()["invalid_commissioner"].id
    if not compared:
        yield from _COMPARING


def _plain(rows: Iterable[tuple[str, str, int]]) -> list[Mapping[str, Any]]:
    return [{"rule": rule, "words": words, "count": n} for rule, words, n in rows]

"""NHS England's validation checks of the monthly return, on all providers at once (Annex B).

What they find are queries to look into, not errors: most have a threshold, and large changes do
happen. Source: RTT recording and reporting guidance 5.0, Annex B.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from clockstop.analytics.returns.annex_b_checks import CHECKS, Compared, Finding
from clockstop.analytics.returns.annex_b_rules import Key, Limits, checks
from clockstop.analytics.returns.figures import Figures, figures_of
from clockstop.analytics.returns.tables import Return
from clockstop.analytics.returns.totals import totals

__all__ = ["Finding", "annex_b"]
Filed = Return | Figures


def annex_b(
    current: Filed,
    previous: Filed | None,
    *,
    codes: Collection[str] | None,
    thresholds: Mapping[Key, float] | None = None,
    excused: Collection[tuple[str, str]] = (),
) -> list[Finding]:
    """Every finding of every check, by provider, then in the order of the checks and parts.

    ``previous`` is the month before, None where it is not known: what compares months is then not
    asked. ``codes`` are the commissioner codes in use, None where there is no list of them. Own
    ``thresholds`` replace ours, by (check, part, name). ``excused`` are pairs of check and provider
    that have shown evidence. Raises ValueError for a threshold that there is not, and unless the
    two months follow each other.
    """
    now = _figures(current)
    then = None if previous is None else _figures(previous)
    if then is not None and then.month.plus(1) != now.month:
        raise ValueError(f"the month before {now.month} is {now.month.plus(-1)}, not {then.month}")
    limits = Limits(now.month.census, thresholds)
    compared = Compared(now, then is not None, totals(now, then), codes, limits)
    order = list(checks())
    found = [
        each
        for check, run in CHECKS.items()
        for each in run(checks()[check], compared)
        if (check, each.provider) not in excused
    ]
    return sorted(found, key=lambda f: (f.provider, order.index(f.check.id), str(f.part or "")))


def _figures(filed: Filed) -> Figures:
    return figures_of(filed) if isinstance(filed, Return) else filed

"""Under which commissioner a pathway is reported (§10.1.8 to §10.1.10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from clockstop.core import rulebook
from clockstop.core.rtt.events import CommissionerRecorded, Event, NhsEngland

NONC = "NONC"
_DEFENCE_HUB = "13Q"  # footnote 22: where defence medical practices map to
_GROUNDS = {
    NhsEngland.SPECIALISED: "report-specialised",
    NhsEngland.DETAINED: "report-detained",
    NhsEngland.ARMED_FORCES: "report-armed-forces",
    NhsEngland.SECONDARY_DENTAL: "report-dental",
}


@dataclass(frozen=True, slots=True)
class Commissioner:
    """Who a pathway is reported under.

    ``code`` is that of the monthly return, ``weekly_code`` of the weekly data set (WLMDS); None
    where the events do not say. ``rules`` are the reasons, in order.
    """

    code: str | None
    weekly_code: str | None
    rules: tuple[str, ...]


def commissioner_on(events: Iterable[Event], day: date) -> Commissioner:
    """The commissioner on a day, from what had happened by then: the latest entry decides.

    NHS England first, where it is known to commission; then commissioners outside England; else the
    sub-ICB of the GP practice, of residence, or the provider's host, whichever is known first.
    """
    entries = [each for each in events if isinstance(each, CommissionerRecorded)]
    latest = max(
        (each for each in reversed(entries) if each.day <= day),
        key=lambda each: each.day,
        default=None,
    )
    if latest is None:
        return Commissioner(None, None, ("report-commissioner-missing",))
    passed = tuple(_passed(latest, day))
    if not passed and (latest.nhs_england or latest.hub):
        return _nhs_england(latest)
    found = _elsewhere(latest)
    return Commissioner(found.code, found.weekly_code, (*passed, *found.rules))


def _passed(entry: CommissionerRecorded, day: date) -> Iterator[str]:
    """Hospital dental care was NHS England's only while the rulebook says so."""
    is_dental = entry.nhs_england is NhsEngland.SECONDARY_DENTAL
    if is_dental and "nhs_england_secondary_dental" not in rulebook.on(day):
        yield "report-dental-passed"


def _nhs_england(entry: CommissionerRecorded) -> Commissioner:
    rule = _GROUNDS[entry.nhs_england] if entry.nhs_england else "report-nhs-england"
    is_defence = entry.nhs_england is NhsEngland.ARMED_FORCES
    code = entry.hub or (_DEFENCE_HUB if is_defence else None)
    return Commissioner(code, code, (rule,) if code else (rule, "report-hub-missing"))


def _elsewhere(entry: CommissionerRecorded) -> Commissioner:
    if entry.outside_england:
        return Commissioner(NONC, entry.outside_england, ("report-outside-england",))
    named = {
        "report-practice": entry.practice,
        "report-residence": entry.residence,
        "report-host": entry.host,
    }
    for rule, code in named.items():
        if code:
            return Commissioner(code, code, (rule,))
    return Commissioner(None, None, ("report-commissioner-missing",))

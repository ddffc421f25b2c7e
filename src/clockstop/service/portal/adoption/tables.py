"""The tables of adoption as they may be shown, and as rows of a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from statistics import median
from typing import Any

from clockstop.core.disclosure import threshold_on
from clockstop.service.pathways.names import organisations_named
from clockstop.service.portal.adoption import reading
from clockstop.service.portal.adoption.counting import ACTS, ONLINE, WAYS, acts, counted
from clockstop.service.portal.adoption.reading import Asked, By, Scope
from clockstop.service.referrals.choice_figures import files
from clockstop.service.referrals.choice_figures.reading import area_named, year_to
from clockstop.service.referrals.choice_figures.showing import ALL, Plain, Share, Shown, plain

OFFERS = "Which providers take requests online"
MANAGED = {
    "online": "Could be managed online",
    "not_offered": "Provider takes no requests online",
    "not_shown": "Not shown online",
}
OUTCOMES = {
    "APPROVED": "Done",
    "DECLINED": "Not possible",
    "EXPIRED": "Not answered in time",
    "WITHDRAWN": "Taken back",
    "REQUESTED": "Not seen yet",
    "ACKNOWLEDGED": "Being looked at",
}
PEOPLE = {"acted": "Acted online, signed in", "did_not": "Did not"}
_ASKED = {each: WAYS[each] for each in ("account", "phone")}
_WORDS = {
    "booked": "First bookings and bookings after a cancelled or missed appointment.",
    "changed": "Another time in place of the one that was booked.",
    "cancelled": "Cancelled without another booking straight away.",
}


def tables(by: By, today: date, icb_code: str = "") -> tuple[Shown, ...]:
    """Every table of adoption, under the small-number rule."""
    scope = Scope(year_to(today), by, icb_code)
    made = [_managed(scope), *_acts(scope), *_requests(scope), _people(scope)]
    names = named({group for each in made for group in each.rows}, by)
    return tuple(plain(_in_order(each, names), names, threshold_on(today)) for each in made)


def offered(icb_code: str = "", more: Iterable[str] = ()) -> list[tuple[str, bool]]:
    """Providers by name, and whether each takes requests online: one that never said does not."""
    told = dict.fromkeys(more, False) | reading.offers(icb_code)
    names = named(told, By.PROVIDER)
    return sorted((names[code], is_offered) for code, is_offered in told.items())


def providers(today: date, icb_code: str = "") -> set[str]:
    """The providers at which patients have an appointment to come."""
    scope = Scope(year_to(today), By.PROVIDER, icb_code)
    return {group for group, _ in reading.to_come(scope)}


def everything(by: By, today: date, icb_code: str = "") -> list[dict[str, Any]]:
    """All figures, one a row; a count that was left out is blank."""
    heading = "ICB" if by is By.ICB else "Provider"
    told = offered(icb_code, providers(today, icb_code))
    return [
        *files.rows(tables(by, today, icb_code), heading),
        *(
            dict(zip(files.COLUMNS, (OFFERS, "Provider", name, "Offered", int(does)), strict=True))
            for name, does in told
        ),
    ]


def named(groups: Iterable[str], by: By) -> dict[str, str]:
    """The groups in words, in the order of their names."""
    codes = set(groups)
    known = organisations_named(codes) if by is By.PROVIDER else {}
    words = {code: known.get(code, code) for code in codes}
    if by is By.ICB:
        words = {code: area_named(code) for code in codes}
    return dict(sorted(words.items(), key=lambda each: (each[1], each[0])))


def _managed(scope: Scope) -> Plain:
    return _table(
        "managed",
        "Appointments to come that patients could manage online",
        "As of today. Those booked through a referral, and those that hospitals entered where the "
        "hospital takes requests online. Not shown: patients under 16, and sensitive records.",
        MANAGED,
        counted(reading.to_come(scope)),
        Share("Could be managed online", ("online",), tuple(MANAGED)),
    )


def _acts(scope: Scope) -> list[Plain]:
    told = list(acts(reading.steps(scope)))
    share = Share("Online, of all", ONLINE, tuple(WAYS))
    return [
        _table(
            what,
            f"Appointments {title.lower()}: by whom",
            _WORDS[what],
            WAYS,
            counted((group, way) for kind, group, way in told if kind == what),
            share,
        )
        for what, title in ACTS.items()
    ]


def _requests(scope: Scope) -> list[Plain]:
    held = list(reading.requests(scope))
    asked = _table(
        "asked",
        "Requests to hospitals about appointments that they entered",
        "To cancel, to come on another day, for something else, or to confirm.",
        _ASKED,
        counted((each.group, each.way) for each in held),
        Share("Online, of all", ("account",), tuple(_ASKED)),
    )
    answers = _table(
        "answers",
        "What became of the requests",
        "The share is of those that were answered or that nobody answered before the day.",
        OUTCOMES,
        counted((each.group, each.state) for each in held),
        Share(
            "Answered in time",
            ("APPROVED", "DECLINED"),
            ("APPROVED", "DECLINED", "EXPIRED"),
        ),
        ("Median days to an answer", lambda group: _days(held, group)),
    )
    return [asked, answers]


def _people(scope: Scope) -> Plain:
    return _table(
        "people",
        "Patients who acted with an account",
        "Patients aged 16 or over with an appointment or a request at the provider; each counts "
        "once at each provider. Acted: booked, changed, cancelled or asked while signed in.",
        PEOPLE,
        counted(reading.people(scope)),
        Share("Acted", ("acted",), tuple(PEOPLE)),
    )


def _days(held: Sequence[Asked], group: str) -> float | None:
    days = [each.days for each in held if each.days is not None and group in {ALL, each.group}]
    return median(days) if days else None


def _table(
    slug: str,
    title: str,
    words: str,
    columns: Mapping[str, str],
    counts: Mapping[str, Counter[str]],
    share: Share,
    mean: tuple[str, Callable[[str], float | None]] | None = None,
) -> Plain:
    return Plain(
        slug,
        title,
        words,
        tuple(columns.values()),
        {group: [each[name] for name in columns] for group, each in counts.items()},
        share.named(columns),
        (mean[0],) if mean else (),
        {group: [mean[1](group)] for group in (ALL, *counts)} if mean else {},
    )


def _in_order(table: Plain, names: Mapping[str, str]) -> Plain:
    rows = {group: table.rows[group] for group in names if group in table.rows}
    return replace(table, rows=rows)

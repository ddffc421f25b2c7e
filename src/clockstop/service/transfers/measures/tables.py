"""The tables of mutual aid as they may be shown, and as rows of a file: open data.

Period: courses begun this month so far and in the eleven before it. Source: the step rows, which
nobody changes. Census: the moment of asking. Counts from 1 up to the small-number threshold are
left out, and others with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from clockstop.core.codes.decline_reasons import decline_reasons
from clockstop.core.disclosure import threshold_on
from clockstop.service.referrals.choice_figures import files
from clockstop.service.referrals.choice_figures.reading import year_to
from clockstop.service.referrals.choice_figures.showing import ALL, Plain, Share, Shown, plain
from clockstop.service.transfers.actions.asking.reasons import NONE_FOUND, UNSUITABLE
from clockstop.service.transfers.actions.moving.returning import REASONS as RETURNED
from clockstop.service.transfers.measures import courses, reading
from clockstop.service.transfers.measures.courses import Counted, Course
from clockstop.service.transfers.measures.reading import By, Scope
from clockstop.service.transfers.models.aid import Kind

FLOWS = "Moves between the NHS and the independent sector, by specialty"
_MEDIAN_DAYS, _MEDIAN_MILES = "Median days", "Median miles"


@dataclass(frozen=True, slots=True)
class Gathered:
    """The courses of a scope, by whose request it was."""

    patients: tuple[Course, ...]
    providers: tuple[Course, ...]
    tests: tuple[Course, ...]

    @property
    def treatment(self) -> tuple[Course, ...]:
        """Everybody who was to be treated elsewhere."""
        return (*self.patients, *self.providers)

    @property
    def all(self) -> tuple[Course, ...]:
        """Everybody's."""
        return (*self.treatment, *self.tests)

    def by(self, way: By) -> Gathered:
        """The same courses, grouped in another way."""
        return Gathered(*(_grouped(some, way) for some in self._kinds))

    def one_by_one(self) -> Iterator[tuple[Course, Gathered]]:
        """Each course, and all there is where it stands alone."""
        for number, some in enumerate(self._kinds):
            for each in some:
                alone: list[tuple[Course, ...]] = [(), (), ()]
                alone[number] = (each,)
                yield each, Gathered(*alone)

    @property
    def _kinds(self) -> tuple[tuple[Course, ...], ...]:
        return self.patients, self.providers, self.tests


def _grouped(some: tuple[Course, ...], way: By) -> tuple[Course, ...]:
    return tuple(replace(each, group=each.groups[way]) for each in some)


def gathered(scope: Scope) -> Gathered:
    """Read once, for every table."""
    return Gathered(
        tuple(reading.patients_courses(scope)),
        tuple(reading.providers_courses(scope, Kind.TREATMENT)),
        tuple(reading.providers_courses(scope, Kind.DIAGNOSTIC)),
    )


def tables(by: By, today: date, icb_code: str = "") -> tuple[Shown, ...]:
    """Every table, under the small-number rule."""
    held = gathered(Scope(year_to(today), by, icb_code))
    threshold = threshold_on(today)
    return tuple(plain(_in_order(each, by), _names(each, by), threshold) for each in counted(held))


def counted(held: Gathered) -> tuple[Plain, ...]:
    """Every table of some courses, before anything is left out."""
    return (*_by_group(held), *_days(held), *_refusals(held), _flows(held))


def everything(by: By, today: date, icb_code: str = "") -> list[dict[str, Any]]:
    """All figures, one a row; what was left out is blank."""
    return list(files.rows(tables(by, today, icb_code), by.label))


def _by_group(held: Gathered) -> tuple[Plain, ...]:
    return (
        _funnel(
            "patients",
            "Patients' own requests: how far they got",
            "Each patient who was invited, or asked without, counts once: at the furthest step.",
            held.patients,
            courses.PATIENTS,
            ("Moved", "Treated"),
        ),
        _funnel(
            "providers",
            "Providers' requests for treatment: how far they got",
            "Help that a provider asked for of itself. Each request counts once.",
            held.providers,
            courses.PROVIDERS,
            ("Moved", "Treated"),
        ),
        _funnel(
            "tests",
            "Requests for diagnostic tests: how far they got",
            "The sender keeps any clock. Each request counts once.",
            held.tests,
            courses.TESTS,
            ("Result sent", "Result read"),
        ),
        _table(
            "saved",
            "Weeks saved",
            "Of those treated elsewhere: the wait expected where they were, on the day of asking, "
            "less the wait until treatment. Nobody knows what would have been: the expected wait is"
            " the middle of what the forecast had for the whole specialty there.",
            courses.saved(held.treatment),
            "Median weeks",
        ),
        _table(
            "distance",
            "Distance to the accepted place",
            "From the middle of the home's postcode district, in a straight line.",
            courses.distances(held.treatment),
            _MEDIAN_MILES,
        ),
        _mean(
            "burden",
            "Staff minutes for each request",
            "As staff noted them with each step, of requests that somebody dealt with.",
            courses.burden(held.treatment),
            "Mean, where noted",
        ),
    )


def _days(held: Gathered) -> Iterator[Plain]:
    """A table for each step that was taken, of patients' own requests and of providers'."""
    for slug, whose, some, stages in (
        ("days", "patients' own requests", held.patients, courses.PATIENTS),
        ("days_of_providers", "providers' requests", held.providers, courses.PROVIDERS),
    ):
        for number, (step, found) in enumerate(courses.days_between(some, stages).items(), 1):
            yield _table(
                f"{slug}_{number}",
                f"Days from step to step, {whose}: {step}",
                "Of those who took this step; waits that go on are not in it.",
                found,
                _MEDIAN_DAYS,
            )


def _refusals(held: Gathered) -> Iterator[Plain]:
    """A table for each who says no."""
    refused = courses.refusals((*held.treatment, *held.tests), _reason)
    for who, found in refused.items():
        yield _table(
            f"refusals_{who}",
            f"Refusals by reason: {courses.WHO[who]}",
            "Every no counts, so that one request can have several.",
            found,
        )


def _flows(held: Gathered) -> Plain:
    return _table(
        "flows",
        FLOWS,
        "Patients received for treatment.",
        courses.flows(held.treatment),
    )


def _funnel(
    slug: str,
    title: str,
    words: str,
    held: tuple[Course, ...],
    stages: Mapping[str, tuple[str, frozenset[str]]],
    part: tuple[str, ...],
) -> Plain:
    found = courses.furthest(held, stages)
    share = Share(f"{part[0]}, of all", part, found.columns)
    return Plain(slug, title, words, found.columns, found.rows(), share)


def _table(slug: str, title: str, words: str, found: Counted, median: str = "") -> Plain:
    return _valued(slug, title, words, found, median, found.middle)


def _mean(slug: str, title: str, words: str, found: Counted, mean: str) -> Plain:
    return _valued(slug, title, words, found, mean, found.mean)


def _valued(
    slug: str,
    title: str,
    words: str,
    found: Counted,
    heading: str,
    value: Callable[[str | None], float | None],
) -> Plain:
    rows = found.rows()
    told = {ALL: [value(None)]} | {group: [value(group)] for group in rows} if heading else {}
    means = (heading,) if heading else ()
    return Plain(slug, title, words, found.columns, rows, None, means, told)


def _names(table: Plain, by: By) -> Mapping[str, str]:
    return reading.named(table.rows, way_of(table, by))


def way_of(table: Plain, by: By) -> By:
    """How the rows of a table are grouped where a reader groups in some way."""
    return By.SPECIALTY if table.slug == "flows" else by


def _in_order(table: Plain, by: By) -> Plain:
    return replace(table, rows={group: table.rows[group] for group in _names(table, by)})


def _reason(who: str, code: str) -> str:
    """A reason in words, whoever gave it."""
    if who == "review":
        return UNSUITABLE.get(code, ("",))[0] or "Not said"
    if who == "search":
        return NONE_FOUND.get(code, "Not said")
    if code in RETURNED:
        return f"Given back: {RETURNED[code][:1].lower()}{RETURNED[code][1:]}"
    known = decline_reasons().get(code)
    return known.words if known else "Not said"

"""Small valid DM01 files: real codes, made-up figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.analytics.published.sheets import Sheet

from clockstop.analytics.published.datasets import dm01_layout, dm01_series
from clockstop.core.codes import diagnostic_tests
from clockstop.core.types import Month

PROVIDERS = {
    "RR8": ("LEEDS TEACHING HOSPITALS NHS TRUST", "QWO", "WEST YORKSHIRE ICB", "Y63"),
    "RHQ": ("SHEFFIELD TEACHING HOSPITALS", "QF7", "SOUTH YORKSHIRE ICB", "Y63"),
}
COMMISSIONERS = {
    "15F": ("NHS LEEDS", "QWO", "WEST YORKSHIRE ICB"),
    "13Q": ("NATIONAL COMMISSIONING HUB 1", "", ""),
}
TESTS = diagnostic_tests()


def counts(seed: int) -> list[int]:
    """Fourteen bands, then tests from the waiting list, planned and unscheduled."""
    return [(seed * 7 + place * 3) % 11 for place in range(17)]


def extract(month: str = "2025-01", only: Sequence[str] = tuple(PROVIDERS)) -> Sheet:
    """An official extract: providers × commissioners × tests, and a TOTAL row for each pair."""
    rows: list[list[str]] = []
    period = dm01_layout.period_of(Month.parse(month))
    for p, provider in enumerate(only):
        name, icb, icb_name, _ = PROVIDERS[provider]
        for c, (commissioner, (called, parent, parent_name)) in enumerate(COMMISSIONERS.items()):
            keys = [
                period,
                icb,
                icb_name,
                provider,
                name,
                parent,
                parent_name,
                commissioner,
                called,
            ]
            figures = [counts(31 * p + 17 * c + test.number) for test in TESTS]
            total = [sum(column) for column in zip(*figures, strict=True)]
            names = [(test.number, test.code) for test in TESTS] + [(16, "TOTAL")]
            for (number, test), found in zip(names, [*figures, total], strict=True):
                rows.append([*keys, str(number), test, *_with_sums(found)])
    return Sheet(list(dm01_layout.COLUMNS), rows, name="dm01.csv")


def _with_sums(figures: Sequence[int]) -> Iterable[str]:
    bands, activity = figures[:14], figures[14:]
    return map(str, [*bands, sum(bands), *activity, sum(activity)])


def series(basis: str = "provider", months: Sequence[str] = ("2025-01", "2025-02")) -> Sheet:
    """A reshaped series; by commissioner the same figures stand under the ICB of the provider."""
    rows = []
    for month in months:
        for p, (provider, (name, icb, icb_name, region)) in enumerate(PROVIDERS.items()):
            code, called = (provider, name) if basis == "provider" else (icb, icb_name)
            for test in TESTS:
                figures = counts(31 * p + test.number)
                bands, (waiting_list, planned, unscheduled) = figures[:14], figures[14:]
                total, over_6 = sum(bands), sum(bands[6:])
                share = f"{over_6 / total if total else 0:.3f}"
                keys = [str(Month.parse(month).census), region, code, test.number]
                wholes = [total, over_6, bands[13], share, *bands]
                tests = [planned, unscheduled, waiting_list, called, test.official_name]
                rows.append([str(cell) for cell in (*keys, *wholes, *tests)])
    return Sheet(list(dm01_series.LAYOUTS[basis].columns), rows, name=f"dm01_{basis}.csv")

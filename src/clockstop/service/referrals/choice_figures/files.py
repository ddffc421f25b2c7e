"""The figures as rows of a file: protected like the page, blank where left out."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from io import StringIO
from typing import Any

from clockstop.core.disclosure import threshold_on
from clockstop.service.pathways.names import organisations_named
from clockstop.service.pathways.presenters.wording import specialty
from clockstop.service.referrals.choice_figures import beside
from clockstop.service.referrals.choice_figures.reading import By, choices, named, year_to
from clockstop.service.referrals.choice_figures.showing import Plain, Shown, plain, shown

COLUMNS = ("table", "grouped_by", "group", "measure", "value")


def choice_tables(by: By, today: date, icb_code: str = "") -> tuple[Shown, ...]:
    """The tables of choice, grouped in one way."""
    held = list(choices(year_to(today), by, icb_code))
    names = named(sorted({each.group for each in held}), by)
    order = dict(sorted(names.items(), key=lambda each: each[0 if by is By.MONTH else 1]))
    return shown(held, order, threshold_on(today))


def other_tables(today: date, icb_code: str = "") -> tuple[Shown, ...]:
    """The tables beside choice."""
    return tuple(
        plain(each, _names(each), threshold_on(today))
        for each in beside.tables(year_to(today), icb_code)
    )


def _names(table: Plain) -> dict[str, str]:
    if table.slug == "slots":
        return {code: specialty(code) if code else "Tests" for code in table.rows}
    return dict(organisations_named(table.rows))


def rows(tables: Iterable[Shown], by: str) -> Iterator[dict[str, Any]]:
    """One figure a row; None is left out under the small-number rule, or not to be told."""
    for table in tables:
        for line in table.lines:
            figures: list[tuple[str, float | None]] = [
                *zip(table.columns, line.cells, strict=True),
                ("All", line.total),
            ]
            if table.share:
                figures.append((f"Share: {table.share}", line.share))
            figures += zip(table.means, line.means, strict=True)
            for measure, value in figures:
                values = (table.title, by, line.group, measure, value)
                yield dict(zip(COLUMNS, values, strict=True))


def as_csv(found: Iterable[dict[str, Any]]) -> str:
    """The rows as a CSV file."""
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(found)
    return text.getvalue()


def everything(by: By, today: date, icb_code: str = "") -> list[dict[str, Any]]:
    """All figures: choice by its groups, what stands beside it by provider or specialty."""
    return [
        *rows(choice_tables(by, today, icb_code), by.label),
        *rows(other_tables(today, icb_code), "Provider or specialty"),
    ]

"""The story and the calibrated rates of a synthetic England as JSON."""

import json
from collections.abc import Iterator

from clockstop.analytics.synthetic.england import England
from clockstop.analytics.synthetic.rates import SPANS
from clockstop.analytics.synthetic.specialties import function_codes


def retold(england: England) -> str:
    """``story``: who did what from which month; ``rates``: each calibrated rate by function."""
    told = {"story": dict(_story(england)), "rates": dict(_rates(england))}
    return json.dumps(told, indent=1) + "\n"


def _story(england: England) -> Iterator[tuple[str, object]]:
    months, story = [str(m) for m in england.calendar.months], england.story
    codes = [one.code for one in england.providers]
    last = len(months) - 1
    yield "reference_month", months[england.calendar.reference]
    yield (
        "missing_submitters",
        {
            one.code: months[one.last_return + 1 :]
            for one in england.providers
            if one.last_return is not None and one.last_return < last
        },
    )
    yield "opened", {one.code: months[one.opens] for one in england.providers if one.opens}
    if story.merger:
        merger = story.merger
        yield "merger", [codes[merger.old], codes[merger.new], months[merger.month]]
    if story.omission:
        left_out = codes[story.omission.provider], function_codes()[story.omission.function]
        yield "revised", [months[story.omission.month], *left_out]
    yield (
        "growth_from",
        {f"{a.icb} {function_codes()[a.function]}": months[a.opens] for a in story.areas},
    )


def _rates(england: England) -> Iterator[tuple[str, dict[str, float]]]:
    """The calibrated rates by function: see ``Rates``."""
    rates = england.rates
    spans = dict(zip(SPANS, rates.spans, strict=True))
    names = ("demand", "admitted", "removed", "dip")
    for name, values in (spans | {name: getattr(rates, name) for name in names}).items():
        figures = (round(float(value), 4) for value in values)
        yield name, dict(zip(function_codes(), figures, strict=True))

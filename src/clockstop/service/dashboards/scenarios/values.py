"""The scenario that a form makes, as the JSON values of its file, and the form of a scenario."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from clockstop.analytics.forecast.scenarios.reading import written
from clockstop.analytics.forecast.scenarios.scenario import Scenario
from clockstop.core.types import Month
from clockstop.service.dashboards.scenarios.fields import (
    MONTHLY,
    MOST_ROWS,
    SIDES,
    USUAL_MONTHS,
    USUAL_WEEKS,
    WEEKLY,
    YEARLY,
    Change,
    Form,
)


def values_of(form: Form, base: Month, scope: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The scenario that a form means, as the JSON values of its file, right or wrong.

    ``scope`` is which lists the page is about, as ``where`` names them.
    """
    months = _months(base, _number(form.months))
    values: dict[str, Any] = {
        "title": form.title,
        "base_month": str(base),
        "horizon_months": _number(form.months),
        **{
            side: [_value(change, side, months, scope) for change in form.side(side)]
            for side in SIDES
        },
        "policy": _policy(form),
    }
    return {key: value for key, value in values.items() if value not in ([], {})}


def _value(
    change: Change, side: str, months: Sequence[str], scope: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    kind = change.kind if change.kind in SIDES[side] else next(iter(SIDES[side]))
    amount = _number(change.amount)
    functions = {"functions": [change.function]} if change.function else {}
    where = {**functions, **{key: list(codes) for key, codes in scope.items()}}
    found: dict[str, Any] = {"where": where} if where else {}
    span = {"from_month": change.first, "to_month": change.last}
    named = {key: month for key, month in span.items() if month}
    if kind == WEEKLY:
        return found | {"clock_stops_a_week": amount} | named
    if kind == YEARLY:
        return found | {"percent_a_year": amount}
    first, last = change.first or months[0], change.last or months[-1]
    inside = [month for month in months if first <= month <= last] or [first]
    return found | {"percent_by_month": dict.fromkeys(inside, amount)}


def _policy(form: Form) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if form.share:
        share = _number(form.share)
        found["long_wait_share"] = share if isinstance(share, str) else round(share / 100, 9)
    if form.share and form.share_weeks not in ("", str(USUAL_WEEKS)):
        found["long_wait_weeks"] = _number(form.share_weeks)
    if form.cliff_weeks or form.cliff_by:
        cliff = {"over_weeks": _number(form.cliff_weeks), "by_month": form.cliff_by}
        found["cliff"] = {key: value for key, value in cliff.items() if value != ""}
    return found


def _months(base: Month, ahead: float | str) -> list[str]:
    """The months of a scenario; those of the usual one where their number is wrong."""
    is_number = isinstance(ahead, int) and 1 <= ahead <= 60  # noqa: PLR2004
    return [str(base.plus(at)) for at in range(1, (int(ahead) if is_number else USUAL_MONTHS) + 1)]


def _number(text: str) -> float | str:
    """A number as JSON has it; what is none stays as it was typed, to be refused."""
    try:
        value = float(text.replace(",", "").removesuffix("%"))
    except ValueError:
        return text
    return int(value) if value.is_integer() else value


def form_of(scenario: Scenario, scope: Mapping[str, Sequence[str]]) -> Form | None:
    """The form that makes a scenario on a page about ``scope``; None if it has more than that."""
    policy, cliff = scenario.policy, scenario.policy.cliff
    plain = written(scenario)
    form = Form(
        title=scenario.title,
        months=str(scenario.horizon_months),
        demand=[_shown(each) for each in plain.get("demand", ())],  # type: ignore[attr-defined]
        capacity=[_shown(each) for each in plain.get("capacity", ())],  # type: ignore[attr-defined]
        share=_text(round(100 * policy.long_wait_share, 7)) if policy.long_wait_share else "",
        share_weeks=str(policy.long_wait_weeks),
        cliff_weeks=str(cliff.over_weeks) if cliff else "",
        cliff_by=str(cliff.by_month) if cliff else "",
    )
    made = values_of(form, scenario.base_month, scope)
    has_room = max(len(form.demand), len(form.capacity)) <= MOST_ROWS
    return form if has_room and _same(made, plain) else None


def _shown(change: Mapping[str, Any]) -> Change:
    functions = change.get("where", {}).get("functions", [""])
    first, last = change.get("from_month", ""), change.get("to_month", "")
    if "clock_stops_a_week" in change:
        return Change(functions[0], WEEKLY, _text(change["clock_stops_a_week"]), first, last)
    if "percent_a_year" in change:
        return Change(functions[0], YEARLY, _text(change["percent_a_year"]))
    months = sorted(change["percent_by_month"])
    amount = _text(change["percent_by_month"][months[0]])
    return Change(functions[0], MONTHLY, amount, months[0], months[-1])


def _text(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else str(number)


def _same(made: Mapping[str, Any], plain: Mapping[str, Any]) -> bool:
    """Whether values of a form are those of a scenario, but for what no form shows."""
    usual = {"long_wait_share": 0, "long_wait_weeks": USUAL_WEEKS}
    hidden = ("seed", "replicates", "targets", "policy")
    rest = [{key: each for key, each in one.items() if key not in hidden} for one in (made, plain)]
    policies = [usual | one.get("policy", {}) for one in (made, plain)]
    return rest[0] == rest[1] and policies[0] == policies[1]


def kept(scenario: Scenario, before: Scenario | None) -> Scenario:
    """A scenario from a form with what no form shows as it was before."""
    if before is None:
        return scenario
    return replace(scenario, seed=before.seed, replicates=before.replicates, targets=before.targets)

"""What is wrong with a scenario, beside the field in which it is."""

import re
from collections.abc import Iterator, Sequence

from clockstop.service.dashboards.scenarios.fields import LABELS, MONTHLY, SIDES, YEARLY, Form

_PLACE = re.compile(r"(demand|capacity)\[(\d+)\](?:\.(\w+))?")
_FIELDS = {
    "title": "title",
    "horizon_months": "months",
    "policy.long_wait_share": "share",
    "policy.long_wait_weeks": "share-weeks",
    "policy.cliff.over_weeks": "cliff-weeks",
    "policy.cliff.by_month": "cliff-by",
}
_OF_A_CHANGE = {"from_month": "from", "to_month": "to", "where": "function"}
_OUTSIDE = "a month of the scenario"
_PERCENTAGE = "a percentage of capacity, 0 to 100"


def misplaced(form: Form) -> Iterator[str]:
    """Months that do not go with what they stand beside, as problems of a scenario's file."""
    for side in SIDES:
        for at, change in enumerate(form.side(side)):
            path, named = f"{side}[{at}]", change.first or change.last
            if change.kind == YEARLY and named:
                yield f"{path}.from_month: found {named}, expected no month: it builds up from now"
            elif change.kind == MONTHLY and "" < change.last < change.first:
                yield f"{path}.to_month: found {change.last}, expected {change.first} or later"


def by_field(problems: Sequence[str]) -> dict[str, str]:
    """What is wrong, by the field in which it is: the first thing of each."""
    found: dict[str, str] = {}
    for problem in problems:
        name, label = _field(problem.partition(": found")[0])
        expected = problem.rpartition("expected ")[2]
        if expected.startswith(_OUTSIDE):
            name = name.replace("-amount", "-from")
        expected = _PERCENTAGE if name == "share" else expected
        found.setdefault(name, f"{label}: expected {expected}" if label else problem)
    return found


def _field(path: str) -> tuple[str, str]:
    """The field of a path in a scenario's file, and its label; the form itself for any other."""
    change = _PLACE.match(path)
    if change:
        side, at, key = change.groups()
        name = _OF_A_CHANGE.get(key or "", "amount")
        return f"{side}-{at}-{name}", f"{side.capitalize()}, change {int(at) + 1}"
    if path == "capacity":
        return "capacity-0-amount", ""
    name = _FIELDS.get(path, "")
    return (name, LABELS[name]) if name else ("title", "")

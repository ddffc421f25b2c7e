"""A scenario from JSON, and back: every problem at once, each with its path in the file.

What each value has to be stands in ``scenario.schema.json``; its descriptions are the words in
which others are refused.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from clockstop.analytics.forecast.scenarios.scenario import (
    Cliff,
    ClockStops,
    Growth,
    MonthByMonth,
    Scenario,
    ScenarioRefusedError,
    TreatmentPolicy,
    WaitTarget,
    Where,
)
from clockstop.core.codes.functions import treatment_functions
from clockstop.core.codes.icbs import icbs
from clockstop.core.types import Month

_MONTHS = ("from_month", "to_month", "by_month")
_LONGEST = 60  # months: no more of the horizon are looked at, be it as long as it may
_SHOWN = 60


def read_scenario(text: str) -> Scenario:
    """Read a scenario. Raises ScenarioRefusedError with all that is wrong with it."""
    problems: list[str] = []
    try:
        found = _parsed(text, problems)
        problems += dict.fromkeys(
            said for error in _validator().iter_errors(found) for said in _said(error)
        )
        problems += _of_months(found)
    except RecursionError:
        problems.append("nested too deeply for a scenario")
    except ValueError as error:
        problems.append(f"not JSON: {error}")
    if problems:
        raise ScenarioRefusedError(tuple(problems))
    return _scenario(found)


def written(scenario: Scenario) -> dict[str, object]:
    """A scenario as the JSON values that ``read_scenario`` takes; what is not given is left out."""
    values: dict[str, object] = _plain(scenario)
    return values


def schema() -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of a scenario."""
    return _package_data("scenario.schema.json")


def sample() -> dict[str, Any]:
    """A scenario with every key, as JSON values."""
    return _package_data("sample_scenario.json")


def _package_data(name: str) -> dict[str, Any]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def _validator() -> Draft202012Validator:
    formats = FormatChecker(())
    functions = [function.code for function in treatment_functions()]
    boards = [icb.code for icb in icbs()]
    formats.checks("treatment-function")(lambda code: code in functions)
    formats.checks("icb")(lambda code: code in boards)
    return Draft202012Validator(schema(), format_checker=formats)


def _parsed(text: str, problems: list[str]) -> Any:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        times = Counter(key for key, _ in pairs)
        twice = [key for key in times if times[key] > 1]
        problems.extend(f"{key}: found {times[key]} times, expected once" for key in twice)
        return dict(pairs)

    return json.loads(text, object_pairs_hook=once, parse_float=_number, parse_constant=_no_number)


def _number(text: str) -> float:
    value = float(text)
    return int(value) if value.is_integer() else value


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is not a number")


def _said(error: ValidationError) -> Iterator[str]:
    """What an error of the schema is in words."""
    path, rule = _path(error.absolute_path), error.schema
    if error.validator == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        for key in missing:
            yield _found(f"{path}.{key}", "nothing", _expected(rule["properties"][key]))
    elif error.validator == "additionalProperties":
        known = rule["properties"]
        for key in error.instance:
            if key not in known:
                yield f"{path}.{key}: unknown; expected {', '.join(known)}".lstrip(".")
    else:
        yield _found(path, json.dumps(error.instance, ensure_ascii=False), _expected(rule))


def _expected(rule: Mapping[str, Any]) -> str:
    if "$ref" in rule:
        rule = _validator().schema["$defs"][rule["$ref"].rpartition("/")[2]]
    return str(rule["description"])


def _path(parts: Iterator[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)


def _found(path: str, found: str, expected: str) -> str:
    return f"{path.lstrip('.') or 'the file'}: found {found[:_SHOWN]}, expected {expected}"


def _of_months(found: Any) -> Iterator[str]:
    """Months outside those that the scenario is about, and spans that end before they begin."""
    about = _about(found)
    for path, each in _objects(found):
        for where, month in _months_named(each, path):
            if about and month not in about:
                expected = f"a month of the scenario: {about[0]} to {about[-1]}"
                yield _found(where, f'"{month}"', expected)
        first, last = _month(each.get("from_month")), _month(each.get("to_month"))
        if first and last and last < first:
            yield _found(f"{path}.to_month", f'"{last}"', f"{first}, the from_month, or later")


def _about(found: Any) -> tuple[Month, ...]:
    """The months of a scenario, none if they cannot be told."""
    try:
        base, horizon = Month.parse(found["base_month"]), found["horizon_months"]
        return tuple(base.plus(ahead) for ahead in range(1, min(horizon, _LONGEST) + 1))
    except (KeyError, TypeError, ValueError):
        return ()


def _months_named(each: Mapping[str, Any], path: str) -> Iterator[tuple[str, Month]]:
    texts = {key: each.get(key) for key in _MONTHS}
    by_month = each.get("percent_by_month")
    if isinstance(by_month, dict):
        texts |= {f"percent_by_month.{text}": text for text in by_month}
    for key, text in texts.items():
        month = _month(text)
        if month:
            yield f"{path}.{key}", month


def _month(text: Any) -> Month | None:
    try:
        return Month.parse(text)
    except (TypeError, ValueError):
        return None


def _objects(found: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object in the file, with its path."""
    if isinstance(found, dict):
        yield path, found
        for key, value in found.items():
            yield from _objects(value, f"{path}.{key}")
    elif isinstance(found, list):
        for at, value in enumerate(found):
            yield from _objects(value, f"{path}[{at}]")


def _scenario(found: Mapping[str, Any]) -> Scenario:
    """The scenario of values that the schema allows."""
    lists = {
        "demand": tuple(map(_change, found.get("demand", ()))),
        "capacity": tuple(map(_change, found.get("capacity", ()))),
        "targets": tuple(WaitTarget(**_with_months(each)) for each in found.get("targets", ())),
    }
    policy = dict(found.get("policy", {}))
    if "cliff" in policy:
        policy["cliff"] = Cliff(**_with_months(policy["cliff"]))
    return Scenario(**{**_with_months(found), **lists, "policy": TreatmentPolicy(**policy)})


def _change(found: Mapping[str, Any]) -> Growth | MonthByMonth | ClockStops:
    values = _with_months(found)
    values["where"] = Where(**{key: tuple(codes) for key, codes in found.get("where", {}).items()})
    if "percent_a_year" in found:
        return Growth(**values)
    if "clock_stops_a_week" in found:
        return ClockStops(**values)
    percents = found["percent_by_month"].items()
    values["percent_by_month"] = {Month.parse(text): percent for text, percent in percents}
    return MonthByMonth(**values)


def _with_months(found: Mapping[str, Any]) -> dict[str, Any]:
    """The values, with months for the texts of months."""
    named = {key: Month.parse(found[key]) for key in ("base_month", *_MONTHS) if key in found}
    return {**found, **named}


def _plain(value: Any) -> Any:
    """A value as JSON has it; what is empty or None in an object is left out."""
    if isinstance(value, Month):
        return str(value)
    if is_dataclass(value):
        value = {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, Mapping):
        plain = {str(key): _plain(each) for key, each in value.items()}
        return {key: each for key, each in plain.items() if each not in (None, [], {})}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value

"""Reading Parameters: named values in, plain ones out, and all that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clockstop.service.fhir.building import Json
from clockstop.service.fhir.faults import Fault, FaultyError, Wrong

_LARGEST = 2**31 - 1
_YEARS = range(1900, 2200)  # those that are the same, give or take one, in every time zone


@dataclass(frozen=True, slots=True)
class Named:
    """A parameter that may come: its name, its ``value…``, and what the value must be.

    ``system`` is that of a coding or identifier; one that starts with ``/`` need only end so, since
    reference data lie under the address of whoever serves them. ``codes`` are all that are allowed.
    """

    name: str
    kind: str
    system: str = ""
    codes: Collection[str] = ()
    required: bool = False
    many: bool = False


def read(sent: Any, profile: str, expected: Sequence[Named], at: str = "") -> dict[str, Any]:
    """The values by name: text, number, yes or no, moment, resource; a list where many may come.

    Raises FaultyError with everything that is wrong: other profiles, unknown names, wrong kinds.
    """
    faults = [*_about_resource(sent, profile, at)]
    if faults:
        raise FaultyError(faults)
    names = {each.name: each for each in expected}
    found: dict[str, list[Any]] = {}
    for place, each in enumerate(sent["parameter"]):
        where = f"{at}parameter[{place}]"
        if not isinstance(each, dict) or not isinstance(each.get("name"), str):
            faults.append(Fault(Wrong.STRUCTURE, f"'{where}' has no name"))
        elif each["name"] not in names:
            faults.append(Fault(Wrong.UNEXPECTED, f"'{where}' unknown parameter name"))
        else:
            _take(each, names[each["name"]], where, found, faults)
    faults += _about_counts(found, expected, at)
    if faults:
        raise FaultyError(faults)
    return {
        name: values if names[name].many else values[0] for name, values in found.items() if values
    }


def _about_resource(sent: Any, profile: str, at: str) -> Iterable[Fault]:
    if not isinstance(sent, dict):
        yield Fault(Wrong.STRUCTURE, f"'{at or 'body'}' is no resource")
        return
    if sent.get("resourceType") != "Parameters":
        yield Fault(Wrong.STRUCTURE, f"'{at}resourceType' must be Parameters")
    if not has_profile(sent, profile):
        yield Fault(Wrong.VALUE, f"'{at}meta/profile' must be {profile}")
    if not isinstance(sent.get("parameter"), list):
        yield Fault(Wrong.STRUCTURE, f"'{at}parameter' must be a list")


def has_profile(sent: Json, profile: str) -> bool:
    """Whether a resource says that it follows a profile."""
    meta = sent.get("meta")
    said = meta.get("profile") if isinstance(meta, dict) else None
    return isinstance(said, list) and profile in said


def _take(
    each: Json, named: Named, where: str, found: dict[str, list[Any]], faults: list[Fault]
) -> None:
    held = found.setdefault(named.name, [])
    if named.kind not in each or set(each) - {"name", named.kind}:
        faults.append(Fault(Wrong.STRUCTURE, f"'{where}' must have {named.kind} and no more"))
        return
    try:
        held.append(_READERS[named.kind](each[named.kind], named))
    except FaultyError as error:  # of a value: say where it stands
        faults += [
            Fault(one.wrong, f"'{where}' ({named.name}) {one.words}") for one in error.faults
        ]


def _about_counts(
    found: Mapping[str, list[Any]], expected: Sequence[Named], at: str
) -> Iterable[Fault]:
    for each in expected:
        if each.required and each.name not in found:
            yield Fault(Wrong.MISSING, f"'{at}{each.name}' is missing")
        if not each.many and len(found.get(each.name, ())) > 1:
            yield Fault(Wrong.STRUCTURE, f"'{at}{each.name}' may come once only")


def _refuse(wrong: Wrong, words: str) -> FaultyError:
    return FaultyError([Fault(wrong, words)])


def _coded(value: Any, named: Named, key: str) -> str:
    if not isinstance(value, dict) or not isinstance(value.get(key), str) or not value[key]:
        raise _refuse(Wrong.STRUCTURE, f"must have a {key}")
    system = value.get("system", "")
    fits = system == named.system or (named.system[:1] == "/" and _ends(system, named.system))
    if named.system and not fits:
        raise _refuse(Wrong.VALUE, f"must be of the system {named.system}")
    if named.codes and value[key] not in named.codes:
        raise _refuse(Wrong.CODE, "is no code of the list")
    return str(value[key])


def _ends(system: Any, with_what: str) -> bool:
    return isinstance(system, str) and system.endswith(with_what)


def _concept(value: Any, named: Named) -> str:
    codings = value.get("coding") if isinstance(value, dict) else None
    if not isinstance(codings, list) or len(codings) != 1:
        raise _refuse(Wrong.STRUCTURE, "must have one coding")
    return _coded(codings[0], named, "code")


def _text(value: Any, _named: Named) -> str:
    if not isinstance(value, str):
        raise _refuse(Wrong.STRUCTURE, "must be a text")
    if "\x00" in value:
        raise _refuse(Wrong.VALUE, "holds a character that no text may hold")
    return value


def _number(value: Any, _named: Named) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _refuse(Wrong.STRUCTURE, "must be a whole number")
    if not 0 <= value <= _LARGEST:
        raise _refuse(Wrong.VALUE, "must not be negative, nor larger than FHIR allows")
    return value


def _yes_or_no(value: Any, _named: Named) -> bool:
    if not isinstance(value, bool):
        raise _refuse(Wrong.STRUCTURE, "must be true or false")
    return value


def _moment(value: Any, _named: Named) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        found = None
    if found is None or found.tzinfo is None or found.year not in _YEARS:
        raise _refuse(Wrong.VALUE, "must be a moment of our time with its time zone")
    return found


def _resource(value: Any, _named: Named) -> Json:
    if not isinstance(value, dict):
        raise _refuse(Wrong.STRUCTURE, "must be a resource")
    return value


def _reference(value: Any, _named: Named) -> str:
    if not isinstance(value, dict) or not isinstance(value.get("reference"), str):
        raise _refuse(Wrong.STRUCTURE, "must have a reference")
    return str(value["reference"])


_READERS: Mapping[str, Callable[[Any, Named], Any]] = {
    "valueCoding": lambda value, named: _coded(value, named, "code"),
    "valueIdentifier": lambda value, named: _coded(value, named, "value"),
    "valueCodeableConcept": _concept,
    "valueString": _text,
    "valueUnsignedInt": _number,
    "valueBoolean": _yes_or_no,
    "valueInstant": _moment,
    "valueReference": _reference,
    "resource": _resource,
}

"""Kernel and core stay in step: what one has and the other lacks fails here, by its name."""

import ast
import re
from dataclasses import fields
from pathlib import Path

from clockstop.analytics.clocks import encoding, kernel
from clockstop.analytics.clocks.events_table import KEYS, columns
from clockstop.core.rtt import clock, corrections, folding
from clockstop.core.rtt.folding.attendances import _BY_STATUS
from clockstop.core.rtt.folding.handlers import HANDLERS
from clockstop.core.rtt.policy import InForce
from clockstop.core.rtt.status_codes import Status

KERNEL = Path(kernel.__file__).parent
CORE = [
    *sorted(Path(folding.__file__).parent.glob("*.py")),
    Path(clock.__file__),
    Path(corrections.__file__),
]
# Kinds that only ever leave a step, so that the kernel does nothing.
WITHOUT_EFFECT = {
    "referral_rejected",
    "advice_requested",
    "transfer_requested",
    "transfer_request_failed",
    "team_changed",
    "commissioner_recorded",
    "commissioner_changed",
}


def source(files):
    return "".join(file.read_text() for file in files)


KERNEL_SOURCE = source(sorted(KERNEL.glob("*.py")))
CORE_SOURCE = source(CORE)


def branches(function):
    """The tests of the if-chain of a function of the kernel, each with the calls under it."""
    for file in sorted(KERNEL.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name == function:
                for branch in ast.walk(node):
                    if isinstance(branch, ast.If):
                        yield ast.unparse(branch.test), ast.unparse(branch.body)


def names_of(test, enumeration):
    return re.findall(rf"\b{enumeration}\.([A-Z_]+)", test)


def test_each_kind_goes_to_the_function_of_the_same_name():
    found = {
        name.lower(): re.match(r"\w+\.(\w+)\(state, event, policy\)", body)[1]
        for test, body in branches("handle")
        for name in names_of(test, "Kind")
    }
    expected = {kind.kind: handler.__name__ for kind, handler in HANDLERS.items()}
    assert found == {kind: name for kind, name in expected.items() if kind not in WITHOUT_EFFECT}
    (silent,) = re.findall(r"def _is_without_effect.*?\n\n\n", KERNEL_SOURCE, re.DOTALL)
    assert {name.lower() for name in names_of(silent, "Kind")} == WITHOUT_EFFECT
    assert set(expected) >= WITHOUT_EFFECT


def test_each_function_of_a_kind_stands_in_the_file_of_the_same_name():
    for handler in HANDLERS.values():
        file = KERNEL / f"{handler.__module__.rpartition('.')[2]}.py"
        has = f"\ndef {handler.__name__}(" in file.read_text()
        kinds = {kind.kind for kind, each in HANDLERS.items() if each is handler}
        assert has or kinds <= WITHOUT_EFFECT, handler.__name__


def test_each_status_code_has_a_branch():
    outside = {
        Status.AFTER_TREATMENT,
        Status.DURING_MONITORING,
        Status.NOT_YET_REFERRED,
        Status.NOT_APPLICABLE,
    }
    found = {name for test, _ in branches("by_status") for name in names_of(test, "Status")}
    assert found == {status.name for status in set(_BY_STATUS) - outside}


def test_each_rule_that_starts_or_stops_a_clock_is_named_by_both():
    written = re.findall(r'"((?:start|stop|nullify)-[a-z-]+)"', CORE_SOURCE)
    expected = {rule.upper().replace("-", "_") for rule in written}
    assert set(names_of(KERNEL_SOURCE, "Rule")) == expected


def test_each_problem_is_found_by_both():
    found = set(names_of(KERNEL_SOURCE, "Problem"))
    # A table names each entry once.
    assert found == set(names_of(CORE_SOURCE, "Problem")) - {"DUPLICATE_ID"}


def test_each_choice_of_the_policy_is_read():
    assert set(re.findall(r"policy\.([a-z_]+)", KERNEL_SOURCE)) == {
        each.name for each in fields(InForce)
    }


def test_each_field_of_an_event_is_read_or_left_on_purpose():
    assert sorted({*encoding.READ, *encoding.UNREAD}) == sorted(columns())
    assert not set(encoding.READ) & set(encoding.UNREAD)
    assert set(KEYS) < set(encoding.READ)


def test_no_kind_has_two_fields_for_one_array():
    for names in (encoding.CHOICES, encoding.OTHER_CHOICES, encoding.OTHER_DAYS):
        kinds = [kind for name in names for kind in encoding.fields_of(name)]
        assert len(kinds) == len(set(kinds))
    kinds = [
        kind for name in (*encoding.REFERENCES, "linked_to") for kind in encoding.fields_of(name)
    ]
    assert len(kinds) == len(set(kinds))


def test_each_flag_is_read():
    flags = {name.upper() for name in encoding.bool_fields()}
    assert set(names_of(KERNEL_SOURCE, "Flag")) == flags

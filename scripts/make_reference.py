"""Write the reference pages that repeat what the code says: run it when the code says otherwise.

    python scripts/make_reference.py

A test holds every page to what this script would write.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from inspect import cleandoc
from pathlib import Path
from typing import Any

import typer.main

from clockstop.analytics.lists.measures import (
    FURTHER_MEASURES,
    HEADLINE_MEASURES,
    MEASURES,
    Measure,
    Unit,
)
from clockstop.analytics.published.datasets import DATA_SETS, rtt, rtt_layout
from clockstop.analytics.published.fields import Field
from clockstop.analytics.published.reading import DataSet
from clockstop.analytics.reconcile import CASES
from clockstop.analytics.returns import annex_b_rules
from clockstop.analytics.wlmds import rules as wlmds_rules
from clockstop.analytics.wlmds import tables as wlmds_tables
from clockstop.core import rulebook
from clockstop.core.codes import diagnostic_tests, icbs, treatment_functions
from clockstop.core.rulebook import Rule, eligibility
from clockstop.core.state_tables import StateTable
from clockstop.core.types import Part, Sector
from clockstop.interfaces.cli.app import app
from clockstop.service.ers.errors import error_codes
from clockstop.service.ers.operations import FUNCTIONS as ERS_FUNCTIONS
from clockstop.service.ers.operations import Function
from clockstop.service.ers.operations import operations as ers_operations
from clockstop.service.portal import changes
from clockstop.service.referrals import states as referral_states
from clockstop.service.returns import states
from clockstop.service.transfers import states as aid_states

FOLDER = Path(__file__).parent.parent / "docs" / "reference"


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield _row(heads)
    yield _row(["---"] * len(heads))
    yield from map(_row, rows)
    yield ""


def _row(cells: Sequence[object]) -> str:
    return f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in cells)} |"


def code(text: object) -> str:
    return f"`{text}`"


def paragraph(doc: str | None) -> str:
    return cleandoc(doc or "").replace("``", "`")


def measures() -> Iterator[str]:
    """What each figure is, from the one table of measures."""
    yield "# Measures"
    yield ""
    yield (
        "Every figure that Clockstop shows is one of these. The keys are the columns of tables and "
        "the names in JSON. The method behind them is in [how the figures are "
        "made](../explanation/statistics.md)."
    )
    yield ""
    for title, keys in (("Headline", HEADLINE_MEASURES), ("Further", FURTHER_MEASURES)):
        yield f"## {title} measures"
        yield ""
        for key in (key for key in keys if key in MEASURES):
            yield from _measure(MEASURES[key])


_IN = {Unit.PATHWAYS: "in pathways", Unit.WEEKS: "in weeks", Unit.FRACTION: "as a fraction of 1"}


def _measure(measure: Measure) -> Iterator[str]:
    yield f"### `{measure.key}`"
    yield ""
    yield f"**{measure.name}**, {_IN[measure.unit]}."
    yield ""
    yield f"- Counts: {measure.numerator}."
    if measure.denominator:
        yield f"- Out of: {measure.denominator}."
    yield f"- Read from: {', '.join(code(part) for part in measure.parts)}."
    yield f"- Source: {measure.source}."
    yield f"- Caveat: {measure.caveat}"
    yield ""


def data_sets() -> Iterator[str]:
    """Each kind of file that ingest knows, column by column."""
    yield "# Data sets"
    yield ""
    yield (
        "These are the files that `clockstop data ingest` knows, in the order in which it tries "
        "them. A file is recognised by its first rows, never by its name. Columns must stand in "
        "this order."
    )
    yield ""
    for data_set in DATA_SETS:
        yield from _data_set(data_set)


def _data_set(data_set: DataSet) -> Iterator[str]:
    module = sys.modules[data_set.read.__module__]
    yield f"## {data_set.title}"
    yield ""
    yield f"In the lake: {code(data_set.name)}. Licence: {data_set.licence}."
    yield ""
    yield paragraph(module.__doc__)
    yield ""
    if module is rtt:
        yield from _extract()
        return
    layouts = getattr(module, "LAYOUTS", {})
    for name, layout in layouts.items():
        yield f"### Layout {code(name)}"
        yield ""
        yield f"Columns, separated by {code(layout.separator)}, in {layout.encoding.upper()}:"
        yield ""
        yield ", ".join(map(code, layout.columns)) + "."
        yield ""
    if not layouts:
        yield from table(("Column", "Kept as", "Expected"), _fields(module.FIELDS))


def _fields(fields: Iterable[Field]) -> Iterator[tuple[str, str, str]]:
    for field in fields:
        blank = "; may be blank" if field.optional else ""
        yield code(field.column), code(field.name), f"{field.expected}{blank}"


def _extract() -> Iterator[str]:
    yield f"Columns ({len(rtt_layout.COLUMNS)}):"
    yield ""
    first, last = rtt_layout.BANDS[0], rtt_layout.BANDS[-1]
    yield f"- keys: {', '.join(map(code, rtt_layout.KEYS))};"
    yield f"- {len(rtt_layout.BANDS)} week bands, {code(first)} to {code(last)};"
    totals = rtt_layout.COUNTS[len(rtt_layout.BANDS) :]
    yield f"- totals: {', '.join(map(code, totals))}."
    yield ""
    parts = ((code(part), name) for part, name in rtt_layout.PART_NAMES.items())
    yield from table(("Part", "As filed"), parts)


def code_lists() -> Iterator[str]:
    """The codes that commands and files use."""
    yield "# Code lists"
    yield ""
    yield "## Treatment functions"
    yield ""
    functions = ((code(each.code), each.official_name, each.name) for each in treatment_functions())
    yield from table(("Code", "As filed", "In plain words"), functions)
    yield "## Parts of the return"
    yield ""
    parts = ((code(part), rtt_layout.PART_NAMES[part]) for part in Part)
    yield from table(("Code", "As filed"), parts)
    yield "## Diagnostic tests"
    yield ""
    tests = (
        (code(each.code), each.number, each.official_name, each.name, each.group)
        for each in diagnostic_tests()
    )
    yield from table(("Code", "Number", "As filed", "In plain words", "Group"), tests)
    yield "## Sectors"
    yield ""
    yield from table(("Code", "In words"), ((code(each), each.label) for each in Sector))
    yield "## Integrated care boards and regions"
    yield ""
    boards = (
        (code(each.code), each.name, code(each.region.code), each.region.name) for each in icbs()
    )
    yield from table(("ICB", "Name", "Region", "Name"), boards)
    yield "## Dated rules"
    yield ""
    rules = (
        (
            code(each.name),
            f"{each.value} {each.unit}",
            each.valid_from,
            each.valid_to or "",
            each.source,
        )
        for each in _rules()
    )
    yield from table(("Rule", "Value", "From", "Until", "Source"), rules)
    yield "## Who may ask to be treated elsewhere"
    yield ""
    heads = ("Profile", "Waited", "No date within", "Age", "From", "Status", "Source")
    yield from table(heads, map(_profile, eligibility.profiles()))


def _profile(each: eligibility.Profile) -> Sequence[object]:
    soon = f"{each.date_within} days" if each.date_within is not None else ""
    waited = f"{each.days} days"
    age = each.age if each.age is not None else "any"
    return code(each.name), waited, soon, age, each.valid_from, each.status, each.source


def _rules() -> tuple[Rule, ...]:
    return rulebook._rules()  # noqa: SLF001 - the page lists rules that hold on no day of today


def weekly_data_set() -> Iterator[str]:
    """The tables of the weekly data set, and the rules that hold them."""
    yield "# The weekly data set"
    yield ""
    yield (
        "The tables, codes and rules of the Waiting List Minimum Data Set (WLMDS) as Clockstop "
        "takes them. A *fact* is public; what is *to verify* has a source that is not; a *design* "
        "is ours. How to use them: [send the weekly "
        "submission](../how-to/weekly-submission.md)."
    )
    yield ""
    yield "## Rules"
    yield ""
    yield from table(
        ("Rule", "Tables", "", "What is wrong", "How to mend it", "Source", "Status"),
        (
            (
                code(each.id),
                ", ".join(each.tables),
                each.severity,
                each.wrong,
                each.mend,
                each.source,
                each.status,
            )
            for each in wlmds_rules.rules().values()
        ),
    )
    yield "## Types of waiting list"
    yield ""
    yield from table(
        ("Code", "In words", "Tables", "Status"),
        (
            (code(each.code), each.meaning, ", ".join(each.tables), each.status)
            for each in wlmds_tables.list_types().values()
        ),
    )
    for name in (*wlmds_tables.TABLES, wlmds_tables.LOG):
        yield f"## Table `{name}`: {wlmds_tables.TITLES[name].lower()}"
        yield ""
        yield from table(
            ("Column", "Meaning", "Expected", "Filled in", "Status"),
            (
                (
                    code(each.name),
                    each.meaning,
                    each.expected,
                    "always" if each.required else "",
                    each.status,
                )
                for each in wlmds_tables.columns(name)
            ),
        )


def return_checks() -> Iterator[str]:
    """The checks of the monthly return, and the thresholds that they use."""
    yield "# Checks of the monthly return"
    yield ""
    yield (
        "NHS England's validation checks (Annex B of the RTT guidance), as `clockstop returns rtt` "
        "runs them. NHS England names the checks and publishes no thresholds: every one below is a "
        "*design* of ours, and may be replaced. How to use them: [make the monthly "
        "return](../how-to/monthly-return.md)."
    )
    yield ""
    checks = annex_b_rules.checks().values()
    yield from table(
        ("Check", "What it finds", "What to do", "Source"),
        ((code(each.id), each.words, each.todo, each.source) for each in checks),
    )
    yield "## Thresholds"
    yield ""
    yield from table(
        ("Check", "Part", "Threshold", "", "Since", "Status", "Why"),
        (
            (
                code(each.check),
                each.part or "all",
                each.name.replace("_", " "),
                f"{each.value:g} {each.unit}",
                each.valid_from,
                each.status,
                each.why,
            )
            for each in annex_b_rules.thresholds()
        ),
    )


def return_states() -> Iterator[str]:
    """The states of a return and of a finding of one view."""
    yield "# States of a return"
    yield ""
    yield (
        "What leads a version of a return from one state to another. Nothing else does. How to use "
        "them: [returns on the site](../how-to/returns.md)."
    )
    yield ""
    yield "```text"
    for each in states.TRANSITIONS:
        yield f"{each.source.value:>10} --{each.step.value}--> {each.target.value}"
    yield "```"
    yield ""
    yield from table(
        ("From", "To", "When, or by whom"),
        ((each.source.label, each.target.label, each.by) for each in states.TRANSITIONS),
    )
    counting = ", ".join(sorted(each.label.lower() for each in states.COUNTS))
    yield f"A version counts while it is one of: {counting}."
    yield ""
    yield "## Findings of one view"
    yield ""
    yield from table(
        ("Kind", "What was seen", "What to do"),
        ((each.kind.label, each.words, each.to_do) for each in CASES.values()),
    )


def states_of_referrals() -> Iterator[str]:
    """The states of a referral, and of a request to change an appointment."""
    yield "# States of a referral"
    yield ""
    yield (
        "What leads a referral from one state to another. Nothing else does: a step that is not "
        "here is refused with its reason."
    )
    yield ""
    yield from machine(referral_states.table())
    yield "## Asking a hospital to change an appointment"
    yield ""
    yield from machine(changes.table())


def states_of_mutual_aid() -> Iterator[str]:
    """The four machines of mutual aid."""
    yield "# States of mutual aid"
    yield ""
    yield (
        "What leads from one state to another. Nothing else does: a step that is not here is "
        "refused with its reason."
    )
    yield ""
    for heading, found in (
        ("A patient's request to be treated elsewhere", aid_states.patient_requests()),
        ("A provider's request for help", aid_states.aid_requests()),
        ("An offer of one place", aid_states.offers()),
        ("Posted capacity", aid_states.capacities()),
    ):
        yield f"## {heading}"
        yield ""
        yield from machine(found)


def machine(found: StateTable) -> Iterator[str]:
    """A machine: its arrows, and what each step asks for."""
    yield from ("```text", found.diagram(), "```", "")
    yield from table(
        ("Step", "By", "What must hold", "To", "Source"),
        (
            (
                each.label,
                " or ".join(each.by),
                ", ".join(each.guards).replace("_", " "),
                found.labels[each.to],
                each.source,
            )
            for each in found.rows.values()
        ),
    )


def command_line() -> Iterator[str]:
    """Every command with its arguments and options."""
    yield "# Command line"
    yield ""
    yield (
        "The command is `.venv/bin/clockstop`; each command explains itself with `--help`. Exit "
        "status: 0 done, 1 refused or impossible, 2 wrongly called."
    )
    yield ""
    yield from _commands(typer.main.get_command(app), ("clockstop",))


def _commands(command: Any, path: tuple[str, ...]) -> Iterator[str]:
    children = getattr(command, "commands", {})
    if not children:
        yield from _command(command, path)
    for name, child in children.items():
        yield from _commands(child, (*path, name))


def _command(command: Any, path: tuple[str, ...]) -> Iterator[str]:
    arguments = [each for each in command.params if not each.opts[0].startswith("-")]
    usage = " ".join([*path, "[OPTIONS]", *map(_argument, arguments)])
    yield f"## `{' '.join(path)}`"
    yield ""
    yield paragraph(command.help)
    yield ""
    yield "```text"
    yield usage
    yield "```"
    yield ""
    rows = [(_names(each), _meaning(each)) for each in command.params]
    if rows:
        yield from table(("Argument or option", "Meaning"), rows)


def _argument(argument: Any) -> str:
    name = argument.name.upper() + ("…" if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def _names(parameter: Any) -> str:
    if not parameter.opts[0].startswith("-"):
        return code(parameter.name.upper())
    value = "" if parameter.is_flag else f" {parameter.metavar or parameter.name.upper()}"
    return ", ".join(code(name + value) for name in (*parameter.opts, *parameter.secondary_opts))


def _meaning(parameter: Any) -> str:
    words = [parameter.help or ""]
    if parameter.required:
        words.append("Required.")
    elif parameter.default is not None and parameter.default is not False:
        default = parameter.default
        words.append(f"Default: {code(parameter.opts[0] if default is True else default)}.")
    return " ".join(filter(None, words))


def ers_api() -> Iterator[str]:
    """What of the e-RS API is answered as published, from the table of its operations."""
    yield "# The e-RS API"
    yield ""
    yield (
        "Clockstop answers the operations of the NHS e-Referral Service API under "
        "`/referrals/FHIR`, as its OpenAPI document describes them. *Passes*: statuses, headers "
        "and bodies are as published. *Differs*: they are, but for what is said beside it. Access "
        "is for people, in a business function; *unattended* says for the applications of which "
        "organisations too, with nobody at the screen. [How to use it](../how-to/ers-api.md)."
    )
    yield ""
    told = ("Operation", "What it does", "Address", "Unattended")
    heads = (*told, "Answered", "What differs, and why")
    yield from table(heads, map(_ers_operation, ers_operations().values()))
    yield (
        "The patient care API (its two operations, `ServiceRequest` and `HealthcareService`) is "
        "answered under `/referrals/patient-care`, to tokens of patients. It *differs*: referrals "
        "in states for which it has no code (did not attend, assessed) are left out; the link to "
        "the portal leads to the page where a booking reference is entered; no endpoint is told "
        "of a service; and its codes ARBL and CARL are used as we read them."
    )
    yield ""
    yield "## Business functions"
    yield ""
    yield "In which business functions a token may call, by the role that it was made for."
    yield ""
    yield from table(
        ("Role", "Business functions"),
        (
            (role.label, ", ".join(map(code, functions)))
            for role, functions in ERS_FUNCTIONS.items()
        ),
    )
    yield "## Error codes"
    yield ""
    yield (
        "The codes that were published. `PAS_NOT_RESPONDING`, `PAS_RESPONDED_WITH_ERROR`, "
        "`PENDING`, `THREATS_FOUND` and `VALIDATION_FAILED` are never sent: slots are kept here, "
        "and no scanner of files is connected."
    )
    yield ""
    yield from table(
        ("Code", "FHIR issue type", "Display"),
        ((code(each), kind, display) for each, (kind, display) in error_codes().items()),
    )


_ERS_SIDES = {
    Function.SERVICE_PROVIDER_CLINICIAN_ADMIN: "provider",
    Function.REFERRING_CLINICIAN_ADMIN: "referrer",
}


def _ers_operation(row: Any) -> Sequence[object]:
    address = code(f"{row.method} {row.path}")
    sides = sorted(_ERS_SIDES[each] for each in row.unattended if row.is_there)
    who = " or ".join(sides) + (", given by name" if sides and row.writes else "")
    return row.code, row.title, address, who, row.result, row.differs


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "measures.md": measures,
    "data-sets.md": data_sets,
    "code-lists.md": code_lists,
    "weekly-data-set.md": weekly_data_set,
    "return-checks.md": return_checks,
    "return-states.md": return_states,
    "referral-states.md": states_of_referrals,
    "mutual-aid-states.md": states_of_mutual_aid,
    "ers-api.md": ers_api,
    "command-line.md": command_line,
}


def pages() -> dict[Path, str]:
    """The text of every page, by its file."""
    return {FOLDER / name: "\n".join(write()).rstrip() + "\n" for name, write in PAGES.items()}


if __name__ == "__main__":
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")

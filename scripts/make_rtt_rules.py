"""Write the pages of the clock engine from its tables and from the worked situations in its tests.

    python scripts/make_rtt_rules.py

A test holds both pages to what this script would write.
"""

import sys
from collections.abc import Iterator
from datetime import date
from inspect import cleandoc
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from scripts.make_reference import code, table  # noqa: E402
from tests.core.rtt.spec import Spec  # noqa: E402
from tests.core.rtt.specs import ALL, PATIENTS, SERVICES, concurrent, coverage, services  # noqa: E402

from clockstop.core.rtt.clock import Derivation  # noqa: E402
from clockstop.core.rtt.events import KINDS, Decision, Event  # noqa: E402
from clockstop.core.rtt.explaining import ending_in_words, return_in_words  # noqa: E402
from clockstop.core.rtt.findings import WORDS  # noqa: E402
from clockstop.core.rtt.periods import Period  # noqa: E402
from clockstop.core.rtt.reading import event_fields  # noqa: E402
from clockstop.core.rtt.reporting import Return  # noqa: E402
from clockstop.core.rtt.rules import RuleEffect, clock_rules  # noqa: E402
from clockstop.core.rtt.status_codes import status_codes  # noqa: E402
from clockstop.core.rtt.waiting import days_waited, is_over, week_band  # noqa: E402
from clockstop.core.rtt.week_bands import label  # noqa: E402
from clockstop.core.rulebook.choices import Choice, choices  # noqa: E402

DOCS = ROOT / "docs"
LIMITS = (18, 40, 52)
HEADS = {
    RuleEffect.STARTS: "What starts a clock",
    RuleEffect.CONTINUES: "What leaves a clock running",
    RuleEffect.STOPS: "What stops a clock",
    RuleEffect.NULLIFIES: "What nullifies a clock",
    RuleEffect.REOPENS: "What takes a provisional stop back",
    RuleEffect.NONE: "What starts and stops nothing",
    RuleEffect.REPORTS: "Who reports, and under what",
    RuleEffect.SERVICE: "Which services are in scope",
}


def rtt_rules() -> Iterator[str]:
    """The rules, the choices and every worked situation."""
    yield "# RTT clock rules"
    yield ""
    yield (
        "The rules that Clockstop applies to the events of a pathway, with the paragraphs of NHS "
        "England's *Recording and reporting referral to treatment (RTT) waiting times for "
        "consultant-led elective care*, version 5.0 of 11 February 2025. The words are ours. Each "
        "situation below is a test: its events are given to the engine, and rules and periods must "
        "come out as shown. How to run your own: [explain a clock](how-to/clock.md)."
    )
    yield ""
    yield "## The rules"
    yield ""
    for effect, head in HEADS.items():
        yield f"### {head}"
        yield ""
        rules = [rule for rule in clock_rules().values() if rule.effect is effect]
        yield from table(
            ("Rule", "In words", "Source"),
            ((code(each.id), each.text, each.reference or "our reading") for each in rules),
        )
    yield from _choices()
    yield from _days()
    yield from _situations()


def _choices() -> Iterator[str]:
    yield "## Where we had to choose"
    yield ""
    yield (
        "Here the guidance contradicts itself, gives no number or leaves room. Each choice is a "
        "dated row of the rulebook, and holds for the events of those days; for earlier ones, the "
        "oldest row does. A provider may set another value: a field of "
        "`clockstop.core.rtt.policy.Policy`."
    )
    yield ""
    rows = (
        (code(each.name), code(each.value), _since(each), each.why, each.paragraph)
        for each in choices()
    )
    yield from table(("Choice", "Our value", "Since", "Why", "Source"), rows)


def _since(choice: Choice) -> str:
    until = f" to {_day(choice.valid_to)}" if choice.valid_to else ""
    return f"{_day(choice.valid_from)}{until}"


def _days() -> Iterator[str]:
    yield "## Days, bands and limits"
    yield ""
    yield (
        "A wait is the days from clock start to clock stop, or to the day asked about (§10.1.7). "
        "The first band of the return holds eight days; 126 days are still within 18 weeks."
    )
    yield ""
    rows = (
        (days, label(week_band(days)), *("yes" if is_over(days, w) else "no" for w in LIMITS))
        for days in (0, 7, 8, 14, 126, 127, 280, 281, 364, 365, 728, 729)
    )
    yield from table(("Days", "Band", *(f"Over {weeks} weeks" for weeks in LIMITS)), rows)


def _situations() -> Iterator[str]:
    yield "## Worked situations"
    yield ""
    for module in ALL:
        yield f"### {module.TITLE}"
        yield ""
        for spec in module.SPECS:
            yield from _situation(spec)
    yield from _patients()
    yield from _services()
    yield from _coverage()


def _patients() -> Iterator[str]:
    yield f"### {concurrent.TITLE}"
    yield ""
    for patient in PATIENTS:
        yield from _head(patient.title, patient.paragraph)
        found = patient.derived()
        for issuer, spec in patient.pathways.items():
            yield f"Pathway of {spec.title}:"
            yield ""
            yield from _outcome(spec, found[issuer])


def _services() -> Iterator[str]:
    yield f"### {services.TITLE}"
    yield ""
    yield "What holds of the service (see `clockstop.core.rtt.services`), and what it then is."
    yield ""
    rows = (
        (title, ", ".join(map(code, facts.split())), code(service), code(rule), f"§{paragraph}")
        for paragraph, title, facts, service, rule in SERVICES
    )
    yield from table(("Service", "What holds", "Kind", "Rule", "Source"), rows)


def _coverage() -> Iterator[str]:
    yield f"## {coverage.TITLE}"
    yield ""
    counts = coverage.worked()
    rows = (
        (
            each if each[0].isalpha() else f"§{each}",
            counts[each] or "",
            coverage.NOTHING_TO_WORK.get(each, ""),
        )
        for each in coverage.PARAGRAPHS
    )
    yield from table(("Paragraph", "Situations", "Why none"), rows)


def _head(title: str, paragraph: str) -> Iterator[str]:
    where = paragraph if paragraph[0].isalpha() else f"§{paragraph}"
    yield f"#### {title}" + ("" if paragraph == "–" else f" ({where})")
    yield ""


def _situation(spec: Spec) -> Iterator[str]:
    yield from _head(spec.title, spec.paragraph)
    for name, value in spec.policy.own.items():
        yield f"With {code(name)} set to {code(value)}."
        yield ""
    yield from _outcome(spec, spec.derivation)


def _outcome(spec: Spec, found: Derivation) -> Iterator[str]:
    yield from table(("Event", "Day", "What happens", "Rule"), _events(spec, found))
    for line in _results(spec, found):
        yield f"- {line}"
    yield ""


def _events(spec: Spec, found: Derivation) -> Iterator[tuple[str, ...]]:
    rules = spec.rules_expected
    wrong = {each.wrong.id: each.by.id for each in found.corrections}
    for event, (text, _) in zip(spec.pathway.events, spec.lines, strict=True):
        details = " ".join(code(each) for each in text.split()[2:])
        why = ", ".join(code(rule) for rule in rules.get(event.id, []))
        if event.id in wrong:
            why = f"superseded by {wrong[event.id]}"
        yield event.id, _day(event.day), f"{event.kind.replace('_', ' ')} {details}".strip(), why


def _results(spec: Spec, found: Derivation) -> Iterator[str]:
    last = found.periods[-1].number if found.periods else 0
    for period in found.periods:
        place = f" Place in the queue since {_day(period.place.since)}." if period.place else ""
        shown = place if spec.place and period.number == last else ""
        yield f"Period {period.number}: {_period(period)}.{shown}"
    for wait in found.diagnostic_waits:
        yield f"Diagnostic wait: {_day(wait.start)} to {_day(wait.end)}."
    if not found.periods:
        yield "No RTT period."
    for finding in found.findings:
        yield f"To look at, {finding.event}: {finding.words}."
    if spec.reports is not None:
        yield from _returned(spec.returned)


def _returned(found: Return) -> Iterator[str]:
    lines = list(return_in_words(found, code)) or ["nothing."]
    yield from (f"Return of {_day(found.census)}: {line}" for line in lines)


def _period(period: Period) -> str:
    start = "start not known" if period.start is None else f"from {_day(period.start)}"
    if period.end is None:
        return f"{start}, still waiting"
    days = days_waited(period, period.end)
    counted = "" if days is None else f", {days} days"
    return f"{start} to {_day(period.end)}{counted}: {ending_in_words(period)}"


def _day(day: date | None) -> str:
    return "now" if day is None else f"{day.day} {day:%B %Y}"


def clock_events() -> Iterator[str]:
    """The JSON of a pathway's events, kind by kind."""
    yield "# Events of a pathway"
    yield ""
    yield (
        "`clockstop clock explain` reads one JSON object: `events`, a list; if you like, "
        "`pathway` with `id` (20 capital letters and digits) and `issuer` (an organisation code), "
        "`as_of`, the day to look from, and `policy` (see [the choices](../rtt-rules.md)). "
        "Days are written 2025-01-31. The events may stand in any order; within a day the order "
        "given decides. A field that is left out, or null, has its default. Anything unknown is "
        "refused, all problems at once."
    )
    yield ""
    yield "## Fields of every event"
    yield ""
    yield cleandoc(Event.__doc__ or "").replace("``", "`")
    yield ""
    common = event_fields("entry_withdrawn")
    yield from table(("Field", "Expected", "Default"), _fields("entry_withdrawn", ()))
    yield "## Kinds of event"
    yield ""
    for kind in KINDS:
        yield f"### {code(kind)}"
        yield ""
        yield cleandoc(KINDS[kind].__doc__ or "").replace("``", "`")
        yield ""
        if issubclass(KINDS[kind], Decision):
            yield "It counts once the patient has been told: `communicated`."
            yield ""
        rows = list(_fields(kind, tuple(common)))
        if rows:
            yield from table(("Field", "Expected", "Default"), rows)
    yield from _lists()


def _fields(kind: str, without: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    for field in event_fields(kind).values():
        if field.name in without:
            continue
        expected = ", ".join(map(code, field.options)) if field.options else field.expected
        default = {True: "true", False: "false", None: ""}.get(field.default, field.default)
        yield code(field.name), expected, "required" if field.required else str(default)


def _lists() -> Iterator[str]:
    yield "## Status codes"
    yield ""
    rows = ((code(each.status), each.meaning, each.note) for each in status_codes().values())
    yield from table(("Code", "Meaning", "Note"), rows)
    yield "## Findings"
    yield ""
    yield "A finding never changes a clock. It says what somebody should look at."
    yield ""
    yield from table(("Finding", "In words"), ((code(each), WORDS[each]) for each in WORDS))


PAGES = {DOCS / "rtt-rules.md": rtt_rules, DOCS / "reference" / "clock-events.md": clock_events}


def pages() -> dict[Path, str]:
    """The text of every page, by its file."""
    return {file: "\n".join(write()).rstrip() + "\n" for file, write in PAGES.items()}


if __name__ == "__main__":
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")

"""How a worked situation is written down: events line by line, the rule expected, the periods.

An event line is ``day kind field=value … | rule, rule``: its id is ``e1`` for the first line and so
on; the rules are those of its steps, in order. A period line is ``start end ending start-rule
stop-rule``: ``-`` for what is not there, ``provisional`` at the end if the stop is. A line of the
return is ``part provider commissioner function band | rule, rule``, seen from ``as_of``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from clockstop.core.rtt.clock import Derivation, derive
from clockstop.core.rtt.concurrent import derive_each
from clockstop.core.rtt.identifiers import PathwayId
from clockstop.core.rtt.policy import DEFAULT, Policy
from clockstop.core.rtt.reading import Pathway, read_pathway
from clockstop.core.rtt.reporting import Line, Return, reported


@dataclass(frozen=True, kw_only=True)
class Spec:
    """One situation of the guidance: where it stands, what happens, what comes of it.

    ``place`` is the queue place of the last period; ``tests`` are diagnostic waits (start, end).
    ``reports`` are the lines of the return, None where nobody asks; ``left_out`` are periods that it
    leaves out (number, rule); ``revise`` are earlier months (month, parts counted, parts due).
    """

    paragraph: str
    title: str
    events: str
    periods: str = ""
    findings: str = ""
    place: str = ""
    tests: str = ""
    identifier: str = ""
    reports: str | None = None
    left_out: str = ""
    revise: str = ""
    as_of: str | None = None
    policy: Policy = field(default=DEFAULT)

    @property
    def name(self) -> str:
        return f"{self.paragraph} {self.title}"

    @property
    def lines(self) -> list[tuple[str, list[str]]]:
        """Each event line with the rules expected of it."""
        split = (line.partition("|") for line in self.events.strip().splitlines())
        return [(text.strip(), _words(rules)) for text, _, rules in split]

    @property
    def as_json(self) -> dict[str, object]:
        events = [_event(text, number) for number, (text, _) in enumerate(self.lines, start=1)]
        return {"events": events, "as_of": self.as_of}

    @property
    def pathway(self) -> Pathway:
        return read_pathway(json.dumps(self.as_json))

    @property
    def derivation(self) -> Derivation:
        pathway = self.pathway
        return derive(pathway.events, policy=self.policy, as_of=pathway.as_of)

    @property
    def returned(self) -> Return:
        return reported(self.derivation, date.fromisoformat(self.as_of))

    @property
    def rules_expected(self) -> dict[str, list[str]]:
        return {f"e{at}": rules for at, (_, rules) in enumerate(self.lines, start=1) if rules}

    @property
    def periods_expected(self) -> list[list[str]]:
        return rows(self.periods)


@dataclass(frozen=True, kw_only=True)
class Patient:
    """One patient on several pathways: a situation for each, by the issuer of its identifier."""

    paragraph: str
    title: str
    pathways: Mapping[str, Spec]

    @property
    def name(self) -> str:
        return f"{self.paragraph} {self.title}"

    def derived(self) -> dict[str, Derivation]:
        named = {
            PathwayId(f"{number:020}", issuer): spec.pathway.events
            for number, (issuer, spec) in enumerate(self.pathways.items())
        }
        as_of = next((spec.pathway.as_of for spec in self.pathways.values()), None)
        found = derive_each(named.items(), as_of=as_of)
        return {identifier.issuer: each for identifier, each in found.items()}


def rows(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()]


def reports_expected(spec: Spec) -> list[tuple[list[str], list[str]]]:
    split = (line.partition("|") for line in (spec.reports or "").strip().splitlines())
    return [(text.split(), _words(rules)) for text, _, rules in split]


def reports_found(found: Return) -> list[tuple[list[str], list[str]]]:
    return [(_line(line), list(line.rules)) for line in found.lines]


def _line(line: Line) -> list[str]:
    cells = (line.part, line.provider, line.commissioner.code, line.function, line.band)
    return [cell or "-" for cell in cells]


def revisions_found(found: Return) -> list[list[str]]:
    return [
        [str(each.month), ",".join(each.counted) or "-", ",".join(each.should) or "-"]
        for each in found.to_revise
    ]


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _event(text: str, number: int) -> dict[str, object]:
    day, kind, *rest = text.split()
    pairs = (each.partition("=") for each in rest)
    values = {name: {"true": True, "false": False}.get(value, value) for name, _, value in pairs}
    return {"id": f"e{number}", "day": day, "kind": kind, **values}


def rules_found(derivation: Derivation) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for step in derivation.steps:
        found[step.event].append(step.rule_id)
    return dict(found)


def periods_found(derivation: Derivation) -> list[list[str]]:
    return [
        [
            str(period.start or "-"),
            str(period.end or "-"),
            period.ending.value if period.ending else "running",
            period.start_rule,
            period.stop_rule or "-",
            *(["provisional"] if period.provisional else []),
        ]
        for period in derivation.periods
    ]

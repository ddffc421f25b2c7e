"""Whether a list will make its targets: the chance, what is missing, and what it would take."""

from collections.abc import Mapping, Sequence
from typing import Any

from clockstop.analytics.forecast.quantiles import QUANTILES, SHARE
from clockstop.analytics.lists.measures import Unit
from clockstop.core.codes import treatment_function
from clockstop.core.types import Month
from clockstop.service.dashboards.outlook import OFTEN, USUAL, about, between
from clockstop.service.dashboards.panels import Column, Panel, Row, Table
from clockstop.service.dashboards.subject import Subject
from clockstop.service.ui import figures

Chance = Mapping[str, Any]  # a row of ``ForecastBook.targets``
_TAGS = {"likely": "green", "in the balance": "yellow", "unlikely": "red"}
_NOT_KNOWN = "not known"
_RARELY, _NEARLY_ALWAYS = QUANTILES[0], QUANTILES[-1]  # beyond these nothing is told
_COLUMNS = (Column("chance", "Chance"), Column("verdict", "Verdict"), Column("words", "In words"))
_IN_FILES = (
    *("month", "threshold", "middle", "p10", "p90", "probability", "gap"),
    *("clock_stops_now", "clock_stops_even", "clock_stops_sure"),
    *("clock_stops_longest", "gap_longest"),
)
WORDS = (
    "A target is likely to be met from a chance of two thirds on, and unlikely up to a third. "
    "Clock stops are treatments, and decisions that none is needed; how many more it takes counts "
    "from now on, with people treated in the order of today unless it says otherwise."
)


_FIRST, _TODAY = "With the longest waits treated first,", "today's clock stops"


def of_targets(rows: Sequence[Chance]) -> Panel:
    """One list against each of its targets."""
    columns = (Column("target", "Target"), Column("due", "Judged in"), *_columns())
    table = Table(
        "Targets, and how likely it is to meet them",
        columns,
        tuple(Row(_told(row) | {"target": row["name"]}, tags=_tags(row)) for row in rows),
        is_stacked=True,
    )
    return Panel("targets", "Will it make its targets?", (WORDS,), table=table)


def of_specialties(subject: Subject, rows: Sequence[Chance]) -> Panel:
    """Every specialty against one target, the one that is furthest from it first."""
    first = rows[0]
    columns = (Column("specialty", "Specialty"), *_columns())
    table = Table(
        f"Specialties against: {first['name']}, judged in {_month(first)}, the worst first",
        columns,
        tuple(_specialty(subject, row) for row in sorted(rows, key=_worst_first)),
        is_stacked=True,
    )
    return Panel(f"target-{first['id']}", first["name"], (_in_all(rows),), table=table)


def _specialty(subject: Subject, row: Chance) -> Row:
    code = row["function"]
    named = {"function": code, "specialty": treatment_function(code).name}
    return Row(named | _told(row), subject.specialist(code).address("forecast"), tags=_tags(row))


def _columns() -> tuple[Column, ...]:
    return (*_COLUMNS, *(Column(key, key, is_shown=False) for key in _IN_FILES))


def _told(row: Chance) -> dict[str, Any]:
    return {
        "due": _month(row),
        "chance": chance(row["probability"]),
        "verdict": row["verdict"] or _NOT_KNOWN,
        "words": in_words(row),
        **{key: row[key] for key in _IN_FILES},
    }


def _tags(row: Chance) -> dict[str, str]:
    return {"verdict": _TAGS.get(row["verdict"], "grey")}


def _worst_first(row: Chance) -> tuple[bool, float, float]:
    if row["probability"] is None:
        return (True, 0, 0)
    return (False, round(row["probability"], 2), -row["gap"])


def _in_all(rows: Sequence[Chance]) -> str:
    """How many are likely to make it, and how many not."""
    told = [row["verdict"] for row in rows if row["verdict"]]
    counts = [f"{told.count(verdict)} {verdict}" for verdict in _TAGS]
    return f"Of {len(told)} specialties: {', '.join(counts)} to make it in {_month(rows[0])}."


def in_words(row: Chance) -> str:
    """Where the list will probably be, how far that is from the target, and what it would take."""
    if row["reason"]:
        return f"{row['reason'][0].upper()}{row['reason'][1:]}."
    unit = unit_of(row)
    where = between(row["p10"], row["p90"], unit)
    asked = figures.figure(row["threshold"], unit)
    told = f"Probably {where} ({USUAL}); {asked} is asked."
    return " ".join(filter(None, [told, _missing(row), _takes(row), _longest_first(row)]))


def _missing(row: Chance) -> str:
    if row["gap"] <= 0:
        return "In the middle of what may come it is met."
    gap = about(row["gap"], unit_of(row)).replace("%", " points")
    word = "short" if row["measure"] == SHARE else "too many"
    return f"In the middle of what may come, {gap} {word}."


def _takes(row: Chance) -> str:
    """How many clock stops a week it takes to be nearly sure, or why that cannot be told."""
    if row["clock_stops_sure"] is None:
        return f"To meet it {OFTEN}: {row['why_none_sure']}." if row["why_none_sure"] else ""
    more = row["clock_stops_sure"] - row["clock_stops_now"]
    if more <= 0:
        return ""
    extra, today = (about(stops, Unit.PATHWAYS) for stops in (more, row["clock_stops_now"]))
    return f"{extra} more clock stops a week, beside the {today} of today, would meet it {OFTEN}."


def _longest_first(row: Chance) -> str:
    """The same if the longest waits go first, where that takes less, or what is missing then."""
    now, usual, needed = (row[f"clock_stops_{which}"] for which in ("now", "sure", "longest"))
    if needed is None:
        gap = row["gap_longest"]
        is_less = gap is not None and gap < row["gap"] - 1
        return f"{_FIRST} {about(max(gap, 0), unit_of(row))} too many." if is_less else ""
    if usual is not None and usual - max(needed, now) < 1:
        return ""
    how = f"{about(needed - now, Unit.PATHWAYS)} more a week" if needed - now >= 1 else _TODAY
    return f"{_FIRST} {how} would be enough."


def chance(probability: float | None) -> str:
    """A probability as people say it."""
    if probability is None:
        return _NOT_KNOWN
    of_thousand = round(probability * 1000)
    if of_thousand <= _RARELY * 1000:
        return "less than 3 in 100"
    if of_thousand >= _NEARLY_ALWAYS * 1000:
        return "more than 97 in 100"
    return f"{of_thousand / 10:.0f} in 100"


def unit_of(row: Chance) -> Unit:
    """The unit of a target's figure."""
    return Unit.FRACTION if row["unit"] == "fraction" else Unit.PATHWAYS


def _month(row: Chance) -> str:
    return Month.parse(row["month"]).label

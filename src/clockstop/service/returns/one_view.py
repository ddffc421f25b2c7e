"""An ICB's lists of a week, held against each other: made of submissions that count."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from clockstop.analytics.engine.files import packed_table, unpacked_table
from clockstop.analytics.reconcile import Kind, reconcile
from clockstop.analytics.reconcile.submissions import listing, stacked, transfers
from clockstop.analytics.wlmds.reading import read_submission
from clockstop.analytics.wlmds.writing import in_columns
from clockstop.service.returns.models import Return

WEEK = timedelta(weeks=1)
_HIDDEN = ("issuer", "identifier")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredients:
    """What a view is made of; ``earlier`` are the findings of the view of the week before."""

    week_ending: date
    now: tuple[Return, ...]
    before: tuple[Return, ...]
    left_out: frozenset[str]
    sent: tuple[tuple[str, str, str, str], ...]
    earlier: bytes | None

    @property
    def holds(self) -> str:
        """The hash of it all: another view is made where any of it changes."""
        digest = hashlib.sha256()
        for held in sorted((*self.now, *self.before), key=lambda held: held.pk):
            digest.update(f"{held.pk} {held.holds} ".encode())
        for words in (*sorted(self.left_out), *map(" ".join, self.sent)):
            digest.update(words.encode())
        digest.update(self.earlier or b"")
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class View:
    """A view, ready to be kept: its rows, its findings and the counts of each provider."""

    listed: bytes
    found: bytes
    figures: Mapping[str, Any]


def made(of: Ingredients) -> View:
    """Hold the submissions of a week against each other and against the week before."""
    now = [_tables(each, ("open", "starts", "stops")) for each in of.now]
    before = [_tables(each, ("open",)) for each in of.before]
    opened, starts, stops = (_stack(now, name, of) for name in ("open", "starts", "stops"))
    result = reconcile(
        opened,
        _stack(before, "open", of),
        starts,
        stops,
        week_ending=of.week_ending,
        reported=[each.organisation_code for each in of.now],
        transfers=transfers(of.sent),
        earlier=None if of.earlier is None else unpacked_table(of.earlier),
    )
    rows = listing(result)
    figures = {
        "providers": result.by_provider().to_dicts(),
        "kinds": _kinds(result.findings),
        "silent": list(result.silent),
        "unnamed": result.unnamed,
        "listed": rows.height,
        "people": rows["person"].drop_nulls().n_unique(),
        "left_out": len(of.left_out),
    }
    return View(packed_table(rows), packed_table(result.findings), figures)


def _tables(held: Return, names: Iterable[str]) -> Mapping[str, Any]:
    wanted = {f"{name}.csv" for name in names}
    files = held.files.filter(name__in=wanted)
    return read_submission({each.name: each.content for each in files}).tables


def _stack(submissions: list[Mapping[str, Any]], name: str, of: Ingredients) -> Any:
    empty = in_columns(name, None)
    tables = [in_columns(name, each[name]) for each in submissions if name in each]
    return stacked([empty, *tables], of.left_out)


def _kinds(findings: Any) -> Mapping[str, int]:
    return {kind.value: findings.filter(kind=kind.value).height for kind in Kind}

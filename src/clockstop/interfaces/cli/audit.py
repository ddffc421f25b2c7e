"""``clockstop audit``: whether what was written to the store is as it was written."""

from __future__ import annotations

import json as json_text
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clockstop.interfaces.cli.output import FAILED, out, progress_bar, to_json
from clockstop.interfaces.cli.service import on_the_store

if TYPE_CHECKING:
    from clockstop.service.audit.verifying import End, Verified
    from clockstop.service.pathways.verifying import EventsVerified

app = typer.Typer(help="The log of every write, and whether it holds.", no_args_is_help=True)
SHOWN = 20  # faults that the terminal shows; --json gives them all
_SEAL = re.compile(r"[0-9a-f]{64}|")


@app.command()
@on_the_store
def verify(
    *,
    noted: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Ends of the chains that you kept."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read every chain and every event, and name whatever is not as it was written."""
    kept = _noted(noted) if noted else None
    audit, events = _verified(kept)
    if json:
        typer.echo(to_json(_as_data(audit, events)), nl=False)
    else:
        _show(audit, events)
    if audit.faults or events.faults:
        raise typer.Exit(FAILED)


@app.command()
@on_the_store
def ends() -> None:
    """Print how each chain ends, as JSON: keep it elsewhere, for audit verify --noted."""
    from clockstop.service.audit.verifying import ends as found

    typer.echo(to_json(_ends_as_data(found())), nl=False)


def _verified(noted: Mapping[str, End] | None) -> tuple[Verified, EventsVerified]:
    from clockstop.service.audit.models import Entry
    from clockstop.service.audit.verifying import verify as verify_audit
    from clockstop.service.pathways.models import Pathway
    from clockstop.service.pathways.verifying import verify as verify_events

    with _bar("Reading the audit", Entry.objects.count()) as progress:
        audit = verify_audit(noted, progress)
    with _bar("Reading pathways", Pathway.objects.count()) as progress:
        events = verify_events(progress)
    return audit, events


@contextmanager
def _bar(name: str, total: int) -> Iterator[Callable[[int], None]]:
    with progress_bar() as progress:
        bar = progress.add_task(name, total=total)
        yield lambda done: progress.update(bar, completed=done)


def _show(audit: Verified, events: EventsVerified) -> None:
    counted = f"{_count(audit.entries, 'entry', 'entries')} in {_count(len(audit.ends), 'chain')}"
    lines = [f"chain {f.icb_code}, entry {f.number}: {f.problem}" for f in audit.faults]
    lines += [f"pathway {f.pathway}, {_event(f.number)}: {f.problem}" for f in events.faults]
    for line in lines[:SHOWN]:
        out.print(line, markup=False)
    if len(lines) > SHOWN:
        out.print(f"and {len(lines) - SHOWN:,} more; --json prints them all", markup=False)
    pathways = f"the events of {_count(events.pathways, 'pathway')}"
    held = f"{_count(len(lines), 'fault')}" if lines else "all as written"
    out.print(f"{counted}, {pathways}: {held}", markup=False)


def _event(number: int) -> str:
    return f"event {number}" if number else "as a whole"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _as_data(audit: Verified, events: EventsVerified) -> dict[str, Any]:
    return {
        "entries": audit.entries,
        "pathways": events.pathways,
        "faults": [*map(asdict, audit.faults), *map(asdict, events.faults)],
        **_ends_as_data(audit.ends),
    }


def _ends_as_data(found: Mapping[str, End]) -> dict[str, Any]:
    return {
        "ends": {code: {"length": end[0], "seal": end[1]} for code, end in sorted(found.items())}
    }


def _noted(file: Path) -> dict[str, End]:
    """The ends in a file that ``audit ends`` wrote. Raises ValueError with all that is wrong."""
    try:
        read = json_text.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{file}: is no JSON: {error}") from error
    ends = read.get("ends") if isinstance(read, dict) else None
    if not isinstance(ends, dict):
        raise ValueError(f'{file}: expected {{"ends": …}}, as clockstop audit ends prints it')  # noqa: TRY004
    wrong = [code for code, end in ends.items() if not _is_end(end)]
    if wrong:
        expected = "expected a length and a seal of 64 hexadecimal digits"
        raise ValueError(f"{file}: {expected} for {', '.join(wrong)}")
    return {code: (end["length"], end["seal"]) for code, end in ends.items()}


def _is_end(end: object) -> bool:
    if not isinstance(end, dict):
        return False
    length, seal = end.get("length"), end.get("seal")
    is_count = isinstance(length, int) and not isinstance(length, bool) and length >= 0
    return is_count and isinstance(seal, str) and _SEAL.fullmatch(seal) is not None

"""``clockstop waits expect``: how much longer somebody may wait at a provider."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from clockstop.interfaces.cli.output import lake, out, plain_errors, progress_bar, to_json

if TYPE_CHECKING:
    from clockstop.analytics.forecast.expected.waits import ExpectedWait, ExpectedWaits, Within
    from clockstop.analytics.published.lake import Lake

_KINDS = {"all": "All", "admitted": "Admitted", "nonadmitted": "Not admitted"}


@plain_errors
def expect(
    provider: Annotated[str, typer.Option(help="The provider's code.")],
    function: Annotated[str, typer.Option(help="The treatment function, as C_110.")],
    *,
    waited: Annotated[
        int, typer.Option(min=0, help="Weeks waited so far; somebody who joins now, if left out.")
    ] = 0,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """How much longer somebody may wait at a provider: an estimate."""
    waits = _waits()
    found = waits.expected(provider, function, waited)
    if found is None:
        raise ValueError(f"nobody waits at {provider} in {function} at the latest census")
    if json:
        typer.echo(to_json(_as_data(found, waits)), nl=False)
    else:
        _show(found, waits)


def _waits() -> ExpectedWaits:
    from clockstop.analytics.forecast.expected.waits import ExpectedWaits

    return ExpectedWaits(worked_out(lake()))


def worked_out(lake: Lake) -> Path:
    """The file of everybody's wait ahead, worked out under a progress bar unless it is there."""
    from clockstop.analytics.forecast.expected.table import expected_table

    with progress_bar() as progress:
        bar = progress.add_task("Looking ahead", total=None)
        return expected_table(lake, lambda done, of: progress.update(bar, completed=done, total=of))


def _as_data(found: ExpectedWait, waits: ExpectedWaits) -> dict[str, Any]:
    return {
        "provider": found.provider,
        "function": found.function,
        "origin": str(found.origin),
        "waited_weeks": found.waited,
        "incomplete_pathways": found.waiting,
        **{kind: _weeks(found.within.get(kind)) for kind in _KINDS},
        "ends_without_treatment": found.ends_without_treatment,
        "range_weeks": found.range_weeks,
        "reasons": found.reasons,
        "borrowed": found.borrowed,
        "weeks_followed": waits.facts.weeks,
        "mean_errors_points": {f"{each.months}_months": each.said for each in waits.facts.accuracy},
    }


def _weeks(within: Within | None) -> dict[str, float | None]:
    return {f"{part}_weeks": getattr(within, part, None) for part in ("p50", "p80", "p92")}


def _show(found: ExpectedWait, waits: ExpectedWaits) -> None:
    out.print(f"An estimate, from the lists at {found.origin.census}.")
    table = Table("More weeks", "Half", "8 in 10", "92 in 100")
    for kind, within in found.within.items():
        told = (within.p50, within.p80, within.p92)
        later = f"over {waits.facts.weeks}"
        table.add_row(_KINDS[kind], *(later if each is None else f"{each:.1f}" for each in told))
    if found.within:
        out.print(table)
    if found.range_weeks:
        shortest, longest = found.range_weeks
        until = f"over {waits.facts.weeks}" if longest is None else longest
        out.print(f"Most likely {shortest} to {until} more weeks.")
    for reason in dict.fromkeys(found.reasons.values()):
        out.print(reason)
    for each in waits.facts.accuracy:
        ahead = f"{each.weeks:.0f} weeks ahead"
        out.print(f"Past estimates {ahead} were out by {each.said:.1f} in 100 people on average.")

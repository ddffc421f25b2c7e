"""``clockstop simulate``: whole schemes on made-up patients, before anybody is asked."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer
from rich.table import Table

from clockstop.interfaces.cli.output import (
    FAILED,
    JsonOption,
    err,
    out,
    plain_errors,
    progress_bar,
    to_json,
)
from clockstop.interfaces.cli.service import reaching_the_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from clockstop.analytics.published.lake import Lake
    from clockstop.service.transfers.simulation.running import Outcome

    Progress = Callable[[str], None]

SETTINGS = "clockstop.interfaces.config.settings.demo"
_SCALE, _MONTHS = 0.05, 14  # of the England that is made: enough ICBs, soon there
app = typer.Typer(help="Whole schemes on made-up patients, day by day.", no_args_is_help=True)


@app.callback()
def simulate() -> None:
    """Whole schemes on made-up patients, day by day."""


@app.command("mutual-aid")
@plain_errors
def mutual_aid(
    *,
    pathways: Annotated[int, typer.Option(min=100, help="About so many, in one ICB.")] = 3_000,
    months: Annotated[int, typer.Option(min=2, max=12, help="How many whole months.")] = 4,
    places: Annotated[
        float, typer.Option(min=0.0, max=5.0, help="Places offered for each patient found.")
    ] = 0.5,
    design: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A way of asking; all if left out.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other patients.")] = 1948,
    messages: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Keep what patients were written.")
    ] = None,
    england: Annotated[
        Path | None, typer.Option(metavar="HOME", help="The home of a synthetic England's lake.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Ask long waiters to be treated elsewhere, in every way; print how far each way got.

    All in a store of its own that is thrown away. Ends with status 1 unless every count is the
    same in states, steps, measures, pathways and monthly returns.
    """
    chosen = tuple(design or ())
    with TemporaryDirectory(prefix="clockstop-simulation-") as name, progress_bar() as progress:
        bar = progress.add_task("Making England", total=None)

        def tell(words: str) -> None:
            progress.update(bar, description=words)

        folder = Path(name)
        lake = _lake(england, folder / "home", seed)
        _set_up(lake, folder / "service.sqlite3")
        with reaching_the_store():
            outcomes = _run(
                lake, (pathways, months, places, seed), chosen, messages or folder / "out", tell
            )
    if json:
        typer.echo(to_json([_as_data(each) for each in outcomes]), nl=False)
    else:
        _print(outcomes)
    if not all(each.holds for each in outcomes):
        raise typer.Exit(FAILED)


def _lake(england: Path | None, home: Path, seed: int) -> Lake:
    from clockstop.analytics.published.ingest import ingest
    from clockstop.analytics.published.lake import Lake
    from clockstop.analytics.synthetic import make_england
    from clockstop.core.rulebook.releases import latest_release

    if england is not None:
        return Lake(england)
    with TemporaryDirectory(dir=home.parent) as folder:
        last = latest_release(datetime.now(UTC).date())
        make_england(Path(folder), months=_MONTHS, last_month=last, scale=_SCALE, seed=seed)
        lake = Lake(home)
        ingest([Path(folder)], lake)
    return lake


def _set_up(lake: Lake, file: Path) -> None:
    """Let this process work on a store of its own, whatever store it was told of."""
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    os.environ["CLOCKSTOP_HOME"] = str(lake.home)
    os.environ["CLOCKSTOP_DATABASE"] = f"sqlite:///{quote(str(file.absolute()))}"


def _run(
    lake: Lake,
    size: tuple[int, int, float, int],
    chosen: Sequence[str],
    letters: Path,
    tell: Progress,
) -> list[Outcome]:
    from clockstop.analytics.allocation.acceptance import designs
    from clockstop.analytics.published.pathways import months_held
    from clockstop.interfaces.cli.database import migrated
    from clockstop.service.intake.demo import bring_in
    from clockstop.service.messaging.senders.filing import FileSender
    from clockstop.service.registry.loading import load
    from clockstop.service.transfers.simulation.cast import an_icb
    from clockstop.service.transfers.simulation.clock import simulated
    from clockstop.service.transfers.simulation.running import Setting, simulate

    if unknown := sorted(set(chosen) - set(designs())):
        raise ValueError(f"no design {unknown[0]!r}; there are {', '.join(designs())}")
    pathways, months, places, seed = size
    tell("Making patients")
    migrated()
    load(lake=lake)
    month = months_held(lake)[-1]
    icb = an_icb()
    with simulated(month.census):
        bring_in(lake, month, icb, pathways=pathways, progress=tell)
    setting = Setting(icb_code=icb, first=month.plus(1), months=months, places=places, seed=seed)
    wanted = [each for name, each in designs().items() if not chosen or name in chosen]
    return simulate(setting, wanted, FileSender(letters), tell)


def _as_data(outcome: Outcome) -> dict[str, object]:
    return {
        "design": outcome.design,
        "eligible": outcome.eligible,
        "places": outcome.places,
        "funnel": outcome.funnel,
        "staff_minutes": outcome.minutes,
        "median_miles": outcome.miles,
        "refused": outcome.refused,
        "reconciles": outcome.holds,
        "lines": [
            {"what": each.what, "counts": each.counts, "holds": each.holds}
            for each in outcome.lines
        ],
    }


def _print(outcomes: Sequence[Outcome]) -> None:
    table = Table("", *(each.design for each in outcomes), title="How far patients got")
    rows = {"Eligible": [each.eligible for each in outcomes]}
    rows |= {name: [each.funnel[name] for each in outcomes] for name in outcomes[0].funnel}
    rows |= {
        "Places offered": [each.places for each in outcomes],
        "Staff minutes": [each.minutes for each in outcomes],
    }
    for name, counts in rows.items():
        table.add_row(name, *(f"{count:,}" for count in counts))
    out.print(table)
    for each in outcomes:
        _print_lines(each)


def _print_lines(outcome: Outcome) -> None:
    agreeing = sum(each.holds for each in outcome.lines)
    out.print(f"{outcome.design}: {agreeing} of {len(outcome.lines)} counts agree everywhere")
    for each in outcome.lines:
        told = ", ".join(f"{name} {count:,}" for name, count in each.counts.items())
        if each.holds:
            out.print(f"  {each.what}: {told}", markup=False, style="dim")
        else:
            err.print(f"  {each.what}: {told}", markup=False, style="red")
    for code, count in outcome.refused.items():
        out.print(f"  refused {count:,} times: {code}", markup=False, style="dim")

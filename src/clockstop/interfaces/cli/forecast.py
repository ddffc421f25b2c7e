"""``clockstop forecast``: where the lists are heading, and how well that was told before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clockstop.interfaces.cli.output import (
    CsvOption,
    FileArgument,
    JsonOption,
    ParquetOption,
    err,
    kind_of_file,
    lake,
    out,
    plain_errors,
    progress_bar,
    to_json,
    write,
)

if TYPE_CHECKING:
    import polars as pl

    from clockstop.analytics.forecast.notes import Note

OriginOption = Annotated[str, typer.Option(metavar="YYYY-MM", help="The last month to be known.")]
MonthsOption = Annotated[int, typer.Option(min=1, max=60, help="How many months ahead.")]
ByOption = Annotated[
    str, typer.Option(help="england, or groupings, comma separated: provider,function …")
]
app = typer.Typer(help="Forecasts from the months in the lake.", no_args_is_help=True)


@app.command()
@plain_errors
def run(
    origin: OriginOption,
    months: MonthsOption = 6,
    by: ByOption = "england",
    *,
    replicates: Annotated[int, typer.Option(min=32, help="Simulated courses of England.")] = 1024,
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 0,
    json: JsonOption = False,
    csv: CsvOption = False,
    parquet: ParquetOption = False,
    file: FileArgument = None,
) -> None:
    """The forecast of every group for each month after an origin; nothing later is looked at."""
    from clockstop.analytics.forecast.forecast import Forecasts
    from clockstop.analytics.forecast.months.cube import read_cube
    from clockstop.analytics.forecast.spread import Run
    from clockstop.core.types import Month

    kind, month, groups = kind_of_file(json, csv, parquet), Month.parse(origin), groupings(by)
    forecasts = Forecasts(read_cube(lake(), month))
    said = forecasts.forecast(month, months, groups, Run(replicates, seed))
    table = said.of(forecasts.listed(month, groups)).table()
    about = {"origin": origin, "by": groups, "chosen": forecasts.chosen(month)}
    _print(table, about, forecasts.notes(month), kind, file)


@app.command()
@plain_errors
def scenario(
    path: Annotated[Path, typer.Argument(metavar="SCENARIO", help="The scenario, as JSON.")],
    by: ByOption = "england",
    *,
    json: JsonOption = False,
    csv: CsvOption = False,
    parquet: ParquetOption = False,
    file: FileArgument = None,
) -> None:
    """What a scenario makes of the forecast, beside what is to come without it.

    A row for each group, month and ``run``: ``as_now`` and ``scenario``, from the same draws.
    """
    from clockstop.analytics.forecast.forecast import Forecasts
    from clockstop.analytics.forecast.months.cube import read_cube
    from clockstop.analytics.forecast.scenarios.reading import read_scenario
    from clockstop.analytics.forecast.scenarios.side_by_side import side_by_side

    kind, groups = kind_of_file(json, csv, parquet), groupings(by)
    asked = read_scenario(path.read_text(encoding="utf-8"))
    forecasts = Forecasts(read_cube(lake(), asked.base_month))
    table = side_by_side(forecasts, asked, groups)
    origin = asked.base_month
    about = {"origin": str(origin), "by": groups, "scenario": asked.title}
    chosen = forecasts.chosen(origin)
    _print(table, {**about, "chosen": chosen}, forecasts.notes(origin), kind, file)


@app.command()
@plain_errors
def targets(
    origin: OriginOption,
    months: MonthsOption = 18,
    by: ByOption = "england",
    *,
    json: JsonOption = False,
    csv: CsvOption = False,
    parquet: ParquetOption = False,
    file: FileArgument = None,
) -> None:
    """How likely each national target is to be met, and the clock stops a week that it needs."""
    from clockstop.analytics.forecast.forecast import Forecasts
    from clockstop.analytics.forecast.months.cube import read_cube
    from clockstop.analytics.forecast.targets.planning import against_targets
    from clockstop.core.types import Month

    kind, month, groups = kind_of_file(json, csv, parquet), Month.parse(origin), groupings(by)
    cube = read_cube(lake(), month)
    forecasts = Forecasts(cube)
    said = forecasts.forecast(month, months, groups)
    (table,) = against_targets(cube, [said])
    about = {"origin": origin, "by": groups, "chosen": forecasts.chosen(month)}
    _print(table, about, forecasts.notes(month), kind, file)


@app.command()
@plain_errors
def build(
    *,
    replicates: Annotated[int, typer.Option(min=32, help="Simulated courses of England.")] = 512,
) -> None:
    """Work out the forecasts that the pages show, and keep them beside the lake."""
    from clockstop.analytics.forecast.book import build as build_book
    from clockstop.analytics.forecast.expected.table import expected_table

    with progress_bar() as progress:
        bar = progress.add_task("Working out the forecasts", total=None)
        file = build_book(
            lake(),
            lambda done, of: progress.update(bar, total=of, completed=done),
            replicates=replicates,
        )
        bar = progress.add_task("Working out everybody's wait ahead", total=None)
        expected_table(lake(), lambda done, of: progress.update(bar, total=of, completed=done))
    out.print(f"Kept in {file.parent}")


@app.command("vanished")
@plain_errors
def list_vanished(
    *,
    json: JsonOption = False,
    csv: CsvOption = False,
    parquet: ParquetOption = False,
    file: FileArgument = None,
) -> None:
    """Providers that stopped sending for good, and who may have taken their lists over.

    For a person to judge: those whose merger is known are counted as one and not listed.
    """
    from clockstop.analytics.forecast.months.cube import read_cube
    from clockstop.analytics.forecast.months.vanished import vanished

    kind, cube = kind_of_file(json, csv, parquet), read_cube(lake())
    _print(vanished(cube), {"until": str(cube.months[-1])}, (), kind, file)


@app.command()
@plain_errors
def backtest(
    folder: Annotated[
        Path | None, typer.Argument(help="Where to keep every forecast and the scoreboard.")
    ] = None,
    *,
    replicates: Annotated[int, typer.Option(min=32, help="Simulated courses of England.")] = 128,
    json: Annotated[bool, typer.Option("--json", help="Print the scoreboard as JSON.")] = False,
) -> None:
    """Every forecast that the months allow, made again with what was known, beside what came.

    Of England, of every ICB and of every provider by function; against no change, the season of a
    year before, the reference compartment model, exponential smoothing and Theta. Prints the
    scoreboard.
    """
    from clockstop.analytics.forecast.proof.scoreboard import markdown
    from clockstop.analytics.forecast.proof.whole import prove

    with progress_bar() as progress:
        bar = progress.add_task("Forecasting again", total=None)
        found = prove(
            lake(),
            lambda done, of: progress.update(bar, total=of, completed=done),
            replicates=replicates,
        )
    if folder is not None:
        found.save(folder)
    board = found.scoreboard()
    typer.echo(to_json(board.rows(named=True)) if json else markdown(board), nl=False)


def _print(
    table: pl.DataFrame,
    about: Mapping[str, object],
    notes: Sequence[Note],
    kind: str,
    file: Path | None,
) -> None:
    """The rows as a file of a kind; the notes beside them in JSON, else on standard error."""
    from clockstop.analytics.engine.files import table_file

    said = [f"{note.provider} {note.text}".strip() for note in notes]
    if kind == "json":
        write(to_json({**about, "notes": said, "rows": table.rows(named=True)}).encode(), file)
        return
    for note in said:
        err.print(f"Note: {note}")
    write(table_file(table.to_dict(as_series=False), kind), file)


def groupings(text: str) -> tuple[str, ...]:
    """The groupings that were typed. Raises ValueError for one that there is not."""
    from clockstop.analytics.forecast.months.cube import KEYS

    named = tuple(name.strip() for name in text.split(",") if name.strip())
    if named == ("england",):
        return ()
    unknown = [name for name in named if name not in KEYS]
    if unknown or not named:
        raise ValueError(
            f"no grouping {', '.join(unknown) or text!r}; there are england, {', '.join(KEYS)}"
        )
    return named

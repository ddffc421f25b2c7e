"""``clockstop data synthetic-patients``: made-up patients for a month of the lake."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clockstop.interfaces.cli.output import lake, out, plain_errors, progress_bar, to_json

if TYPE_CHECKING:
    from clockstop.analytics.published.lake import Lake
    from clockstop.core.types import Month


@plain_errors
def synthetic_patients(
    folder: Annotated[Path, typer.Argument(help="Where to write the files; made if need be.")],
    *,
    month: Annotated[
        str | None, typer.Option(help="As 2025-09; else the last in the lake.")
    ] = None,
    icb: Annotated[
        list[str] | None, typer.Option(help="The ICB of the providers; again for more, else all.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other patients.")] = 1948,
    scale: Annotated[float, typer.Option(help="A share of each count of the month.")] = 1.0,
    faults: Annotated[
        float, typer.Option(help="The share of those waiting with a fault in their record.")
    ] = 0.0,
    json: Annotated[bool, typer.Option("--json", help="Print the manifest as JSON.")] = False,
) -> None:
    """Write patients, pathways and events that add up to a month's counts. All are made up."""
    from clockstop.analytics.synthetic.patients import make_patients

    source = lake()
    wanted = _month(month, source)
    with progress_bar() as progress:
        bar = progress.add_task("Making", total=None)
        manifest = make_patients(
            folder,
            source,
            wanted,
            icbs=tuple(icb or ()),
            seed=seed,
            scale=scale,
            faults=faults,
            progress=lambda name: progress.update(bar, advance=1, description=f"Making {name}"),
        )
    if json:
        typer.echo(to_json(manifest), nl=False)
    else:
        _show(manifest)


def _month(text: str | None, source: Lake) -> Month:
    from clockstop.analytics.published.pathways import NoDataError, months_held
    from clockstop.core.types import Month

    if text:
        return Month.parse(text)
    held = months_held(source)
    if not held:
        raise NoDataError("the lake holds no RTT month yet")
    return held[-1]


def _show(manifest: dict[str, Any]) -> None:
    counts = manifest["counts"]
    out.print(
        f"[green]Done[/]: {counts['people']:,} people on {counts['pathways']:,} pathways with "
        f"{counts['events']:,} events for {manifest['month']}. All are made up."
    )
    left_out = {
        "decisions to admit of nobody who waits": counts["decided_left_out"],
        "new periods of nobody who waits or was treated": counts["new_periods_left_out"],
    }
    for words, number in left_out.items():
        if number:
            out.print(
                f"[yellow]note[/] left out, as the return contradicts itself: {number:,} {words}"
            )
    if counts["faults"]:
        out.print(f"{counts['faults']:,} faults seeded; faults.parquet lists them.")

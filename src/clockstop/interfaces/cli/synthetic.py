"""``clockstop data synthetic``: write a made-up England, or show how near it is to the real one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from clockstop.interfaces.cli.output import FAILED, out, plain_errors, progress_bar, to_json

if TYPE_CHECKING:
    from clockstop.analytics.synthetic.fit import Fit
    from clockstop.core.types import Month

SCALES = "'full' for as many providers and pathways as England has, 'default', or a number"


@plain_errors
def synthetic(
    folder: Annotated[
        Path | None, typer.Argument(help="Where to write the files; made if need be.")
    ] = None,
    *,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, another England.")] = 1948,
    scale: Annotated[str, typer.Option(help=f"The size: {SCALES}.")] = "default",
    months: Annotated[int, typer.Option(min=1, help="How many months.")] = 36,
    last_month: Annotated[
        str | None, typer.Option(help="As 2025-09; else the last that NHS England has released.")
    ] = None,
    calibration: Annotated[
        bool, typer.Option("--calibration", help="Show how near it is to England; write nothing.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the calibration as JSON.")] = False,
) -> None:
    """Write a synthetic England in the official formats. Every provider and figure is made up."""
    last, size = _month(last_month), _scale(scale)
    if calibration:
        _calibration(seed, months, last, size, json=json)
    elif folder is None:
        raise ValueError("name a folder to write to, or ask for --calibration")
    else:
        _write(folder, seed, months, last, size)


def _month(text: str | None) -> Month:
    from clockstop.core.rulebook.releases import latest_release
    from clockstop.core.types import Month

    return Month.parse(text) if text else latest_release(datetime.now(UTC).date())


def _scale(text: str) -> float:
    from clockstop.analytics.synthetic.sizes import DEFAULT_SCALE, FULL_SCALE

    named = {"full": FULL_SCALE, "default": DEFAULT_SCALE}
    try:
        return named.get(text) or float(text)
    except ValueError:
        raise ValueError(f"{text!r} is no size: {SCALES}") from None


def _write(folder: Path, seed: int, months: int, last_month: Month, scale: float) -> None:
    from clockstop.analytics.synthetic import make_england

    with progress_bar() as progress:
        bar = progress.add_task("Making", total=None)
        made = make_england(
            folder,
            seed=seed,
            months=months,
            last_month=last_month,
            scale=scale,
            truth=True,
            progress=lambda done, total: progress.update(bar, completed=done, total=total),
        )
    out.print(f"[green]Done[/]: {len(made)} files. Every provider and every figure is made up.")


def _calibration(seed: int, months: int, last_month: Month, scale: float, *, json: bool) -> None:
    from clockstop.analytics.synthetic.england import imagine
    from clockstop.analytics.synthetic.fit import fits
    from clockstop.analytics.synthetic.targets import SOURCE_MONTH

    england = imagine(seed, months, last_month, scale)
    found = list(fits(england))
    month = england.calendar.months[england.calendar.reference]
    if json:
        typer.echo(to_json([_as_data(fit) for fit in found]), nl=False)
    else:
        out.print(f"{month.label} of the synthetic England against England, {SOURCE_MONTH.label}")
        out.print(_table(found))
        out.print(f"{sum(fit.holds for fit in found)} of {len(found)} marginals hold.")
    if not all(fit.holds for fit in found):
        raise typer.Exit(FAILED)


def _as_data(fit: Fit) -> dict[str, object]:
    names = ("marginal", "function", "target", "found", "off", "limit", "holds")
    return {name: getattr(fit, name) for name in names}


def _table(found: list[Fit]) -> Table:
    table = Table("Marginal", "Function", "Target", "Found", "Off by", "Limit", "Holds")
    for fit in found:
        is_share = fit.marginal == "within_18"
        unit = " points" if is_share else "%"
        shown = "{:.1%}" if is_share else "{:,.0f}"
        table.add_row(
            fit.marginal,
            fit.function,
            shown.format(fit.target),
            shown.format(fit.found),
            f"{100 * fit.off:+.2f}{unit}",
            "–" if fit.limit is None else f"{100 * fit.limit:.1f}{unit}",
            "[green]yes[/]" if fit.holds else "[red]no[/]",
        )
    return table

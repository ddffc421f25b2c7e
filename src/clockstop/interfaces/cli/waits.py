"""``clockstop waits``: the figures, for England and for any grouping."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import Annotated

import typer

from clockstop.interfaces.cli.expected import expect
from clockstop.interfaces.cli.output import (
    CsvOption,
    FileArgument,
    JsonOption,
    ParquetOption,
    kind_of_file,
    lake,
    out,
    plain_errors,
    to_json,
    write,
)

app = typer.Typer(help="Waiting list figures from the lake.", no_args_is_help=True)
app.command()(expect)

MonthOption = Annotated[str, typer.Option(metavar="YYYY-MM", help="The month of the return.")]


@app.command()
@plain_errors
def headline(month: MonthOption, *, json: JsonOption = False) -> None:
    """England's headline figures of a month."""
    from clockstop.analytics.lists.tables import headline as england
    from clockstop.core.types import Month

    figures = england(lake(), Month.parse(month))
    if json:
        typer.echo(to_json(figures), nl=False)
        return
    for key, value in figures.items():
        out.print(f"{key:26} {_plain(value)}")


@app.command()
@plain_errors
def table(
    month: MonthOption,
    by: Annotated[str, typer.Option(help="Groupings, comma separated: provider,function …")],
    *,
    icb: Annotated[str | None, typer.Option(help="Only providers of this ICB.")] = None,
    sector: Annotated[str | None, typer.Option(help="Only providers of this sector.")] = None,
    min_count: Annotated[
        int, typer.Option(min=1, help="No percentile below so many pathways.")
    ] = 20,
    json: JsonOption = False,
    csv: CsvOption = False,
    parquet: ParquetOption = False,
    file: FileArgument = None,
) -> None:
    """The headline figures of every group of a month."""
    from clockstop.analytics.lists.tables import as_shown, waits_table
    from clockstop.core.types import Month

    kind = kind_of_file(json, csv, parquet)
    groupings = [name.strip() for name in by.split(",") if name.strip()]
    found = waits_table(
        lake(), Month.parse(month), groupings, icb=icb, sector=sector, min_count=min_count
    )
    if kind == "parquet":
        content = BytesIO()
        found.write_parquet(content)
        write(content.getvalue(), file)
    else:
        rows = list(as_shown(found))
        write((to_json(rows) if kind == "json" else _to_csv(rows, found.columns)).encode(), file)


def _to_csv(rows: list[dict[str, object]], columns: list[str]) -> str:
    text = StringIO()
    shown = [column for column in columns if not column.endswith("_open")]
    writer = csv.DictWriter(text, shown, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _plain(value: object) -> str:
    if value is None:
        return "not known"
    if isinstance(value, float):
        return f"{value:,.4f}"
    return f"{value:,}" if isinstance(value, int) else str(value)

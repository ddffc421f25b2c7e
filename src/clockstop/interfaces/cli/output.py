"""What every command shares: where results go, how refusals look, which lake is meant."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from clockstop.analytics.published.lake import Lake

P = ParamSpec("P")
R = TypeVar("R")

out = Console(soft_wrap=True, highlight=False, emoji=False)
err = Console(stderr=True, soft_wrap=True, highlight=False, emoji=False)

# What every command that prints a table takes.
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="CSV (the default).")]
ParquetOption = Annotated[bool, typer.Option("--parquet", help="Parquet.")]
FileArgument = Annotated[
    Path | None, typer.Argument(help="Where to write; standard output if left out.")
]

FAILED = 1  # the input was refused, or the work could not be done
MISUSED = 2  # the command was: a name or value that there is not


def lake() -> Lake:
    """The lake of CLOCKSTOP_HOME, or of the user's data folder."""
    from clockstop.analytics.published.home import default_home
    from clockstop.analytics.published.lake import Lake

    return Lake(default_home())


def to_json(value: Any) -> str:
    """The value as JSON text that ends its line."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n"


def kind_of_file(json: bool, csv: bool, parquet: bool) -> str:
    """The kind that was asked for. Raises ValueError for more than one."""
    if json + csv + parquet > 1:
        raise ValueError("choose one of --json, --csv and --parquet")
    return "json" if json else "parquet" if parquet else "csv"


def write(content: bytes, file: Path | None) -> None:
    """Write to a file, or to standard output."""
    if file is not None:
        file.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def progress_bar() -> Progress:
    """A bar on standard error that leaves no trace; none at all where nobody watches."""
    return Progress(
        TextColumn("{task.description}", justify="left", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )


@contextmanager
def _plain_errors() -> Iterator[None]:
    from clockstop.analytics.published.lake import LakeBrokenError, LakeBusyError
    from clockstop.analytics.published.pathways import NoDataError
    from clockstop.analytics.published.problems import FileRefusedError

    try:
        yield
    except BrokenPipeError:  # `… | head` has read enough
        raise
    except ValueError as error:
        _complain(error)
        raise typer.Exit(MISUSED) from error
    except (NoDataError, FileRefusedError, LakeBusyError, LakeBrokenError, OSError) as error:
        _complain(error)
        raise typer.Exit(FAILED) from error


def _complain(error: Exception) -> None:
    err.print(f"[red]Error:[/] {escape(str(error))}")


def plain_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the errors a user can mend into one line and an exit status."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        with _plain_errors():
            return command(*args, **kwargs)

    return wrapped

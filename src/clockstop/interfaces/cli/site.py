"""``clockstop serve`` and ``clockstop demo``: the site on this machine."""

from __future__ import annotations

import json
import os
import socket
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from clockstop.interfaces.cli import demo_store
from clockstop.interfaces.cli.expected import worked_out
from clockstop.interfaces.cli.output import FAILED, out, plain_errors, progress_bar
from clockstop.interfaces.cli.service import must_be_ready, reaching_the_store

if TYPE_CHECKING:
    from clockstop.analytics.published.lake import Lake

FIRST_PORT = 8000
PORTS_TRIED = 20
# The synthetic lake is made anew when the generator changes what it writes.
SYNTHETIC = "synthetic-england-6"
DEMO_REPLICATES = 64
SETTINGS = "clockstop.interfaces.config.settings"

BrowserOption = Annotated[bool, typer.Option(help="Open the site in a browser.")]
PortOption = Annotated[
    int | None, typer.Option(min=1, max=65_535, help="The port; else the first free from 8000.")
]


@plain_errors
def serve(*, port: PortOption = None, browser: BrowserOption = False) -> None:
    """Start the site on the lake of CLOCKSTOP_HOME and the store of what people write."""
    from clockstop.analytics.published.home import default_home
    from clockstop.analytics.published.lake import Lake

    home = default_home()
    Lake(home).catalogue()  # a broken one is told here, in one line
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"{SETTINGS}.local")
    with reaching_the_store():
        must_be_ready()
    _start(home, port, browser=browser)


@plain_errors
def demo(
    data: Annotated[
        Path | None,
        typer.Option(exists=True, help="A folder of published files; else a synthetic England."),
    ] = None,
    *,
    port: PortOption = None,
    browser: BrowserOption = True,
) -> None:
    """Load data, start the site and open it: published files, or a synthetic England.

    Visitors sign in as made-up people, in a store of the demo's own.
    """
    from clockstop.analytics.published.home import default_home
    from clockstop.analytics.published.lake import Lake

    home = default_home() if data else default_home() / SYNTHETIC
    lake = Lake(home)
    if data:
        _load_once(data, lake)
        if not lake.catalogue().current("rtt"):
            raise FileNotFoundError(f"{data} holds no RTT full extract, nor does the lake")
    elif not lake.catalogue().current("rtt"):
        _load_synthetic(lake)
    _look_ahead(lake)
    demo_store.make_ready(lake, home / ("demo.sqlite3" if data else "service.sqlite3"))
    _start(home, port, browser=browser)


def _load_once(data: Path, lake: Lake) -> None:
    """Ingest the folder, unless it is as it was when it was last loaded into this lake."""
    loaded = lake.home / "demo-data.json"
    if not loaded.exists() or loaded.read_text() != _state(data, lake):
        _load([data], lake)
        loaded.write_text(_state(data, lake))


def _state(data: Path, lake: Lake) -> str:
    """What would change if a file of the folder or the lake did."""
    files = sorted(p for p in data.rglob("*") if p.is_file()) if data.is_dir() else [data]
    seen = [[str(p.resolve()), p.stat().st_size, p.stat().st_mtime_ns] for p in files]
    return json.dumps([*seen, lake.version()])


def _load_synthetic(lake: Lake) -> None:
    from clockstop.analytics.synthetic import make_england
    from clockstop.core.rulebook.releases import latest_release

    out.print("Making a synthetic England: every provider and every figure is made up.")
    with TemporaryDirectory(prefix="clockstop-") as folder:
        with progress_bar() as progress:
            bar = progress.add_task("Making", total=None)
            make_england(
                Path(folder),
                last_month=latest_release(datetime.now(UTC).date()),
                progress=lambda done, total: progress.update(bar, completed=done, total=total),
            )
        _load([Path(folder)], lake)


def _load(paths: list[Path], lake: Lake) -> None:
    from clockstop.analytics.published.ingest import ingest
    from clockstop.interfaces.cli.data import show_report

    with progress_bar() as progress:
        bar = progress.add_task("Reading", total=None)
        report = ingest(paths, lake, lambda _, total: progress.update(bar, total=total, advance=1))
    show_report(report, [])
    if not report.committed:
        raise typer.Exit(FAILED)


def _look_ahead(lake: Lake) -> None:
    """Work out what is to come, unless the past is too short; kept for the next start."""
    from clockstop.analytics.forecast.forecast import TooShortError

    for work in (worked_out, _forecast):
        with suppress(TooShortError):
            work(lake)


def _forecast(lake: Lake) -> None:
    """Work out the forecasts of a lake that has none, from few replicates: nobody plans by them."""
    from clockstop.analytics.forecast.book import book_file, build

    if book_file(lake).exists():
        return
    with progress_bar() as progress:
        bar = progress.add_task("Forecasting", total=None)
        build(
            lake,
            lambda done, of: progress.update(bar, completed=done, total=of),
            replicates=DEMO_REPLICATES,
        )


def _start(home: Path, port: int | None, *, browser: bool) -> None:
    """Become the web server: a new process image, so that no thread is alive at its forks."""
    from clockstop.analytics.published.lake import Lake
    from clockstop.interfaces.cli.data import prepared

    prepared(Lake(home))
    chosen = port or _free_port()
    environment = os.environ | {
        "CLOCKSTOP_HOME": str(home),
        "CLOCKSTOP_BIND": f"127.0.0.1:{chosen}",
        "CLOCKSTOP_PREPARED": "1",
        "CLOCKSTOP_SECRET_KEY": os.environ.get("CLOCKSTOP_SECRET_KEY") or token_urlsafe(50),
        "CLOCKSTOP_OPEN_BROWSER": "1" if browser else "",
    }
    command = ["-m", "gunicorn", "-c", "python:clockstop.interfaces.config.gunicorn"]
    os.execve(sys.executable, [sys.executable, *command], environment)  # noqa: S606


def _free_port() -> int:
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port from {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1}; use --port")

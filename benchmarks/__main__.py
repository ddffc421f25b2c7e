"""``make bench``: measure, print the tables, and write them into docs/benchmarks.md.

python -m benchmarks           all of it
python -m benchmarks SECTION   one section or more, only printed: see SECTIONS
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import (
    allocation,
    boards,
    calibration,
    care,
    clocks,
    forecast_capacity,
    imports,
    load,
    menu,
    queries,
    returns,
    simulation,
    stores,
)
from benchmarks.measure import Run, in_process, machine, whole_processes
from clockstop.analytics.forecast.expected.table import expected_table
from clockstop.analytics.published.lake import Lake

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
RUNS = int(os.environ.get("CLOCKSTOP_BENCH_RUNS", "3"))
CALLS = 15
FEW_PATHWAYS, PATHWAYS, FEW_RETURNED = 20_000, 7_500_000, 2_000
RATE, SECONDS = 25, 30
_FOLDERS = ("rtt", "organisations", "geography", "diagnostics", "cancer", "wlmds")
CLOCKSTOP = str(Path(sys.executable).parent / "clockstop")


def main() -> None:
    folder = os.environ.get("CLOCKSTOP_REAL_DATA")
    if not folder:
        sys.exit("set CLOCKSTOP_REAL_DATA to the folder of the published files")
    if unknown := set(sys.argv[1:]) - set(SECTIONS):
        sys.exit(f"no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    data = Path(folder)
    with TemporaryDirectory(prefix="clockstop-bench-") as scratch:
        home = Path(scratch) / "home"
        _run(
            [
                CLOCKSTOP,
                "data",
                "ingest",
                *(str(data / d) for d in _FOLDERS),
            ],
            home,
        )
        names = sys.argv[1:] or list(SECTIONS)
        text = _document([SECTIONS[name](home, Path(scratch)) for name in names])
    if not sys.argv[1:]:
        PAGE.write_text(text)
    print(text)


def _run(command: list[str], home: Path) -> None:
    environment = os.environ | {"CLOCKSTOP_HOME": str(home)}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


def _zips() -> Path:
    return Path(os.environ["CLOCKSTOP_REAL_DATA"]) / "rtt" / "full-extracts"


def _ingest(zips: Path, scratch: Path) -> str:
    homes = iter(range(1000))

    def ours() -> list[str]:
        home = scratch / f"ingest-{next(homes)}"
        return ["env", f"CLOCKSTOP_HOME={home}", CLOCKSTOP, "data", "ingest", str(zips)]

    peers = ("pandas", "polars", "duckdb")
    found: dict[str, list[Run]] = {}
    for _ in range(RUNS):
        commands = {"Clockstop: read, check, keep": ours()} | {
            f"{peer} {version(peer)}: only read": [
                sys.executable,
                "-m",
                "benchmarks.readers",
                peer,
                str(zips),
            ]
            for peer in peers
        }
        for name, run in whole_processes(commands, 1).items():
            found.setdefault(name, []).append(run)
    middle = {name: _median(runs) for name, runs in found.items()}
    return _section(
        "Eighteen extracts (18 zips, 1.5 GB of CSV), end to end",
        f"Whole processes, in turn; rounds: {RUNS}; medians. Clockstop unpacks, checks every row, "
        "writes the lake and flushes it to disk; the peers only read into memory, month by month.",
        _rows(middle),
    )


def _median(runs: list[Run]) -> Run:
    ordered = sorted(runs, key=lambda run: run.seconds)
    return Run(ordered[len(ordered) // 2].seconds, max(run.mib or 0 for run in runs))


def _statistics(home: Path) -> str:
    headline = in_process(queries.headline_calls(home), CALLS)
    one = in_process(queries.one_statistic_calls(home), CALLS // 3)
    return "\n\n".join(
        [
            _section(
                "England's headline of one month, warm, in process",
                f"All nineteen measures; medians of {CALLS} calls, in turn. The peers compute the "
                "list size and its median alone, by hand-written code on the same Parquet file.",
                _rows(headline),
            ),
            _section(
                "One statistic (the median wait) for all providers × functions × 18 months",
                f"Medians of {CALLS // 3} calls, in turn, on the same Parquet files.",
                _rows(one),
            ),
        ]
    )


def _page(home: Path) -> str:
    with _server(home) as host:
        asked = {
            "compare page (POST)": load.searches(host),
            "dashboards (GET)": load.dashboards(home),
            "health check (GET)": load.pages("/healthz"),
        }
        load.stream(host, RATE, 5, asked["compare page (POST)"])
        times = {name: load.stream(host, RATE, SECONDS, asked[name]) for name in asked}
    lines = ["| request | p50 ms | p95 ms | p99 ms |", "| --- | ---: | ---: | ---: |"]
    lines += [_percentiles(name, each) for name, each in times.items()]
    return _section(
        f"Pages at {RATE} requests a second",
        f"Two workers and the sender on the same two cores, {SECONDS} s, open loop: a request's "
        "time runs from when it was due. Eight searches in turn; then dashboards of real areas, no "
        "page twice.",
        lines,
    )


def clock_rules(scratch: Path) -> str:
    few, all_ = scratch / "events-few", scratch / "events"
    count = clocks.make(few, FEW_PATHWAYS)
    alike = in_process(clocks.both_ways(few), 1)
    events = clocks.make(all_, PATHWAYS)
    command = [sys.executable, "-m", "benchmarks.clocks", str(all_)]
    national = whole_processes({f"{events:,} events, from Parquet": command}, RUNS)
    return "\n\n".join(
        [
            _section(
                f"The clock rules on {FEW_PATHWAYS:,} pathways ({count:,} events)",
                "The same table by the compiled kernel and by the readable engine, in process.",
                _rows(alike),
            ),
            _section(
                f"The clock rules on a national list of {PATHWAYS:,} pathways",
                f"A whole process: read, check, derive; median of {RUNS}. Made-up events, of "
                "eleven plausible courses.",
                _rows(national),
            ),
        ]
    )


def hospital_records(home: Path, scratch: Path) -> str:
    """Hospitals' extracts into the store, and pages of 500,000 pathways under load.

    The waits ahead are worked out first, as on a running site, so that patients' pages tell them.
    """
    expected_table(Lake(home), lambda *_: None)
    brought = [
        "| store | what | pathways | events | seconds |",
        "| --- | --- | ---: | ---: | ---: |",
    ]
    peers = ["| store | how | ms an entry | ÷ the import's |", "| --- | --- | ---: | ---: |"]
    head = ["| store | page | p50 ms | p95 ms | p99 ms |", "| --- | --- | ---: | ---: | ---: |"]
    pages, own = [*head], [*head]
    for store, found in stores.measured(home, scratch, CLOCKSTOP, _server):
        for what, (run, made) in found["runs"].items():
            count = f"{made['pathways']:,} | {made['events']:,}"
            brought.append(f"| {store} | {what} | {count} | {run.seconds:.1f} |")
        run, made = found["runs"]["first load of an ICB"]
        ours = 1000 * run.seconds / made["events"]
        peers.append(f"| {store} | the import, first load | {ours:.3f} | 1.0 |")
        for line in found["peers"].splitlines():
            seconds, name = line.split("\t")
            each = 1000 * float(seconds) / stores.PEERS
            peers.append(f"| {store} | {name} | {each:.3f} | {each / ours:.1f} |")
        pages += [_percentiles(f"{store} | {page}", each) for page, each in found["times"].items()]
        own += [_percentiles(f"{store} | {page}", each) for page, each in found["care"].items()]
    return "\n\n".join(
        [
            _section(
                "Hospitals' extracts into the store",
                f"Whole processes: read, check, match, derive, write, seal. A night is "
                f"{imports.CHANGED:,} pathways, each with all its events and one more.",
                brought,
            ),
            _section(
                "One entry on a pathway, by the import and by its peers",
                "The same rows, audit and row of the list, on the same store.",
                peers,
            ),
            _section(
                f"The tracking list of 500,000 pathways at {stores.RATE} requests a second",
                f"Signed in, {stores.SECONDS} s, open loop, as for the pages above.",
                pages,
            ),
            _section(
                "What patients read of their own, in the same store",
                f"{care.SIGNED_IN} adults in turn, each with {care.PATHWAYS} pathways, "
                f"{care.REFERRALS} referrals and {care.LETTERS} letters, as {care.PATIENTS:,} "
                f"have; {care.SECONDS} s, open loop. “Your care” at {care.RATE} requests a second "
                f"(budget: 150 ms at p95), the aggregator at {care.APP_RATE} (producer standard: "
                "400 ms at p95), each answer with an entry in the audit.",
                own,
            ),
        ]
    )


def _percentiles(name: str, times: list[float]) -> str:
    cells = " | ".join(f"{1000 * load.percentile(times, p):.0f}" for p in (50, 95, 99))
    return f"| {name} | {cells} |"


def menus(home: Path, scratch: Path) -> str:
    """The referrer's menu of services under load."""
    lines = ["| store | p50 ms | p95 ms | p99 ms |", "| --- | ---: | ---: | ---: |"]
    for store, times in menu.measured(home, scratch, CLOCKSTOP, _server):
        lines.append(_percentiles(store, times))
    return _section(
        f"The single menu at {menu.RATE} requests a second",
        f"{menu.SERVICES:,} services, {menu.PATIENTS:,} patients; signed in, {menu.SECONDS} s, "
        f"open loop: searches for {menu.SEARCHES} patients in all orders, the first three pages "
        "of each. The budget is 60 ms at p95.",
        lines,
    )


def hub_boards(home: Path, scratch: Path) -> str:
    """The hub's pages under load, and the matching of an ICB from the store and back."""
    lines = ["| store and page | p50 ms | p95 ms | p99 ms |", "| --- | ---: | ---: | ---: |"]
    matches = ["| store | match, s |", "| --- | ---: |"]
    for store, times, match in boards.measured(home, scratch, CLOCKSTOP, _server):
        lines += [_percentiles(f"{store}: {page}", each) for page, each in times.items()]
        matches.append(f"| {store} | {match:.1f} |")
    return _section(
        f"The hub's pages at {boards.RATE} requests a second",
        f"{boards.REQUESTS:,} live requests of as many patients; signed in, {boards.SECONDS} s "
        "each, open loop: every tab, filters and pages far back in turn. The budget is 200 ms at "
        f"p95. Below a run of the matcher for an ICB of {boards.OPEN:,} open requests and "
        f"{boards.CAPACITIES} capacities, from reading the store to writing what it proposes: "
        "its budget is 2 s.",
        [*lines, "", *matches],
    )


@contextmanager
def _server(home: Path, more: dict[str, str] | None = None) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{probe.getsockname()[1]}"
    environment = os.environ | {
        "CLOCKSTOP_HOME": str(home),
        "CLOCKSTOP_BIND": host,
        "DJANGO_SETTINGS_MODULE": "clockstop.interfaces.config.settings.demo",
        **(more or {}),
    }
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:clockstop.interfaces.config.gunicorn",
    ]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            _wait_for(lambda: urllib.request.urlopen(f"http://{host}/healthz", timeout=60))
            yield host
        finally:
            server.terminate()


def _wait_for(call: Callable[[], object]) -> None:
    for _ in range(900):
        try:
            call()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("the site did not start")


def monthly_return(scratch: Path, pathways: int = FEW_RETURNED) -> str:
    folder = scratch / "returned"
    events = returns.make(folder, pathways)
    return _section(
        f"The monthly return from {pathways:,} pathways ({events:,} events)",
        "Counts, what is left out and the months to revise, in process: the kernel and expressions "
        "over the whole table, and the readable rules for each pathway in turn.",
        _rows(in_process(returns.both_ways(folder), 1)),
    )


def simulations() -> str:
    """Lists simulated: England's and an ICB's, and the engine beside models of other kinds."""
    whole = {
        f"{name}: {cells:,} lists": [sys.executable, "-m", "benchmarks.simulation", str(cells)]
        for name, cells in (("England", simulation.ENGLAND), ("one ICB", simulation.ICB))
    }
    job = f"{simulation.REPLICATES:,} replicates of {simulation.MONTHS} months"
    lines = ["| what | seconds | peak MiB |", "| --- | ---: | ---: |"]
    for name, run in whole_processes(whole, RUNS).items():
        lines.append(f"| {name} | {run.seconds:.1f} | {run.mib:,.0f} |")
    return "\n\n".join(
        [
            _section(
                f"Simulated waiting lists, {job}",
                "Whole processes on made-up lists, week by week, with the exact quantiles of every "
                f"figure of every list; medians of {RUNS}.",
                lines,
            ),
            _section(
                f"One replicate of {simulation.FEW} lists",
                "The compiled engine with its draws of chance, and the same weeks once without any "
                "by arrays of numpy. Clockstop's time is divided by its replicates.",
                _courses(in_process(simulation.engines(), RUNS)),
            ),
            _section(
                f"One replicate of one list of {simulation.SIZE} people",
                f"{simulation.REFERRED} referred and {simulation.TREATED} treated a week. SimPy "
                "and Ciw follow each person, one after another, and take longer the more there "
                "are; Clockstop counts the people of each week band, and does not. Its time is "
                "divided by its replicates.",
                _courses(in_process(simulation.one_list(), RUNS)),
            ),
        ]
    )


def capacity() -> str:
    """The capacity that targets need: of England, and beside one bisection after another."""
    few, targets = forecast_capacity.FEW, len(forecast_capacity.AIMS)
    whole = {
        f"England: {simulation.ENGLAND:,} lists, {targets} targets": [
            sys.executable,
            "-m",
            "benchmarks.forecast_capacity",
            str(simulation.ENGLAND),
        ]
    }
    lines = ["| what | seconds | peak MiB |", "| --- | ---: | ---: |"]
    for name, run in whole_processes(whole, RUNS).items():
        lines.append(f"| {name} | {run.seconds:.1f} | {run.mib:,.0f} |")
    words = (
        "The least multiplier of the capacity of each list with which it meets each target, "
        f"{forecast_capacity.MONTHS} months ahead at most."
    )
    return "\n\n".join(
        [
            _section(
                "The capacity that targets need",
                f"{words} Whole processes on made-up lists; medians of {RUNS}.",
                lines,
            ),
            _section(
                f"The capacity of {few} lists for {targets} targets",
                "The same in process, beside a bisection of each list and target by itself with "
                "the same engine, to a thousandth.",
                _rows(in_process(forecast_capacity.both_ways(), RUNS)),
            ),
        ]
    )


def allocations() -> str:
    """Help asked for matched to places: an ICB, England, and beside a solver of linear programs."""
    lines = [
        "| requests × capacities | seconds | peak MiB | budget, s | time ÷ budget |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for (requests, places), budget in allocation.BUDGETS.items():
        name = f"{requests:,} × {places:,}"
        command = [sys.executable, "-m", "benchmarks.allocation", str(requests), str(places)]
        run = whole_processes({name: command}, RUNS)[name]
        ratio = run.seconds / budget
        lines.append(f"| {name} | {run.seconds:.1f} | {run.mib:,.0f} | {budget} | {ratio:.2f} |")
    return "\n\n".join(
        [
            _section(
                "Help asked for and offered in an ICB, and in England",
                f"Whole processes that also make them up; medians of {RUNS}. Each request reaches "
                "at most the fifty nearest providers of its specialty.",
                lines,
            ),
            _section(
                "40,000 pairs judged",
                "The compiled look-up with its reading, and the readable rules.",
                _rows(in_process(allocation.judged(), 1)),
            ),
            _section(
                "600 requests and 120 capacities, half of the pairs fitting",
                "All stages exactly, and one linear program that weighs only two of them.",
                _rows(in_process(allocation.both_ways(), RUNS)),
            ),
        ]
    )


def calibrations(home: Path) -> str:
    """England's lists calibrated from all published months."""
    cube = calibration.cube_of(home)
    lists, months = len(cube.cells), len(cube.months)
    alone = lists * calibration.NHSRTT_SECONDS / 60
    return _section(
        f"The calibration of England's {lists:,} lists from {months} months",
        f"In process, the months read already; medians of {RUNS}; {calibration.BUDGET} seconds are "
        "the budget. Clockstop's finds England's weekly rates of every month, what each list adds "
        "to them, and the settings by past origins. NHSRtt, which calibrates one list after "
        f"another, takes {calibration.NHSRTT_SECONDS} seconds for each in R, measured apart: "
        f"{alone:.0f} minutes for as many.",
        _rows(in_process(calibration.both_ways(cube), RUNS)),
    )


def _courses(runs: dict[str, Run]) -> list[str]:
    """Milliseconds of each replicate: Clockstop's, the first, are many."""
    first = next(iter(runs))
    each = {
        name: 1000 * run.seconds / (simulation.REPLICATES if name == first else 1)
        for name, run in runs.items()
    }
    lines = ["| what | ms a replicate | ÷ Clockstop's |", "| --- | ---: | ---: |"]
    return lines + [f"| {name} | {ms:.3f} | {ms / each[first]:.0f} |" for name, ms in each.items()]


def _rows(runs: dict[str, Run]) -> list[str]:
    ours = next(iter(runs.values())).seconds
    with_memory = any(run.mib for run in runs.values())
    lines = ["| what | seconds | peak MiB | time ÷ Clockstop's |", "| --- | ---: | ---: | ---: |"]
    for name, run in runs.items():
        memory = f"{run.mib:,.0f}" if run.mib else "–"
        lines.append(f"| {name} | {run.seconds:.3f} | {memory} | {run.seconds / ours:.2f} |")
    if not with_memory:
        lines = [line.replace(" peak MiB |", "").replace(" – |", "") for line in lines]
        lines[1] = "| --- | ---: | ---: |"
    return lines


def _section(title: str, words: str, lines: list[str]) -> str:
    return "\n".join([f"## {title}", "", words, "", *lines])


def _document(sections: list[str]) -> str:
    when = datetime.now(UTC).strftime("%d %B %Y")
    head = (
        "# Benchmarks\n\n"
        "Speed is shown as ratios against named peers measured in the same run; seconds are of "
        "one machine on one day. `make bench` measures again and rewrites this page.\n\n"
        f"Measured on {when}: {machine()}. Clockstop's lake holds all the published months.\n\n"
    )
    return head + "\n\n".join(sections) + "\n"


Section = Callable[[Path, Path], str]  # of the home with the lake, and a folder for scratch
SECTIONS: dict[str, Section] = {
    "ingest": lambda _home, scratch: _ingest(_zips(), scratch),
    "statistics": lambda home, _scratch: _statistics(home),
    "pages": lambda home, _scratch: _page(home),
    "clocks": lambda _home, scratch: clock_rules(scratch),
    "return": lambda _home, scratch: monthly_return(scratch),
    "simulations": lambda _home, _scratch: simulations(),
    "capacity": lambda _home, _scratch: capacity(),
    "allocation": lambda _home, _scratch: allocations(),
    "calibration": lambda home, _scratch: calibrations(home),
    "records": hospital_records,
    "menu": menus,
    "boards": hub_boards,
}


if __name__ == "__main__":
    main()

"""Run things and say how long they took and how much memory they held."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20


@dataclass(frozen=True)
class Run:
    """Medians over the runs: wall-clock seconds, and the peak memory of the largest process."""

    seconds: float
    mib: float | None = None


def whole_processes(commands: dict[str, list[str]], runs: int) -> dict[str, Run]:
    """Run every command in turn, so often, each as a process of its own."""
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            seen[name].append(_one(command))
    return {
        name: Run(*(statistics.median(column) for column in zip(*rows, strict=True)))
        for name, rows in seen.items()
    }


_CHILD = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
took = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([done.returncode, took, peak, done.stderr.decode()[-2000:]]))
"""


def _one(command: list[str]) -> tuple[float, float]:
    """A middle process asks the kernel for the peak memory of this child alone."""
    text = subprocess.run(
        [sys.executable, "-c", _CHILD, *command], check=True, capture_output=True
    ).stdout
    status, seconds, peak_kib, words = json.loads(text)
    if status:
        raise RuntimeError(f"{command}: {words}")
    return seconds, peak_kib / 1024


def in_process(calls: dict[str, Callable[[], object]], runs: int) -> dict[str, Run]:
    """Call every function in turn, so often, after one call that is not counted."""
    for call in calls.values():
        call()
    seen: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(runs):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            seen[name].append(time.perf_counter() - start)
    return {name: Run(statistics.median(times)) for name, times in seen.items()}


def machine() -> str:
    """The machine in words."""
    with Path("/proc/cpuinfo").open() as lines:
        models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    soft = resource.getrlimit(resource.RLIMIT_AS)[0]
    limit = "" if soft == resource.RLIM_INFINITY else f", {soft // MIB} MiB address space"
    python = sys.version.split()[0]
    return f"{os.cpu_count()} cores ({models[0]}), {gib:.0f} GiB{limit}, Python {python}"

"""Puts what a journey begins with into the store of its site, as whoever is at work there would.

In one process for all journeys of a worker, with the site's settings: it costs seconds to begin.
"""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import django

Made = TypeVar("Made")


def in_store(home: Path, maker: Callable[..., Made], *arguments: Any) -> Made:
    """What ``maker`` tells, called on the store of the home."""
    return _process(home).submit(maker, *arguments).result()


def stop(home: Path) -> None:
    """End the process, with the site of the home."""
    _process(home).shutdown()
    _process.cache_clear()


@cache
def _process(home: Path) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, get_context("spawn"), initializer=_begin, initargs=(str(home),))


def _begin(home: str) -> None:
    os.environ["CLOCKSTOP_HOME"] = home
    os.environ["DJANGO_SETTINGS_MODULE"] = "clockstop.interfaces.config.settings.demo"
    django.setup()

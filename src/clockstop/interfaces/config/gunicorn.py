"""How gunicorn runs the site: two workers, each with its books read before it serves.

Nothing is loaded before the workers are forked: Polars' threads do not survive a fork.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import webbrowser
from typing import Any

wsgi_app = "clockstop.interfaces.config.wsgi:application"
bind = os.environ.get("CLOCKSTOP_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("CLOCKSTOP_WORKERS", "2"))
worker_class = "sync"
timeout = 120  # seconds; a worker that brings in an extract is at work, not stuck
loglevel = "warning"
accesslog = None  # no request is logged, and so no place that a visitor typed
proc_name = "clockstop"


def on_starting(_server: Any) -> None:
    """Prepare what is new, once for all workers, in a process of its own: see above."""
    if os.environ.get("CLOCKSTOP_PREPARED"):
        return
    prepare = "from clockstop.interfaces.cli.app import main; main()"
    subprocess.run([sys.executable, "-c", prepare, "data", "prepare"], check=False)  # noqa: S603


def post_worker_init(worker: Any) -> None:
    """Read the books, so that the first visitor does not wait for it."""
    from clockstop.service.compare.book import NoDataYet, current_book
    from clockstop.service.dashboards.book import current_figures

    try:
        current_book().compare("C_110")
        current_figures().read_ahead()
    except NoDataYet:
        pass  # the pages say how to load some
    gc.collect()
    gc.freeze()  # what stays for good is not looked through for garbage again and again
    if worker.age == 1:
        _tidy()
        _announce()


def _tidy() -> None:
    """Clear expired sessions, and say where the store is not ready: public pages work without."""
    from clockstop.interfaces.cli.service import (
        StoreNotReadyError,
        must_be_ready,
        reaching_the_store,
    )

    try:
        with reaching_the_store():
            must_be_ready()
            from django.contrib.sessions.backends.db import SessionStore

            SessionStore.clear_expired()
    except StoreNotReadyError as error:
        print(f"Nobody can sign in: {error}", file=sys.stderr, flush=True)  # noqa: T201


def _announce() -> None:
    url = f"http://{bind}/"
    print(f"Clockstop is at {url} (Ctrl+C stops it)", flush=True)  # noqa: T201
    if os.environ.get("CLOCKSTOP_OPEN_BROWSER"):
        webbrowser.open(url)

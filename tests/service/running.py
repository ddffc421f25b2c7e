"""The site as it really runs, on a store: started, killed without warning, started again."""

import os
import signal
import socket
import subprocess
import sys
import time

import httpx
from tests.service.stores import ROOT

GUNICORN = [sys.executable, "-m", "gunicorn", "-c", "python:clockstop.interfaces.config.gunicorn"]
PATIENCE = 120  # seconds


class RunningSite:
    """Two workers on an address that stays the same however often they are killed."""

    def __init__(self, store: dict[str, str]) -> None:
        bind = f"127.0.0.1:{_free_port()}"
        self.url = f"http://{bind}"
        alone = {"CLOCKSTOP_BIND": bind, "CLOCKSTOP_WORKERS": "2", "CLOCKSTOP_PREPARED": "1"}
        self._env = store | alone
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Until it answers; one that runs already is left alone."""
        if self._process is not None:
            return
        self._process = subprocess.Popen(
            GUNICORN, env=self._env, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL
        )
        last = time.monotonic() + PATIENCE
        while not self._is_ready():
            assert self._process.poll() is None, "the site did not start"
            assert time.monotonic() < last, "the site does not answer"
            time.sleep(0.1)

    def kill(self) -> None:
        """The master and its workers, at once, wherever they are."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz").status_code == 200
        except httpx.TransportError:
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

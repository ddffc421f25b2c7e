"""The site as it really runs: gunicorn in a process of its own, on a lake."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from urllib.request import urlopen

from tests.journeys import making
from tests.once import alone

COMMAND = [sys.executable, "-m", "gunicorn", "-c", "python:clockstop.interfaces.config.gunicorn"]
ROOT = Path(__file__).parents[2]
PATIENCE = 300  # seconds; a book of real waits is read before the site answers


class Site:
    """A running site: its address, and all that it has printed so far."""

    def __init__(self, url: str, process: subprocess.Popen[str]) -> None:
        self.url = url
        self._process = process
        self._printed: list[str] = []
        self._spoke = Event()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout:
            self._printed.append(line)
            self._spoke.set()
        self._spoke.set()

    @property
    def log(self) -> str:
        return "".join(self._printed)

    def wait_until_it_answers(self) -> None:
        """Its first words say where it is."""
        assert self._spoke.wait(PATIENCE), "the site said nothing"
        assert self.url in self.log, self.log
        with urlopen(f"{self.url}/healthz") as answer:
            assert answer.read() == b"ok"

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        self._process.stdout.close()


@contextmanager
def running_site(home: Path) -> Iterator[Site]:
    address = f"127.0.0.1:{_free_port()}"
    environment = os.environ | {
        "CLOCKSTOP_HOME": str(home),
        "CLOCKSTOP_DATABASE": "",
        "CLOCKSTOP_BIND": address,
        "CLOCKSTOP_WORKERS": "1",
        "DJANGO_SETTINGS_MODULE": "clockstop.interfaces.config.settings.demo",
    }
    _prepare_store(home, environment)
    process = subprocess.Popen(
        COMMAND, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    site = Site(f"http://{address}", process)
    try:
        site.wait_until_it_answers()
        yield site
    finally:
        site.stop()
        making.stop(home)


def _prepare_store(home: Path, environment: dict[str, str]) -> None:
    """Tables and people in the store of the home, made by whichever worker comes first."""
    made = home / "store.made"
    with alone(home / "store.lock"):
        if made.exists():
            return
        for module in (("django", "migrate", "--verbosity=0"), ("tests.journeys.seed",)):
            subprocess.run([sys.executable, "-m", *module], env=environment, cwd=ROOT, check=True)
        made.touch()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

"""``clockstop serve`` and ``clockstop demo``: what is loaded, what is started, and the whole of it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from unittest import mock
from urllib.request import urlopen

import pytest
from tests.analytics import story
from tests.analytics.forecast.made_cubes import cube
from tests.analytics.published import small
from tests.analytics.published.extracts import rtt
from tests.analytics.published.helpers import tree
from tests.analytics.story import LEEDS, Filed

from clockstop.analytics import synthetic
from clockstop.analytics.forecast import book
from clockstop.analytics.forecast.expected import table as expected_table
from clockstop.analytics.forecast.expected.waits import expected_file
from clockstop.analytics.published.lake import Lake
from clockstop.interfaces.cli import demo_store, site
from clockstop.service.directory import topping_up
from clockstop.service.registry.models import Organisation

COMMAND = Path(sys.executable).with_name("clockstop")


class Started(Exception):  # noqa: N818 - it ends the process as execve would
    """The command gave way to the web server."""

    def __init__(self, program: str, arguments: list[str], environment: dict[str, str]) -> None:
        super().__init__(program)
        self.program, self.arguments, self.environment = program, arguments, environment

    @property
    def home(self) -> Path:
        return Path(self.environment["CLOCKSTOP_HOME"])

    @property
    def port(self) -> int:
        host, _, port = self.environment["CLOCKSTOP_BIND"].partition(":")
        assert host == "127.0.0.1"
        return int(port)


@pytest.fixture
def start(home, clockstop, monkeypatch):
    """Run a command that must end in starting the server; how it would be started."""

    def execve(program, arguments, environment):
        raise Started(program, arguments, environment)

    monkeypatch.setattr(os, "execve", execve)
    monkeypatch.setenv("CLOCKSTOP_DATABASE", "postgresql://127.0.0.1/real")
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")

    def run(*arguments: object) -> Started:
        with mock.patch.dict(os.environ), pytest.raises(Started) as started:
            clockstop(*arguments)
        return started.value

    return run


@pytest.fixture
def tiny_england(monkeypatch) -> list[Path]:
    """Make the synthetic England of one thin month; the folders that it was made in."""
    made: list[Path] = []

    def make(folder, **options):
        made.append(folder)
        return partial(synthetic.make.make_england, months=1, scale=0.02)(folder, **options)

    monkeypatch.setattr(synthetic, "make_england", make)
    return made


@pytest.fixture
def stores_made(monkeypatch) -> list[Lake]:
    """Make no store; the lakes for which one would have been made."""
    lakes: list[Lake] = []
    monkeypatch.setattr(demo_store, "_make", lakes.append)
    return lakes


def made_up(lake: Lake) -> Lake:
    """The lake with one small made-up month."""
    story.publish(lake, "2025-09", [Filed(LEEDS, "C_110", {3: 25})], synthetic=True)
    return lake


@contextmanager
def taken(port: int):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", port))
        holder.listen()
        yield


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.django_db
class TestServe:
    def test_the_server_and_its_environment(self, start, home):
        started = start("serve", "--port", 8123)
        assert started.program == sys.executable
        assert started.arguments == [
            *(sys.executable, "-m", "gunicorn", "-c", "python:clockstop.interfaces.config.gunicorn")
        ]
        assert (started.home, started.port) == (home, 8123)
        assert (
            started.environment["DJANGO_SETTINGS_MODULE"]
            == "clockstop.interfaces.config.settings.local"
        )
        assert started.environment["CLOCKSTOP_DATABASE"] == "postgresql://127.0.0.1/real"
        assert started.environment["PATH"] == os.environ["PATH"]

    def test_no_browser_unless_asked(self, start):
        assert start("serve").environment["CLOCKSTOP_OPEN_BROWSER"] == ""
        assert start("serve", "--browser").environment["CLOCKSTOP_OPEN_BROWSER"] == "1"

    def test_the_users_settings_win(self, start, monkeypatch):
        monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "their.settings")
        assert start("serve").environment["DJANGO_SETTINGS_MODULE"] == "their.settings"

    def test_without_a_store_it_says_how_to_make_one(self, home):
        done = subprocess.run(
            [COMMAND, "serve"], env=alone(home), capture_output=True, text=True, check=False
        )
        said = f"there is no store at {home}/service.sqlite3; run: clockstop database migrate"
        assert (done.returncode, done.stdout, done.stderr) == (1, "", f"Error: {said}\n")

    @pytest.mark.parametrize("port", ["0", "65536", "-1", "http"])
    def test_no_port(self, home, clockstop, port):
        assert clockstop("serve", "--port", port).exit_code == 2


@pytest.mark.django_db
class TestPort:
    @pytest.fixture(autouse=True)
    def somewhere_quiet(self, monkeypatch):
        monkeypatch.setattr(site, "FIRST_PORT", free_port())

    def test_the_first_that_is_free(self, start):
        with taken(site.FIRST_PORT):
            assert start("serve").port > site.FIRST_PORT

    def test_none_free(self, home, clockstop, monkeypatch):
        monkeypatch.setattr(site, "PORTS_TRIED", 1)
        with taken(site.FIRST_PORT):
            result = clockstop("serve")
        assert result.exit_code == 1
        assert re.fullmatch(r"Error: no free port from (\d+) to \1; use --port\n", result.stderr)

    def test_free_again_once_left(self, start):
        with taken(site.FIRST_PORT):
            pass
        assert start("serve").port >= site.FIRST_PORT


@pytest.mark.django_db
class TestDemo:
    def test_the_first_start_makes_an_england_and_its_people_and_the_second_does_not(
        self, start, home, tiny_england
    ):
        first = start("demo")
        lake = Lake(first.home)
        assert first.home == home / site.SYNTHETIC
        (revision,) = lake.catalogue().current("rtt").values()
        assert revision.facts["synthetic"] is True
        assert lake.catalogue().current("hospitals")
        assert [folder.exists() for folder in tiny_england] == [False]
        assert first.environment["CLOCKSTOP_OPEN_BROWSER"] == "1"
        assert Organisation.objects.exists()
        (first.home / "service.sqlite3").touch()  # in a test the store is in memory
        before = tree(lake)
        assert start("demo", "--no-browser").environment["CLOCKSTOP_OPEN_BROWSER"] == ""
        assert len(tiny_england) == 1
        assert tree(lake) == before

    def test_its_people_live_in_a_store_of_its_own(self, start, home, stores_made):
        """Whatever CLOCKSTOP_DATABASE says: nobody signs in to a real store as somebody else."""
        made_up(Lake(home / site.SYNTHETIC))
        first = start("demo")
        assert first.environment["DJANGO_SETTINGS_MODULE"] == demo_store.SETTINGS
        file = first.home / "service.sqlite3"
        assert first.environment["CLOCKSTOP_DATABASE"] == f"sqlite:///{file}"

    def test_a_store_that_is_as_it_should_be_is_left_alone(self, start, home, stores_made):
        made_up(Lake(home / site.SYNTHETIC))
        file = start("demo").home / "service.sqlite3"
        file.touch()  # in a test the store is in memory
        start("demo")
        assert len(stores_made) == 1

    def test_an_old_store_gets_more_slots(self, start, home, stores_made, monkeypatch):
        made_up(Lake(home / site.SYNTHETIC))
        asked = []
        monkeypatch.setattr(topping_up, "top_up", lambda lake: asked.append(lake) or 1_200)
        file = start("demo").home / "service.sqlite3"
        file.touch()  # in a test the store is in memory
        start("demo")
        assert len(stores_made) == 1
        assert len(asked) == 2
        story.publish(Lake(file.parent), "2025-08", [Filed(LEEDS, "C_110", {3: 25})])
        start("demo")
        assert len(stores_made) == 2
        file.unlink()
        start("demo")
        assert len(stores_made) == 3

    def test_the_waits_ahead_are_worked_out_once(self, start, home, stores_made, monkeypatch):
        lake = made_up(Lake(home / site.SYNTHETIC))
        read = []
        monkeypatch.setattr(expected_table, "read_cube", lambda lake: read.append(lake) or cube())
        start("demo")
        start("demo")
        assert len(read) == 1
        assert expected_file(lake).exists()

    def test_forecasts_are_worked_out_once(self, start, home, stores_made, monkeypatch):
        lake = made_up(Lake(home / site.SYNTHETIC))
        read = []
        monkeypatch.setattr(book, "read_cube", lambda lake: read.append(lake) or cube())
        start("demo")
        start("demo")
        assert len(read) == 1
        kept = book.ForecastBook(lake)
        assert kept.forecast("england", "E92000001")
        assert kept.targets("icb", "Q0")

    def test_a_past_too_short_to_look_ahead_from(self, start, home, stores_made):
        lake = made_up(Lake(home / site.SYNTHETIC))
        assert start("demo").home == lake.home
        assert not expected_file(lake).exists()
        assert not book.book_file(lake).exists()

    def test_made_up_data_stay_out_of_the_main_lake(self, start, lake, stores_made, tiny_england):
        start("demo")
        assert not lake.folder.exists()

    def test_published_files_go_into_the_main_lake(self, start, home, lake, inbox, tiny_england):
        rtt("2025-09").save(inbox)
        small.trust_points().save(inbox)
        started = start("demo", "--data", inbox)
        assert started.home == home
        assert set(lake.catalogue().current("rtt")) == {"2025-09"}
        assert tiny_england == []

    def test_a_refused_folder_starts_nothing(self, home, clockstop, lake, inbox, monkeypatch):
        monkeypatch.setattr(os, "execve", lambda *_: pytest.fail("started"))
        spoilt = rtt("2025-09")
        spoilt.put(2, "Total All", -1).save(inbox)
        result = clockstop("demo", "--data", inbox)
        assert result.exit_code == 1
        assert "refused inbox/" in result.stdout
        assert "Nothing was changed" in result.stdout
        assert lake.catalogue().entries == {}

    @pytest.mark.parametrize("held", [False, True])
    def test_a_folder_without_an_extract(self, home, clockstop, lake, inbox, monkeypatch, held):
        """Nothing to show, unless the lake held a month before."""
        monkeypatch.setattr(os, "execve", lambda *_: None)
        small.trust_points().save(inbox)
        if held:
            made_up(lake)
        result = clockstop("demo", "--data", inbox)
        assert result.exit_code == (0 if held else 1)
        said = f"Error: {inbox} holds no RTT full extract, nor does the lake\n"
        assert result.stderr == ("" if held else said)

    def test_a_folder_that_is_not_there(self, home, clockstop, tmp_path):
        result = clockstop("demo", "--data", tmp_path / "nowhere")
        assert result.exit_code == 2
        assert not home.exists()

    def test_another_demo_is_making_it(self, home, clockstop, tiny_england, monkeypatch):
        monkeypatch.setattr(os, "execve", lambda *_: pytest.fail("started"))
        with Lake(home / site.SYNTHETIC).writing():
            result = clockstop("demo")
        assert result.exit_code == 1
        assert "another process is writing" in result.stderr


@pytest.fixture(scope="module")
def settled(tmp_path_factory) -> Path:
    """A home whose store is made at the first start, and found there at the next."""
    home = tmp_path_factory.mktemp("settled")
    made_up(Lake(home / site.SYNTHETIC))
    return home


class TestWhole:
    """The command in a process of its own, on a lake that is there already."""

    @pytest.fixture
    def served(self, settled):
        port = free_port()
        arguments = [COMMAND, "demo", "--no-browser", "--port", str(port)]
        environment = alone(settled)
        with subprocess.Popen(
            arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as server:
            try:
                yield server, f"http://127.0.0.1:{port}"
            finally:
                server.terminate()

    def test_it_starts_answers_and_stops(self, served):
        server, address = served
        assert until_up(server, f"{address}/healthz") == 200
        assert page(f"{address}/readyz") == "ok"
        pages = {path: page(address + path) for path in ("/", "/figures/england/")}
        assert all("synthetic" in text.lower() for text in pages.values())
        assert "September 2025" in pages["/figures/england/"]
        server.send_signal(signal.SIGTERM)
        said, complained = server.communicate(timeout=20)
        assert server.returncode == 0
        assert f"Clockstop is at {address}/ (Ctrl+C stops it)\n" in said
        assert "Traceback" not in complained

    def test_a_port_that_is_taken(self, settled):
        port = free_port()
        environment = alone(settled)
        with taken(port):
            done = subprocess.run(
                [COMMAND, "demo", "--no-browser", "--port", str(port)],
                env=environment,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        assert done.returncode == 1
        assert str(port) in done.stderr
        assert "Clockstop is at" not in done.stdout


def alone(home: Path) -> dict[str, str]:
    """The environment of a process on a home, without what the tests themselves need."""
    own = {"DJANGO_SETTINGS_MODULE", "CLOCKSTOP_DATABASE"}
    kept = {name: value for name, value in os.environ.items() if name not in own}
    return {**kept, "CLOCKSTOP_HOME": str(home)}


def page(address: str) -> str:
    with urlopen(address, timeout=20) as answer:
        assert answer.status == 200
        return answer.read().decode()


def until_up(server: subprocess.Popen[str], address: str) -> int:
    """Ask until somebody answers, a minute long."""
    last = time.monotonic() + 60
    while time.monotonic() < last:
        assert server.poll() is None, server.communicate()
        try:
            with urlopen(address, timeout=20) as answer:
                return answer.status
        except OSError:  # nobody listens yet, or whoever does is still starting
            time.sleep(0.2)
    raise TimeoutError(address)

"""The command itself: installed, light to start, and clear about its version."""

import subprocess
import sys
from pathlib import Path

import pytest

from clockstop import __version__

COMMAND = Path(sys.executable).with_name("clockstop")
HEAVY = ("polars", "narwhals", "numpy", "django", "clockstop.analytics.published.ingest")


def test_the_installed_command_knows_its_version():
    done = subprocess.run([COMMAND, "--version"], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == (f"clockstop {__version__}\n", "")


def test_the_version_is_the_packages(clockstop):
    from importlib.metadata import version

    assert clockstop("--version").stdout == f"clockstop {version('clockstop')}\n"


def test_help_imports_nothing_heavy():
    """A slow start is felt at every --help and every completion."""
    code = (
        "import sys; from clockstop.interfaces.cli.app import app; app(['--help'], standalone_mode=False);"
        f"print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("HEAVY []\n")
    assert "demo" in done.stdout


def test_no_command_shows_the_help(clockstop):
    result = clockstop()
    assert result.exit_code == 2
    assert all(name in result.output for name in ("data", "waits", "demo", "serve"))


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("data", "nonsense"), ("waits", "headline"), ("serve", "--port", "x")],
)
def test_misuse_exits_with_2(home, clockstop, arguments):
    result = clockstop(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""


@pytest.mark.parametrize("command", [("data",), ("data", "ingest"), ("waits", "table"), ("demo",)])
def test_every_command_explains_itself(clockstop, command):
    result = clockstop(*command, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout

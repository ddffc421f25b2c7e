"""The command line as a user runs it, on a home of its own."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from clockstop.analytics.published.lake import Lake
from clockstop.interfaces.cli import output
from clockstop.interfaces.cli.app import app

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _as_found() -> Iterator[None]:
    """A command may set where it works for its process: here other tests share the process."""
    before = {name: value for name, value in os.environ.items() if name.startswith("CLOCKSTOP_")}
    yield
    for name in [name for name in os.environ if name.startswith("CLOCKSTOP_")]:
        del os.environ[name]
    os.environ.update(before)


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """The CLOCKSTOP_HOME of the test, still empty."""
    folder = tmp_path / "home"
    monkeypatch.setenv("CLOCKSTOP_HOME", str(folder))
    monkeypatch.setattr(output.out, "_width", None)  # else fixed when first imported
    monkeypatch.setenv("COLUMNS", "200")
    return folder


@pytest.fixture
def lake(home) -> Lake:
    return Lake(home)


@pytest.fixture
def inbox(tmp_path) -> Path:
    return tmp_path / "inbox"


@pytest.fixture
def clockstop() -> Run:
    """Run the command in this process; whatever it raises but an exit fails the test."""

    def run(*arguments: object) -> Result:
        result = CliRunner().invoke(app, list(map(str, arguments)))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def on_story(story_lake, monkeypatch, clockstop) -> Run:
    """Run the command on the story's lake."""
    monkeypatch.setenv("CLOCKSTOP_HOME", str(story_lake.home))
    monkeypatch.setattr(output.out, "_width", None)  # else fixed when first imported
    return clockstop

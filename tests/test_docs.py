"""The documentation says what the code does: samples run, commands exist, pages are in step."""

import ast
import doctest
import re
import shlex
from pathlib import Path

import pytest
import typer.main
from scripts.make_reference import pages

from clockstop.analytics.published.ingest import ingest
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.synthetic import make_england
from clockstop.core.types import Month
from clockstop.interfaces.cli.app import app

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "clockstop"
ROOT_PAGES = sorted(ROOT.glob("*.md"))
PAGES = [*ROOT_PAGES, *sorted((ROOT / "docs").rglob("*.md"))]
MODULES = [file for wing in ("core", "analytics") for file in sorted((SOURCE / wing).rglob("*.py"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FORBIDDEN = re.compile(r"\b(TODO|FIXME|XXX|TBD|lorem ipsum)\b", re.IGNORECASE)


def name(file):
    return str(file.relative_to(ROOT))


def blocks(file, *languages):
    return [text for language, text in FENCE.findall(file.read_text()) if language in languages]


def commands():
    """Every call of clockstop in a block of commands: its page and its words."""
    for file in PAGES:
        for line in "".join(blocks(file, "", "console", "bash")).splitlines():
            if line.startswith(".venv/bin/clockstop"):
                yield pytest.param(shlex.split(line)[1:], id=f"{name(file)}: {line}")


def public(body):
    """The classes and functions that a body makes public."""
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in body if isinstance(node, kinds) and not node.name.startswith("_")]


def test_the_readme_sets_a_machine_up_with_two_commands():
    lines = "".join(text for _, text in FENCE.findall((ROOT / "README.md").read_text()))
    assert re.findall(r"^make .*$", lines, re.MULTILINE) == ["make demo", "make test"]


@pytest.mark.parametrize("page", list(pages().items()), ids=lambda page: page[0].name)
def test_reference_pages_say_what_the_code_says(page):
    file, text = page
    assert file.read_text() == text, "run .venv/bin/python scripts/make_reference.py"


@pytest.mark.parametrize("words", list(commands()))
def test_commands_in_the_documentation_exist(words):
    command = typer.main.get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]
    options = {each for one in command.params for each in (*one.opts, *one.secondary_opts)}
    assert not getattr(command, "commands", {}), "a group of commands, not a command"
    assert {word for word in words if word.startswith("--")} <= options
    assert {
        each.opts[0] for each in command.params if each.opts[0].startswith("-") and each.required
    } <= set(words)


@pytest.mark.parametrize("file", [f for f in PAGES if blocks(f, "pycon")], ids=name)
def test_samples_give_what_they_show(file):
    """Those for PySpark are run beside the other tests that start it."""
    samples = [text for text in blocks(file, "pycon") if "pyspark" not in text]
    test = doctest.DocTestParser().get_doctest("\n".join(samples), {}, name(file), name(file), 0)
    report = []
    doctest.DocTestRunner().run(test, out=report.append)
    assert test.examples
    assert not report, "".join(report)


@pytest.fixture(scope="module")
def small_home(tmp_path_factory):
    """The home of a lake with one small synthetic month."""
    home = tmp_path_factory.mktemp("home")
    files = make_england(home / "files", months=1, last_month=Month(2025, 9), scale=0.02)
    assert ingest(files, Lake(home)).committed
    return home


@pytest.mark.parametrize("file", [f for f in PAGES if blocks(f, "python")], ids=name)
def test_programs_run(file, small_home, monkeypatch, capsys):
    monkeypatch.setenv("CLOCKSTOP_HOME", str(small_home))
    for text in blocks(file, "python"):
        names = {}
        exec(compile(text, name(file), "exec"), names)
        assert capsys.readouterr().out or names["CLOCKSTOP_NHS_LOGO"]


@pytest.mark.parametrize("file", ROOT_PAGES, ids=name)
def test_links_of_the_root_pages_lead_somewhere(file):
    """Sphinx follows those inside the documentation."""
    links = re.findall(r"\]\(([^)#]+)\)", file.read_text())
    local = [link for link in links if "://" not in link]
    assert local
    assert [link for link in local if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("file", PAGES, ids=name)
def test_nothing_is_left_unsaid(file):
    assert FORBIDDEN.search(file.read_text()) is None


def test_the_tests_that_pages_name_exist():
    named = [
        found
        for file in PAGES
        for found in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", file.read_text())
    ]
    assert named
    for path, function in named:
        assert f"def {function}" in (ROOT / path).read_text(), f"{path}::{function}"


def test_every_decision_says_what_was_decided_and_what_follows():
    decisions = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert [int(file.name[:4]) for file in decisions] == list(range(1, len(decisions) + 1))
    for file in decisions:
        text = file.read_text()
        heads = re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE)
        assert heads == ["Context", "Decision", "Alternatives", "Consequences"], file.name
        assert len(text.split()) < 350, f"{file.name}: half a page"


@pytest.mark.parametrize("file", MODULES, ids=name)
def test_what_is_public_has_a_docstring(file):
    tree = ast.parse(file.read_text())
    nodes = public(tree.body)
    nodes += [
        node for each in nodes if isinstance(each, ast.ClassDef) for node in public(each.body)
    ]
    assert [node.name for node in nodes if not ast.get_docstring(node)] == []


def test_the_os_attribution_is_word_for_word():
    line = (
        "Contains OS data © Crown copyright and database right 2025; "
        "Contains Royal Mail data © Royal Mail copyright and database right 2025"
    )
    for page in ("README.md", "ATTRIBUTIONS.md"):
        assert line in " ".join((ROOT / page).read_text().split())

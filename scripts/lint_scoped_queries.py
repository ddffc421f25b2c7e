"""Fail where a page, a form or an API asks for patients without saying on whose behalf.

    python scripts/lint_scoped_queries.py [FILE …]

Models of patients are those whose manager has ``visible_to``, and those that hang on one of them
by a foreign key. Where requests are answered they may be asked for as
``Model.objects.visible_to(actor)`` and in no other way; what hangs on a record that was found so
may be followed. The rooms that write, and those below them, decide for themselves: they are named
in ROOMS, and every other file of a context is held to the rule, so that a new one is too.
"""

import ast
import importlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

ROOT = Path(__file__).parent.parent
SERVICE = ROOT / "src" / "clockstop" / "service"
ROOMS = frozenset(
    {"models", "querysets", "permissions", "actions", "entries", "persons"}
    | {
        "deaths",
        "merging",
        "reviews",
        "validation",
        "extracts",
        "handing",
        "bulk",
        "projection",
        "records",
        "refreshing",
        "writing",
        "noting",
        "demo",
        "verifying",
        "append_only",
        "health",
    }
    # Of referrals, messages and the portal.
    | {
        "clock",
        "access_codes",
        "adoption",
        "campaigns",
        "choice_figures",
        "counting",
        "doors",
        "measures",
        "simulation",  # of made-up patients, in a store of its own
        "outbox",
        "standing",
        "telling",
    }
    # Of mutual aid: what the records say of a request, what it fits, where it could go of all that
    # is posted, and what follows from it.
    | {"facts", "fitting", "following", "matching"}
)
# What these hold concerns no patient: a directory is for everybody who refers.
OF_NO_PATIENT = frozenset({"directory"})
MANAGERS = frozenset({"objects", "_default_manager", "_base_manager"})
SCOPE = "visible_to"
_TESTS_OF_KIND = frozenset({"isinstance", "issubclass", "cast"})


@dataclass(frozen=True)
class Patients:
    """The names of the models of patients, and of ways from one record to others' records."""

    models: frozenset[str]
    relations: frozenset[str]


def discovered() -> Patients:
    """What the models say: nothing is listed by hand."""
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clockstop.interfaces.config.settings.test")
    django.setup()
    every = [each for each in apps.get_models() if each._meta.app_label not in OF_NO_PATIENT]  # noqa: SLF001
    scoped = {model for model in every if hasattr(model._default_manager, SCOPE)}  # noqa: SLF001
    held = set(scoped)
    while more := {each for each in every if each not in held and _hangs_on(each, held)}:
        held |= more
    relations = {
        relation.get_accessor_name()
        for model in scoped
        for relation in model._meta.related_objects  # noqa: SLF001
        if relation.related_model in scoped and not _is_seen_with_it(relation)
    }
    return Patients(frozenset(each.__name__ for each in held), frozenset(relations))


def _is_seen_with_it(relation: Any) -> bool:
    """Whether who sees a record sees what hangs on it: an appointment with its referral."""
    rows = relation.related_model._default_manager.all()  # noqa: SLF001
    return relation.field.name in getattr(rows, "seen_with", ())


def _hangs_on(model: Any, held: set[Any]) -> bool:
    fields = model._meta.get_fields()  # noqa: SLF001
    return any(field.concrete and field.related_model in held for field in fields)


def files() -> Iterator[Path]:
    """Every file that the rule holds for."""
    for file in sorted(SERVICE.rglob("*.py")):
        below = file.relative_to(SERVICE)
        room = below.parts[1].removesuffix(".py") if len(below.parts) > 1 else ""
        if "migrations" not in below.parts and room not in ROOMS:
            yield file


def faults(source: str, patients: Patients) -> list[tuple[int, str]]:
    """The lines of a source that break the rule, each with what is wrong."""
    tree = ast.parse(source)
    reader = _Reader(patients, _imported(tree, patients))
    reader.visit(tree)
    return sorted(reader.faults)


def _imported(tree: ast.AST, patients: Patients) -> dict[str, str]:
    """The models of patients by the names that a source gives them; ``""`` for what is of core."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            is_core = (node.module or "").startswith("clockstop.core")
            for each in node.names:
                if is_core:
                    names[each.asname or each.name] = ""
                elif each.name in patients.models and _is_model(node.module, each.name):
                    names[each.asname or each.name] = each.name
    return names


def _is_manager(node: ast.expr) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and node.attr == "objects"


def _is_model(module: str | None, name: str) -> bool:
    """Whether a name is a model there; other things may be called the same."""
    from django.db.models import Model

    found = getattr(importlib.import_module(module or ""), name, None)
    return isinstance(found, type) and issubclass(found, Model)


class _Reader(ast.NodeVisitor):
    def __init__(self, patients: Patients, names: dict[str, str]) -> None:
        self.patients, self.names = patients, names
        self.faults: set[tuple[int, str]] = set()

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_arg(self, node: ast.arg) -> None:
        """An annotation asks for nothing."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for each in (*node.decorator_list, node.args, *node.body):
            self.visit(each)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_Call(self, node: ast.Call) -> None:
        called = node.func
        if isinstance(called, ast.Name) and called.id in _TESTS_OF_KIND:
            for each in node.args:
                if self._model(each) is None and not isinstance(each, ast.Tuple | ast.BinOp):
                    self.visit(each)
            return
        if isinstance(called, ast.Attribute) and called.attr in {"get_model", "raw", "cursor"}:
            self._say(node, f"{called.attr}() goes round the scope")
        if isinstance(called, ast.Attribute) and called.attr == "none":
            if not _is_manager(called.value):
                self.visit(called.value)
            return
        if isinstance(called, ast.Attribute) and called.attr == SCOPE and node.args:
            self._scoped(called.value)
            for each in (*node.args, *node.keywords):
                self.visit(each)
            return
        self.generic_visit(node)

    def _scoped(self, held: ast.expr) -> None:
        """What the scope is asked of: a manager straight from its model, or a relation."""
        is_relation = isinstance(held, ast.Attribute) and held.attr in self.patients.relations
        if _is_manager(held) and self._model(held.value):
            return
        self.visit(held.value if is_relation else held)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        model = self._model(node.value)
        if node.attr in MANAGERS and (model or not isinstance(node.value, ast.Name)):
            name = model or ast.unparse(node.value)
            self._say(node, f"{name}.{node.attr} without .{SCOPE}(actor) right after it")
        elif isinstance(node.value, ast.Attribute) and node.value.attr in self.patients.relations:
            self._say(node, f".{node.value.attr} leads to what others hold: use .{SCOPE}(actor)")
        elif self._model(node):
            self._say(node, f"{self._model(node)} is taken as a whole")
        elif model is None:
            self.visit(node.value)

    def visit_Name(self, node: ast.Name) -> None:
        if self._model(node) and isinstance(node.ctx, ast.Load):
            self._say(node, f"{self._model(node)} is taken as a whole")

    def _model(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Name):
            return self.names.get(node.id) or None
        if not isinstance(node, ast.Attribute) or node.attr not in self.patients.models:
            return None
        is_core = isinstance(node.value, ast.Name) and self.names.get(node.value.id) == ""
        return None if is_core else node.attr

    def _say(self, node: ast.expr, words: str) -> None:
        self.faults.add((node.lineno, words))


def main(names: list[str]) -> int:
    patients = discovered()
    found = 0
    for file in map(Path, names) if names else files():
        for line, words in faults(file.read_text(encoding="utf-8"), patients):
            print(f"{file}:{line}: {words}")
            found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

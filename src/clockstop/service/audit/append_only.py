"""Rows that are written once: a migration step that makes the database itself refuse more."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_POSTGRESQL = """
CREATE OR REPLACE FUNCTION clockstop_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23001'; END $$;
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION clockstop_append_only()
"""
_VERBS = {"sqlite": ("update", "delete"), "postgresql": ("update", "delete", "truncate")}


class AppendOnly(Operation):
    """Triggers on a model's table that refuse to change or remove a row."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model: str) -> None:
        self.model = model

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models know nothing of triggers."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,
        to_state: Any,
    ) -> None:
        table = to_state.apps.get_model(app_label, self.model)._meta.db_table  # noqa: SLF001
        install(schema_editor, table)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,
        to_state: Any,
    ) -> None:
        table = from_state.apps.get_model(app_label, self.model)._meta.db_table  # noqa: SLF001
        remove(schema_editor, table)

    def describe(self) -> str:
        return f"Make {self.model} append-only"


class Changeable(AppendOnly):
    """The reverse: before a migration that alters the table, with ``AppendOnly`` after it.

    SQLite makes the table anew for a column, and would lose its triggers.
    """

    database_forwards = AppendOnly.database_backwards
    database_backwards = AppendOnly.database_forwards

    def describe(self) -> str:
        return f"Let {self.model} be altered"


def install(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Refuse changes and removals from now on."""
    vendor = schema_editor.connection.vendor
    create = _SQLITE if vendor == "sqlite" else _POSTGRESQL
    for verb in _VERBS[vendor]:
        schema_editor.execute(create.format(table=table, verb=verb), params=None)


def remove(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Let rows be changed again: for undoing the migration, and for tests of tampering."""
    vendor = schema_editor.connection.vendor
    on = "" if vendor == "sqlite" else f" ON {table}"
    for verb in _VERBS[vendor]:
        schema_editor.execute(f"DROP TRIGGER {table}_no_{verb}{on}", params=None)

"""When a provider's list last changed: a mark that the store itself renews with every write.

What is counted of a list holds as long as its mark stays. The marks are random, so that none ever
comes back, not even when a write is undone.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

_RENEW_SQLITE = """
INSERT INTO tracking_liststamp (organisation_code, mark)
VALUES ({row}.organisation_code, hex(randomblob(16)))
ON CONFLICT (organisation_code) DO UPDATE SET mark = excluded.mark;
"""
_TRIGGER_SQLITE = """
CREATE TRIGGER tracking_listentry_stamp_{verb} AFTER {verb} ON tracking_listentry
BEGIN {renew} END
"""
_ROWS = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}
_FUNCTION_POSTGRESQL = """
CREATE OR REPLACE FUNCTION tracking_stamp_{verb}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
INSERT INTO tracking_liststamp (organisation_code, mark)
SELECT organisation_code, replace(gen_random_uuid()::text, '-', '')
FROM ({rows}) AS changed GROUP BY organisation_code ORDER BY organisation_code
ON CONFLICT (organisation_code) DO UPDATE SET mark = excluded.mark;
RETURN NULL; END $$
"""
_TRIGGER_POSTGRESQL = """
CREATE TRIGGER tracking_listentry_stamp_{verb} AFTER {verb} ON tracking_listentry
REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION tracking_stamp_{verb}()
"""


class Stamped(Operation):
    """Triggers on the rows of the list that renew the mark of each provider they belong to."""

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models know nothing of triggers."""

    def database_forwards(
        self,
        app_label: str,  # noqa: ARG002
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,  # noqa: ARG002
        to_state: Any,  # noqa: ARG002
    ) -> None:
        for verb, rows in _ROWS.items():
            if schema_editor.connection.vendor == "sqlite":
                renew = "".join(_RENEW_SQLITE.format(row=row) for row in rows)
                schema_editor.execute(_TRIGGER_SQLITE.format(verb=verb, renew=renew), params=None)
            else:
                _on_postgresql(schema_editor, verb, rows)

    def database_backwards(
        self,
        app_label: str,  # noqa: ARG002
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,  # noqa: ARG002
        to_state: Any,  # noqa: ARG002
    ) -> None:
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        on = "" if is_sqlite else " ON tracking_listentry"
        for verb in _ROWS:
            schema_editor.execute(f"DROP TRIGGER tracking_listentry_stamp_{verb}{on}", params=None)
            if not is_sqlite:
                schema_editor.execute(f"DROP FUNCTION tracking_stamp_{verb}()", params=None)

    def describe(self) -> str:
        return "Renew the mark of a list with every change of it"


def _on_postgresql(
    schema_editor: BaseDatabaseSchemaEditor, verb: str, rows: tuple[str, ...]
) -> None:
    """One statement at a time, however many rows it changes."""
    every = " UNION ALL ".join(f"SELECT organisation_code FROM {row}_rows" for row in rows)  # noqa: S608
    tables = " ".join(f"{row} TABLE AS {row}_rows" for row in rows)
    schema_editor.execute(_FUNCTION_POSTGRESQL.format(verb=verb, rows=every), params=None)
    schema_editor.execute(_TRIGGER_POSTGRESQL.format(verb=verb, tables=tables), params=None)

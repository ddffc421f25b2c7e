"""When rows last changed: marks that the store itself renews with every write of a table.

What was worked out from the rows of a key holds as long as its mark stays. The marks are random, so
that none ever comes back, not even when a write is undone.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

_RENEW_SQLITE = """
INSERT INTO {stamps} ({column}, mark) VALUES ({key}, hex(randomblob(16)))
ON CONFLICT ({column}) DO UPDATE SET mark = excluded.mark;
"""
_TRIGGER_SQLITE = """
CREATE TRIGGER {table}_stamp_{verb} AFTER {verb} ON {table}
BEGIN {renew} END
"""
_ROWS = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}
_FUNCTION_POSTGRESQL = """
CREATE OR REPLACE FUNCTION {table}_stamp_{verb}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
INSERT INTO {stamps} ({column}, mark)
SELECT key, replace(gen_random_uuid()::text, '-', '')
FROM ({keys}) AS changed GROUP BY key ORDER BY key
ON CONFLICT ({column}) DO UPDATE SET mark = excluded.mark;
RETURN NULL; END $$
"""
_TRIGGER_POSTGRESQL = """
CREATE TRIGGER {table}_stamp_{verb} AFTER {verb} ON {table}
REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION {table}_stamp_{verb}()
"""


class Stamped(Operation):
    """Triggers on a table that renew the mark of each key whose rows were written.

    ``stamps`` is the table of the marks, ``column`` its key. ``key`` is that of a row as SQL, with
    ``{row}`` for the row; a column of that name unless told.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, stamps: str, column: str, key: str = "") -> None:
        self.table, self.stamps, self.column = table, stamps, column
        self.key = key or f"{{row}}.{column}"

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models know nothing of triggers."""

    def database_forwards(
        self,
        app_label: str,  # noqa: ARG002
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,  # noqa: ARG002
        to_state: Any,  # noqa: ARG002
    ) -> None:
        names = {"table": self.table, "stamps": self.stamps, "column": self.column}
        for verb, rows in _ROWS.items():
            if schema_editor.connection.vendor == "sqlite":
                keys = [self.key.format(row=row) for row in rows]
                renew = "".join(_RENEW_SQLITE.format(key=key, **names) for key in keys)
                trigger = _TRIGGER_SQLITE.format(verb=verb, renew=renew, **names)
                schema_editor.execute(trigger, params=None)
            else:
                self._on_postgresql(schema_editor, verb, rows, names)

    def database_backwards(
        self,
        app_label: str,  # noqa: ARG002
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,  # noqa: ARG002
        to_state: Any,  # noqa: ARG002
    ) -> None:
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        on = "" if is_sqlite else f" ON {self.table}"
        for verb in _ROWS:
            name = f"{self.table}_stamp_{verb}"
            schema_editor.execute(f"DROP TRIGGER {name}{on}", params=None)
            if not is_sqlite:
                schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()", params=None)

    def describe(self) -> str:
        return f"Renew the marks of {self.stamps} with every change of {self.table}"

    def _on_postgresql(
        self,
        schema_editor: BaseDatabaseSchemaEditor,
        verb: str,
        rows: tuple[str, ...],
        names: dict[str, str],
    ) -> None:
        """One statement at a time, however many rows it changes."""
        key = self.key.format(row="one")
        keys = " UNION ALL ".join(f"SELECT {key} AS key FROM {row}_rows AS one" for row in rows)  # noqa: S608
        tables = " ".join(f"{row} TABLE AS {row}_rows" for row in rows)
        function = _FUNCTION_POSTGRESQL.format(verb=verb, keys=keys, **names)
        schema_editor.execute(function, params=None)
        trigger = _TRIGGER_POSTGRESQL.format(verb=verb, tables=tables, **names)
        schema_editor.execute(trigger, params=None)

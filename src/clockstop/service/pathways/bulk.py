"""Many rows in and out of the store at once: columns in, columns out, no object for each row.

Only for what has been checked as a whole; who may, and the audit, are the caller's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from clockstop.analytics.engine.rows import csv_bytes, plain, table_of

if TYPE_CHECKING:
    import polars as pl

_AT_ONCE = 200_000


def read(
    model: type[models.Model],
    types: Mapping[str, Any],
    where: str = "",
    values: Sequence[str] = (),
    *,
    fields: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """Rows of a model as a table with columns of some ``types``, named as ``fields`` says.

    ``where`` follows FROM with ``t`` as the table; keys come as 32 hexadecimal digits.
    """
    named = {name: (fields or {}).get(name, name) for name in types}
    columns = ", ".join(_read(model, field) for field in named.values())
    table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} t {where}", values)  # noqa: S608
        return table_of(cursor.fetchall(), types)


def _read(model: type[models.Model], name: str) -> str:
    field, column = _field(model, name)
    kind = field.target_field if isinstance(field, models.ForeignKey) else field
    quoted = f"t.{connection.ops.quote_name(column)}"
    if isinstance(kind, models.UUIDField):
        text = f"CAST({quoted} AS text)"
        return text if connection.vendor == "sqlite" else f"REPLACE({text}, '-', '')"
    if isinstance(kind, models.BooleanField):
        return f"CAST({quoted} AS integer)" if connection.vendor == "sqlite" else quoted
    is_day = isinstance(kind, models.DateField)
    return f"CAST({quoted} AS text)" if is_day else quoted


def _field(model: type[models.Model], name: str) -> tuple[Any, str]:
    field: Any = model._meta.get_field(name)  # noqa: SLF001
    return field, field.column


def insert(model: type[models.Model], table: pl.DataFrame) -> int:
    """Add rows; the columns of the table are fields of the model. Returns how many."""
    if connection.vendor == "postgresql":
        _copy(_target(model), _columns(model, table), table)
    else:
        _many(_insertion(model, table), table)
    return len(table)


def upsert(model: type[models.Model], table: pl.DataFrame) -> int:
    """Add rows, or change those that have their primary key. Returns how many."""
    if not len(table):
        return 0
    key = _key(model)
    changed = [name for name in _columns(model, table) if name != key]
    setting = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in changed)
    conflict = f"ON CONFLICT ({_quoted(key)}) DO UPDATE SET {setting}"
    if connection.vendor != "postgresql":
        _many(f"{_insertion(model, table)} {conflict}", table)
        return len(table)
    names = ", ".join(_quoted(name) for name in _columns(model, table))
    with connection.cursor() as cursor:
        target = _target(model)
        cursor.execute("DROP TABLE IF EXISTS incoming")
        cursor.execute(
            f"CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS "  # noqa: S608
            f"SELECT {names} FROM {target} WITH NO DATA"
        )
        _copy("incoming", _columns(model, table), table)
        cursor.execute(
            f"INSERT INTO {target} ({names}) SELECT {names} FROM incoming {conflict}"  # noqa: S608
        )
        cursor.execute("DROP TABLE incoming")
    return len(table)


def change(model: type[models.Model], table: pl.DataFrame) -> int:
    """Change some fields of rows that are there: the primary key and the fields as columns."""
    key = _primary(model).name
    fields = [name for name in table.columns if name != key]
    if not len(table) or not fields:
        return 0
    column = {name: _field(model, name)[1] for name in table.columns}
    if connection.vendor == "postgresql":
        names = ", ".join(_quoted(column[name]) for name in table.columns)
        setting = ", ".join(f"{_quoted(column[n])} = i.{_quoted(column[n])}" for n in fields)
        with connection.cursor() as cursor:
            target = _target(model)
            cursor.execute(
                f"CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS "  # noqa: S608
                f"SELECT {names} FROM {target} WITH NO DATA"
            )
            _copy("incoming", [column[name] for name in table.columns], table)
            match = f"t.{_quoted(column[key])} = i.{_quoted(column[key])}"
            cursor.execute(f"UPDATE {target} t SET {setting} FROM incoming i WHERE {match}")  # noqa: S608
            cursor.execute("DROP TABLE incoming")
        return len(table)
    setting = ", ".join(f"{_quoted(column[name])} = ?" for name in fields)
    statement = f"UPDATE {_target(model)} SET {setting} WHERE {_quoted(column[key])} = ?"  # noqa: S608
    _many(statement, table.select(*fields, key))
    return len(table)


def want(keys: pl.Series) -> str:
    """Note keys in a table of this connection; what joins them to ``t.``: see ``read``."""
    import_table = "CREATE TEMPORARY TABLE wanted (id {} PRIMARY KEY)"
    kind = "uuid" if connection.vendor == "postgresql" else "char(32)"
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS wanted")
        cursor.execute(import_table.format(kind))
    table = keys.alias("id").to_frame()
    if connection.vendor == "postgresql":
        _copy("wanted", ["id"], table)
    else:
        _many("INSERT INTO wanted (id) VALUES (?)", table)
    return "JOIN wanted w ON w.id = t."


def forget() -> None:
    """Drop the table of keys that were wanted."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS wanted")


def _insertion(model: type[models.Model], table: pl.DataFrame) -> str:
    names = ", ".join(_quoted(name) for name in _columns(model, table))
    marks = ", ".join("?" for _ in table.columns)
    return f"INSERT INTO {_target(model)} ({names}) VALUES ({marks})"  # noqa: S608


def _many(statement: str, table: pl.DataFrame) -> None:
    """On SQLite, past Django's own parameters: a list of rows in C."""
    ready = plain(table)
    connection.ensure_connection()
    raw = connection.connection.cursor()
    try:
        for at in range(0, len(ready), _AT_ONCE):
            raw.executemany(statement, ready.slice(at, _AT_ONCE).rows())
    finally:
        raw.close()


def _copy(target: str, columns: Sequence[str], table: pl.DataFrame) -> None:
    names = ", ".join(_quoted(name) for name in columns)
    with connection.cursor() as cursor:
        raw: Any = cursor.cursor
        with raw.copy(f"COPY {target} ({names}) FROM STDIN (FORMAT csv)") as copy:
            for at in range(0, len(table), _AT_ONCE):
                copy.write(csv_bytes(table.slice(at, _AT_ONCE)))


def _target(model: type[models.Model]) -> str:
    return _quoted(model._meta.db_table)  # noqa: SLF001


def _columns(model: type[models.Model], table: pl.DataFrame) -> list[str]:
    return [_field(model, name)[1] for name in table.columns]


def _key(model: type[models.Model]) -> str:
    return str(_primary(model).column)


def _primary(model: type[models.Model]) -> Any:
    return model._meta.pk  # noqa: SLF001


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)

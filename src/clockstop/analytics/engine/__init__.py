"""The engine room: where a user's own table goes in, and the same kind of table comes out.

List statistics are Narwhals expressions, so that one function runs on Polars, DuckDB, pandas and
PySpark. Nothing outside this room and the lake needs to know which of them holds a table.
"""

"""The fast reader of delimited text sees exactly what the careful one sees, or leaves it to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clockstop.analytics.published.csv_text import Layout, nearest, rows_of
from clockstop.analytics.published.problems import FileRefusedError

LAYOUT = Layout(("code", "name", "n"))
CELL = st.text(alphabet=' a1,"\r\n\t\u00a0é-', max_size=4)


def careful(text: str, layout: Layout = LAYOUT) -> list[tuple[object, ...]] | None:
    """The rows as the standard library reads them; None if some are not of three cells."""
    if list(layout.ragged_rows(text, "f")):
        return None
    return rows_of(text, layout.columns).slice(1).rows() or None


def read(text: str, layout: Layout = LAYOUT) -> list[tuple[object, ...]] | None:
    try:
        return layout.read(text.encode(), "f").rows()
    except FileRefusedError:
        return None


@given(
    st.lists(st.lists(CELL, min_size=2, max_size=4), max_size=4), st.sampled_from(["\n", "\r\n"])
)
def test_any_text_is_read_alike(rows: list[list[str]], newline: str) -> None:
    text = newline.join(["code,name,n", *(",".join(row) for row in rows)])
    assert read(text) == careful(text)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('"a","b, c","1"', [(2, "a", "b, c", "1")]),
        ('a,"b ""c""",1', [(2, "a", 'b "c"', "1")]),
        ('a,"b\nc",1\nd,e,2', [(3, "a", "b\nc", "1"), (4, "d", "e", "2")]),
        ("a, b ,1\n\nc,,", [(2, "a", "b", "1"), (4, "c", None, None)]),
        ('a,"",1\r\n', [(2, "a", None, "1")]),
        ("a,b", None),
        ("a,b,1,", None),
        ("", None),
    ],
)
def test_each_cell_keeps_its_row_and_its_text(text: str, cells: object) -> None:
    assert read(f"code,name,n\n{text}") == cells


def test_of_layouts_alike_the_nearest_is_meant() -> None:
    layouts = {"old": LAYOUT, "new": Layout(("code", "name", "count"))}
    assert nearest(layouts, b"code,name,count\n") == "new"
    assert nearest(layouts, b"code,name,n\n") == "old"

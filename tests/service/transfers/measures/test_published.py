"""Tables that have their totals in common hide the same totals: none can be told from another."""

from clockstop.service.referrals.choice_figures.showing import ALL, Line, Shown
from clockstop.service.transfers.measures.published import alike
from clockstop.service.transfers.measures.reading import By


def a_table(*lines, slug="patients"):
    return Shown(slug, "A table", "", ("Moved", "Treated"), "", ("Median days",), lines)


def test_a_total_that_one_grouping_leaves_out_is_left_out_of_all():
    by_icb = a_table(
        Line(ALL, (None, 20), 40, None, (None,)), Line("A", (None, 20), None, None, ())
    )
    by_age = a_table(Line(ALL, (20, 20), 40, 0.5, (9.0,)), Line("B", (20, 20), 40, 0.5, (9.0,)))
    found = alike({By.ICB: (by_icb,), By.AGE: (by_age,)})
    assert found[By.AGE][0].lines == (
        Line(ALL, (None, 20), 40, None, (None,)),
        by_age.lines[1],
    )
    assert found[By.ICB] == (by_icb,)


def test_what_all_of_them_show_stays_and_tables_of_other_kinds_are_not_mixed():
    whole = a_table(Line(ALL, (20, 20), 40, 0.5, (9.0,)))
    other = a_table(Line(ALL, (None, None), None, None, (None,)), slug="tests")
    found = alike({By.ICB: (whole, other), By.AGE: (whole, other)})
    assert found == {By.ICB: (whole, other), By.AGE: (whole, other)}


def test_the_total_of_all_is_left_out_likewise():
    hidden = a_table(Line(ALL, (20, 20), None, None, (9.0,)))
    shown = a_table(Line(ALL, (20, 20), 40, None, (9.0,)))
    found = alike({By.ICB: (hidden,), By.AGE: (shown,)})
    assert found[By.AGE][0].lines[0].total is None

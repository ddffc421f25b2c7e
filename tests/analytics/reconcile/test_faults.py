"""Lists that agree, with faults put in: those faults are found, and no others; and the slow way
finds the same in any lists at all."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analytics.reconcile import oracle
from tests.analytics.reconcile.weekly import SUNDAY, clock_table, open_table, rows

from clockstop.analytics.reconcile import reconcile

PROVIDERS = "ABCD"
FAULTS = {
    # What is done to a pathway of provider p, with q another: (before, now, stops), the finding.
    "none": lambda p, q, k: ([f"{p} {k}"], [f"{p} {k}"], [], None),
    "stopped": lambda p, q, k: ([f"{p} {k}"], [], [f"{p} {k}"], None),
    "new": lambda p, q, k: ([], [f"{p} {k}"], [], None),
    "transferred": lambda p, q, k: ([f"{p} {k} >{q}"], [f"{q} {k}"], [], None),
    "dropped": lambda p, q, k: ([f"{p} {k}"], [], [], ("gone", p)),
    "asked in vain": lambda p, q, k: ([f"{p} {k} ?"], [], [], ("asked", p)),
    "kept by both": lambda p, q, k: ([f"{p} {k} >{q}"], [f"{p} {k}", f"{q} {k}"], [], ("same_pathway", min(p, q) + max(p, q))),
    "lost on the way": lambda p, q, k: ([f"{p} {k} >{q}"], [], [], ("sent", p + q)),
    "taken": lambda p, q, k: ([f"{p} {k}"], [f"{q} {k}"], [], ("received", p + q)),
    "restarted": lambda p, q, k: ([f"{p} {k} >{q}"], [f"{q} {k}".rsplit(" ", 1)[0] + " 1"], [], ("later_at_receiver", p + q)),
}  # fmt: skip
FEW = settings(max_examples=30, deadline=None)


def found_in(now, before, began, ended):
    week = reconcile(
        open_table(now),
        open_table(before),
        clock_table(began),
        clock_table(ended),
        week_ending=SUNDAY,
    )
    return week.findings.to_dicts()


pairs = st.permutations(PROVIDERS).map(lambda each: each[:2])


@FEW
@given(
    st.lists(st.tuples(st.sampled_from(sorted(FAULTS)), pairs, st.integers(3, 120)), max_size=40)
)
def test_the_faults_put_in_are_found_and_no_others(told):
    before, now, ended = ([f"{p} {p}:own p{p} 999 5" for p in PROVIDERS] for _ in range(3))
    ended.clear()
    wanted = []
    for number, (fault, (p, q), weeks) in enumerate(told):
        pathway = f"A:K{number} person{number} 110 {weeks}"
        was, is_now, stops, finding = FAULTS[fault](p, q, pathway)
        before += was
        now += is_now
        ended += stops
        if finding:
            wanted.append((*finding, f"person{number}"))
    found = found_in(rows(*now), rows(*before), [], rows(*ended))
    assert sorted((f["case"], "".join(f["providers"]), f["person"]) for f in found) == sorted(
        wanted
    )


lines = st.tuples(
    st.sampled_from(PROVIDERS),
    st.sampled_from(["-", *(f"K{n}" for n in range(6)), "B:K1", "B:K2"]),
    st.sampled_from(["-", "ann", "bob", "cy"]),
    st.sampled_from(["110", "130", "-"]),
    st.sampled_from(["-", "1", "20", "30"]),
    st.sampled_from(["", "", "", "?", ">A", ">B", ">C"]),
).map(" ".join)
tables = st.lists(lines, max_size=12)


def slowly(now, before, began, ended):
    """As the oracle has it; rows without an identifier are for the table of weeks."""
    return sorted(oracle.findings(now, before, began, ended), key=repr)


@settings(max_examples=80, deadline=None)
@given(tables, tables, tables, tables)
def test_any_lists_are_read_as_the_slow_way_reads_them(now, before, began, ended):
    given_rows = [rows(*each) for each in (now, before, began, ended)]
    found = [f for f in found_in(*given_rows) if f["identifier"] or f["case"] == "same_specialty"]
    quick = sorted(
        (
            (f["case"], (f["issuer"], f["identifier"]), None, tuple(f["providers"]))
            if f["identifier"]
            else (f["case"], None, (f["person"], f["function"]), tuple(f["providers"]))
            for f in found
        ),
        key=repr,
    )
    assert quick == slowly(*given_rows)

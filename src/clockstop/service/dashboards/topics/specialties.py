"""The treatment functions of an area: the list of each, its shape, and where it is heading."""

from collections.abc import Sequence

from clockstop.core.codes import treatment_functions
from clockstop.service.dashboards.panels import (
    Column,
    Panel,
    Row,
    Table,
    measure_column,
    measured,
)
from clockstop.service.dashboards.subject import Subject
from clockstop.service.ui import figures
from clockstop.service.ui.charts.spark import spark

_SHOWN = (
    *("incomplete_pathways", "pct_within_18_weeks", "over_52_weeks", "over_65_weeks"),
    *("median_weeks", "p92_weeks", "new_periods", "admitted_stops", "nonadmitted_stops"),
)


def applies(_subject: Subject) -> bool:
    return True


def panels(subject: Subject) -> Sequence[Panel]:
    found = subject.book.by_function(subject.area, subject.basis)
    sizes = subject.book.sizes_by_function(subject.area, subject.basis, "incomplete_pathways")
    rows = tuple(
        Row(
            {"function": function.code, "specialty": function.name}
            | measured(found[function.code], _SHOWN),
            spark=spark(subject.book.months, sizes.get(function.code, {})),
        )
        for function in treatment_functions()
        if function.code in found
    )
    columns = (
        Column("specialty", "Specialty"),
        *(measure_column(key) for key in _SHOWN),
    )
    census = figures.day(subject.book.month.census)
    table = Table(f"Specialties at {census}", columns, rows, spark_heading="Waiting list over time")
    words = "Each line runs from its own lowest month to its own highest: it shows shape, not size."
    return (Panel("specialties", "Every specialty", (words,), table=table),)

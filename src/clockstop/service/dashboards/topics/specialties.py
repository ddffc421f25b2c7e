"""The treatment functions of an area: the list of each, its shape, and where it is heading."""

from collections.abc import Sequence

from clockstop.core.codes import treatment_functions
from clockstop.service.dashboards.panels import Column, Panel
from clockstop.service.dashboards.standings import SHAPE, SIZE, standing_row, standings_table
from clockstop.service.dashboards.subject import Subject, address_of


def applies(_subject: Subject) -> bool:
    return True


def panels(subject: Subject) -> Sequence[Panel]:
    found = subject.book.by_function(subject.area, subject.basis)
    sizes = subject.book.sizes_by_function(subject.area, subject.basis, SIZE)
    rows = [
        standing_row(
            {"function": function.code, "specialty": function.name},
            found.get(function.code),
            subject.book.months,
            sizes[function.code],
            address_of(subject.area, function.code) + subject.query,
        )
        for function in treatment_functions()
        if function.code in (found or sizes)  # of a silent provider, what it had before
    ]
    table = standings_table(subject, "Specialties", Column("specialty", "Specialty"), rows)
    return (Panel("specialties", "Every specialty", (SHAPE,), table=table),)

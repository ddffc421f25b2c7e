"""What a person asks of the list: a filter, its address, and the rows that it means. Pure.

A filter goes through the query string of an address and back unchanged. It names groups of people
and members of staff by their reference, never a patient.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Q

from clockstop.core.rtt.waiting import latest_start_over
from clockstop.service.tracking.groups import AGES, NOT_KNOWN, deprivation
from clockstop.service.tracking.models import State
from clockstop.service.tracking.querysets import HandlingQuerySet
from clockstop.service.tracking.ranks import CANCER

BOOKED, NOT_BOOKED, NO_ADMISSION = "booked", "none", "no_admission"
NOBODY = "none"  # as the owner of a pathway
NO_CODE = "none"  # as its P-code or D-code
ANY = "any"  # of the states of those who are on the list
BY_PRIORITY, BY_WAIT, BY_DATE = "priority", "wait", "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What rows are asked for, and in which order. What is empty or None asks for nothing.

    ``over`` and ``within`` are weeks that the wait is over, and not over, today; ``breach`` weeks
    that it will be over on the day ``by``. ``event`` asks for the next date of an appointment or
    admission, ``days`` for one within so many days.
    """

    worklist: str = ""
    state: str = State.WAITING.value
    specialty: str = ""
    over: int | None = None
    within: int | None = None
    breach: int | None = None
    by: date | None = None
    event: str = ""
    days: int | None = None
    priority: str = ""
    code: str = ""
    cancer: str = ""
    owner: str = ""
    late: str = ""
    deprivation: str = ""
    ethnic: str = ""
    age: str = ""
    sex: str = ""
    returns: str = ""
    provider: str = ""
    sort: str = BY_PRIORITY

    @property
    def asked(self) -> dict[str, str]:
        """What differs from the plain list, by name, as text."""
        plain = Filter()
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: str(value) for name, value in values.items() if value != getattr(plain, name)}

    @property
    def query(self) -> str:
        """The query string of its address; empty for the plain list."""
        return urlencode(self.asked)

    @property
    def whom(self) -> Filter:
        """The same people, however long they have waited: what the cohorts are counted of."""
        return replace(self, over=None, within=None, breach=None, by=None, sort=BY_PRIORITY)

    @property
    def is_plain(self) -> bool:
        """Whether it asks for the plain list, in whatever order."""
        return not set(self.asked) - {"sort"}

    def but(self, **asked: object) -> Filter:
        """The same with something asked for otherwise."""
        return replace(self, **asked)  # type: ignore[arg-type]

    def without(self, name: str) -> Filter:
        """The same without one condition."""
        plain = {each.name: getattr(Filter(), each.name) for each in fields(self)}
        also = {"breach": ("by",), "by": ("breach",)}.get(name, ())
        return replace(self, **{each: plain[each] for each in (name, *also)})


def condition(asked: Filter, today: date, held: HandlingQuerySet) -> Q:
    """The rows of the list that a filter means on a day, but for its worklist.

    ``held`` are the owners and due dates that the person who asks may see.
    """
    handled = _handled(asked, today, held)
    return (
        of_state(asked) & _whom(asked, today) & handled & _dates(asked, today) & waits(asked, today)
    )


def of_state(asked: Filter) -> Q:
    """Rows of the state; a worklist says itself whom it is about."""
    if asked.worklist and asked.state == State.WAITING:
        return Q()
    return ~Q(state=State.CLOSED) if asked.state == ANY else Q(state=asked.state)


def waits(asked: Filter, today: date) -> Q:
    """Rows by how long they have waited, or will have by a day."""
    found = Q()
    if asked.over is not None:
        found &= Q(clock_start__lte=latest_start_over(today, asked.over))
    if asked.within is not None:
        found &= Q(clock_start__gt=latest_start_over(today, asked.within))
    if asked.breach is not None and asked.by is not None:
        found &= Q(clock_start__lte=latest_start_over(asked.by, asked.breach))
    return found


def booked(first: date, last: date | None = None) -> Q:
    """Rows with an appointment or an admission from ``first`` on, to ``last`` if that is given."""
    if last is None:
        return Q(next_appointment__gte=first) | Q(tci_date__gte=first)
    return Q(next_appointment__range=(first, last)) | Q(tci_date__range=(first, last))


def not_booked(first: date, last: date | None = None) -> Q:
    """Rows without one. Said in full: what is not known is not booked either."""
    return _none("next_appointment", first, last) & _none("tci_date", first, last)


def _none(name: str, first: date, last: date | None) -> Q:
    found = Q(**{name: None}) | Q(**{f"{name}__lt": first})
    return found | Q(**{f"{name}__gt": last}) if last else found


def _dates(asked: Filter, today: date) -> Q:
    found = Q()
    if asked.event == BOOKED:
        found &= booked(today)
    elif asked.event == NOT_BOOKED:
        found &= not_booked(today)
    elif asked.event == NO_ADMISSION:
        found &= Q(decided_to_admit__isnull=False) & _none("tci_date", today, None)
    if asked.days is not None:
        found &= booked(today, today + timedelta(days=asked.days))
    return found


def _whom(asked: Filter, today: date) -> Q:
    equal = {"treatment_function": asked.specialty, "priority": asked.priority, "sex": asked.sex}
    equal["organisation_code"] = asked.provider
    found = Q(**{name: value for name, value in equal.items() if value})
    if asked.code:
        code = "" if asked.code == NO_CODE else asked.code
        either = Q(procedure_priority=code), Q(diagnostic_priority=code)
        found &= either[0] | either[1] if code else either[0] & either[1]
    if asked.cancer:
        is_cancer = Q(clinical_rank=CANCER)
        found &= is_cancer if asked.cancer == "yes" else ~is_cancer
    if asked.deprivation:
        found &= deprivation(asked.deprivation)
    if asked.ethnic:
        found &= Q(ethnic_category="" if asked.ethnic == NOT_KNOWN else asked.ethnic)
    if asked.age:
        found &= AGES[asked.age].born(today)
    if asked.returns:
        found &= Q(in_returns=asked.returns == "yes")
    return found


def _handled(asked: Filter, today: date, held: HandlingQuerySet) -> Q:
    found = Q()
    if asked.owner == NOBODY:
        found &= ~Q(pathway__in=held.exclude(owner="").values("pathway"))
    elif asked.owner:
        found &= Q(pathway__in=held.filter(owner=asked.owner).values("pathway"))
    if asked.late:
        found &= Q(pathway__in=held.filter(due__lt=today).values("pathway"))
    return found

"""Pathways by chance that look like those of patients: most events fit the state they meet."""

from datetime import timedelta

from tests.core.rtt.drawn import FIRST

from clockstop.core.rtt.events import (
    KINDS,
    Admission,
    AdmissionOutcome,
    AnotherAppointmentDecided,
    Attendance,
    Cancellation,
    DateOffered,
    DecisionToAdmit,
    DidNotAttend,
    DischargedToGp,
    EntryWithdrawn,
    MonitoringStarted,
    OfferDeclined,
    PatientGoesAhead,
    PlannedListed,
    ReferralReceived,
    TransferReceived,
    TransferSent,
    TreatmentStarted,
    UbrnConverted,
)
from clockstop.core.rtt.reading import event_fields
from clockstop.core.rtt.status_codes import Status

_CODES = ("20", "20", "20", "30", "32", "31", "34", "11", "91", "90", "99", "12", "21", "36")
_LONG = 14
_PROVIDERS = ("RAA", "RBB", "NT1", None)


def pathway_by_chance(chance):
    """A referral, then what may follow it; now and then anything at all."""
    length, events = 2 + int(chance.expovariate(1 / 5)), []
    day, provider = FIRST + timedelta(days=chance.randrange(300)), chance.choice(_PROVIDERS)
    for number in range(1, min(length, _LONG * 3) + 1):
        basic = {"id": f"e{number}", "day": day, "provider": provider}
        events.append(_first(chance, basic) if number == 1 else _next(chance, basic, events))
        day += timedelta(days=int(chance.expovariate(1 / 30)) - chance.choice((0, 0, 0, 0, 9)))
    return tuple(events)


def _first(chance, basic):
    if chance.random() < 0.5:
        return UbrnConverted(ubrn=f"{chance.randrange(10**12):012}", **basic)
    return ReferralReceived(via_ers=chance.random() < 0.1, **basic)


def _next(chance, basic, events):
    named = chance.choice(events).id
    latest = {type(event): event.id for event in events}
    day = basic["day"]
    soon = day + timedelta(days=chance.randrange(-5, 60))
    yes = chance.random() < 0.8
    made = [
        lambda: Attendance(status=Status(chance.choice(_CODES)), is_test=not yes, **basic),
        lambda: Attendance(status=Status.LATER_ACTIVITY, **basic),
        lambda: DecisionToAdmit(communicated=yes, **basic),
        lambda: Admission(**basic),
        lambda: AdmissionOutcome(
            admission=latest.get(Admission, named),
            result="treated" if yes else "not_carried_out",
            **basic,
        ),
        lambda: Cancellation(by="patient", **basic),
        lambda: DateOffered(offered_for=soon, **basic),
        lambda: OfferDeclined(offer=latest.get(DateOffered, named), **basic),
        lambda: DidNotAttend(appointment="first" if yes else "other", communicated=yes, **basic),
        lambda: AnotherAppointmentDecided(**basic),
        lambda: MonitoringStarted(
            delay=not yes,
            conversation=True,
            agreed=True,
            by="patient" if yes else "provider",
            **basic,
        ),
        lambda: PatientGoesAhead(**basic),
        lambda: PlannedListed(due=soon, **basic),
        lambda: TreatmentStarted(**basic),
        lambda: TransferSent(to=chance.choice(_PROVIDERS), **basic),
        lambda: TransferReceived(
            pathway_id=chance.choice(("1" * 20, "0" * 20, None)), issuer="RAA", **basic
        ),
        lambda: DischargedToGp(
            reason="missed",
            communicated=True,
            best_interests=yes,
            published_policy=True,
            protects_vulnerable=True,
            **basic,
        ),
        lambda: EntryWithdrawn(supersedes=named, **basic) if not yes else Attendance(**basic),
        lambda: _any(chance, basic, named),
    ]
    return chance.choice(made)()


def _any(chance, basic, named):
    kind = KINDS[chance.choice(sorted(KINDS))]
    return bare(kind, basic, named, chance.choice)


def bare(kind, basic, named, choose=min):
    """An event of a kind, with nothing but what it needs; ``named`` is the entry that it names."""
    values = dict(basic)
    for name, field in event_fields(kind.kind).items():
        if field.required and name not in values:
            if field.options:
                values[name] = choose(field.options)
            else:
                values[name] = named if field.type is str else basic["day"]
    return kind(**values)

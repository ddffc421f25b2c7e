"""Made-up referrals in bulk, and their choices counted anew from the raw rows alone.

The rows of referrals, shortlists and steps are written as such; what is kept of the choice is
written by the service's own functions. ``recounted`` reads no row of the choices: it is slow and
plain, and what nobody could read from raw rows (whether choice was offered) comes from the script.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from statistics import mean, median

from django.db import transaction
from django.utils import timezone
from tests.service.people import ICB, OTHER_ICB, a_patient
from tests.service.referrals.made_up import a_service

from clockstop.core.rtt.events import Service
from clockstop.service.referrals.actions.choosing import chosen, note_choice
from clockstop.service.referrals.choice import Conversation
from clockstop.service.referrals.menu import NOT_KNOWN, Offered
from clockstop.service.referrals.models import ChoiceEvent, Referral, Shortlisted, Step

FUNCTIONS, PRACTICES = ("C_110", "C_120", "C_130"), ("A81001", "A81002", "B81001")
BATCH = 2_000


@dataclass
class Script:
    """What was said at a referral, which stands in no raw row."""

    offered: bool | None
    excluded: str
    patient_says: str


def written(number, seed=7):
    """So many referrals of the last year; what was said at each, by its key."""
    rng, today = Random(seed), timezone.localdate()
    services = [
        a_service(code, name=f"Clinic {at}", two_week_wait=True)
        for at, code in enumerate(("RAA", "RAA", "RBB", "RCC", "RDD", "NEE", "NFF", "NGG"))
    ]
    patients = {icb: a_patient(icb) for icb in (ICB, OTHER_ICB)}
    scripts = {}
    for start in range(0, number, BATCH):
        with transaction.atomic():
            many = [
                _referral(rng, at, patients, today)
                for at in range(start, min(start + BATCH, number))
            ]
            Referral.objects.bulk_create(many)
            steps = []
            for referral in many:
                scripts[referral.pk] = _history(rng, referral, services, steps)
            Step.objects.bulk_create(steps)
    return scripts


def _referral(rng, at, patients, today):
    icb = rng.choice((ICB, ICB, OTHER_ICB))
    made = timezone.make_aware(
        datetime.combine(today - timedelta(days=rng.randrange(700)), time(9))
    )
    return Referral(
        icb_code=icb,
        ubrn=f"8{at:011d}",
        state="NOT_BOOKED",
        patient=patients[icb],
        organisation_code=rng.choice(PRACTICES),
        referrer="somebody",
        priority=rng.choice(("routine", "routine", "urgent", "two_week_wait")),
        treatment_function=rng.choice(FUNCTIONS),
        criteria="{}",
        created_at=made,
        changed_at=made,
    )


def _history(rng, referral, services, steps):
    script = Script(
        rng.choice((True, True, False, None)),
        rng.choice(("", "", "", "prisoner")),
        rng.choice(("", "", "yes", "no")),
    )
    role = rng.choice(("referrer", "referring_administrator"))
    listed = rng.sample(services, rng.randrange(1, 8))
    referral.version = 0
    _step(steps, referral, "create", "NOT_BOOKED", None, role)
    lines = _shortlisted(rng, referral, listed)
    note_choice(
        referral,
        Conversation(offered=script.offered, excluded=script.excluded),
        lines,
        [Service.CONSULTANT_LED] * len(lines),
    )
    ChoiceEvent.objects.filter(pk=referral.pk).update(
        day=timezone.localdate(referral.created_at), patient_says=script.patient_says
    )
    if rng.random() < 0.8:
        _choose(steps, referral, rng.choice(listed), role)
    if rng.random() < 0.2:
        _step(steps, referral, "change_shortlist", "NOT_BOOKED", None, role)
        referral.shortlist.update(replaced=True)
        others = rng.sample(services, rng.randrange(1, 8))
        _shortlisted(rng, referral, others)
        if rng.random() < 0.7:
            _choose(steps, referral, rng.choice(others), role)
    return script


def _choose(steps, referral, service, role):
    _step(steps, referral, "book", "BOOKED", service, role)
    chosen(referral)


def _step(steps, referral, action, after, service, role):
    before, referral.state = referral.state if referral.version else "", after
    referral.version += 1
    referral.service = service
    referral.provider_code = service.organisation_id if service else ""
    steps.append(
        Step(
            icb_code=referral.icb_code,
            referral=referral,
            version=referral.version,
            action=action,
            before=before,
            after=after,
            provider_code=referral.provider_code,
            service=service,
            at=referral.created_at,
            by="somebody",
            role=role,
        )
    )


def _shortlisted(rng, referral, services):
    """Rows of a shortlist, and the lines of the menu that they were made from."""
    lines = [
        Offered(
            service=each.pk,
            name=each.name,
            provider=each.organisation_id,
            provider_name="",
            sector="independent" if each.organisation_id.startswith("N") else "nhs_trust",
            site="",
            takes_triage=False,
            rating="",
            miles=None,
            first_free=None,
            days=rng.choice((None, *range(60))),
            code=None,
            waits=NOT_KNOWN,
            told=each,
        )
        for each in services
    ]
    Shortlisted.objects.bulk_create(
        Shortlisted(
            icb_code=referral.icb_code,
            referral=referral,
            position=at,
            service_id=each.service,
            provider_code=each.provider,
            is_independent=each.is_independent,
            days_to_appointment=each.days,
        )
        for at, each in enumerate(lines, 1)
    )
    return lines


GROUPS = {
    "icb": lambda referral: referral.icb_code,
    "specialty": lambda referral: referral.treatment_function,
    "practice": lambda referral: referral.organisation_code,
    "month": lambda referral: f"{timezone.localdate(referral.created_at):%Y-%m}",
    "referrer": lambda referral: min(referral.steps.all(), key=lambda each: each.version).role,
}


def recounted(scripts, period):
    """From referrals, shortlists and steps, by way of grouping, ICB (or none) and group.

    Counts by table and column, and the means.
    """
    counts, numbers = defaultdict(Counter), defaultdict(lambda: defaultdict(list))
    held = Referral.objects.prefetch_related("steps", "shortlist").order_by("pk")
    for referral in held.iterator(chunk_size=BATCH):
        script, made = scripts[referral.pk], timezone.localdate(referral.created_at)
        if made < period.first or made > period.last:
            continue
        if referral.priority == "two_week_wait" or script.excluded:
            continue
        for by, group_of in GROUPS.items():
            for icb in ("", referral.icb_code):
                key = by, icb, group_of(referral)
                _count(referral, script, counts[key], numbers[key])
    return counts, {
        key: {
            "providers": mean(each["providers"]),
            "median": median(each["providers"]),
            "services": mean(each["services"]),
            "left": mean(each["left"]) if each["left"] else None,
        }
        for key, each in numbers.items()
    }


def _count(referral, script, cells, means):
    answer = {True: "yes", False: "no", None: "not_recorded"}[script.offered]
    cells["offered", answer] += 1
    if script.patient_says:
        cells["told", f"{script.patient_says}_{answer}"] += 1
    lists = _lists(referral)
    first = lists[0]
    providers = {each.provider_code for each in first}
    means["providers"].append(len(providers))
    means["services"].append(len(first))
    size = "one" if len(providers) == 1 else "some" if len(providers) in (2, 3, 4) else "enough"
    cells["shortlist", size] += 1
    line = _chosen(referral, lists)
    if line and line.is_independent:
        cells["independent", "chosen"] += 1
    elif any(each.is_independent for each in first):
        cells["independent", "shortlisted"] += 1
    else:
        cells["independent", "none"] += 1
    if line and len(lists) == 1 and len(first) > 1:
        _count_days(line, first, cells, means)


def _count_days(line, first, cells, means):
    if line.days_to_appointment is None:
        cells["saving", "not_known"] += 1
        return
    known = [each.days_to_appointment for each in first if each.days_to_appointment is not None]
    left = line.days_to_appointment - min(known)
    means["left"].append(left)
    cells["saving", "left" if left else "taken"] += 1


def _lists(referral):
    """The shortlists in the order in which they were made: each begins at position 1."""
    lists = []
    for row in sorted(referral.shortlist.all(), key=lambda each: each.pk):
        if row.position == 1:
            lists.append([])
        lists[-1].append(row)
    return lists


def _chosen(referral, lists):
    """The line of the shortlist that the last booking was of."""
    at, found = 0, None
    for step in sorted(referral.steps.all(), key=lambda each: each.version):
        if step.action.startswith("change_shortlist"):
            at += 1
        here = [each for each in lists[at] if each.service_id == step.service_id]
        if step.action == "book" and here:
            found = here[0]
    return found

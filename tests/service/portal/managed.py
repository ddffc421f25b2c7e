"""Made-up acts on appointments in bulk, and a recount from the raw rows: slow, plain, on its own.

``recounted`` shares nothing with what is tested but the models: it walks every row in Python.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta
from random import Random
from statistics import median

from django.utils import timezone
from tests.service.people import ICB, OTHER_ICB, a_pathway, a_patient
from tests.service.referrals.made_up import a_service

from clockstop.service.pathways.models import HospitalRecord
from clockstop.service.portal.models import ChangeRequest, ChangeStep, OnlineChanges
from clockstop.service.referrals.models import Appointment, Referral, Step

HANDS = {
    "account": ("5b1c", "patient", ""),
    "reference": ("booking reference", "patient", ""),
    "phone": ("77aa", "referring_administrator", "patient"),
    "practice": ("77aa", "referrer", ""),
    "hospital": ("90ff", "provider_administrator", ""),
}
STATES = ("APPROVED", "DECLINED", "EXPIRED", "WITHDRAWN", "REQUESTED", "ACKNOWLEDGED")
CANCEL = {"hospital": "cancel_by_provider"}
YEAR = timedelta(days=400)


def written(number, seed=7):
    """So many patients, each with a referral and a pathway, by the luck of a seed."""
    rng, now = Random(seed), timezone.now()
    services = [a_service(code) for code in ("RAA", "RBB", "NAA")]
    OnlineChanges.objects.create(organisation_code="RAA", icb_code=ICB, is_offered=True)
    OnlineChanges.objects.create(organisation_code="RBB", icb_code=ICB, is_offered=False)
    for serial in range(number):
        born = rng.choice((date(1960, 5, 17), date(1990, 1, 1), date(now.year - 9, 1, 1)))
        patient = a_patient(
            rng.choice((ICB, OTHER_ICB)), birth_date=born, sensitive=rng.random() < 0.1
        )
        service = rng.choice(services)
        pathway = a_pathway(patient, service.organisation_id)
        _hospital(rng, pathway, now)
        _referral(rng, patient, pathway, service, serial)


def _hospital(rng, pathway, now):
    """Days that the hospital entered, and a request of the past, in most cases."""
    HospitalRecord.objects.create(
        pathway=pathway,
        icb_code=pathway.icb_code,
        organisation_code=pathway.organisation_code,
        next_appointment=rng.choice((None, *_days(rng, now))),
        tci_date=rng.choice((None, None, *_days(rng, now))),
    )
    if rng.random() < 0.5:
        asked = now - rng.random() * YEAR
        made = ChangeRequest.objects.create(
            icb_code=pathway.icb_code,
            pathway=pathway,
            organisation_code=pathway.organisation_code,
            wish="cancel",
            day=timezone.localdate(),
            state=rng.choice(STATES),
            asked_at=asked,
            changed_at=asked + rng.random() * timedelta(days=9),
        )
        by, role, _ = HANDS[rng.choice(("account", "phone"))]
        ChangeStep.objects.create(
            icb_code=made.icb_code, request=made, number=1, action="ask", at=asked, by=by, role=role
        )


def _days(rng, now):
    return [timezone.localdate(now) + timedelta(days=rng.choice((-9, 0, 1, 30)))]


def _referral(rng, patient, pathway, service, serial):
    at = timezone.now() - rng.random() * YEAR
    referral = Referral.objects.create(
        icb_code=patient.icb_code,
        ubrn=f"{serial:012d}",
        patient=patient,
        pathway=pathway,
        organisation_code="A81001",
        priority="routine",
        criteria="{}",
        created_at=at,
        changed_at=at,
    )
    for version, (action, way, at_) in enumerate(_script(rng, at), 1):
        by, role, acting_for = HANDS[way]
        Step.objects.create(
            icb_code=patient.icb_code,
            referral=referral,
            version=version,
            action=action,
            after="BOOKED",
            provider_code=service.organisation_id,
            at=at_,
            by=by,
            role=role,
            acting_for=acting_for,
        )
    if rng.random() < 0.7:
        starts = timezone.now() + timedelta(days=rng.choice((-5, 1, 30)), minutes=5)
        Appointment.objects.create(
            icb_code=patient.icb_code,
            referral=referral,
            service=service,
            starts=starts,
            ends=starts + timedelta(minutes=20),
            status=rng.choice(("booked", "booked", "cancelled")),
            created_at=at,
        )


def _script(rng, at):
    """A booking, and now and then a change at once, one later, or an end."""
    way = rng.choice(list(HANDS))
    yield "create", "practice", at
    yield "provider_book" if way == "hospital" else "book", way, at
    kind = rng.choice(("nothing", "change", "slow", "other", "end"))
    if kind == "nothing":
        return
    yield CANCEL.get(way, "cancel_by_patient"), way, at + timedelta(minutes=10)
    if kind == "change":
        yield "book", way, at + timedelta(minutes=11)
    elif kind == "slow":
        yield "book", way, at + timedelta(minutes=30)
    elif kind == "other":
        yield "book", "practice" if way != "practice" else "account", at + timedelta(minutes=11)


def recounted(period, by, icb=""):
    """Every count by table, group and column; the median days to an answer by group."""
    rows = _Recount(period, by, icb)
    rows.managed()
    rows.acts()
    rows.requests()
    rows.people()
    return rows.counts, {group: median(each) for group, each in rows.days.items()}


class _Recount:
    def __init__(self, period, by, icb):
        self.period, self.by, self.icb = period, by, icb
        self.counts, self.days = defaultdict(Counter), defaultdict(list)

    def group(self, row, provider):
        return row.icb_code if self.by == "icb" else provider

    def wanted(self, row, moment=None):
        day = timezone.localdate(moment) if moment else self.period.last
        return (not self.icb or row.icb_code == self.icb) and (
            self.period.first <= day <= self.period.last
        )

    def shown(self, patient):
        today, born = timezone.localdate(), patient.birth_date
        is_grown = (born.year + 16, born.month, born.day) <= (today.year, today.month, today.day)
        return is_grown and not patient.sensitive

    def managed(self):
        today, seen = timezone.localdate(), []
        for each in filter(self.wanted, Appointment.objects.all()):
            if each.status == "booked" and each.starts > timezone.now():
                seen.append((each.referral.pathway, timezone.localdate(each.starts)))
                could = "online" if self.shown(each.referral.patient) else "not_shown"
                self.counts["managed", self.group(each, each.service.organisation_id)][could] += 1
        offering = [
            each.organisation_code for each in OnlineChanges.objects.all() if each.is_offered
        ]
        for each in filter(self.wanted, HospitalRecord.objects.all()):
            for day in sorted({each.next_appointment, each.tci_date} - {None}):
                if day >= today and (each.pathway, day) not in seen:
                    provider = each.pathway.organisation_code
                    could = "online" if provider in offering else "not_offered"
                    could = could if self.shown(each.pathway.patient) else "not_shown"
                    self.counts["managed", self.group(each, provider)][could] += 1

    def acts(self):
        for referral in Referral.objects.all():
            held = sorted(referral.steps.all(), key=lambda each: each.version)
            held = [each for each in held if self.wanted(each, each.at)]
            used = set()
            for step in held:
                if step.action.startswith("cancel"):
                    after = [
                        each
                        for each in held
                        if each.version == step.version + 1
                        and "book" in each.action
                        and each.by == step.by
                        and (each.at - step.at).total_seconds() <= 300
                    ]
                    used |= {each.version for each in after}
                    self.add("changed" if after else "cancelled", (after or [step])[0])
            for step in held:
                if "book" in step.action and step.version not in used:
                    self.add("booked", step)

    def add(self, what, step):
        told = (step.by, step.role, step.acting_for)
        (way,) = [name for name, each in HANDS.items() if each == told]
        self.counts[what, self.group(step, step.provider_code)][way] += 1

    def requests(self):
        for each in ChangeRequest.objects.all():
            if self.wanted(each, each.asked_at):
                group = self.group(each, each.organisation_code)
                is_own = each.steps.get().role == "patient"
                self.counts["asked", group]["account" if is_own else "phone"] += 1
                self.counts["answers", group][each.state] += 1
                if each.state in ("APPROVED", "DECLINED"):
                    days = (each.changed_at - each.asked_at) / timedelta(days=1)
                    self.days[group].append(days)

    def people(self):
        acted = set(self.acting())
        for (provider, patient), row in dict(self.with_something()).items():
            if self.shown(patient):
                did = "acted" if (provider, patient) in acted else "did_not"
                self.counts["people", self.group(row, provider)][did] += 1

    def with_something(self):
        for each in Appointment.objects.all():
            if self.wanted(each, each.created_at):
                yield (each.service.organisation_id, each.referral.patient), each
        for each in ChangeRequest.objects.all():
            if self.wanted(each, each.asked_at):
                yield (each.organisation_code, each.pathway.patient), each
        for each in filter(self.wanted, HospitalRecord.objects.all()):
            dates = {each.next_appointment, each.tci_date} - {None}
            if any(day >= self.period.last for day in dates):
                yield (each.pathway.organisation_code, each.pathway.patient), each

    def acting(self):
        for each in ChangeRequest.objects.all():
            if self.wanted(each, each.asked_at) and each.steps.get().role == "patient":
                yield each.organisation_code, each.pathway.patient
        for step in Step.objects.all():
            if self.wanted(step, step.at) and step.by == HANDS["account"][0]:
                yield step.provider_code, step.referral.patient

"""Writing down what choice the patient had, and which service it became."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from clockstop.core.rtt.events import Service
from clockstop.core.state_tables import Refusal, StepRefusedError
from clockstop.service.audit import recording
from clockstop.service.directory.choices import Priority
from clockstop.service.referrals.actions.stepping import Hand
from clockstop.service.referrals.choice import Conversation, counted, excluded_because, rank
from clockstop.service.referrals.menu import Offered
from clockstop.service.referrals.models import ChoiceEvent, Referral
from clockstop.service.referrals.states import Party


def note_choice(
    referral: Referral, said: Conversation, lines: Sequence[Offered], kinds: Sequence[Service]
) -> None:
    """Write down the choice at a new referral; ``kinds`` are those of the shortlisted services."""
    today = timezone.localdate()
    excluded = excluded_because(Priority(referral.priority), kinds, said.excluded, today)
    totals = counted(lines)
    offered_at_all = "" if said.offered is None else "yes" if said.offered else "no"
    ChoiceEvent.objects.create(
        icb_code=referral.icb_code,
        referral=referral,
        day=today,
        organisation_code=referral.organisation_code,
        treatment_function=referral.treatment_function,
        priority=referral.priority,
        in_scope=excluded is None,
        excluded_because=excluded.case if excluded else "",
        offered=offered_at_all,
        not_offered_because=said.not_offered_because,
        reasons=" ".join(said.wishes),
        information=" ".join(said.information),
        few_because=said.few_because,
        channel=said.channel,
        services_shown=said.shown,
        services=totals.services,
        providers=totals.providers,
        independent_providers=totals.independent_providers,
        fastest_days=totals.fastest_days,
        farthest_miles=totals.farthest_miles,
    )


def patient_says(hand: Hand, referral: Referral, *, offered: bool) -> ChoiceEvent | None:
    """Keep what the patient says of the choice, beside what the referrer says; None without one.

    Saying something else later replaces it. Raises StepRefusedError for anybody else's word.
    """
    if Party.PATIENT not in hand.parties:
        words = "Only the patient says whether they were offered a choice"
        raise StepRefusedError([Refusal("NO_RELATIONSHIP", words)])
    held = ChoiceEvent.objects.select_for_update().filter(referral=referral)
    event: ChoiceEvent | None = held.first()
    if event is None:
        return None
    answer = ChoiceEvent.Answer.YES if offered else ChoiceEvent.Answer.NO
    event.patient_says, event.patient_said_at = answer, timezone.now()
    event.save(update_fields=("patient_says", "patient_said_at"))
    recording.record(
        "patient said whether choice was offered",
        hand.by,
        icb_code=referral.icb_code,
        subject=("referral", referral.pk),
        detail={"acting_for": hand.acting_for} if hand.acting_for else None,
    )
    return event


def chosen(referral: Referral) -> None:
    """Note on the choice which service it became, and its place by wait and by distance."""
    lines = list(referral.shortlist.filter(replaced=False))
    places = [at for at, each in enumerate(lines) if each.service_id == referral.service_id]
    event = ChoiceEvent.objects.filter(referral=referral).first()
    if event is None or not places:
        return
    at = places[0]
    event.chosen_provider = lines[at].provider_code
    event.chosen_is_independent = lines[at].is_independent
    event.chosen_days = lines[at].days_to_appointment
    event.rank_by_wait = rank([each.days_to_appointment for each in lines], at)
    event.rank_by_distance = rank([each.miles for each in lines], at)
    event.save()

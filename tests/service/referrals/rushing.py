"""Many people who book one slot at once, each for a referral of their own, by the real action.

The commands are those of ``tests.service.directory.rushing``.
"""

from tests.service.directory import rushing
from tests.service.directory.rushing import main, rushed


def prepare(number):
    """Free slots, and the patient of every referral."""
    from tests.service.people import a_patient

    a_patient()
    return rushing.prepare(number)


def rush(slots, people):
    """Each slot in its turn; whoever did not get one tries for the next."""
    from tests.service.referrals.made_up import a_referral, a_referrer

    from clockstop.service.directory.models import Slot
    from clockstop.service.pathways.models import Patient
    from clockstop.service.referrals.models import Referral

    service, actor, patient = (
        Slot.objects.get(pk=slots[0]).service,
        a_referrer(),
        Patient.objects.get(),
    )

    def more(number):
        return [a_referral(service, actor=actor, patient=patient).pk for _ in range(number)]

    waiting = more(people)
    outcomes = {}
    for slot in slots:
        outcomes[slot] = rushed([_booking(actor, each, slot) for each in waiting])
        booked = set(Referral.objects.filter(state="BOOKED").values_list("pk", flat=True))
        waiting = [each for each in waiting if each not in booked]
        waiting += more(people - len(waiting))
    return outcomes


def _booking(actor, referral, slot):
    from clockstop.core.state_tables import StepRefusedError
    from clockstop.service.referrals.actions import BusyError, book

    def attempt():
        try:
            book(actor=actor, referral_id=referral, slot_id=slot)
        except BusyError:
            return "taken"
        except StepRefusedError as refused:
            codes = {each.code for each in refused.refusals}
            return "taken" if codes == {"SLOT_NOT_AVAILABLE"} else repr(refused)
        return "won"

    return attempt


if __name__ == "__main__":
    main(prepare, rush)

"""Many programs that book one slot at once through the API, each a referral of its own.

The commands are those of ``tests.service.directory.rushing``.
"""

from functools import partial

from tests.service.directory.rushing import main, rushed
from tests.service.referrals.rushing import prepare


def rush(slots, programs):
    """Each slot in its turn, with new referrals: A016, and the answer that each program gets."""
    from django.test.utils import setup_test_environment
    from tests.service.ers.bodies import appointment
    from tests.service.ers.calling import a_gp
    from tests.service.referrals.made_up import a_referral

    from clockstop.service.directory.models import Slot
    from clockstop.service.pathways.models import Patient

    setup_test_environment()  # its host is one that may be asked
    patient, outcomes = Patient.objects.get(), {}
    for key in slots:
        slot, caller = Slot.objects.get(pk=key), a_gp()
        made = [a_referral(slot.service, patient=patient) for _ in range(programs)]
        bodies = [appointment(each, slot.service, slot=slot) for each in made]
        outcomes[key] = rushed([partial(_book, caller, each) for each in bodies])
    return outcomes


def _book(caller, body):
    """Won is 201; taken is 422 that says so, or 423 where the store is busy with the winner."""
    from tests.service.ers.calling import codes_of

    response = caller.post("/STU3/Appointment", body)
    if response.status_code == 201:
        return "won"
    if response.status_code == 423:
        return "taken"
    codes = codes_of(response) if response.status_code == 422 else []
    return "taken" if codes == ["SLOT_NOT_AVAILABLE"] else f"{response.status_code}: {codes}"


if __name__ == "__main__":
    main(prepare, rush)

"""Many workers who offer, accept, decline and check the same requests, and die at any moment.

``storm WORKERS SECONDS`` works on the store of its environment: it makes requests and places, lets
the workers loose, kills one after the other by SIGKILL and sends another in its place, and says
what was answered and what does not hold afterwards. A worker says that a step was taken after its
transaction: what was said must be there.
"""

import json
import os
import select
import signal
import sys
import time
from collections import Counter
from random import Random

REQUESTS, CAPACITIES, PLACES = 40, 6, 3
_BREATH = 0.3  # seconds from kill to kill
_PATIENCE = 60  # more seconds for a first acceptance
_CHECK_FAILED = "23"


def storm(workers, seconds, seed=1):
    from django.db import connections

    requests, cast = _prepared()
    connections.close_all()  # no two processes on one connection
    heard, tells = os.pipe()
    random, kills, said = Random(seed), 0, b""
    alive = [_worker(tells, cast, seed + number) for number in range(workers)]
    until = time.monotonic() + seconds
    while time.monotonic() < until or _waits_on(said, until):
        if select.select([heard], [], [], _BREATH)[0]:
            said += os.read(heard, 1 << 16)
        if time.monotonic() > _next_kill(until, seconds, kills):
            victim = random.randrange(workers)
            _kill(alive[victim])
            kills += 1
            alive[victim] = _worker(tells, cast, seed + workers + kills)
    for each in alive:
        _kill(each)
    os.close(tells)
    while part := os.read(heard, 1 << 16):
        said += part
    told = [json.loads(line) for line in said.split(b"\n")[:-1]]
    return {
        "kills": kills,
        "outcomes": Counter(each["outcome"] for each in told),
        "faults": faults(requests, [each for each in told if "version" in each]),
    }


def _waits_on(said, until):
    """On a busy machine it goes on until somebody has accepted, for a while."""
    return b'"accepted"' not in said and time.monotonic() < until + _PATIENCE


def _next_kill(until, seconds, kills):
    """The workers get up first; then one dies at each breath."""
    return until - seconds * 0.8 + kills * _BREATH


def _prepared():
    from tests.service.transfers.made_up import (
        OTHER_HOSPITAL,
        a_capacity,
        a_clinician,
        a_manager,
        an_open_request,
    )

    for _ in range(CAPACITIES):
        a_capacity(places=PLACES)
    requests = [an_open_request().pk for _ in range(REQUESTS)]
    return requests, (a_manager(), a_clinician(OTHER_HOSPITAL))


def _worker(tells, cast, seed):
    """A process of its own, which takes one step after another until it is killed."""
    pid = os.fork()
    if pid:
        return pid
    try:
        random = Random(seed)
        while True:
            line = json.dumps(_one(random, *cast)).encode() + b"\n"
            os.write(tells, line)  # shorter than what a pipe takes at once
    finally:
        os._exit(1)


def _kill(pid):
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _one(random, sender, receiver):
    from django.db import OperationalError, connection

    from clockstop.core.state_tables import StepRefusedError
    from clockstop.service.referrals.actions.stepping import BusyError
    from clockstop.service.transfers.models import AidRequest

    pk = random.choice(list(AidRequest.objects.order_by("pk").values_list("pk", flat=True)))
    request = AidRequest.objects.get(pk=pk)
    try:
        done = _step(random, request, sender, receiver)
    except BusyError:
        return {"outcome": "busy"}
    except OperationalError as error:
        connection.close()
        return {"outcome": str(error).partition("\n")[0]}
    except StepRefusedError as refused:
        return {"outcome": refused.refusals[0].code}
    return {"outcome": done[0], "request": str(pk), "version": done[1]}


def _step(random, request, sender, receiver):
    """Whatever can come next, as two people at two screens would do it at once."""
    from tests.service.transfers.made_up import days_ahead

    from clockstop.service.transfers.actions import aid
    from clockstop.service.transfers.models import AidRequest, Capacity, Offer

    pk, told = request.pk, None
    if request.state == "WITH_PATIENT" and random.random() < 0.8:
        held = Offer.objects.filter(request=pk).order_by("pk")
        offer = random.choice(list(held.values_list("pk", flat=True)))
        told = "accepted", aid.choose(actor=sender, request_id=pk, offer_id=offer).version
    elif request.state == "WITH_PATIENT":
        told = "declined", aid.decline_all(actor=sender, request_id=pk, reason="26").version
    elif request.state == "ACCEPTED":
        failed = aid.fail_check(actor=receiver, request_id=pk, reason=_CHECK_FAILED)
        told = "check failed", failed.version
    elif request.state == "OFFERED" and random.random() < 0.5:
        told = "told", aid.send_to_patient(actor=sender, request_id=pk).version
    if told is None:
        posted = list(Capacity.objects.order_by("pk").values_list("pk", flat=True))
        terms = aid.Terms(day=days_ahead(5))
        made = aid.offer(
            actor=receiver, request_id=pk, capacity_id=random.choice(posted), terms=terms
        )
        assert isinstance(made.request, AidRequest)
        told = "offered", made.request.version
    return told


def faults(requests, told):
    """All that does not hold: places, patients, steps, the audit, the figures."""
    return [*_of_places(), *_of_patients(requests), *_of_steps(told), *_of_audit(), *_of_figures()]


def _of_places():
    from clockstop.service.transfers.models import Capacity, Offer
    from clockstop.service.transfers.states import OFFER_LIVE

    for each in Capacity.objects.all():
        live = Offer.objects.filter(capacity=each, state__in=OFFER_LIVE).count()
        if each.taken != live or live > each.places:
            yield f"{each.pk}: {each.places} places, {each.taken} counted, {live} given"


def _of_patients(requests):
    from clockstop.service.pathways.clock import clock_on
    from clockstop.service.transfers.models import AidRequest

    held = {"OPEN": (0, 0), "ACCEPTED": (0, 1)}
    found = AidRequest.objects.filter(pk__in=requests).select_related("pathway")
    if len(found) != len(requests):
        yield f"{len(found)} requests, {len(requests)} were made"
    for each in found:
        counted = Counter(each.offers.values_list("state", flat=True))
        live = (counted["HELD"], counted["TAKEN"])
        is_well = live == held[each.state] if each.state in held else live[0] and not live[1]
        if not is_well:
            yield f"{each.pk}: {each.state} with {live} held and taken"
        running = clock_on(each.pathway.events.all(), each.waiting_since).running
        if running is None or running.start != each.waiting_since:
            yield f"{each.pk}: its clock no longer runs from {each.waiting_since}"


def _of_steps(told):
    from clockstop.service.transfers.models import AidRequest, AidStep

    for request in AidRequest.objects.all():
        steps = list(request.steps.order_by("version"))
        if [each.version for each in steps] != list(range(1, request.version + 1)):
            yield f"{request.pk}: version {request.version} of {len(steps)} steps"
        befores, afters = [each.before for each in steps], [each.after for each in steps]
        if befores != ["", *afters[:-1]] or afters[-1] != request.state:
            yield f"{request.pk}: its steps do not lead to {request.state}"
    kept = {(str(pk), version) for pk, version in AidStep.objects.values_list("request", "version")}
    for each in told:
        if (each["request"], each["version"]) not in kept:
            yield f"{each}: said to be done, and not there"


def _of_audit():
    from clockstop.service.audit.models import Entry
    from clockstop.service.audit.verifying import verify
    from clockstop.service.transfers.models import AidStep

    yield from map(str, verify().faults)
    written = Entry.objects.filter(action__startswith="aid request: ").count()
    if written != AidStep.objects.count():
        yield f"{written} entries of the audit, {AidStep.objects.count()} steps"


def _of_figures():
    from django.utils import timezone

    from clockstop.service.referrals.choice_figures.reading import year_to
    from clockstop.service.transfers.measures.courses import PROVIDERS
    from clockstop.service.transfers.measures.reading import By, Scope, providers_courses
    from clockstop.service.transfers.models import AidStep
    from clockstop.service.transfers.models.aid import Kind

    scope = Scope(year_to(timezone.localdate()), By.ICB)
    reached = [each.reached(PROVIDERS) for each in providers_courses(scope, Kind.TREATMENT)]
    for stage, (_, actions) in PROVIDERS.items():
        steps = AidStep.objects.filter(action__in=actions).values("request").distinct().count()
        measured = sum(stage in each for each in reached)
        if steps != measured:
            yield f"{stage}: {steps} by steps, {measured} measured"


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write(json.dumps(storm(int(sys.argv[1]), float(sys.argv[2]))))

"""Many people at one slot at once: a process of its own, on the store of its environment.

``prepare N`` makes N free slots and says their ids; ``rush ID … PEOPLE`` sends that many threads at
each, each with its own connection, and says how many got it.
"""

import json
import sys
from datetime import timedelta
from functools import partial
from threading import Barrier, Thread


def prepare(number):
    from django.utils import timezone
    from tests.service.directory.made_up import a_service, a_slot

    service = a_service()
    starts = timezone.now() + timedelta(days=1)
    return [a_slot(service, starts).pk for _ in range(number)]


def rush(slots, people):
    return {slot: rushed([partial(_take, slot)] * people) for slot in slots}


def _take(slot):
    from django.db import transaction

    from clockstop.service.directory.slots import SlotTakenError, take

    try:
        with transaction.atomic():
            take(slot)
    except SlotTakenError:
        return "taken"
    return "won"


def rushed(tries):
    """All tries at once, and how often each outcome came: won, taken or the error."""
    from django.db import connection

    barrier, outcomes = Barrier(len(tries)), []

    def book(attempt):
        connection.ensure_connection()
        barrier.wait()
        try:
            outcomes.append(attempt())
        except Exception as error:  # noqa: BLE001 - it is the outcome
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [Thread(target=book, args=(each,)) for each in tries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {each: outcomes.count(each) for each in sorted(set(outcomes))}


def main(prepare, rush):
    """The command of a module that has both."""
    import django

    django.setup()
    command, *numbers = sys.argv[1:]
    if command == "prepare":
        told = prepare(int(numbers[0]))
    else:
        *slots, people = map(int, numbers)
        told = rush(slots, people)
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(prepare, rush)

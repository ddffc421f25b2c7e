"""Many people at one slot at once: a process of its own, on the store of its environment.

``prepare N`` makes N free slots and says their ids; ``rush ID PEOPLE`` sends that many threads at
one, each with its own connection, and says how many got it.
"""

import json
import sys
from datetime import timedelta
from threading import Barrier, Thread


def prepare(number):
    from django.utils import timezone
    from tests.service.directory.made_up import a_service, a_slot

    service = a_service()
    starts = timezone.now() + timedelta(days=1)
    return [a_slot(service, starts).pk for _ in range(number)]


def rush(slots, people):
    return {slot: _rushed(slot, people) for slot in slots}


def _rushed(slot, people):
    """What became of each: won, taken or the error."""
    from django.db import connection, transaction

    from clockstop.service.directory.slots import SlotTakenError, take

    barrier, outcomes = Barrier(people), []

    def book():
        connection.ensure_connection()
        barrier.wait()
        try:
            with transaction.atomic():
                take(slot)
            outcomes.append("won")
        except SlotTakenError:
            outcomes.append("taken")
        except Exception as error:  # noqa: BLE001 - it is the outcome
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [Thread(target=book) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {each: outcomes.count(each) for each in sorted(set(outcomes))}


if __name__ == "__main__":
    import django

    django.setup()
    command, *numbers = sys.argv[1:]
    if command == "prepare":
        told = prepare(int(numbers[0]))
    else:
        *slots, people = map(int, numbers)
        told = rush(slots, people)
    json.dump(told, sys.stdout)

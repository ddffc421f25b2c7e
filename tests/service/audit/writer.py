"""A process that writes to the audit: one entry in each of the chains, in turn.

    python -m tests.service.audit.writer CHAIN...

It says that it is ready, and starts at the next line of its input.
"""

import sys

import django


def main(codes):
    django.setup()
    from django.db import connection, transaction

    from clockstop.service.audit.recording import SYSTEM, record

    connection.ensure_connection()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for code in codes:
        with transaction.atomic():
            record("did something", SYSTEM, icb_code=code)


if __name__ == "__main__":
    main(sys.argv[1:])

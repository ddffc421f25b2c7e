"""What patients read of their own at full size: “Your care”, and what the NHS App asks for them.

On the big store of ``stores``. NHS login is played by a small server here, whose key signs.

python -m benchmarks.care fill     referrals, appointments and letters of many patients
python -m benchmarks.care session  some of them, signed in: cookie, NHS number, day of birth
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count, islice
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

from benchmarks import load

PATIENTS, SIGNED_IN = 8_000, 200
PATHWAYS, REFERRALS, LETTERS = 3, 3, 5  # of each patient
RATE, SECONDS = 20, 30
APP_RATE = 25  # transactions a second: producer standard 3.12.0
PAGE, APP = "“Your care”", "the NHS App's question for appointments"
_TRUST, _ICB, _APP, _ALGORITHM = "BENCHC", "QBE", "bench-app", "RS512"
_BATCH = 5_000
_FUNCTIONS = ("C_110", "C_130", "C_330")


def streamed(host: str, asked: list[Mapping[str, str]], login: Login) -> dict[str, list[float]]:
    """The seconds that each took under its stream."""
    pages = [("GET", "/your-care/", None, {"Cookie": each["cookie"]}) for each in asked]
    questions = [login.question(each) for each in asked]
    load.stream(host, RATE, 3, pages)
    times = {PAGE: load.stream(host, RATE, SECONDS, pages)}
    load.stream(host, APP_RATE, 3, questions)
    return times | {APP: load.stream(host, APP_RATE, SECONDS, questions)}


class Login:
    """NHS login as far as its key goes: a description, and tokens that it signed."""

    def __init__(self, folder: Path) -> None:
        from joserfc.jwk import RSAKey

        self.url = ""
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": _ALGORITHM})
        self._file = folder / "bench-login.pem"
        self._file.write_bytes(self.key.as_pem(private=True))

    @property
    def env(self) -> dict[str, str]:
        """How a site is told of it."""
        prefix = "CLOCKSTOP_PATIENT_SIGN_IN_"
        told = {"ISSUER": self.url, "CLIENT_ID": "bench", "KEY_FILE": str(self._file)}
        return {"CLOCKSTOP_AGGREGATOR_AUDIENCES": _APP} | {prefix + k: v for k, v in told.items()}

    def question(self, about: Mapping[str, str]) -> load.Request:
        """What the aggregator sends for a patient."""
        from joserfc import jwt

        now, number = int(time.time()), about["number"]
        claims = {"iss": self.url, "aud": _APP, "iat": now, "exp": now + 3600, "sub": number}
        proven = {"vot": "P9.Cp.Cd", "identity_proofing_level": "P9", "nhs_number": number}
        claims |= proven | {"birthdate": about["born"]}
        header = {"alg": _ALGORITHM, "kid": "one"}
        token = jwt.encode(header, claims, self.key, algorithms=[_ALGORITHM])
        path = (
            "/aggregator/FHIR/R4/Appointment?patient:identifier=https://fhir.nhs.uk/Id/nhs-number"
        )
        headers = {"X-Correlation-ID": str(uuid4()), "NHSD-ID-Token": token}
        return "GET", f"{path}%7C{number}", None, headers

    def answer(self, path: str) -> dict[str, Any]:
        """What a site asks of it."""
        from joserfc.jwk import KeySet

        if path == "/jwks":
            return dict(KeySet([self.key]).as_dict(private=False))
        places = {f"{name}_endpoint": f"{self.url}/{name}" for name in ("authorization", "token")}
        return {"issuer": self.url, "jwks_uri": f"{self.url}/jwks", **places}


@contextmanager
def nhs_login(folder: Path) -> Iterator[Login]:
    """It, answering on this machine."""
    login = Login(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(login.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    login.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield login
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def fill(patients: int = PATIENTS) -> None:
    """Referrals, appointments and letters of adults who have just so many pathways."""
    from clockstop.service.messaging.models import Message
    from clockstop.service.referrals.models import Appointment, Referral

    held = list(_adults(patients))
    services = _services()
    referrals = list(_referrals(held, services))
    _written(Referral, iter(referrals))
    _written(Appointment, _appointments(referrals))
    _written(Message, (each for patient in held for each in _letters(patient)))


def _adults(most: int) -> Any:
    from django.db.models import Count
    from django.utils import timezone

    from clockstop.service.pathways.models import Patient

    born = timezone.localdate() - timedelta(days=20 * 366)
    held = Patient.objects.filter(birth_date__lt=born, sensitive=False, died_on=None)
    several = held.exclude(nhs_number="").annotate(n=Count("pathways")).filter(n=PATHWAYS)
    return several.order_by("pk")[:most]


def _services() -> list[Any]:
    from clockstop.service.directory.choices import Bookable, Status
    from clockstop.service.directory.models import HealthcareService
    from clockstop.service.registry.models import Kind, Organisation

    Organisation.objects.create(
        code=_TRUST, name="Bench Trust", kind=Kind.PROVIDER, icb_code=_ICB, sector="nhs_trust"
    )
    return HealthcareService.objects.bulk_create(
        HealthcareService(
            organisation_id=_TRUST,
            icb_code=_ICB,
            version=1,
            status=Status.PUBLISHED,
            name=f"Clinic {function}",
            site_name="North wing",
            treatment_function=function,
            specialty="BENCH",
            takes_appointments=True,
            bookable=Bookable.DIRECTLY,
            patient_phone="01632 960000",
        )
        for function in _FUNCTIONS
    )


def _referrals(patients: list[Any], services: list[Any]) -> Iterator[Any]:
    """Of each patient one to book, the others booked."""
    from django.utils import timezone

    from clockstop.service.directory.choices import Priority
    from clockstop.service.referrals.models import Referral
    from clockstop.service.referrals.states import State

    now, ubrns = timezone.now(), count(800_000_000_001)
    for patient in patients:
        for number, service in enumerate(islice(services, REFERRALS)):
            yield Referral(
                icb_code=_ICB,
                ubrn=str(next(ubrns)),
                state=State.BOOKED if number else State.NOT_BOOKED,
                patient=patient,
                organisation_code="BENCH000",
                referrer="bench",
                priority=Priority.ROUTINE,
                treatment_function=service.treatment_function,
                criteria="{}",
                service=service if number else None,
                provider_code=_TRUST if number else "",
                created_at=now - timedelta(days=30 * number),
                changed_at=now,
            )


def _appointments(referrals: list[Any]) -> Iterator[Any]:
    from django.utils import timezone

    from clockstop.service.referrals.models import Appointment

    now = timezone.now()
    for referral in referrals:
        if referral.service is not None:
            yield Appointment(
                icb_code=_ICB,
                referral=referral,
                service=referral.service,
                starts=now + timedelta(days=20),
                ends=now + timedelta(days=20, minutes=20),
                created_at=now,
            )


def _letters(patient: Any) -> Iterator[Any]:
    from django.utils import timezone

    from clockstop.service.messaging.models import Channel, Message, State

    now = timezone.now()
    words = {"day": "1 March 2026", "time": "9am", "provider": "Bench Trust", "phone": "01632 960"}
    for number in range(LETTERS):
        yield Message(
            icb_code=patient.icb_code,
            patient=patient,
            about_kind="appointment",
            about="0",
            template="appointment_booked",
            version=1,
            channel=Channel.LETTER,
            payload=json.dumps(words),
            state=State.DELIVERED,
            dedupe_key=f"bench {patient.pk} {number}",
            created_at=now,
            due_at=now,
            changed_at=now - timedelta(days=number),
        )


def _written(model: Any, rows: Iterator[Any]) -> None:
    while batch := list(islice(rows, _BATCH)):
        model.objects.bulk_create(batch)


def session() -> list[dict[str, str]]:
    """Some of the patients, each signed in."""
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from clockstop.service.accounts.models import Person
    from clockstop.service.accounts.roles import Role

    now, asked = timezone.now().timestamp(), []
    for patient in _adults(SIGNED_IN):
        person = Person.objects.create(name=patient.name, nhs_number=patient.nhs_number)
        kept = SessionStore()
        who = {"person": str(person.pk), "role": Role.PATIENT.value}
        kept.update(who | {"signed_in_at": now, "seen_at": now})
        kept.save()
        cookie = f"{settings.SESSION_COOKIE_NAME}={kept.session_key}"
        born = patient.birth_date.isoformat()
        asked.append({"cookie": cookie, "number": patient.nhs_number, "born": born})
    return asked


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "fill":
        fill()
    else:
        print(json.dumps(session()))

"""An ICB of its own, with a hospital, a trust and a clinic that could help, and who works there."""

from datetime import date, timedelta
from uuid import uuid4

from django.utils import timezone
from tests.journeys import seed
from tests.journeys.waits import _free_number

LINE = "C_130"  # a specialty that no other journey asks help for
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # that codes of procedures begin with


class Moorland:
    """So that no other journey's rows are on its board; ``people`` are the buttons to sign in."""

    def __init__(self) -> None:
        from clockstop.core.types import Sector
        from clockstop.service.accounts.roles import Role
        from clockstop.service.registry.models import Kind

        self.mark = uuid4().hex[:4].upper()
        self.icb, self.elsewhere = f"Q{self.mark}", f"X{self.mark}"
        self.sender, self.trust = f"R{self.mark}", f"T{self.mark}"
        self.clinic, self.practice = f"N{self.mark}", f"Y{self.mark}"
        number = int(self.mark, 16)  # a procedure of its own: places are seen by the whole country
        self.procedure = f"{_LETTERS[number // 1000 % len(_LETTERS)]}{number % 1000:03}"
        self.people: dict[str, str] = {}
        self.actors = {}
        for code, name, kind, sector, postcode in (
            (self.icb, "Moorland ICB", Kind.ICB, "", ""),
            (self.sender, "Moorland Hospital", Kind.PROVIDER, Sector.NHS_TRUST, "LS9 7TF"),
            (self.trust, "Valley Hospital", Kind.PROVIDER, Sector.NHS_TRUST, "HX3 0PW"),
            (self.clinic, "Meadow Eye Clinic", Kind.PROVIDER, Sector.INDEPENDENT, "WF1 2AA"),
            (self.practice, "Hilltop Surgery", Kind.PRACTICE, "", "LS6 1AA"),
        ):
            self._register(code, name, kind, sector, postcode)
        for who, role, code in (
            ("hub", Role.ICB_HUB, self.icb),
            ("manager", Role.WAITING_LIST_MANAGER, self.sender),
            ("clinician", Role.PROVIDER_CLINICIAN, self.sender),
            ("clinic", Role.PROVIDER_CLINICIAN, self.clinic),
            ("office", Role.PROVIDER_ADMINISTRATOR, self.clinic),
            ("trust", Role.PROVIDER_CLINICIAN, self.trust),
            ("gp", Role.REFERRER, self.practice),
        ):
            self._member(who, role, code)

    def _register(self, code, name, kind, sector, postcode) -> None:
        from clockstop.service.registry.models import Organisation

        Organisation.objects.create(
            code=code, name=name, kind=kind, sector=sector, icb_code=self.icb, postcode=postcode
        )

    def _member(self, who, role, code) -> None:
        from clockstop.service.accounts.models import Membership, Person

        person = Person.objects.create(name=f"{who.title()} {self.mark}")
        held = Membership.objects.create(
            person=person,
            organisation_code=code,
            icb_code=self.icb,
            role=role,
            starts=seed.LONG_AGO,
            granted_by="seed",
        )
        self.people[who] = f"{person.name}, {role.label}"
        self.actors[who] = held.as_actor()

    def waits(self, weeks, icb_code="", **values):
        """A pathway since so many weeks, at the sender; its patient lives near."""
        from clockstop.service.pathways.actions import record_event
        from clockstop.service.pathways.models import CareRelationship, Pathway, Patient

        icb_code = icb_code or self.icb
        patient = Patient.objects.create(
            icb_code=icb_code,
            nhs_number=_free_number(),
            given_name="Lee",
            family_name=f"Example{uuid4().hex[:6]}",
            birth_date=date(1960, 5, 17),
            sex="9",
            address="1 Nowhere Street",
            postcode="LS1 4AP",
            practice_code=self.practice,
        )
        pathway = Pathway.objects.create(
            icb_code=icb_code,
            patient=patient,
            identifier=uuid4().hex[:20].upper(),
            issuer=self.sender,
            organisation_code=self.sender,
            treatment_function=LINE,
            condition="Cataract",
            **values,
        )
        for code, part in (
            (self.sender, CareRelationship.Part.PROVIDER),
            (self.practice, CareRelationship.Part.REFERRER),
        ):
            CareRelationship.objects.create(
                icb_code=icb_code,
                pathway=pathway,
                organisation_code=code,
                part=part,
                starts=seed.LONG_AGO,
            )
        day = timezone.localdate() - timedelta(weeks=weeks)
        values = {"kind": "referral_received", "day": day.isoformat(), "referrer": "professional"}
        record_event(
            actor=self.actors["clinician"], pathway=pathway, values=values, submission=uuid4()
        )
        pathway.refresh_from_db()
        return pathway

    def asks(self, pathway, **needs):
        """An open request for help with it, agreed and signed."""
        from clockstop.service.transfers.actions import aid

        manager, clinician = self.actors["manager"], self.actors["clinician"]
        request = aid.create(
            actor=manager, pathway_id=pathway.pk, needs=aid.Needs(**self._needed(needs))
        )
        aid.record_consent(actor=manager, request_id=request.pk, agrees=True, distance=50)
        aid.sign_clinical(actor=clinician, request_id=request.pk)
        aid.sign_social(actor=manager, request_id=request.pk)
        aid.submit(actor=manager, request_id=request.pk)
        request.refresh_from_db()
        return request

    def _needed(self, needs):
        return needs if "diagnostic_test" in needs else {"procedure": self.procedure} | needs

    def posts(self, who, team, **values):
        """Places that a provider posts."""
        from clockstop.service.transfers.actions import aid

        today = timezone.localdate()
        posting = {
            "team": team,
            "places": 2,
            "first_date": today,
            "last_date": today + timedelta(days=90),
            "expires_on": today + timedelta(days=60),
            "price_basis": "local",
            "price": 125_000,
            "contract": "C-9",
            "treatment_function": LINE,
            "procedures": (self.procedure,),
        }
        return aid.post(actor=self.actors[who], posting=aid.Posting(**(posting | values)))

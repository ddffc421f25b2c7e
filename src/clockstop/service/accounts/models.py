"""People who sign in, the identities they sign in with, and what they are in which organisation."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.codes import fingerprint, new_code
from clockstop.service.accounts.roles import BY_PHONE, STAFF, Role


class Person(models.Model):
    """Somebody with an account. There are no passwords: national sign-in services identify."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    nhs_number = models.CharField(max_length=10, blank=True)  # of patients, as identified
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("nhs_number",), condition=~Q(nhs_number=""), name="one_person_a_number"
            ),
        )


class Identity(models.Model):
    """A person as an issuer knows them; accounts are keyed on ``subject`` alone."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identities")
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("issuer", "subject"), name="one_identity_a_subject"),
        )


class DatedQuerySet(models.QuerySet[Any]):
    """What holds for a time: from the day ``starts`` to the day before ``ends``."""

    def on(self, day: date) -> "DatedQuerySet":
        return self.filter(Q(ends=None) | Q(ends__gt=day), starts__lte=day)


class _Dated(models.Model):
    """What holds from ``starts`` until the day before ``ends``, which may be open."""

    starts: Any
    ends: Any

    class Meta:
        abstract = True

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds."""
        return self.ends - timedelta(days=1) if self.ends else None


class MembershipQuerySet(DatedQuerySet):
    """Roles of staff, by who asks."""

    def of(self, actor: Actor) -> "MembershipQuerySet":
        """Those in the organisation that the actor administers."""
        if actor.role is not Role.ADMINISTRATOR or not actor.organisation_code:
            return self.none()
        return self.filter(organisation_code=actor.organisation_code)


class DelegationQuerySet(DatedQuerySet):
    """What carers may see, by who asks."""

    def of(self, actor: Actor) -> "DelegationQuerySet":
        """Those that the actor, a patient, has made; to staff on the phone those of who calls."""
        if actor.role is not Role.PATIENT and actor.role not in BY_PHONE:
            return self.none()
        return self.filter(nhs_number__in=[str(number) for number in actor.people])


class Membership(_Dated):
    """A person's role in an organisation, for a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation_code = models.CharField(max_length=12)
    icb_code = models.CharField(max_length=6, blank=True)
    role = models.CharField(
        max_length=40, choices=[(role.value, role.label) for role in Role if role in STAFF]
    )
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    granted_by = models.CharField(max_length=64)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person", "organisation_code", "role", "starts"), name="one_membership"
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("starts")), name="membership_ends_after"
            ),
        )

    def as_actor(self) -> Actor:
        """The person, acting in this role."""
        return Actor(
            person=self.person.pk,
            name=self.person.name,
            role=Role(self.role),
            organisation_code=self.organisation_code,
            icb_code=self.icb_code,
        )


class Delegation(_Dated):
    """A patient let a carer act for them, for a time; the patient can end it any day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    carer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="delegations")
    nhs_number = models.CharField(max_length=10)
    starts = models.DateField()
    ends = models.DateField()

    objects = DelegationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "carer", "nhs_number", "starts"), name="one_delegation"
            ),
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="delegation_ends_after"
            ),
        )


class CarerCodeQuerySet(models.QuerySet[Any]):
    """Codes, by what somebody typed."""

    def usable(self, code: str, now: datetime) -> "CarerCode | None":
        """The code that was typed, if it is one and not too old."""
        found = self.select_related("person").filter(code=fingerprint(code), expires_at__gt=now)
        return found.first()


class CarerCode(models.Model):
    """What a carer reads out to a patient, once and soon; only its fingerprint is kept."""

    LASTS = timedelta(minutes=15)

    code = models.CharField(primary_key=True, max_length=64)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="carer_codes")
    expires_at = models.DateTimeField()

    objects = CarerCodeQuerySet.as_manager()

    @classmethod
    def make(cls, person: Person) -> str:
        """Keep a new code for a person; the code itself."""
        code = new_code()
        cls.objects.create(
            code=fingerprint(code), person=person, expires_at=timezone.now() + cls.LASTS
        )
        return code


class Application(models.Model):
    """A program that an organisation lets call with nobody at the screen, in one role.

    Its account is a person's in name alone: no sign-in service knows it, and it has no
    membership, so that nobody signs in as it and no list of staff shows it. ``services`` are the
    keys of those that it is for, between spaces; all of the organisation where it is empty.
    """

    person = models.OneToOneField(Person, on_delete=models.PROTECT, primary_key=True)
    organisation_code = models.CharField(max_length=12)
    icb_code = models.CharField(max_length=6, blank=True)
    role = models.CharField(max_length=40)
    services = models.TextField(blank=True)

    def as_actor(self) -> Actor:
        """The application, acting in its role."""
        return Actor(
            person=self.person.pk,
            name=self.person.name,
            role=Role(self.role),
            organisation_code=self.organisation_code,
            icb_code=self.icb_code,
            is_application=True,
            services=frozenset(map(int, self.services.split())),
        )


class ApplicationUse(models.Model):
    """How often an application did on a day what is limited by the day."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="uses")
    what = models.CharField(max_length=60)
    day = models.DateField()
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("application", "what", "day"), name="one_use_a_day"),
        )


class ApiToken(models.Model):
    """What lets a program act for somebody through the APIs; only its fingerprint is kept.

    Of staff it holds in ``membership`` alone, while that holds; without one it is of a patient,
    or of the application whose account ``person`` is. ``scopes`` stand between spaces.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    fingerprint = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="api_tokens")
    membership = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="api_tokens"
    )
    scopes = models.CharField(max_length=200)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at",)

"""The quality of a service: as supplied for its site or provider, or as its definer says."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.directory.made_up import a_service, an_organisation
from tests.service.directory.test_pages import FILLED
from tests.service.people import OTHER_HOSPITAL, a_member, an_actor, signed_in

from clockstop.analytics.published.ingest import ingest
from clockstop.analytics.published.lake import Lake
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.directory import actions
from clockstop.service.directory.content import content_of
from clockstop.service.directory.models import Draft, FormerVersion, HealthcareService, ServiceStamp
from clockstop.service.directory.publishing import against_publishing
from clockstop.service.directory.ratings import refresh, with_latest
from clockstop.service.referrals.menu import offered
from clockstop.service.registry.models import Site

pytestmark = pytest.mark.django_db
SAID = {"quality_rating": "good", "rated_on": "2025-06-01", "rating_source": "example.org/raa"}
NONE = {"quality_rating": "", "rated_on": None, "rating_source": ""}
PROVIDER = {"quality_rating": "requires_improvement", "rated_on": "2024-03-31"}
SITE = {"quality_rating": "outstanding", "rated_on": "2025-01-31"}


@pytest.fixture
def supplied(settings, tmp_path):
    """A lake to which the ratings of a provider and of one of its sites were supplied."""
    file = tmp_path / "ratings.csv"
    file.write_text(
        "provider,domain,rating,rated_on,source\n"
        "RAA,overall,Requires improvement,2024-03-31,CQC\n"
        "RAA,safe,Inadequate,2024-03-31,CQC\n"
        "RAA01,overall,Outstanding,2025-01-31,CQC\n"
        "RBB,overall,Not rated,2024-03-31,CQC\n"
    )
    settings.CLOCKSTOP_HOME = tmp_path / "home"
    lake = Lake(settings.CLOCKSTOP_HOME)
    ingest([file], lake)
    return lake


@pytest.fixture
def service():
    Site.objects.create(code="RAA01", organisation=an_organisation(), name="Main site")
    return a_service(
        site_code="RAA",
        site_name="Hospital RAA",
        clinic_types=("HIP",),
        conditions_treated="Osteoarthritis",
        patient_phone="01632 960000",
        professional_email="office@raa.example",
    )


@pytest.fixture
def definer():
    return an_actor(Role.SERVICE_DEFINER)


def published(definer, service, **values):
    service.refresh_from_db()
    content = {**content_of(service), **values}
    actions.edit(actor=definer, service=service, content=content, edits=0)
    return actions.publish(actor=definer, service=service, edits=1)


def rating_of(service):
    service.refresh_from_db()
    content = content_of(service)
    return {name: content[name] for name in NONE}


RULES = [
    ("RAA", "RAA", NONE, PROVIDER | {"rating_source": "CQC"}),
    ("RAA01", "RAA", NONE, SITE | {"rating_source": "CQC"}),  # the site before its provider
    ("RAA01", "RAA", SAID, SAID),  # the later of two
    ("RAA01", "RAA", SAID | {"rated_on": "2025-02-01"}, SAID | {"rated_on": "2025-02-01"}),
    ("RAA01", "RAA", SAID | {"rated_on": "2025-01-31"}, SITE | {"rating_source": "CQC"}),
    ("RAA", "RAA", SAID | {"rated_on": "2020-01-01"}, PROVIDER | {"rating_source": "CQC"}),
    ("RBB", "RBB", NONE, NONE),  # not rated is no rating
    ("RBB", "RBB", SAID, SAID),
    ("RCC", "RCC", SAID, SAID),  # nothing was supplied
]


@pytest.mark.parametrize(("site", "provider", "said", "counts"), RULES)
def test_which_rating_counts(supplied, site, provider, said, counts):
    found = with_latest({"site_code": site, "name": "Hips", **said}, provider)
    assert found == {"site_code": site, "name": "Hips", **counts}


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        (NONE, []),
        (SAID, []),
        (SAID | {"rated_on": None}, ["rated_on"]),
        (SAID | {"rating_source": " "}, ["rating_source"]),
        (NONE | {"quality_rating": "good"}, ["rated_on", "rating_source"]),
        (SAID | {"quality_rating": ""}, ["quality_rating"]),
    ],
)
def test_a_rating_has_its_day_and_source(service, values, fields):
    problems = against_publishing({**content_of(service), **values})
    assert [each.field for each in problems] == fields


def test_a_service_described_by_hand_has_the_rating_in_the_menu(definer, service):
    published(definer, service, **SAID)
    (line,) = offered([service.pk], None, None)
    assert line.rating == "good"
    page = signed_in(Client(), a_member(Role.SERVICE_DEFINER)).get(
        reverse("service", args=(service.pk,))
    )
    assert "Good, published on 1 June 2025 (example.org/raa)" in page.content.decode()


def test_what_was_supplied_is_taken_when_it_is_published(supplied, definer, service):
    published(definer, service)
    assert rating_of(service) == PROVIDER | {"rating_source": "CQC"}
    assert FormerVersion.objects.get().told["quality_rating"] == ""
    page = signed_in(Client(), a_member(Role.SERVICE_DEFINER)).get(
        reverse("edit_service", args=(service.pk,))
    )
    words = "Supplied for this place: Requires improvement, 31 March 2024 (CQC)"
    assert words in page.content.decode()


def test_a_draft_of_before_ratings_leaves_them_as_they_are(definer, service):
    published(definer, service, **SAID)
    content = {name: each for name, each in content_of(service).items() if name not in NONE}
    assert signed_in(Client(), a_member(Role.SERVICE_DEFINER)).get(
        reverse("edit_service", args=(service.pk,))
    )
    actions.edit(actor=definer, service=service, content=content | {"name": "Hips"}, edits=0)
    actions.publish(actor=definer, service=service, edits=1)
    assert rating_of(service) == SAID
    assert service.name == "Hips"


def test_ratings_that_were_supplied_later_are_taken_over_but_for_older_ones(
    supplied, definer, service
):
    later = a_service(name="Later", site_code="RAA01", **SAID | {"rated_on": date(2025, 6, 1)})
    other = a_service(OTHER_HOSPITAL, name="Other")
    marks = dict(ServiceStamp.objects.values_list("subject", "mark"))
    assert refresh(supplied) == 1
    assert rating_of(service) == PROVIDER | {"rating_source": "CQC"}
    assert (rating_of(later), rating_of(other)) == (SAID, NONE)
    assert dict(ServiceStamp.objects.values_list("subject", "mark")) != marks
    assert refresh(supplied) == 0
    (entry,) = Entry.objects.filter(action="took over ratings")
    assert entry.detail == '{"services":1}'


class TestTheForm:
    @pytest.fixture
    def visitor(self):
        return signed_in(Client(), a_member(Role.SERVICE_DEFINER))

    TYPED = FILLED | {
        "quality_rating": "good",
        "rated_on-day": "1",
        "rated_on-month": "6",
        "rated_on-year": "2025",
        "rating_source": "example.org/raa",
    }

    def test_it_keeps_what_the_definer_says(self, visitor, service):
        at = reverse("edit_service", args=(service.pk,))
        assert visitor.post(at, self.TYPED).status_code == 302
        told = Draft.objects.get().told
        assert {name: told[name] for name in NONE} == SAID
        page = visitor.get(at).content.decode()
        assert 'value="example.org/raa"' in page
        assert "No rating was supplied for this place" in page
        page = visitor.get(reverse("preview_service", args=(service.pk,))).content.decode()
        assert "Good, published on 1 June 2025" in page

    def test_what_cannot_be_is_said(self, visitor, service):
        at = reverse("edit_service", args=(service.pk,))
        day = timezone.localdate() + timedelta(days=1)
        later = {f"rated_on-{part}": getattr(day, part) for part in ("day", "month", "year")}
        page = visitor.post(at, self.TYPED | later | {"quality_rating": "splendid"})
        assert page.status_code == 400
        words = page.content.decode()
        assert "must not be in the future" in words
        assert "Choose the rating" in words
        visitor.post(at, self.TYPED | {"rating_source": ""})
        preview = visitor.get(reverse("preview_service", args=(service.pk,))).content.decode()
        assert "Say where the rating was published" in preview

    def test_a_rating_does_not_move_with_the_service(self, visitor, service):
        at = reverse("edit_service", args=(service.pk,))
        visitor.post(at, self.TYPED)
        moved = self.TYPED | {"site_code": "RAA", "edits": "1"}
        assert visitor.post(at, moved).status_code == 302
        told = Draft.objects.get().told
        assert {name: told[name] for name in NONE} == NONE
        assert told["site_code"] == "RAA"


def test_the_marks_of_services_hold_after_the_table_was_changed(service):
    held = ServiceStamp.objects.get(subject="C_110").mark
    HealthcareService.objects.filter(pk=service.pk).update(quality_rating="good")
    assert ServiceStamp.objects.get(subject="C_110").mark != held

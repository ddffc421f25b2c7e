"""The lint that keeps pages from asking for patients without saying on whose behalf."""

import subprocess
import sys
from pathlib import Path

import pytest
from scripts.lint_scoped_queries import discovered, faults, files

ROOT = Path(__file__).parents[3]
IMPORTS = "from clockstop.service.pathways.models import Pathway, Patient, PathwayEvent, Review\n"

GOOD = [
    "Pathway.objects.visible_to(actor)",
    "Pathway.objects.visible_to(actor).select_related('patient').filter(pk=pk)",
    "get_object_or_404(Pathway.objects.visible_to(actor), pk=pk)",
    "get_object_or_404(Pathway.objects.visible_to(request.actor).order_by('pk'), pk=pk)",
    "Pathway.objects.visible_to(actor).get(pk=pk).events.all()",
    "found.events.filter(kind='death')",
    "patient.pathways.visible_to(actor)",
    "found.patient.pathways.visible_to(actor).order_by('pk')",
    "isinstance(found, Pathway)",
    "isinstance(found, Pathway | Patient)",
    "Review.Kind.NOT_BROUGHT",
    "def view(found: Pathway, *, held: list[Patient]) -> Pathway | None:\n    return found",
    "found: Pathway | None = None",
    "try:\n    f()\nexcept Pathway.DoesNotExist:\n    g()",
    "Membership.objects.filter(person=person)",
    "reverse('pathways')",
]
BAD = [
    "Pathway.objects.get(pk=pk)",
    "Pathway.objects.all()",
    "Pathway.objects.filter(organisation_code=actor.organisation_code)",
    "Pathway.objects.filter(pk=pk).visible_to(actor)",
    "Pathway.objects.visible_to()",
    "Pathway.objects.visible_to",
    "Pathway._default_manager.all()",
    "Pathway._default_manager.visible_to(actor)",
    "Pathway._base_manager.all()",
    "PathwayEvent.objects.filter(pathway=pk)",
    "Review.objects.get(pk=pk)",
    "get_object_or_404(Pathway, pk=pk)",
    "get_list_or_404(Pathway)",
    "get_object_or_404(Pathway.objects, pk=pk)",
    "get_object_or_404(Pathway.objects.all(), pk=pk)",
    "manager = Pathway.objects",
    "model = Pathway",
    "class Page(DetailView):\n    model = Pathway",
    "class Form(forms.Form):\n    patient = forms.ModelChoiceField(queryset=Patient.objects.all())",
    "type(found).objects.get(pk=pk)",
    "found.__class__.objects.all()",
    "apps.get_model('pathways', 'Pathway').objects.all()",
    "patient.pathways.all()",
    "found.patient.pathways.filter(organisation_code='RBB')",
    "found.patient.pathways.count()",
    "connection.cursor()",
    "Pathway.objects.raw('SELECT 1')",
    "Pathway.objects.visible_to(Pathway.objects.get(pk=pk))",
    "def view(actor, held=Pathway.objects.all()):\n    return held",
    "[each for each in Pathway.objects.all()]",
    "async def view():\n    return await Pathway.objects.aget(pk=1)",
    "lambda: Patient.objects.first()",
]


@pytest.fixture(scope="module")
def patients():
    return discovered()


def test_the_models_of_patients_are_found_by_themselves(patients):
    assert {"Patient", "Pathway", "PathwayEvent", "CareRelationship", "Review", "Merge"} <= (
        patients.models
    )
    assert not {"Membership", "Organisation", "Entry"} & patients.models
    assert "pathways" in patients.relations
    assert "events" not in patients.relations


@pytest.mark.parametrize("source", GOOD)
def test_what_is_asked_on_somebodys_behalf_passes(patients, source):
    assert faults(IMPORTS + source, patients) == []


@pytest.mark.parametrize("source", BAD)
def test_what_is_asked_on_nobodys_behalf_fails(patients, source):
    found = faults(IMPORTS + source, patients)
    assert found
    assert all(line > 1 for line, _ in found)


@pytest.mark.parametrize(
    "source",
    [
        "from clockstop.service.pathways.models import Pathway as P\nP.objects.all()",
        "from clockstop.service.pathways import models\nmodels.Pathway.objects.all()",
        "from clockstop.service.pathways import models\nget_object_or_404(models.Pathway, pk=1)",
        "from clockstop.service.pathways import models as m\nm.Pathway.objects.all()",
        "import clockstop.service.pathways.models as m\nm.Pathway._base_manager.all()",
        "from clockstop.service.pathways.actions import Pathway\nPathway.objects.all()",
    ],
)
def test_another_name_for_a_model_does_not_help(patients, source):
    assert faults(source, patients)


def test_the_clock_engines_own_pathway_is_no_model(patients):
    source = "from clockstop.core.rtt.reading import Pathway\nPathway(events=())"
    assert faults(source, patients) == []
    source = "from clockstop.core.rtt import reading\nreading.Pathway(events=())"
    assert faults(source, patients) == []


def test_every_file_that_answers_requests_is_read_and_a_new_one_would_be():
    names = {str(file.relative_to(ROOT / "src/clockstop/service")) for file in files()}
    assert {"pathways/views.py", "pathways/review_views.py", "accounts/context.py"} <= names
    assert {"pathways/presenters/reviews.py", "api/endpoints/lists.py"} <= names
    assert "pathways/actions.py" not in names


def test_the_tree_keeps_the_rule():
    run = subprocess.run(
        [sys.executable, "scripts/lint_scoped_queries.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (0, ""), run.stdout + run.stderr


def test_a_file_that_breaks_it_is_named_with_its_line(tmp_path):
    file = tmp_path / "views.py"
    file.write_text(IMPORTS + "\n\ndef view():\n    return Pathway.objects.all()\n")
    run = subprocess.run(
        [sys.executable, "scripts/lint_scoped_queries.py", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert f"{file}:5: Pathway.objects without" in run.stdout

"""``clockstop registry``: loading the register, and looking at it."""

import json

import pytest
from tests.service.stores import clockstop as in_its_own_process
from tests.service.stores import environment

from clockstop.service.registry.models import Organisation


@pytest.mark.django_db
def test_load_tells_what_was_new_and_then_that_nothing_changed(on_story):
    first, second = on_story("registry", "load"), on_story("registry", "load")
    assert first.exit_code == second.exit_code == 0
    assert str(Organisation.objects.count()) in first.stdout
    assert "Done." in first.stdout
    assert "Nothing had changed." in second.stdout


@pytest.mark.django_db
def test_load_as_json(on_story):
    told = json.loads(on_story("registry", "load", "--json").stdout)
    count = Organisation.objects.count()
    assert told["organisations"] == {"new": count, "changed": 0, "unchanged": 0}
    assert (told["written"], told["sites_left_out"]) == (True, 0)


@pytest.mark.django_db
def test_show_says_what_the_page_says(on_story):
    on_story("registry", "load")
    shown = on_story("registry", "show", "rhq")
    assert shown.exit_code == 0
    assert shown.stdout.splitlines()[:4] == [
        "Sheffield Teaching Hospitals",
        "This organisation was taken over by R1X on 20 August 2025.",
        "ODS code: RHQ",
        "Type of organisation: NHS trust",
    ]
    assert "Service: Trauma and orthopaedics (bones, joints and muscles) (C_110)" in shown.stdout
    assert "Site: Northern General Hospital (RHQNG)" in shown.stdout
    assert shown.stdout.endswith("20 August 2025: taken over by R1X (R1X)\n")


@pytest.mark.django_db
def test_a_code_that_is_not_held_is_said_in_one_line(on_story):
    shown = on_story("registry", "show", "ZZZ")
    assert shown.exit_code == 2
    assert shown.stderr == "Error: the register holds no organisation 'ZZZ'\n"


@pytest.mark.django_db
def test_an_empty_lake_is_refused_in_one_line(home, clockstop):
    refused = clockstop("registry", "load")
    assert refused.exit_code == 1
    assert refused.stderr == ("Error: the lake names no organisation; run: clockstop data ingest\n")
    assert not Organisation.objects.exists()


def test_a_store_that_is_not_there_is_refused_in_one_line(tmp_path):
    refused = in_its_own_process("registry", "load", env=environment("", tmp_path / "new home"))
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "run: clockstop database migrate" in refused.stderr

"""What the environment says of the sign-in services, and base settings that are fit to deploy."""

import os
import subprocess
import sys

import pytest

from clockstop.service.accounts.claims import satisfies
from clockstop.service.accounts.providers import patient_service, staff_service

STAFF, PATIENT = "CLOCKSTOP_STAFF_SIGN_IN_", "CLOCKSTOP_PATIENT_SIGN_IN_"


@pytest.fixture
def given(tmp_path):
    """What has to be set, under a prefix."""
    key = tmp_path / "key.pem"
    key.write_text("the key")

    def said(prefix: str, **more: str) -> dict[str, str]:
        needed = {"ISSUER": "https://sign.in.test", "CLIENT_ID": "us", "KEY_FILE": str(key)}
        return {prefix + name: value for name, value in (needed | more).items()}

    return said


@pytest.mark.parametrize("read", [staff_service, patient_service])
def test_what_is_not_set_is_not_there(read):
    assert read({}) is None
    assert read({"CLOCKSTOP_HOME": "/x", STAFF + "ISSUER": "", PATIENT + "ISSUER": ""}) is None


@pytest.mark.parametrize(("read", "prefix"), [(staff_service, STAFF), (patient_service, PATIENT)])
@pytest.mark.parametrize("lacking", ["ISSUER", "CLIENT_ID", "KEY_FILE"])
def test_a_part_alone_is_refused_by_name(given, read, prefix, lacking):
    with pytest.raises(ValueError, match=prefix + lacking):
        read(given(prefix) | {prefix + lacking: ""})


@pytest.mark.parametrize(("read", "prefix"), [(staff_service, STAFF), (patient_service, PATIENT)])
def test_only_signatures_with_two_keys_are_algorithms(given, read, prefix):
    for name in ("ALGORITHM", "ACCEPTED"):
        for wrong in ("none", "HS256"):
            with pytest.raises(ValueError, match=wrong):
                read(given(prefix, **{name: wrong}))


def test_the_defaults_for_staff(given):
    service = staff_service(given(STAFF))
    assert dict(service.levels) == {"authentication_assurance_level": 2, "id_assurance_level": 3}
    assert service.only_its_organisations
    assert (service.algorithm, service.accepted) == ("RS512", ("RS256",))


def test_everything_for_staff_can_be_set(given):
    more = {"AUTHENTICATION_LEVEL": "3", "IDENTITY_LEVEL": "2", "ANY_ORGANISATION": "1"}
    service = staff_service(given(STAFF, **more, ACR_VALUES="AAL3_ANY", ACCEPTED="RS256 RS512"))
    assert dict(service.levels) == {"authentication_assurance_level": 3, "id_assurance_level": 2}
    assert not service.only_its_organisations
    assert service.asked == {"acr_values": "AAL3_ANY"}
    assert service.accepted == ("RS256", "RS512")


def test_the_vectors_for_patients_can_be_set(given):
    assert patient_service(given(PATIENT)).vectors == ("P9.Cp.Cd", "P9.Cp.Ck", "P9.Cm")
    service = patient_service(given(PATIENT, VECTORS="P9.Cp.Cd P9.Cm"))
    assert service.asked == {"vtr": '["P9.Cp.Cd","P9.Cm"]'}


def test_the_key_is_not_printed(given):
    assert "the key" not in repr(staff_service(given(STAFF)))


@pytest.mark.parametrize(
    ("vot", "is_enough"),
    [
        ("P9.Cp.Cd", True),
        ("P9.Cd.Cp", True),
        ("P9.Cp.Cd.Ck", True),
        ("P9.Cm", True),
        ("P9.Cp", False),
        ("P9.Cd", False),
        ("P5.Cp.Cd", False),
        ("P9Cm", False),
        ("", False),
        (None, False),
        (["P9.Cm"], False),
    ],
)
def test_a_trust_that_was_reached_has_all_parts_of_one_that_was_asked_for(vot, is_enough):
    assert satisfies(vot, ("P9.Cp.Cd", "P9.Cm")) is is_enough


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CLOCKSTOP")}
    base = {
        "DJANGO_SETTINGS_MODULE": "clockstop.interfaces.config.settings.base",
        "CLOCKSTOP_SECRET_KEY": "a-long-text-that-only-this-test-knows-0123456789-abcdefgh",
        "CLOCKSTOP_HOSTS": "waits.example.org",
    }
    return subprocess.run(
        [sys.executable, "-c", code],
        env=plain | base | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("prefixes", [(), (STAFF, PATIENT)], ids=["alone", "with both services"])
def test_the_base_settings_are_fit_to_deploy(tmp_path, given, prefixes):
    code = "from django.core.management import execute_from_command_line as run; import sys;"
    code += "run(['x', 'check', '--deploy', '--fail-level', 'DEBUG'])"
    services = {name: value for prefix in prefixes for name, value in given(prefix).items()}
    done = run(code, CLOCKSTOP_HOME=str(tmp_path), **services)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_their_cookies_are_kept_to_this_host_and_to_tls(tmp_path):
    names = "SESSION_COOKIE", "CSRF_COOKIE"
    said = [
        f"settings.{name}_{what}"
        for name in names
        for what in ("NAME", "SECURE", "HTTPONLY", "SAMESITE", "PATH", "DOMAIN")
    ]
    code = f"from django.conf import settings; print({', '.join(said)})"
    done = run(code, CLOCKSTOP_HOME=str(tmp_path))
    assert done.stdout.split() == [
        *("__Host-session", "True", "True", "Lax", "/", "None"),
        *("__Host-csrf", "True", "True", "Lax", "/", "None"),
    ]

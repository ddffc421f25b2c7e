"""The published description of the API, as far as answers are held to it.

It is not part of this repository: CLOCKSTOP_SPECS names the folder that holds it. Without one,
answers are looked at by the tests themselves and not held to the description.
"""

import json
import os
import re
from functools import cache
from pathlib import Path

from jsonschema import Draft4Validator

HELP = "set CLOCKSTOP_SPECS to the folder of the published API documents"
BASE = "/referrals/FHIR"
# Codes of operations that list none for a parameter that is missing or wrong.
UNLISTED = {"GET /referrals/FHIR/STU3/Communication": {"MISSING_PARAMETER", "INVALID_VALUE"}}


def folder():
    named = os.environ.get("CLOCKSTOP_SPECS")
    return Path(named) if named else None


@cache
def document(name="ers"):
    """The description; where it writes ``_baseurl_``, the address of the tests stands."""
    text = (folder() / name / "openapi.bundled.json").read_text(encoding="utf-8")
    return json.loads(text.replace("_baseurl_", f"http://testserver{BASE}"))


def example(path):
    """A published example: ``createReferral/requests/MinimalRequest`` of the older version."""
    return json.loads((folder() / "ers/examples" / f"{path}.json").read_text(encoding="utf-8"))


def hold(response, method, path, name="ers", base=BASE):
    """Nothing about an answer is other than the description says."""
    if folder() is None:
        return
    operation = described(method, path, name, base)
    status = str(response.status_code)
    assert status in operation["responses"], f"{method} {path}: {status} is not documented"
    described_response = resolved(operation["responses"][status], name)
    for header, said in described_response.get("headers", {}).items():
        if resolved(said, name).get("required") and header != "Content-Type":
            assert header in response, f"{method} {path}: {status} lacks {header}"
    content = described_response.get("content")
    if not content:
        return
    kind = response["Content-Type"].replace(" ", "")
    assert kind in {each.replace(" ", "") for each in content}, f"{method} {path}: {kind}"
    if name == "ers":
        hold_codes(response, described_response, f"{method} {path}")
    if kind.endswith("json"):
        errors = validator(method, path, status, kind, name, base).iter_errors(response.json())
        found = [f"{'/'.join(map(str, each.absolute_path))}: {each.message}" for each in errors]
        assert found == [], f"{method} {path}: {status}: {found}"


def hold_codes(response, described_response, which):
    """A refusal gives a code of the table that the description has for this very operation."""
    listed = codes_in(described_response["description"])
    if listed and response.status_code >= 400:
        said = {each["details"]["coding"][0]["code"] for each in response.json()["issue"]}
        listed |= UNLISTED.get(which, set())
        assert said <= listed, f"{which}: {response.status_code}: {said - listed} not listed"


def codes_in(text):
    """The codes of a table in a description."""
    return set(re.findall(r"^\|\s*`?([A-Z_]{4,})`?\s*\|", text, re.MULTILINE))


@cache
def validator(method, path, status, kind, name, base):
    operation = described(method, path, name, base)
    content = resolved(operation["responses"][status], name)["content"]
    return Draft4Validator({**content[kind]["schema"], "components": document(name)["components"]})


@cache
def described(method, path, name, base):
    for pattern, item in document(name)["paths"].items():
        parts = re.split(r"\{\w+\}", pattern)
        regex = "[^/]+".join(re.escape(each) for each in parts)
        if re.fullmatch(regex, path.removeprefix(base)) and method.lower() in item:
            return item[method.lower()]
    raise AssertionError(f"{method} {path} is not described")


def resolved(value, name):
    while "$ref" in value:
        found = document(name)
        for part in value["$ref"].removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        value = found
    return value

"""The OpenAPI document is whole, and the page made from it leads to answers."""

import re

import pytest
from jsonschema import Draft202012Validator

from clockstop.service.api.api import document

OPERATIONS = [
    pytest.param(path, operation, id=f"{method} {path}")
    for path, operations in document()["paths"].items()
    for method, operation in operations.items()
]


def text(response):
    return response.content.decode()


def test_the_document_is_served_as_it_is(client):
    served = client.get("/api/v1/openapi.json").json()
    assert served["openapi"].startswith("3.1")
    assert served["paths"].keys() == document()["paths"].keys()
    assert len(served["paths"]) == 11


def test_every_schema_is_valid_and_every_field_described():
    for name, schema in document()["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        bare = [key for key, each in schema.get("properties", {}).items() if not said(each)]
        assert not bare, f"{name}: {bare}"


def said(field):
    """Whether a field is described, itself or in what it refers to."""
    return "description" in field or any(map(said, field.get("allOf", ())))


def test_every_reference_leads_somewhere():
    names = set(re.findall(r"#/components/schemas/(\w+)", str(document())))
    assert names <= document()["components"]["schemas"].keys()
    assert names


@pytest.mark.parametrize(("path", "operation"), OPERATIONS)
def test_every_operation_is_described(path, operation):
    assert operation["summary"]
    assert operation["description"]
    assert set(re.findall(r"{(\w+)}", path)) == {
        each["name"] for each in operation["parameters"] if each["in"] == "path"
    }
    for parameter in operation["parameters"]:
        assert parameter["description"]
        Draft202012Validator.check_schema(parameter["schema"])


@pytest.mark.parametrize(("path", "operation"), OPERATIONS)
def test_every_answer_is_described(path, operation):
    assert operation["responses"].keys() == {200, 304, 400, 404, 503}
    assert "ETag" in operation["responses"][200]["headers"]
    for status, answer in operation["responses"].items():
        types = {200: ["application/json"], 304: []}
        assert [*answer.get("content", {})] == types.get(status, ["application/problem+json"])


def test_operations_have_names_of_their_own():
    names = [case.values[1]["operationId"] for case in OPERATIONS]
    assert len(set(names)) == len(names)


def test_the_page_names_every_endpoint_and_parameter(client):
    page = text(client.get("/api/"))
    for path, operations in document()["paths"].items():
        assert f"GET {path}" in page
        for parameter in operations["get"]["parameters"]:
            if parameter["in"] != "header":
                assert f"<code>{parameter['name']}</code>" in page


def test_the_examples_on_the_page_work(client):
    page = text(client.get("/api/"))
    examples = re.findall(r'href="(/api/v1/[^"]+)"', page)
    assert len(examples) == 12
    for example in examples:
        assert client.get(example.replace("&amp;", "&")).status_code == 200, example


def test_the_page_is_plain(client):
    response = client.get("/api/")
    assert "`" not in text(response)
    loaded = re.findall(r'<(?:link|script|img)[^>]* (?:href|src)="([^"]+)"', text(response))
    assert all(address.startswith("/static/") for address in loaded)
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/about-the-data/", "/figures/england/"])
def test_the_page_can_be_found(client, path):
    assert 'href="/api/"' in text(client.get(path))


def test_the_root_leads_to_the_page(client):
    assert client.get("/api/v1/")["Location"] == "/api/"

"""The page about the API, made from the OpenAPI document, and the document itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clockstop.service.api.answers import has_already, tag_of, tagged
from clockstop.service.api.api import document

_ROOT = "/api/v1"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as the page lists it."""

    name: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint as the page shows it."""

    path: str
    title: str
    words: str
    parameters: tuple[Parameter, ...]
    example: str


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    context = {"section": "about", "endpoints": [*_endpoints(document())]}
    return render(request, "api/about.jinja", context)


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    tag = tag_of(request)
    if has_already(request, tag):
        return tagged(HttpResponseNotModified(), tag)
    return tagged(JsonResponse(document()), tag)


def _endpoints(made: Mapping[str, Any]) -> Iterator[Endpoint]:
    for path, operations in made["paths"].items():
        get = operations["get"]
        asked = [each for each in get["parameters"] if each["in"] != "header"]
        yield Endpoint(
            path=path,
            title=get["summary"],
            words=get["description"],
            parameters=tuple(_parameter(each, made) for each in asked),
            example=_ROOT + get["x-example"],
        )


def _parameter(asked: Mapping[str, Any], made: Mapping[str, Any]) -> Parameter:
    return Parameter(asked["name"], _kind(asked["schema"], made), asked["description"])


def _kind(schema: Mapping[str, Any], made: Mapping[str, Any]) -> str:
    """What a parameter holds, in words: its values, where there are few."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _kind(made["components"]["schemas"][name], made)
    options = [*schema.get("anyOf", ()), *schema.get("allOf", ())]
    real = [each for each in options if each.get("type") != "null"]
    if real:
        return _kind(real[0], made)
    if schema.get("type") == "array":
        return f"{_kind(schema['items'], made)}; can be repeated"
    if "enum" in schema:
        return ", ".join(schema["enum"])
    return _range(schema) or str(schema.get("format") or _TYPES[schema["type"]])


def _range(schema: Mapping[str, Any]) -> str:
    if "maximum" not in schema:
        return ""
    usual = f", {schema['default']} unless given" if "default" in schema else ""
    return f"{schema['minimum']:,} to {schema['maximum']:,}{usual}"


_TYPES = {"string": "text", "integer": "whole number"}

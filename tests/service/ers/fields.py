"""The fields that the published description lets a caller send, by operation."""

from tests.service.ers.published import document, resolved

_WHOLE = ("valueCoding", "valueIdentifier", "valueReference", "valueCodeableConcept")


def fields_of(operation):
    """Each that carries something, as ``shortlist.entry.item.identifier``.

    A parameter goes by its name. What can have one value alone carries nothing.
    """
    described = document()["paths"][operation.path][operation.method.lower()]
    content = resolved(described["requestBody"], "ers")["content"]
    return dict.fromkeys(_walk(content["application/fhir+json"]["schema"], ""))


def headers_of(operation):
    """The headers of an operation that are none of every operation."""
    described = document()["paths"][operation.path][operation.method.lower()]
    every = {"Authorization", "X-Correlation-ID", "If-Match"}
    every |= {"NHSD-End-User-Organisation-ODS", "NHSD-eRS-Business-Function"}
    every |= {"NHSD-eRS-On-Behalf-Of-User-ID"}
    found = [resolved(each, "ers") for each in described["parameters"]]
    return {each["name"] for each in found if each["in"] == "header"} - every


def _walk(schema, at):
    schema = resolved(schema, "ers")
    for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _walk(each, at)
    if "items" in schema:
        yield from _walk(schema["items"], at)
    properties = schema.get("properties", {})
    named = _name(properties)
    for name, value in properties.items():
        if name in {"name", "url"} and named:
            continue
        if named:
            inner = f"{at}.{named}".lstrip(".")
            yield from _walk(value, inner) if name in {"resource", "extension"} else [inner]
        elif name in {"actor", "coding"}:
            yield from _identified(value, at, name)
        else:
            inner = at if name == "parameter" else f"{at}.{name}".lstrip(".")
            yield from _walk(value, inner)
    if "properties" not in schema and "items" not in schema and at and _says(schema):
        yield at


def _name(properties):
    """By what name a parameter or an extension goes."""
    said = resolved(properties.get("name") or properties.get("url") or {}, "ers")
    (name,) = said.get("enum", [""]) if len(said.get("enum", ())) == 1 else [""]
    return name.rpartition("/")[2]


def _says(schema):
    return len(schema.get("enum", ())) != 1 and not {"anyOf", "oneOf", "allOf"} & schema.keys()


def _identified(value, at, name):
    """An actor goes by the system of its identifier; a coding as a whole."""
    properties = resolved(value, "ers").get("properties", {})
    if name == "actor" and "identifier" in properties:
        system = resolved(properties["identifier"], "ers")["properties"]["system"]["enum"][0]
        yield f"{at}.{system.rpartition('/')[2]}"
        return
    yield at

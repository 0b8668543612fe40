"""How the values of a parameter are described, and the schemas that a document says once, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from dashboard.address.parameters import Parameter
from dashboard.web.api import PROBLEM_NAME, PROBLEM_SCHEMA

Schema = dict[str, Any]
#: A list of more values than these is said once, and where it is needed it is named.
SHORT = 24
#: Codes that are every number of a range.
DENSE = 50


class Components:
    """The schemas that a document says once."""

    def __init__(self) -> None:
        self.schemas: dict[str, Schema] = {PROBLEM_NAME: PROBLEM_SCHEMA}

    def named(self, name: str, schema: Schema) -> Schema:
        """A reference to a schema that is called `name`, or that and a number if another is called so."""
        for turn in count(1):
            key = name if turn == 1 else f"{name}_{turn}"
            if self.schemas.setdefault(key, schema) == schema:
                return {"$ref": f"#/components/schemas/{key}"}
        raise AssertionError  # pragma: no cover

    def one_of(self, name: str, values: Iterable[str]) -> Schema:
        """One of some values: there, if they are few."""
        listed = list(values)
        found = _range(listed) or {"type": "string", "enum": listed}
        return found if "enum" not in found or len(listed) <= SHORT else self.named(name, found)


def _range(values: Sequence[str]) -> Schema:
    """The range that some codes are, if they are all the whole numbers of one."""
    if len(values) < DENSE or not all(value.isascii() and value.isdecimal() and value[:1] != "0" for value in values):
        return {}
    numbers = {int(value) for value in values}
    least, most = min(numbers), max(numbers)
    return {"type": "integer", "minimum": least, "maximum": most} if len(numbers) == most - least + 1 else {}


def several(one: Schema, most: int) -> Schema:
    """From one to `most` values."""
    return {"type": "array", "items": one, "minItems": 1, "maxItems": most}


def described(item: Parameter, schema: Schema, example: object) -> dict[str, Any]:
    """A parameter of a query. Its lists have commas."""
    found = {
        "name": item.name,
        "in": "query",
        "required": False,
        "description": f"{item.title}. {item.sentence}.",
        "schema": schema,
        "example": example,
    }
    return found | ({"style": "form", "explode": False} if schema.get("type") == "array" else {})


def asked_together(
    name: str, words: str, branches: Sequence[Schema], examples: Sequence[Mapping[str, object]]
) -> dict[str, Any]:
    """Parameters of a query that depend on each other, as the properties of an object: each is asked by its own name."""
    schema = branches[0] if len(branches) == 1 else {"type": "object", "anyOf": list(branches)}
    shown = {f"ejemplo_{turn}": {"value": dict(one)} for turn, one in enumerate(examples, 1)}
    return {
        "name": name,
        "in": "query",
        "required": False,
        "style": "form",
        "explode": True,
        "description": words,
        "schema": schema,
        "examples": shown,
    }


def closed(properties: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    """An object with those properties and no others."""
    found: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return found | ({"required": list(needed)} if (needed := tuple(required)) else {})


def titled(item: Parameter, schema: Schema) -> Schema:
    """What a property of an object takes, with its words."""
    return {"title": item.title, "description": f"{item.sentence}.", **schema}


def example_of(schema: Schema, given: Mapping[str, object], components: Components) -> Any:
    """Something that a schema takes: of an object, what is `given` of each property or the first that it lists; of what is no
    object, what is given as "".
    """
    if "$ref" in schema:
        return example_of(components.schemas[schema["$ref"].rpartition("/")[2]], given, components)
    if schema.get("type") == "object":
        needed = schema.get("required") or list(schema["properties"])[:1]
        held = {name: {"": given.get(name)} for name in needed}
        return {name: example_of(schema["properties"][name], held[name], components) for name in needed}
    if schema.get("type") == "array":
        if demands := [one["contains"] for one in (schema, *schema.get("allOf", ())) if "contains" in one]:
            return [demand["const"] if "const" in demand else demand["enum"][0] for demand in demands]
        one = schema.get("items") or schema["anyOf"][-1]["items"]
        return [example_of(one, given, components)]
    value = given.get("")
    if "enum" in schema:
        return value if value in schema["enum"] else schema["enum"][0]
    return schema.get("minimum") if value is None else value

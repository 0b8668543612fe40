"""Linked data, written once as JSON-LD and read from that as Turtle: the same statements in both.

A node is a mapping: "@id" and "@type" as JSON-LD has them, and each property by its prefixed name, with a value or several: text,
another node, or a literal of `literal` or `words`. A node without "@id" has no name of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

Node: TypeAlias = Mapping[str, Any]
Prefixes: TypeAlias = Mapping[str, str]
ID, TYPE, VALUE, LANGUAGE = "@id", "@type", "@value", "@language"
#: What may not be in an address between angle brackets, as Turtle writes it.
UNSAFE = frozenset('<>"{}|^`\\')


def literal(text: object, kind: str) -> Node:
    """A value of a type, by its prefixed name."""
    return {VALUE: str(text), TYPE: kind}


def words(text: str, language: str) -> Node:
    """A text in a language."""
    return {VALUE: text, LANGUAGE: language}


def json_ld(nodes: Sequence[Node], prefixes: Prefixes) -> bytes:
    """Some nodes, with what they name inside them, as JSON-LD."""
    told = {"@context": dict(prefixes), "@graph": list(nodes)}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def turtle(nodes: Sequence[Node], prefixes: Prefixes) -> bytes:
    """The same as Turtle: each node that has a name is told by itself."""
    lines = [f"@prefix {name}: {_iri(address)} ." for name, address in prefixes.items()]
    for node in _named(nodes):
        lines += ["", f"{_iri(node[ID])}\n    {_about(node)} ."]
    return ("\n".join(lines) + "\n").encode()


def _named(nodes: Sequence[Node]) -> Iterator[Node]:
    """Every node with a name that something is said of, at any depth: the outer ones first."""
    for node in nodes:
        if ID in node and len(node) > 1:
            yield node
        for name, found in node.items():
            if not name.startswith("@"):
                yield from _named([item for item in _several(found) if isinstance(item, Mapping)])


def _about(node: Node) -> str:
    said = [f"a {', '.join(_several(node[TYPE]))}"] if TYPE in node else []
    for name, found in node.items():
        if not name.startswith("@") and (values := _several(found)):
            said.append(f"{name} {', '.join(map(_value, values))}")
    return " ;\n    ".join(said)


def _value(value: Any) -> str:
    if not isinstance(value, Mapping):
        return _text(str(value))
    if VALUE in value:
        mark = f"@{value[LANGUAGE]}" if LANGUAGE in value else f"^^{value[TYPE]}"
        return _text(value[VALUE]) + mark
    return _iri(value[ID]) if ID in value else f"[ {_about(value)} ]"


def _several(found: Any) -> Sequence[Any]:
    return found if isinstance(found, list | tuple) else [found]


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # Turtle escapes what JSON does, in the same way


def _iri(address: str) -> str:
    return "<" + "".join(_escaped(letter) if letter in UNSAFE or letter <= " " else letter for letter in address) + ">"


def _escaped(letter: str) -> str:
    return f"%{ord(letter):02X}"

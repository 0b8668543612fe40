"""The part of Solr's language in which CKAN is searched: words, phrases, fields, ranges, parentheses, AND, OR, NOT and signs.

A document is what is said of a dataset: for each field, its values. Without a field, words are searched for in all that is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TypeAlias

from dashboard.web.ckan.asked import BadSearch
from etl.country import fold

Document: TypeAlias = Mapping[str, Sequence[str]]
Matches: TypeAlias = Callable[[Document], bool]
Token: TypeAlias = "re.Match[str]"
#: The field in which words are searched for when none is named, and those whose values are text to search in.
TEXT, IN_TEXT = "text", ("text", "title", "notes")
ALL, ANY = "*:*", "*"
#: The most words and signs of one search.
MOST_TOKENS = 100
TOKENS = re.compile(
    r"""\s*(?:
    [\[{]\s*(?P<least>[^\s\]}]+)\s+TO\s+(?P<most>[^\s\]}]+)\s*[\]}]
    | (?P<open>\() | (?P<close>\))
    | (?P<operator>AND|OR|NOT|&&|\|\|)(?=[\s(]) | (?P<sign>[+\-!])(?=\S)
    | "(?P<phrase>(?:[^"\\]|\\.)*)"(?:[~^][\d.]*)?
    | (?P<field>[A-Za-z_][\w.]*):(?=\S)
    | (?P<word>[^\s()"\[\]{}]+)
    )""",
    re.VERBOSE,
)
BOOST = re.compile(r"[~^][\d.]*$")
ESCAPED = re.compile(r"\\(.)")


def parsed(text: str) -> Matches:
    """Whether a document is one of those that a search asks for. BadSearch if it cannot be understood."""
    text = text.replace(ALL, ANY).strip()
    if not text:
        return lambda document: True
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        found = TOKENS.match(text, place)
        if found is None or len(tokens) >= MOST_TOKENS:
            raise BadSearch(f"Search Query is invalid: {text[:80]!r}")
        tokens.append(found)
        place = found.end()
        place += len(text[place:]) - len(text[place:].lstrip())
    search = _Search(tokens)
    matches = search.alternatives(TEXT)
    if search.next() is not None:
        raise BadSearch("Search Query is invalid: sobra un paréntesis")
    return matches


class _Search:
    """Reads tokens, one after another."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens, self._place = tokens, 0

    def next(self) -> Token | None:
        """The token that comes, which stays there."""
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _taken(self, *names: str) -> bool:
        """Whether one of some operators comes, which is then taken."""
        token = self.next()
        if token is None or token["operator"] not in names:
            return False
        self._place += 1
        return True

    def alternatives(self, field: str) -> Matches:
        """What is asked between ORs."""
        parts = [self._together(field)]
        while self._taken("OR", "||"):
            parts.append(self._together(field))
        return parts[0] if len(parts) == 1 else lambda document: any(part(document) for part in parts)

    def _together(self, field: str) -> Matches:
        parts = [self._one(field)]
        while (token := self.next()) is not None and not token["close"] and token["operator"] not in ("OR", "||"):
            self._taken("AND", "&&")
            parts.append(self._one(field))
        return parts[0] if len(parts) == 1 else lambda document: all(part(document) for part in parts)

    def _one(self, field: str) -> Matches:
        token = self.next()
        if token is None or token["close"] or token["operator"] in ("AND", "OR", "&&", "||"):
            raise BadSearch("Search Query is invalid: falta lo que se busca")
        self._place += 1
        if token["operator"] or token["sign"] in ("-", "!"):
            inner = self._one(field)
            return lambda document: not inner(document)
        if token["sign"]:
            return self._one(field)
        if token["field"]:
            return self._one(token["field"])
        if token["open"]:
            inner = self.alternatives(field)
            closing = self.next()
            if closing is None or not closing["close"]:
                raise BadSearch("Search Query is invalid: falta cerrar un paréntesis")
            self._place += 1
            return inner
        if token["least"]:
            return _between(field, token["least"], token["most"])
        if token["phrase"] is not None:
            return _says(field, ESCAPED.sub(r"\1", token["phrase"]), phrase=True)
        return _says(field, ESCAPED.sub(r"\1", BOOST.sub("", token["word"])), phrase=False)


def _says(field: str, text: str, phrase: bool) -> Matches:
    wanted = fold(text)
    if wanted == ANY and not phrase:
        return lambda document: field == TEXT or bool(document.get(field))
    if field in IN_TEXT:
        if "*" in wanted and not phrase:
            return lambda document: any(fnmatchcase(word, wanted) for word in _folded(document, field).split())
        return lambda document: wanted in _folded(document, field)
    if phrase or not set("*?") & set(wanted):
        return lambda document: any(fold(value) == wanted for value in document.get(field, ()))
    return lambda document: any(fnmatchcase(fold(value), wanted) for value in document.get(field, ()))


def _folded(document: Document, field: str) -> str:
    return fold(" ".join(document.get(field, ())))


def _between(field: str, least: str, most: str) -> Matches:
    """Whether a value is in a range; days and moments compare as text, up to what both say."""
    if "NOW" in (least[:3], most[:3]):
        raise BadSearch("Search Query is invalid: aquí las fechas se escriben con su año, su mes y su día")

    def inside(value: str) -> bool:
        return (least == ANY or value[: len(least)] >= least.rstrip("Z")[: len(value)]) and (
            most == ANY or value[: len(most)] <= most.rstrip("Z")
        )

    return lambda document: any(inside(value) for value in document.get(field, ()))

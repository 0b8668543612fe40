"""What an action of CKAN's API is asked, and what is wrong with it in the words that its clients understand.

Parameters come as the query of an address (all text) or as a JSON object; either way a value is read as what it should be.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

TRUE, FALSE = ("true", "t", "yes", "on", "1"), ("false", "f", "no", "off", "0", "")
#: Bytes of a number that anybody asks for: no longer text is read as one.
LONGEST_NUMBER = 15


class CkanError(Exception):
    """Why an action does not answer: its status, its kind («__type») and what is said of it."""

    status, kind = 400, "Bad Request"

    def said(self) -> dict[str, Any]:
        """The error as clients read it."""
        return {"__type": self.kind, "message": str(self)}


class NotFound(CkanError):
    """There is nothing called so."""

    status, kind = 404, "Not Found Error"


class BadSearch(CkanError):
    """A search that cannot be understood."""

    status, kind = 400, "Search Query Error"


class Invalid(CkanError):
    """A parameter that cannot be honoured: its name, and why."""

    status, kind = 409, "Validation Error"

    def __init__(self, name: str, why: str) -> None:
        self.name, self.why = name, why
        super().__init__(f"{name}: {why}")

    def said(self) -> dict[str, Any]:
        """The error by the name of its parameter, as CKAN's validation says it."""
        return {"__type": self.kind, self.name: [self.why]}


class Asked:
    """The parameters of one action."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given

    @classmethod
    def of_query(cls, pairs: Iterable[tuple[str, str]]) -> Asked:
        """Those in the query of an address; what comes several times is a list."""
        given: dict[str, Any] = {}
        for name, value in pairs:
            given[name] = value if name not in given else [*_listed(given[name]), value]
        return cls(given)

    @classmethod
    def of_body(cls, body: bytes, kind: str) -> Asked:
        """Those in the body of a POST: a JSON object, whatever its media type says, or a form. CkanError when it is neither."""
        if not body.strip():
            return cls({})
        try:
            given = json.loads(body)
        except (ValueError, RecursionError) as error:
            if kind.partition(";")[0].strip().lower() == "application/x-www-form-urlencoded":
                return cls.of_query(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
            raise CkanError("JSON Error: el cuerpo no es un objeto JSON") from error
        if not isinstance(given, dict):
            raise CkanError("JSON Error: el cuerpo tiene que ser un objeto JSON")
        return cls(given)

    def only(self, *names: str) -> None:
        """Raise BadSearch if something is asked for that is not one of some names."""
        unknown = [name for name in self._given if name not in names]
        if unknown:
            raise BadSearch(f"Invalid search parameters: {', '.join(name[:40] for name in unknown)}")

    def has(self, name: str) -> bool:
        """Whether something is said of a parameter."""
        return self._given.get(name) not in (None, "")

    def raw(self, name: str) -> Any:
        """The value as it came; None if it did not."""
        return self._given.get(name)

    def text(self, name: str, default: str = "") -> str:
        """A text."""
        value = self._given.get(name)
        if value is None:
            return default
        if isinstance(value, list | dict):
            raise Invalid(name, "Tiene que ser un texto")
        return readable(name, str(value))

    def needed(self, name: str) -> str:
        """A text that may not be missing."""
        if not self.has(name):
            raise Invalid(name, "Missing value")
        return self.text(name)

    def number(self, name: str, default: int, most: int | None = None) -> int:
        """A whole number from 0; more than `most` is `most`, as CKAN does."""
        if not self.has(name):
            return default
        value = str(self._given[name]).strip()
        if not value.isascii() or not value.isdigit() or len(value) > LONGEST_NUMBER:
            raise Invalid(name, "Tiene que ser un número entero desde 0")
        return int(value) if most is None else min(int(value), most)

    def flag(self, name: str, default: bool = False) -> bool:
        """Yes or no."""
        if name not in self._given:
            return default
        value = str(self._given[name]).strip().lower()
        if value not in TRUE + FALSE:
            raise Invalid(name, "Tiene que ser true o false")
        return value in TRUE

    def listed(self, name: str) -> list[str]:
        """Several texts: a list, one in JSON, or words between commas."""
        value = self._given.get(name)
        if isinstance(value, str) and value.strip().startswith("["):
            value = self.data(name)
        if isinstance(value, str):
            value = [part.strip() for part in value.split(",") if part.strip()]
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise Invalid(name, "Tiene que ser una lista de textos")
        return [readable(name, one) for one in value]

    def listed_whole(self, name: str) -> list[str]:
        """Several texts, each as it is: a list, one in JSON, or a single one."""
        value = self._given.get(name)
        if isinstance(value, str) and not value.strip().startswith("["):
            value = [value]
        return self.listed(name) if not isinstance(value, list) else Asked({name: value}).listed(name)

    def data(self, name: str) -> Any:
        """What is in a parameter as data: as it came, or in JSON."""
        value = self._given.get(name)
        if not isinstance(value, str) or not value.strip():
            return value or None
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            raise Invalid(name, "No es JSON") from None


def readable(name: str, text: str) -> str:
    """A text that can be written; Invalid if it has half a letter or a NUL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Invalid(name, "No es un texto") from None
    if "\0" in text:
        raise Invalid(name, "No es un texto")
    return text


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

"""A TOML file as typed facts: what it must say is a pydantic model, and whatever is wrong is said with its key, in Spanish."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, LiteralString, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from etl.model import Problem
from etl.release import reason

#: Nothing is converted, and a key that is not declared is wrong.
STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)
SAID = "said"
WORDS = {
    "missing": "falta",
    "extra_forbidden": "clave desconocida",
    "string_type": "se esperaba un texto entre comillas",
    "date_type": "se esperaba una fecha AAAA-MM-DD, sin comillas",
    "int_type": "se esperaba un número entero",
    "greater_than_equal": "el número es demasiado pequeño",
    "list_type": "se esperaba una lista entre corchetes",
    "too_short": "no puede estar vacía",
}
OTHER = "se esperaba una tabla con sus claves"
Facts = TypeVar("Facts", bound=BaseModel)


def matching(pattern: str, words: LiteralString) -> AfterValidator:
    """What makes a text be of a form; `words` say what was expected."""

    def check(text: str) -> str:
        if not re.search(pattern, text):
            raise PydanticCustomError(SAID, words)
        return text

    return AfterValidator(check)


def one_of(values: Iterable[str]) -> AfterValidator:
    """What makes a text be one of `values`."""
    known = tuple(values)

    def check(text: str) -> str:
        if text not in known:
            raise PydanticCustomError(
                SAID, "valor desconocido; se esperaba uno de: {known}", {"known": ", ".join(known)}
            )
        return text

    return AfterValidator(check)


Text = Annotated[str, matching(r"\S", "no puede estar vacío")]


def read(path: Path, place: str, shape: type[Facts]) -> Facts | list[Problem]:
    """What the file `path` says, as `shape`, or everything that is wrong with it; `place` names it in problems."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return [Problem(place, None, None, None, "no existe")]
    except OSError as error:
        return [Problem(place, None, None, None, f"no se puede leer el archivo: {reason(error)}")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        return [Problem(place, row, None, None, "el archivo no está en UTF-8: guárdelo así y vuelva a intentarlo")]
    return parsed(text, place, shape)


def parsed(text: str, place: str, shape: type[Facts]) -> Facts | list[Problem]:
    """The same of the text of a file."""
    try:
        facts = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number too long to read is a plain ValueError
        line = re.search(r"at line (\d+)", str(error))
        message = "no es TOML válido: ¿falta una comilla, un corchete o un signo =, o está repetida una clave?"
        return [Problem(place, int(line[1]) if line else None, None, None, message)]
    try:
        return shape.model_validate(facts)
    except ValidationError as error:
        return [_problem(place, item) for item in error.errors(include_url=False)]


def _problem(place: str, error: ErrorDetails) -> Problem:
    kind, given = error["type"], error["input"]
    message = error["msg"] if kind == SAID else WORDS.get(kind, OTHER)
    shown = str(given) if isinstance(given, str | int | float | date) and kind != "missing" else None
    return Problem(place, None, _key(error["loc"]), shown, message)


def _key(path: tuple[str | int, ...]) -> str:
    """A key as a person finds it, the entries of a list counted from 1: `archivos[2].sha256`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        elif part != "[key]":  # what pydantic adds when the wrong thing is the key itself
            text += f".{part}" if text else part
    return text

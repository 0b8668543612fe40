"""How PxWeb's API (version 2) asks for the values of a dimension: codes, patterns, or so many from one end.

`*` is any text and `?` any letter; `top(n)` and `bottom(n)` count from the first and from the last value, after an offset if
there is one, and of a dimension of time from the latest and from the earliest; `from(x)`, `to(x)` and `range(x,y)` follow the
order of the values.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Sequence

#: What selects several: its name and what is inside.
CALL = re.compile(r"(top|bottom|from|to|range)\((.*)\)", re.IGNORECASE)
SEPARATOR = re.compile(r",(?![^()]*\))")
COUNT = re.compile(r"\d{1,7}")
MOST_EXPRESSIONS = 2_000


class NoSuchCode(ValueError):
    """An expression that selects no value."""


def chosen(asked: Sequence[str], codes: Sequence[str], time: bool = False) -> list[str]:
    """The `codes` of a dimension that the expressions `asked` select, in the order of the dimension. NoSuchCode."""
    expressions = [part.strip() for text in asked for part in SEPARATOR.split(text)]
    if not expressions or len(expressions) > MOST_EXPRESSIONS:
        raise NoSuchCode("está vacío" if not expressions else f"toma hasta {MOST_EXPRESSIONS} expresiones")
    found = {code for text in expressions for code in _selected(text, codes, time)}
    return [code for code in codes if code in found]


def _selected(text: str, codes: Sequence[str], time: bool) -> Iterator[str]:
    if call := CALL.fullmatch(text):
        called = _called(call[1].lower(), [part.strip() for part in call[2].split(",")], codes, time, text)
        if not called:  # nothing chosen would be taken for nothing asked
            raise NoSuchCode(f"no elige nada con «{text[:40]}»")
        yield from called
        return
    if text in codes:
        yield text
        return
    found = [code for code in codes if _matches(text, code)] if "*" in text or "?" in text else []
    if not found:
        raise NoSuchCode(f"no tiene «{text[:40]}»")
    yield from found


def _matches(pattern: str, code: str) -> bool:
    """Whether a code is as a pattern says; brackets are letters as any other."""
    return fnmatch.fnmatchcase(code, pattern.replace("[", "[[]"))


def _called(name: str, inside: Sequence[str], codes: Sequence[str], time: bool, text: str) -> Sequence[str]:
    wrong = NoSuchCode(f"no entiende «{text[:40]}»")
    if name in ("top", "bottom"):
        if not 1 <= len(inside) <= 2 or not all(COUNT.fullmatch(part) for part in inside):
            raise wrong
        count, offset = int(inside[0]), int(inside[1]) if len(inside) > 1 else 0
        ordered = list(codes) if (name == "top") != time else list(codes)[::-1]
        return ordered[offset : offset + count]
    if len(inside) != (2 if name == "range" else 1) or any(part not in codes for part in inside):
        raise wrong
    places = [codes.index(part) for part in inside]
    if name == "to":
        return codes[: places[0] + 1]
    return codes[places[0] : places[1] + 1] if name == "range" else codes[places[0] :]

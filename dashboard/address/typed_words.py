"""The words of what a person types, as names of places are compared: in full, folded, by how they sound."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from etl.country import fold

#: Of a text, no more letters and words than these are read.
LONGEST_TEXT, MOST_WORDS = 80, 8
#: No place says a word more than twice: «Jalapa, Jalapa».
MOST_TIMES = 2
#: Words that tell no place from another; and those that begin so many names that alone they do not tell one either.
EMPTY = frozenset(("de", "del", "la", "las", "el", "los", "y", "en"))
SAINTS = frozenset(("san", "santa", "santo"))
#: What people shorten.
WHOLE = {
    "sta": "santa",
    "sto": "santo",
    "sn": "san",
    "cd": "ciudad",
    "pto": "puerto",
    "depto": "departamento",
    "dpto": "departamento",
    "muni": "municipio",
}
#: Letters that sound the same here, in the order in which they are read: «Coatepeke», «Guastatolla».
SOUNDS = (
    ("qu", "k"),
    ("ch", "1"),
    ("ce", "se"),
    ("ci", "si"),
    ("c", "k"),
    ("z", "s"),
    ("v", "b"),
    ("ll", "y"),
    ("h", ""),
)


def words(text: str) -> tuple[str, ...]:
    """The words of a text, folded, in full and without signs: «Sta. Bárbara» is «santa», «barbara»."""
    found = re.sub(r"[^a-z0-9]+", " ", fold(text)).split()[:MOST_WORDS]
    return tuple(WHOLE.get(word, word) for at, word in enumerate(found) if found[:at].count(word) < MOST_TIMES)


def told(found: Sequence[str]) -> tuple[str, ...]:
    """Those of some words that tell a place from another; all of them if none does."""
    return tuple(word for word in found if word not in EMPTY) or tuple(found)


def joined(text: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """A name of several words as it is written together: all of it, and only its first two if it is of a saint."""
    if len(text) > 1:
        yield ("".join(text),)
    if len(text) > 2 and text[0] in SAINTS:
        yield (text[0] + text[1], *text[2:])


def sound(word: str) -> str:
    """How a word sounds."""
    for written, heard in SOUNDS:
        word = word.replace(written, heard)
    return word

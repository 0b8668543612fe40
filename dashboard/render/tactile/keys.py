"""The letters that stand for each name on a map: two of its own, so that who reads may guess it without the key, or one, in the
order of the names, where two do not fit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import product

#: What many names begin with or have between two words: it tells none of them from another.
COMMON = frozenset(("san", "santa", "santo", "sin", "de", "del", "el", "la", "las", "los", "y", "no"))
WORD = re.compile(r"[a-zñ]+")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


#: One letter is enough for as many names as these. The first of the alphabet is a single dot, which says nothing by itself.
SINGLE = LETTERS[1:]


def single(names: Mapping[str, str]) -> dict[str, str]:
    """One letter for each of some names, by code, in the order of the names. ValueError if there are more names than letters."""
    order = sorted(names, key=lambda code: (plain(names[code]), code))
    found = dict(zip(order, SINGLE[: len(order)], strict=True))
    return {code: found[code] for code in names}


def keys(names: Mapping[str, str]) -> dict[str, str]:
    """Two letters without accents for each of some names, by code; no two have the same. The fewer ways there are to choose those
    of a name, the earlier it chooses; equals go in the order of their codes.
    """
    wanted = {code: list(dict.fromkeys(_candidates(name))) for code, name in names.items()}
    found: dict[str, str] = {}
    for code in sorted(wanted, key=lambda one: (len(wanted[one]), one)):
        taken = set(found.values())
        found[code] = next(pair for pair in (*wanted[code], *_any()) if pair not in taken)
    return {code: found[code] for code in names}


def plain(text: str) -> str:
    """A text in small letters without accents, as it is sorted and as its letters are chosen; ñ stays."""
    kept = unicodedata.normalize("NFC", text.lower()).replace("ñ", "\x00")
    bare = "".join(one for one in unicodedata.normalize("NFD", kept) if not unicodedata.combining(one))
    return bare.replace("\x00", "ñ")


def _candidates(name: str) -> Iterator[str]:
    """Pairs of letters of a name, the ones that say most first: those of its first own word, the initials of two words, and the
    first with any other.
    """
    words = [word for word in WORD.findall(plain(name)) if word]
    own = [word for word in words if word not in COMMON] or words
    first = own[0]
    yield first[:2] if len(first) > 1 else first * 2
    yield from (first[0] + other[0] for other in own[1:])
    yield from (first[0] + letter for word in (first[2:], *own[1:]) for letter in word)
    yield from (first[0] + letter for letter in LETTERS)


def _any() -> Iterator[str]:
    return (one + other for one, other in product(LETTERS, LETTERS))

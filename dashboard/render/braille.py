"""Uncontracted Spanish braille: a text as cells, and cells as the ASCII that braille printers (embossers) take.

The signs are those of the code of the Comisión Braille Española (ONCE, Documento técnico B 2), as the table «Spanish,
uncontracted» of liblouis (`es.tbl`) has them: a test asks liblouis itself. Of numbers, as that table does, the sign comes again
after the comma of thousands and after the decimal point. What the code has no sign for is written as its nearest letter, or
left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

#: The first of the 64 six-dot patterns of Unicode: the empty cell.
BLANK = "\u2800"
#: The character of Braille ASCII (North American) of each pattern, in the order of Unicode.
ASCII = " A1B'K2L@CIF/MSP\"E3H9O6R^DJG>NTQ,*5<-U8V.%[$+X!&;:4\\0Z7(_?W]#Y)="
#: The dots of each letter; what is said of more than one cell is joined by «-».
LETTERS = {
    **{
        "a": "1",
        "b": "12",
        "c": "14",
        "d": "145",
        "e": "15",
        "f": "124",
        "g": "1245",
        "h": "125",
        "i": "24",
        "j": "245",
    },
    **{"k": "13", "l": "123", "m": "134", "n": "1345", "o": "135", "p": "1234", "q": "12345", "r": "1235", "s": "234"},
    **{"t": "2345", "u": "136", "v": "1236", "w": "2456", "x": "1346", "y": "13456", "z": "1356", "ñ": "12456"},
    **{"á": "12356", "é": "2346", "í": "34", "ó": "346", "ú": "23456", "ü": "1256"},
}
#: Digits are the first ten letters.
DIGITS = dict(zip("1234567890", (LETTERS[letter] for letter in "abcdefghij"), strict=True))
MARKS = {
    " ": "0",
    ".": "3",
    ",": "2",
    ";": "23",
    ":": "25",
    "-": "36",
    "–": "36",
    "—": "36-36",
    "¿": "26",
    "?": "26",
    "¡": "235",
    "!": "235",
    "(": "126",
    ")": "345",
    '"': "236",
    "«": "236",
    "»": "236",
    "“": "236",
    "”": "236",
    "‘": "236",
    "’": "236",
    "'": "3",
    "…": "3-3-3",
    "*": "35",
    "+": "235",
    "=": "2356",
    "×": "236",
    "÷": "256",
    "±": "235-25-36",
    "/": "6-2",
    "%": "456-356",
    "&": "6-12346",
    "@": "5",
    "$": "456-234",
}
#: Before a capital letter, before a word of two or more of them, and before each run of digits.
CAPITAL, ALL_CAPITALS, NUMBER = "46", "46-46", "3456"
#: What the texts of the site say with a character of its own for the eye.
SAID_AS = str.maketrans({"\u2212": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "·": "-", "•": "-"})
CAPITALS = "A-ZÁÉÍÑÓÚÜ"
#: The capitals in which a word ends, if they are two or more; a letter; a run of digits; any other character.
PARTS = re.compile(f"[{CAPITALS}]{{2,}}(?![a-záéíñóúü])|[{CAPITALS}a-záéíñóúü]|[0-9]+|.", re.DOTALL)


def cells(text: str) -> str:
    """A text as patterns of Unicode, one for each cell."""
    return "".join(_part(part) for part in PARTS.findall(readable(text)))


def ascii_braille(patterns: str) -> str:
    """Patterns of Unicode as Braille ASCII; what is no pattern (the end of a line) stays as it is."""
    return "".join(ASCII[ord(one) - ord(BLANK)] if BLANK <= one < chr(ord(BLANK) + 64) else one for one in patterns)


def dots(pattern: str) -> tuple[int, ...]:
    """The dots of a cell: 1 to 3 down its left column, 4 to 6 down its right one."""
    raised = ord(pattern) - ord(BLANK)
    return tuple(number for number in range(1, 7) if raised >> (number - 1) & 1)


def wrapped(text: str, width: int, indent: int = 0) -> list[str]:
    """A text as lines of patterns, of `width` cells at most; those after the first begin with `indent` empty cells.

    A word that is longer than a line is cut where the line ends.
    """
    lines: list[str] = []
    for word in cells(text).split(BLANK):
        rest = word
        while rest:
            margin = BLANK * indent if lines else ""
            if lines and len(lines[-1]) + 1 + len(rest) <= width:
                lines[-1] += BLANK + rest
                break
            lines.append((margin + rest)[:width])
            rest = rest[width - len(margin) :]
    return lines


def filled(left: str, right: str, width: int) -> str:
    """Two runs of patterns at both ends of a line, with a row of guide dots between them where three or more fit."""
    room = width - len(left) - len(right)
    guide = GUIDE * (room - 2) if room >= 5 else BLANK * max(0, room - 2)
    return f"{left}{BLANK}{guide}{BLANK}{right}"


#: A cell of the row that leads from a name to its figure.
GUIDE = chr(ord(BLANK) + (1 << 4))


def readable(text: str) -> str:
    """A text with nothing but what the code has signs for."""
    return "".join(_known(text.translate(SAID_AS)))


def _known(text: str) -> Iterator[str]:
    for letter in unicodedata.normalize("NFC", text):
        if _has_sign(letter):
            yield letter
        else:
            yield from (one for one in unicodedata.normalize("NFKD", letter) if _has_sign(one))


def _has_sign(letter: str) -> bool:
    return letter.lower() in LETTERS or letter in DIGITS or letter in MARKS


@lru_cache(4096)
def _part(part: str) -> str:
    """What the code writes with one sign before it: capitals, a letter, a run of digits; or another character."""
    if part[0] in DIGITS:
        return _patterns([NUMBER, *(DIGITS[one] for one in part)])
    if part[0].lower() not in LETTERS:
        return _patterns([MARKS[part]])
    if len(part) > 1:
        return _patterns([ALL_CAPITALS, *(LETTERS[one] for one in part.lower())])
    return _patterns([CAPITAL, LETTERS[part.lower()]] if part.isupper() else [LETTERS[part]])


def _patterns(signs: Sequence[str]) -> str:
    return "".join(_pattern(cell) for sign in signs for cell in sign.split("-"))


def _pattern(numbers: str) -> str:
    return chr(ord(BLANK) + sum(1 << (int(number) - 1) for number in numbers if number != "0"))

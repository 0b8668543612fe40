"""What liblouis, the translator of screen readers and braille printers, makes of a text; and reading what the site drew."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Sequence

from dashboard.render.braille import ASCII, BLANK, DIGITS, LETTERS, MARKS
from dashboard.render.tactile.marks import APART, CELL, DOT, Spot

#: Its own table for Spanish without contractions, and how it names cells: as Unicode, or as ASCII of North America.
TABLE, UNICODE, AMERICAN = "es.tbl", "unicode.dis", "en-us-brf.dis"
TRANSLATE = shutil.which("lou_translate")
WITHOUT = "falta liblouis: «make liblouis» lo instala"
#: Each sign by its cells, with the first character that has it.
READ = {signs: letter for letter, signs in reversed({**LETTERS, **MARKS}.items())}
READ_DIGITS = {signs: digit for digit, signs in DIGITS.items()}
LONGEST = 3


def translated(texts: Sequence[str], display: str = UNICODE) -> list[str]:
    """What liblouis makes of some texts, each of a line."""
    assert TRANSLATE, WITHOUT
    asked = "".join(f"{text}\n" for text in texts)
    command = [TRANSLATE, "--forward", f"{display},{TABLE}"]
    return subprocess.run(command, input=asked, text=True, capture_output=True, check=True).stdout.split("\n")[:-1]


def from_ascii(text: str) -> str:
    """Braille ASCII as patterns; the ends of lines and pages stay."""
    return "".join(chr(ord(BLANK) + ASCII.index(one)) if one in ASCII else one for one in text)


def read(patterns: str) -> str:
    """The text of some patterns, as a person reads them: with capitals, and with the numbers without their signs."""
    signs = [
        "".join(str(dot) for dot in range(1, 7) if ord(one) - ord(BLANK) >> (dot - 1) & 1) or "0" for one in patterns
    ]
    found, place, number, capital, capitals = "", 0, False, False, False
    while place < len(signs):
        here = signs[place]
        if here == "3456":
            number = True
        elif number and here in READ_DIGITS:
            found += READ_DIGITS[here]
        elif here == "46":
            capitals, capital = capital, True
            number = False
        else:
            number = False
            for length in range(LONGEST, 0, -1):
                if (joined := "-".join(signs[place : place + length])) in READ:
                    letter = READ[joined]
                    place += length - 1
                    break
            else:
                raise AssertionError(f"no se lee {here} en {found!r}")
            capital, capitals = capital and letter.isalpha(), capitals and letter.isalpha()
            found += letter.upper() if capital else letter
            capital = capitals
        place += 1
    return found


def lines_of(spots: Iterable[Spot], left: float | None = None) -> list[str]:
    """The lines of cells that some dots of braille are, from the top; an empty cell is what nothing is in. Their first cell is at
    `left` or, without it, has a dot in its first column.

    The first dot of a line need not be in the first row of its cell: rows are told by the grid that all lines of a page are in.
    """
    found = list(spots)
    top = min(one.y for one in found) - DOT / 2
    rows: dict[int, list[Spot]] = {}
    for one in found:
        rows.setdefault(int((one.y - DOT / 2 - top + 0.01) // 10), []).append(one)
    return [_line(row, top + 10 * number, left) for number, row in sorted(rows.items())]


def _line(spots: Sequence[Spot], top: float, start: float | None) -> str:
    left = min(one.x for one in spots) - DOT / 2 if start is None else start
    cells: dict[int, int] = {}
    for one in spots:
        cell, rest = divmod(round(one.x - DOT / 2 - left, 2) + 0.01, CELL)
        dot = 3 * round(rest / APART) + round((one.y - DOT / 2 - top) / APART)
        cells[int(cell)] = cells.get(int(cell), 0) | 1 << dot
    return "".join(chr(ord(BLANK) + cells.get(number, 0)) for number in range(max(cells) + 1))

"""Texts as pages for a braille printer: BRF, in Braille ASCII, forty cells by twenty-five lines, a form feed after each page.

That is what embossers and braille displays expect (Library of Congress, Sustainability of Digital Formats, fdd000551). The last
line of a page has its number.
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.render.braille import BLANK, ascii_braille, cells

CELLS, LINES = 40, 25
END_OF_LINE, END_OF_PAGE = "\r\n", "\f"


def brf(blocks: Sequence[Sequence[str]]) -> bytes:
    """Some blocks, each some lines of patterns, as a file. The lines of a block go in one page, if they fit in one."""
    pages: list[list[str]] = [[]]
    for block in blocks:
        if len(pages[-1]) + len(block) >= LINES and len(block) < LINES:
            pages.append([])
        for line in block:
            if len(pages[-1]) == LINES - 1:
                pages.append([])
            if line or pages[-1]:  # a page does not begin with an empty line
                pages[-1].append(line)
    written = "".join(_page(lines, number) for number, lines in enumerate(pages, 1) if lines)
    return ascii_braille(written).encode("ascii")


def _page(lines: Sequence[str], number: int) -> str:
    foot = cells(str(number))
    whole = [*lines, *[""] * (LINES - 1 - len(lines)), BLANK * (CELLS - len(foot)) + foot]
    return END_OF_LINE.join(line.rstrip(BLANK) for line in whole) + END_OF_LINE + END_OF_PAGE

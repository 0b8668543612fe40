"""The draft of an analysis in Markdown (CommonMark, with the tables of GitHub): a text that any editor opens."""

from __future__ import annotations

import re
from typing import BinaryIO

from dashboard.render.report import Grid, Heading, Items, Link, Paragraph, Part, Picture, Report, Spoken, Style

#: What Markdown would take for marks of its own.
MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")
BEGINNING = re.compile(r"^(\d+)(?=[.)](\s|$))|^(?=[+\-])")
WRAPPED = {Style.TO_WRITE: "**", Style.CAPTION: "*", Style.NOTE: "", Style.TEXT: ""}


def write_markdown(report: Report, file: BinaryIO) -> None:
    """Write it, in UTF-8."""
    parts = [f"# {_plain(report.title)}", *map(_part, report.parts)]
    file.write(("\n\n".join(text for text in parts if text) + "\n").encode())


def _part(part: Part) -> str:
    match part:
        case Heading(level, words):
            return f"{'#' * (level + 1)} {_plain(words)}"
        case Paragraph(spoken, style):
            return f"{WRAPPED[style]}{_spoken(spoken)}{WRAPPED[style]}"
        case Items(items):
            return "\n".join(f"- {_spoken(item)}" for item in items)
        case Picture(address, words, _):
            return f"![{_plain(words)}]({_address(address)})"
        case Grid():
            return _grid(part)


def _grid(grid: Grid) -> str:
    rule = ["---:" if number else "---" for number in grid.numbers]
    rows = [[_plain(text) for text in row] for row in (grid.heads, *grid.rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (rows[0], rule, *rows[1:]))


def _spoken(spoken: Spoken) -> str:
    said = [
        f"[{_plain(part.words)}]({_address(part.address)})" if isinstance(part, Link) else _plain(part)
        for part in spoken
    ]
    return "".join(said)


def _plain(text: str) -> str:
    """Words that mean nothing but themselves."""
    return BEGINNING.sub(r"\1\\", MARKS.sub(r"\\\1", " ".join(text.split("\n"))))


def _address(address: str) -> str:
    return f"<{address}>" if re.search(r"[()\s]", address) else address

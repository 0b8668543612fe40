"""What people do to a file, done to the rows of the real padrón, and the kinds of file that come of it."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tests.etl_support import PADRON, SOURCE
from tests.workbook_support import Rows, as_csv, as_xlsx, real_rows

Make = Callable[[], bytes]


@dataclass(frozen=True)
class Case:
    """A kind of file in each format that it can have, and words that must be said of it."""

    words: tuple[str, ...]
    csv: Make | None
    xlsx: Make | None


def both(change: Callable[[Rows], Rows], *words: str) -> Case:
    """The same change in a CSV and in a workbook."""
    return Case(words, lambda: as_csv(change(real_rows())), lambda: as_xlsx(change(real_rows())))


def text(make: Callable[[Rows], bytes], *words: str) -> Case:
    """A kind of CSV."""
    return Case(words, lambda: make(real_rows()), None)


def book(make: Callable[[Rows], bytes], *words: str) -> Case:
    """A kind of workbook."""
    return Case(words, None, lambda: make(real_rows()))


def bytes_of(content: bytes, *words: str) -> Case:
    """Something that is no table, under either name."""
    return Case(words, lambda: content, lambda: content)


# --- Changes ----------------------------------------------------------------------------------------------------------

COUNTS = slice(4, None)


def counts(write: Callable[[int], object], where: slice = COUNTS) -> Callable[[Rows], Rows]:
    """Every count of some columns, written in another way."""

    def change(rows: Rows) -> Rows:
        for row in rows[1:]:
            row[where] = [write(cell) for cell in row[where] if isinstance(cell, int)]
        return rows

    return change


def every(write: Callable[[object], object]) -> Callable[[Rows], Rows]:
    """Every cell under the header, written in another way."""
    return lambda rows: [rows[0], *([write(cell) for cell in row] for row in rows[1:])]


def header(write: Callable[[str], object]) -> Callable[[Rows], Rows]:
    """Every name of the header, written in another way."""
    return lambda rows: [[write(str(name)) for name in rows[0]], *rows[1:]]


def cell(row: int, column: str, value: object) -> Callable[[Rows], Rows]:
    """One cell (rows count from 1, the header is 1)."""

    def change(rows: Rows) -> Rows:
        rows[row - 1][rows[0].index(column)] = value
        return rows

    return change


def above(*titles: list[object]) -> Callable[[Rows], Rows]:
    """Rows over the header."""
    return lambda rows: [*map(list, titles), *rows]


def below(*notes: list[object]) -> Callable[[Rows], Rows]:
    """Rows under the last one."""
    return lambda rows: [*rows, *map(list, notes)]


def total_of(rows: Rows, label: list[object]) -> list[object]:
    """A row that adds up `rows`, whose first four cells are `label`."""
    return [*label, *(sum(row[place] for row in rows) for place in range(4, len(rows[0])))]


def with_total(*label: object, more: int = 0, first: bool = False) -> Callable[[Rows], Rows]:
    """A total row, at the end or under the header; `more` is what its first figure exceeds the sum by."""

    def change(rows: Rows) -> Rows:
        added = total_of(rows[1:], list(label))
        added[4] = int(str(added[4])) + more
        return [rows[0], added, *rows[1:]] if first else [*rows, added]

    return change


def with_subtotals(more: int = 0) -> Callable[[Rows], Rows]:
    """A subtotal under each departamento, and the total at the end; the third subtotal exceeds its sum by `more`."""

    def change(rows: Rows) -> Rows:
        done: Rows = [rows[0]]
        for number, code in enumerate(dict.fromkeys(row[0] for row in rows[1:])):
            group = [row for row in rows[1:] if row[0] == code]
            added = total_of(group, ["", f"TOTAL {group[0][1]}", "", ""])
            added[4] = int(str(added[4])) + (more if number == 2 else 0)
            done += [*group, added]
        return [*done, total_of(rows[1:], ["", "TOTAL GENERAL", "", ""])]

    return change


def every_so_many(number: int, *between: list[object], repeat_header: bool = False) -> Callable[[Rows], Rows]:
    """Something between every `number` rows, as a page break leaves."""

    def change(rows: Rows) -> Rows:
        done: Rows = [rows[0]]
        for place, row in enumerate(rows[1:]):
            if place and place % number == 0:
                done += [list(item) for item in between] + ([list(rows[0])] if repeat_header else [])
            done.append(row)
        return done

    return change


def once(*places: int, first: bool = True) -> Callable[[Rows], Rows]:
    """The value of some columns only in the first row of each run of it; not even there when not `first`."""

    def change(rows: Rows) -> Rows:
        for place in places:
            last: object = None
            for row in rows[1:]:
                row[place], last = (
                    ("" if row[place] == last or (last is None and not first) else row[place]),
                    row[place],
                )
        return rows

    return change


def exchanged(one: int, other: int, *columns: str) -> Callable[[Rows], Rows]:
    """What two rows say in some columns, each in the place of the other."""

    def change(rows: Rows) -> Rows:
        for place in map(rows[0].index, columns):
            rows[one - 1][place], rows[other - 1][place] = rows[other - 1][place], rows[one - 1][place]
        return rows

    return change


def named(one: str, other: str) -> Callable[[Rows], Rows]:
    """Two names of the header, each in the place of the other."""

    def change(rows: Rows) -> Rows:
        first, second = rows[0].index(one), rows[0].index(other)
        rows[0][first], rows[0][second] = rows[0][second], rows[0][first]
        return rows

    return change


def shuffled(rows: Rows) -> Rows:
    """The same columns in another order."""
    order = list(range(len(rows[0])))
    random.Random(8).shuffle(order)
    return [[row[place] for place in order] for row in rows]


def reordered(rows: Rows) -> Rows:
    """The same rows in another order."""
    body = rows[1:]
    random.Random(9).shuffle(body)
    return [rows[0], *body]


def sorted_alone(column: str) -> Callable[[Rows], Rows]:
    """One column sorted and the others not."""

    def change(rows: Rows) -> Rows:
        place = rows[0].index(column)
        for row, value in zip(rows[1:], sorted(row[place] for row in rows[1:]), strict=True):
            row[place] = value
        return rows

    return change


def all_of(*changes: Callable[[Rows], Rows]) -> Callable[[Rows], Rows]:
    """Several changes, one after another."""

    def change(rows: Rows) -> Rows:
        for item in changes:
            rows = item(rows)
        return rows

    return change


def grouped(number: int, sign: str) -> str:
    """A number with its thousands parted."""
    return f"{number:,}".replace(",", sign)


def spaced(name: str) -> str:
    return name.replace("_", " ")


def merged_departamentos(rows: Rows) -> bytes:
    """The departamento, code and name, in one joined cell for all its municipios."""

    def join(workbook: object, sheet: object) -> None:
        start = 1
        for number in range(2, len(rows) + 1):
            if number == len(rows) or rows[number][0] != rows[start][0]:
                for place in (0, 1):
                    if number - 1 > start:
                        sheet.merge_range(start, place, number - 1, place, rows[start][place])
                start = number

    return as_xlsx(once(0, 1)(real_rows()), join)


def hidden_rows(rows: Rows) -> bytes:
    return as_xlsx(
        rows, lambda workbook, sheet: [sheet.set_row(place, None, None, {"hidden": True}) for place in range(5, 40)]
    )


def formulas(rows: Rows, value: object) -> bytes:
    """The total of each row as a formula; `value` tells what is stored as its result."""

    def write(workbook: object, sheet: object) -> None:
        for number, row in enumerate(rows[1:], 2):
            stored = row[4] if value == "right" else value
            sheet.write_formula(number - 1, 4, f"=F{number}+G{number}", None, stored)

    return as_xlsx(rows, write)


def without_stored_values(content: bytes) -> bytes:
    """A workbook whose formulas were never calculated."""
    import re

    return rewritten(
        content, lambda name, part: re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", part) if "sheet1" in name else part
    )


def rewritten(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """A ZIP with every member changed."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return sink.getvalue()


def strict(content: bytes) -> bytes:
    """A workbook as Excel saves «Strict Open XML»."""
    names = (
        (
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    )

    def change(name: str, part: bytes) -> bytes:
        for old, new in names:
            part = part.replace(old, new)
        return part

    return rewritten(content, change)


def archive(**members: bytes) -> bytes:
    """A ZIP of some members; «__» in a name is a folder and «_dot_» a point."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return sink.getvalue()


def ole(stream: str) -> bytes:
    """A file of the old Office, with the name of its stream in its directory."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 1016
        + "Root Entry".encode("utf-16-le")
        + b"\0" * 44
        + stream.encode("utf-16-le")
        + b"\0" * 900
    )


def dates(column: str) -> Callable[[Rows], bytes]:
    """A column that Excel took for dates."""

    def make(rows: Rows) -> bytes:
        place = rows[0].index(column)

        def write(workbook: object, sheet: object) -> None:
            format_ = workbook.add_format({"num_format": "d-mmm"})
            for number in range(1, 30):
                sheet.write_datetime(number, place, date(2026, 1, number), format_)

        return as_xlsx(rows, write)

    return make


def shifted(rows: Rows) -> Rows:
    """Row 10 has a cell more at its beginning."""
    rows[9] = ["", *rows[9]]
    return rows


def typed(cell_: object) -> object:
    return str(cell_)


NUMBERS_AS_TEXT = every(typed)
REAL = (SOURCE / "padron_municipal" / PADRON).read_bytes()

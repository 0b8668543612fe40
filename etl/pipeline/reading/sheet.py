"""An XLSX as its sheets, cell by cell, in little memory: blank rows, however many a format makes, are never kept.

Written on the file itself (ECMA-376) and not on a library, which keeps a row per formatted row and says nothing of joined
cells, hidden rows or formulas without a value.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

from etl.model import Problem
from etl.pipeline.reading.grid import Fraction, Grid, Row, Unreadable
from etl.pipeline.reading.kinds import SAVE_AS, STRICT

#: What a damaged file makes its readers raise.
DAMAGED = (
    zipfile.BadZipFile,
    KeyError,
    IndexError,
    ValueError,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,  # an encrypted member, or compressed in a way that is not known
    zlib.error,
    struct.error,
    expat.ExpatError,
    ElementTree.ParseError,
)
CHUNK = 1 << 20
MOST_COLUMNS, MOST_ROWS = 16_384, 1_048_576
DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
WITH_VALUE = re.compile(rb"<v|<is|<f|</sheetData|<!|<\?")
NUMBERED = re.compile(rb'<row\b[^>]*\br="\d')
REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


def grids(content: bytes, file: str) -> list[Grid]:
    """Every sheet of a workbook, in its order."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return list(_sheets(archive, file))
    except DAMAGED:
        message = "el libro de Excel está dañado o no es un .xlsx: no se puede abrir"
        raise Unreadable(Problem(file, None, None, None, message)) from None


def _sheets(archive: zipfile.ZipFile, file: str) -> Iterator[Grid]:
    place = next(
        (target for kind, target in _related(archive, "").values() if kind.endswith("/officeDocument")),
        "xl/workbook.xml",
    )
    content = archive.read(place)
    if STRICT in content:
        message = f"es un libro de Excel «Open XML estricto»: {SAVE_AS.replace('(.xlsx)', '(.xlsx), sin «estricto»,')}"
        raise Unreadable(Problem(file, None, None, None, message))
    workbook = _parsed(content)
    related = _related(archive, place)
    shared = [target for kind, target in related.values() if kind.endswith("/sharedStrings")]
    styles = [target for kind, target in related.values() if kind.endswith("/styles")]
    strings = _strings(archive, shared[0]) if shared else []
    dates = _date_styles(_parsed(archive.read(styles[0]))) if styles else frozenset()
    settings = _first(workbook, "workbookPr")
    base = (
        datetime(1904, 1, 1)
        if settings is not None and settings.get("date1904") in ("1", "true")
        else datetime(1899, 12, 30)
    )
    for sheet in (item for item in workbook.iter() if _local(item.tag) == "sheet"):
        identifier = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        kind, target = related[identifier]
        if kind.endswith("/worksheet"):
            reader = _Sheet(strings, dates, base)
            with archive.open(target) as stream:
                reader.read(stream)
            hidden = sheet.get("state", "visible") != "visible"
            yield reader.grid(sheet.get("name", ""), hidden)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _first(tree: ElementTree.Element, name: str) -> ElementTree.Element | None:
    return next((item for item in tree.iter() if _local(item.tag) == name), None)


def _parsed(content: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ValueError("no sheet has a document type")
    return ElementTree.fromstring(content)


def _related(archive: zipfile.ZipFile, place: str) -> Mapping[str, tuple[str, str]]:
    """What a part points to: its kind and the name of its member, by identifier."""
    folder, name = posixpath.split(place)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path not in archive.namelist():
        return {}
    return {
        item.get("Id", ""): (
            item.get("Type", ""),
            posixpath.normpath(posixpath.join(folder, item.get("Target", ""))).lstrip("/"),
        )
        for item in _parsed(archive.read(path))
        if item.get("TargetMode") != "External"
    }


def _date_styles(tree: ElementTree.Element) -> frozenset[int]:
    """The numbers of the cell styles that show a number as a date."""
    custom = {
        int(item.get("numFmtId", "0")): _is_date(item.get("formatCode", ""))
        for item in tree.iter()
        if _local(item.tag) == "numFmt"
    }
    used = _first(tree, "cellXfs")
    formats = [int(item.get("numFmtId", "0")) for item in used] if used is not None else []
    return frozenset(place for place, number in enumerate(formats) if custom.get(number, number in DATES))


def _is_date(code: str) -> bool:
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", code)
    return bare.lower() != "general" and bool(re.search(r"[dmyhsDMYHS]", bare))


def _strings(archive: zipfile.ZipFile, member: str) -> list[str]:
    """The shared strings of a workbook; what is only their pronunciation is not text."""
    found: list[str] = []
    with archive.open(member) as stream:
        for _, item in ElementTree.iterparse(stream):
            if _local(item.tag) == "si":
                spoken = {id(part) for run in item if _local(run.tag) == "rPh" for part in run.iter()}
                found.append(
                    "".join(
                        part.text or "" for part in item.iter() if _local(part.tag) == "t" and id(part) not in spoken
                    )
                )
                item.clear()
    return found


# --- One sheet --------------------------------------------------------------------------------------------------------


class _Sheet:
    """Reads the XML of one sheet as it comes, keeping the rows that have something."""

    def __init__(self, strings: list[str], dates: frozenset[int], base: datetime) -> None:
        self.strings, self.dates, self.base = strings, dates, base
        self.rows: list[Row] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.formulas: set[tuple[int, int]] = set()
        self.hidden_rows = 0
        self.row, self.column = 0, -1
        self.row_hidden = False
        self.cells: dict[int, str] = {}
        self.kind = self.style = ""
        self.text: list[str] | None = None
        self.value: str | None = None
        self.formula = self.in_value = False

    def grid(self, name: str, hidden: bool) -> Grid:
        """What was read, as the sheet called `name`."""
        return Grid(
            name,
            self.rows,
            hidden=hidden,
            hidden_rows=self.hidden_rows,
            merged=self.merged,
            formulas=frozenset(self.formulas),
        )

    def read(self, stream: IO[bytes]) -> None:
        """Parse `stream`. Pieces of rows without any value are skipped: a format down to the last row makes a million."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = self._no_document_type
        pending = b""
        while chunk := stream.read(CHUNK):
            pending += chunk
            cut = pending.rfind(b"<row")
            if cut <= 0:
                continue
            piece, pending = pending[:cut], pending[cut:]
            if not (piece.startswith(b"<row") and NUMBERED.match(piece) and not WITH_VALUE.search(piece)):
                parser.Parse(piece, False)
        parser.Parse(pending, True)

    @staticmethod
    def _no_document_type(*_: object) -> None:
        raise ValueError("no sheet has a document type")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            if not 0 < self.row <= MOST_ROWS:
                raise ValueError("row out of the sheet")
            self.row_hidden = attributes.get("hidden") in ("1", "true")
            self.cells, self.column = {}, -1
        elif name in ("v", "t"):
            self.text, self.in_value = [], True
        elif name == "f":
            self.formula = True
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self.column = _place(reference)[1] if reference else self.column + 1
        self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")
        self.value, self.text, self.formula = None, None, False

    def _data(self, text: str) -> None:
        if self.in_value and self.text is not None:
            self.text.append(text)

    def _end(self, tag: str) -> None:
        name = _local(tag)
        if name in ("v", "t") and self.text is not None:
            self.value = (self.value or "") + "".join(self.text) if name == "t" else "".join(self.text)
            self.text, self.in_value = None, False
        elif name == "c":
            if self.value is None:
                if self.formula:
                    self.formulas.add((self.row, self.column))
                    self.cells[self.column] = ""  # so that its row is kept
            elif (text := self._shown(self.value)).strip():
                self.cells[self.column] = text
        elif name == "row" and self.cells:
            cells = [self.cells.get(column, "") for column in range(max(self.cells) + 1)]
            self.rows.append((self.row, cells))
            self.hidden_rows += self.row_hidden

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        top, left = _place(first)
        bottom, right = _place(last or first)
        self.merged.append((top, bottom, left, right))

    def _shown(self, value: str) -> str:
        """A cell as the CSV of the same sheet would write it: a date is ISO, a whole number has no decimals."""
        if self.kind == "s":
            return _unescaped(self.strings[int(value)])
        if self.kind == "b":
            return "true" if value.strip() == "1" else "false"
        if self.kind != "n":
            return _unescaped(value)
        if not value.strip():
            return ""
        number = float(value)
        if int(self.style) in self.dates:
            moment = self.base + timedelta(days=number)
            return f"{moment:%Y-%m-%d}" if number == int(number) else f"{moment:%Y-%m-%d %H:%M:%S}"
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else Fraction(repr(number))


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


_COLUMNS: dict[str, int] = {}


def _place(reference: str) -> tuple[int, int]:
    """Row (from 1) and column (from 0) of a reference: «B3» is (3, 1)."""
    found = REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(f"{reference} is no cell")
    letters = found[1]
    if letters not in _COLUMNS:
        number = 0
        for letter in letters:
            number = 26 * number + ord(letter) - 64
        _COLUMNS[letters] = number - 1
    row, column = int(found[2]), _COLUMNS[letters]
    if column >= MOST_COLUMNS or not 0 < row <= MOST_ROWS:
        raise ValueError(f"{reference} is out of the sheet")
    return row, column

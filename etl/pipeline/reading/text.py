"""A CSV as people save it: UTF-8, Windows-1252 or UTF-16, and the separator of whoever saved it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence

from etl.model import Problem
from etl.pipeline.reading.grid import Grid, Row, Unreadable

SEPARATORS = {",": "coma", ";": "punto y coma", "\t": "tabulador", "|": "barra"}
#: Rows among which the header is looked for to tell the separator.
SAMPLE = 60
#: Beyond ASCII, what a table of Guatemala written in Windows-1252 has: letters of Spanish, French and German, and signs.
EXPECTED_1252 = frozenset("áéíóúüñÁÉÍÓÚÜÑçÇàèìòùâêîôûäëïöÀÈÌÒÙÂÊÎÔÛÄËÏÖ°ºª«»“”‘’–—…¿¡·´€\xa0")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
TRUNCATED = "la fila no termina como CSV (comillas sin cerrar o caracteres extraños): ¿archivo truncado o dañado?"


def grid(content: bytes, file: str, score: Callable[[Sequence[str]], int]) -> Grid:
    """The rows of a text file; `score` says how much a row looks like the header, which tells the separator."""
    text, notices = _decoded(content, file)
    separator, text, told = _separator(text, score)
    rows: list[Row] = []
    number = 0
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1):
            if any(cell.strip() for cell in row):
                rows.append((number, row))
    except csv.Error:
        raise Unreadable(Problem(file, number + 1, None, None, TRUNCATED)) from None
    if separator != ",":
        notices.append(f"las columnas están separadas por {SEPARATORS.get(separator, separator)}")
    elif told:
        notices.append("la primera línea dice el separador («sep=»)")
    return Grid(None, rows, ragged=True, notices=tuple(notices))


def _decoded(content: bytes, file: str) -> tuple[str, list[str]]:
    """The text of a file, and what to say of its encoding when it is not UTF-8."""
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return _text(content.decode("utf-16"), file), ["está en UTF-16"]
        if (half := _looks_like_utf16(content)) is not None:
            return _text(content.decode(half), file), ["está en UTF-16"]
        return _text(content.decode("utf-8-sig"), file), []
    except UnicodeDecodeError as error:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            message = (
                "el archivo está en UTF-16 y está cortado o dañado: guárdelo como «CSV UTF-8» y vuelva a intentarlo"
            )
            raise Unreadable(Problem(file, None, None, None, message)) from None
        _text(content.decode("latin-1"), file)
        row = content[: error.start].count(b"\n") + 1
        line = content.split(b"\n")[row - 1]
        if re.search(rb"[\xc2-\xf4][\x80-\xbf]", content):  # some of it is UTF-8, which nobody writes by chance
            message = "el archivo está en parte en UTF-8 y en parte no: se dañó al copiarlo o al juntar dos archivos"
        else:
            try:
                text = content.decode("cp1252")
            except UnicodeDecodeError:
                text = ""
            if text and {letter for letter in text if ord(letter) > 127} <= EXPECTED_1252:
                return _text(text, file), ["está en Windows-1252"]
            message = (
                "no se reconoce en qué codificación están los acentos (no es UTF-8, UTF-16 ni Windows-1252): "
                "guárdelo como «CSV UTF-8» y vuelva a intentarlo"
            )
        value = _readable(line, error.start - sum(len(one) + 1 for one in content.split(b"\n")[: row - 1]))
        raise Unreadable(Problem(file, row, None, value, message)) from None


def _readable(line: bytes, place: int) -> str:
    """The words around a byte that is not what was expected."""
    return line[max(0, place - 20) : place + 20].decode("cp1252", "replace").strip()


def _looks_like_utf16(content: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of a plain text is zero."""
    start = content[:400]
    if len(start) < 8 or len(content) % 2:
        return None
    half = len(start) // 2
    if start[1::2].count(0) > 0.8 * half:
        return "utf-16-le"
    return "utf-16-be" if start[::2].count(0) > 0.8 * half else None


def _text(text: str, file: str) -> str:
    if found := CONTROL.search(text):
        row = text[: found.start()].count("\n") + 1
        raise Unreadable(
            Problem(file, row, None, None, "el archivo no es texto, o está dañado: tiene bytes que no son letras")
        )
    return text.removeprefix("\ufeff")


def _separator(text: str, score: Callable[[Sequence[str]], int]) -> tuple[str, str, bool]:
    """The separator of `text`, its lines below the one that says it, and whether there was such a line."""
    first, _, rest = text.partition("\n")
    if found := re.fullmatch(r'"?sep=(.)"?[,;\t]*\r?', first, re.IGNORECASE):
        return found[1], rest, True
    lines = text.splitlines(keepends=True)[:SAMPLE]
    best = {separator: max(map(score, _sample(lines, separator)), default=0) for separator in SEPARATORS}
    return max(SEPARATORS, key=lambda separator: best[separator]), text, False


def _sample(lines: Sequence[str], separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=separator))
    except csv.Error:
        return []

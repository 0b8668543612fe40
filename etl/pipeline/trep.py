"""The files of the TREP by polling table, exactly as the TSE publishes them: one CSV, or a ZIP of many.

A file has a preamble (which election, when it was cut, how many actas), a blank line, a header and one row per polling
table. Parties are the columns between PADRÓN and VÁLIDOS, and change from one file to another; `--` is an empty cell. All
files of a delivery become one table with fixed columns (`COLUMNS`), where the votes of the parties are one JSON cell.

The preamble is the file's own control: as many rows as actas, as many counted, and the registered voters and votes of the
counted ones. What does not hold, and every cell that is not what it must be, is one Problem with its place.
"""

from __future__ import annotations

import csv
import difflib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from etl.country import COUNTRY, fold
from etl.model import Column, Kind, Parsed, Problem

EMPTY = ("", "--")
MONTHS = {
    **{"enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8},
    **{"septiembre": 9, "setiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12},
}

# Ours -> the header of the TSE, compared without accents, capitals or the sign between words.
COUNTS = {
    "VALIDOS": "VÁLIDOS",
    "NULOS": "NULOS",
    "BLANCO": "BLANCO",
    "EMITIDOS": "EMITIDOS",
    "INVALIDOS": "INVÁLIDOS",
    "TOTAL": "TOTAL",
    "IMPUGNACIONES": "IMPUGNACIONES",
    "PAPELETAS_RECIBIDAS": "PAPELETAS-RECIBIDAS",
    "PAPELETAS_NO_USADAS": "PAPELETAS-NO-USADAS",
    "VALIDOS_CALCULADO": "VALIDOS_CALCULADO",
    "EMITIDOS_CALCULADO": "EMITIDOS_CALCULADO",
    "TOTAL_CALCULADO": "TOTAL_CALCULADO",
}
NUMBERS = {
    "MESA": "MESA",
    "ID_DEPARTAMENTO": "ID_DEPARTAMENTO",
    "ID_MUNICIPIO": "ID_MUNICIPIO",
    "CENTRO": "CENTRO_DE_VOTACIÓN",
    "PADRON": "PADRÓN",
    "CONTABILIZADA": "CONTABILIZADA",
    **COUNTS,
}
TEXTS = {
    "DEPARTAMENTO": "DEPARTAMENTO",
    "OBSERVACIONES": "OBSERVACIONES",
    "PUBLICADA": "FECHA_HORA_PUBLICACIÓN",
    "DIGITALIZACION": "DIGITALIZACIÓN",
}
NAMES = NUMBERS | TEXTS
OPTIONAL = ("DEPARTAMENTO", "OBSERVACIONES", "DIGITALIZACION", "IMPUGNACIONES")
NEVER_EMPTY = ("MESA", "ID_DEPARTAMENTO", "ID_MUNICIPIO", "CONTABILIZADA")  # the same name here and in the TSE's header
# Of the file, before those of the row.
OF_FILE = ("ARCHIVO", "FILA", "CARGO", "CORTE", "ACTAS_ESPERADAS", "ACTAS_CAPTURADAS")
HEADER = (*OF_FILE, *NAMES, "PARTIDOS")

COLUMNS = (
    Column("ARCHIVO", Kind.TEXTO),
    Column("FILA", Kind.ENTERO),
    Column("CARGO", Kind.TEXTO, nullable=True),
    Column("CORTE", Kind.TEXTO, nullable=True),
    *(Column(name, Kind.ENTERO, nullable=True) for name in ("ACTAS_ESPERADAS", "ACTAS_CAPTURADAS", *NUMBERS)),
    *(Column(name, Kind.TEXTO, nullable=True) for name in (*TEXTS, "PARTIDOS")),
)

# Words of the preamble, most telling first; and the number after the «e» in the name of the file.
OFFICES = {
    "presiden": "presidencia",
    "parlamento": "parlacen",
    "parlacen": "parlacen",
    "dip par": "parlacen",
    "corporacion": "corporacion_municipal",
    "municipal": "corporacion_municipal",
    "distri": "diputados_distritales",
    "dip dist": "diputados_distritales",
    "nacional": "diputados_lista_nacional",
    "dip nac": "diputados_lista_nacional",
}
OFFICE_CODES = {
    "1": "presidencia",
    "2": "diputados_lista_nacional",
    "3": "diputados_distritales",
    "4": "corporacion_municipal",
    "5": "parlacen",
}

#: What `zipfile` raises for a member that is damaged, cut short, encrypted (RuntimeError) or compressed in a way it lacks.
UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError)  # NotImplementedError is a RuntimeError


def parse(content: bytes, file: str) -> Parsed:
    """Every polling table of `content`, whose name is `file`: a CSV of the TREP or a ZIP of them."""
    rows: list[list[str]] = []
    problems: list[Problem] = []
    for name, member in _members(content, file, problems):
        read = _File(name)
        rows += read.rows(member)
        problems += read.problems
    if not rows and not problems:
        problems.append(Problem(file, None, None, None, "no hay ninguna mesa en el archivo"))
    return Parsed(HEADER, list(enumerate(rows, start=1)), tuple(problems))


# --- One file or many -------------------------------------------------------------------------------------------------


def _members(content: bytes, file: str, problems: list[Problem]) -> Iterator[tuple[str, bytes]]:
    """Name and content of each CSV; `problems` gets what cannot be opened."""
    if not content.startswith(b"PK"):
        yield file, content
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError):
        problems.append(Problem(file, None, None, None, "el ZIP está dañado o incompleto: no se puede abrir"))
        return
    chosen = sorted((_readable_name(item), item) for item in archive.infolist() if _is_table(item))
    if not chosen:
        problems.append(Problem(file, None, None, None, "el ZIP no contiene ningún CSV"))
    for name, item in chosen:
        try:
            member = archive.read(item)
        except UNREADABLE:
            message = "este archivo del ZIP está dañado, cifrado o comprimido de otra manera: no se puede leer"
            problems.append(Problem(f"{file}/{name}", None, None, None, message))
        else:
            yield f"{file}/{name}", member


def _is_table(item: zipfile.ZipInfo) -> bool:
    hidden = any(part.startswith((".", "__MACOSX")) for part in item.filename.split("/"))
    return item.filename.lower().endswith(".csv") and not hidden


def _readable_name(item: zipfile.ZipInfo) -> str:
    """The name of a member: some tools write UTF-8 without saying so («4-CORPORACI├ôN»)."""
    if item.flag_bits & 0x800:
        return item.filename
    try:
        return item.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return item.filename


# --- One file ---------------------------------------------------------------------------------------------------------


@dataclass
class _File:
    """Reads one CSV of the TREP; `problems` keeps everything that is wrong with it."""

    name: str
    problems: list[Problem] = field(default_factory=list)

    def rows(self, content: bytes) -> list[list[str]]:
        """The cells of `HEADER` for each polling table; nothing when the file cannot be understood."""
        table = self._table(content)
        start = next((i for i, row in enumerate(table) if row and _plain(row[0]) == "mesa"), None)
        if start is None:
            if not self.problems:
                self._wrong("no es un archivo del TREP por mesa: ninguna fila empieza por MESA")
            return []
        places = self._places(table[start], start + 1)
        if places is None:
            return []
        preamble = _preamble(table[:start])
        of_file = [self._office(preamble), self._cutoff(preamble)]
        of_file += [preamble.get(name, "") for name in ("actas esperadas", "actas capturadas")]
        below = [(number, row) for number, row in enumerate(table[start + 1 :], start + 2) if any(row)]
        read = [(number, self._row(row, number, table[start], places)) for number, row in below]
        if not self.problems:
            self._check_control_totals([cells for _, cells in read], preamble)
        return [
            [self.name, str(number), *of_file, *(cells[name] for name in NAMES), cells["PARTIDOS"]]
            for number, cells in read
        ]

    def _wrong(self, message: str, row: int | None = None, column: str | None = None, value: str | None = None) -> str:
        """Note a problem; returns an empty cell."""
        self.problems.append(Problem(self.name, row, column, value, message))
        return ""

    def _table(self, content: bytes) -> list[list[str]]:
        text = _decoded(content)
        if text is None:
            self._wrong("el archivo no es texto en UTF-8 ni en Windows-1252")
            return []
        table: list[list[str]] = []
        try:
            for row in csv.reader(io.StringIO(text, newline=""), strict=True):
                table.append([cell.strip() for cell in row])
        except csv.Error:
            message = (
                "la fila no termina como CSV (comillas sin cerrar o caracteres extraños): ¿archivo truncado o dañado?"
            )
            self._wrong(message, row=len(table) + 1)
        return table

    def _places(self, header: list[str], row: int) -> dict[str, int] | None:
        """Where each known column is, and each party (by its own name); None when something needed is missing."""
        plain = [_plain(name) for name in header]
        places = {name: plain.index(_plain(tse)) for name, tse in NAMES.items() if _plain(tse) in plain}
        known = {_plain(tse) for tse in NAMES.values()}
        for name, tse in NAMES.items():
            if name not in places and name not in OPTIONAL:
                near = difflib.get_close_matches(_plain(tse), [one for one in plain if one not in known], n=1)
                found = header[plain.index(near[0])] if near else None
                self._wrong("falta la columna" + (f": ¿es «{found}»?" if found else ""), row, tse, found)
        repeated = {name for name in header if name and header.count(name) > 1}
        for name in sorted(repeated):
            self._wrong("la columna está repetida en el encabezado", row, name)
        if self.problems:
            return None
        parties = [i for i in range(places["PADRON"] + 1, places["VALIDOS"]) if plain[i] not in known]
        if not parties or not all(header[i] for i in parties):
            self._wrong("no hay columnas de partidos con nombre entre PADRÓN y VÁLIDOS", row)
            return None
        return {**places, **{f"partido: {header[i]}": i for i in parties}}

    def _row(self, row: list[str], number: int, header: list[str], places: Mapping[str, int]) -> dict[str, str]:
        if len(row) != len(header):
            hint = ": ¿archivo truncado?" if len(row) < len(header) else ""
            last = row[-1] if row else None
            column = header[len(row) - 1] if 0 < len(row) <= len(header) else None
            self._wrong(f"la fila tiene {len(row)} celdas y el encabezado {len(header)}{hint}", number, column, last)
            return dict.fromkeys((*NAMES, "PARTIDOS"), "")
        cells = {name: row[places[name]] if name in places else "" for name in NAMES}
        votes = {name.removeprefix("partido: "): i for name, i in places.items() if name.startswith("partido: ")}
        counts = {name: self._number(row[i], number, name) for name, i in votes.items()}
        return {
            **{name: self._number(cells[name], number, tse) for name, tse in NUMBERS.items()},
            **{name: "" if cells[name] in EMPTY else cells[name] for name in TEXTS},
            "PUBLICADA": self._published(cells["PUBLICADA"], number),
            "PARTIDOS": json.dumps({name: int(n) if n else None for name, n in counts.items()}, ensure_ascii=False),
        }

    def _number(self, cell: str, row: int, column: str) -> str:
        if cell in EMPTY:
            if column in NEVER_EMPTY:
                self._wrong("la celda está vacía", row, column, cell)
            return ""
        if not re.fullmatch(r"\d{1,9}", cell):
            return self._wrong("se esperaba un número entero o «--»", row, column, cell)
        if column == NUMBERS["CONTABILIZADA"] and cell not in ("0", "1"):
            return self._wrong("se esperaba 0 o 1", row, column, cell)
        return cell

    def _published(self, cell: str, row: int) -> str:
        if cell in EMPTY:
            return ""
        try:
            return datetime.strptime(cell, "%d/%m/%Y %H:%M:%S").isoformat() + COUNTRY.utc_offset
        except ValueError:
            return self._wrong("se esperaba una fecha DD/MM/AAAA HH:MM:SS", row, TEXTS["PUBLICADA"], cell)

    def _office(self, preamble: Mapping[str, str]) -> str:
        """What was elected, by the words of the preamble and the number in the name of the file."""
        words = preamble.get("tipo de eleccion", "")
        said = next((office for word, office in OFFICES.items() if word in _plain(words)), None)
        code = re.search(r"_e(\d)(?=d\d|\D|$)", self.name.rsplit("/", 1)[-1])
        named = OFFICE_CODES.get(code.group(1)) if code else None
        if said and named and said != named:
            self._wrong(f"el nombre del archivo dice otra elección ({named})", 1, "TIPO_DE_ELECCIÓN", words)
        if not (said or named):
            self._wrong("no se reconoce qué elección es", 1, "TIPO_DE_ELECCIÓN", words)
        return said or named or ""

    def _cutoff(self, preamble: Mapping[str, str]) -> str:
        words = preamble.get("corte", "")
        found = re.search(r"(\d{1,2}) (?:de )?([a-z]+) (?:de )?(\d{4}) (\d{1,2}):(\d{2})", fold(words))
        try:
            day, month, year, hour, minute = found.groups() if found else ("", "", "", "", "")
            return datetime(int(year), MONTHS[month], int(day), int(hour), int(minute)).isoformat() + COUNTRY.utc_offset
        except (KeyError, ValueError):
            return self._wrong("no se entiende la fecha del corte", 2, None, words)

    def _check_control_totals(self, read: list[dict[str, str]], preamble: Mapping[str, str]) -> None:
        """The rows are as many, and add up to what, the preamble says."""
        counted = [row for row in read if row["CONTABILIZADA"] == "1"]
        said = {name: int(text) for name, text in preamble.items() if text.isdigit()}
        if "actas esperadas" in said and len(read) not in (said["actas esperadas"], said.get("actas capturadas")):
            message = (
                f"el preámbulo dice {said['actas esperadas']} actas y el archivo trae {len(read)}: ¿archivo truncado?"
            )
            self._wrong(message, None, "ACTAS_ESPERADAS", str(said["actas esperadas"]))
            return
        for name, column, total in (
            ("actas contabilizadas", "ACTAS_CONTABILIZADAS", len(counted)),
            ("lista nominal actas contabilizadas", "LISTA_NOMINAL_ACTAS_CONTABILIZADAS", _sum(counted, "PADRON")),
            ("votos emitidos contabilizadas", "VOTOS_EMITIDOS_CONTABILIZADAS", _sum(counted, "EMITIDOS_CALCULADO")),
        ):
            if name in said and said[name] != total:
                self._wrong(
                    f"las mesas del archivo suman {total}: ¿falta o cambió alguna fila?", 4, column, str(said[name])
                )


def _sum(rows: list[dict[str, str]], name: str) -> int:
    return sum(int(row[name] or 0) for row in rows)


def _decoded(content: bytes) -> str | None:
    """Text of a file in UTF-8 or, as spreadsheets save it, Windows-1252; the accents of its header are the witness."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _plain(name: str) -> str:
    """A header to compare: without accents or capitals, words parted by one space."""
    return " ".join(re.split(r"[^a-z0-9]+", fold(name))).strip()


def _preamble(table: list[list[str]]) -> dict[str, str]:
    """Facts of the lines above the header, by their plain name; the line with the date and hour is `corte`."""
    facts: dict[str, str] = {}
    for row, below in zip(table, [*table[1:], []], strict=True):
        first = _plain(row[0]) if row else ""
        if first.startswith("tipo de eleccion"):
            facts["tipo de eleccion"] = " ".join(row[1:])
        elif first.startswith("actas esperadas"):
            facts |= {_plain(name): value for name, value in zip(row, below, strict=False)}
        elif re.search(r"\d{4} \d{1,2}:\d{2}", " ".join(row)):
            facts["corte"] = " ".join(row)
    return facts

"""Files as people make them that are read: the same tables, and what is said of each."""

from __future__ import annotations

from functools import partial

from tests.changes_support import (
    NUMBERS_AS_TEXT,
    Case,
    above,
    all_of,
    below,
    book,
    both,
    cell,
    counts,
    every,
    every_so_many,
    formulas,
    grouped,
    header,
    hidden_rows,
    merged_departamentos,
    once,
    reordered,
    shuffled,
    spaced,
    text,
    with_subtotals,
    with_total,
)
from tests.workbook_support import Rows, as_book, as_csv, as_xlsx

TITLES = (
    ["TRIBUNAL SUPREMO ELECTORAL"],
    ["Estadística de empadronados activos"],
    ["Corte al 12/07/2026", "", 10030374],
)
COVER: Rows = [["Tribunal Supremo Electoral"], ["Contenido", "Hoja"], ["Empadronados por municipio", 2]]

ACCEPTED: dict[str, Case] = {
    # How it was saved.
    "as it is": both(lambda rows: rows),
    "numbers as text": both(NUMBERS_AS_TEXT),
    "semicolon": text(lambda rows: as_csv(rows, ";"), "separadas por punto y coma"),
    "tab": text(lambda rows: as_csv(rows, "\t"), "separadas por tabulador"),
    "bar": text(lambda rows: as_csv(rows, "|"), "separadas por barra"),
    "sep=;": text(lambda rows: as_csv(rows, ";", first="sep=;\r\n"), "separadas por punto y coma"),
    "sep=,": text(lambda rows: as_csv(rows, ",", first="sep=,\r\n"), "sep="),
    "utf-8 with its mark": text(lambda rows: as_csv(rows, encoding="utf-8-sig")),
    "windows-1252": text(lambda rows: as_csv(rows, encoding="cp1252"), "Windows-1252"),
    "utf-16": text(lambda rows: as_csv(rows, encoding="utf-16"), "UTF-16"),
    "utf-16 the other way": text(lambda rows: b"\xfe\xff" + as_csv(rows, encoding="utf-16-be"), "UTF-16"),
    "utf-16 without its mark": text(lambda rows: as_csv(rows, encoding="utf-16-le"), "UTF-16"),
    "unicode text of excel": text(lambda rows: as_csv(rows, "\t", "utf-16"), "UTF-16", "tabulador"),
    "old macintosh lines": text(lambda rows: as_csv(rows).replace(b"\r\n", b"\r")),
    "a workbook called csv": text(as_xlsx, "es un libro de Excel"),
    "excel of Guatemala": text(
        lambda rows: as_csv(counts(lambda n: grouped(n, "."))(rows), ";", "cp1252"),
        "Windows-1252",
        "punto y coma",
        "miles separados por punto",
    ),
    # What is around the table.
    "titles": both(above(*TITLES), "3 filas de título"),
    "a title": both(above(["Empadronados"]), "una fila de título"),
    "titles and blank rows": both(above(*TITLES, [], []), "3 filas de título", "fila 6"),
    "cover sheet": book(lambda rows: as_book({"Portada": COVER, "Datos": rows}), "«Datos»", "no se lee «Portada»"),
    "notes in another sheet": book(
        lambda rows: as_book({"Datos": rows, "Notas": COVER, "Vacía": []}), "«Datos»", "no se lee «Notas»"
    ),
    "hidden sheet": book(
        lambda rows: as_book({"Portada": COVER, "Datos": rows}, lambda made, sheet: sheet.hide()), "hoja oculta «Datos»"
    ),
    "filtered rows": book(hidden_rows, "35 filas ocultas"),
    "formulas with their values": book(partial(formulas, value="right")),
    "total": both(with_total("", "TOTAL", "", ""), "la fila 342 es un total, igual a la suma"),
    "total in another column": both(with_total("", "", "", "Total general"), "es un total"),
    "total among the codes": both(with_total("TOTAL", "", "", ""), "es un total"),
    "total with codes of zero": both(with_total(0, "Total", 0, "Total"), "es un total"),
    "total without words": both(with_total("", "", "", ""), "es un total"),
    "total on top": both(with_total("", "TOTAL REPÚBLICA", "", "", first=True), "la fila 2 es un total"),
    "subtotals": both(with_subtotals(), "son totales, iguales a la suma"),
    "notes": both(
        below(["Fuente: TSE, Departamento de Informática."], ["* Cifras preliminares"], ["Elaborado el 1/10/2026"]),
        "filas de texto sin cifras, que no se leen: filas 342, 343 y 344",
    ),
    "note with commas": both(below(["Nota: cifras de hombres", " mujeres", " y total"]), "filas de texto"),
    "total and notes": both(
        all_of(with_total("", "TOTAL", "", ""), below([], ["Fuente: TSE"])), "es un total", "filas de texto"
    ),
    # What is between the rows.
    "blank rows": both(every_so_many(50, []), "filas en blanco"),
    "rows of spaces": both(every_so_many(100, [" ", "  "]), "filas en blanco"),
    "blank rows at the end": both(below(*[[]] * 400)),
    "header on every page": both(every_so_many(45, repeat_header=True), "el encabezado se repite"),
    "pages": both(every_so_many(45, [], ["Página 2"], repeat_header=True), "el encabezado se repite", "filas de texto"),
    "departamento once": both(once(0, 1), "CODDEP, DEPARTAMENTO: escrito una vez y en blanco debajo"),
    "name of departamento once": both(once(1), "DEPARTAMENTO: escrito una vez"),
    "joined cells": book(merged_departamentos, "celdas combinadas en CODDEP, DEPARTAMENTO"),
    "departamentos once with subtotals": both(
        all_of(with_subtotals(), once(0)), "CODDEP: escrito una vez", "son totales"
    ),
    # The header.
    "header in lower case": both(header(str.lower), "otra forma de escribir el nombre"),
    "header with spaces": both(header(spaced), "otra forma de escribir"),
    "header with line breaks": both(header(lambda name: name.replace("_", "\n")), "otra forma de escribir"),
    "header with spaces around": both(header(lambda name: f" {name} "), "otra forma de escribir"),
    "header in title case": both(header(lambda name: spaced(name).title()), "otra forma de escribir"),
    "header with accents": both(header(lambda name: name.replace("MUNICIPIO", "Munícipio")), "MUNICIPIO"),
    "other order of columns": both(shuffled),
    "other order of rows": both(reordered),
    "more columns": both(lambda rows: [[*rows[0], "CUI", "OBS"], *([*row, "1", "x"] for row in rows[1:])]),
    "blank first column": both(lambda rows: [["", *row] for row in rows]),
    "blank last columns": both(lambda rows: [[*row, "", ""] for row in rows]),
    # The cells.
    "thousands with comma": both(counts(lambda n: grouped(n, ",")), "miles separados por coma"),
    "thousands with point": both(counts(lambda n: grouped(n, ".")), "miles separados por punto"),
    "thousands with space": both(counts(lambda n: grouped(n, " ")), "miles separados por espacio"),
    "thousands with another space": both(counts(lambda n: grouped(n, "\xa0")), "miles separados por espacio"),
    "thousands with thin space": both(counts(lambda n: grouped(n, "\u202f")), "miles separados por espacio"),
    "thousands with apostrophe": both(counts(lambda n: grouped(n, "'")), "miles separados por apóstrofo"),
    "thousands in some columns": both(counts(lambda n: grouped(n, ","), slice(4, 7)), "miles separados por coma"),
    "thousands and zeros": both(counts(lambda n: f"{n:,}.00"), "miles separados por coma"),
    "spaces after": both(every(lambda cell_: f"{cell_}  "), "espacios de más"),
    "spaces that do not break": both(every(lambda cell_: f"\xa0{cell_}\xa0"), "espacios de más"),
    "invisible letters": both(every(lambda cell_: f"\u200b{cell_}\ufeff"), "espacios de más"),
    "decimals of zero": both(counts(lambda n: f"{n}.0"), "con decimales en cero"),
    "decimals of zero with comma": both(counts(lambda n: f"{n},00"), "con decimales en cero"),
    "names in lower case": both(
        lambda rows: [rows[0], *([*row[:3], str(row[3]).lower(), *row[4:]] for row in rows[1:])]
    ),
    "report of a system": both(
        all_of(
            with_total("", "TOTAL", "", ""),
            NUMBERS_AS_TEXT,
            every_so_many(60, [], ["Página"], repeat_header=True),
            header(lambda name: spaced(name).lower()),
            above(*TITLES, []),
            below([], ["Fuente: TSE"]),
        ),
        "3 filas de título",
        "otra forma de escribir",
        "el encabezado se repite",
        "es un total",
        "filas de texto",
    ),
}


def zeros(rows: Rows) -> Rows:
    return [rows[0], *([f"{row[0]:02}", row[1], f"{row[2]:02}", *row[3:]] for row in rows[1:])]


def point_zero(rows: Rows) -> Rows:
    return [rows[0], *([f"{row[0]}.0", row[1], f"{row[2]}.0", *row[3:]] for row in rows[1:])]


def some_zeros(rows: Rows) -> Rows:
    return [
        rows[0],
        *([row[0], row[1], f"{row[2]:02}" if number % 2 else row[2], *row[3:]] for number, row in enumerate(rows[1:])),
    ]


ACCEPTED |= {
    "codes with zeros": both(zeros, "códigos escritos como «01»"),
    "codes with decimals": both(point_zero, "códigos escritos como «1.0»"),
    "some codes with zeros": both(some_zeros, "códigos escritos como"),
    "names with spaces": both(cell(5, "MUNICIPIO", "SAN JOSÉ  DEL GOLFO "), "espacios de más en MUNICIPIO"),
}

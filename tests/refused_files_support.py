"""Files that are refused, and what is said of each."""

from __future__ import annotations

from functools import partial

from tests.changes_support import (
    REAL,
    Case,
    all_of,
    archive,
    book,
    both,
    bytes_of,
    cell,
    counts,
    dates,
    exchanged,
    formulas,
    grouped,
    header,
    named,
    ole,
    once,
    shifted,
    shuffled,
    sorted_alone,
    strict,
    text,
    with_subtotals,
    with_total,
    without_stored_values,
)
from tests.workbook_support import as_book, as_csv, as_xlsx

REFUSED: dict[str, Case] = {
    # Totals and notes.
    "a wrong total": both(
        with_total("", "TOTAL", "", "", more=1), "el total no es la suma de la columna", "diferencia +1"
    ),
    "a wrong subtotal": both(with_subtotals(more=7), "el total no es la suma de la columna", "diferencia +7"),
    "a total cut short": both(lambda rows: [*rows, ["", "TOTAL", "", "", 1003037]], "el total no es la suma"),
    "figures over the header": both(lambda rows: [rows[1], rows[0], *rows[2:]], "hay cifras sobre el encabezado"),
    "a row without codes": both(all_of(cell(7, "CODDEP", ""), cell(7, "CODMUN", ""), cell(7, "DEPARTAMENTO", ""))),
    "a row without anything but figures": both(lambda rows: [*rows, ["", "", "", "", *rows[5][4:]]], "no es la suma"),
    # Numbers that could be two things.
    "thousands in some rows": both(cell(2, "TOTAL", "854,232"), "se esperaba un número entero sin separador de miles"),
    "thousands of two kinds": both(
        all_of(counts(lambda n: grouped(n, ","), slice(4, 5)), counts(lambda n: grouped(n, "."), slice(5, 6))),
        "sin separador de miles",
    ),
    "decimals": both(cell(2, "TOTAL", 854232.5), "se esperaba un número entero"),
    "thousands read as decimals": book(
        lambda rows: as_xlsx(counts(lambda n: n / 1000 if n > 999 else n, slice(4, 5))(rows)),
        "se esperaba un número entero",
    ),
    "no data": both(cell(9, "TOTAL", "n/d"), "valor «n/d»"),
    "a dash": both(cell(9, "TOTAL", "-"), "valor «-»"),
    "a negative": both(cell(9, "TOTAL", -5), "menor que 0"),
    "a negative between parentheses": both(cell(9, "TOTAL", "(5)"), "valor «(5)»"),
    "full-width digits": both(cell(9, "TOTAL", "１２３"), "se esperaba un número entero"),
    "codes in full-width digits": both(cell(9, "CODMUN", "８"), "no tiene la forma de un código"),
    "scientific notation": both(cell(9, "TOTAL", "1E+05"), "valor «1E+05»"),
    "a percentage": both(cell(9, "TOTAL", "12%"), "valor «12%»"),
    "an error of excel": both(cell(9, "TOTAL", "#¡REF!"), "#¡REF!"),
    "a blank cell": both(cell(9, "TOTAL", ""), "la celda está vacía"),
    "a whole blank column": both(counts(lambda n: "", slice(7, 8)), "la celda está vacía"),
    "a letter o for a zero": both(cell(9, "TOTAL", "1O5"), "valor «1O5»"),
    "formulas without values": book(
        lambda rows: without_stored_values(formulas(rows, value=0)), "fórmula sin valor guardado"
    ),
    "formulas with old values": book(partial(formulas, value=7), "la suma no cuadra"),
    "codes turned into dates": book(dates("CODMUN"), "no tiene la forma de un código"),
    "counts turned into dates": book(dates("TOTAL"), "se esperaba un número entero"),
    "codes turned into dates in text": both(cell(9, "CODMUN", "08-ene"), "no tiene la forma de un código"),
    "joined numbers": book(
        lambda rows: as_xlsx(
            all_of(*(cell(row, "TOTAL", "") for row in (5, 6, 7)))(rows),
            lambda made, sheet: sheet.merge_range(3, 4, 6, 4, rows[3][4]),
        ),
        "la celda está vacía",
    ),
    "thousands without quotes": text(
        lambda rows: "\n".join(",".join(map(str, row)) for row in counts(lambda n: grouped(n, ","))(rows)).encode(),
        "celdas",
    ),
    "ten times": both(
        lambda rows: [
            row if row[0] != 5 else [*row[:4], *(10 * n for n in row[4:] if isinstance(n, int))] for row in rows
        ],
        "la suma no es el total oficial",
    ),
    # Places.
    "exchanged codes": both(exchanged(240, 241, "CODMUN"), "y su código es el de", "2 veces"),
    "exchanged names": both(exchanged(240, 300, "MUNICIPIO", "DEPARTAMENTO"), "y su código es el de"),
    "municipios sorted alone": both(sorted_alone("MUNICIPIO"), "y su código es el de"),
    "codes of the institute of statistics": both(
        lambda rows: [[3 if row[0] == 2 else 4 if row[0] == 3 else row[0], *row[1:]] for row in rows],
        "y su código es el de",
    ),
    "a municipio less": both(lambda rows: [*rows[:20], *rows[21:]], "falta el municipio"),
    "twenty municipios less": both(lambda rows: [*rows[:20], *rows[40:]], "falta el municipio", "20 veces"),
    "a municipio twice": both(lambda rows: [*rows, rows[9]], "clave repetida"),
    "a municipio of nowhere": both(
        lambda rows: [*rows, [1, "GUATEMALA", 99, "NUEVO", *rows[9][4:]]], "código desconocido"
    ),
    "departamento once, but for the first": both(once(0, first=False)),
    "accents saved twice": both(
        lambda rows: [
            [c.encode().decode("cp1252", "replace") if isinstance(c, str) else c for c in row] for row in rows
        ],
        "no es ningún municipio conocido",
    ),
    # Columns.
    "women and men exchanged": both(named("TOTAL_MUJERES", "TOTAL_HOMBRES"), "la suma no cuadra"),
    "ages exchanged": both(named("MUJERES_EDAD_18a25", "MUJERES_EDAD_26a30"), "la suma no cuadra"),
    "literacies exchanged": both(named("MUJERES_ALFABETAS", "MUJERES_ANALFABETAS"), "la suma no es el total oficial"),
    "a column less": both(lambda rows: [row[:10] + row[11:] for row in rows], "falta la columna"),
    "a column misspelt": both(
        header(lambda name: name.replace("TOTAL_MUJERES", "TOTAL_MUJRES")), "¿es «TOTAL_MUJRES»?"
    ),
    "a column twice": both(lambda rows: [[*row, row[4]] for row in rows], "repetida en el encabezado"),
    "every column renamed": both(header(lambda name: f"C{abs(hash(name)) % 1000}x"), "ninguna columna es la declarada"),
    "half of the columns": both(lambda rows: [row[:22] for row in rows], "falta la columna", "22 veces"),
    "no header": both(lambda rows: rows[1:], "ninguna columna es la declarada"),
    "a column that was sorted alone": both(sorted_alone("EDAD_18a25"), "la suma no cuadra"),
    "a column moved one row": both(
        lambda rows: [
            rows[0],
            *([*row[:4], other[4], *row[5:]] for row, other in zip(rows[1:], [*rows[2:], rows[1]], strict=True)),
        ],
        "la suma no cuadra",
    ),
    "a row moved one cell": both(shifted, "celdas y el encabezado 44"),
    "another table under it": both(lambda rows: [*rows, [], *shuffled(rows)], "aquí empieza otra tabla"),
    "the same table under it": both(lambda rows: [*rows, [], *rows], "clave repetida"),
    "the same table beside it": both(lambda rows: [[*row, "", *row] for row in rows], "repetida en el encabezado"),
    "two sheets with the table": book(lambda rows: as_book({"Julio": rows, "Agosto": rows}), "«Julio» y «Agosto»"),
    "a hidden sheet with the table": book(
        lambda rows: as_book({"Julio": rows, "Agosto": rows}, lambda made, sheet: sheet.hide()), "«Agosto» (oculta)"
    ),
    # Files.
    "header alone": both(lambda rows: rows[:1], "encabezado pero ninguna fila"),
    "empty": bytes_of(b"", "el archivo está vacío"),
    "an empty workbook": book(lambda rows: as_book({"Hoja1": []}), "el archivo está vacío"),
    "cut short": Case(("fila",), lambda: REAL[:-40], None),
    "a workbook cut short": book(lambda rows: as_xlsx(rows)[:-4000], "dañado"),
    "quotes without end": text(lambda rows: as_csv(rows) + b'22,"JUTIAPA,18', "no termina como CSV"),
    "another encoding": text(lambda rows: as_csv(rows, encoding="cp850"), "no se reconoce en qué codificación"),
    "two encodings": text(lambda rows: as_csv(rows[:100]) + as_csv(rows[100:], encoding="cp1252"), "en parte en UTF-8"),
    "utf-16 cut short": text(lambda rows: as_csv(rows, encoding="utf-16")[:-101], "cortado o dañado"),
    "no text": bytes_of(bytes(range(256)) * 20, "no es"),
    "a workbook in strict form": book(lambda rows: strict(as_xlsx(rows)), "estricto", "guárdelo como"),
    "excel 97": bytes_of(ole("Workbook"), "Excel 97-2003 (.xls)", "guárdelo como"),
    "password": bytes_of(ole("EncryptedPackage"), "protegido con contraseña", "guárdelo sin contraseña"),
    "libreoffice": bytes_of(
        archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_dot_xml=b"<x/>"),
        "(.ods)",
        "guárdelo como",
    ),
    "binary workbook": bytes_of(archive(xl__workbook_dot_bin=b"x"), "(.xlsb)", "guárdelo como"),
    "word": bytes_of(archive(word__document_dot_xml=b"<x/>"), "documento de Word"),
    "zip": bytes_of(archive(padron_dot_csv=REAL), "es un ZIP (con padron.csv)", "descomprímalo"),
    "pdf": bytes_of(b"%PDF-1.7\n" + b"\xe2\xe3\xcf\xd3" * 40, "es un PDF"),
    "page of a system": bytes_of(
        b"<html><body><table><tr><td>CODDEP</td></tr></table></body></html>", "HTML", "guárdelo como"
    ),
    "gzip": bytes_of(b"\x1f\x8b\x08\0" + b"\1" * 50, "comprimido (gzip)"),
    "json": bytes_of(b'[{"CODDEP": 1}]', "JSON"),
}

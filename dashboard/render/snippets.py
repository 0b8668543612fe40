"""How a table is opened in the programs that people have, with its codes as text: «0101» is a municipio, and 101 is none.

Each is written to be copied and run as it is, from the address of the release that never changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from etl.model import Kind, Table

#: What stands for the address of the site where nobody declared it; the pages that have scripts put theirs in its place.
HERE = "https://DIRECCION-DE-ESTE-SITIO"
#: Columns of the row that no program takes for numbers.
NEVER_NUMBERS = ("clave_fuente", "licencia")


@dataclass(frozen=True)
class Snippet:
    """What to do in a program: its name, what is said before, and the code, in a language that has a name."""

    program: str
    words: str
    language: str = ""
    code: str = ""


def codes(table: Table) -> list[str]:
    """The columns that a program which guesses would take for numbers or days: codes, and texts with a pattern."""
    return [
        column.name
        for column in table.columns
        if (column.kind is Kind.CODIGO or (column.kind is Kind.TEXTO and column.pattern))
        and column.name not in NEVER_NUMBERS
    ]


def of_table(table: Table, file: str, workbook: bool) -> tuple[Snippet, ...]:
    """How to open a table whose file is at the address `file` with .parquet, .csv…; with a `workbook` if it has one."""
    return (_excel(file, workbook), _pandas(table, file), _polars(table, file), _r(table, file), _duckdb(table, file))


def of_layers(package: str, layers: Sequence[str], key: str) -> tuple[Snippet, ...]:
    """How to open the layers of a GeoPackage at an address; `key` is the column to join tables by."""
    layer = layers[0]
    return (
        Snippet(
            "QGIS",
            "Capa › Añadir capa › Añadir capa vectorial; tipo de fuente «Protocolo: HTTP(S), nube, etc.» y esta dirección. O, en "
            "la consola de Python de QGIS, las dos líneas. Para unir una tabla, añada su CSV de la misma manera (con el prefijo "
            f"/vsicurl/, QGIS deja todas sus columnas como texto) y únala por {key}.",
            "python",
            f'capa = QgsVectorLayer("/vsicurl/{package}|layername={layer}", "{layer}", "ogr")\n'
            "QgsProject.instance().addMapLayer(capa)",
        ),
        Snippet(
            "Python (geopandas)",
            "Con geopandas 1.0 o posterior:",
            "python",
            f'import geopandas\n\nmapa = geopandas.read_file("/vsicurl/{package}", layer="{layer}")',
        ),
        Snippet("R (sf)", "Con el paquete sf:", "r", f'mapa <- sf::st_read("/vsicurl/{package}", layer = "{layer}")'),
    )


def _excel(file: str, workbook: bool) -> Snippet:
    if workbook:
        words = (
            "Abra el archivo de Excel (XLSX): las columnas de códigos ya son texto. Con el CSV no basta un doble clic: Datos › "
            "Obtener datos › De texto/CSV, origen «65001: Unicode (UTF-8)», delimitador coma y, en «Detección del tipo de "
            "datos», «No detectar tipos de datos». En LibreOffice, al abrir el CSV, marque sus columnas como «Texto»."
        )
    else:
        words = (
            "Tiene demasiadas filas para un libro de Excel cómodo. Del CSV: Datos › Obtener datos › De texto/CSV, origen «65001: "
            "Unicode (UTF-8)», delimitador coma y, en «Detección del tipo de datos», «No detectar tipos de datos»."
        )
    return Snippet("Excel y LibreOffice", words)


def _pandas(table: Table, file: str) -> Snippet:
    types = ", ".join(f'"{name}": "string"' for name in codes(table))
    return Snippet(
        "Python (pandas)",
        "El Parquet lleva los tipos dentro. Del CSV hay que decir cuáles son texto:",
        "python",
        f'import pandas as pd\n\ndatos = pd.read_parquet("{file}.parquet")\n\n'
        f'datos_csv = pd.read_csv("{file}.csv", dtype={{{types}}}, low_memory=False)',
    )


def _polars(table: Table, file: str) -> Snippet:
    types = ", ".join(f'"{name}": pl.String' for name in codes(table))
    return Snippet(
        "Python (polars)",
        "Lo mismo; lee por la dirección solo las partes que hacen falta:",
        "python",
        f'import polars as pl\n\ndatos = pl.read_parquet("{file}.parquet")\n\n'
        f'datos_csv = pl.read_csv("{file}.csv", schema_overrides={{{types}}}, infer_schema_length=None)',
    )


def _r(table: Table, file: str) -> Snippet:
    types = ", ".join(f'{name} = "character"' for name in codes(table))
    classes = f",\n                  colClasses = c({types})" if types else ""
    return Snippet(
        "R",
        "Sin paquetes, del CSV (con el paquete arrow, arrow::read_parquet lee el Parquet):",
        "r",
        f'datos <- read.csv("{file}.csv", encoding = "UTF-8"{classes})',
    )


def _duckdb(table: Table, file: str) -> Snippet:
    types = ", ".join(f"'{name}': 'VARCHAR'" for name in codes(table))
    return Snippet(
        "DuckDB",
        "Por la dirección, sin descargar; en el programa o en su biblioteca de cualquier lenguaje:",
        "sql",
        f"SELECT * FROM read_parquet('{file}.parquet');\n\nSELECT * FROM read_csv('{file}.csv', types = {{{types}}});",
    )

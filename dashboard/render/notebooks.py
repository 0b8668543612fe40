"""Worked analyses of a release as the notebooks that analysts open: each reads what it needs by address, from one release.

They are kept in templates/cuadernos as whoever runs the site on their own machine can use them. Their first code says where the
site is and which release is read: that is all that is filled in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from etl.release import Release

#: Where a site gives them.
PATH = "/analisis/cuadernos/"
FOLDER = Path(__file__).parent / "templates" / "cuadernos"
#: What their code says in a line of its own: where the site is, and which release is read.
FILLED = re.compile(r'^(SITIO|PUBLICACION)( = | <- )".*"$', re.MULTILINE)
#: What every row says of itself, in the tables that the result is made of.
OF_THE_ROW = ("clave_fuente", "corte", "confianza", "licencia")
#: The columns that the notebooks read of each table.
READS: Mapping[str, tuple[str, ...]] = {
    "departamentos": ("codigo_departamento", "departamento"),
    "municipios": ("codigo_municipio", "municipio"),
    "padron_municipal_cortes": ("codigo_municipio", "residencia", "fecha", "empadronados", *OF_THE_ROW),
    "padron_serie_nacional": ("fecha", "ambito", "empadronados"),
    "poblacion_municipal": ("codigo_municipio", "anio", "poblacion", *OF_THE_ROW),
    "empadronados_y_adultos": (
        "fecha_padron", "fecha_base", "base", "edad_minima", "edad_maxima", "empadronados", "adultos", "empadronados_por_100",
        "confianza",
    ),
    "participacion_municipal": (
        "codigo_municipio", "eleccion", "cargo", "empadronados", "votos_validos", "estado_validos", "observacion", *OF_THE_ROW,
    ),
    "censo_2018_pueblo": ("codigo_municipio", "pueblo", "poblacion", *OF_THE_ROW),
    "extranjero": (
        "eleccion", "indicador", "nivel", "sexo", "valor", "valor_texto", "fecha", "naturaleza_etiqueta", "confianza",
        "preferida", "fuente",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Notebook:
    """A notebook: the `name` of its file, the `program` that opens it, what is said of it and its media type."""

    name: str
    program: str
    words: str
    media_type: str


NOTEBOOKS = (
    Notebook(
        "analisis_con_pandas.ipynb",
        "Python (pandas)",
        "Se abre con Jupyter, VS Code o cualquier programa de cuadernos. Necesita Python 3.9 o posterior y pandas.",
        "application/x-ipynb+json",
    ),
    Notebook(
        "analisis_con_r.Rmd",
        "R",
        "Se abre con RStudio. Necesita R 4.0 o posterior y ningún paquete.",
        "text/markdown; charset=utf-8",
    ),
)


def written(notebook: Notebook, address: str, release: str) -> bytes:
    """The file of a notebook that reads the release with a name (or `latest`) from the site at `address`."""
    text = (FOLDER / notebook.name).read_text(encoding="utf-8")
    values = {"SITIO": address, "PUBLICACION": release}

    def filled(code: str) -> str:
        # A text in quotes, with what it has of quotes escaped, is the same in JSON, in Python and in R.
        return FILLED.sub(lambda said: f"{said[1]}{said[2]}{json.dumps(values[said[1]], ensure_ascii=False)}", code)

    return (_in_code(text, filled) if notebook.name.endswith(".ipynb") else filled(text)).encode()


def _in_code(text: str, filled: Callable[[str], str]) -> str:
    """A notebook of Jupyter whose cells of code are `filled`."""
    document = json.loads(text)
    for cell in document["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = filled("".join(cell["source"])).splitlines(keepends=True)
    return f"{json.dumps(document, ensure_ascii=False, indent=1)}\n"


def lacking(release: Release) -> tuple[str, ...]:
    """What the notebooks read and a release does not have, in words: a demonstration has other tables, and older ones fewer
    columns. Empty when they run with it.
    """
    missing = []
    for table, columns in READS.items():
        if (found := release.tables.get(table)) is None:
            missing.append(f"la tabla {table}")
            continue
        known = {column.name for column in found.columns}
        missing += [f"la columna {column} de {table}" for column in columns if column not in known]
    return tuple(missing)

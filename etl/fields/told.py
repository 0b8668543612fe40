"""Columns that every published row has besides its own: what it says of itself."""

from __future__ import annotations

from etl import fields
from etl.model import Field, Kind

#: Between the keys of the sources that one row rests on.
JOINED = " + "
#: What the key of a source ends with when somebody else copied it by hand from what its publisher gave.
TRANSCRIBED = ".transcripcion"

clave_fuente = Field(
    "clave_fuente",
    "Clave de la fuente",
    "De qué fuente es la fila: su clave en la lista de fuentes (hoja «fuentes», fuentes.csv). Si se apoya en varias, van unidas "
    f"por «{JOINED.strip()}»; la que termina en «{TRANSCRIBED}» es la transcripción de un tercero.",
    Kind.CODIGO,
    pattern=r"[a-z0-9_.]+( \+ [a-z0-9_.]+)*",
    english=(
        "Source key",
        "Which source the row is from: its key in the list of sources (sheet “fuentes”, fuentes.csv). If "
        f"it rests on several, they are joined by “{JOINED.strip()}”; one that ends in “{TRANSCRIBED}” is "
        "a transcription by a third party.",
    ),
)
corte = Field(
    "corte",
    "Corte",
    "A qué día corresponden las cifras de la fila. Si la fuente no da el día, el último del mes o del año que da, "
    "o el de la elección si es de ese mes o año.",
    Kind.FECHA,
    english=(
        "Cut-off",
        "Which day the figures of the row are of. If the source does not give the day, the last one of "
        "the month or year it gives, or that of the election if it is in it.",
    ),
)
confianza = fields.described(
    fields.confianza,
    "Cuánto se puede confiar en la fila: la menor de las de sus fuentes.",
    english=("Confidence", "How far the row can be trusted: the least of its sources."),
)
licencia = Field(
    "licencia",
    "Licencia",
    "Con qué licencia se publica la fila (identificador SPDX, si lo tiene). Las de cada fuente están en la lista de fuentes.",
    Kind.CODIGO,
    pattern=r"[A-Za-z0-9.-]+",
    english=(
        "Licence",
        "Licence under which the row is published (SPDX identifier, if it has one). Those of each source "
        "are in the list of sources.",
    ),
)
#: What every row says of itself besides the words of its codes.
ROW = (clave_fuente, corte, confianza, licencia)


def words(base: Field) -> Field:
    """The column that says in words what the codes of `base` are."""
    return Field(
        f"{base.name}_etiqueta",
        f"{base.title}, en palabras",
        f"Lo que quiere decir el código de la columna {base.name}.",
        Kind.TEXTO,
        nullable=base.nullable,
        english=(f"{base.english[0]}, in words", f"What the code in column {base.name} means."),
    )

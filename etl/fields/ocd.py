"""The codes of places in ISO 3166-2 and Open Civic Data. The identifiers of the second follow the rules of its
proposal 2 (OCDEP 2, «Open Civic Data Divisions»).

https://open-civic-data.readthedocs.io/en/latest/proposals/0002.html. A type is one that other countries already use, so they
are in English. The part of a departamento is its code of ISO 3166-2, as other countries of the region have it; that of a
municipio is its name, which is not repeated inside a departamento.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from etl.country import COUNTRY
from etl.model import Field, Kind

#: What the first and the second level are called there.
DEPARTAMENTO, MUNICIPIO = "department", "municipality"
#: The identifier of the whole country.
WHOLE = f"ocd-division/country:{COUNTRY.iso.lower()}"
#: What may be in the part of an identifier besides letters.
OTHERS = frozenset("0123456789.-_~")

codigo_iso = Field(
    "codigo_iso",
    "Código ISO",
    "Código del departamento en ISO 3166-2, el que vale desde el 25 de noviembre de 2021.",
    Kind.CODIGO,
    pattern=rf"{COUNTRY.iso}-[0-9A-Z]{{1,3}}",
    english=("ISO code", "Code of the department in ISO 3166-2, the one valid since 25 November 2021."),
)
codigo_iso_anterior = replace(
    codigo_iso,
    name="codigo_iso_anterior",
    title="Código ISO anterior",
    description="Código del departamento en ISO 3166-2 hasta el 25 de noviembre de 2021: muchos mapas y programas todavía lo "
    "usan.",
    nullable=True,
    english=(
        "Former ISO code",
        "Code of the department in ISO 3166-2 until 25 November 2021: many maps and programs still use it.",
    ),
)
codigo_ocd = Field(
    "codigo_ocd",
    "Identificador OCD",
    "Identificador de la división en Open Civic Data. El departamento lleva las dos cifras de su código ISO; el municipio, su "
    "nombre dentro de su departamento, en minúsculas, con sus acentos y con guion bajo en lugar de espacio.",
    Kind.CODIGO,
    pattern=rf"ocd-division/country:{COUNTRY.iso.lower()}(/[a-z_-]+:[^\s/:]+)+",
    english=(
        "OCD identifier",
        "Identifier of the division in Open Civic Data. The department has the two digits of its ISO "
        "code; the municipality, its name within its department, in lower case, with its accents and an "
        "underscore for each space.",
    ),
)


def part(name: str) -> str:
    """A name as the part of an identifier: in lower case and with its accents, an underscore for each space and a tilde for
    what is neither a letter nor a number: «San José Pinula» is «san_josé_pinula».
    """
    text = unicodedata.normalize("NFC", "_".join(name.split())).lower()
    return "".join(letter if letter.isalpha() or letter in OTHERS else "~" for letter in text)


def of_departamento(iso: str) -> str:
    """The identifier of the departamento with a code of ISO 3166-2: «GT-01» is «…/department:01»."""
    return f"{WHOLE}/{DEPARTAMENTO}:{part(iso.removeprefix(f'{COUNTRY.iso}-'))}"


def of_municipio(departamento: str, name: str) -> str:
    """The identifier of a municipio by the one of its departamento and its own name."""
    return f"{departamento}/{MUNICIPIO}:{part(name)}"

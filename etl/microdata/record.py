"""The declared record of one citizen: its columns, the values each may hold, and why a row is rejected.

Ages are completed years on the cut-off date (Ley Electoral y de Partidos Políticos, Decreto 1-85: citizens of 18 and
over).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date

import pandas as pd

from etl import fields
from etl.country import COUNTRY
from etl.cubes.declared import SIN_DATO

IDENTIFICADOR = "identificador"
REQUIRED = (IDENTIFICADOR, "sexo", "municipio")
AGE = ("fecha_nacimiento", "edad")  # one of the two
#: The population groups that a record says itself, each with a closed list of words: a new group is one more.
CODED = tuple(name for name in fields.POPULATION_GROUP if name not in ("grupo_edad", "area", "residencia"))
OPTIONAL = (
    *(name for name in CODED if name != "sexo"),
    "pais_residencia",
    "estado_residencia",
    "ciudad_residencia",
    "departamento_origen",
    "mesa",
)
COLUMNS = (*REQUIRED, *AGE, *OPTIONAL)
ABROAD = (COUNTRY.abroad, COUNTRY.abroad_in_trep)  # CODDEP of residents abroad
#: Columns that only who lives abroad must fill.
OF_ABROAD = ("pais_residencia", "estado_residencia", "departamento_origen")
OTRA_CIUDAD = "otra"
MAXIMUM_AGE = 120
MAXIMUM_MESA = 99_999

# Values that mean nothing was written, folded; «\\n» is how PostgreSQL and Hive write NULL in a file.
BLANKS = (
    *("", "-", "--", ".", "null", "(null)", "none", "nan", "na", "n/a", "#n/a", "#n/d", "n/d", "nd", "s/d", "\\n"),
    *("sin dato", "sin datos", "sin informacion", "ignorado", "ignorada", "desconocido", "no indica", "no indicado"),
    *("no declara", "no declarado", "no especificado", "no especificada", "no sabe", "no responde", "ns/nr"),
)
#: Answers that are no Mayan community: what is published of them depends on the pueblo («no aplica», or no answer).
NO_COMMUNITY = (
    *("no aplica", "n.a.", "ninguna", "ninguno", "no pertenece", "otra", "otro", "ladino", "ladina", "xinka", "xinca"),
    *("garifuna", "espanol", "castellano", "ingles", "extranjera", "extranjero"),
)

# First completed year of each group, by code: «70 y más» is 70 and over, so «66 a 70» ends at 69.
FIRST_AGES = {group: int(group.split("_")[0]) for group in fields.GRUPOS_EDAD}

NOT_DECLARED = "el valor de «{}» no es ninguno de los declarados"
REASONS = {
    "identificador_vacio": "el identificador está vacío",
    "identificador_repetido": "el identificador ya está en otra fila",
    "sexo_vacio": "el sexo está vacío",
    "sexo_desconocido": NOT_DECLARED.format("sexo"),
    "edad_vacia": "la fecha de nacimiento o la edad está vacía",
    "edad_invalida": "la fecha de nacimiento o la edad no se puede leer con el formato declarado",
    "nacimiento_posterior": "la fecha de nacimiento es posterior a la de corte",
    "menor_de_edad": "la persona no ha cumplido 18 años en la fecha de corte",
    "edad_imposible": f"la persona tendría más de {MAXIMUM_AGE} años",
    "municipio_vacio": "el código de municipio está vacío",
    "municipio_desconocido": "el código de municipio no está en el catálogo del TSE",
    "voto_desconocido": "no se entiende si la persona votó",
    "fila_corta": "la fila es más corta que el ancho declarado",
    "fila_danada": "la fila no tiene tantas celdas como el encabezado, o está mal escrita",
}


def folded(text: str) -> str:
    """`text` as values are compared: without accents, apostrophes, capitals or spaces around.

    It is not `etl.country.fold`, because the statement must fold the same inside any database: character by character,
    with neither compatibility forms («º») nor spaces inside changed.
    """
    kept = "".join(c for c in unicodedata.normalize("NFD", text.strip().lower()) if not unicodedata.combining(c))
    return "".join(c for c in kept if c not in APOSTROPHES)


# Windows-1252's ’ read as Latin-1 is U+0092: files in either encoding give the same words.
APOSTROPHES = "'’‘ʼ´`\u0092\u0091"
ACCENTED = "ÁÉÍÓÚÜÑÀÈÌÒÙÄËÏÖÂÊÎÔÛÃÕÇÅÝáéíóúüñàèìòùäëïöâêîôûãõçåý"
UNACCENTED = "aeiouunaeiouaeioaeiouaocay" * 2


def _variants(code: str, label: str) -> set[str]:
    """The ways a value is written by default: its code, its label, with spaces or underscores."""
    return {folded(item) for item in (code, code.replace("_", " "), label)}


def _words(labels: Mapping[str, str], **more: tuple[str, ...]) -> dict[str, str]:
    words = {word: code for code, label in labels.items() for word in _variants(code, label)}
    return words | {folded(word): code for code, others in more.items() for word in others}


def _endings(*stems: str) -> tuple[str, ...]:
    """Each stem for women, for men, for both at once and for several: ladina, ladino, ladina(o), ladino/a, ladinos."""
    endings = ("a", "o", "as", "os", "a(o)", "o(a)", "a/o", "o/a", "(a)", "(o)")
    return tuple(stem + ending for stem in stems for ending in endings)


# «M» is left out of sexo on purpose: it is women in some extracts and men in others; the layout must say.
VALUES: dict[str, dict[str, str]] = {
    **{name: _words(fields.POPULATION_GROUP[name].labels or {}) for name in CODED},
    "sexo": _words(
        fields.SEXOS,
        mujeres=("f", "fem", "mujer", "femenino", "femenina"),
        hombres=("h", "masc", "hombre", "masculino", "masculina", "varon", "varones"),
    ),
    "alfabetismo": _words(
        fields.ALFABETISMOS,
        alfabeta=(
            *_endings("alfabet"),
            "alfabetizado",
            "alfabetizada",
            "sabe leer y escribir",
            "sabe leer",
            "lee y escribe",
            "si sabe leer y escribir",
            "si lee y escribe",
        ),
        analfabeta=(
            *_endings("analfabet"),
            "no alfabeta",
            "no sabe leer y escribir",
            "no sabe leer ni escribir",
            "no lee ni escribe",
            "no lee y escribe",
            "no sabe leer",
        ),
    ),
    "pueblo": _words(
        fields.PUEBLOS,
        maya=("mayas", "pueblo maya"),
        garifuna=("garifunas", "garinagu", "garifuno"),
        xinka=("xinca", "xinkas", "xincas"),
        ladino=(*_endings("ladin", "mestiz"), "ladino/mestizo", "mestizo/ladino", "ladino o mestizo"),
        afrodescendiente=(
            "creole",
            *_endings("afromestiz"),
            "afrodescendientes",
            "afrodescendiente/creole/afromestizo",
            "afrodescendiente / creole / afromestizo",
            "afro",
            "afroguatemalteco",
            "afroguatemalteca",
        ),
        extranjera=_endings("extranjer"),
    ),
    # The census's spelling first; then the Academy's with «-ko», and the older Spanish ones of identity documents.
    "comunidad_linguistica": _words(
        fields.COMUNIDADES_LINGUISTICAS,
        akateka=("akateko", "acateco", "acateca"),
        awakateka=("awakateko", "aguacateco", "aguacateca", "awacateco"),
        chalchiteka=("chalchiteko", "chalchiteco", "chalchiteca"),
        itza=("itzaj", "maya itza"),
        jakalteka=(
            "jakalteko /popti",
            "jakalteko/popti",
            "jakalteko / popti",
            "jakalteka/popti",
            "jakalteka / popti",
            "popti",
            "popti (jakalteko)",
            "popti (jakalteka)",
            "jakalteko (popti)",
            "jakalteko",
            "jacalteco",
            "jacalteca",
        ),
        kiche=("quiche",),
        kaqchikel=("cakchiquel", "kakchiquel", "cakchikel", "kaqchiquel", "caqchikel"),
        mam=("mame",),
        mopan=("maya mopan",),
        poqomam=("pocomam", "pokomam", "poqomam central", "poqomam oriental"),
        poqomchi=("pocomchi", "pokomchi", "pocomchii"),
        qanjobal=("kanjobal", "canjobal"),
        qeqchi=("kekchi", "quekchi", "ketchi"),
        sakapulteka=("sakapulteko", "sacapulteco", "sacapulteca"),
        sipakapense=("sipacapense", "sipakapeno", "sipacapeno", "sipakapeko"),
        tektiteka=("tektiteko", "tectiteco", "tectiteca", "teko", "teco"),
        tzutujil=("tzutuhil", "zutujil", "zutuhil"),
        uspanteka=("uspanteko", "uspanteco", "uspanteca"),
    ),
    "voto": {
        "si": "1",
        "s": "1",
        "1": "1",
        "true": "1",
        "t": "1",
        "voto": "1",
        "no": "0",
        "n": "0",
        "0": "0",
        "false": "0",
        "f": "0",
        "no voto": "0",
    },
}
ALLOWED: dict[str, tuple[str, ...]] = {
    **{name: (*(fields.POPULATION_GROUP[name].labels or {}), SIN_DATO) for name in CODED},
    "sexo": tuple(fields.SEXOS),
    "voto": ("1", "0", SIN_DATO),
}

# --- Places abroad ----------------------------------------------------------------------------------------------------

ESTADOS_UNIDOS, OTRO_PAIS = "US", "ZZ"
NAMES_OF_US = (
    *(
        "US",
        "USA",
        "U.S.",
        "U.S.A.",
        "EUA",
        "E.U.A.",
        "EU",
        "E.U.",
        "EEUU",
        "EE UU",
        "EE.UU.",
        "EE. UU.",
        "EE.UU",
        "EE. UU",
    ),
    *("Estados Unidos", "Los Estados Unidos", "Estados Unidos de América", "Estados Unidos de Norteamérica"),
    *("Estados Unidos de Norte América", "Estados Unidos (EE. UU.)", "Estados Unidos (EE.UU.)", "Norteamérica"),
    *("United States", "United States of America"),
)


def country_words() -> dict[str, str]:
    """Folded names of the United States to their code: whatever else is written is another country (ZZ)."""
    return {folded(name): ESTADOS_UNIDOS for name in NAMES_OF_US}


def state_words(states: pd.DataFrame) -> dict[str, str]:
    """Folded codes and names, in Spanish and English, of the states in the catalogue (estados_eeuu) to their code."""
    names = states[["codigo_estado", "estado", "estado_ingles"]]
    return {folded(name): row[0] for row in names.itertuples(index=False, name=None) for name in row}


def city_words(cities: pd.DataFrame) -> dict[tuple[str, str], str]:
    """(state, folded name) of the cities in the catalogue (ciudades_extranjero) to their code."""
    known = cities[cities["codigo_pais"] == ESTADOS_UNIDOS]
    columns = ["codigo_estado", "codigo_ciudad", "ciudad", "ciudad_ingles"]
    rows = known[columns].itertuples(index=False, name=None)
    return {(state, folded(name)): code for state, code, *names in rows for name in (code, *names)}


def birth_limits(cutoff: date) -> dict[str, date]:
    """For each age group, the last birth date of who is at least its first age on `cutoff`."""
    return {group: years_before(cutoff, age) for group, age in FIRST_AGES.items()}


def years_before(day: date, years: int) -> date:
    """The last birth date of who has completed `years` on `day` (29 February counts from 1 March)."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)

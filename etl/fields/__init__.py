"""Columns shared by datasets: the same name means the same thing, with the same unit and labels, everywhere.

abroad     figures of the vote abroad, each with what it answers
actas      what the acta of one polling table has
ages       which groups of ages cover exactly some ages
elections  which election it is, what was elected and how many votes there were
labels     what a reader sees for each value of a closed category
ocd        the codes of places in ISO 3166-2 and Open Civic Data
places     where: the places of the country and those abroad
polling    columns of what the actas of the polling tables say together
quoted     one figure per row, as its source gives it
told       columns that every published row has besides its own
"""

from __future__ import annotations

from dataclasses import replace

from etl.fields.elections import (
    cargo,
    eleccion,
    mesas,
    organizaciones,
    url,
    votos_blanco,
    votos_emitidos,
    votos_nulos,
    votos_validos,
)
from etl.fields.labels import (
    ALFABETISMOS,
    AMBITOS,
    AREAS,
    CARGOS,
    COBERTURAS,
    COMUNIDADES_LINGUISTICAS,
    EDADES_QUINQUENALES,
    ESTADOS_DATO,
    GRUPOS_EDAD,
    GRUPOS_EDAD_POBLACION,
    IDIOMAS,
    PRECISIONES,
    PUEBLOS,
    REGIONES,
    RESIDENCIAS,
    SEXOS,
    TIPOS_ELECCION,
    VUELTAS,
)
from etl.fields.places import (
    PLACES,
    ciudad,
    ciudad_residencia,
    codigo_ciudad,
    codigo_departamento,
    codigo_departamento_origen,
    codigo_estado,
    codigo_municipio,
    codigo_pais,
    codigo_trep,
    codigo_tse,
    departamento,
    estado,
    estado_residencia,
    lat,
    lon,
    municipio,
    pais_residencia,
    region,
)
from etl.fields.quoted import precision, unidad, valor, valor_maximo, valor_minimo, valor_texto
from etl.model import Column, Confidence, Field, Kind

__all__ = (  # what comes from another module; the columns below need no mention
    "ALFABETISMOS",
    "AMBITOS",
    "AREAS",
    "CARGOS",
    "COBERTURAS",
    "COMUNIDADES_LINGUISTICAS",
    "EDADES_QUINQUENALES",
    "ESTADOS_DATO",
    "GRUPOS_EDAD",
    "GRUPOS_EDAD_POBLACION",
    "IDIOMAS",
    "PLACES",
    "PRECISIONES",
    "PUEBLOS",
    "REGIONES",
    "RESIDENCIAS",
    "SEXOS",
    "TIPOS_ELECCION",
    "VUELTAS",
    "cargo",
    "ciudad",
    "ciudad_residencia",
    "codigo_ciudad",
    "codigo_departamento",
    "codigo_departamento_origen",
    "codigo_estado",
    "codigo_municipio",
    "codigo_pais",
    "codigo_trep",
    "codigo_tse",
    "departamento",
    "eleccion",
    "estado",
    "estado_residencia",
    "lat",
    "lon",
    "mesas",
    "municipio",
    "organizaciones",
    "pais_residencia",
    "precision",
    "region",
    "unidad",
    "url",
    "valor",
    "valor_maximo",
    "valor_minimo",
    "valor_texto",
    "votos_blanco",
    "votos_emitidos",
    "votos_nulos",
    "votos_validos",
)

# --- Who is counted -------------------------------------------------------------------------------------------------

sexo = Field(
    "sexo",
    "Sexo",
    "Sexo con el que la fuente cuenta a la persona.",
    Kind.CATEGORIA,
    labels=SEXOS,
    english=("Sex", "Sex under which the source counts the person."),
)
grupo_edad = Field(
    "grupo_edad",
    "Grupo de edad",
    "Tramo de edad tal como lo publica el TSE. «66 a 70» y «70 y más» se traslapan en el original: la fuente no dice "
    "en cuál cuenta a quien tiene 70.",
    Kind.CATEGORIA,
    labels=GRUPOS_EDAD,
    english=(
        "Age group",
        "Age bracket as the TSE publishes it. “66 to 70” and “70 and over” overlap in the original: the "
        "source does not say where it counts people aged 70.",
    ),
)
alfabetismo = Field(
    "alfabetismo",
    "Alfabetismo",
    "Si la persona declaró saber leer y escribir.",
    Kind.CATEGORIA,
    labels=ALFABETISMOS,
    english=("Literacy", "Whether the person declared being able to read and write."),
)
residencia = Field(
    "residencia",
    "Residencia",
    "Si la persona está empadronada en un municipio del país o en el extranjero.",
    Kind.CATEGORIA,
    labels=RESIDENCIAS,
    english=("Residence", "Whether the person is registered in a municipality of the country or abroad."),
)
grupo_edad_poblacion = Field(
    "grupo_edad_poblacion",
    "Grupo de edad (proyección)",
    "Tramo de edad de la proyección de población 2011–2015, cercano a los del TSE pero con corte en 65.",
    Kind.CATEGORIA,
    labels=GRUPOS_EDAD_POBLACION,
    english=(
        "Age group (projection)",
        "Age bracket of the 2011–2015 population projection, close to those of the TSE but cut at 65.",
    ),
)
edad_quinquenal = Field(
    "edad_quinquenal",
    "Edad quinquenal",
    "Tramo de cinco años cumplidos del Censo 2018.",
    Kind.CATEGORIA,
    labels=EDADES_QUINQUENALES,
    english=("Five-year age group", "Bracket of five completed years of age of the 2018 Census."),
)
area = Field(
    "area",
    "Área",
    "Área urbana o rural según el Censo 2018.",
    Kind.CATEGORIA,
    labels=AREAS,
    english=("Area", "Urban or rural area according to the 2018 Census."),
)
pueblo = Field(
    "pueblo",
    "Pueblo",
    "Pueblo con el que se identificó la persona censada.",
    Kind.CATEGORIA,
    labels=PUEBLOS,
    english=("People (pueblo)", "People (ethnic group) the person identified with in the census."),
)
idioma = Field(
    "idioma",
    "Idioma materno",
    "Idioma en el que la persona aprendió a hablar (4 años y más, Censo 2018).",
    Kind.CATEGORIA,
    labels=IDIOMAS,
    english=("Mother tongue", "Language in which the person learned to speak (aged 4 and over, 2018 Census)."),
)
comunidad_linguistica = Field(
    "comunidad_linguistica",
    "Comunidad lingüística",
    "Comunidad lingüística con la que se identificó la población maya censada.",
    Kind.CATEGORIA,
    labels=COMUNIDADES_LINGUISTICAS,
    english=("Linguistic community", "Linguistic community the Maya population identified with in the census."),
)

# --- When and how sure ----------------------------------------------------------------------------------------------

anio = Field(
    "anio",
    "Año",
    "Año al que corresponde la cifra.",
    Kind.ENTERO,
    minimum=1900,
    maximum=2100,
    english=("Year", "Year the figure is of."),
)
fecha = Field(
    "fecha",
    "Fecha",
    "Fecha de la cifra con la precisión que da la fuente: año, año-mes o día (ISO 8601).",
    Kind.TEXTO,
    pattern=r"\d{4}(-\d{2}(-\d{2})?)?",
    english=("Date", "Date of the figure as precisely as the source gives it: year, year-month or day (ISO 8601)."),
)
fecha_texto = replace(fecha, name="fecha_texto")
fecha_corte = Field(
    "fecha_corte",
    "Fecha de corte",
    "Día al que corresponde el registro del que se contó la fila.",
    Kind.FECHA,
    english=("Cut-off date", "Day of the registry that the row was counted from."),
)
corte_texto = Field(
    "corte_texto",
    "Corte",
    "De cuándo es el dato, en palabras; «fecha no indicada» si la fuente no lo dice.",
    Kind.TEXTO,
    english=("Cut-off", "When the figure is from, in words; “fecha no indicada” if the source does not say."),
)
ambito = Field(
    "ambito",
    "Ámbito",
    "A quiénes abarca la cifra nacional.",
    Kind.CATEGORIA,
    labels=AMBITOS,
    english=("Scope", "Whom the national figure covers."),
)
cobertura = Field(
    "cobertura",
    "Cobertura",
    "Si la fuente trae todos los departamentos de esa fecha; lo parcial no se suma.",
    Kind.CATEGORIA,
    labels=COBERTURAS,
    english=("Coverage", "Whether the source has every department on that date; partial figures are not added up."),
)
confianza = Field(
    "confianza",
    "Confianza",
    "Cuánto se puede confiar en la cifra: si es documento oficial, transcripción o cita de prensa.",
    Kind.CATEGORIA,
    labels={level.value: level.value.capitalize() for level in Confidence},
    english=(
        "Confidence",
        "How far the figure can be trusted: an official document, a transcription or a quote in the press.",
    ),
)
fuente = Field(
    "fuente", "Fuente", "De dónde se tomó la cifra.", Kind.TEXTO, english=("Source", "Where the figure was taken from.")
)
cita = Field(
    "cita",
    "Cita",
    "Palabras o lugar del documento donde está la cifra.",
    Kind.TEXTO,
    english=("Citation", "Words or place of the document where the figure is."),
)
nota = Field(
    "nota",
    "Nota",
    "Observación sobre la cifra.",
    Kind.TEXTO,
    nullable=True,
    english=("Note", "Remark about the figure."),
)

# --- How many -------------------------------------------------------------------------------------------------------

empadronados = Field(
    "empadronados",
    "Empadronados",
    "Ciudadanos inscritos en el padrón electoral.",
    Kind.ENTERO,
    unit="personas",
    minimum=0,
    english=("Registered voters", "Citizens on the electoral roll."),
)
votantes = Field(
    "votantes",
    "Votantes",
    "Ciudadanos del padrón que votaron en la elección.",
    Kind.ENTERO,
    unit="personas",
    minimum=0,
    english=("Voters", "Citizens on the roll who voted in the election."),
)
poblacion = Field(
    "poblacion",
    "Población",
    "Habitantes.",
    Kind.ENTERO,
    unit="habitantes",
    minimum=0,
    english=("Population", "Inhabitants."),
)

# The population groups. A table that has one of these columns is divided by it: a new cross needs no other declaration.
POPULATION_GROUP = {
    item.name: item for item in (sexo, grupo_edad, alfabetismo, pueblo, comunidad_linguistica, area, residencia)
}

# Everything that population is broken down by: the groups above and those of the census and of the projections.
GROUPS = (*POPULATION_GROUP.values(), grupo_edad_poblacion, edad_quinquenal, idioma)


def described(
    base: Field,
    description: str,
    name: str | None = None,
    title: str | None = None,
    nullable: bool | None = None,
    *,
    english: tuple[str, str],
) -> Field:
    """`base` with a description of its own for one table, and perhaps another name; kind and unit keep their meaning."""
    return replace(
        base,
        description=description,
        name=name or base.name,
        title=title or base.title,
        nullable=base.nullable if nullable is None else nullable,
        english=english,
    )


def column(field: Field) -> Column:
    """The source column of a file that already has our names: what `field` allows, the file must bring."""
    allowed = tuple(field.labels or ())
    return Column(field.name, field.kind, field.nullable, field.pattern, allowed, field.minimum)


def texts(*names: str, nullable: bool = False) -> tuple[Column, ...]:
    """Source columns of text, by their exact headers."""
    return tuple(Column(name, Kind.TEXTO, nullable=nullable) for name in names)


def perhaps(base: Field) -> Field:
    """`base` where its value may be missing."""
    return replace(base, nullable=True)


def state(name: str, title: str, english: str) -> Field:
    """A column that says whether a figure is published and, if not, why; `english` is its title in English."""
    return Field(
        f"estado_{name}",
        f"Estado: {title}",
        "Si la cifra se publica; si no, por qué. El detalle está en la observación.",
        Kind.CATEGORIA,
        labels=ESTADOS_DATO,
        english=(f"Status: {english}", "Whether the figure is published; if not, why. The detail is in the remark."),
    )

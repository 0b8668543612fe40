"""Columns shared by datasets: the same name means the same thing, with the same unit and labels, everywhere.

ages     which groups of ages cover exactly some ages
labels   what a reader sees for each value of a closed category
ocd      the codes of places in ISO 3166-2 and Open Civic Data
polling  columns of what the actas of the polling tables say together
single   columns of tables with one figure in each row
told     columns that every published row has besides its own
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from etl.country import COUNTRY
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
from etl.fields.single import precision, unidad, valor, valor_maximo, valor_minimo, valor_texto
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
    "PRECISIONES",
    "PUEBLOS",
    "REGIONES",
    "RESIDENCIAS",
    "SEXOS",
    "TIPOS_ELECCION",
    "VUELTAS",
    "precision",
    "unidad",
    "valor",
    "valor_maximo",
    "valor_minimo",
    "valor_texto",
)

#: A column whose values share out what is counted, and a figure that is added over those.
_dividing, _added = partial(Field, divides=True), partial(Field, additive=True)

# --- Territory ------------------------------------------------------------------------------------------------------

codigo_departamento = _dividing(
    "codigo_departamento",
    "Código de departamento",
    f"Código del departamento según el INE, dos cifras con cero inicial; {COUNTRY.abroad} es el extranjero en las cifras del "
    f"{COUNTRY.tribunal.acronym}.",
    Kind.CODIGO,
    pattern=COUNTRY.departamento_pattern,
)
departamento = Field("departamento", "Departamento", "Nombre del departamento.", Kind.TEXTO)
codigo_municipio = _dividing(
    "codigo_municipio",
    "Código de municipio",
    "Código del municipio según el INE: dos cifras del departamento y dos del municipio, con ceros iniciales. "
    f"Los que empiezan por {COUNTRY.abroad} son circunscripciones del extranjero en las cifras del {COUNTRY.tribunal.acronym}.",
    Kind.CODIGO,
    pattern=COUNTRY.municipio_pattern,
)
municipio = Field("municipio", "Municipio", "Nombre del municipio según el catálogo del Censo 2018.", Kind.TEXTO)
region = _dividing(
    "region",
    "Región",
    "Región según la Ley Preliminar de Regionalización (Decreto 70-86).",
    Kind.CATEGORIA,
    labels=REGIONES,
)
codigo_tse = Field(
    "codigo_tse",
    "Código del TSE",
    "Código en la estadística de empadronados del TSE: departamento, o departamento-municipio. "
    "El TSE numera 2 Sacatepéquez, 3 Chimaltenango y 4 El Progreso; los demás, como el INE.",
    Kind.CODIGO,
    pattern=r"\d{1,2}(-\d{1,2})?",
)
codigo_trep = Field(
    "codigo_trep",
    "Código del TREP",
    "Código en la transmisión de resultados preliminares (TREP 2023): como el del TSE, salvo la capital, que es 0-1; "
    "el resto del departamento de Guatemala es 1.",
    Kind.CODIGO,
    pattern=r"\d{1,2}(-\d{1,2})?",
)

# --- Who is counted -------------------------------------------------------------------------------------------------

sexo = _dividing("sexo", "Sexo", "Sexo con el que la fuente cuenta a la persona.", Kind.CATEGORIA, labels=SEXOS)
grupo_edad = _dividing(
    "grupo_edad",
    "Grupo de edad",
    "Tramo de edad tal como lo publica el TSE. «66 a 70» y «70 y más» se traslapan en el original: la fuente no dice "
    "en cuál cuenta a quien tiene 70.",
    Kind.CATEGORIA,
    labels=GRUPOS_EDAD,
)
alfabetismo = _dividing(
    "alfabetismo",
    "Alfabetismo",
    "Si la persona declaró saber leer y escribir.",
    Kind.CATEGORIA,
    labels=ALFABETISMOS,
)
residencia = _dividing(
    "residencia",
    "Residencia",
    "Si la persona está empadronada en un municipio del país o en el extranjero.",
    Kind.CATEGORIA,
    labels=RESIDENCIAS,
)
grupo_edad_poblacion = _dividing(
    "grupo_edad_poblacion",
    "Grupo de edad (proyección)",
    "Tramo de edad de la proyección de población 2011–2015, cercano a los del TSE pero con corte en 65.",
    Kind.CATEGORIA,
    labels=GRUPOS_EDAD_POBLACION,
)
edad_quinquenal = _dividing(
    "edad_quinquenal",
    "Edad quinquenal",
    "Tramo de cinco años cumplidos del Censo 2018.",
    Kind.CATEGORIA,
    labels=EDADES_QUINQUENALES,
)
area = _dividing("area", "Área", "Área urbana o rural según el Censo 2018.", Kind.CATEGORIA, labels=AREAS)
pueblo = _dividing(
    "pueblo",
    "Pueblo",
    "Pueblo con el que se identificó la persona censada.",
    Kind.CATEGORIA,
    labels=PUEBLOS,
)
idioma = _dividing(
    "idioma",
    "Idioma materno",
    "Idioma en el que la persona aprendió a hablar (4 años y más, Censo 2018).",
    Kind.CATEGORIA,
    labels=IDIOMAS,
)
comunidad_linguistica = _dividing(
    "comunidad_linguistica",
    "Comunidad lingüística",
    "Comunidad lingüística con la que se identificó la población maya censada.",
    Kind.CATEGORIA,
    labels=COMUNIDADES_LINGUISTICAS,
)

# --- Residents abroad -----------------------------------------------------------------------------------------------

pais_residencia = _dividing(
    "pais_residencia",
    "País de residencia",
    "País donde reside la persona empadronada en el extranjero (ISO 3166-1; ZZ reúne los demás países).",
    Kind.CODIGO,
    pattern=r"[A-Z]{2}",
)
estado_residencia = _dividing(
    "estado_residencia",
    "Estado de residencia",
    "Estado de los Estados Unidos donde reside la persona empadronada (código postal; ZZ fuera de los Estados Unidos).",
    Kind.CODIGO,
    pattern=r"[A-Z]{2}",
)
ciudad_residencia = _dividing(
    "ciudad_residencia",
    "Ciudad de residencia",
    "Ciudad a la que está adscrita la persona empadronada en el extranjero; «otra» reúne las que el catálogo no trae.",
    Kind.CODIGO,
    pattern=r"[a-z_]+",
)
codigo_departamento_origen = replace(
    codigo_departamento,
    name="codigo_departamento_origen",
    title="Departamento de origen",
    description="Departamento de Guatemala del que procede la persona que reside en el extranjero (código del INE).",
)

# --- Places abroad --------------------------------------------------------------------------------------------------

codigo_pais = _dividing("codigo_pais", "País", "Código del país (ISO 3166-1 alfa-2).", Kind.CODIGO, pattern=r"[A-Z]{2}")
codigo_estado = _dividing(
    "codigo_estado",
    "Código de estado",
    "Código postal de dos letras del estado, distrito o territorio de los Estados Unidos.",
    Kind.CODIGO,
    pattern=r"[A-Z]{2}",
)
estado = Field("estado", "Estado", "Nombre en español del estado, distrito o territorio.", Kind.TEXTO)
codigo_ciudad = _dividing(
    "codigo_ciudad",
    "Código de ciudad",
    "Código de la ciudad en el catálogo.",
    Kind.CODIGO,
    pattern=r"[a-z_]+",
)
ciudad = Field("ciudad", "Ciudad", "Nombre en español de la ciudad.", Kind.TEXTO)
lon = Field(
    "lon",
    "Longitud",
    "Longitud del punto de la ciudad, no del edificio (WGS 84).",
    Kind.DECIMAL,
    unit="grados",
    decimals=5,
    minimum=-180,
    maximum=180,
    nullable=True,
)
lat = replace(
    lon,
    name="lat",
    title="Latitud",
    description="Latitud del punto de la ciudad, no del edificio (WGS 84).",
    minimum=-90,
    maximum=90,
)

# --- When and how sure ----------------------------------------------------------------------------------------------

anio = Field("anio", "Año", "Año al que corresponde la cifra.", Kind.ENTERO, minimum=1900, maximum=2100)
fecha = Field(
    "fecha",
    "Fecha",
    "Fecha de la cifra con la precisión que da la fuente: año, año-mes o día (ISO 8601).",
    Kind.TEXTO,
    pattern=r"\d{4}(-\d{2}(-\d{2})?)?",
)
fecha_texto = replace(fecha, name="fecha_texto")
fecha_corte = Field(
    "fecha_corte", "Fecha de corte", "Día al que corresponde el registro del que se contó la fila.", Kind.FECHA
)
corte_texto = Field(
    "corte_texto",
    "Corte",
    "De cuándo es el dato, en palabras; «fecha no indicada» si la fuente no lo dice.",
    Kind.TEXTO,
)
ambito = Field("ambito", "Ámbito", "A quiénes abarca la cifra nacional.", Kind.CATEGORIA, labels=AMBITOS)
cobertura = Field(
    "cobertura",
    "Cobertura",
    "Si la fuente trae todos los departamentos de esa fecha; lo parcial no se suma.",
    Kind.CATEGORIA,
    labels=COBERTURAS,
    unsummed=("parcial",),
)
confianza = Field(
    "confianza",
    "Confianza",
    "Cuánto se puede confiar en la cifra: si es documento oficial, transcripción o cita de prensa.",
    Kind.CATEGORIA,
    labels={level.value: level.value.capitalize() for level in Confidence},
)
fuente = Field("fuente", "Fuente", "De dónde se tomó la cifra.", Kind.TEXTO)
cita = Field("cita", "Cita", "Palabras o lugar del documento donde está la cifra.", Kind.TEXTO)
nota = Field("nota", "Nota", "Observación sobre la cifra.", Kind.TEXTO, nullable=True)

# --- How many -------------------------------------------------------------------------------------------------------

empadronados = _added(
    "empadronados",
    "Empadronados",
    "Ciudadanos inscritos en el padrón electoral.",
    Kind.ENTERO,
    unit="personas",
    minimum=0,
)
votantes = _added(
    "votantes",
    "Votantes",
    "Ciudadanos del padrón que votaron en la elección.",
    Kind.ENTERO,
    unit="personas",
    minimum=0,
)
poblacion = _added("poblacion", "Población", "Habitantes.", Kind.ENTERO, unit="habitantes", minimum=0)

# --- Elections ------------------------------------------------------------------------------------------------------

eleccion = Field(
    "eleccion",
    "Elección",
    "Evento electoral: año y vuelta (1, 2), consulta o repetición. Su fecha y su nombre están en la tabla elecciones.",
    Kind.CODIGO,
    pattern=r"\d{4}-(1|2|consulta|repeticion)",
)
cargo = Field("cargo", "Cargo", "Qué se elegía con la papeleta contada.", Kind.CATEGORIA, labels=CARGOS)
votos_emitidos = _added(
    "votos_emitidos",
    "Votos emitidos",
    "Válidos, nulos y en blanco.",
    Kind.ENTERO,
    unit="votos",
    minimum=0,
)
votos_validos = replace(
    votos_emitidos, name="votos_validos", title="Votos válidos", description="Votos a favor de alguna opción."
)
votos_blanco = replace(
    votos_emitidos, name="votos_blanco", title="Votos en blanco", description="Papeletas sin marca alguna."
)
votos_nulos = replace(
    votos_emitidos, name="votos_nulos", title="Votos nulos", description="Papeletas cuya marca no vale como voto."
)
mesas = _added("mesas", "Mesas", "Juntas receptoras de votos (JRV).", Kind.ENTERO, unit="mesas", minimum=0)
organizaciones = Field(
    "organizaciones",
    "Organizaciones",
    "Partidos, coaliciones y comités cívicos con votos.",
    Kind.ENTERO,
    unit="organizaciones",
    minimum=0,
)
url = Field("url", "Enlace", "Dónde se publicó la cifra: enlace, o repositorio y versión.", Kind.TEXTO, nullable=True)

# The population groups. A table that has one of these columns is divided by it: a new cross needs no other declaration.
POPULATION_GROUP = {
    item.name: item for item in (sexo, grupo_edad, alfabetismo, pueblo, comunidad_linguistica, area, residencia)
}

# Everything that population is broken down by: the groups above and those of the census and of the projections.
GROUPS = (*POPULATION_GROUP.values(), grupo_edad_poblacion, edad_quinquenal, idioma)
# Everything that is a place.
PLACES = (
    codigo_departamento,
    codigo_municipio,
    pais_residencia,
    estado_residencia,
    ciudad_residencia,
    codigo_departamento_origen,
    codigo_pais,
    codigo_estado,
    codigo_ciudad,
)


def described(
    base: Field, description: str, name: str | None = None, title: str | None = None, nullable: bool | None = None
) -> Field:
    """`base` with a description of its own for one table, and perhaps another name; kind and unit keep their meaning."""
    return replace(
        base,
        description=description,
        name=name or base.name,
        title=title or base.title,
        nullable=base.nullable if nullable is None else nullable,
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


def state(name: str, title: str) -> Field:
    """A column that says whether a figure is published and, if not, why."""
    description = "Si la cifra se publica; si no, por qué. El detalle está en la observación."
    return Field(f"estado_{name}", f"Estado: {title}", description, Kind.CATEGORIA, labels=ESTADOS_DATO)

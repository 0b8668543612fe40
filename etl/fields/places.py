"""Columns that say where: the places of the country and those abroad."""

from __future__ import annotations

from dataclasses import replace

from etl.country import COUNTRY
from etl.fields.labels import REGIONES
from etl.model import Field, Kind

# --- Territory ------------------------------------------------------------------------------------------------------

codigo_departamento = Field(
    "codigo_departamento",
    "Código de departamento",
    f"Código del departamento según el INE, dos cifras con cero inicial; {COUNTRY.abroad} es el extranjero en las cifras del "
    f"{COUNTRY.tribunal.acronym}.",
    Kind.CODIGO,
    pattern=COUNTRY.departamento_pattern,
    english=(
        "Department code",
        f"INE code of the department, two digits with leading zero; {COUNTRY.abroad} is abroad in the "
        f"figures of the {COUNTRY.tribunal.acronym}.",
    ),
)
departamento = Field(
    "departamento",
    "Departamento",
    "Nombre del departamento.",
    Kind.TEXTO,
    english=("Department", "Name of the department."),
)
codigo_municipio = Field(
    "codigo_municipio",
    "Código de municipio",
    "Código del municipio según el INE: dos cifras del departamento y dos del municipio, con ceros iniciales. "
    f"Los que empiezan por {COUNTRY.abroad} son circunscripciones del extranjero en las cifras del {COUNTRY.tribunal.acronym}.",
    Kind.CODIGO,
    pattern=COUNTRY.municipio_pattern,
    english=(
        "Municipality code",
        "INE code of the municipality: two digits for the department and two for the municipality, with "
        f"leading zeros. Those that begin with {COUNTRY.abroad} are districts abroad in the figures of "
        f"the {COUNTRY.tribunal.acronym}.",
    ),
)
municipio = Field(
    "municipio",
    "Municipio",
    "Nombre del municipio según el catálogo del Censo 2018.",
    Kind.TEXTO,
    english=("Municipality", "Name of the municipality in the catalogue of the 2018 Census."),
)
region = Field(
    "region",
    "Región",
    "Región según la Ley Preliminar de Regionalización (Decreto 70-86).",
    Kind.CATEGORIA,
    labels=REGIONES,
    english=("Region", "Region under the Preliminary Law of Regionalisation (Decree 70-86)."),
)
codigo_tse = Field(
    "codigo_tse",
    "Código del TSE",
    "Código en la estadística de empadronados del TSE: departamento, o departamento-municipio. "
    "El TSE numera 2 Sacatepéquez, 3 Chimaltenango y 4 El Progreso; los demás, como el INE.",
    Kind.CODIGO,
    pattern=r"\d{1,2}(-\d{1,2})?",
    english=(
        "TSE code",
        "Code in the TSE statistics of registered voters: department, or department-municipality. The "
        "TSE numbers 2 Sacatepéquez, 3 Chimaltenango and 4 El Progreso; the others, as the INE does.",
    ),
)
codigo_trep = Field(
    "codigo_trep",
    "Código del TREP",
    "Código en la transmisión de resultados preliminares (TREP 2023): como el del TSE, salvo la capital, que es 0-1; "
    "el resto del departamento de Guatemala es 1.",
    Kind.CODIGO,
    pattern=r"\d{1,2}(-\d{1,2})?",
    english=(
        "TREP code",
        "Code in the transmission of preliminary results (TREP 2023): as that of the TSE, except the "
        "capital, which is 0-1; the rest of the department of Guatemala is 1.",
    ),
)

# --- Residents abroad -----------------------------------------------------------------------------------------------

pais_residencia = Field(
    "pais_residencia",
    "País de residencia",
    "País donde reside la persona empadronada en el extranjero (ISO 3166-1; ZZ reúne los demás países).",
    Kind.CODIGO,
    pattern=r"[A-Z]{2}",
    english=(
        "Country of residence",
        "Country where the voter registered abroad lives (ISO 3166-1; ZZ gathers all other countries).",
    ),
)
estado_residencia = Field(
    "estado_residencia",
    "Estado de residencia",
    "Estado de los Estados Unidos donde reside la persona empadronada (código postal; ZZ fuera de los Estados Unidos).",
    Kind.CODIGO,
    pattern=r"[A-Z]{2}",
    english=(
        "State of residence",
        "State of the United States where the registered voter lives (postal code; ZZ outside the United States).",
    ),
)
ciudad_residencia = Field(
    "ciudad_residencia",
    "Ciudad de residencia",
    "Ciudad a la que está adscrita la persona empadronada en el extranjero; «otra» reúne las que el catálogo no trae.",
    Kind.CODIGO,
    pattern=r"[a-z_]+",
    english=(
        "City of residence",
        "City the voter registered abroad is assigned to; “otra” gathers those the catalogue does not have.",
    ),
)
codigo_departamento_origen = replace(
    codigo_departamento,
    name="codigo_departamento_origen",
    title="Departamento de origen",
    description="Departamento de Guatemala del que procede la persona que reside en el extranjero (código del INE).",
    english=("Department of origin", "Department of Guatemala the person living abroad comes from (INE code)."),
)

# --- Places abroad --------------------------------------------------------------------------------------------------

codigo_pais = Field(
    "codigo_pais",
    "País",
    "Código del país (ISO 3166-1 alfa-2).",
    Kind.CODIGO,
    pattern=r"[A-Z]{2}",
    english=("Country", "Country code (ISO 3166-1 alpha-2)."),
)
codigo_estado = Field(
    "codigo_estado",
    "Código de estado",
    "Código postal de dos letras del estado, distrito o territorio de los Estados Unidos.",
    Kind.CODIGO,
    pattern=r"[A-Z]{2}",
    english=("State code", "Two-letter postal code of the state, district or territory of the United States."),
)
estado = Field(
    "estado",
    "Estado",
    "Nombre en español del estado, distrito o territorio.",
    Kind.TEXTO,
    english=("State", "Name, in Spanish, of the state, district or territory."),
)
codigo_ciudad = Field(
    "codigo_ciudad",
    "Código de ciudad",
    "Código de la ciudad en el catálogo.",
    Kind.CODIGO,
    pattern=r"[a-z_]+",
    english=("City code", "Code of the city in the catalogue."),
)
ciudad = Field(
    "ciudad", "Ciudad", "Nombre en español de la ciudad.", Kind.TEXTO, english=("City", "Name of the city in Spanish.")
)
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
    english=("Longitude", "Longitude of the point of the city, not of the building (WGS 84)."),
)
lat = replace(
    lon,
    name="lat",
    title="Latitud",
    description="Latitud del punto de la ciudad, no del edificio (WGS 84).",
    minimum=-90,
    maximum=90,
    english=("Latitude", "Latitude of the point of the city, not of the building (WGS 84)."),
)

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

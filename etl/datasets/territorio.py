"""The 22 departamentos and 340 municipios: names, aliases, regions and the code each publisher gives them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from etl import checks, fields
from etl.licenses import CC_BY_3_IGO, CC_BY_4, INFORMACION_PUBLICA
from etl.model import Column, Confidence, Dataset, Field, Frames, Input, Kind, Problem, Reference, Source, Table

DEPARTAMENTOS, MUNICIPIOS, ALIAS = "departamentos.csv", "municipios.csv", "municipios_alias.csv"

CATALOGO = Source(
    title="Catálogo de departamentos y municipios del XII Censo 2018, regiones del Decreto 70-86 y códigos del TSE",
    publisher="Instituto Nacional de Estadística (INE); Tribunal Supremo Electoral (TSE)",
    url="https://www.censopoblacion.gt",
    license=INFORMACION_PUBLICA,
    cutoff=date(2018, 11, 16),
    cutoff_text="Censo 2018",
    confidence=Confidence.ALTA,
    note="Mayúsculas de artículos y dos acentos corregidos. Regiones: Ley Preliminar de Regionalización "
    "(Decreto 70-86). Códigos del TREP: los de las elecciones de 2023.",
)
LUGARES = Source(
    title="Cabeceras municipales (GeoNames), puntos de rótulo y área calculados de los límites COD-AB",
    publisher="GeoNames; CONRED / OCHA",
    url="https://www.geonames.org",
    license=CC_BY_4,
    cutoff=date(2019, 2, 7),
    cutoff_text="límites 2019-02-07; lugares 2015",
    confidence=Confidence.MEDIA_ALTA,
    note="Cinco municipios no tienen cabecera en GeoNames. Límites: CONRED / OCHA COD-AB, "
    f"{CC_BY_3_IGO.title} ({CC_BY_3_IGO.url}).",
)


def _text(name: str, **options) -> Column:
    return Column(name, Kind.TEXTO, **options)


def _degrees(name: str, title: str, description: str, low: float, high: float, nullable: bool = False) -> Field:
    return Field(name, title, description, Kind.DECIMAL, unit="grados", minimum=low, maximum=high, nullable=nullable)


nombre_ign = Field(
    "nombre_ign", "Nombre del IGN", "Nombre del municipio según el Instituto Geográfico Nacional.", Kind.TEXTO
)
alias = Field("alias", "Otro nombre", "Nombre con el que una fuente escribe el municipio.", Kind.TEXTO)
rotulo_lon = _degrees("rotulo_lon", "Longitud del rótulo", "Punto interior para rotular (WGS 84).", -92.5, -88)
rotulo_lat = _degrees("rotulo_lat", "Latitud del rótulo", "Punto interior para rotular (WGS 84).", 13.5, 18)
cabecera_lon = _degrees("cabecera_lon", "Longitud de la cabecera", "Cabecera municipal (WGS 84).", -92.5, -88, True)
cabecera_lat = _degrees("cabecera_lat", "Latitud de la cabecera", "Cabecera municipal (WGS 84).", 13.5, 18, True)
area_km2 = Field(
    "area_km2", "Superficie", "Área del polígono del municipio (COD-AB).", Kind.DECIMAL, unit="km²", minimum=0
)

TABLES = (
    Table(
        "departamentos",
        "Departamentos",
        "Los 22 departamentos con su región y sus códigos en el INE, el TSE y el TREP.",
        (fields.codigo_departamento, fields.departamento, fields.region, fields.codigo_tse, fields.codigo_trep),
        ("codigo_departamento",),
        sources=(CATALOGO,),
    ),
    Table(
        "municipios",
        "Municipios",
        "Los 340 municipios con sus nombres, sus códigos en cada fuente, su cabecera y su superficie.",
        (
            fields.codigo_municipio,
            fields.municipio,
            fields.codigo_departamento,
            fields.departamento,
            fields.region,
            fields.codigo_tse,
            fields.codigo_trep,
            nombre_ign,
            rotulo_lon,
            rotulo_lat,
            cabecera_lon,
            cabecera_lat,
            area_km2,
        ),
        ("codigo_municipio",),
        (Reference(("codigo_departamento",), "departamentos", ("codigo_departamento",)),),
        sources=(CATALOGO, LUGARES),
    ),
    Table(
        "municipios_alias",
        "Otros nombres de los municipios",
        "Nombres que las fuentes dan a un municipio y que no son los del catálogo, ni siquiera sin acentos.",
        (alias, fields.codigo_departamento, fields.codigo_municipio, fields.fuente),
        ("codigo_departamento", "alias"),
        (Reference(("codigo_municipio",), "municipios", ("codigo_municipio",)),),
        sources=(CATALOGO,),
    ),
)


def read(frames: Frames) -> Frames:
    """Catalogue tables; the codes of each municipio in TSE and TREP follow from its departamento's."""
    departamentos = frames[DEPARTAMENTOS]
    municipios = frames[MUNICIPIOS].merge(
        departamentos[["codigo_departamento", "region", "codigo_tse", "codigo_trep"]], on="codigo_departamento"
    )
    number = municipios["codigo_municipio"].str[2:].astype("int64").astype("str")
    trep = municipios["codigo_trep"].mask(municipios["codigo_municipio"] == "0101", "0")  # TREP: 0 is only the capital
    municipios = municipios.assign(codigo_tse=municipios["codigo_tse"] + "-" + number, codigo_trep=trep + "-" + number)
    return {"departamentos": departamentos, "municipios": municipios, "municipios_alias": frames[ALIAS]}


def _how_many(file: str, expected: int):
    def check(frames: Frames) -> list[Problem]:
        found = len(frames[file])
        message = f"se esperaban {expected} filas"
        return [] if found == expected else [Problem(file, None, None, str(found), message)]

    return check


def _code_in_departamento(frames: Frames) -> list[Problem]:
    """A municipio's code starts with its departamento's, here and in the aliases."""
    message = "el código de municipio no empieza por el de su departamento"
    return [
        Problem(file, row, "codigo_municipio", frames[file].at[row, "codigo_municipio"], message)
        for file in (MUNICIPIOS, ALIAS)
        for row in frames[file].index[
            frames[file]["codigo_municipio"].str[:2].ne(frames[file]["codigo_departamento"]).fillna(False)
        ]
    ]


DATASET = Dataset(
    name="territorio",
    title="Departamentos y municipios",
    description="Catálogo de los 22 departamentos y 340 municipios: nombres, otros nombres, regiones y el código "
    "que les da cada fuente (INE, TSE y TREP).",
    inputs=(
        Input(
            DEPARTAMENTOS,
            "13b1e3be9b84963f642a76feded3cdeb8bad42f185bdf04a60fbcffdd4f494d9",
            (
                Column("codigo_departamento", Kind.CODIGO, pattern=r"\d{2}"),
                _text("departamento"),
                Column("region", Kind.CATEGORIA, allowed=tuple(fields.REGIONES)),
                Column("codigo_tse", Kind.CODIGO, pattern=r"\d{1,2}"),
                Column("codigo_trep", Kind.CODIGO, pattern=r"\d{1,2}"),
            ),
            CATALOGO,
            key=("codigo_departamento",),
        ),
        Input(
            MUNICIPIOS,
            "5022a07d62f4ed4b13110fb7a425629fbd702bd4aabf12a1873b87889fd92cc8",
            (
                Column("codigo_municipio", Kind.CODIGO, pattern=r"\d{4}"),
                _text("municipio"),
                Column("codigo_departamento", Kind.CODIGO, pattern=r"\d{2}"),
                _text("departamento"),
                _text("nombre_ign"),
                *(
                    Column(name, Kind.DECIMAL, nullable=name.startswith("cabecera"), minimum=None)
                    for name in ("rotulo_lon", "rotulo_lat", "cabecera_lon", "cabecera_lat")
                ),
                Column("area_km2", Kind.DECIMAL),
            ),
            LUGARES,
            key=("codigo_municipio",),
        ),
        Input(
            ALIAS,
            "0e5e1c7d51bb297dfdecb23fc2aa93228f55a13bf5f53508aa5fc93683b88dcf",
            (
                _text("alias"),
                Column("codigo_departamento", Kind.CODIGO, pattern=r"\d{2}"),
                Column("codigo_municipio", Kind.CODIGO, pattern=r"\d{4}"),
                _text("fuente"),
            ),
            replace(
                CATALOGO, title="Nombres de municipios en el IGN, el INE y el TSE", confidence=Confidence.MEDIA_ALTA
            ),
            key=("codigo_departamento", "alias"),
        ),
    ),
    tables=TABLES,
    read=read,
    source_checks=(
        _how_many(DEPARTAMENTOS, 22),
        _how_many(MUNICIPIOS, 340),
        _code_in_departamento,
    ),
    checks=(checks.no_homonyms,),
)

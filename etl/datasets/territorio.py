"""The 22 departamentos and 340 municipios: names, aliases, regions and the code each publisher gives them."""

from __future__ import annotations

from etl import checks, fields
from etl.country import COUNTRY, departamentos_of, numbers_within
from etl.model import Check, Column, Dataset, Field, Frames, Input, Kind, Problem, Reference, Table

DEPARTAMENTOS, MUNICIPIOS, ALIAS = "catalogo_departamentos", "catalogo_municipios", "otros_nombres"


def _text(name: str) -> Column:
    return Column(name, Kind.TEXTO)


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
    ),
    Table(
        "municipios_alias",
        "Otros nombres de los municipios",
        "Nombres que las fuentes dan a un municipio y que no son los del catálogo, ni siquiera sin acentos.",
        (alias, fields.codigo_departamento, fields.codigo_municipio, fields.fuente),
        ("codigo_departamento", "alias"),
        (Reference(("codigo_municipio",), "municipios", ("codigo_municipio",)),),
    ),
)


def read(frames: Frames) -> Frames:
    """Catalogue tables; the codes of each municipio in TSE and TREP follow from its departamento's."""
    departamentos = frames[DEPARTAMENTOS]
    municipios = frames[MUNICIPIOS].merge(
        departamentos[["codigo_departamento", "region", "codigo_tse", "codigo_trep"]], on="codigo_departamento"
    )
    number = numbers_within(municipios["codigo_municipio"])
    trep = municipios["codigo_trep"].mask(municipios["codigo_municipio"] == COUNTRY.capital, "0")  # its own in the TREP
    municipios = municipios.assign(codigo_tse=municipios["codigo_tse"] + "-" + number, codigo_trep=trep + "-" + number)
    return {"departamentos": departamentos, "municipios": municipios, "municipios_alias": frames[ALIAS]}


def _how_many(name: str, expected: int) -> Check:
    def check(frames: Frames) -> list[Problem]:
        found = len(frames[name])
        message = f"se esperaban {expected} filas"
        return [] if found == expected else [Problem(name, None, None, str(found), message)]

    return check


def _code_in_departamento(frames: Frames) -> list[Problem]:
    """A municipio's code starts with its departamento's, here and in the aliases."""
    message = "el código de municipio no empieza por el de su departamento"
    return [
        Problem(name, row, "codigo_municipio", str(frames[name].at[row, "codigo_municipio"]), message)
        for name in (MUNICIPIOS, ALIAS)
        for row in frames[name].index[
            departamentos_of(frames[name]["codigo_municipio"]).ne(frames[name]["codigo_departamento"]).fillna(False)
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
            (
                Column("codigo_departamento", Kind.CODIGO, pattern=fields.codigo_departamento.pattern),
                _text("departamento"),
                Column("region", Kind.CATEGORIA, allowed=tuple(fields.REGIONES)),
                Column("codigo_tse", Kind.CODIGO, pattern=r"\d{1,2}"),
                Column("codigo_trep", Kind.CODIGO, pattern=r"\d{1,2}"),
            ),
            key=("codigo_departamento",),
        ),
        Input(
            MUNICIPIOS,
            (
                Column("codigo_municipio", Kind.CODIGO, pattern=fields.codigo_municipio.pattern),
                _text("municipio"),
                Column("codigo_departamento", Kind.CODIGO, pattern=fields.codigo_departamento.pattern),
                _text("departamento"),
                _text("nombre_ign"),
                *(
                    Column(name, Kind.DECIMAL, nullable=name.startswith("cabecera"), minimum=None)
                    for name in ("rotulo_lon", "rotulo_lat", "cabecera_lon", "cabecera_lat")
                ),
                Column("area_km2", Kind.DECIMAL),
            ),
            key=("codigo_municipio",),
        ),
        Input(
            ALIAS,
            (
                _text("alias"),
                Column("codigo_departamento", Kind.CODIGO, pattern=fields.codigo_departamento.pattern),
                Column("codigo_municipio", Kind.CODIGO, pattern=fields.codigo_municipio.pattern),
                _text("fuente"),
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
        checks.names_agree(
            MUNICIPIOS,
            lambda rows: rows["codigo_departamento"],
            "departamento",
            DEPARTAMENTOS,
            "codigo_departamento",
            "departamento",
        ),
    ),
    checks=(checks.no_homonyms,),
)

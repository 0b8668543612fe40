"""The departamentos and municipios: names, aliases, regions, the code each publisher gives them, and since when they exist.

A municipio that is created is one more row: what was published before it existed does not have to bring it.
"""

from __future__ import annotations

from dataclasses import replace

from etl import checks, fields
from etl.country import COUNTRY, departamentos_of, numbers_within
from etl.fields import ocd
from etl.model import Column, Dataset, Field, Frames, Input, Kind, Problem, Reference, Table

DEPARTAMENTOS, MUNICIPIOS, ALIAS = "catalogo_departamentos", "catalogo_municipios", "otros_nombres"
ISO = "codigos_iso"


def _text(name: str) -> Column:
    return Column(name, Kind.TEXTO)


def _degrees(
    name: str, title: str, description: str, low: float, high: float, english: tuple[str, str], nullable: bool = True
) -> Field:
    made = Field(name, title, description, Kind.DECIMAL, unit="grados", nullable=nullable, decimals=5, english=english)
    return replace(made, minimum=low, maximum=high)


nombre_ign = Field(
    "nombre_ign",
    "Nombre del IGN",
    "Nombre del municipio según el Instituto Geográfico Nacional.",
    Kind.TEXTO,
    english=("IGN name", "Name of the municipality according to the National Geographic Institute."),
)
alias = Field(
    "alias",
    "Otro nombre",
    "Nombre con el que una fuente escribe el municipio.",
    Kind.TEXTO,
    english=("Other name", "Name with which some source writes the municipality."),
)
rotulo_lon = _degrees(
    "rotulo_lon",
    "Longitud del rótulo",
    "Punto interior para rotular (WGS 84).",
    -92.5,
    -88,
    ("Label longitude", "Inner point to place a label (WGS 84)."),
)
rotulo_lat = _degrees(
    "rotulo_lat",
    "Latitud del rótulo",
    "Punto interior para rotular (WGS 84).",
    13.5,
    18,
    ("Label latitude", "Inner point to place a label (WGS 84)."),
)
cabecera_lon = _degrees(
    "cabecera_lon",
    "Longitud de la cabecera",
    "Cabecera municipal (WGS 84).",
    -92.5,
    -88,
    ("Seat longitude", "Seat of the municipality (WGS 84)."),
)
cabecera_lat = _degrees(
    "cabecera_lat",
    "Latitud de la cabecera",
    "Cabecera municipal (WGS 84).",
    13.5,
    18,
    ("Seat latitude", "Seat of the municipality (WGS 84)."),
)
area_km2 = Field(
    "area_km2",
    "Superficie",
    "Área del polígono del municipio (COD-AB).",
    Kind.DECIMAL,
    unit="km²",
    decimals=2,
    minimum=0,
    nullable=True,
    english=("Surface", "Area of the polygon of the municipality (COD-AB)."),
)
desde = Field(
    "desde",
    "Desde",
    "Desde cuándo las fuentes lo cuentan por separado, con la precisión que se conoce: año, año-mes o día. Vacío: desde "
    "antes de 2011. En ese año o mes una fuente puede traerlo o no.",
    Kind.TEXTO,
    pattern=fields.fecha.pattern,
    nullable=True,
    english=(
        "From",
        "Since when the sources count it separately, as precisely as known: year, year-month or day. "
        "Empty: since before 2011. In that year or month a source may have it or not.",
    ),
)
hasta = replace(
    desde,
    name="hasta",
    title="Hasta",
    description="Desde cuándo ya no existe, si dejó de existir: año, año-mes o día.",
    english=("To", "Since when it no longer exists, if it ceased to: year, year-month or day."),
)
vigencia_nota = Field(
    "vigencia_nota",
    "Cómo se sabe",
    "De dónde sale desde o hasta cuándo existe.",
    Kind.TEXTO,
    nullable=True,
    english=("How it is known", "Where it is taken from since or until when it exists."),
)

SINCE_AND_UNTIL = (desde, hasta, vigencia_nota)

TABLES = (
    Table(
        "departamentos",
        "Departamentos",
        "Los departamentos con su región y sus códigos en el INE, el TSE, el TREP, ISO 3166-2 y Open Civic Data.",
        (
            fields.codigo_departamento,
            fields.departamento,
            fields.region,
            fields.codigo_tse,
            fields.codigo_trep,
            ocd.codigo_iso,
            ocd.codigo_iso_anterior,
            ocd.codigo_ocd,
        ),
        ("codigo_departamento",),
    ),
    Table(
        "municipios",
        "Municipios",
        "Los municipios con sus nombres, sus códigos en cada fuente, su cabecera, su superficie y desde cuándo existen.",
        (
            fields.codigo_municipio,
            fields.municipio,
            fields.codigo_departamento,
            fields.departamento,
            fields.region,
            fields.codigo_tse,
            fields.codigo_trep,
            ocd.codigo_ocd,
            nombre_ign,
            rotulo_lon,
            rotulo_lat,
            cabecera_lon,
            cabecera_lat,
            area_km2,
            *SINCE_AND_UNTIL,
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
    """Catalogue tables; the codes of each municipio in TSE, TREP and Open Civic Data follow from its departamento's."""
    departamentos = frames[DEPARTAMENTOS].merge(frames[ISO], on="codigo_departamento")
    departamentos["codigo_ocd"] = departamentos["codigo_iso"].map(ocd.of_departamento)
    codes = ["codigo_departamento", "region", "codigo_tse", "codigo_trep", "codigo_ocd"]
    municipios = frames[MUNICIPIOS].merge(departamentos[codes], on="codigo_departamento")
    places = zip(municipios["codigo_ocd"], municipios["municipio"], strict=True)
    municipios["codigo_ocd"] = [ocd.of_municipio(departamento, name) for departamento, name in places]
    number = numbers_within(municipios["codigo_municipio"])
    trep = municipios["codigo_trep"].mask(municipios["codigo_municipio"] == COUNTRY.capital, "0")  # its own in the TREP
    municipios = municipios.assign(codigo_tse=municipios["codigo_tse"] + "-" + number, codigo_trep=trep + "-" + number)
    return {"departamentos": departamentos, "municipios": municipios, "municipios_alias": frames[ALIAS]}


def _ends_after_it_begins(frames: Frames) -> list[Problem]:
    """A municipio does not end before it begins, and what says since or until when says how it is known."""
    rows = frames[MUNICIPIOS]
    backwards = (rows["hasta"] < rows["desde"]).fillna(False)
    unsaid = (rows["desde"].notna() | rows["hasta"].notna()) & rows["vigencia_nota"].isna()
    return [
        Problem(MUNICIPIOS, row, column, str(rows.at[row, column]), message)
        for mask, column, message in (
            (backwards, "hasta", "el municipio termina antes de empezar"),
            (unsaid, "vigencia_nota", "diga cómo se sabe desde o hasta cuándo existe"),
        )
        for row in rows.index[mask]
    ]


def _iso_of_each(frames: Frames) -> list[Problem]:
    """Every departamento has its code of ISO 3166-2, and no two the same: the identifier of its municipios begins with it."""
    departamentos, codes = frames[DEPARTAMENTOS]["codigo_departamento"], frames[ISO]
    without, unknown = (
        ~departamentos.isin(codes["codigo_departamento"]),
        ~codes["codigo_departamento"].isin(departamentos),
    )
    repeated = codes["codigo_iso"].duplicated()
    return [
        Problem(name, row, column, str(frames[name].at[row, column]), message)
        for name, mask, column, message in (
            (DEPARTAMENTOS, without, "codigo_departamento", "el departamento no tiene código de ISO 3166-2"),
            (ISO, unknown, "codigo_departamento", "no hay ningún departamento con ese código"),
            (ISO, repeated, "codigo_iso", "dos departamentos tienen el mismo código de ISO 3166-2"),
        )
        for row in frames[name].index[mask]
    ]


def _one_identifier_each(frames: Frames) -> list[Problem]:
    """No two places have the same identifier of Open Civic Data: only names that are told apart by their signs could."""
    rows = frames["municipios"]
    message = "otro municipio del departamento tiene el mismo identificador de Open Civic Data"
    repeated = rows.index[rows["codigo_ocd"].duplicated()]
    return [Problem("municipios", None, "codigo_ocd", str(rows.at[row, "codigo_ocd"]), message) for row in repeated]


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
    topic="territorio",
    description="Catálogo de los departamentos y municipios: nombres, otros nombres, regiones, el código que les da cada "
    "fuente (INE, TSE y TREP), los de ISO 3166-2 y Open Civic Data, y desde cuándo existen.",
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
            ISO,
            (
                Column("codigo_departamento", Kind.CODIGO, pattern=fields.codigo_departamento.pattern),
                Column("codigo_iso", Kind.CODIGO, pattern=ocd.codigo_iso.pattern),
                Column("codigo_iso_anterior", Kind.CODIGO, nullable=True, pattern=ocd.codigo_iso.pattern),
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
                    Column(name, Kind.DECIMAL, nullable=True, minimum=None)
                    for name in ("rotulo_lon", "rotulo_lat", "cabecera_lon", "cabecera_lat")
                ),
                Column("area_km2", Kind.DECIMAL, nullable=True),
                *(Column(item.name, Kind.TEXTO, nullable=True, pattern=item.pattern) for item in SINCE_AND_UNTIL),
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
        _code_in_departamento,
        checks.names_agree(
            MUNICIPIOS,
            lambda rows: rows["codigo_departamento"],
            "departamento",
            DEPARTAMENTOS,
            "codigo_departamento",
            "departamento",
        ),
        _ends_after_it_begins,
        _iso_of_each,
    ),
    checks=(checks.no_homonyms, _one_identifier_each),
)

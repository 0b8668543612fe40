"""Votes by polling table, from the files of the TREP as the TSE publishes them (`etl.pipeline.trep` reads them).

Each acta has totals written by hand and totals calculated from its parts: both are kept, the calculated are the ones used,
and every difference is a row of its own table, in plain words. An acta that was not counted has no votes: it is said.
Another file, or a ZIP of many, is one more file in data/source/participacion_mesa: nothing else changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from etl import fields
from etl.checks import rows_of
from etl.country import COUNTRY, codes_abroad, fold
from etl.model import Dataset, Field, Frames, Input, Kind, Notice, Problem, Reference, Table
from etl.pipeline import trep
from etl.pipeline.actas import KINDS, WRITTEN, differences

NAME, TREP = "participacion_mesa", "trep"
EVENT_DAYS = 45  # a preliminary count is published within days of its election
SHOWN = 20  # polling tables named one by one in a warning


# --- Columns --------------------------------------------------------------------------------------------------------


def _votes_called(name: str, title: str, description: str) -> Field:
    return replace(fields.votos_emitidos, name=name, title=title, description=description, nullable=True)


mesa = Field("mesa", "Mesa", "Número de la junta receptora de votos.", Kind.ENTERO, minimum=1)
codigo_municipio = replace(
    fields.codigo_municipio,
    description=f"Código del municipio según el INE. Los del extranjero empiezan por {COUNTRY.abroad}, con el número de la "
    "ciudad en el TREP.",
)
codigo_centro = Field(
    "codigo_centro",
    "Centro de votación",
    "Código del centro de votación en el TREP.",
    Kind.CODIGO,
    pattern=r"\d+",
    nullable=True,
)
contabilizada = Field("contabilizada", "Contabilizada", "Si el acta entró en el recuento.", Kind.BOOLEANO)
votos_invalidos = _votes_called(
    "votos_invalidos", "Votos inválidos", "Votos que el acta cuenta aparte de los emitidos."
)
votos_total = _votes_called("votos_total", "Total de votos", "Emitidos más inválidos.")
papeletas_recibidas = Field(
    "papeletas_recibidas",
    "Papeletas recibidas",
    "Papeletas que la mesa recibió.",
    Kind.ENTERO,
    unit="papeletas",
    minimum=0,
    nullable=True,
)
papeletas_no_usadas = replace(
    papeletas_recibidas, name="papeletas_no_usadas", title="Papeletas sin usar", description="Papeletas que sobraron."
)
impugnaciones = _votes_called("impugnaciones", "Impugnaciones", "Votos impugnados en la mesa.")
discrepancias = Field(
    "discrepancias",
    "Discrepancias",
    "Cuántas cifras del acta no cuadran; cada una está en la tabla de discrepancias.",
    Kind.ENTERO,
    unit="discrepancias",
    minimum=0,
)
observacion_acta = Field(
    "observacion_acta", "Observación del TREP", "Lo que el TREP anota del acta.", Kind.TEXTO, nullable=True
)
publicada = Field(
    "publicada", "Publicada", "Cuándo se publicó el acta (ISO 8601, hora de Guatemala).", Kind.TEXTO, nullable=True
)
archivo = Field("archivo", "Archivo", "Archivo del TREP del que se tomó.", Kind.TEXTO)
partido = Field("partido", "Partido", "Siglas del partido o comité, como encabeza su columna en el TREP.", Kind.TEXTO)
votos = _votes_called("votos", "Votos", "Votos del partido en la mesa.")
tipo = Field("tipo_discrepancia", "Tipo", "En qué no cuadra el acta.", Kind.CATEGORIA, labels=KINDS)
campo = Field("campo", "Cifra", "Cifra que no cuadra, con el nombre de su columna.", Kind.TEXTO)
escrito = Field("escrito", "Escrito", "Lo que el acta dice.", Kind.ENTERO, nullable=True)
calculado = Field("calculado", "Calculado", "Lo que resulta de sumar.", Kind.ENTERO, nullable=True)
explicacion = Field("explicacion", "Explicación", "Qué no cuadra, en palabras.", Kind.TEXTO)
corte = Field("corte_trep", "Corte", "Fecha y hora del corte (ISO 8601, hora de Guatemala).", Kind.TEXTO)
actas_esperadas = Field("actas_esperadas", "Actas esperadas", "Mesas de la elección.", Kind.ENTERO, unit="actas")
actas = replace(actas_esperadas, name="actas", title="Actas", description="Mesas que trae el archivo.")
actas_contabilizadas = replace(
    actas, name="actas_contabilizadas", title="Actas contabilizadas", description="Las que entraron en el recuento."
)
partidos = Field(
    "partidos", "Partidos", "Partidos y comités con columna.", Kind.ENTERO, unit="organizaciones", minimum=1
)


def _written(base: Field) -> Field:
    return _votes_called(f"{base.name}_escrito", f"{base.title}, escritos", "Como está escrito en el acta.")


_key = (fields.eleccion, fields.cargo, mesa)
_of_event = Reference(("eleccion", "cargo"), "elecciones_cargos", ("eleccion", "cargo"))
_of_table = Reference(("eleccion", "cargo", "mesa"), NAME, ("eleccion", "cargo", "mesa"))
TABLES = (
    Table(
        NAME,
        "Resultados por mesa",
        "Una fila por mesa y elección: empadronados, votos calculados (los que se usan) y votos escritos en el acta. Las "
        "actas sin contabilizar no tienen votos.",
        (
            *_key,
            codigo_municipio,
            fields.residencia,
            codigo_centro,
            fields.perhaps(fields.empadronados),
            contabilizada,
            *map(
                fields.perhaps, (fields.votos_emitidos, fields.votos_validos, fields.votos_blanco, fields.votos_nulos)
            ),
            votos_invalidos,
            votos_total,
            *map(_written, (fields.votos_emitidos, fields.votos_validos, votos_total)),
            impugnaciones,
            papeletas_recibidas,
            papeletas_no_usadas,
            discrepancias,
            observacion_acta,
            publicada,
            archivo,
        ),
        ("eleccion", "cargo", "mesa"),
        (
            _of_event,
            Reference(("codigo_municipio",), "municipios", ("codigo_municipio",), unless=("residencia", "extranjero")),
        ),
    ),
    Table(
        f"{NAME}_votos",
        "Votos de cada partido por mesa",
        "Los votos de cada partido o comité en cada mesa contabilizada.",
        (*_key, partido, votos),
        ("eleccion", "cargo", "mesa", "partido"),
        (_of_table,),
    ),
    Table(
        f"{NAME}_discrepancias",
        "Lo que no cuadra en las actas",
        "Cada cifra escrita en un acta contabilizada que no es la que resulta de sumar sus partes, explicada.",
        (*_key, tipo, campo, escrito, calculado, explicacion),
        ("eleccion", "cargo", "mesa", "tipo_discrepancia", "campo"),
        (_of_table,),
    ),
    Table(
        f"{NAME}_archivos",
        "Archivos del TREP",
        "Qué elección y qué corte es cada archivo, y cuántas actas trae.",
        (archivo, fields.eleccion, fields.cargo, corte, actas_esperadas, actas, actas_contabilizadas, partidos),
        ("archivo",),
        (_of_event,),
    ),
)

# --- From the sources to the tables ---------------------------------------------------------------------------------


def _all_rows(frames: Frames) -> pd.DataFrame:
    """The rows of every file, with our code, residence and event."""
    rows = frames[TREP].reset_index(drop=True)
    place = rows["ID_DEPARTAMENTO"].astype("str") + "-" + rows["ID_MUNICIPIO"].astype("str")
    known = frames["municipios"].set_index("codigo_trep")["codigo_municipio"]
    abroad = rows["ID_DEPARTAMENTO"].astype("str") == COUNTRY.abroad_in_trep
    code = place.map(known).mask(abroad, codes_abroad(rows["ID_MUNICIPIO"].astype("str")))
    return rows.assign(
        lugar=place.mask(rows["ID_DEPARTAMENTO"].isna() | rows["ID_MUNICIPIO"].isna()),
        codigo_municipio=code,
        residencia=abroad.map({True: "extranjero", False: "pais"}),
        eleccion=rows["ARCHIVO"].map(_events(rows, frames)),
        cargo=rows["CARGO"],
        mesa=rows["MESA"],
    )


def _events(rows: pd.DataFrame, frames: Frames) -> dict[str, str]:
    """The event of each file: the last one before its first acta was published that elected that office."""
    days = frames["elecciones_cargos"].merge(frames["elecciones"][["eleccion", "fecha_eleccion"]], on="eleccion")
    found = {}
    for file, group in rows.groupby("ARCHIVO"):
        first = group["PUBLICADA"].dropna().min() if group["PUBLICADA"].notna().any() else group["CORTE"].iloc[0]
        day = pd.to_datetime(str(first)[:10], errors="coerce")
        past = days[(days["cargo"] == group["CARGO"].iloc[0]) & (days["fecha_eleccion"] <= day)]
        past = past[(day - past["fecha_eleccion"]).dt.days <= EVENT_DAYS].sort_values("fecha_eleccion")
        if len(past):
            found[str(file)] = past["eleccion"].iloc[-1]
    return found


def read(frames: Frames) -> Frames:
    """The tables of polling tables, votes by party, discrepancies and files."""
    rows = _all_rows(frames)
    counted = rows["CONTABILIZADA"] == 1
    found = differences(rows[counted], _numbers(frames))
    return {
        NAME: _tables(rows, counted, found),
        f"{NAME}_votos": _votes(rows[counted]),
        f"{NAME}_discrepancias": found,
        f"{NAME}_archivos": _files(rows),
    }


def _numbers(frames: Frames) -> dict[str, range]:
    """The numbers of the polling tables of each municipio in 2023."""
    first_and_last = frames["mesas_municipio_2023"].set_index("codigo_municipio")[["primera_mesa", "ultima_mesa"]]
    return {code: range(first, last + 1) for code, first, last in first_and_last.itertuples(name=None)}


def _tables(rows: pd.DataFrame, counted: pd.Series, found: pd.DataFrame) -> pd.DataFrame:
    keys = ["eleccion", "cargo", "mesa"]
    number = found.groupby(keys).size().rename("discrepancias").reset_index()
    used = {name: rows[item.calculated].where(counted) for name, item in WRITTEN.items()}
    written = {f"{name}_escrito": rows[item.written] for name, item in WRITTEN.items()}
    tables = rows.assign(
        codigo_centro=rows["CENTRO"].astype("str"),
        empadronados=rows["PADRON"],
        contabilizada=counted,
        votos_blanco=rows["BLANCO"].where(counted),
        votos_nulos=rows["NULOS"].where(counted),
        votos_invalidos=rows["INVALIDOS"].where(counted),
        impugnaciones=rows["IMPUGNACIONES"],
        papeletas_recibidas=rows["PAPELETAS_RECIBIDAS"],
        papeletas_no_usadas=rows["PAPELETAS_NO_USADAS"],
        observacion_acta=rows["OBSERVACIONES"],
        publicada=rows["PUBLICADA"],
        archivo=rows["ARCHIVO"],
        **used,
        **written,
    )
    tables = tables.astype({"mesa": "int64"}).merge(number.astype({"mesa": "int64"}), on=keys, how="left")
    return tables.assign(discrepancias=tables["discrepancias"].fillna(0))


def _votes(rows: pd.DataFrame) -> pd.DataFrame:
    cells = [
        (row.eleccion, row.cargo, row.mesa, party, count)
        for row in rows_of(rows)
        for party, count in json.loads(row.PARTIDOS).items()
    ]
    frame = pd.DataFrame(cells, columns=["eleccion", "cargo", "mesa", "partido", "votos"])
    return frame.astype({"votos": "Int64"})


def _files(rows: pd.DataFrame) -> pd.DataFrame:
    groups = rows.groupby("ARCHIVO", sort=True)
    first = groups.first()
    return pd.DataFrame(
        {
            "archivo": first.index,
            "eleccion": first["eleccion"].to_numpy(),
            "cargo": first["cargo"].to_numpy(),
            "corte_trep": first["CORTE"].to_numpy(),
            "actas": groups.size().to_numpy(),
            "actas_esperadas": first["ACTAS_ESPERADAS"].fillna(groups.size()).to_numpy(),
            "actas_contabilizadas": groups["CONTABILIZADA"].sum().to_numpy(),
            "partidos": [len(json.loads(cells)) for cells in first["PARTIDOS"]],
        }
    )


# --- What must hold -------------------------------------------------------------------------------------------------


def _place(rows: pd.DataFrame, row: int) -> tuple[str, int]:
    return str(rows.at[row, "ARCHIVO"]), int(rows["FILA"][row])


def _codes_resolve(frames: Frames) -> list[Problem]:
    rows = _all_rows(frames)
    unknown = rows["lugar"].notna() & rows["codigo_municipio"].isna()
    message = "código desconocido: no está en el catálogo de territorio"
    return [
        Problem(*_place(rows, row), "ID_DEPARTAMENTO, ID_MUNICIPIO", str(rows.at[row, "lugar"]), message)
        for row in rows.index[unknown]
    ]


def _names_agree(frames: Frames) -> list[Problem]:
    """The departamento's name is the code's: a file with another coding shows at once."""
    rows = _all_rows(frames)
    known = frames["municipios"].set_index("codigo_municipio")["departamento"].map(fold)
    expected = rows["codigo_municipio"].map(known)
    said = rows["DEPARTAMENTO"].fillna("").map(fold).str.removeprefix("el ")
    own_name = rows["ID_DEPARTAMENTO"].isin([0, int(COUNTRY.abroad_in_trep)])  # «Distrito Central» and residents abroad
    wrong = ~own_name & expected.notna() & (said != "") & (said != expected.str.removeprefix("el "))
    message = "el código de la fila corresponde a otro departamento: ¿otra codificación?"
    return [
        Problem(*_place(rows, row), "DEPARTAMENTO", str(rows.at[row, "DEPARTAMENTO"]), message)
        for row in rows.index[wrong]
    ]


def _event_is_known(frames: Frames) -> list[Problem]:
    rows = _all_rows(frames)
    lost = rows[rows["eleccion"].isna() & rows["CARGO"].notna()].drop_duplicates("ARCHIVO")
    message = "ningún evento de la tabla elecciones eligió ese cargo en los días anteriores: añádalo a elecciones.csv"
    return [
        Problem(row.ARCHIVO, None, "TIPO_DE_ELECCIÓN", f"{row.CARGO}, {row.CORTE}", message) for row in rows_of(lost)
    ]


def _no_table_twice(frames: Frames) -> list[Problem]:
    rows = _all_rows(frames).dropna(subset=["eleccion", "cargo", "mesa"])
    keys = ["eleccion", "cargo", "mesa"]
    first = rows.groupby(keys)[["ARCHIVO", "FILA"]].transform("first")
    return [
        Problem(
            *_place(rows, row),
            "MESA",
            str(rows.at[row, "MESA"]),
            f"mesa repetida: ya está en {first['ARCHIVO'].at[row]}, fila {first['FILA'].at[row]}",
        )
        for row in rows.index[rows.duplicated(keys)]
    ]


# --- What is said with the figures ----------------------------------------------------------------------------------


def _said(frames: Frames) -> list[Notice]:
    """For each election in the files: how much was counted, and what did not add up."""
    titles = frames["elecciones"].set_index("eleccion")["titulo"]
    notices = []
    for key, rows in frames[NAME].groupby(["eleccion", "cargo"]):
        event, office = map(str, key)
        what = f"{titles[event]} ({fields.CARGOS[office].lower()})"
        places = tuple(sorted(set(rows.loc[rows["residencia"] == "pais", "codigo_municipio"])))
        places = places if len(places) <= SHOWN else ()
        notices.append(Notice(NAME, f"{what}: {_counted(rows)} Es un recuento preliminar.", places))
        differences = frames[f"{NAME}_discrepancias"].query("eleccion == @event and cargo == @office")
        notices += [Notice(NAME, f"{what}: {sentence}", places) for sentence in _that_differ(differences)]
    return notices


def _counted(rows: pd.DataFrame) -> str:
    counted = rows[rows["contabilizada"]]
    votes, registered = counted["votos_emitidos"].sum(), counted["empadronados"].sum()
    return (
        f"{len(counted):,} de {len(rows):,} actas contabilizadas, con {votes:,} votos emitidos de {registered:,} "
        "empadronados."
    )


def _that_differ(rows: pd.DataFrame) -> Iterator[str]:
    for name, item in WRITTEN.items():
        tables = rows[(rows["tipo_discrepancia"] == "suma_no_cuadra") & (rows["campo"] == name)]["mesa"].to_list()
        if tables:
            yield (
                f"en {_actas(len(tables))} la cifra escrita de {item.words} no es la que suman {item.parts}"
                f"{_named(tables)}. Se usa la calculada."
            )


def _actas(count: int) -> str:
    return "1 acta" if count == 1 else f"{count:,} actas"


def _named(tables: list[int]) -> str:
    if len(tables) > SHOWN:
        return ""
    *others, last = map(str, tables)
    return f" (mesas {', '.join(others)} y {last})" if others else f" (mesa {last})"


# --- Declaration ----------------------------------------------------------------------------------------------------


DATASET = Dataset(
    name=NAME,
    title="Resultados por mesa (TREP)",
    description="Votos por mesa y por partido tal como los publicó el TREP, con los totales escritos en las actas y los "
    "calculados, y cada discrepancia explicada.",
    inputs=(Input(TREP, trep.COLUMNS, parse=trep.parse, several=True),),
    tables=TABLES,
    read=read,
    source_checks=(_codes_resolve, _names_agree, _event_is_known, _no_table_twice),
    notices=(_said,),
    needs=("territorio", "elecciones", "mesas_2023"),
)

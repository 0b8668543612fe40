"""Votes by polling table, from the files of the TREP as the TSE publishes them (`etl.pipeline.trep` reads them).

Each acta has totals written by hand and totals calculated from its parts: both are kept, the calculated are the ones used,
and every difference is a row of its own table, in plain words. An acta that was not counted has no votes: it is said.
Another file, or a ZIP of many, is one more file in data/source/participacion_mesa: nothing else changes.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from etl import fields
from etl.checks import PlaceNames
from etl.country import COUNTRY, departamento_of, fold
from etl.fields import actas as of_acta
from etl.fields import polling as columns
from etl.model import Dataset, Field, Frames, Input, Kind, Notice, Problem, Reference, Table
from etl.pipeline import trep
from etl.pipeline.trep import polling, votes
from etl.pipeline.trep.actas import KINDS, LEVELS, WRITTEN, differences, of_sums
from etl.pipeline.trep.resolved import KEY, checks, problem_in, resolved, sums

NAME, TREP, NAMES_ABROAD = "participacion_mesa", "trep", "nombres_extranjero"
SHOWN = 20  # polling tables named one by one in a warning


# --- Columns --------------------------------------------------------------------------------------------------------


tipo = Field(
    "tipo_discrepancia",
    "Tipo",
    "En qué no cuadra el acta.",
    Kind.CATEGORIA,
    labels=KINDS,
    english=("Type", "In what the tally sheet does not add up."),
)
nivel = Field(
    "nivel", "Nivel", "De qué es la suma.", Kind.CATEGORIA, labels=LEVELS, english=("Level", "What the sum is of.")
)
_key = (fields.eleccion, fields.cargo, of_acta.mesa)
_of_event = Reference(("eleccion", "cargo"), "elecciones_cargos", ("eleccion", "cargo"))
_of_place = Reference(("codigo_municipio",), "municipios", ("codigo_municipio",), unless=("residencia", "extranjero"))
_of_table = Reference(("eleccion", "cargo", "mesa"), NAME, ("eleccion", "cargo", "mesa"))
TABLES = (
    Table(
        NAME,
        "Resultados por mesa",
        "Una fila por mesa y elección: empadronados, votos calculados (los que se usan) y votos escritos en el acta. Las "
        "actas sin contabilizar no tienen votos.",
        (
            *_key,
            of_acta.codigo_municipio,
            fields.residencia,
            of_acta.codigo_centro,
            fields.perhaps(fields.empadronados),
            of_acta.contabilizada,
            *map(
                fields.perhaps, (fields.votos_emitidos, fields.votos_validos, fields.votos_blanco, fields.votos_nulos)
            ),
            of_acta.votos_invalidos,
            of_acta.votos_total,
            *map(of_acta.written, (fields.votos_emitidos, fields.votos_validos, of_acta.votos_total)),
            of_acta.impugnaciones,
            of_acta.papeletas_recibidas,
            of_acta.papeletas_no_usadas,
            of_acta.discrepancias,
            of_acta.observacion_acta,
            of_acta.publicada,
            of_acta.archivo,
        ),
        ("eleccion", "cargo", "mesa"),
        (_of_event, _of_place),
    ),
    Table(
        f"{NAME}_lugar",
        "Sumas de las actas por lugar",
        "Lo que suman las actas de cada municipio y de cada lugar del extranjero, por elección y papeleta. Un departamento o "
        "el país es la suma de los suyos.",
        (fields.eleccion, fields.cargo, of_acta.codigo_municipio, fields.residencia, columns.lugar, *columns.SUMS),
        ("eleccion", "cargo", "codigo_municipio"),
        (_of_event, _of_place),
    ),
    Table(
        f"{NAME}_papeletas",
        "Las papeletas de cada mesa, lado a lado",
        "Cada persona recibe una papeleta de cada elección del día, así que los totales de las papeletas de una mesa deberían "
        "ser iguales: cuánto difieren, mesa por mesa. Las del extranjero eligen solo presidencia y no están.",
        (fields.eleccion, of_acta.mesa, of_acta.codigo_municipio, of_acta.codigo_centro, *columns.TOGETHER),
        ("eleccion", "mesa"),
        (Reference(("codigo_municipio",), "municipios", ("codigo_municipio",)),),
    ),
    Table(
        f"{NAME}_votos",
        "Votos de cada partido por mesa",
        "Los votos de cada partido o comité en cada mesa contabilizada.",
        (*_key, of_acta.partido, of_acta.votos),
        ("eleccion", "cargo", "mesa", "partido"),
        (_of_table,),
    ),
    Table(
        f"{NAME}_discrepancias",
        "Lo que no cuadra en las actas",
        "Cada cifra escrita en un acta contabilizada que no es la que resulta de sumar sus partes, explicada.",
        (*_key, tipo, of_acta.campo, of_acta.escrito, of_acta.calculado, of_acta.explicacion),
        ("eleccion", "cargo", "mesa", "tipo_discrepancia", "campo"),
        (_of_table,),
    ),
    Table(
        f"{NAME}_archivos",
        "Archivos del TREP",
        "Qué elección y qué corte es cada archivo, y cuántas actas trae.",
        (
            of_acta.archivo,
            fields.eleccion,
            fields.cargo,
            of_acta.corte,
            of_acta.actas_esperadas,
            of_acta.actas,
            of_acta.actas_contabilizadas,
            of_acta.partidos,
        ),
        ("archivo", "cargo"),
        (_of_event,),
    ),
    Table(
        f"{NAME}_sumas",
        "Sumas de los archivos que no son las de sus mesas",
        "Cada suma que un archivo del TREP trae de un centro, un municipio o un departamento y que no es la de sus mesas "
        "contabilizadas. Se publican las mesas.",
        (
            of_acta.archivo,
            fields.eleccion,
            fields.cargo,
            nivel,
            of_acta.lugar_suma,
            of_acta.campo,
            of_acta.escrito,
            of_acta.calculado,
            of_acta.explicacion,
        ),
        ("archivo", "cargo", "nivel", "lugar_suma", "campo"),
        (_of_event,),
    ),
)

# --- From the sources to the tables ---------------------------------------------------------------------------------


def read(frames: Frames) -> Frames:
    """The tables of polling tables, votes by party, discrepancies and files."""
    rows = resolved(TREP, frames)
    counted = rows["CONTABILIZADA"] == 1
    found = differences(rows[counted], _numbers(frames))
    tables = _tables(rows, counted, found)
    return {
        NAME: tables,
        f"{NAME}_lugar": _named_places(polling.places(tables), frames),
        f"{NAME}_papeletas": polling.ballots(tables),
        f"{NAME}_votos": _votes(rows.loc[counted, [*KEY, "PARTIDOS", "VOTOS"]]),
        f"{NAME}_discrepancias": found,
        f"{NAME}_archivos": _files(rows),
        f"{NAME}_sumas": of_sums(sums(TREP, frames)),
    }


def _numbers(frames: Frames) -> pd.DataFrame:
    """The first and last polling table of each place in the events of the years whose numbers are published."""
    columns, years = ["primera_mesa", "ultima_mesa", "anio"], frames["elecciones"][["eleccion", "anio"]]
    places, outside = (frames[name].merge(years, on="eleccion") for name in ("mesas_municipio", "mesas_extranjero"))
    codes = pd.DataFrame({"codigo_municipio": [f"{COUNTRY.abroad}{number:02}" for number in range(1, 100)]})
    known = pd.concat([places[["codigo_municipio", *columns]], codes.merge(outside[columns], how="cross")])
    return known.merge(years, on="anio").drop(columns="anio")


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
        archivo=rows["GRUPO"],
        **used,
        **written,
    )
    tables = tables.astype({"mesa": "int64"}).merge(number.astype({"mesa": "int64"}), on=keys, how="left")
    return tables.assign(discrepancias=tables["discrepancias"].fillna(0))


def _named_places(places: pd.DataFrame, frames: Frames) -> pd.DataFrame:
    """The sums with the name of each place; of those abroad, the one known for its code in that election."""
    key = ["eleccion", "codigo_municipio"]
    abroad = places[key].merge(frames[NAMES_ABROAD][[*key, "lugar"]], on=key, how="left")["lugar"]
    home = frames["municipios"].set_index("codigo_municipio")["municipio"]
    return places.assign(lugar=places["codigo_municipio"].map(home).fillna(abroad.set_axis(places.index)))


def _votes(rows: pd.DataFrame) -> pd.DataFrame:
    return votes.by_party(rows, [*KEY])


def _files(rows: pd.DataFrame) -> pd.DataFrame:
    groups = rows.groupby(["GRUPO", "cargo"], sort=True)
    first = groups.first().reset_index()
    return pd.DataFrame(
        {
            "archivo": first["GRUPO"],
            "eleccion": first["eleccion"],
            "cargo": first["cargo"],
            "corte_trep": groups["CORTE"].max().to_numpy(),
            "actas": groups.size().to_numpy(),
            "actas_esperadas": first["ACTAS_ESPERADAS"].fillna(pd.Series(groups.size().to_numpy())),
            "actas_contabilizadas": groups["CONTABILIZADA"].sum().to_numpy(),
            "partidos": [None if pd.isna(names) else len(votes.parties(names)) for names in first["PARTIDOS"]],
        }
    )


# --- What must hold -------------------------------------------------------------------------------------------------


def _names_agree(rows: pd.DataFrame, frames: Frames) -> Iterator[Problem]:
    """The names of a row are those of its code; the capital is a departamento of its own in the TREP, with its own name."""
    names = PlaceNames.of(frames)
    abroad = frames[NAMES_ABROAD].dropna(subset="lugar").set_index(["eleccion", "codigo_municipio"])["lugar"]
    columns = ["eleccion", "codigo_municipio", "ID_DEPARTAMENTO", "MUNICIPIO", "DEPARTAMENTO"]
    for row, event, code, number, *said in rows.drop_duplicates(["ARCHIVO", *columns])[columns].itertuples(name=None):
        municipio, departamento = (name if isinstance(name, str) else "" for name in said)
        if not isinstance(code, str):
            continue
        if departamento_of(code) == COUNTRY.abroad:
            known = abroad.get((event, code), "")
            if message := names.inside(departamento):
                yield problem_in(rows, row, "DEPARTAMENTO", departamento, message)
            elif municipio and known and fold(known) not in fold(municipio):
                message = f"la fila dice {municipio} y su código es el de {known} ({code})"
                yield problem_in(rows, row, "MUNICIPIO", municipio, message)
        elif municipio and (message := names.disagreement(code, municipio, departamento)):
            yield problem_in(rows, row, "MUNICIPIO", municipio, message)
        elif departamento and number and (message := names.disagreement(departamento_of(code), departamento)):
            yield problem_in(rows, row, "DEPARTAMENTO", departamento, message)


# --- What is said with the figures ----------------------------------------------------------------------------------


def _said(frames: Frames) -> list[Notice]:
    """For each election in the files: how much was counted, and what did not add up."""
    titles = frames["elecciones"].set_index("eleccion")["titulo"]
    notices = []
    looked_at = [
        "eleccion",
        "cargo",
        "codigo_municipio",
        "residencia",
        "contabilizada",
        "votos_emitidos",
        "empadronados",
    ]
    for key, rows in frames[NAME][looked_at].groupby(["eleccion", "cargo"]):
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
    of = f" de {registered:,} empadronados" if registered else ""
    return f"{len(counted):,} de {len(rows):,} actas contabilizadas, con {votes:,} votos emitidos{of}."


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
    topic="elecciones",
    description="Votos por mesa y por partido tal como los publicó el TREP, con los totales escritos en las actas y los "
    "calculados, y cada discrepancia explicada.",
    inputs=(
        Input(TREP, trep.COLUMNS, parse=trep.parse, several=True, spent=True),
        Input(
            NAMES_ABROAD,
            (
                fields.column(fields.eleccion),
                fields.column(of_acta.codigo_municipio),
                *fields.texts("lugar", "nota", nullable=True),
            ),
            key=("eleccion", "codigo_municipio"),
        ),
    ),
    tables=TABLES,
    read=read,
    source_checks=checks(TREP, _names_agree),
    notices=(_said,),
    needs=("territorio", "elecciones", "mesas"),
)

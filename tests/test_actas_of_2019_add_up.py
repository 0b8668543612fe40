"""Promise: the actas of 2019's first round are published as they are: their sums by place are those worked out apart from the
same source, what is not said is missing, a true zero stays, and how far the ballots of a table agree can be counted again."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from etl.fields.polling import ACUERDOS
from etl.pipeline import trep
from etl.pipeline.trep.polling import ballots, places
from etl.release import Release
from tests.browser_support import ROOT
from tests.etl_support import SOURCE
from tests.trep_support import every_row

NAME, EVENT = "participacion_mesa", "2019-1"
CONTROL = ROOT / "tests" / "data" / "municipios_2019_r1.csv"
OFFICES = {
    "presidente": "presidencia",
    "diputados_nacional": "diputados_lista_nacional",
    "diputados_distrital": "diputados_distritales",
    "corporacion_municipal": "corporacion_municipal",
    "parlacen": "parlacen",
}
#: Ours -> the column of the control.
SAME = {
    "mesas": "mesas",
    "mesas_sin_total_escrito": "mesas_sin_total_escrito",
    "votos_validos": "validos_calculados",
    "votos_nulos": "nulos",
    "votos_blanco": "blancos",
    "votos_emitidos": "emitidos_calculados",
    "votos_emitidos_escrito": "total_escrito",
    "papeletas_recibidas": "papeletas_recibidas",
    "mesas_con_papeletas": "mesas_con_ambos",
    "papeletas_comparables": "papeletas_mesas_con_ambos",
    "votos_comparables": "emitidos_mesas_con_ambos",
}


@pytest.fixture(scope="module")
def tables(release_path: Path) -> dict[str, pd.DataFrame]:
    """The rows of 2019's first round in each table of the dataset, as published."""
    release = Release.open(release_path)
    names = (NAME, f"{NAME}_lugar", f"{NAME}_papeletas", f"{NAME}_discrepancias", f"{NAME}_archivos")
    found = {name: pd.read_parquet(release.table(name)) for name in names}
    return {name: frame[frame["eleccion"] == EVENT].reset_index(drop=True) for name, frame in found.items()}


@pytest.fixture(scope="module")
def presidency(tables) -> pd.DataFrame:
    """The actas of the ballot for the presidency, with data."""
    rows = tables[NAME]
    return rows[(rows["cargo"] == "presidencia") & rows["contabilizada"]]


# --- By place ---------------------------------------------------------------------------------------------------------


def test_sums_by_place_are_those_of_the_control(tables) -> None:
    control = pd.read_csv(CONTROL, dtype={"municipio_id": str})
    control["codigo_municipio"] = control["municipio_id"].str.replace("EXT", "25")
    control["cargo"] = control["eleccion"].map(OFFICES)
    both = tables[f"{NAME}_lugar"].merge(
        control, on=["codigo_municipio", "cargo"], how="outer", suffixes=("", "_control")
    )
    assert len(both) == len(tables[f"{NAME}_lugar"]) == len(control) == 1_698
    for ours, theirs in SAME.items():
        theirs = theirs if theirs not in tables[f"{NAME}_lugar"] else f"{theirs}_control"
        wrong = both[both[ours].fillna(0) != both[theirs]]
        assert wrong.empty, f"{ours}\n{wrong[['codigo_municipio', 'cargo', ours, theirs]]}"
    assert (both["mesas"] - both["mesas_con_datos"] == both["mesas_sin_datos"]).all()


def test_what_no_acta_says_is_missing_and_not_zero(tables) -> None:
    sums = tables[f"{NAME}_lugar"].set_index(["codigo_municipio", "cargo"])
    nobody = sums[sums["mesas_con_datos"] == 0]
    assert nobody.filter(like="votos_").isna().all(axis=None)
    assert sums["votos_emitidos"].isna().sum() == len(nobody)
    rows = tables[NAME]
    unsaid = rows[~rows["contabilizada"]]
    assert len(unsaid) == 699
    assert unsaid.filter(regex="^(votos_|papeletas_|impugnaciones)").isna().all(axis=None)
    assert (rows["papeletas_recibidas"] == 0).sum() == 0
    assert rows["papeletas_recibidas"].isna().sum() == 3_247
    assert (
        rows["votos_invalidos"].isna().all() and rows["votos_total"].isna().all() and rows["empadronados"].isna().all()
    )


def test_abroad_is_exact_and_its_true_zeros_stay(tables) -> None:
    abroad = tables[NAME].query("residencia == 'extranjero'")
    assert len(abroad) == 109 and set(abroad["cargo"]) == {"presidencia"}
    parts = ["votos_emitidos", "votos_validos", "votos_nulos", "votos_blanco"]
    assert abroad[parts].sum().to_list() == [734, 705, 27, 2]
    zeros = abroad[abroad["votos_emitidos"] == 0]
    assert zeros["mesa"].to_list() == [21_061, 21_073]
    assert zeros["contabilizada"].all() and zeros["papeletas_recibidas"].to_list() == [600, 600]
    names = tables[f"{NAME}_lugar"].query("residencia == 'extranjero'").set_index("codigo_municipio")
    assert names["mesas"].to_dict() == {"2501": 39, "2502": 25, "2503": 27, "2504": 18}
    assert names["lugar"].dropna().to_dict() == {"2501": "Los Ángeles", "2502": "Silver Spring"}


def test_votes_for_every_hundred_ballots_received(tables) -> None:
    sums = tables[f"{NAME}_lugar"].query("cargo == 'presidencia'").set_index("codigo_municipio")
    both = ["votos_comparables", "papeletas_comparables"]
    home = sums.query("residencia == 'pais'")
    votes, received = home[both].sum()
    assert round(100 * votes / received, 2) == 63.26
    rates = 100 * home[both[0]] / home[both[1]]
    assert (rates.idxmin(), round(rates.min(), 1)) == ("1304", 39.0)
    assert (rates.idxmax(), round(rates.max(), 1)) == ("0702", 93.6)
    by_departamento = home.groupby(home.index.str[:2])[both].sum()
    rates = 100 * by_departamento[both[0]] / by_departamento[both[1]]
    assert {code: round(rates[code], 1) for code in (rates.idxmin(), rates.idxmax())} == {"13": 57.2, "07": 80.0}


# --- What is written against what adds up -----------------------------------------------------------------------------


def test_the_ledger_of_the_presidency(presidency) -> None:
    over = presidency["votos_emitidos_escrito"] - presidency["votos_emitidos"]
    unwritten = presidency["votos_emitidos_escrito"].isna()
    assert len(presidency) == 20_970
    counts = [
        (over == 0).sum(),
        over.abs().between(1, 5).sum(),
        over.abs().between(6, 20).sum(),
        (over.abs() > 20).sum(),
    ]
    assert [*counts, unwritten.sum()] == [19_516, 711, 322, 317, 104]
    steps = [
        presidency["votos_emitidos_escrito"].sum(),
        presidency.loc[unwritten, "votos_emitidos"].sum(),
        -over[over < 0].sum(),
        -over[over > 0].sum(),
    ]
    assert steps == [5_040_451, 26_952, 9_279, -13_815]
    assert sum(steps) == presidency["votos_emitidos"].sum() == 5_062_867


def test_every_discrepancy_is_a_row_with_its_reason(tables) -> None:
    rows, found = tables[NAME], tables[f"{NAME}_discrepancias"]
    assert rows["discrepancias"].sum() == len(found)
    assert found["explicacion"].str.len().gt(20).all()
    kinds = found.groupby(["tipo_discrepancia", "campo"]).size()
    counted = rows[rows["contabilizada"]]
    for name in ("votos_emitidos", "votos_validos"):
        written, added = counted[f"{name}_escrito"], counted[name]
        assert kinds["total_sin_escribir", name] == written.isna().sum()
        assert kinds["suma_no_cuadra", name] == (written.notna() & (written != added)).sum()
    received = counted["papeletas_recibidas"]
    assert kinds["mas_votos_que_papeletas", "papeletas_recibidas"] == (counted["votos_emitidos"] > received).sum()
    assert kinds["mas_papeletas_que_personas", "papeletas_recibidas"] == (received > 600).sum()
    assert set(found["tipo_discrepancia"]) == {kind for kind, _ in kinds.index} and len(kinds) == 6
    one = found.query("mesa == 5556 and cargo == 'diputados_distritales' and campo == 'votos_emitidos'")
    assert one["explicacion"].to_list() == [
        "El acta dice 209 votos emitidos; válidos, nulos y en blanco suman 309: 100 de menos."
    ]


# --- Five ballots, one person -----------------------------------------------------------------------------------------


def test_how_far_the_five_ballots_agree(tables) -> None:
    found = tables[f"{NAME}_papeletas"]
    assert len(found) == 20_990 and (found["papeletas_de_la_eleccion"] == 5).all()
    classes = found["acuerdo"].value_counts().to_dict()
    assert classes == {
        "iguales": 13_684,
        "difieren_1_5": 4_249,
        "difieren_6_20": 1_663,
        "difieren_mas_20": 895,
        "incompleta": 499,
    }
    assert set(classes) == set(ACUERDOS)
    assert found["diferencia_votos"].notna().sum() == 20_491
    far = found[found["acuerdo"] == "difieren_mas_20"]
    assert far["papeleta_aparte"].notna().sum() == 479
    assert far["cuadra_con_lo_escrito"].fillna(False).sum() == 354


def test_the_same_is_found_again_table_by_table(tables) -> None:
    votes = tables[NAME].query("votos_emitidos > 0")
    wide = votes.pivot(index="mesa", columns="cargo", values="votos_emitidos").dropna()
    again = wide.max(axis=1) - wide.min(axis=1)
    published = tables[f"{NAME}_papeletas"].set_index("mesa")["diferencia_votos"].dropna()
    assert again.astype("int64").to_dict() == published.astype("int64").to_dict()


def test_by_municipio(tables) -> None:
    found = tables[f"{NAME}_papeletas"]
    whole = found.dropna(subset="diferencia_votos").groupby("codigo_municipio")["diferencia_votos"]
    share = whole.apply(lambda distances: (distances == 0).mean())
    assert ((share >= 0.9).sum(), (share < 0.5).sum(), 340 - len(share)) == (43, 39, 8)
    tecpan = found.query("codigo_municipio == '0406'")
    assert (len(tecpan), (tecpan["diferencia_votos"] == 0).sum()) == (92, 73)
    one = found.set_index("mesa").loc[5_556]
    assert (one["menor_total"], one["mayor_total"], one["papeleta_aparte"]) == (209, 309, "diputados_distritales")
    assert one["cuadra_con_lo_escrito"]


def test_an_election_of_one_ballot_has_nothing_to_compare() -> None:
    rows = _actas(
        [("2023-repeticion", "corporacion_municipal", 7, 200), ("2023-repeticion", "corporacion_municipal", 8, 9)]
    )
    assert ballots(rows).empty
    two = _actas([("2027-1", "presidencia", 7, 200), ("2027-1", "parlacen", 7, 203), ("2027-1", "presidencia", 9, 5)])
    found = ballots(two).iloc[0]
    assert (found["mesa"], found["diferencia_votos"], found["acuerdo"], found["papeleta_aparte"]) == (
        7,
        3,
        "difieren_1_5",
        None,
    )
    assert len(ballots(two)) == 1  # the table with one ballot is one where nothing else was elected
    unsaid = two.assign(votos_emitidos=two["votos_emitidos"].mask(two["cargo"] == "parlacen"))
    assert ballots(unsaid)["acuerdo"].to_list() == ["incompleta"]
    assert places(unsaid).set_index("cargo")["votos_emitidos"].isna().to_dict() == {
        "parlacen": True,
        "presidencia": False,
    }


def _actas(cells: list[tuple[str, str, int, int]]) -> pd.DataFrame:
    """Counted actas of one municipio: election, ballot, polling table and votes."""
    rows = pd.DataFrame(cells, columns=["eleccion", "cargo", "mesa", "votos_emitidos"])
    counts = [
        "votos_emitidos",
        "votos_validos",
        "votos_nulos",
        "votos_blanco",
        "votos_emitidos_escrito",
        "papeletas_recibidas",
    ]
    rows = rows.assign(codigo_municipio="0101", residencia="pais", codigo_centro=None, contabilizada=True)
    for name in counts:
        rows[name] = rows["votos_emitidos"].astype("Int64")
    return rows


# --- The file ---------------------------------------------------------------------------------------------------------


def _parquet(**changes: list[object]) -> bytes:
    """The first rows of the shipped file with some columns changed (None: without it)."""
    table = pq.read_table(SOURCE / NAME / "mesas_2019_r1.parquet").slice(0, 3)
    for name, values in changes.items():
        position = table.schema.get_field_index(name)
        table = table.remove_column(position) if values is None else table.set_column(position, name, pa.array(values))
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


@pytest.mark.parametrize(
    "content, column, words",
    [
        (_parquet()[:200], None, "dañado o incompleto"),
        (_parquet(total_escrito=None), "total_escrito", "falta la columna"),
        (
            _parquet(eleccion=["presidente", "alcalde", "rey"]),
            "eleccion",
            "valor desconocido; se esperaba uno de: presidente",
        ),
        (_parquet(estado_acta=[2, 2, 7]), "estado_acta", "valor desconocido; se esperaba uno de: 0, 1, 2"),
        (_parquet(nulos=[1, -5, 2]), "nulos", "se esperaba un número desde 0"),
        (_parquet(nulos=["1", "5", "2"]), "nulos", "se esperaba una columna de enteros"),
        (_parquet(nulos=[1.5, 2.0, None]), "nulos", "se esperaba una columna de enteros"),
    ],
)
def test_a_parquet_that_is_not_it_is_refused_with_its_place(content: bytes, column: str | None, words: str) -> None:
    parsed = trep.parse(content, "mesas.parquet")
    assert parsed.frame is None
    assert [(item.column, words in item.message) for item in parsed.problems] == [(column, True)]


def test_a_zero_is_read_by_what_it_means() -> None:
    told = {
        "estado_acta": [2, 0, 1],
        "papeletas_recibidas": [0, 0, 600],
        "total_escrito": [0, 0, 0],
        "emitidos_calculados": [7, 0, 0],
        "validos_calculados": [7, 0, 0],
        "validos_escritos": [7, 0, 0],
    }
    parsed = trep.parse(_parquet(**told), "mesas.parquet")
    assert parsed.problems == ()
    names = ("CONTABILIZADA", "PAPELETAS_RECIBIDAS", "EMITIDOS", "EMITIDOS_CALCULADO", "NULOS")
    rows = every_row(parsed)
    assert [[row[name] for name in names] for row in rows] == [
        ["1", "", "", "7", rows[0]["NULOS"]],
        ["0", "", "", "", ""],
        ["1", "600", "0", "0", rows[2]["NULOS"]],
    ]

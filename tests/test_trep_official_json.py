"""Promise: the official JSON of the TREP is read whole and against its own sums, or refused with the reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest

from bench.trep_files import OFFICES, actas, departamento, parties
from etl.pipeline import trep
from etl.pipeline.trep.shape import HEADER
from tests.etl_support import SOURCE
from tests.trep_support import (
    JSON,
    NAME,
    SACATEPEQUEZ,
    SHIPPED,
    Node,
    as_official,
    first_table,
    official,
    only,
    rows,
    sums,
    zipped,
)

# --- The official JSON ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("office", OFFICES)
def test_the_json_of_a_departamento_is_its_actas(office: int) -> None:
    found = rows(official(office=office, name=f"gtm2023_tc{office}_e2.json"))
    expected = [(place, acta) for place in SACATEPEQUEZ for acta in actas(place, office)]
    assert [int(row["MESA"]) for row in found] == [acta.mesa for _, acta in expected]
    for row, (place, acta) in zip(found, expected, strict=True):
        where = (row["ID_DEPARTAMENTO"], row["ID_MUNICIPIO"], row["MUNICIPIO"], row["CENTRO"], row["PADRON"])
        assert where == ("2", str(place.number), place.name, str(acta.centre), str(acta.roll))
        assert json.loads(row["PARTIDOS"]) == parties(office) and row["CONTABILIZADA"] == str(int(acta.counted))
        if acta.counted:
            assert row["VOTOS"] == ",".join(map(str, acta.votes))
            said = (row["VALIDOS"], row["EMITIDOS"], row["TOTAL"], row["IMPUGNACIONES"])
            assert said == tuple("" if n is None else str(n) for n in map(acta.said.get, ("fSV", "fSE", "fST", "fIM")))
            assert row["EMITIDOS_CALCULADO"] == str(acta.calculated["emitidos"])
    assert {row["CORTE"] for row in found} == {"2023-06-29T08:48:00-06:00"}


def test_the_sample_says_what_the_csv_of_the_same_place_says(tmp_path: Path) -> None:
    """The real CSV, put in the shape of the JSON, gives the same actas; its organisations are called by identifier."""
    shipped = trep.parse((SOURCE / NAME / SHIPPED).read_bytes(), SHIPPED)
    as_json = trep.parse(
        json.dumps(as_official((SOURCE / NAME / SHIPPED).read_text("utf-8"))).encode(), "gtm2023_tc4_e1.json"
    )
    same = [name for name in HEADER if name not in ("ARCHIVO", "GRUPO", "FILA", "PARTIDOS", "CORTE", "DIGITALIZACION")]
    assert [{name: row[name] for name in same} for row in rows(as_json)] == [
        {name: row[name] for name in same} for row in rows(shipped)
    ]
    assert sums(as_json) == [] and {row["CORTE"] for row in rows(as_json)} == {"2023-08-20T22:02:59-06:00"}


def test_organisations_are_called_as_the_file_calls_them() -> None:
    def name(root: Node) -> None:
        root["divs"][0]["pidsInfo"] = {"OP11": {"siglas": "ELEFANTE"}, "OP12": {"siglas": "X"}, "OP13": {"siglas": "X"}}

    found = rows(official(name))
    assert json.loads(found[0]["PARTIDOS"])[:4] == ["ELEFANTE", "OP12", "OP13", "OP14"]
    assert json.loads(found[-1]["PARTIDOS"])[0] == "OP11"


def test_a_sum_of_the_file_that_its_actas_do_not_reproduce_is_a_row() -> None:
    def change(root: Node) -> None:
        centre = root["divs"][0]["secciones"][0]["votosPA"]
        centre["OP11"]["num"] += 1
        root["divs"][1]["stats"]["actas"]["cont"]["num"] -= 1
        root["votosPA"]["totales"]["emitidos"]["num"] += 5
        root["divs"][2]["votosPA"]["fVN"]["num"] = "--"  # says nothing

    right, found = departamento(SACATEPEQUEZ, 4), official(change)
    assert list(found.problems) == []
    votes = right["divs"][0]["secciones"][0]["votosPA"]["OP11"]["num"]
    counted, cast = right["divs"][1]["stats"]["actas"]["cont"]["num"], right["votosPA"]["totales"]["emitidos"]["num"]
    assert sums(found) == [
        ("centro", "votos: OP11", str(votes + 1), str(votes)),
        ("municipio", "actas_contabilizadas", str(counted - 1), str(counted)),
        ("departamento", "votos_emitidos", str(cast + 5), str(cast)),
    ]
    assert rows(official()) == [dict(row, ARCHIVO=JSON) for row in rows(found)]


@pytest.mark.parametrize("calculated", [False, True])
def test_a_sum_may_be_of_what_is_written_or_of_what_is_calculated(calculated: bool) -> None:
    def change(root: Node) -> None:
        for node in [root, *root["divs"]]:
            if calculated:
                node["votosPA"]["fSV"]["num"] = node["votosPA"]["totales"]["validos"]["num"]

    assert sums(official(change)) == []


def shorter(text: bytes) -> bytes:
    return text[: len(text) // 2]


DAMAGES: dict[str, tuple[Callable[[Node], object], str, str]] = {
    "a polling table less": (
        lambda root: root["divs"][0]["secciones"][0]["casillas"].pop(),
        "stats.actas.num",
        "¿archivo truncado?",
    ),
    "a municipio less": (lambda root: root["divs"].pop(), "stats.actas.num", "¿archivo truncado?"),
    "a polling table twice": (
        lambda root: root["divs"][0]["secciones"][0]["casillas"].append(deepcopy(first_table(root))),
        "stats.actas.num",
        "¿hay mesas repetidas?",
    ),
    "no votes": (lambda root: first_table(root).pop("votosPA"), "", "le falta votosPA"),
    "an organisation less": (lambda root: first_table(root)["votosPA"].pop("OP11"), "", "le falta OP11"),
    "an organisation that is not listed": (
        lambda root: first_table(root)["votosPA"].update(OP99={"num": 3}),
        "",
        "una organización que pidsPA no lista",
    ),
    "thousands": (
        lambda root: first_table(root)["votosPA"]["OP11"].update(num="1,234"),
        "OP11",
        "se esperaba un número entero",
    ),
    "negative": (
        lambda root: first_table(root)["votosPA"]["fVN"].update(num=-1),
        "fVN",
        "se esperaba un número entero",
    ),
    "true": (lambda root: first_table(root)["votosPA"]["fVB"].update(num=True), "fVB", "se esperaba un número entero"),
    "half a vote": (lambda root: first_table(root)["votosPA"]["fVB"].update(num=0.5), "fVB", "se esperaba un número"),
    "a list": (lambda root: first_table(root)["votosPA"]["fVB"].update(num=[1]), "fVB", "se esperaba un número"),
    "no status": (lambda root: first_table(root)["info"].pop("status"), "info.status", "estado desconocido"),
    "no number": (lambda root: first_table(root).update(mesa="--"), "", "no dice su número de mesa"),
    "no actas said": (lambda root: root["stats"].pop("actas"), "stats.actas", "no dice cuántas actas son"),
    "centres are not a list": (
        lambda root: root["divs"][0]["secciones"][0].update(casillas={"1": 2}),
        "",
        "se esperaba una lista en «casillas»",
    ),
    "a centre twice": (
        lambda root: root["divs"][0]["secciones"].append({**root["divs"][0]["secciones"][0], "casillas": []}),
        "",
        "el centro está dos veces",
    ),
    "a sum that is text": (
        lambda root: root["votosPA"]["fVN"].update(num="mil"),
        "votos_nulos",
        "se esperaba un número",
    ),
    "another departamento": (lambda root: root.update(divNum=3), "divNum", "dice otro departamento"),
    "a second that was not": (lambda root: first_table(root)["info"].update(ut=-5), "info.ut", "el segundo"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_json_is_refused_with_its_place(name: str) -> None:
    change, column, words = DAMAGES[name]
    problems = official(change).problems
    assert problems, "nobody noticed"
    first = problems[0]
    assert first.file == JSON and words in first.message and column in (first.column or "")
    assert {problem.column and problem.column.split(" › ")[0].split(",")[0] for problem in problems} <= {
        "Sacatepéquez",
        "divNum",
    }


def test_a_json_cut_short_says_where() -> None:
    content = json.dumps(departamento(SACATEPEQUEZ, 4)).encode()
    assert "el JSON está truncado o dañado (línea 1, columna" in only(trep.parse(shorter(content), JSON)).message
    assert "demasiados niveles" in only(trep.parse(b'{"divs":' + b"[" * 100_000, JSON)).message


def test_the_ballot_is_the_one_of_the_name_or_of_the_folder() -> None:
    content = json.dumps(departamento(SACATEPEQUEZ, 4)).encode()
    assert "no se sabe qué elección es" in only(trep.parse(content, "sacatepequez.json")).message
    in_folder = zipped({"4-CORPORACIÓN/sacatepequez.json": content})
    assert {row["CARGO"] for row in rows(trep.parse(in_folder, "trep.zip"))} == {"corporacion_municipal"}
    against = zipped({"1-PRESIDENTE/gtm2023_tc4_e2.json": content})
    assert "dicen elecciones distintas" in only(trep.parse(against, "trep.zip")).message


def test_half_counted_night() -> None:
    """Actas that were not captured are there without votes, or are not there at all."""

    def change(root: Node) -> None:
        first_table(root)["info"].update(status=0, ut=None)
        first_table(root).pop("votosPA")

    found = rows(official(change))
    assert (found[0]["CONTABILIZADA"], found[0]["VALIDOS"], set(found[0]["VOTOS"])) == ("0", "", {","})

    def absent(root: Node) -> None:
        root["divs"][0]["secciones"][0]["casillas"].pop()
        for node in (root, root["divs"][0]):
            node["stats"]["actas"]["capt"]["num"] -= 1

    assert len(rows(official(absent))) == len(found) - 1

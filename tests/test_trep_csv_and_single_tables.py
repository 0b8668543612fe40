"""Promise: a CSV of the TREP however it was saved, and the JSON of one polling table, are read whole or refused with a reason."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from etl.pipeline import trep
from tests.trep_support import (
    BARE,
    CODES,
    CSV,
    Node,
    only,
    rows,
    single,
    zipped,
)

# --- The CSV of a place ---------------------------------------------------------------------------------------------------

SAVED = {
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16 without mark": lambda text: text.encode("utf-16-le"),
    "utf-16 big": lambda text: text.encode("utf-16-be"),
    "windows-1252": lambda text: text.encode("cp1252"),
    "semicolons": lambda text: text.replace(",", ";").encode(),
    "tabs in utf-16": lambda text: text.replace(",", "\t").encode("utf-16"),
    "sep=": lambda text: b"sep=;\r\n" + text.replace(",", ";").replace("\n", "\r\n").encode("utf-8-sig"),
    "blank cells and rows": lambda text: ("\n\n" + text.replace("\n", ",,,\n") + "\n\n").encode(),
    "points": lambda text: text.replace(",700,", ",700.0,").encode(),
}


@pytest.mark.parametrize("saved", SAVED)
@pytest.mark.parametrize("preamble", [True, False])
def test_a_csv_however_it_was_saved(saved: str, preamble: bool) -> None:
    name = "gtm2023_e4d02m01.csv"
    expected = rows(trep.parse(CSV.encode(), name))
    found = rows(trep.parse(SAVED[saved](CSV if preamble else BARE), name))
    of_file = ("FILA", "CORTE", "ACTAS_ESPERADAS", "ACTAS_CAPTURADAS")
    assert [{k: v for k, v in row.items() if k not in of_file} for row in found] == [
        {k: v for k, v in row.items() if k not in of_file} for row in expected
    ]
    last = max(row["PUBLICADA"] for row in expected)
    assert {row["CORTE"] for row in found} == {"2023-06-29T08:48:00-06:00" if preamble else last}


def test_a_csv_without_preamble_says_its_ballot_in_its_name_or_its_folder() -> None:
    assert "no se sabe qué elección es" in only(trep.parse(BARE.encode(), "antigua.csv")).message
    in_folder = trep.parse(zipped({"3-DIP DISTRITO/antigua.csv": BARE.encode()}), "trep.zip")
    assert {row["CARGO"] for row in rows(in_folder)} == {"diputados_distritales"}
    undated = "\n".join(line.replace("/06/2023", "") for line in BARE.splitlines())
    assert "DD/MM/AAAA" in trep.parse(undated.encode(), "gtm2023_e4.csv").problems[0].message
    published = BARE.splitlines()
    blank = [published[0], *(",".join([*line.split(",")[:-2], "--", "ESCANER"]) for line in published[1:])]
    assert "no se sabe de cuándo es" in only(trep.parse("\n".join(blank).encode(), "gtm2023_e4.csv")).message


@pytest.mark.parametrize(
    "old, new, words",
    [
        (",700,", ',"1,700",', "se esperaba un número entero o «--»"),
        (",700,", ",-700,", "se esperaba un número entero o «--»"),
        (",700,", ",1.700,", "se esperaba un número entero o «--»"),
        (",700,", ",\u0667,", "se esperaba un número entero o «--»"),
        ("CORPORACIÓN MUNICIPAL", "PRESIDENTE", "el nombre del archivo dice otra elección"),
        ("3,3,100.0000", "4,4,100.0000", "¿archivo truncado?"),
        ("3,3,100.0000", "tres,3,100.0000", "no dice cuántas actas son"),
    ],
)
def test_a_damaged_csv_is_refused(old: str, new: str, words: str) -> None:
    assert old in CSV
    found = trep.parse(CSV.replace(old, new, 1).encode(), "gtm2023_e4d02m01.csv")
    assert words in found.problems[0].message and found.frame is None


# --- The JSON of one polling table ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [True, False])
@pytest.mark.parametrize("wrap", [lambda one: one, lambda one: [one], lambda one: {"data": [one]}])
def test_the_json_of_one_polling_table(text: bool, wrap: Callable[[Node], object]) -> None:
    found = rows(trep.parse(json.dumps(wrap(single(text=text))).encode(), "mesa_7.json"))
    assert [row["CARGO"] for row in found] == [*CODES, "parlacen"]
    first = found[0]
    assert (first["MESA"], first["ID_DEPARTAMENTO"], first["MUNICIPIO"]) == ("7", "2", "ANTIGUA GUATEMALA")
    assert json.loads(first["PARTIDOS"]) == ["UNE", "VAMOS", "C.C. ÑANDÚ"] and first["VOTOS"] == "10,11,12"
    assert (first["VALIDOS"], first["VALIDOS_CALCULADO"], first["EMITIDOS_CALCULADO"]) == ("34", "33", "39")
    assert (first["EMITIDOS"], first["PAPELETAS_RECIBIDAS"], first["PADRON"]) == ("", "", "")  # unwritten, not zero
    assert first["CORTE"] == "2019-06-24T10:15:33-06:00"


def test_a_true_zero_stays_and_an_acta_without_data_has_none() -> None:
    nobody = {"VOTOSTE0": [{"D": "UNE", "V": 0}], "CNTPAPELETAS": 600, "TOTALACTA": 0, "TOTALVOTOS": 0}
    nobody |= {"VOTOSVALIDOSACTA": 0, "VOTOSVALIDOS": 0, "NULOS": 0, "BLANCOS": 0}
    found = rows(trep.parse(json.dumps(single(**nobody)).encode(), "mesa_21061.json"))[0]
    assert (found["EMITIDOS"], found["EMITIDOS_CALCULADO"], found["PAPELETAS_RECIBIDAS"]) == ("0", "0", "600")
    found = rows(trep.parse(json.dumps(single(**nobody, STACTA=0)).encode(), "mesa_21061.json"))[0]
    assert (found["CONTABILIZADA"], found["EMITIDOS"], found["EMITIDOS_CALCULADO"], found["VOTOS"]) == ("0", "", "", "")


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"NULOS": "1,234"}, "se esperaba un número entero"),
        ({"NULOS": -3}, "se esperaba un número entero"),
        ({"STACTA": 7}, "estado desconocido"),
        ({"TIPOELECCION": 6}, "no se sabe qué elección es"),
        ({"NTE": "PRESIDENTE Y VICEPRESIDENTE"}, "el nombre de la papeleta dice otra elección"),
        ({"VOTOSTE0": []}, "no trae ninguna organización"),
        ({"VOTOSTE0": [{"D": "UNE", "V": 1}, {"D": "UNE", "V": 2}]}, "está dos veces"),
        ({"VOTOSTE0": {"UNE": 1}}, "se esperaba la lista de organizaciones"),
    ],
)
def test_a_damaged_polling_table_is_refused(changes: Node, words: str) -> None:
    found = trep.parse(json.dumps(single(**changes)).encode(), "mesa_7.json")
    assert found.frame is None and words in found.problems[0].message
    assert found.problems[0].column and found.problems[0].column.startswith("mesa 7, TE ")


@pytest.mark.parametrize("missing", ["NULOS", "BLANCOS", "VOTOSVALIDOS", "TOTALVOTOS", "DEP", "MUN", "STACTA"])
def test_a_figure_that_is_missing_is_named(missing: str) -> None:
    table = single()
    for ballot in table["TE"]:
        del ballot[missing]
    assert f"falta {missing}" in trep.parse(json.dumps(table).encode(), "mesa_7.json").problems[0].message


@pytest.mark.parametrize("when", [None, "", "ayer", "31/02/2019 10:00", "2019-13-01T00:00:00", "24/06/2019 13:00 PM"])
def test_a_polling_table_without_a_date_is_refused(when: object) -> None:
    content = json.dumps(single() | {"FECHAHORA": when}).encode()
    assert "no se sabe de cuándo es" in only(trep.parse(content, "mesa_7.json")).message


@pytest.mark.parametrize("when", ["24/6/2019 10:15:33 a. m.", "2019-06-24T10:15:33", "2019-06-24 10:15:33.123"])
def test_a_date_however_it_is_written(when: str) -> None:
    content = json.dumps(single() | {"FECHAHORA": when}).encode()
    assert {row["CORTE"] for row in rows(trep.parse(content, "mesa_7.json"))} == {"2019-06-24T10:15:33-06:00"}

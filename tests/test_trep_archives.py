"""Promise: any mixture of the files of the TREP, in ZIPs within ZIPs, is one delivery that adds up, or is refused."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from bench.trep_files import OFFICES, actas, departamento, files, municipios, place_csv, write
from etl.pipeline import trep
from etl.pipeline.trep import archive
from tests.etl_support import COUNTRY_2019, accept, forget, run_on, source_copy
from tests.trep_support import (
    ANTIGUA,
    BARE,
    CSV,
    JSON,
    NAME,
    SACATEPEQUEZ,
    SHIPPED,
    only,
    rows,
    single,
    zipped,
)

# --- Archives -------------------------------------------------------------------------------------------------------------


def test_a_zip_in_a_zip_of_every_form() -> None:
    delivery = {
        "junio/json.zip": zipped({JSON: json.dumps(departamento(SACATEPEQUEZ, 4)).encode()}),
        "junio/csv/5-PARLACEN/antigua.csv": BARE.encode("utf-16"),
        "2019/mesa_7.json": json.dumps(single(7)).encode(),
        "2019/mesa_8.json": json.dumps(single(8, text=True)).encode(),
        "gtm2023_tc1_e2.json.gz": gzip.compress(json.dumps(departamento(SACATEPEQUEZ, 1)).encode()),
        "__MACOSX/._x": b"\0\1",
        ".DS_Store": b"\0",
        "LEEME.txt": b"hola",
        "ultimoCorte.json": b'{"dir": "1692574389/1692594771"}',
    }
    found = trep.parse(zipped(delivery), "todo.zip")
    assert Counter(row["GRUPO"] for row in rows(found)) == {
        f"todo.zip/junio/json.zip/{JSON}": len(SACATEPEQUEZ) * 3,
        "todo.zip/gtm2023_tc1_e2.json": len(SACATEPEQUEZ) * 3,
        "todo.zip/junio/csv/5-PARLACEN/antigua.csv": 3,
        "todo.zip/2019": 10,
    }
    assert [message for message in found.notices] == [
        "no se leen, porque no traen mesas: todo.zip/LEEME.txt, todo.zip/ultimoCorte.json"
    ]


def nested(content: bytes, depth: int) -> bytes:
    """`content` inside as many ZIPs."""
    for level in range(depth):
        content = zipped({"gtm2023_e4d02m01.csv" if not level else f"{level}.zip": content})
    return content


def test_zips_within_zips_are_opened_so_far() -> None:
    assert len(rows(trep.parse(nested(CSV.encode(), 3), "a.zip"))) == 3
    assert "más de 3 ZIP uno dentro de otro" in only(trep.parse(nested(CSV.encode(), 5), "a.zip")).message


def test_a_bomb_is_left_as_soon_as_it_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_OF_A_FILE", 4 << 20)
    monkeypatch.setattr(archive, "MOST_OF_ALL", 6 << 20)
    one = zipped({"gtm2023_e1.csv": bytes(40 << 20)})
    assert "pasa de 4 MiB: no se lee el resto" in only(trep.parse(one, "bomba.zip")).message
    many = zipped({f"{n}.zip": zipped({"a.csv": bytes(3 << 20)}) for n in range(20)})
    told = trep.parse(many, "bomba.zip").problems
    assert "pasa de 6 MiB: no se lee el resto" in told[-1].message and len(told) <= 3
    assert "pasa de 4 MiB" in only(trep.parse(gzip.compress(bytes(40 << 20)), "bomba.csv.gz")).message
    monkeypatch.setattr(archive, "MOST_FILES", 10)
    assert "más de 10 archivos" in trep.parse(zipped({f"{n}.txt": b"" for n in range(20)}), "a.zip").problems[0].message


def test_a_damaged_member_is_named_and_the_others_are_read() -> None:
    good = zipped({"4-CORPORACIÓN/a.csv": BARE.encode(), "4-CORPORACIÓN/b.csv": place_csv(SACATEPEQUEZ[1], 4).encode()})
    at = good.index("4-CORPORACIÓN/b.csv".encode()) + 40
    bad = good[:at] + bytes(byte ^ 255 for byte in good[at : at + 60]) + good[at + 60 :]
    found = trep.parse(bad, "trep.zip")
    assert only(found).file == "trep.zip/4-CORPORACIÓN/b.csv" and "dañado" in only(found).message


@pytest.mark.parametrize(
    "content, words",
    [
        (zipped({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b""}), "es un libro de Excel"),
        (b"Rar!\x1a\x07\x00", "es un archivo RAR"),
        (b"%PDF-1.7", "es un PDF"),
        (b"\n<!DOCTYPE html><html></html>", "es una página web"),
        (b'{"a": 1}', "es un JSON, pero no trae mesas"),
        (b"\x1f\x8b\x08\x00rubbish", "este gzip está dañado"),
        (b"hola\n", "ninguna fila empieza por MESA"),
    ],
)
def test_a_file_of_something_else_is_named_for_what_it_is(content: bytes, words: str) -> None:
    assert words in only(trep.parse(content, "entrega.zip")).message


# --- Through the pipeline -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["json", pytest.param("csv", marks=pytest.mark.largo)])
def test_a_small_country_adds_up_to_what_its_files_say(form: str, tmp_path: Path) -> None:
    places = municipios(most=2)
    origin = source_copy(tmp_path / "origen", NAME)
    forget(origin / NAME, COUNTRY_2019)
    delivery = write(tmp_path / "pais.zip", places, form).read_bytes()
    accept(origin / NAME, "pais.zip", delivery, instead_of=SHIPPED)
    result = run_on(origin, NAME)
    assert result.problems == []
    tables = result.tables[NAME]
    expected = [
        acta
        for office in OFFICES
        for place in places
        for acta in actas(place, office)
        if office == 1 or place.departamento != 23
    ]
    counted = [acta for acta in expected if acta.counted]
    assert len(tables) == len(expected) and tables["contabilizada"].sum() == len(counted)
    assert tables["votos_emitidos"].sum() == sum(acta.calculated["emitidos"] for acta in counted)
    assert result.tables[f"{NAME}_votos"]["votos"].sum() == sum(sum(acta.votes) for acta in counted)
    assert (
        set(tables["eleccion"]) == {"2023-1"}
        and tables.loc[tables["residencia"] == "pais", "codigo_municipio"].nunique() == 340
    )
    wrong = sum(acta.said["fSV"] != acta.calculated["validos"] for acta in counted)
    told = result.tables[f"{NAME}_discrepancias"]
    assert len(told.query("tipo_discrepancia == 'suma_no_cuadra' and campo == 'votos_validos'")) == wrong > 0
    assert len(result.tables[f"{NAME}_sumas"]) == 0


def test_names_codes_and_repetition_are_seen_in_every_form(tmp_path: Path) -> None:
    """What only the catalogue can tell: another municipio's name, an unknown code, a polling table in two files."""
    root = departamento(SACATEPEQUEZ, 4)
    first, second = root["divs"][0], root["divs"][1]
    first["divName"], second["divName"] = second["divName"], first["divName"]
    root["divs"][2]["divNum"] = 77
    root["votosPA"]["OP11"]["num"] += 1
    single_table = single(SACATEPEQUEZ[3].first, NMUN="CIUDAD VIEJA")
    delivery = {JSON: json.dumps(root).encode(), "mesa.json": json.dumps(single_table).encode()}
    delivery["gtm2023_e4d02m05.csv"] = place_csv(SACATEPEQUEZ[4], 4).encode()
    abroad = {"fuera_1.json": {"NDEP": "PETÉN", "NMUN": "FLORES"}, "fuera_2.json": {"NDEP": "", "NMUN": "Houston"}}
    abroad["fuera_3.json"] = {"NDEP": "ESTADOS UNIDOS", "NMUN": "LOS ANGELES, CA"}
    for number, (name, said) in enumerate(abroad.items(), start=90_001):
        delivery[name] = json.dumps(single(number, DEP=23, MUN=1, **said)).encode()
    origin = source_copy(tmp_path, NAME)
    forget(origin / NAME, COUNTRY_2019)
    accept(origin / NAME, "todo.zip", zipped(delivery), instead_of=SHIPPED)
    problems = run_on(origin, NAME).problems
    messages = [problem.message for problem in problems]
    assert any(
        f"la fila dice {SACATEPEQUEZ[1].name} (0302) y su código es el de {ANTIGUA.name} (0301)" in m for m in messages
    )
    assert any(
        f"la fila dice {ANTIGUA.name} (0301) y su código es el de {SACATEPEQUEZ[1].name} (0302)" in m for m in messages
    )
    assert [p.value for p in problems if "código desconocido" in p.message] == ["2-77"] * 3
    assert sum("mesa repetida: ya está en todo.zip/gtm2023_e4d02m05.csv, fila 7" in m for m in messages) == 1
    assert [(p.file, p.message.partition(" (mesa")[0]) for p in problems if "fuera_" in p.file] == [
        ("todo.zip/fuera_1.json", "la fila dice Petén (17) y su código es el de los residentes en el extranjero (25)"),
        ("todo.zip/fuera_2.json", "la fila dice Houston y su código es el de Los Ángeles (2501)"),
    ]
    assert not any("--reemplaza" in message for message in messages)  # both came in the same delivery
    assert any(p.file == "todo.zip/mesa.json" and "CIUDAD VIEJA" in (p.value or "") for p in problems)


def test_a_sum_that_differs_is_published_with_its_reason(tmp_path: Path) -> None:
    root = departamento(SACATEPEQUEZ, 4)
    right = root["divs"][0]["secciones"][0]["votosPA"]["OP11"]["num"]
    root["divs"][0]["secciones"][0]["votosPA"]["OP11"]["num"] += 1
    origin = source_copy(tmp_path, NAME)
    forget(origin / NAME, COUNTRY_2019)
    accept(origin / NAME, JSON, json.dumps(root).encode(), instead_of=SHIPPED)
    result = run_on(origin, NAME)
    assert result.problems == []
    row = result.tables[f"{NAME}_sumas"].iloc[0]
    assert (row["nivel"], row["lugar_suma"]) == ("centro", f"0301, centro {actas(ANTIGUA, 4)[0].centre}")
    assert row["explicacion"] == (
        f"El archivo dice {right + 1} en «votos: OP11» de este centro y sus mesas suman {right}: 1 de más."
    )
    assert len(result.tables[NAME]) == sum(1 for _ in files(SACATEPEQUEZ, "csv", [4])) * 3

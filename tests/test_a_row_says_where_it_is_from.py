"""Promise: each row says which source it is of, its day, how sure it is and its one licence, the same wherever they are said."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from dashboard.address.selection import Selection
from dashboard.figures.measures import Unaskable
from dashboard.render import lines, tables
from dashboard.render.blocks import citation
from dashboard.render.files import FORMATS, sheet
from dashboard.site import Site
from dashboard.views import VIEWS
from etl.datasets import all_datasets
from etl.fields.told import JOINED, TRANSCRIBED
from etl.model import Kind
from etl.publish.package import STORED
from etl.publish.told import DATED, published
from etl.release import Release
from tests.release_support import written
from tests.site_support import Document

TABLES = [(dataset.name, table) for dataset in all_datasets() for table in dataset.tables]
every_table = pytest.mark.parametrize("dataset, table", TABLES, ids=[table.name for _, table in TABLES])
SAID = ["clave_fuente", "corte", "confianza", "licencia"]
#: Up to how many rows a workbook is written here: longer ones say the same, row by row too.
MOST_ROWS = 1_500


@pytest.fixture(scope="module")
def release(release_path: Path) -> Release:
    """The release built from data/source."""
    return Release.open(release_path)


@pytest.fixture(scope="module")
def served(release: Release) -> Site:
    """That release as it is served."""
    return Site(release)


def facts_of(release: Release, table: str) -> dict:
    """What the manifest says of the file of a table."""
    return next(dict(item) for item in release.manifest["archivos"] if item["tabla"] == table)


def rows_of(release: Release, table: str) -> pd.DataFrame:
    """What the rows of a table say of themselves, and what they are told apart by."""
    names = [name for name in pq.read_schema(release.table(table)).names if name != "geometry"]
    return pd.read_parquet(release.table(table), columns=names)


# ---- what a row says ---------------------------------------------------------------------------------------------------


@every_table
def test_every_row_names_sources_of_its_file_and_a_day(release: Release, dataset: str, table) -> None:
    rows, facts = rows_of(release, table.name), facts_of(release, table.name)
    assert rows[SAID].notna().all(axis=None)
    known = {source["clave"]: source for source in facts["fuentes"]}
    for key in rows["clave_fuente"].unique():
        assert set(key.split(JOINED)) <= set(known), key
    assert all(isinstance(day, date) and day <= date.fromisoformat(facts["corte"]) for day in rows["corte"].unique())
    assert set(rows["licencia"]) <= {facts["licencia_id"]}


@every_table
def test_a_file_says_the_sources_and_the_latest_day_of_its_rows(release: Release, dataset: str, table) -> None:
    """And no other: in the manifest, in the file itself and in the package. Of a table without rows, what is declared."""
    rows, facts = rows_of(release, table.name), facts_of(release, table.name)
    inside = json.loads(pq.read_schema(release.table(table.name)).metadata[b"fuentes"])
    assert inside == facts["fuentes"]
    packaged = [item for item in release.package["resources"] if item["name"].removesuffix(STORED) == table.name]
    for item in packaged:
        assert [source["clave"] for source in item["sources"]] == [source["clave"] for source in facts["fuentes"]]
        assert item["corte"] == facts["corte"]
    assert packaged and facts["fuentes"]
    if len(rows):
        named = {key for joined in rows["clave_fuente"].unique() for key in joined.split(JOINED)}
        assert named == {source["clave"] for source in facts["fuentes"]}
        assert max(rows["corte"]).isoformat() == facts["corte"]


#: What each row of a table with several sources is of, looked up in FUENTES: (table, rows, sources, day).
OF_SEVERAL = (
    ("padron_serie_municipal", {"eleccion": "2011-1"}, "padron_serie.memorias.transcripcion", "2011-09-11"),
    ("padron_serie_municipal", {"eleccion": "2023-1"}, "padron_serie.memorias.transcripcion", "2023-04-27"),
    ("padron_serie_municipal", {"fecha_texto": "2026-07-12"}, "padron_municipal.tse.transcripcion", "2026-07-12"),
    ("padron_serie_departamental", {"fecha_texto": "2022-08"}, "padron_serie.red_ciudadana", "2022-08-31"),
    ("padron_serie_departamental", {"fecha_texto": "2019"}, "padron_serie.prensa", "2019-12-31"),
    ("padron_serie_nacional", {"fecha": "2025-08-21"}, "padron_serie.prensa", "2025-08-21"),
    ("participacion_mesa", {"eleccion": "2019-1"}, "participacion_mesa.opengobgt_2019", "2019-06-25"),
    ("participacion_mesa", {"eleccion": "2023-repeticion"}, "participacion_mesa.trep", "2023-08-20"),
    ("participacion_mesa_discrepancias", {"eleccion": "2019-1"}, "participacion_mesa.opengobgt_2019", "2019-06-25"),
    ("poblacion_2011_2015", {"anio": 2013}, "poblacion_2011_2015.ine", "2013-06-30"),
    ("participacion_nacional", {"eleccion": "2007-1"}, "participacion_nacional.totales", "2007-09-09"),
    (
        "segunda_vuelta",
        {"eleccion": "2015-2"},
        "segunda_vuelta.networks_of_guatemala + poblacion_2011_2015.ine",
        "2015-10-25",
    ),
)


@pytest.mark.parametrize("table, where, sources, day", OF_SEVERAL)
def test_the_source_and_the_day_are_those_of_the_row(
    release: Release, table: str, where: dict, sources: str, day: str
) -> None:
    rows = rows_of(release, table)
    for name, value in where.items():
        rows = rows[rows[name] == value]
    assert len(rows) and set(rows["clave_fuente"]) == {sources} and set(map(str, rows["corte"])) == {day}


@every_table
def test_codes_have_their_words_beside_and_numbers_no_more_decimals_than_mean_something(
    release: Release, dataset: str, table
) -> None:
    rows = rows_of(release, table.name)
    columns = {item.name for item in published(table).columns}
    for item in table.fields:
        words = f"{item.name}_etiqueta"
        if words in columns:
            pairs = rows[[item.name, words]].dropna().drop_duplicates().itertuples(index=False)
            assert all((item.labels or {}).get(code, code) == label for code, label in pairs), item.name
        if item.kind is Kind.DECIMAL:
            assert item.decimals is not None, f"{item.name}: say how many decimals mean something"
            assert (rows[item.name].dropna() == rows[item.name].dropna().round(item.decimals)).all(), item.name


@every_table
def test_a_day_that_is_not_whole_is_in_its_month_or_year(release: Release, dataset: str, table) -> None:
    """A roll of August of 2022 is not one of the day of an election of 2023, whichever election it is said with."""
    column = next((name for name in DATED if name in table.names), None)
    if column is None or table.name not in release.tables or table.field(column).kind is Kind.FECHA:
        return
    rows = pd.read_parquet(release.path(f"{table.name}.parquet"), columns=[column, "corte"]).dropna()
    for said, day in rows.drop_duplicates().itertuples(index=False):
        period, latest = pd.Period(said), pd.Timestamp(day)
        assert period.start_time <= latest <= period.end_time, (table.name, said, day)


def test_the_state_of_a_count_is_not_its_cut_off(release: Release) -> None:
    rows = rows_of(release, "participacion_nacional")
    assert set(rows["estado_recuento"]) == {"definitivo", "preliminar"}
    assert all(isinstance(day, date) for day in rows["corte"])


# ---- the same in the eight places ----------------------------------------------------------------------------------------


def licences(release: Release, name: str) -> Iterator[tuple[str, str]]:
    """Where a file of a table says its licence, and which."""
    facts = facts_of(release, name)
    yield "manifest", facts["licencia_id"]
    resource = next(item for item in release.package["resources"] if item["name"] == name)
    yield from (("package", item["name"]) for item in resource["licenses"])
    metadata = pq.read_schema(release.table(name)).metadata
    yield "parquet", metadata[b"licencia"].decode()
    for where, words in (
        ("manifest", facts["cita"]),
        ("package", resource["cita"]),
        ("parquet", metadata[b"cita"].decode()),
    ):
        yield f"citation in {where}", cited(words)
    if facts["formato"] != "Parquet":
        return
    table = tables.PublishedTable(release.table(name), facts, release.id)
    yield from (
        ("csv", row["licencia"]) for row in csv.DictReader(io.StringIO(written(tables.write_csv, table).decode()))
    )
    document = json.loads(written(tables.write_json, table))
    yield from (("json", row["licencia"]) for row in document["filas"])
    yield "json", document["licencia_id"]
    yield "citation in json", cited(document["cita"])
    if facts["filas"] <= MOST_ROWS:
        book = load_workbook(io.BytesIO(written(tables.write_xlsx, table)))
        header, *rows = book["datos"].values
        yield from (("xlsx", str(row[header.index("licencia")])) for row in rows)
        notes = [str(row[0]) for row in book["acerca"].values]
        yield "citation in xlsx", cited(next(note for note in notes if note.startswith("Para citar")))


def cited(words: str) -> str:
    """The licence that a citation says, before its sources."""
    return words.partition(". Fuente:")[0].rpartition(", ")[2]


@every_table
def test_the_licence_of_a_table_is_one_wherever_it_is_said(
    release: Release, client: httpx.Client, dataset: str, table
) -> None:
    found = set(licences(release, table.name))
    terms = facts_of(release, table.name)
    assert {license for _, license in found} == {terms["licencia_id"]}, found
    page = Document(client.get(f"/datos/{dataset}").text)
    box = next(node for node in page.all(".archivo") if f"{table.name}.parquet" in node.text_content())
    assert terms["licencia"] in box.text_content() and f", {terms['licencia_id']}. Fuente:" in box.text_content()


def test_every_view_is_made_of_tables_of_one_licence(release: Release, served: Site) -> None:
    answered = 0
    for name, view in VIEWS.items():
        asked = view.asked({}, served.data)
        try:
            answer = served.answer(name, view.part(asked.selection))
        except Unaskable:  # of what nobody has published there is no figure
            continue
        answered += 1
        assert {facts_of(release, table)["licencia_id"] for table in answer.tables} == {answer.terms.id}, name
    assert answered > 25


VIEWS_HERE = (
    "padron_mapa",
    "participacion_mapa",
    "padron_lugar",
    "participacion_serie",
    "extranjero_cifras",
    "censo_pueblo",
)


@pytest.mark.parametrize("name", VIEWS_HERE)
def test_the_licence_of_a_view_is_one_wherever_it_is_said(served: Site, name: str) -> None:
    view = VIEWS[name]
    answer = served.answer(name, view.part(view.asked({}, served.data).selection))
    assert {facts_of(served.release, table)["licencia_id"] for table in answer.tables} == {answer.terms.id}
    told, of = sheet(answer), {suffix: written(form.write, sheet(answer)) for suffix, form in FORMATS.items()}
    expected = {answer.terms.id}
    rows = list(csv.DictReader(io.StringIO(of["csv"].decode())))
    assert {row["licencia"] for row in rows} == expected and len(rows) == len(told.rows)
    header, *cells = load_workbook(io.BytesIO(of["xlsx"]))["datos"].values
    assert {row[header.index("licencia")] for row in cells} == expected
    schema = pq.read_schema(io.BytesIO(of["parquet"]))
    document = json.loads(of["json"])
    assert {schema.metadata[b"licencia"].decode(), document["licencia_id"]} == expected
    cites = (schema.metadata[b"cita"].decode(), document["cita"], citation(answer))
    assert {cited(words) for words in cites} == expected
    assert {row["clave_fuente"] for row in rows} == {row["clave_fuente"] for row in document["filas"]}
    known = {source["clave"] for source in document["fuentes"]}
    assert {key for row in rows for key in row["clave_fuente"].split(JOINED)} <= known
    assert all(date.fromisoformat(row["corte"]) for row in rows)


def test_a_figure_is_of_the_same_day_and_source_in_its_view_as_in_its_table(release: Release, served: Site) -> None:
    view = VIEWS["extranjero_cifras"]
    told = sheet(served.answer(view.name, view.part(view.asked({}, served.data).selection)))
    names = [column.name for column in told.own]
    of_view = {row[names.index("cifra")]: [str(row[names.index(name)]) for name in SAID[:3]] for row in told.rows}
    rows = rows_of(release, "extranjero").set_index("cifra")
    assert of_view == {code: [str(rows.at[code, name]) for name in SAID[:3]] for code in rows.index}
    assert len({day for _, day, _ in of_view.values()}) > 5


def test_an_election_that_is_asked_for_dates_the_rows(served: Site) -> None:
    for election, day in (("2011-1", "2011-09-11"), ("2019-1", "2019-06-16")):
        view = VIEWS["participacion_mapa"]
        asked = view.asked({"eleccion": election, "indicador": "validos"}, served.data)
        told = sheet(served.answer("participacion_mapa", view.part(asked.selection)))
        if told.asked.get("eleccion") == election:
            assert {row[[c.name for c in told.own].index("corte")] for row in told.rows} == {day}


# ---- what the keys mean --------------------------------------------------------------------------------------------------


def test_the_list_of_sources_says_what_every_key_means(release: Release, client: httpx.Client) -> None:
    prefix = f"/descargas/{release.id}"
    listed = list(csv.DictReader(io.StringIO(client.get(f"{prefix}/fuentes.csv").text)))
    known = {row["clave_fuente"]: row for row in listed}
    used = {
        key
        for _, table in TABLES
        for row in rows_of(release, table.name)["clave_fuente"].unique()
        for key in row.split(JOINED)
    }
    assert used <= set(known) and len(known) == len(listed)
    assert all(row["titulo"] and row["editor"] and row["licencia_fuente"] and row["corte"] for row in listed)
    document = client.get(f"{prefix}/fuentes.json").json()
    assert document["publicacion"] == release.id and set(document["fuentes"]) == set(known)
    book = load_workbook(io.BytesIO(client.get(f"{prefix}/padron_municipal_cortes.xlsx").content))
    header, *rows = book["fuentes"].values
    assert [dict(zip(header, row, strict=True))["clave_fuente"] for row in rows] == [
        "padron_municipal.tse.transcripcion"
    ]
    assert client.get(f"{prefix}/fuentes.exe").status_code == 404
    assert "fuentes.csv" in client.get("/datos").text


def test_that_the_registry_is_a_transcription_is_said(release: Release, client: httpx.Client, served: Site) -> None:
    rows = csv.DictReader(io.StringIO(client.get(f"/descargas/{release.id}/padron_municipal_edad.csv").text))
    assert all(row["clave_fuente"].endswith(TRANSCRIBED) for row in rows)
    of_view = csv.DictReader(io.StringIO(client.get("/descargas/vista/padron_mapa.csv").text))
    assert all(TRANSCRIBED in row["clave_fuente"] for row in of_view)
    words = "transcripción de un tercero"
    assert words in citation(served.answer("padron_mapa", Selection("tasa")))
    assert words in facts_of(release, "padron_municipal_edad")["cita"]
    assert words in " ".join(Document(client.get("/padron").text).texts("main .fuente"))
    assert words in Document(client.get("/datos/padron_municipal").text).all("main")[0].text_content().lower()


# ---- constants once ------------------------------------------------------------------------------------------------------


def test_what_every_row_says_takes_little(release: Release) -> None:
    """The five texts that each row repeated made a CSV 55 times as large as its Parquet."""
    facts = facts_of(release, "poblacion_2011_2015")
    table = tables.PublishedTable(release.table("poblacion_2011_2015"), facts, release.id)
    assert len(written(tables.write_csv, table)) < 18 * facts["bytes"]


def test_a_line_has_the_quotes_it_needs_and_no_more() -> None:
    texts = ["0101", "", None, 'con "comillas"', "a,b", "dos\nlíneas", "dos\rlíneas", "=1"]
    batch = pa.record_batch({"texto": pa.array(texts), "número": pa.array([1.5, 2, None, 0, -1, 1e6, 7, 8])})
    text = (lines.header(batch.schema.names) + bytes(lines.lines(batch))).decode()
    assert text.startswith('texto,número\n0101,1.5\n"",2\n,\n')
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert [row[0] for row in read[1:]] == [
        "0101",
        "",
        "",
        'con "comillas"',
        "a,b",
        "dos\nlíneas",
        "dos\rlíneas",
        "'=1",
    ]
    assert [row[1] for row in read[1:]] == ["1.5", "2", "", "0", "-1", "1000000", "7", "8"]

"""/datos finds a dataset by topic, place and year; its page says what each table is, in which releases and how to cite it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from dashboard.words import long_date
from etl.country import COUNTRY
from etl.fields.labels import TEMAS
from etl.release import DATAPACKAGE, MANIFEST, Release
from etl.release.cited import Cited, Reference
from etl.release.names import named_files
from tests.release_support import asked_of
from tests.site_support import Document


@pytest.fixture(scope="module")
def release(release_path: Path) -> Release:
    return Release.open(release_path)


@pytest.fixture
def ask(release: Release) -> Callable[..., list[Document]]:
    """The pages at some addresses of the release."""
    return lambda *paths: [Document(answer.text) for answer in asked_of(release.root, *paths)]


def listed(page: Document) -> list[str]:
    """The datasets on the page, in order."""
    return [str(node.get("id")) for node in page.all(".conjunto h2")]


# ---- finding ------------------------------------------------------------------------------------------------------------


def test_every_dataset_has_one_of_the_topics(release: Release) -> None:
    assert {entry.get("tema") for entry in release.manifest["datasets"]} == set(TEMAS)


def test_a_topic_lists_its_datasets_and_no_other(release: Release, ask: Callable[..., list[Document]]) -> None:
    everything, *pages = ask("/datos", *(f"/datos?tema={topic}" for topic in TEMAS))
    names = {entry["nombre"] for entry in release.manifest["datasets"]}
    assert set(listed(everything)) == names
    found = {topic: listed(page) for topic, page in zip(TEMAS, pages, strict=True)}
    assert found == {
        topic: [name for name in listed(everything) if topic_of(release, name) == topic] for topic in TEMAS
    }


def topic_of(release: Release, name: str) -> str:
    return next(entry.get("tema", "") for entry in release.manifest["datasets"] if entry["nombre"] == name)


def test_a_level_lists_what_has_a_column_of_it(release: Release, ask: Callable[..., list[Document]]) -> None:
    (page,) = ask("/datos?nivel=municipio")
    with_column = {
        item["dataset"]
        for item in release.manifest["archivos"]
        if item["tabla"] and "codigo_municipio" in pq.read_schema(release.path(item["nombre"])).names
    }
    assert set(listed(page)) == with_column


def test_a_year_lists_what_has_rows_of_it(release: Release, ask: Callable[..., list[Document]]) -> None:
    (page,) = ask("/datos?anio=2019")
    of_year = {
        item["dataset"]
        for item in release.manifest["archivos"]
        if item["tabla"] and 2019 in pc.year(pq.read_table(release.path(item["nombre"]))["corte"]).to_pylist()
    }
    assert set(listed(page)) == of_year and of_year


def test_filters_add_up_and_are_a_form_without_scripts(ask: Callable[..., list[Document]]) -> None:
    page, none, wrong = ask(
        "/accesible/datos?tema=elecciones&nivel=mesa&anio=2023", "/datos?tema=poblacion&nivel=mesa", "/datos?tema=nada"
    )
    assert listed(page) == ["participacion_mesa"]
    (form,) = page.all("main form")
    assert form.get("method") == "get" and form.get("action") == "/accesible/datos" and form.cssselect("button")
    chosen = {
        select.get("name"): select.cssselect("option[selected]")[0].get("value") for select in form.cssselect("select")
    }
    assert chosen == {"tema": "elecciones", "nivel": "mesa", "anio": "2023"}
    assert listed(none) == [] and "quite algún filtro" in none.all(".cuenta")[0].text_content()
    assert "No hay «nada» en tema" in wrong.all("main")[0].text_content() and len(listed(wrong)) > 20


@pytest.mark.parametrize(
    "query", ["tema=%00", "anio=-1&anio=9", "nivel=" + "x" * 5_000, "tema[]=a", "anio=%EF%BC%92%EF%BC%90", "q=<script>"]
)
def test_no_address_breaks_it(query: str, release: Release) -> None:
    (answer,) = asked_of(release.root, f"/datos?{query}")
    assert answer.status_code == 200 and "<script>" not in answer.text.partition("<main")[2].partition("</main")[0]


# ---- one table ----------------------------------------------------------------------------------------------------------


def boxes(page: Document) -> Iterator[tuple[str, list]]:
    """Each table of the page, by its name."""
    for box in page.all(".archivo"):
        yield str(box.cssselect("h3")[0].get("id")), [box]


def test_the_dictionary_of_a_page_has_the_columns_of_its_file(release: Release) -> None:
    names = [entry["nombre"] for entry in release.manifest["datasets"]]
    seen = set()
    for answer in asked_of(release.root, *(f"/accesible/datos/{name}" for name in names)):
        for table, (box,) in boxes(Document(answer.text)):
            shown = [node.text_content() for node in box.cssselect(".diccionario tbody th")]
            assert shown == pq.read_schema(release.table(table)).names, table
            assert all(len(node.text_content()) > 5 for node in box.cssselect(".diccionario td[lang=en]")), table
            seen.add(table)
    assert seen == set(release.tables)


def test_excel_comes_first_and_every_format_is_there(ask: Callable[..., list[Document]]) -> None:
    page, index = ask("/datos/territorio", "/datos")
    for box in (page.all(".archivo dd")[0], index.all("#territorio")[0].getparent().cssselect(".formatos")[0]):
        links = box.cssselect("a")
        assert [link.text_content() for link in links] == ["Excel", "CSV", "Parquet", "JSON", "JSON Lines"]
        assert re.search(r"Parquet\s*\([\d.]+\skB\)", box.text_content())


def test_the_first_rows_are_those_of_the_file(release: Release, ask: Callable[..., list[Document]]) -> None:
    (page,) = ask("/datos/territorio")
    box = next(box for table, (box,) in boxes(page) if table == "municipios")
    shown = [[cell.text_content() for cell in row.cssselect("th, td")] for row in box.cssselect(".muestra tbody tr")]
    rows = pq.read_table(release.table("municipios")).slice(0, 5).to_pylist()
    assert [row[:2] for row in shown] == [[row["codigo_municipio"], row["municipio"]] for row in rows]


def test_of_a_damaged_table_it_is_said_and_the_rest_is_there(release: Release, tmp_path: Path) -> None:
    copy = shutil.copytree(release.root, tmp_path / release.id)
    (copy / "municipios.parquet").write_bytes(b"nada")
    page, index = asked_of(copy, "/datos/territorio", "/datos")
    assert page.status_code == index.status_code == 200
    assert "dañado" in page.text and "diccionario_departamentos.csv" in page.text


# ---- in which releases --------------------------------------------------------------------------------------------------


def test_the_versions_say_where_a_table_changed(release: Release, tmp_path: Path) -> None:
    """Three releases: the first without the change, the second as it is, the third without the table."""
    first, last = "2024-01-01-00000001", "2027-01-01-00000003"
    for name, change in ((first, "0" * 64), (release.id, None), (last, "")):
        root = shutil.copytree(release.root, tmp_path / name)
        manifest = json.loads((root / MANIFEST).read_bytes())
        item = next(one for one in manifest["archivos"] if one["tabla"] == "municipios")
        if change:
            item["sha256"] = change
        elif change == "":
            manifest["archivos"].remove(item)
        if change is not None:
            (root / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    (tmp_path / "2023-01-01-00000000").mkdir()
    (tmp_path / "2023-01-01-00000000" / MANIFEST).write_text("{", encoding="utf-8")
    (answer,) = asked_of(tmp_path / release.id, "/datos/territorio")
    box = next(box for table, (box,) in boxes(Document(answer.text)) if table == "municipios")
    body = next(box.cssselect("a[rel=version-history]")[0].iterancestors("tbody"))
    rows = [[cell.text_content() for cell in row] for row in body]
    assert [(row[0], row[1]) for row in rows] == [(release.id, "cambió (esta)"), (first, "la primera que se conserva")]


# ---- how it is cited ----------------------------------------------------------------------------------------------------


def test_a_table_is_cited_with_its_address_its_day_and_who_copied_it(release: Release) -> None:
    day = COUNTRY.today()
    (answer,) = asked_of(release.root, "/datos/padron_municipal")
    box = next(box for table, (box,) in boxes(Document(answer.text)) if table == "padron_municipal_edad")
    apa, bibtex, csl = (node.text_content() for node in box.cssselect(".codigo code"))
    address = f"/descargas/{release.id}/padron_municipal_edad.parquet"
    for words in (apa, bibtex, csl):
        assert (
            address in words and release.id in words and "transcripción de un tercero" in words and "CC-BY-4.0" in words
        )
    assert apa.startswith(f"Padrón Abierto. ({release.id[:4]}). ") and f"Recuperado el {long_date(day)}, de " in apa
    assert f"urldate = {{{day.isoformat()}}}" in bibtex and bibtex.count("{") == bibtex.count("}")
    (entry,) = json.loads(csl)
    assert entry["accessed"] == {"date-parts": [[day.year, day.month, day.day]]} and entry["type"] == "dataset"
    facts = next(item for item in release.manifest["archivos"] if item["tabla"] == "padron_municipal_edad")
    assert entry["note"] in facts["cita"] and facts["cita"] in box.text_content()


def test_a_page_that_stays_says_no_day_and_no_later_release(release: Release) -> None:
    (answer,) = asked_of(release.root, f"/datos/padron_municipal?publicacion={release.id}")
    page = Document(answer.text)
    csl = json.loads(page.all(".archivo .codigo code")[2].text_content())[0]
    assert "accessed" not in csl and release.id in csl["URL"]
    assert "Recuperado" not in answer.text and "urldate" not in answer.text and not page.all("a[rel=version-history]")


def test_bibtex_reads_no_word_of_a_title_as_an_order() -> None:
    source = Cited("Ministerio & Cía_1", "100 % {de} $todo ~ \\fin", "2026")
    entry = Reference(
        "t", "A & B #1", (source,), "CC-BY-4.0", "2026-07-12-1a2b3c4d", "https://x/y_z", date(2026, 1, 2)
    ).bibtex
    assert r"A \& B \#1" in entry and r"100 \% \{de\} \$todo" in entry and r"Cía\_1" in entry
    assert "url = {https://x/y_z}" in entry
    unescaped = re.sub(r"\\[{}]", "", entry)
    assert unescaped.count("{") == unescaped.count("}")


def test_what_is_invented_is_not_cited(demonstration: Path) -> None:
    current = demonstration / "release" / "current"
    name = json.loads((current / MANIFEST).read_bytes())["publicacion"]
    index, page = asked_of(current, "/datos?tema=padron", "/datos/padron_cubo")
    assert index.status_code == page.status_code == 200
    assert (
        f"No se cite: demostración con datos sintéticos, publicación {name}." in page.text and "@misc" not in page.text
    )


# ---- an older release ---------------------------------------------------------------------------------------------------


@pytest.fixture
def older(release: Release, tmp_path: Path) -> Path:
    """The release as one of before datasets had topics, and columns, English."""
    manifest, package = (json.loads((release.root / name).read_bytes()) for name in (MANIFEST, DATAPACKAGE))
    del manifest["publicacion"], package["version"]
    for entry in manifest["datasets"]:
        del entry["tema"]
    for resource in package["resources"]:
        for field in resource.get("schema", {}).get("fields", ()):
            del field["title_en"], field["description_en"]
    name, catalogues = named_files("2020-01-01-", manifest, package)
    root = shutil.copytree(release.root, tmp_path / name)
    for file, content in catalogues.items():
        (root / file).write_bytes(content)
    return root


def test_of_an_older_release_it_says_what_there_is(older: Path) -> None:
    names = ("diccionario_municipios.json", "padron_abierto.sqlite", "municipios.jsonl")
    index, page, *files = asked_of(
        older, "/datos", "/datos/territorio", *(f"/descargas/{older.name}/{name}" for name in names)
    )
    assert {index.status_code, page.status_code, *(file.status_code for file in files)} == {200}
    controls = {select.get("name") for select in Document(index.text).all("main form select")}
    assert controls == {"nivel", "anio"}
    assert "antes de que las columnas se describieran en inglés" in page.text and 'lang="en"' not in page.text
    assert not any(column["titulo_en"] for column in files[0].json()["tablas"]["municipios"])

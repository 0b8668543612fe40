"""Promise: the draft of an analysis opens in what people write with, and every number in it is the one of the release."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
import duckdb
import httpx
import lxml.html
import pytest
from docx.document import Document as Draft
from odfdo import Document as Text
from PIL import Image

from dashboard.render.documents import DOCUMENTS
from dashboard.render.report_markdown import _plain
from tests.figures_support import MINUS, NBSP, NO_DATA
from tests.release_support import inside_site

#: Five figures of five kinds: a map, ages, a series, the vote abroad, and one with notes and columns that say their method.
FIGURES = (
    ("padron_mapa", "indicador=tasa&ver=departamento", "padron_mapa~indicador~tasa~ver~departamento"),
    ("padron_edades", "lugar=0101", "padron_edades~lugar~0101"),
    ("participacion_serie", "", "participacion_serie"),
    ("extranjero_serie", "", "extranjero_serie"),
    ("padron_faltan", "", "padron_faltan"),
)
QUERY = f"tarjetas={'.'.join(text for *_, text in FIGURES)}"
DRAWN = 5
NUMBER = re.compile(rf"[{MINUS}+]?\d[\d,]*(?:\.\d+)?")
OFFICE = shutil.which("soffice")


def asked(client: httpx.Client, name: str) -> bytes:
    """A document with the five figures."""
    answer = client.get(f"/analisis/{name}?{QUERY}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == DOCUMENTS[name].media_type
    return answer.content


@pytest.fixture(scope="module")
def told(client: httpx.Client) -> list[dict[str, Any]]:
    """What the files of the five figures say."""
    return [client.get(f"/descargas/vista/{view}.json?{query}").json() for view, query, _ in FIGURES]


@pytest.fixture(scope="module")
def word(client: httpx.Client) -> Draft:
    """The draft, as a program that reads Word has it."""
    return docx.Document(io.BytesIO(asked(client, "informe.docx")))


Grid = list[list[str]]


def grids_of(draft: Draft) -> list[Grid]:
    """Every table of a Word document."""
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in draft.tables]


def says(words: str, value: Any) -> bool:
    """Whether what a reader sees is a value of a file."""
    if value is None:
        return words == NO_DATA or not NUMBER.search(words)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        found = NUMBER.match(words)
        if not found:
            return False
        read = found[0].replace(MINUS, "-").replace(",", "")
        decimals = len(read.partition(".")[2])
        return abs(float(read) - value) <= 0.5 * 10**-decimals + 1e-9
    return words == str(value).replace(NBSP, " ") or not NUMBER.search(words)


def check_grid(grid: Grid, file: dict[str, Any]) -> int:
    """Compare a table of the draft with the file of its figure; how many numbers were compared."""
    columns = {title: [item["nombre"] for item in file["columnas"] if item["titulo"] == title] for title in grid[0]}
    assert all(columns.values()), (grid[0], file["vista"])
    assert len(grid) - 1 == min(25, len(file["filas"]))
    compared = 0
    for row, facts in zip(grid[1:], file["filas"], strict=False):
        for title, words in zip(grid[0], row, strict=True):
            words = words.replace(NBSP, " ")
            candidates = [facts[name] for name in columns[title]]
            assert any(says(words, value) for value in candidates), (file["vista"], title, words, candidates)
            compared += bool(NUMBER.match(words))
    return compared


def test_every_number_of_its_tables_is_the_one_of_the_file(word: Draft, told: list[dict[str, Any]]) -> None:
    grids = grids_of(word)
    assert len(grids) == len(FIGURES) + 1
    compared = sum(check_grid(grid, file) for grid, file in zip(grids, told, strict=False))
    assert compared > 150


def test_its_numbers_are_those_of_the_tables_that_were_published(word: Draft, release_path: Path) -> None:
    """Not by way of the site: the padron of each departamento and of one municipio, added up from the published table."""
    table = release_path / "padron_municipal_edad.parquet"
    last = f"FROM '{table}' WHERE corte = (SELECT max(corte) FROM '{table}')"

    def count(condition: str) -> int:
        ((found,),) = duckdb.sql(f"SELECT sum(empadronados)::BIGINT {last} AND {condition}").fetchall()
        return int(found)

    first, ages = grids_of(word)[:2]
    at = first[0].index("Personas empadronadas")
    assert sum(int(row[at].replace(",", "")) for row in first[1:]) == count("true")
    assert any(f"{count('true'):,}" in line.text for line in word.paragraphs)
    at = ages[0].index("Total")
    assert sum(int(row[at].replace(",", "")) for row in ages[1:]) == count("codigo_municipio = '0101'")


def test_its_sentences_sources_notes_and_citations_are_those_of_the_files(
    word: Draft, told: list[dict[str, Any]]
) -> None:
    said = "\n".join(line.text for line in word.paragraphs).replace(NBSP, " ")
    sources = {tuple(row) for row in grids_of(word)[-1][1:]}
    for file in told:
        assert " ".join(file["respuesta"]).replace(NBSP, " ") in said
        assert file["pregunta"] in said and f"Para citarla: {file['cita']}".replace(NBSP, " ") in said
        for source in file["fuentes"]:
            assert any(source["titulo"] in row and source["licencia"] in row for row in sources)
    warnings = [line for line in word.paragraphs if line.style is not None and line.style.name == "Por escribir"]
    assert all(line.text.startswith("[") and line.text.rstrip().endswith("]") for line in warnings)
    assert len(warnings) == 4 + len(FIGURES)


def test_whoever_cannot_see_it_is_told_what_there_is(word: Draft, told: list[dict[str, Any]]) -> None:
    levels = [
        line.style.name for line in word.paragraphs if line.style is not None and "Heading" in str(line.style.name)
    ]
    assert levels.count("Heading 2") == len(FIGURES) and levels.count("Heading 1") == 6
    described = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert len(described) == DRAWN
    assert all(text and text.startswith(file["pregunta"]) for text, file in zip(described, told, strict=True))
    assert all(table.rows[0]._tr.xpath("./w:trPr/w:tblHeader") for table in word.tables)
    assert word.core_properties.language == "es-GT"


def test_its_addresses_lead_to_the_same_figures(client: httpx.Client, told: list[dict[str, Any]]) -> None:
    text = asked(client, "informe.md").decode()
    addresses = {*re.findall(r"\]\(<?https://DIRECCION-DE-ESTE-SITIO([^)>]*)", text)}
    assert len(addresses) == 2 * len(FIGURES) + DRAWN + 1
    assert all(f"publicacion={told[0]['publicacion']}" in address for address in addresses)
    assert {client.get(address).status_code for address in addresses} == {200}


def test_markdown_and_opendocument_say_what_word_says(client: httpx.Client, word: Draft) -> None:
    expected = [[[" ".join(cell.split()) for cell in row] for row in grid] for grid in grids_of(word)]
    text = asked(client, "informe.md").decode().replace(NBSP, " ")
    blocks = re.findall(r"(?:^\|.*\|\n)+", text, re.M)
    read = [
        [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in block.splitlines()]
        for block in blocks
    ]
    assert [[rows[0], *rows[2:]] for rows in read] == [
        [[_plain(cell) for cell in row] for row in grid] for grid in expected
    ]
    odt = Text(io.BytesIO(asked(client, "informe.odt")))
    tables = [[[cell.inner_text for cell in row.cells] for row in table.traverse()] for table in odt.body.tables]
    assert [[[" ".join(cell.split()) for cell in row] for row in grid] for grid in tables] == expected
    assert len([name for name in odt.parts if name.startswith("Pictures/")]) == DRAWN
    assert {
        Image.open(io.BytesIO(odt.container.get_part(name))).format for name in odt.parts if name.endswith(".png")
    } == {"PNG"}


def test_references_are_read_by_their_programs(client: httpx.Client, told: list[dict[str, Any]]) -> None:
    found = json.loads(asked(client, "referencias.json"))
    assert [item["title"] for item in found] == [file["pregunta"] for file in told]
    assert len({item["id"] for item in found}) == len(found)
    text = asked(client, "referencias.bib").decode()
    assert re.findall(r"^@misc{(\w+),$", text, re.M) == [item["id"] for item in found]
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("name", ["informe.docx", "informe.odt"])
def test_the_same_draft_has_the_same_bytes(release_path: Path, name: str) -> None:
    async def ask(client: httpx.AsyncClient, app: object) -> bytes:
        return (await client.get(f"/analisis/{name}?{QUERY}")).content

    first, again = (inside_site(release_path, ask) for _ in range(2))
    assert first == again and {member.date_time[0] for member in zipfile.ZipFile(io.BytesIO(first)).infolist()} == {
        1980
    }


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not here")
@pytest.mark.parametrize("name", ["informe.docx", "informe.odt"])
def test_libreoffice_opens_it(client: httpx.Client, told: list[dict[str, Any]], tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(asked(client, name))
    run = [
        str(OFFICE),
        f"-env:UserInstallation=file://{tmp_path}/perfil",
        "--headless",
        "--convert-to",
        "html",
        "--outdir",
        str(tmp_path),
        name,
    ]
    subprocess.run(run, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    page = lxml.html.fromstring((tmp_path / "informe.html").read_bytes())
    grids = [
        [[words(cell) for cell in row.cssselect("th, td")] for row in table.cssselect("tr")]
        for table in page.cssselect("table")
    ]
    assert len(grids) == len(FIGURES) + 1
    assert sum(check_grid(grid, file) for grid, file in zip(grids, told, strict=False)) > 150
    assert len(page.cssselect("img")) == DRAWN
    said = words(page)
    assert all(words_of(file["respuesta"]) in said for file in told)


def words(node: Any) -> str:
    """The words of a node, with single spaces."""
    return " ".join(str(node.text_content()).replace(NBSP, " ").split())


def words_of(sentences: Sequence[str]) -> str:
    """Some sentences, with single spaces."""
    return " ".join(" ".join(sentences).replace(NBSP, " ").split())


def test_a_demonstration_says_it_in_the_draft(demonstration: Path) -> None:
    async def ask(client: httpx.AsyncClient, app: object) -> httpx.Response:
        return await client.get("/analisis/informe.md?tarjetas=padron_edades")

    answer = inside_site(demonstration / "release" / "current", ask)
    assert "sintetico_informe" in answer.headers["content-disposition"]
    assert "ninguna cifra es real" in answer.text

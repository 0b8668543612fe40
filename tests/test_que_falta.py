"""Promise: what is missing is computed, cross by cross: a figure that somebody publishes closes its gap by itself."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import httpx
import pytest

from dashboard.commitment.crosses import Availability, Cell, Cross, cells
from dashboard.commitment.supply import Coverage
from dashboard.figures.queries import Data
from etl import fields
from etl.pipeline import provenance as facts
from etl.pipeline.run import Result
from etl.publish.parquet import parquet
from etl.release import Release
from tests.browser_support import ROOT
from tests.etl_support import (
    PADRON,
    SOURCE,
    add,
    note,
    provenance,
    run_damaged,
    run_on,
    source_copy,
    with_row,
    written,
)
from tests.site_support import FORMATS, READERS, Document, accessible

PAGE = "/que-falta"
ABROAD = {"CODDEP": "25", "DEPARTAMENTO": "EXTRANJERO", "CODMUN": "3", "MUNICIPIO": "HOUSTON"}
WORDS = {"publicado": "Publicado", "parcial": "En parte", "no_publicado": "No publicado"}
COUNTRY_LEVELS = ("todo", "departamento", "municipio")
ABROAD_LEVELS = ("todo", "estado", "ciudad")


def matrix(release: Path) -> dict[Cross, Cell]:
    """Every cross of a release with its state."""
    return {cell.cross: cell for cell in cells(Coverage(Data(Release.open(release))))}


@pytest.fixture(scope="module")
def today(release_path: Path) -> dict[Cross, Cell]:
    """The matrix of the release built from data/source."""
    return matrix(release_path)


# ---- what there is today, checked by hand against FUENTES.md --------------------------------------------------------


def states(found: dict[Cross, Cell], topic: str, residence: str, division: str) -> tuple[str, ...]:
    """The states of one row, from the coarsest level to the finest."""
    levels = COUNTRY_LEVELS if residence == "pais" else ABROAD_LEVELS
    return tuple(found[Cross(topic, residence, division, level)].state.value for level in levels)


def test_every_cross_is_asked_once(today: dict[Cross, Cell]) -> None:
    groups = {"total", *fields.POPULATION_GROUP} - {"residencia"}
    assert len(today) == 2 * 2 * len(groups) * 3 == 84
    assert {cross.division for cross in today} == groups


@pytest.mark.parametrize("division", ["total", "sexo", "grupo_edad", "alfabetismo"])
def test_the_registry_of_the_country_is_published_down_to_the_municipio(today, division: str) -> None:
    assert states(today, "padron", "pais", division) == ("publicado",) * 3
    cell = today[Cross("padron", "pais", division, "municipio")]
    assert (cell.best.covered, cell.best.of, cell.cutoff) == (340, 340, "12 de julio de 2026")
    assert cell.confidence == "media-alta"


@pytest.mark.parametrize("division", ["pueblo", "comunidad_linguistica", "area"])
def test_the_census_is_no_registry(today, division: str) -> None:
    assert states(today, "padron", "pais", division) == ("no_publicado",) * 3
    cell = today[Cross("padron", "pais", division, "municipio")]
    assert [item.table for item in cell.instead] == [f"censo_2018_{division}"]
    assert "no personas empadronadas" in cell.instead[0].why


def test_turnout_is_partial_and_says_how_much(today) -> None:
    assert states(today, "participacion", "pais", "total") == ("parcial",) * 3
    country = today[Cross("participacion", "pais", "total", "todo")]
    assert country.pending == ("2015-2",)
    assert country.detail == "10 de 11 elecciones completas"
    municipal = today[Cross("participacion", "pais", "total", "municipio")]
    assert "332 de 333 municipios" in municipal.detail
    assert "segunda_vuelta" in [item.table for item in municipal.instead]
    assert "21 de 22 departamentos" in today[Cross("participacion", "pais", "total", "departamento")].detail


def test_the_vote_abroad_is_what_the_press_and_the_tribunal_said(today) -> None:
    assert states(today, "padron", "extranjero", "total") == ("publicado", "parcial", "parcial")
    whole = today[Cross("padron", "extranjero", "total", "todo")]
    assert (whole.cutoff, whole.confidence) == ("padrón final de 2023, ya depurado", "alta")
    assert today[Cross("padron", "extranjero", "total", "ciudad")].detail.startswith("2 de 4 ciudades")
    by_sex = today[Cross("padron", "extranjero", "sexo", "todo")]
    assert (by_sex.state, by_sex.confidence) == (Availability.PARTIAL, "media-baja")
    voters = today[Cross("participacion", "extranjero", "total", "todo")]
    assert voters.pending == ("2023-2",)


def test_nobody_has_published_who_voted(today) -> None:
    groups = [name for name in fields.POPULATION_GROUP if name != "residencia"]
    for residence in ("pais", "extranjero"):
        for group in groups:
            assert states(today, "participacion", residence, group) == ("no_publicado",) * 3


# ---- a gap closes with the file that brings the figures -------------------------------------------------------------


def with_tables(release: Path, folder: Path, name: str, done: Result) -> Path:
    """A copy of `release` in `folder` with the tables of the dataset called `name` as `done` made them."""
    copy = folder / release.resolve().name
    shutil.copytree(release.resolve(), copy)
    owner = next(item for item in done.datasets if item.name == name)
    manifest = json.loads((copy / "manifest.json").read_text())
    made = {table.name: parquet(owner, table, done.tables[table.name]) for table in owner.tables}
    for item in manifest["archivos"]:
        if item["tabla"] in made:
            content = made[item["tabla"]]
            (copy / item["nombre"]).write_bytes(content)
            item["bytes"], item["sha256"] = len(content), hashlib.sha256(content).hexdigest()
    (copy / "manifest.json").write_text(json.dumps(manifest))
    return copy


def changed(before: dict[Cross, Cell], after: dict[Cross, Cell]) -> dict[Cross, Availability]:
    """The crosses whose state is another."""
    return {cross: cell.state for cross, cell in after.items() if cell.state is not before[cross].state}


def by_age(folder: Path, ages: list[str]) -> Result:
    """The figures abroad with one more file of the tribunal: the registry of 2023 for some ages."""
    origin = source_copy(folder, "extranjero")
    folder = origin / "extranjero"
    (model, *_), file = rows_of(folder / "cifras_voto_extranjero.csv"), "padron_extranjero_por_edad.csv"
    changes = {"eleccion": "2023-1", "fecha": "2023-04-27", "corte_texto": "padrón final de 2023", "motivo": ""}
    rows = [
        model | changes | {"cifra": f"edad-{age}", "grupo_edad": age, "valor": "8000", "valor_texto": "8000"}
        for age in ages
    ]
    add(folder, file, written([list(model), *(list(row.values()) for row in rows)]))
    done = run_on(origin, "extranjero")
    assert done.problems == []
    return done


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as source:
        return list(csv.DictReader(source))


def test_the_registry_abroad_by_age_is_one_more_file(release_path: Path, tmp_path: Path, today) -> None:
    ages = list(fields.GRUPOS_EDAD)
    cross = Cross("padron", "extranjero", "grupo_edad", "todo")
    for turn, given in enumerate((ages, ages[:-1])):
        folder = tmp_path / str(turn)
        after = matrix(with_tables(release_path, folder, "extranjero", by_age(folder / "fuente", given)))
        expected = Availability.PUBLISHED if given == ages else Availability.PARTIAL
        assert changed(today, after) == {cross: expected}
    assert after[cross].detail == "sin 70 años y más"


def test_residents_abroad_in_the_workbook_close_their_gaps(release_path: Path, tmp_path: Path, today) -> None:
    done = run_damaged(tmp_path / "fuente", "padron_municipal", PADRON, with_row(ABROAD))
    assert done.problems == []
    after = matrix(with_tables(release_path, tmp_path, "padron_municipal", done))
    closed = {cross for cross, state in changed(today, after).items() if state is Availability.PUBLISHED}
    assert closed == {
        Cross("padron", "extranjero", division, level)
        for division in ("total", "sexo", "grupo_edad", "alfabetismo")
        for level in ("todo", "ciudad")
    } - {Cross("padron", "extranjero", "total", "todo")}


NEW_DATASET = '''
"""Registered citizens by pueblo, as the tribunal may publish them some day."""

from etl import fields
from etl.model import Dataset, Input, Reference, Table

KEY = ("codigo_municipio", "pueblo")
FIELDS = (fields.codigo_municipio, fields.pueblo, fields.empadronados)
DATASET = Dataset(
    name="padron_pueblo",
    title="Padrón por pueblo",
    description="Prueba.",
    inputs=(Input("pueblo", tuple(map(fields.column, FIELDS)), key=KEY),),
    tables=(
        Table(
            "padron_municipal_pueblo",
            "Empadronados por municipio y pueblo",
            "Prueba.",
            FIELDS,
            ("codigo_municipio", "pueblo"),
            (Reference(("codigo_municipio",), "municipios", ("codigo_municipio",)),),
        ),
    ),
    read=lambda frames: {"padron_municipal_pueblo": frames["pueblo"]},
    needs=("territorio",),
)
'''
ASK = """
import json
from pathlib import Path
from tests.test_que_falta import matrix
found = matrix(Path("data/release/current"))
print(json.dumps([[c.topic, c.residence, c.division, c.level, cell.state] for c, cell in found.items()]))
"""


def test_a_cross_nobody_had_published_is_one_source_file_and_one_declaration(tmp_path: Path, today) -> None:
    """A copy of the project with one more dataset: nothing else is touched, and three crosses become published."""
    for name in ("etl", "dashboard", "assets", "tests", "data/source"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    folder = tmp_path / "data" / "source" / "padron_pueblo"
    folder.mkdir()
    municipios = [row["codigo_municipio"] for row in rows_of(SOURCE / "territorio" / "municipios.csv")]
    lines = [f"{code},{pueblo},100" for code in municipios for pueblo in fields.PUEBLOS]
    content = "\n".join(["codigo_municipio,pueblo,empadronados", *lines, ""]).encode()
    (folder / "pueblo.csv").write_bytes(content)
    tse = provenance(SOURCE / "padron_municipal").fuentes["tse"].model_copy(update={"totales": {}})
    sha256 = hashlib.sha256(content).hexdigest()
    file = facts.FileFacts(entrada="pueblo", archivo="pueblo.csv", sha256=sha256, fuente="tse")
    note(folder, facts.Document(fuentes={"tse": tse}, archivos=[file]))
    (tmp_path / "etl" / "datasets" / "padron_pueblo.py").write_text(NEW_DATASET, encoding="utf-8")
    build = subprocess.run([sys.executable, "-m", "etl", "build"], cwd=tmp_path, capture_output=True, text=True)
    assert build.returncode == 0, build.stdout + build.stderr
    asked = subprocess.run([sys.executable, "-c", ASK], cwd=tmp_path, capture_output=True, text=True)
    assert asked.returncode == 0, asked.stderr
    after = {Cross(*cross): Availability(state) for *cross, state in json.loads(asked.stdout)}
    assert {cross: state for cross, state in after.items() if state is not today[cross].state} == {
        Cross("padron", "pais", "pueblo", level): Availability.PUBLISHED for level in COUNTRY_LEVELS
    }


# ---- the page and the files say the same ----------------------------------------------------------------------------


def test_both_pages_and_the_four_files_agree(client: httpx.Client, today) -> None:
    expected = [WORDS[cell.state.value] for cell in today.values()]
    counts = Counter(expected)
    for suffix in FORMATS:
        rows = READERS[suffix](client.get(f"/descargas/vista/que_falta.{suffix}").content)
        assert [row["estado"] for row in rows] == expected, suffix
    for address in (PAGE, accessible(PAGE)):
        page = Document(client.get(address).text)
        drawn = [cell for row in page.all("table.cruces tbody tr") for cell in row.cssselect("td strong")]
        assert [cell.text for cell in drawn] == expected
        assert page.texts("main .respuesta strong") == ["84", *(str(counts[word]) for word in WORDS.values())]
        assert len(page.all("table.cruces th[scope=row]")) == 28
        assert len(page.all("table.cruces th[scope=col]")) == 16


def test_every_gap_has_a_paragraph_that_names_it(client: httpx.Client, today) -> None:
    rows = READERS["parquet"](client.get("/descargas/vista/que_falta.parquet").content)
    for row, cell in zip(rows, today.values(), strict=True):
        text = row["solicitud"]
        assert (text is None) == (cell.state is Availability.PUBLISHED)
        if text:
            assert "Decreto 57-2008" in text and "Tribunal Supremo Electoral" in text
            assert ("votaron" in text) == (cell.cross.topic == "participacion")
            assert ("extranjero" in text) == (cell.cross.residence == "extranjero")
            labels = fields.POPULATION_GROUP[cell.cross.division].labels if cell.cross.division != "total" else {}
            assert not labels or next(iter(labels.values())) in text
    page = Document(client.get(PAGE).text)
    asked = page.texts("p.solicitud")
    assert len(asked) == len(set(asked)) >= 20


def test_each_published_cross_says_table_cut_off_and_confidence(client: httpx.Client) -> None:
    rows = READERS["json"](client.get("/descargas/vista/que_falta.json").content)
    for row in rows:
        evidence = [row[name] for name in ("tabla", "conjunto", "corte_fila", "confianza_fila", "fuente_fila")]
        assert all(evidence) if row["estado"] != "No publicado" else not any(evidence), row


def test_it_can_be_reached(client: httpx.Client) -> None:
    for address in ("/", "/datos", "/metodologia"):
        for prefix in ("", "/accesible"):
            links = [node.get("href") for node in Document(client.get(prefix + address).text).all("main a")]
            assert f"{prefix}{PAGE}" in links, prefix + address
    footer = Document(client.get("/padron").text).all("footer a")
    assert PAGE in [node.get("href") for node in footer]

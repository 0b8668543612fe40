"""Promise: where figures come from is data, beside their files: no code says it, and whatever is wrong with it is explained."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from etl.datasets import all_datasets, dataset, with_needs
from etl.licenses import LICENSES
from etl.model import Confidence
from etl.pipeline import bind
from etl.pipeline.provenance import FILE, Document, FileFacts, SourceFacts, TotalFacts, as_toml
from etl.pipeline.run import Result, run
from etl.publish.contents import release_files
from tests.browser_support import ROOT
from tests.etl_support import (
    PADRON,
    SOURCE,
    accept,
    add,
    cell,
    etl,
    note,
    places,
    provenance,
    run_on,
    source_copy,
    tree,
)

NAMES = [item.name for item in all_datasets()]
every_dataset = pytest.mark.parametrize("name", NAMES)
Change = Callable[[str], str | bytes]


# --- It is data, and in one place -------------------------------------------------------------------------------------


def test_datasets_are_declared_where_there_are_no_sources(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "etl", tmp_path / "etl", ignore=shutil.ignore_patterns("__pycache__"))
    ask = "from etl.datasets import all_datasets; print(*(item.name for item in all_datasets()))"
    asked = subprocess.run([sys.executable, "-c", ask], cwd=tmp_path, capture_output=True, text=True)
    assert (asked.returncode, asked.stdout.split()) == (0, NAMES), asked.stderr


@every_dataset
def test_no_module_says_where_its_figures_come_from(name: str) -> None:
    """No hash, address, date or file name; of the licences, only the one of what is published."""
    text = (ROOT / "etl" / "datasets" / f"{name}.py").read_text(encoding="utf-8")
    assert re.findall(r"[0-9a-f]{64}|https?://\w|(?<!def )\bdate\(\d|\b(?:Source|Total)\(", text) == []
    names = {file.archivo for file in provenance(SOURCE / name).archivos}
    written = {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
    assert names & written == set()


@every_dataset
def test_every_committed_file_is_written_as_the_program_writes_it(name: str) -> None:
    """So that what a renewal changes is seen alone."""
    assert (SOURCE / name / FILE).read_text(encoding="utf-8") == as_toml(provenance(SOURCE / name))


@every_dataset
def test_every_file_of_a_folder_is_listed(name: str) -> None:
    listed = {file.archivo for file in provenance(SOURCE / name).archivos}
    assert {path.name for path in (SOURCE / name).iterdir()} - {FILE, "PROCEDENCIA.md"} == listed


def test_every_key_is_explained_where_the_files_send_the_reader() -> None:
    explained = set(re.findall(r"`(\w+)`", (SOURCE / "LEEME.md").read_text(encoding="utf-8")))
    keys = {*Document.model_fields, *SourceFacts.model_fields, *FileFacts.model_fields, *TotalFacts.model_fields}
    assert keys - explained == set()
    assert {level.value for level in Confidence} | LICENSES.keys() <= set(
        re.findall(r"`([\w.-]+)`", (SOURCE / "LEEME.md").read_text(encoding="utf-8"))
    )


def test_other_facts_in_a_copy_of_the_sources_are_what_is_published(tmp_path: Path) -> None:
    origin = source_copy(tmp_path, "poblacion")
    folder = origin / "poblacion"
    (name, source), document = next(iter(provenance(folder).fuentes.items())), provenance(folder)
    new = {"titulo": "Otro acuerdo", "corte": date(2027, 1, 1), "corte_texto": None, "confianza": Confidence.BAJA}
    note(folder, document.model_copy(update={"fuentes": {name: source.model_copy(update=new)}}))
    result = run_on(origin, "poblacion")
    assert result.problems == []
    release_id, files = release_files(result)
    assert release_id.startswith("2027-01-01-")
    told = [item for item in json.loads(files["manifest.json"])["archivos"] if item["dataset"] == "poblacion"]
    assert {(item["corte"], item["confianza"]) for item in told} == {("2027-01-01", "baja")}
    assert {source["titulo"] for item in told for source in item["fuentes"]} == {"Otro acuerdo"}


def test_a_table_may_rest_on_sources_of_another_dataset(tmp_path: Path) -> None:
    origin = source_copy(tmp_path, "segunda_vuelta")
    result = run_on(origin, "segunda_vuelta")
    told = {item.name: item for item in result.datasets}
    (table,) = told["segunda_vuelta"].tables
    assert told["segunda_vuelta"].sources(table)[1] == told["poblacion_2011_2015"].sources()[0]


# --- Several files are one input ----------------------------------------------------------------------------------------


def test_a_problem_names_the_file_and_the_row_in_it(tmp_path: Path) -> None:
    """The second file has the cut-off of the first and a city that is not in the catalogue, in its row 3."""
    origin = source_copy(tmp_path, "extranjero")
    folder = origin / "extranjero"
    whole = (folder / "cifras_voto_extranjero.csv").read_bytes().splitlines(keepends=True)
    accept(folder, "cifras_voto_extranjero.csv", b"".join(whole[:20]))
    add(folder, "mas.csv", cell(3, "codigo_ciudad", "springfield")(b"".join([whole[0], *whole[20:]])))
    problems = run_on(origin, "extranjero").problems
    assert [(item.file, *place) for item, place in zip(problems, places(problems), strict=True)] == [
        ("mas.csv", 3, "codigo_ciudad", "springfield")
    ]


# --- What can be wrong --------------------------------------------------------------------------------------------------


def swapped(old: str, new: str) -> Change:
    """A change of the text of a `fuente.toml`; what is replaced must be there."""

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


def without(key: str) -> Change:
    """A `fuente.toml` without the first line of a key."""
    return lambda text: re.sub(rf"^{key} = .*\n", "", text, count=1, flags=re.MULTILINE)


def followed_by(more: str) -> Change:
    """A `fuente.toml` with more at its end."""
    return lambda text: f"{text}\n{more}\n"


OTHER = """[fuentes.otra]
titulo = "Otra"
editor = "Otro"
url = "en mano"
licencia = "MIT"
corte = 2026-01-01
confianza = "alta"
"""
FIRST = f'[[archivos]]\nentrada = "padron"\narchivo = "{PADRON}"'
SAME_INPUT = FIRST.replace(PADRON, "otro.csv") + f'\nsha256 = "{"0" * 64}"\nfuente = "tse"'
AGAIN = SAME_INPUT.replace("otro.csv", PADRON)
WRONG_DATE = "se esperaba una fecha AAAA-MM-DD, sin comillas"
# What was done to the text, and the (row, key, value, words) of every problem it must give.
DAMAGES: dict[str, tuple[Change, list[tuple[int | None, str | None, str | None, str]]]] = {
    "a missing key": (without("editor"), [(None, "fuentes.tse.editor", None, "falta")]),
    "an unknown key": (
        swapped("editor =", 'autor = "TSE"\neditor ='),
        [(None, "fuentes.tse.autor", "TSE", "clave desconocida")],
    ),
    "an unknown section": (followed_by("[notas]\na = 1"), [(None, "notas", None, "clave desconocida")]),
    "a blank text": (
        swapped('editor = "Tribunal Supremo Electoral (TSE)"', 'editor = " "'),
        [(None, "fuentes.tse.editor", " ", "no puede estar vacío")],
    ),
    "a number for a text": (
        swapped('url = "https', 'url = 5 # "https'),
        [(None, "fuentes.tse.url", "5", "se esperaba un texto")],
    ),
    "an unknown licence": (
        swapped("informacion-publica-gt", "publica"),
        [(None, "fuentes.tse.licencia", "publica", "licencia desconocida; se esperaba una de: CC-BY-4.0")],
    ),
    "a date as text": (
        swapped("corte = 2026-07-12", 'corte = "2026-07-12"'),
        [(None, "fuentes.tse.corte", "2026-07-12", WRONG_DATE)],
    ),
    "a date with an hour": (
        swapped("corte = 2026-07-12", "corte = 2026-07-12T10:00:00"),
        [(None, "fuentes.tse.corte", "2026-07-12 10:00:00", WRONG_DATE)],
    ),
    "a day that does not exist": (
        swapped("corte = 2026-07-12", "corte = 2026-02-30"),
        [(8, None, None, "no es TOML válido")],
    ),
    "an unknown confidence": (
        swapped('"media-alta"', '"mucha"'),
        [(None, "fuentes.tse.confianza", "mucha", "se esperaba uno de: alta, media-alta, media, media-baja, baja")],
    ),
    "a hash cut short": (
        swapped("dc077867", "dc07786"),
        [(None, "archivos[1].sha256", "3c0edd42d7e23c7e582fae4e08ff23e5c61ba1503fceea3eb31063a0dc07786", "64 cifras")],
    ),
    "no file": (lambda text: text[: text.index("[[archivos]]")], [(None, "archivos", None, "falta")]),
    "an input that nobody fills": (
        swapped('entrada = "padron"', 'entrada = "padrón"'),
        [
            (None, "archivos", None, "ningún archivo es la entrada «padron»"),
            (None, "archivos[1].entrada", "padrón", "el dataset no tiene esa entrada; tiene: padron"),
        ],
    ),
    "two files for an input of one": (
        followed_by(SAME_INPUT),
        [(None, "archivos", f"{PADRON}, otro.csv", "la entrada «padron» tiene dos entregas del corte 2026-07-12")],
    ),
    "the same file twice": (
        followed_by(AGAIN),
        [
            (None, "archivos", f"{PADRON}, {PADRON}", "la entrada «padron» tiene dos entregas del corte 2026-07-12"),
            (None, "archivos[1].archivo", PADRON, "el archivo está más de una vez"),
            (None, "archivos[2].archivo", PADRON, "el archivo está más de una vez"),
        ],
    ),
    "a file outside its folder": (
        swapped(f'archivo = "{PADRON}"', 'archivo = "../municipios.csv"'),
        [(None, "archivos[1].archivo", "../municipios.csv", "se esperaba el nombre de un archivo de esta carpeta")],
    ),
    "a file that nobody reads": (
        swapped(f'archivo = "{PADRON}"', 'archivo = "padron.pdf"'),
        [(None, "archivos[1].archivo", "padron.pdf", "se esperaba un archivo .csv, .xlsx, .parquet")],
    ),
    "a source never used": (followed_by(OTHER), [(None, "fuentes.otra", None, "ningún archivo ni tabla la usa")]),
    "a source that is not there": (
        swapped('fuente = "tse"', 'fuente = "ine"'),
        [
            (None, "archivos[1].fuente", "ine", "no hay ninguna fuente con ese nombre"),
            (None, "fuentes.tse", None, "ningún archivo ni tabla la usa"),
        ],
    ),
    "a source of a dataset that is not needed": (
        followed_by('[tablas]\npadron_municipal_edad = ["censo_2018.censo"]'),
        [
            (
                None,
                "tablas.padron_municipal_edad",
                "censo_2018.censo",
                "no es de este dataset ni de uno que este necesite",
            )
        ],
    ),
    "a source that a needed dataset lacks": (
        followed_by('[tablas]\npadron_municipal_edad = ["territorio.ine"]'),
        [
            (
                None,
                "tablas.padron_municipal_edad",
                "territorio.ine",
                "no hay ninguna fuente con ese nombre en ese dataset",
            )
        ],
    ),
    "a table that does not exist": (
        followed_by('[tablas]\npadron = ["tse"]'),
        [(None, "tablas.padron", None, "el dataset no tiene esa tabla")],
    ),
    "a table without sources": (
        followed_by("[tablas]\npadron_municipal_edad = []"),
        [(None, "tablas.padron_municipal_edad", None, "no puede estar vacía")],
    ),
    "one source where a list goes": (
        followed_by('[tablas]\npadron_municipal_edad = "tse"'),
        [(None, "tablas.padron_municipal_edad", "tse", "se esperaba una lista entre corchetes")],
    ),
    "a negative total": (
        swapped("valor = 10_030_374", "valor = -1"),
        [(None, "fuentes.tse.totales.empadronados.valor", "-1", "el número es demasiado pequeño")],
    ),
    "a total as text": (
        swapped("valor = 10_030_374", 'valor = "10,030,374"'),
        [(None, "fuentes.tse.totales.empadronados.valor", "10,030,374", "se esperaba un número entero")],
    ),
    "a total alone": (
        lambda text: re.sub(r"mujeres = \{.*\}", "mujeres = 5416937", text),
        [(None, "fuentes.tse.totales.mujeres", "5416937", "se esperaba una tabla con sus claves")],
    ),
    "a total with a name that cannot be asked for": (
        swapped("analfabetas =", '"Analfabetas" ='),
        [(None, "fuentes.tse.totales.Analfabetas", "Analfabetas", "se esperaba un nombre en minúsculas")],
    ),
    "not TOML": (swapped("[fuentes.tse]", "[fuentes.tse"), [(3, None, None, "no es TOML válido")]),
    "a repeated key": (swapped("editor =", 'titulo = "x"\neditor ='), [(5, None, None, "está repetida una clave")]),
    "not UTF-8": (lambda text: text.encode("cp1252"), [(1, None, None, "el archivo no está en UTF-8")]),
}


def damaged(folder: Path, change: Change) -> Path:
    """A copy of the sources of the registry whose `fuente.toml` was changed."""
    origin = source_copy(folder, "padron_municipal")
    path = origin / "padron_municipal" / FILE
    text = change(path.read_text(encoding="utf-8"))
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return origin


@pytest.mark.parametrize("name", DAMAGES)
def test_every_defect_is_said_with_its_key(name: str, tmp_path: Path) -> None:
    change, expected = DAMAGES[name]
    origin = damaged(tmp_path, change)
    territorio, _ = bind.provenance(dataset("territorio"), origin / "territorio", {})
    found, problems = bind.provenance(
        dataset("padron_municipal"), origin / "padron_municipal", {"territorio": territorio}
    )
    problems = Result(loose=problems).problems  # in the order in which they are said
    assert (found, places(problems)) == (None, [place[:3] for place in expected]), problems
    assert {item.file for item in problems} == {f"padron_municipal/{FILE}"}
    for problem, (*_, words) in zip(problems, expected, strict=True):
        assert words in problem.message


def test_a_total_that_nobody_compares_is_said(tmp_path: Path) -> None:
    origin = damaged(tmp_path, swapped("analfabetas = {", 'analfabetos = { valor = 1, cita = "x" }\nanalfabetas = {'))
    problems = run_on(origin, "padron_municipal").problems
    assert [(item.file, item.column) for item in problems] == [
        (f"padron_municipal/{FILE}", "fuentes.tse.totales.analfabetos")
    ]
    assert "ninguna comprobación del dataset usa este total" in problems[0].message


def test_a_total_that_a_check_needs_and_is_not_there_is_said(tmp_path: Path) -> None:
    origin = damaged(tmp_path, lambda text: re.sub(r"analfabetas = .*\n", "", text))
    problems = run_on(origin, "padron_municipal").problems
    assert [(item.file, item.value) for item in problems] == [(PADRON, "analfabetas")]
    assert "la fuente del corte 2026-07-12 no declara este total oficial" in problems[0].message


def test_a_folder_without_it_is_said(tmp_path: Path) -> None:
    origin = source_copy(tmp_path, "padron_municipal")
    (origin / "padron_municipal" / FILE).unlink()
    problems = run_on(origin, "padron_municipal").problems
    assert [(item.file, item.message.split(":")[0]) for item in problems] == [(f"padron_municipal/{FILE}", "no existe")]


def test_what_rests_on_a_damaged_one_waits_without_a_problem_of_its_own(tmp_path: Path) -> None:
    origin = source_copy(tmp_path, "censo_2018_idiomas")
    (origin / "censo_2018" / FILE).write_text("", encoding="utf-8")
    result = run_on(origin, "censo_2018_idiomas")
    assert [item.file for item in result.problems] == [f"censo_2018/{FILE}"]
    assert result.accounts[-1].waiting_for == ("censo_2018",)


def test_with_any_of_it_wrong_nothing_is_published(tmp_path: Path) -> None:
    origin = source_copy(tmp_path / "fuentes")
    path = origin / "consulados" / FILE
    path.write_text(path.read_text(encoding="utf-8").replace("confianza", "confianzas", 1), encoding="utf-8")
    before = tree(tmp_path)
    result = etl("build", "--origen", origin, "--destino", tmp_path / "publicaciones")
    assert result.exit_code == 1
    assert "consulados/fuente.toml, clave fuentes.listas.confianza: falta" in result.output
    assert "consulados/fuente.toml, clave fuentes.listas.confianzas, valor «baja»: clave desconocida" in result.output
    assert tree(tmp_path) == before


def test_the_pipeline_reads_every_folder_once_from_where_it_is_told() -> None:
    result = run(with_needs(["padron_municipal"]), SOURCE)
    assert all(item.provenance is not None for item in result.datasets)
    assert all(item.provenance is None for item in all_datasets())

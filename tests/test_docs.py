"""Promise: the documentation tells the truth: what it names exists, what it links is there, its example runs.

Everything is read from the documents themselves and held against the code.
"""

from __future__ import annotations

import importlib
import re
import subprocess
import tomllib
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from bench.__main__ import BENCHMARKS
from dashboard.pages import PAGES
from docs.capturas import FOLDER, LARGEST, SHOTS
from docs.mediciones import END, START, results, rewritten
from etl.__main__ import COMMANDS, command
from etl.datasets import all_datasets, with_needs
from etl.model import Dataset
from etl.pipeline.provenance import SourceFacts
from etl.pipeline.run import Result, run
from tests.browser_support import ROOT
from tests.etl_support import SOURCE, provenance
from tests.guide_support import written
from tests.test_house import LAYERS

README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
PICTURE = ROOT / "docs" / "img" / "arquitectura.svg"
EXAMPLE = ROOT / "docs" / "agregar-un-dataset.md"
# What a run makes: named in the documents, never committed.
BUILT = ("data/cubos", "data/demo", "data/release", "bench/results", ".venv")
# Addresses of the site that are not pages; tests/ of the site hold them to their own promises.
SERVED = (
    "/catalogo.", "/data.json", "/accesible", "/api/", "/salud", "/descargas", "/publicaciones.atom", "/imagen", "/tacto",
    "/incrustar", "/oembed", "/analisis/",
)  # fmt: skip
FOLDERS = r"(?:etl|dashboard|assets|data|docs|tests|bench|\.ci)"


def tracked() -> list[Path]:
    """Every file of the repository that git knows or would know: committed, or new and not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return [ROOT / name for name in sorted(set(names)) if name and (ROOT / name).is_file()]


def documents() -> list[Path]:
    """Every Markdown document."""
    return [path for path in tracked() if path.suffix == ".md"]


def text_of(path: Path) -> str:
    """A document's text."""
    return path.read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    """A document's path from the root, to name its tests."""
    return path.relative_to(ROOT).as_posix()


each_document = pytest.mark.parametrize("document", documents(), ids=name_of)


# --- What is named exists ---------------------------------------------------------------------------------------------


def targets() -> set[str]:
    """Every target a person can ask make for."""
    return set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))


@each_document
def test_every_make_target_named_exists(document: Path) -> None:
    named = set(re.findall(r"(?:[`«]|^)(?:[A-Z]+=\S+ )?make ([a-z-]+)", text_of(document), re.MULTILINE))
    assert named - targets() == set()


@each_document
def test_every_command_of_the_etl_named_exists(document: Path) -> None:
    named = set(re.findall(r"python -m etl ([a-z]+(?:-[a-z]+)*)", text_of(document)))
    assert named - set(COMMANDS) == set()


@each_document
def test_every_option_of_the_etl_named_exists(document: Path) -> None:
    calls = re.findall(r"python -m etl ([a-z]+)((?: +(?:--[a-z-]+|[\w./<>-]+))*)", text_of(document))
    wrong = [
        (name, option)
        for name, rest in calls
        for option in re.findall(r"--[a-z-]+", rest)
        if option != "--help" and option not in {one for item in command(name).params for one in item.opts}
    ]
    assert wrong == []


@each_document
def test_every_module_run_with_python_exists(document: Path) -> None:
    modules = {module.replace(".", "/") for module in re.findall(r"python -m ([a-z_.]+)", text_of(document))}
    missing = [name for name in modules if not (ROOT / f"{name}.py").is_file() and not (ROOT / name).is_dir()]
    assert missing == []


@each_document
def test_every_path_named_exists(document: Path) -> None:
    """A path in backticks, from the root; one with a part to fill in (`<dataset>`) is held to what comes before it."""
    named = re.findall(rf"`({FOLDERS}/[^`\s]*)`", text_of(document))
    exact = {re.split(r"[<*{…]", path)[0].rstrip("/") for path in named} - example_files()
    assert [path for path in sorted(exact) if not (ROOT / path).exists() and not path.startswith(BUILT)] == []


def test_every_page_named_in_the_readme_is_served() -> None:
    known = {page.path.split("{")[0].rstrip("/") for page in PAGES}
    named = {address.split("<")[0].rstrip("/") for address in re.findall(r"`(/[^`\s]*)`", text_of(README))}
    assert [address for address in named - known if not address.startswith(SERVED)] == []


# --- Links and pictures -----------------------------------------------------------------------------------------------


def anchors(document: Path) -> set[str]:
    """The anchors GitHub gives a document's headings: lower case, no punctuation, hyphens for spaces."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text_of(document), flags=re.DOTALL), re.MULTILINE)
    plain = [unicodedata.normalize("NFC", heading.lower()) for heading in headings]
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


def links(document: Path) -> Iterator[str]:
    """Where a document's links and pictures lead inside the repository."""
    prose = re.sub(r"```.*?```", "", text_of(document), flags=re.DOTALL)
    found = re.findall(r"\]\(([^)\s]+)\)", prose) + re.findall(r'(?:src|srcset|href)="([^"]+)"', prose)
    return (link for link in found if "://" not in link and not link.startswith("mailto:"))


@each_document
def test_every_link_inside_the_repository_leads_somewhere(document: Path) -> None:
    broken = []
    for link in links(document):
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@each_document
def test_every_picture_says_what_it_shows(document: Path) -> None:
    pictures = re.findall(r"<img [^>]*>", text_of(document))
    assert [one for one in pictures if not re.search(r'alt="[^"]{20,}"', one)] == []


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_every_screenshot_is_there_small_and_of_its_size(shot) -> None:
    path = FOLDER / f"{shot.name}.png"
    assert path.stat().st_size <= LARGEST
    with Image.open(path) as image:
        assert image.size == (shot.width * shot.scale, shot.height * shot.scale)


def test_the_architecture_picture_names_only_what_exists() -> None:
    elements = ElementTree.parse(PICTURE).getroot().iter("{http://www.w3.org/2000/svg}text")
    modules = {item.get("data-ruta"): "".join(item.itertext()) for item in elements if item.get("data-ruta")}
    assert len(modules) >= 20
    assert [path for path in modules if not (ROOT / path).exists()] == []
    # What is read says what is checked.
    read = {path: text.split("<")[0].rstrip("/") for path, text in modules.items()}
    assert {path: text for path, text in read.items() if not path.endswith(text)} == {}


def test_every_module_in_the_architecture_picture_is_marked_to_be_checked() -> None:
    elements = ElementTree.parse(PICTURE).getroot().iter("{http://www.w3.org/2000/svg}text")
    code = [item for item in elements if "m" in item.get("class", "").split()]
    assert len(code) >= 20
    assert ["".join(item.itertext()) for item in code if not item.get("data-ruta")] == ["data/release/<id>/"]


# --- Glossary, credits, figures, changes ------------------------------------------------------------------------------


def section(title: str, document: Path = README) -> str:
    """What a document says under a heading of the second level."""
    return re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text_of(document), re.MULTILINE | re.DOTALL)[1]


def test_the_glossary_has_twenty_words_and_every_column_is_declared() -> None:
    columns = re.findall(r"`(\w+)\.(\w+)` \|$", section("Glosario"), re.MULTILINE)
    declared = {(table.name, field.name) for item in all_datasets() for table in item.tables for field in table.fields}
    assert len(columns) == 20
    assert set(columns) - declared == set()


def test_every_source_whose_licence_asks_for_credit_has_it() -> None:
    """Creative Commons and MIT: one row of the credits names both the publisher and the licence."""
    rows = [row.lower() for row in section("Licencias y créditos").splitlines() if row.startswith("|")]
    sources = [source for item in all_datasets() for source in provenance(SOURCE / item.name).fuentes.values()]
    asking = [source for source in sources if source.licencia.startswith(("CC-", "MIT"))]
    assert asking
    assert [source.titulo for source in asking if not any(credited(source, row) for row in rows)] == []


def credited(source: SourceFacts, row: str) -> bool:
    """Whether a row of the credits (lower case) names the source's licence and one of its publishers."""
    licence = source.licencia.lower()
    publishers = re.split(r"[;,/]| y | vía ", source.editor.lower())
    return any(one.strip() in row for one in publishers) and licence.replace("-", " ") in row.replace("-", " ")


def test_the_measured_figures_are_those_the_benchmarks_left() -> None:
    readme = text_of(README)
    assert START in readme and END in readme
    if found := results():
        assert rewritten(readme, found) == readme, "Ejecute «make cifras»"
    assert [name for name in BENCHMARKS if not (ROOT / "bench" / f"{name}.py").is_file()] == []


def test_the_changelog_says_what_the_next_version_brings() -> None:
    """The first section is what is pending or, on the day of a version, that version; and it has something to say."""
    changelog = ROOT / "CHANGELOG.md"
    latest = re.search(r"^## (.+)$", text_of(changelog), re.MULTILINE)[1]
    version = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]["version"]
    assert latest == "[Sin publicar]" or latest.startswith(f"[{version}]")
    assert re.search(r"^### (Agregado|Cambiado|Corregido)\n+- \S", section(latest, changelog), re.MULTILINE)


def test_every_word_of_the_code_is_defined_where_the_glossary_says() -> None:
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| `([\w.]+)` \|$", section("Las palabras del código", CONTRIBUTING), re.M)
    assert len(rows) >= 50
    assert [word for word, where in rows if not defined(where)] == []


def defined(where: str) -> bool:
    """Whether a dotted name is a module, or a name of one, or an attribute of a class of one."""
    for depth in range(where.count(".") + 1, 0, -1):
        parts = where.split(".")
        try:
            found: object = importlib.import_module(".".join(parts[:depth]))
        except ModuleNotFoundError:
            continue
        for name in parts[depth:]:
            found = getattr(found, name, None)
        return found is not None
    return False


def test_the_map_of_the_code_has_every_room_in_the_order_of_its_layers() -> None:
    chapter = section("Arquitectura")
    tables = re.split(r"^\| En `(\w+)/` \|.*\n", chapter, flags=re.M)[1:]
    for top, table in zip(tables[::2], tables[1::2], strict=True):
        rooms = [re.sub(r"/|\.py", "", name) for name in re.findall(r"^\| `([\w./]+)` \|", table, re.M)]
        layers = [room for layer in LAYERS[top] for room in layer if not room.startswith("__")]
        level = {room: number for number, layer in enumerate(LAYERS[top]) for room in layer}
        assert sorted(rooms) == sorted(layers)
        assert [level[room] for room in rooms] == sorted(level[room] for room in rooms)


# --- The example ------------------------------------------------------------------------------------------------------


def example_block(language: str) -> str:
    """The block of code in `language` of the document that teaches how to add a dataset."""
    return re.search(rf"```{language}\n(.*?)```", text_of(EXAMPLE), re.DOTALL)[1]


def example_files() -> set[str]:
    """The paths that the examples of the guides say to write."""
    return {name for guide in (ROOT / "docs").glob("agregar-*.md") for name in written(guide)}


def example_dataset() -> Dataset:
    """The dataset that the example declares."""
    namespace: dict[str, object] = {"__name__": "bibliotecas"}
    exec(compile(example_block("python"), str(EXAMPLE), "exec"), namespace)
    return namespace["DATASET"]


def with_example(folder: Path, csv: str) -> Result:
    """What the ETL makes of the example beside the real sources of what it needs."""
    dataset = example_dataset()
    for name in dataset.needs:
        (folder / name).symlink_to(ROOT / "data" / "source" / name)
    (folder / dataset.name).mkdir()
    (folder / dataset.name / "bibliotecas.csv").write_text(csv, encoding="utf-8")
    (folder / dataset.name / "fuente.toml").write_text(example_block("toml"), encoding="utf-8")
    return run([*with_needs(dataset.needs), dataset], folder)


def test_the_example_of_a_dataset_runs_as_it_is_written(tmp_path: Path) -> None:
    result = with_example(tmp_path, example_block("csv"))
    assert result.problems == []
    assert result.tables["bibliotecas"].to_dict("list") == {"codigo_municipio": ["0101", "1601"], "bibliotecas": [3, 2]}
    assert [source.title for source in result.datasets[-1].sources()] == ["Directorio de bibliotecas públicas"]


def test_the_check_says_the_hash_of_a_new_file(tmp_path: Path) -> None:
    messages = [problem.message for problem in with_example(tmp_path, "codigo,bibliotecas\n0101,5\n").problems]
    assert any("SHA-256" in message and re.search(r"[0-9a-f]{64}", message) for message in messages)


# --- Nothing of the machine it was written on -------------------------------------------------------------------------

MACHINE = {
    "machine path": re.compile(r"(?<![\w.:/<>~-])/(?:work|tmp|root|home|Users|var/folders)/[\w.]"),
    "index address": re.compile(
        r"(?:index-url|find-links|trusted-host)[ =]+\S*\w+[.:]\w+|://\S+/simp[l]e\b", re.IGNORECASE
    ),
}


@pytest.mark.parametrize("what", MACHINE)
def test_no_file_carries(what: str) -> None:
    found = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" in content[:8192] or path.suffix == ".csv":
            continue
        lines = content.decode("utf-8", errors="replace").splitlines()
        found += [f"{name_of(path)}:{number}" for number, line in enumerate(lines, 1) if MACHINE[what].search(line)]
    assert found == []

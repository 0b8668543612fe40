"""Promise: with any bad input nothing is published, the current release stays as it was, and the exit code is 1."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from etl.release import Release, publish
from tests.browser_support import ROOT
from tests.checkout_support import Checkout, small_checkout
from tests.etl_support import (
    PADRON,
    Damage,
    cell,
    cut,
    emptied,
    encoded,
    etl,
    header,
    repeated_row,
    source_copy,
    tree,
    with_row,
    without_row,
)

DAMAGES: dict[str, tuple[Damage, str]] = {
    "wrong column": (header("TOTAL_HOMBRES", "HOMBRES_TOTAL"), "columna TOTAL_HOMBRES"),
    "missing municipio": (without_row(3), "falta el municipio 0102 Santa Catarina Pinula"),
    "text in a number": (cell(2, "TOTAL", "muchos"), "fila 2, columna TOTAL, valor «muchos»"),
    "a sum that fails": (cell(2, "TOTAL", "854233"), "fila 2, columna TOTAL, valor «854233»: la suma no cuadra"),
    "wrong encoding": (encoded("cp850"), "no se reconoce en qué codificación están los acentos"),
    "empty file": (emptied, "el archivo está vacío"),
    "truncated file": (cut(2000), "¿archivo truncado?"),
    "duplicated key": (repeated_row(2), "fila 342, columna CODDEP, CODMUN, valor «1-1»: clave repetida"),
    "unknown code": (with_row({"CODMUN": "99"}), "fila 342, columna CODDEP, CODMUN, valor «1-99»: código desconocido"),
}


@pytest.fixture
def destination(tmp_path: Path) -> Path:
    """A folder of releases with one, older, that is current."""
    folder = tmp_path / "publicaciones"
    manifest = {"publicacion": "2020-01-01-00000000", "archivos": []}
    publish("2020-01-01-00000000", {"manifest.json": json.dumps(manifest).encode()}, folder)
    return folder


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the project with the registry and what it needs, whose commands are processes."""
    return small_checkout(tmp_path_factory.mktemp("copia") / "padron")


def published(destination: Path) -> dict[str, str]:
    """Everything in `destination` but what tells how the last run ended, which is written whatever came of it."""
    return {path: sha for path, sha in tree(destination).items() if "estado" not in path}


@pytest.mark.parametrize("name", DAMAGES)
def test_build_fails_whole(name: str, checkout: Checkout, tmp_path: Path, destination: Path) -> None:
    damage, words = DAMAGES[name]
    origin = shutil.copytree(checkout.source, tmp_path / "fuentes")
    path = origin / "padron_municipal" / PADRON
    path.write_bytes(damage(path.read_bytes()))
    before = published(destination)
    built = checkout.etl("build", "--origen", origin, "--destino", destination)
    assert built.returncode == 1
    assert PADRON in built.stdout and words in built.stdout
    assert "No se publicó nada" in built.stdout
    assert published(destination) == before
    assert Release.open(destination / "current").id == "2020-01-01-00000000"


def test_the_real_command_says_every_problem_of_every_dataset_without_a_traceback(tmp_path: Path) -> None:
    origin = source_copy(tmp_path / "fuentes")
    padron = origin / "padron_municipal" / PADRON
    padron.write_bytes(cell(2, "TOTAL", "muchos")(padron.read_bytes()))
    next((origin / "poblacion").glob("*.csv")).write_bytes(b"")
    command = [sys.executable, "-m", "etl", "build"]
    command += ["--origen", str(origin), "--destino", str(tmp_path / "publicaciones")]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert finished.returncode == 1
    assert "Traceback" not in finished.stdout + finished.stderr
    assert "Problemas: 4" in finished.stdout  # two bad files, each also with a hash that is not the declared one
    assert "valor «muchos»" in finished.stdout and "el archivo está vacío" in finished.stdout
    assert not (tmp_path / "publicaciones").exists()


def test_check_finds_the_same_and_writes_nothing(tmp_path: Path) -> None:
    origin = source_copy(tmp_path, "padron_municipal")
    before = tree(tmp_path)
    assert etl("check", "--origen", origin, "--dataset", "padron_municipal").exit_code == 0
    assert tree(tmp_path) == before
    (origin / "padron_municipal" / PADRON).write_bytes(b"")
    assert etl("check", "--origen", origin, "--dataset", "padron_municipal").exit_code == 1


def test_places_that_do_not_exist_are_explained(tmp_path: Path) -> None:
    nowhere = etl("build", "--origen", tmp_path / "nada", "--destino", tmp_path / "destino")
    assert (nowhere.exit_code, "no existe la carpeta de origen" in nowhere.output) == (1, True)
    unknown = etl("check", "--dataset", "padron", "--destino", tmp_path / "destino")
    assert (unknown.exit_code, "no hay ningún dataset llamado padron" in unknown.output) == (1, True)


def test_help_is_in_spanish() -> None:
    assert "Construye la publicación" in etl("--help").output
    assert "no publica nada y sale con código 1" in " ".join(etl("build", "--help").output.split())

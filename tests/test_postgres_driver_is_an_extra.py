"""Promise: who reads files needs no database driver, and who asks PostgreSQL without one is told how to install it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from etl.microdata import layout as layouts
from etl.microdata.errors import MicrodataError
from etl.microdata.sources import opened
from etl.pipeline.drivers import INSTALL_POSTGRES
from tests.browser_support import ROOT
from tests.microdata_support import CORTE, write_csv

ADDRESS = "postgresql://alguien:secreto@127.0.0.1:9/base"


@pytest.fixture(scope="module")
def without_driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every installed package but the driver of PostgreSQL."""
    folder = tmp_path_factory.mktemp("paquetes")
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not path.name.lower().startswith("psycopg"):
            (folder / path.name).symlink_to(path)
    return folder


def etl_without(packages: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The real command in a process that finds only those packages."""
    return subprocess.run(
        [sys.executable, "-S", "-m", "etl", *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(packages), "COLUMNS": "400"} | variables,
        capture_output=True,
        text=True,
    )


def test_the_registry_in_a_database_asks_for_the_extra(without_driver: Path, tmp_path: Path) -> None:
    options = ("--corte", CORTE, "--tabla", "ciudadanos", "--cubos", str(tmp_path))
    done = etl_without(without_driver, "microdata", ADDRESS, *options)
    assert done.returncode == 1 and "secreto" not in done.stdout + done.stderr
    expected = f"falta el controlador de PostgreSQL: instale el extra «postgres» con «{INSTALL_POSTGRES}»"
    assert expected in done.stdout + done.stderr


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_way_of_writing_the_address_is_the_same_driver(scheme: str) -> None:
    with (
        pytest.raises(MicrodataError, match="no se puede conectar"),
        opened(ADDRESS.replace("postgresql", scheme), layouts.load(layouts.DEFAULT), (), "ciudadanos"),
    ):
        pass


def test_the_registry_in_files_does_not(without_driver: Path, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "padron.csv")
    done = etl_without(without_driver, "microdata", str(source), "--corte", CORTE, "--cubos", str(tmp_path / "cubos"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_history_in_a_database_asks_for_the_extra(without_driver: Path, tmp_path: Path) -> None:
    done = etl_without(without_driver, "history", "--destino", str(tmp_path), PADRON_HISTORIAL=ADDRESS)
    assert done.returncode != 0 and "secreto" not in done.stdout + done.stderr
    assert f"instale el extra «postgres» con «{INSTALL_POSTGRES}»" in done.stdout + done.stderr


def test_the_command_that_is_said_is_the_one_in_the_instructions() -> None:
    assert INSTALL_POSTGRES in (ROOT / "docs" / "operacion.md").read_text(encoding="utf-8")

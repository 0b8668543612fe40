"""Promise: a full disk is said in one sentence, nothing half done is left on it, and once there is room the next run works."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from etl.release.state import STATE
from tests.checkout_support import Checkout, scaled, small_checkout, with_rows
from tests.disk_support import FILLING, small_disk
from tests.etl_support import PADRON, SOURCE, tree
from tests.microdata_support import count, write_csv
from tests.process_support import finished

DONE, PROBLEMS, NO_HISTORY = 0, 1, 5
NO_ROOM = "no queda espacio en el disco"
#: What a run may write of itself and not of the release.
OF_RUNS = (STATE, "historial.sqlite", ".candado-estado", ".candado", ".identidad", FILLING)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the project with a release, and a delivery in place: one municipio grew 2 %."""
    made = small_checkout(tmp_path_factory.mktemp("lleno") / "padron")
    assert made.etl("publish", "--si").returncode == DONE
    assert made.deliver("2026-09-30", scaled({"1-2"}, 1.02)).returncode == DONE
    return made


@pytest.fixture
def checkout(published: Checkout, tmp_path: Path) -> Checkout:
    """A copy of it."""
    return Checkout(Path(shutil.copytree(published.folder, tmp_path / "padron", symlinks=True)))


def of_releases(folder: Path) -> dict[str, str]:
    """Everything in a folder of releases but what a run writes of itself."""
    return {path: sha256 for path, sha256 in tree(folder).items() if path not in OF_RUNS}


@pytest.mark.parametrize(
    "room", [pytest.param(0, marks=pytest.mark.largo), 40, pytest.param(80, marks=pytest.mark.largo)]
)
def test_publish_on_a_full_disk(checkout: Checkout, room: int) -> None:
    with small_disk(checkout.releases, 4096) as disk:
        before = of_releases(checkout.releases)
        disk.leave(room)
        full = checkout.etl("publish", "--si")
        assert full.returncode in (PROBLEMS, NO_HISTORY), full.stdout
        assert full.stdout.count(NO_ROOM) >= 1
        assert of_releases(checkout.releases) == before
        assert checkout.current.damaged_files() == []
        disk.empty()
        again = checkout.etl("publish", "--si")
        assert again.returncode == DONE, again.stdout
        assert (checkout.current.id[:10], checkout.current.damaged_files()) == ("2026-09-30", [])


@pytest.mark.largo
def test_a_repair_on_a_full_disk_leaves_what_there_was(checkout: Checkout) -> None:
    shutil.copytree(SOURCE / "padron_municipal", checkout.source / "padron_municipal", dirs_exist_ok=True)
    with small_disk(checkout.releases, 4096) as disk:
        figures = checkout.current.root / "padron_municipal_edad.parquet"
        figures.write_bytes(b"?")
        disk.leave(0)
        full = checkout.etl("publish", "--si")
        assert (full.returncode in (PROBLEMS, NO_HISTORY), NO_ROOM in full.stdout) == (True, True), full.stdout
        disk.empty()
        assert checkout.etl("publish", "--si").returncode == DONE
        assert checkout.current.damaged_files() == []


@pytest.mark.largo
def test_a_delivery_that_does_not_fit_changes_nothing(checkout: Checkout) -> None:
    with small_disk(checkout.source, 8192) as disk:
        before = tree(checkout.source)
        disk.leave(20)
        full = checkout.deliver("2026-10-31", lambda row: row)
        assert (full.returncode, NO_ROOM in full.stdout, "todo sigue como estaba" in full.stdout) == (
            PROBLEMS,
            True,
            True,
        )
        disk.empty()
        assert tree(checkout.source) == before
        assert checkout.deliver("2026-10-31", lambda row: row).returncode == DONE


def test_cubes_that_do_not_fit_leave_nothing(tmp_path: Path) -> None:
    registry = write_csv(tmp_path / "registro.csv")
    with small_disk(tmp_path / "cubos", 4096) as disk:
        disk.leave(8)
        full = count(registry, disk.folder)
        assert (full.exit_code, NO_ROOM in full.output) == (PROBLEMS, True), full.output
        assert [path.name for path in disk.folder.iterdir()] == [FILLING]
        disk.empty()
        assert count(registry, disk.folder).exit_code == DONE


@pytest.mark.largo
def test_no_room_for_temporary_files_is_said(checkout: Checkout, tmp_path: Path) -> None:
    with small_disk(tmp_path / "tmp", 256) as disk:
        disk.leave(4)
        path = checkout.folder / "entrega.csv"
        path.write_bytes(with_rows((SOURCE / "padron_municipal" / PADRON).read_bytes(), lambda row: row))
        before = tree(checkout.source)
        order = ("fuente", "padron_municipal", path, "--corte=2026-10-31", "--url=prueba")
        for arguments in (order, ("vista-previa",)):
            full = checkout.etl(*arguments, TMPDIR=str(disk.folder))
            assert (full.returncode, NO_ROOM in full.stdout) == (PROBLEMS, True), full.stdout
        assert tree(checkout.source) == before
        assert [left.name for left in disk.folder.iterdir()] == [FILLING]


@pytest.mark.largo
def test_a_limit_on_the_size_of_files_is_said(checkout: Checkout) -> None:
    """Where nobody may mount a disk, the system can still refuse to write: this one runs everywhere."""
    before = of_releases(checkout.releases)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(checkout.folder)}
    code = (
        "import resource, sys, runpy; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000));"
        "sys.argv = ['etl', 'publish', '--si']; runpy.run_module('etl', run_name='__main__', alter_sys=True)"
    )
    (checkout.folder / "limitada").mkdir()
    (checkout.folder / "limitada" / "__init__.py").write_text("", encoding="utf-8")
    (checkout.folder / "limitada" / "__main__.py").write_text(code, encoding="utf-8")
    refused = finished((), checkout.folder, environment, module="limitada")
    assert resource.getrlimit(resource.RLIMIT_FSIZE) == limit
    assert refused.returncode in (PROBLEMS, NO_HISTORY), refused.stdout + refused.stderr
    assert "Traceback" not in refused.stdout + refused.stderr
    assert of_releases(checkout.releases) == before
    assert checkout.etl("publish", "--si").returncode == DONE


@pytest.mark.parametrize("output", ["/dev/full", pytest.param("a reader that has gone", marks=pytest.mark.largo)])
def test_an_output_that_cannot_be_written_stops_nothing(checkout: Checkout, output: str) -> None:
    order = [sys.executable, "-m", "etl", "publish", "--si"]
    environment = os.environ | {"PYTHONUNBUFFERED": ""}
    if output == "/dev/full":
        with Path(output).open("w") as full:
            done = subprocess.run(
                order, cwd=checkout.folder, stdout=full, stderr=subprocess.PIPE, text=True, env=environment
            )
        assert (done.stderr.count(NO_ROOM), "Traceback" in done.stderr) == (1, False), done.stderr
    else:
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(
            order, cwd=checkout.folder, stdout=writing, stderr=subprocess.PIPE, text=True, env=environment
        )
        os.close(writing)
        assert done.stderr == ""
    assert (done.returncode, checkout.current.id[:10]) == (DONE, "2026-09-30")

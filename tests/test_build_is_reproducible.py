"""Promise: the same inputs give the same bytes, under the same name, whatever the folder, the hour or the order."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from etl.datasets import all_datasets, in_order
from etl.pipeline.run import run
from etl.publish.contents import release_files
from etl.release import Release
from tests.browser_support import ROOT
from tests.etl_support import SOURCE, source_copy, tree


def test_a_second_build_elsewhere_is_identical(release_path: Path, tmp_path: Path) -> None:
    """Another working folder, copies of the inputs with new dates, other hash seed, language and time zone."""
    origin = source_copy(tmp_path / "copia de las fuentes")
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "etl", "build", "--origen", str(origin), "--destino", "salida"]
    build = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert build.returncode == 0, build.stdout + build.stderr
    again = tmp_path / "salida" / "current"
    assert again.resolve().name == release_path.resolve().name
    assert tree(again.resolve()) == tree(release_path.resolve())


def test_nothing_in_a_release_tells_the_machine_or_the_moment(release_path: Path) -> None:
    release = Release.open(release_path)
    for path in release.root.iterdir():
        content = path.read_bytes()
        assert str(ROOT).encode() not in content
        assert str(release.root.parent).encode() not in content
    assert release.id == release.root.name
    assert release.id.startswith("2026-07-12-")


def test_another_content_has_another_name(tmp_path: Path) -> None:
    few = [item for item in all_datasets() if item.name in ("territorio", "poblacion")]
    shutil.copytree(SOURCE / "territorio", tmp_path / "territorio")
    shutil.copytree(SOURCE / "poblacion", tmp_path / "poblacion")
    both, one = run(few, tmp_path), run(few[:1], tmp_path)
    assert release_files(both)[0] == release_files(both)[0]
    assert release_files(both)[0] != release_files(one)[0]


@given(st.permutations(all_datasets()))
def test_every_dataset_comes_after_what_it_needs_in_one_order(shuffled) -> None:
    ordered = in_order(shuffled)
    assert ordered == all_datasets()
    seen: set[str] = set()
    for item in ordered:
        assert set(item.needs) <= seen
        seen.add(item.name)


def test_what_is_read_is_loaded_or_rejected_with_a_reason(release_path: Path) -> None:
    manifest = Release.open(release_path).manifest
    assert len(manifest["datasets"]) == len(all_datasets())
    for item in manifest["datasets"]:
        rejected = sum(entry["filas"] for entry in item["filas_rechazadas"])
        assert item["filas_leidas"] == item["filas_cargadas"] + rejected
        assert all(entry["motivo"] for entry in item["filas_rechazadas"])
        inputs = [entry["filas"] for entry in manifest["entradas"] if entry["dataset"] == item["nombre"]]
        assert sum(inputs) == item["filas_leidas"]

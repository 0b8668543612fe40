"""Promise: killing the process at any instant leaves the old release or the new one, whole."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import signal
import time
from pathlib import Path

import pytest

from etl.release import Release, ReleaseError, publish
from tests.checkout_support import small_checkout
from tests.etl_support import etl, tree
from tests.process_support import start

# Everything that `publish` asks of the disk; the child dies just before the n-th of them.
DISK = ("mkdir", "rename", "replace", "symlink", "fsync", "unlink", "rmdir")


def small_release(name: str, count: int = 4) -> tuple[str, dict[str, bytes]]:
    """A release with `count` small files and the manifest that describes them."""
    files = {f"{name}{number}.txt": f"{name} {number}".encode() * 50 for number in range(count)}
    facts = [
        {"nombre": file, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for file, content in files.items()
    ]
    return name, files | {"manifest.json": json.dumps({"publicacion": name, "archivos": facts}).encode()}


def publish_and_die(destination: Path, steps: int) -> bool:
    """Publish «nueva» in a child killed (SIGKILL) before its disk operation number `steps`; whether it finished first."""
    child = os.fork()
    if child == 0:
        left = [steps]

        def counted(operation):
            def dying(*arguments, **options):
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left[0] -= 1
                return operation(*arguments, **options)

            return dying

        for name in DISK:
            setattr(os, name, counted(getattr(os, name)))
        publish(*small_release("nueva"), destination)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


def test_dying_at_any_instant_leaves_a_whole_release(tmp_path: Path) -> None:
    deaths, found = 0, set()
    finished = False
    while not finished:
        destination = tmp_path / str(deaths)
        publish(*small_release("vieja"), destination)
        finished = publish_and_die(destination, deaths)
        current = Release.open(destination / "current")
        assert current.damaged_files() == []
        found.add(current.id)
        recovered = publish(*small_release("nueva"), destination)  # and the next build cleans up and succeeds
        assert recovered.damaged_files() == []
        assert sorted(path.name for path in destination.iterdir()) == [".candado", "current", "nueva", "vieja"]
        deaths += not finished
    assert deaths > 10
    assert found == {"vieja", "nueva"}


def test_killing_the_real_build_while_it_publishes(tmp_path: Path) -> None:
    destination = tmp_path / "publicaciones"
    publish(*small_release("vieja"), destination)
    checkout = small_checkout(tmp_path / "padron")
    build = start(("build", "--destino", destination), checkout.folder, os.environ)
    while build.is_alive() and not any(path.name.startswith(".2") for path in destination.iterdir()):
        time.sleep(0.001)
    build.kill()
    build.join()
    current = Release.open(destination / "current")
    assert current.damaged_files() == []
    assert current.id == "vieja" or current.id.startswith("2026-07-12-")


def test_two_builds_cannot_publish_at_once(tmp_path: Path) -> None:
    publish(*small_release("vieja"), tmp_path)
    with (tmp_path / ".candado").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ReleaseError, match="otra construcción está publicando"):
            publish(*small_release("nueva"), tmp_path)
    assert Release.open(tmp_path / "current").id == "vieja"


def test_publishing_the_same_again_repairs_what_was_damaged(tmp_path: Path) -> None:
    release = publish(*small_release("vieja"), tmp_path)
    before = tree(tmp_path)
    (release.root / "vieja0.txt").write_bytes(b"?")
    (release.root / "vieja1.txt").unlink()
    with pytest.raises(ReleaseError, match=r"dañada: vieja0\.txt"):
        Release.open(tmp_path / "current")
    publish(*small_release("vieja"), tmp_path)
    assert tree(tmp_path) == before


def test_a_reader_keeps_its_release_when_another_becomes_current(tmp_path: Path) -> None:
    publish(*small_release("vieja"), tmp_path)
    serving = Release.open(tmp_path / "current")
    publish(*small_release("nueva"), tmp_path)
    assert serving.path("vieja0.txt").read_bytes().startswith(b"vieja 0")
    assert Release.open(tmp_path / "current").id == "nueva"


def test_what_is_not_a_release_is_explained(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="no hay ninguna publicación"):
        Release.open(tmp_path / "current")
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(ReleaseError, match="está dañada"):
        Release.open(tmp_path)
    release = publish(*small_release("vieja"), tmp_path / "publicaciones")
    with pytest.raises(ReleaseError, match=r"no tiene el archivo nada\.parquet"):
        release.table("nada")


def test_a_destination_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "archivo").write_text("", encoding="utf-8")
    with pytest.raises(ReleaseError, match="no se puede escribir"):
        publish(*small_release("vieja"), tmp_path / "archivo" / "publicaciones")
    assert etl("build", "--origen", tmp_path / "archivo", "--destino", tmp_path / "destino").exit_code == 1

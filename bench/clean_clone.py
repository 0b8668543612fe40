"""From a clean clone to a site that answers: `git clone`, then `make run`, with the packages already downloaded."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

import httpx

from bench.figures import ROOT, Figure, log_file
from bench.size import Size
from tests.browser_support import free_port

LIMIT_SECONDS = 600


def measure(size: Size) -> list[Figure]:
    """Median seconds of clean clones of the last commit, from `make run` to /salud answering 200."""
    seconds = [seconds_to_health(size) for _ in range(size.runs)]
    return [Figure("make run en un clon limpio, hasta /salud", median(seconds), "s", 60)]


def seconds_to_health(size: Size) -> float:
    """Clone into an empty folder, run, wait for health, and leave nothing behind."""
    with tempfile.TemporaryDirectory(dir=size.folder) as folder, log_file("clean_clone").open("wb") as log:
        clone = Path(folder) / "padron-abierto"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        if size.installed:
            install(clone, size.release)
        port, start = free_port(), time.perf_counter()
        make = subprocess.Popen(
            ["make", "run", f"PORT={port}"], cwd=clone, stdout=log, stderr=log, start_new_session=True, env=outside()
        )
        try:
            while not healthy(port):
                if make.poll() is not None or time.perf_counter() - start > LIMIT_SECONDS:
                    raise RuntimeError(f"make run did not answer; see {log.name}")
                time.sleep(0.1)
            return time.perf_counter() - start
        finally:
            os.killpg(make.pid, signal.SIGTERM)
            make.wait()


def install(clone: Path, release: Path) -> None:
    """What `make run` would make in a clone before it serves: the environment of this project, and a release."""
    environment = clone / ".venv"
    environment.mkdir()
    for path in (ROOT / ".venv").iterdir():
        if not path.name.startswith("."):
            (environment / path.name).symlink_to(path)
    (clone / "data" / "release").mkdir()
    (clone / "data" / "release" / "current").symlink_to(release.resolve())
    for stamp in (".venv/.ejecucion", ".venv/.pruebas", "data/release/.al-dia"):
        (clone / stamp).touch()


def outside() -> dict[str, str]:
    """The environment without what the make that runs this benchmark has put in it."""
    return {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "ARGS")
    }


def healthy(port: int) -> bool:
    """Whether /salud answers 200 right now."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}/salud", timeout=5).status_code == 200
    except httpx.TransportError:
        return False

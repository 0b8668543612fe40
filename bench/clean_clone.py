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
from tests.browser_support import free_port

RUNS = 3
LIMIT_SECONDS = 600


def measure() -> list[Figure]:
    """Median seconds of `RUNS` clean clones of the last commit, from `make run` to /salud answering 200."""
    seconds = [seconds_to_health() for _ in range(RUNS)]
    return [Figure("make run en un clon limpio, hasta /salud", median(seconds), "s", 60)]


def seconds_to_health() -> float:
    """Clone into an empty folder, run, wait for health, and leave nothing behind."""
    with tempfile.TemporaryDirectory() as folder, log_file("clean_clone").open("wb") as log:
        clone = Path(folder) / "padron-abierto"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
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

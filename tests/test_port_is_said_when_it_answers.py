"""Promise: the address is announced once the site answers there, and a busy port is one sentence with the way out."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.browser_support import ROOT, stop

ANNOUNCED = re.compile(r"Sitio: (http://127\.0\.0\.1:\d+)  \(Ctrl\+C para detenerlo\)\n")


@pytest.fixture
def busy() -> Iterator[int]:
    """A port of the loopback address that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def sentence(port: int, other: int = 9000) -> str:
    """What is said of a busy port."""
    return f"El puerto {port} ya lo usa otro programa: elija otro con «PORT={other} make run» (o --port {other})."


def dashboard(release: Path, *options: str) -> list[str]:
    """The command that serves a release."""
    return [sys.executable, "-m", "dashboard", "--release", str(release), *options]


def test_a_busy_port_is_one_sentence_and_no_address(release_path: Path, busy: int) -> None:
    done = subprocess.run(
        dashboard(release_path, "--port", str(busy)), cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence(busy) + "\n")


def test_make_run_says_the_same_and_fails(release_path: Path, busy: int) -> None:
    # What it would install and build is there already: `-o` takes it as made.
    command = ["make", "run", "-o", ".venv/.ejecucion", "-o", "data/release/.al-dia", f"PORT={busy}"]
    done = subprocess.run(
        [*command, f"PY={sys.executable}", f"RELEASE={release_path}"], cwd=ROOT, capture_output=True, text=True
    )
    said = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("make")]
    assert said == [sentence(busy)] and done.returncode != 0


def test_the_way_out_of_the_port_that_is_suggested_is_another(release_path: Path) -> None:
    with socket.socket() as other:
        try:
            other.bind(("127.0.0.1", 9000))
            other.listen()
        except OSError:
            pass  # somebody listens there already, which is as busy
        done = subprocess.run(dashboard(release_path, "--port", "9000"), cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr == sentence(9000, 9001) + "\n"


def test_an_address_that_is_not_of_this_machine_is_one_sentence(release_path: Path) -> None:
    done = subprocess.run(
        dashboard(release_path, "--host", "192.0.2.1"), cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("192.0.2.1 no es una dirección de esta máquina") and done.stderr.count("\n") == 1


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_address_is_announced_when_it_answers(release_path: Path, workers: str) -> None:
    """On any free port: what is announced is the one that was taken, and it answers at once."""
    command = dashboard(release_path, "--port", "0", "--workers", workers)
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            announced = ANNOUNCED.fullmatch(server.stdout.readline())
            assert announced
            assert httpx.get(f"{announced[1]}/salud", timeout=5).status_code == 200
        finally:
            stop(server)

"""What the unit of systemd denies is nothing that the site needs: not to make files, nor to be helped with its pages."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from bench.downloads import longest
from dashboard.site import Site
from etl.release import Release
from tests.browser_support import ROOT, answers, free_port, stop
from tests.seccomp_support import ABSENT, RESOURCES, can_deny, deny, group

UNIT = ROOT / "docs/despliegue/padron-sitio@.service"

pytestmark = pytest.mark.skipif(not can_deny(), reason="solo se conocen las llamadas de Linux en x86_64")


@pytest.fixture(scope="module")
def confined(release_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int, Path]]:
    """A site that the kernel denies what the unit does: its address, its process and what it prints."""
    log, port = tmp_path_factory.mktemp("unidad") / "sitio.log", free_port()
    command = [
        sys.executable,
        "-m",
        "dashboard",
        "--release",
        str(release_path),
        "--port",
        str(port),
        "--ayudantes",
        "1",
    ]
    with log.open("wb") as output:
        numbers = tuple(RESOURCES.values())
        server = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, preexec_fn=lambda: deny(numbers))
        try:
            assert answers(server, f"http://127.0.0.1:{port}"), log.read_text()
            yield f"http://127.0.0.1:{port}", server.pid, log
        finally:
            stop(server)


def test_the_unit_denies_what_is_denied_here() -> None:
    denied = re.findall(r"^SystemCallFilter=~(.+)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)
    assert "@resources" in denied[0].split()
    assert "SystemCallErrorNumber=EPERM" in UNIT.read_text(encoding="utf-8")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no está systemd-analyze")
def test_the_group_is_the_one_of_systemd() -> None:
    assert group("@resources") - ABSENT <= set(RESOURCES)


def test_it_is_denied_here(confined: tuple[str, int, Path]) -> None:
    _, process, _ = confined
    tried = subprocess.run(
        [sys.executable, "-c", "import os; os.nice(1)"],
        capture_output=True,
        text=True,
        preexec_fn=lambda: deny((RESOURCES["setpriority"],)),
    )
    assert "PermissionError" in tried.stderr
    assert re.search(r"^Seccomp:\s+2$", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)


def test_the_longest_sheet_is_made_by_a_process_apart(confined: tuple[str, int, Path], release_path: Path) -> None:
    site, _, log = confined
    release = Release.open(release_path)
    name, _ = longest(release, "xlsx")
    found = httpx.get(f"{site}/descargas/{release.id}/{name}.xlsx", timeout=120)
    assert found.status_code == 200 and found.content, log.read_text()


def helping(process: int) -> list[bytes]:
    """Those that make pages for the site."""
    return subprocess.run(["pgrep", "-P", str(process), "-f", "renderer"], capture_output=True).stdout.split()


@pytest.mark.largo
def test_pages_are_helped_with(confined: tuple[str, int, Path], release_path: Path) -> None:
    site, process, log = confined
    codes = list(Site(Release.open(release_path)).territories.municipios)
    with httpx.Client(base_url=site, timeout=60) as client, ThreadPoolExecutor(12) as visitors:
        for start in range(0, 120, 24):
            found = visitors.map(lambda code: client.get(f"/ficha/{code}").status_code, codes[start : start + 24])
            assert set(found) == {200}, log.read_text()
    first = helping(process)
    time.sleep(4)
    assert len(first) == 1 and helping(process) == first, log.read_text()  # it came, and stayed
    assert "Traceback" not in log.read_text()

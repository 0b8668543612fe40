"""Promise: `vista-previa` shows the site as it would be, says so on every page with what changes in it, and leaves nothing."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from dashboard.pages.model import Request, face_of
from dashboard.web.banner import banner as banner_of
from etl.publish.history import History
from etl.release.preview import Preview
from tests.browser_support import ROOT
from tests.checkout_support import Checkout, scaled, small_checkout
from tests.etl_support import tree
from tests.release_support import asked_of
from tests.site_support import Document, accessible

SANTA_CATARINA_PINULA, GUATEMALA = "0102", "0101"
SECONDS = 90


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the project, site included, with a release and a delivery in place: one municipio grew 2 %."""
    made = small_checkout(tmp_path_factory.mktemp("previa") / "padron")
    for name in ("dashboard", "assets"):
        shutil.copytree(ROOT / name, made.folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    assert made.etl("publish", "--si").returncode == 0
    assert made.deliver("2026-09-30", scaled({"1-2"}, 1.02)).returncode == 0
    return made


@contextmanager
def previewing(checkout: Checkout, temporary: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A preview under way, and its address."""
    said = temporary / "dicho.txt"
    environment = os.environ | {"TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"}
    with said.open("w") as output:
        order = [sys.executable, "-m", "etl", "vista-previa", "--puerto", "0"]
        running = subprocess.Popen(
            order,
            cwd=checkout.folder,
            env=environment,
            stdout=output,
            stderr=output,
            text=True,
            # A shell that runs the tests in the background leaves Ctrl+C without effect for all that they start.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        try:
            deadline = time.monotonic() + SECONDS
            while not (found := re.search(r"Sitio: (\S+)", said.read_text(encoding="utf-8"))):
                assert running.poll() is None and time.monotonic() < deadline, said.read_text(encoding="utf-8")
                time.sleep(0.05)
            yield running, found[1]
        finally:
            running.kill()
            running.wait()


def banner(page: httpx.Response) -> str:
    """What the banner of a page says."""
    assert page.status_code == 200, page.text
    return Document(page.text).one(".vista-previa").text_content()


def test_every_page_says_that_it_is_not_published_and_what_changes(delivered: Checkout, tmp_path: Path) -> None:
    before = tree(delivered.folder / "data")
    runs = History(delivered.releases).entries()
    with (
        previewing(delivered, tmp_path) as (running, url),
        httpx.Client(base_url=url, timeout=60, follow_redirects=True) as client,
    ):
        assert url.startswith("http://127.0.0.1:")
        new = client.get("/salud").json()["publicacion"]
        for path in ("/padron", accessible("/padron"), "/datos", accessible("/metodologia"), "/estado"):
            said = banner(client.get(path))
            assert "Vista previa: no publicado." in said and new in said and delivered.current.id in said
        grown = banner(client.get(f"/ficha/{SANTA_CATARINA_PINULA}"))
        own = re.search(
            r"Municipio 0102 Santa Catarina Pinula, Empadronados: ([\d,]+) → ([\d,]+) \(\+([\d,]+)\)", grown
        )
        assert own
        old, now, change = (int(text.replace(",", "")) for text in own.groups())
        assert now - old == change and 1.015 < now / old < 1.025
        assert list(tmp_path.glob("padron-vista-previa-*"))
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 0
        with pytest.raises(httpx.TransportError):
            client.get("/salud")
    assert list(tmp_path.glob("padron-vista-previa-*")) == []
    assert tree(delivered.folder / "data") == before
    assert History(delivered.releases).entries() == runs


@pytest.mark.largo
def test_what_a_killed_preview_left_is_removed_by_the_next(delivered: Checkout, tmp_path: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    left, mine = (tmp_path / f"padron-vista-previa-{process}-x" for process in (dead.pid, os.getpid()))
    for folder in (left, mine):
        folder.mkdir()
    with previewing(delivered, tmp_path) as (running, _):
        assert not left.exists() and mine.exists()  # another preview under way keeps its own
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 0
    assert [path.name for path in tmp_path.glob("padron-vista-previa-*")] == [mine.name]


def test_the_site_ends_when_whoever_started_it_is_killed(delivered: Checkout, tmp_path: Path) -> None:
    with previewing(delivered, tmp_path) as (running, url):
        running.kill()
        running.wait()
        deadline = time.monotonic() + 30
        with pytest.raises(httpx.ConnectError):
            while time.monotonic() < deadline:
                httpx.get(f"{url}/salud", timeout=30)
                time.sleep(0.05)


@pytest.mark.largo
def test_problems_are_told_as_check_tells_them(delivered: Checkout, tmp_path: Path) -> None:
    copy = Checkout(Path(shutil.copytree(delivered.folder, tmp_path / "padron", symlinks=True)))
    for path in (copy.source / "padron_municipal").glob("*.csv"):
        path.write_bytes(path.read_bytes()[:-100])
    refused = copy.etl("vista-previa", TMPDIR=str(tmp_path))
    assert (refused.returncode, "No se publicó nada" in refused.stdout) == (1, True)
    assert list(tmp_path.glob("padron-vista-previa-*")) == []


def test_a_page_made_from_other_tables_does_not_change() -> None:
    moved: Preview = {
        "vigente": "2026-07-12-aaaaaaaa",
        "nueva": "2026-09-30-bbbbbbbb",
        "tablas": [
            {
                "tabla": "padron_municipal_edad", "dataset": "padron_municipal", "titulo": "Por edad", "filas_antes": 10,
                "filas_despues": 10, "nuevas": 0, "quitadas": 0, "cambiadas": 1, "sumas": [], "movimientos": [],
            }
        ],
        "sospechas": [{"tabla": "padron_municipal_edad", "motivo": "Perdió <mucho>"}],
    }  # fmt: skip
    asked = Request({}, face_of("/", False))
    still = banner_of(moved, asked, {"municipios"})
    assert "Lo que muestra esta página no cambia." in still and "Perdió" not in still
    for shown in (banner_of(moved, asked, {"padron_municipal_edad"}), banner_of(moved, asked, ())):
        assert "«Por edad»" in shown and "Perdió &lt;mucho&gt;" in shown


def test_a_site_that_is_no_preview_says_nothing_of_one(release_path: Path) -> None:
    for page in asked_of(release_path, "/padron", "/estado"):
        assert 'vista-previa"' not in page.text and "no publicado" not in page.text

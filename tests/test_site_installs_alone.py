"""Promise: the public server needs little: no driver, no compiler, nothing of what prepares the data."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from dashboard.render.files import FORMATS
from dashboard.views import VIEWS
from etl.release import Release
from tests.browser_support import ROOT, free_port
from tests.site_support import ADDRESSES, accessible
from tests.test_lock import pins

LOCK, WHOLE = "requirements-sitio.lock", "requirements.lock"
MOST_PACKAGES = 50
#: What only prepares data, asks a database or builds packages.
NOT_HERE = (
    "alembic",
    "cython",
    "flask",
    "fsspec",
    "geopandas",
    "highspy",
    "openpyxl",
    "pandas",
    "pandera",
    "pip",
    "psycopg",
    "pymysql",
    "pytest",
    "requests",
    "setuptools",
    "shapely",
    "topojson",
)
#: The site in a process that finds nothing but the standard library, our code and what the lock pins; says each status.
ALONE = """
import asyncio, sys
from importlib.abc import MetaPathFinder
from importlib.metadata import packages_distributions

release, addresses, pinned = sys.argv[1], sys.argv[2].split("|"), set(sys.argv[3].split("|"))
where = packages_distributions()

class OnlyPinned(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        told = {one.lower().replace("_", "-") for one in where.get(name.partition(".")[0], ())}
        if told and not told & pinned:
            raise ModuleNotFoundError(f"{name} is not in the lock", name=name)

sys.meta_path.insert(0, OnlyPinned())
import dashboard.__main__
from dashboard.app import create_app

app = create_app(release)

async def status(address):
    path, _, query = address.partition("?")
    found = []
    asked = asyncio.Event()

    async def receive():
        if asked.is_set():
            await asyncio.sleep(60)
        asked.set()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        if message["type"] == "http.response.start":
            found.append(message["status"])

    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
             "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
             "headers": [(b"host", b"127.0.0.1")], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80)}
    await app(scope, receive, send)
    print(address, found[0])

async def all_of_them():
    for address in addresses:
        await status(address)

asyncio.run(all_of_them())
"""
RENDERED = (
    "/", "/padron", "/accesible/padron", "/participacion", "/ficha/1601", "/cruces", "/extranjero", "/estado", "/datos",
    "/salud", "/api/v1/parametros", "/descargas/vista/padron_mapa.xlsx", "/descargas/vista/padron_mapa.parquet",
    "/descargas/vista/padron_mapa.csv", "/descargas/vista/padron_mapa.json",
)  # fmt: skip


def test_the_public_server_installs_few_packages_and_no_driver() -> None:
    site = pins(LOCK)
    assert len(site) <= MOST_PACKAGES
    assert [name for name in NOT_HERE if name in site] == []
    whole = pins(WHOLE)
    assert {name: whole[name].split()[0] for name in site} == {name: block.split()[0] for name, block in site.items()}


def test_pages_and_files_are_made_with_those_packages_alone(release_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(release_path), "|".join(RENDERED), "|".join(pins(LOCK))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"{address} 200" for address in RENDERED]


@pytest.mark.largo
def test_a_server_with_nothing_else_installed_serves_everything(release_path: Path, tmp_path: Path) -> None:
    python = tmp_path / "entorno" / "bin" / "python"
    base = Path(sys.base_prefix) / "bin" / "python3"
    subprocess.run([base, "-m", "venv", "--without-pip", python.parent.parent], check=True)
    install = [base, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--require-hashes", "-r", LOCK]
    subprocess.run(install, cwd=ROOT, check=True)
    port = free_port()
    command = [python, "-m", "dashboard", "--release", release_path, "--port", str(port), "--metricas", "0"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        while "Sitio:" not in (line := server.stdout.readline()):
            assert line, "the site did not begin"
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, follow_redirects=True) as client:
                release = Release.open(release_path)
                files = [f"/descargas/vista/{name}.{suffix}" for name in VIEWS for suffix in FORMATS]
                whole = [f"/descargas/{release.id}/{item['nombre']}" for item in release.manifest["archivos"]]
                pages = [*ADDRESSES, *map(accessible, ADDRESSES)]
                wrong = {
                    address: code for address in [*pages, *whole] if (code := client.get(address).status_code) != 200
                }
                assert wrong == {}
                # A view that this release cannot answer says so; nothing fails for want of a package.
                codes = {address: client.get(address).status_code for address in files}
                assert {address: code for address, code in codes.items() if code not in (200, 400, 404)} == {}
                assert sum(code == 200 for code in codes.values()) > len(codes) / 2
        finally:
            server.terminate()
            server.wait()

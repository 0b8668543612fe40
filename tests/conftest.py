"""Fixtures shared by every test: one real release, one real site, one real browser."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from etl.demo.registry import SEED
from etl.demo.release import write_registry
from tests.browser_support import ROOT, Watch, Windows, axe_everywhere, launch_chromium, running_site
from tests.postgres_support import running_postgres

RELEASES_KEPT = 4
#: Pages of one site need no process each, and a second one finds the scripts compiled.
ONE_RENDERER = "--renderer-process-limit=1"


def inputs_hash() -> str:
    """SHA-256 of everything a release is made from: the ETL's code and data/source, names and bytes."""
    digest = hashlib.sha256()
    files = [path for folder in ("etl", "data/source") for path in (ROOT / folder).rglob("*") if path.is_file()]
    for path in sorted(path for path in files if "__pycache__" not in path.parts):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def forget_old_releases(folder: Path) -> None:
    """Keep the latest `RELEASES_KEPT` releases built for tests; nobody serves an older one."""
    built = [path for path in folder.iterdir() if path.is_dir()]
    for old in sorted(built, key=lambda path: path.stat().st_mtime, reverse=True)[RELEASES_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


@pytest.fixture(scope="session")
def release_path(request: pytest.FixtureRequest) -> Path:
    """The release built from data/source by the real command; kept between runs while its inputs stay the same.

    The first worker that asks for it builds it, and the others wait.
    """
    folder = request.config.cache.mkdir("publicaciones")
    target = folder / inputs_hash()[:16]
    current = target / "current"
    with (folder / ".candado").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (current / "manifest.json").exists():
            command = [sys.executable, "-m", "etl", "build", "--destino", str(target)]
            build = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
            assert build.returncode == 0, f"{build.stdout}\n{build.stderr}"
            forget_old_releases(folder)
    return current


@pytest.fixture(scope="session")
def site(release_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Base URL, without a final slash, of the site serving `release_path` from a process of its own."""
    with running_site(release_path, tmp_path_factory.mktemp("sitio") / "servidor.log") as url:
        yield url


@pytest.fixture(scope="session")
def synthetic_registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Parquet registry of 20,000 invented people."""
    path = tmp_path_factory.mktemp("registro") / "registro_sintetico.parquet"
    write_registry(ROOT / "data" / "source", path, 20_000, SEED)
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The socket's folder of a PostgreSQL server of the tests' own."""
    with running_postgres() as folder:
        yield folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        chromium = launch_chromium(playwright, ONE_RENDERER)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def windows(browser: Browser, site: str) -> Windows:
    """The pages of the browser, which share what they fetch."""
    return Windows(browser, site)


@pytest.fixture
def watch(site: str) -> Watch:
    """What the test's pages asked of others and the errors they raised; both must be empty when the test ends."""
    return Watch(site)


@pytest.fixture
def open_page(windows: Windows, watch: Watch) -> Iterator[Callable[..., Page]]:
    """A function that opens a blank page: `open_page(width=360, theme="dark", javascript=False)`.

    Paths are relative to the site (`page.goto("/padron")`). Every page is watched: a request to another host, a script
    error or a policy violation fails the test. Pages share what they fetch, but for one that is opened `apart=True`.
    """
    opened: list[Page] = []

    def open_one(javascript: bool = True, **more: Any) -> Page:
        page = windows.open(java_script_enabled=javascript, **more)
        opened.append(page)
        watch.follow(page)
        return page

    yield open_one
    for page in opened:
        page.close()
    assert watch.third_party == [], "Requests to other hosts"
    assert watch.errors == [], "Errors in the browser's console"


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A blank page at 1440 x 900, light theme, JavaScript on."""
    return open_page()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """A function that lists the accessibility violations of a page, in every width and theme: `assert axe(page) == []`.

    It leaves the page with its long tables cut short.
    """
    return axe_everywhere

"""Fixtures shared by every test: one real release, one real site, one real browser."""

from __future__ import annotations

import fcntl
import gc
import hashlib
import os
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.dependencies import models
from playwright.sync_api import Browser, Page, sync_playwright
from xdist.scheduler import LoadScopeScheduling

from etl.demo.registry import SEED
from etl.demo.release import write_registry
from tests import stuck_support
from tests.browser_support import ROOT, Watch, Windows, axe_everywhere, closed, launch_chromium, running_site
from tests.checkout_support import KEPT, Checkout, small_checkout
from tests.etl_support import etl
from tests.microdata_support import LATER as CUBES_CUTOFF
from tests.microdata_support import MANY_PEOPLE, write_csv
from tests.postgres_support import running_postgres
from tests.selections_support import SELECTIONS
from tests.site_support import Asking, Document

KEPT_FOLDERS = 4
#: The threads that look after a release, and how many of them may be left by tests.
WATCHER, MOST_WATCHERS = "vigia", 12
#: Where it is kept what the command said that built the release.
SAID = ".salida.txt"
#: Deliveries and elections that tests invent are of years to come.
os.environ.setdefault("PADRON_HOY", "2035-01-01")
#: Pages of one site need no process each, and a second one finds the scripts compiled.
ONE_RENDERER = "--renderer-process-limit=1"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run apart what uses a browser, which may get stuck."""
    if "browser" not in getattr(item, "fixturenames", ()):
        return None
    stuck_support.run(item, nextitem)
    return True


# --- Which process runs what ------------------------------------------------------------------------------------------

SECONDS = "suite/segundos"
#: Files whose cases with the same parameter share what they prepare, and the others of the file do not.
SHARED_BY_CASE = ("tests/test_every_page_in_a_browser.py",)
taken: Counter[str] = Counter()


def group_of(name: str) -> str:
    """Of a test, by its name, the group that one process runs whole: its file, or the cases with the same parameter."""
    path, _, test = name.partition("::")
    return f"{path}[{test.partition('[')[2]}" if path in SHARED_BY_CASE else path


class Groups(LoadScopeScheduling):
    """Gives each group of tests to one process."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Groups:
    """Share out the tests by groups, whatever `--dist` says."""
    return Groups(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put first the groups that took longest in the last whole run, as pytest's cache has them."""
    cache = getattr(config, "cache", None)
    seconds = cache.get(SECONDS, {}) if cache else {}
    items.sort(key=lambda item: -seconds.get(group_of(item.nodeid), 0.0))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up the seconds of each group."""
    taken[group_of(report.nodeid)] += report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Keep the seconds of each group, if everything was run."""
    config = session.config
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.keyword
    whole = whole and config.option.markexpr == "not largo"
    if whole and config.cache and not hasattr(config, "workerinput") and config.getoption("dist", "no") != "no":
        config.cache.set(SECONDS, dict(taken))


# --- What is made once ------------------------------------------------------------------------------------------------


def hash_of(*folders: str) -> str:
    """The start of the SHA-256 of everything in some folders of the project: names and bytes."""
    digest = hashlib.sha256()
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    for path in sorted(path for path in files if "__pycache__" not in path.parts):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def made_once(config: pytest.Config, name: str, made_from: str, make: Callable[[Path], None]) -> Path:
    """The folder that `make` fills, kept between runs while what it is `made_from` (a hash) stays the same.

    The first process that asks for it makes it, and the others wait.
    """
    assert config.cache
    folder = config.cache.mkdir(name)
    target = folder / made_from
    with (folder / ".candado").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            unfinished = folder / f".{made_from}"
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(target)
            forget_old(folder)
    return target


def forget_old(folder: Path) -> None:
    """Keep the latest `KEPT_FOLDERS` things made for tests; nobody uses an older one."""
    made = [path for path in folder.iterdir() if path.is_dir()]
    for old in sorted(made, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT_FOLDERS:]:
        shutil.rmtree(old, ignore_errors=True)


@pytest.fixture(autouse=True, scope="module")
def no_application_stays() -> Iterator[None]:
    """FastAPI remembers the functions of every application that there has been and, with them, each site that a test opened,
    which goes on looking at its release: a process that runs hundreds of tests would do little else.
    """
    yield
    for name in vars(models).values():
        if hasattr(name, "cache_clear"):
            name.cache_clear()
    if sum(thread.name == WATCHER for thread in threading.enumerate()) > MOST_WATCHERS:
        gc.collect()


@pytest.fixture(scope="session")
def inputs() -> str:
    """The hash of everything that a release is made from: the ETL's code and data/source."""
    return hash_of("etl", "data/source")


@pytest.fixture(scope="session")
def release_path(request: pytest.FixtureRequest, inputs: str) -> Path:
    """The release built from data/source by the real command; kept between runs while its inputs stay the same."""

    def build(folder: Path) -> None:
        command = [sys.executable, "-m", "etl", "build", "--destino", str(folder)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        (folder / SAID).write_text(done.stdout, encoding="utf-8")

    return made_once(request.config, "construidas", inputs, build) / "current"


@pytest.fixture(scope="session")
def build_said(release_path: Path) -> str:
    """What the command that built `release_path` told whoever ran it."""
    return (release_path.parent / SAID).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def site(release_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Base URL, without a final slash, of the site serving `release_path` from a process of its own."""
    with running_site(release_path, tmp_path_factory.mktemp("sitio") / "servidor.log") as url:
        yield url


@pytest.fixture(scope="session")
def declared_site(release_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same of a site that knows its own address, and writes it in what others harvest."""
    with running_site(release_path, tmp_path_factory.mktemp("sitio") / "servidor.log", declared=True) as url:
        yield url


@pytest.fixture(scope="module")
def client(site: str) -> Iterator[httpx.Client]:
    """Asks the site, which answers at addresses without a host: `client.get("/padron")`."""
    with httpx.Client(base_url=site, timeout=60, follow_redirects=True) as client:
        yield client


@pytest.fixture(scope="module")
def seen(client: httpx.Client) -> Callable[[str], Document]:
    """A function that gives a page, read once."""
    pages: dict[str, Document] = {}

    def at(address: str) -> Document:
        if address not in pages:
            answer = client.get(address)
            assert answer.status_code == 200, address
            pages[address] = Document(answer.text)
        return pages[address]

    return at


@pytest.fixture(scope="module")
def askings(client: httpx.Client) -> list[Asking]:
    """Every selection that the faces of an answer are compared on, asked of the site."""
    return [Asking(client, query) for query in SELECTIONS]


@pytest.fixture(scope="session")
def synthetic_registry(request: pytest.FixtureRequest, inputs: str) -> Path:
    """A Parquet registry of 20,000 invented people; kept between runs while its inputs stay the same."""
    name = "registro_sintetico.parquet"

    def invent(folder: Path) -> None:
        write_registry(ROOT / "data" / "source", folder / name, 20_000, SEED)

    return made_once(request.config, "registros", inputs, invent) / name


def with_cubes(folder: Path, registry: Path) -> Checkout:
    """A small copy of the project in `folder` where a registry was counted and its cubes published, by the commands a person
    types.
    """
    checkout = small_checkout(folder, (*KEPT, "territorio_extranjero", "elecciones"))
    count = ("microdata", registry, "--corte", CUBES_CUTOFF, "--eleccion", "2023-1")
    for order in (count, ("publish", "--si")):
        made = checkout.etl(*order)
        assert made.returncode == 0, made.stdout
    return checkout


@pytest.fixture(scope="session")
def published_cubes(request: pytest.FixtureRequest, inputs: str, synthetic_registry: Path) -> Checkout:
    """A copy of the project where the cubes of `synthetic_registry` were published; to be read only.

    Kept between runs while its inputs stay the same.
    """

    def publish(folder: Path) -> None:
        with_cubes(folder / "padron", synthetic_registry)

    return Checkout(made_once(request.config, "cubos", inputs, publish) / "padron")


@pytest.fixture(scope="session")
def light_cubes(request: pytest.FixtureRequest, inputs: str) -> Checkout:
    """The same of a registry of a few people, many times each, which is `registro.csv` beside it; to be read or copied."""

    def publish(folder: Path) -> None:
        with_cubes(folder / "padron", write_csv(folder / "registro.csv", MANY_PEOPLE))

    people = hashlib.sha256(repr(MANY_PEOPLE).encode()).hexdigest()[:8]
    return Checkout(made_once(request.config, "cubos_ligeros", f"{inputs}-{people}", publish) / "padron")


@pytest.fixture(scope="session")
def demonstration(request: pytest.FixtureRequest, inputs: str) -> Path:
    """The folder that `demo` leaves, of 20,000 invented people; kept between runs while its inputs stay the same."""

    def demonstrate(folder: Path) -> None:
        done = etl("demo", "--personas", "20000", "--carpeta", folder)
        assert done.exit_code == 0, done.output

    return made_once(request.config, "demostraciones", inputs, demonstrate)


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
        closed(page)
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

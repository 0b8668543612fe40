"""When visitors wait, other processes make pages: the same bytes, of the release served; nobody notices when one dies."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from dashboard.__main__ import renderers_for
from dashboard.site import Site
from dashboard.web.kept import BROTLI, IDENTITY, KeptAnswers
from dashboard.web.painting import key_of, pages_shelf
from dashboard.web.renderer import Work
from dashboard.web.renderers import Opening, Renderers, Rendering
from etl.release import Release
from tests.browser_support import ROOT, running_site
from tests.release_support import run_apart

ADDRESSES = [f"/ficha/{code}" for code in ("0101", "0901", "1601", "2201")]
ADDRESSES += ["/accesible/padron?indicador=mujeres&departamento=16", "/accesible/cruces"]


def rendering(served: Site, address: str, encoding: str = IDENTITY) -> Rendering:
    path, _, query = address.partition("?")
    return Rendering(key_of(served, address), path, path, query, encoding, "")


def soon(found: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    said = subprocess.run(["pgrep", "-P", str(pid), "-f", "dashboard.web.renderer"], capture_output=True, text=True)
    return [int(word) for word in said.stdout.split()]


@pytest.fixture(scope="module")
def served(release_path: Path) -> Site:
    return Site(Release.open(release_path))


@pytest.fixture(scope="module")
def helpers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderers]:
    made = Renderers(1, tmp_path_factory.mktemp("trabajo"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dashboard.web.renderers.REST_SECONDS", 0)
        yield made
    made.close()


def ready(helpers: Renderers, site: Site) -> None:
    """Wait until somebody makes pages of `site`."""

    def made() -> object:
        helpers.call(site)
        return helpers.rendered(site, lambda: rendering(site, "/metodologia"))

    soon(made)


def test_a_page_is_the_same_whoever_makes_it(served: Site, helpers: Renderers, client: httpx.Client) -> None:
    ready(helpers, served)
    for address in ADDRESSES:
        found = helpers.rendered(served, lambda address=address: rendering(served, address, BROTLI))
        here = client.get(address, headers={"Accept-Encoding": "br"})
        assert found is not None and found.kept
        assert (found.page.etag.decode(), found.page.status) == (here.headers["ETag"], 200)


def test_what_it_cannot_do_is_left_to_who_asked(served: Site, helpers: Renderers) -> None:
    ready(helpers, served)
    other_day = Rendering(f"{served.release.id} 1999-01-01 /", "/", "/", "", IDENTITY, "")
    for work in (rendering(served, "/ficha/9999"), rendering(served, "/nada"), other_day):
        assert helpers.rendered(served, lambda work=work: work) is None
    corrected = helpers.rendered(served, lambda: rendering(served, "/padron?sexo=nadie"))
    assert corrected is not None and not corrected.kept
    assert helpers.rendered(served, lambda: rendering(served, "/ficha/0101")) is not None


def test_it_makes_pages_of_another_release_once_it_has_it_open(
    served: Site, helpers: Renderers, tmp_path: Path
) -> None:
    other = Site(Release.open(shutil.copytree(served.release.root, tmp_path / served.release.root.name)))
    ready(helpers, served)
    assert helpers.rendered(other, lambda: rendering(other, "/ficha/0101")) is None
    soon(lambda: helpers.rendered(other, lambda: rendering(other, "/ficha/0101")))


@pytest.mark.largo
def test_what_was_replaced_leaves_the_memory(served: Site, tmp_path: Path) -> None:
    """Of several releases one after another, only the last stays."""
    work = Work(KeptAnswers(pages_shelf(tmp_path / "trabajo"), 0))
    opening = Opening(served.release.root, served.release.sha256)
    sites, usual = [], gc.get_threshold()
    for _ in range(4):
        assert work.done(opening) is True
        assert work._site is not None
        sites.append(weakref.ref(work._site))
    gc.unfreeze()
    gc.set_threshold(*usual)
    assert sum(site() is not None for site in sites) <= 2


def test_a_release_that_is_not_the_one_asked_for_is_not_opened(
    served: Site, helpers: Renderers, tmp_path: Path
) -> None:
    folder = shutil.copytree(served.release.root, tmp_path / served.release.root.name)
    other = Site(Release.open(folder))
    with (folder / "manifest.json").open("a") as file:
        file.write("\n")
    ready(helpers, served)
    assert helpers.rendered(other, lambda: rendering(other, "/ficha/0101")) is None
    time.sleep(1)
    assert helpers.rendered(other, lambda: rendering(other, "/ficha/0101")) is None


@pytest.mark.largo
def test_a_process_that_dies_is_replaced(served: Site, helpers: Renderers) -> None:
    ready(helpers, served)
    [before] = children(os.getpid())
    os.kill(before, signal.SIGKILL)
    soon(lambda: helpers.rendered(served, lambda: rendering(served, "/ficha/0101")) is None)
    ready(helpers, served)
    [after] = children(os.getpid())
    assert after != before


def test_they_come_when_visitors_wait_and_go_with_the_site(
    release_path: Path, tmp_path: Path, client: httpx.Client
) -> None:
    """Many pages at once: all answered, also while a process that makes them is killed; a quiet site has none."""

    async def ask(base: str, addresses: list[str]) -> list[tuple[int, str]]:
        async with httpx.AsyncClient(base_url=base, timeout=60) as visitors:
            found = await asyncio.gather(*(visitors.get(address) for address in addresses))
        return [(item.status_code, item.headers["ETag"]) for item in found]

    with running_site(release_path, tmp_path / "sitio.log", "--ayudantes", "2") as base:
        said = subprocess.run(["pgrep", "-f", f"dashboard .*--port {base.rpartition(':')[2]}"], capture_output=True)
        pid = int(said.stdout.split()[0])
        run_apart(lambda: ask(base, ADDRESSES[:1]))
        assert children(pid) == []
        codes = list(Site(Release.open(release_path)).territories.municipios)
        profiles = [f"/ficha/{code}" for code in codes[:24]]
        maps = [f"/padron?indicador=mujeres&departamento={dd:02}" for dd in range(1, 15)]
        assert {status for status, _ in run_apart(lambda: ask(base, profiles))} == {200}
        soon(lambda: len(children(pid)) == 2)
        time.sleep(1)
        os.kill(children(pid)[0], signal.SIGKILL)
        found = run_apart(lambda: ask(base, maps))
        left = children(pid)
        os.kill(pid, signal.SIGKILL)
        soon(lambda: not any(Path(f"/proc/{child}").exists() for child in left), 20)
    assert found == [(200, client.get(address).headers["ETag"]) for address in maps]
    assert "Traceback" not in (tmp_path / "sitio.log").read_text()


def test_as_many_as_the_cores_that_fall_to_each_worker() -> None:
    cores = len(os.sched_getaffinity(0))
    assert renderers_for(1) == (cores if cores > 1 else 0)
    assert renderers_for(cores) == renderers_for(cores * 4) == 0


def test_the_process_leaves_when_nobody_holds_the_other_end(tmp_path: Path) -> None:
    import socket

    ours, theirs = socket.socketpair()
    command = [sys.executable, "-m", "dashboard.web.renderer", str(theirs.fileno()), str(tmp_path)]
    child = subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()])
    theirs.close()
    ours.close()
    assert child.wait(60) == 0

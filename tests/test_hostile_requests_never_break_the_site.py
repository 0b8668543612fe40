"""Promise: whatever strangers send, the site answers it or says why not, with no fault of its own and no more memory than it has
for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from dashboard.pages import PAGES
from tests.downloads_support import WatchedSite, watched_site
from tests.hostile_support import Hostile, attack, sending
from tests.live_support import LIVE, asking

#: The same requests on every run: any of them can be made again with these and its number.
SEED, FEW, MANY = 327, 300, 6_000
#: What somebody sends who wants the site to have no memory left, and how much of it the site may take meanwhile.
SENT_BYTES, FLAT_MIB = 150_000_000, 4
#: How much the site may grow with any requests: what it keeps of pages and tables has an end (`dashboard.app`, and DuckDB's own).
GROWN_MIB = 400


@pytest.fixture(scope="module")
def apart(release_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WatchedSite]:
    with watched_site(release_path, tmp_path_factory.mktemp("hostiles") / "sitio") as watched:
        yield watched


def stands(watched: WatchedSite, release: Path, many: int) -> None:
    """Send `many` hostile requests and see that all were answered, that nothing failed and that the site is as it was."""
    hostile = Hostile(release)
    watched.forget_peak()
    before = watched.peak_mib()
    made = attack(watched.address, hostile, SEED, many)
    told = f"{dict(made.counts)}; tests.hostile_support.Hostile(…).request({SEED}, número)"
    assert made.bad == [], told
    assert made.counts.total() == many and {"200", "301", "400", "404", "405"} <= made.counts.keys(), told
    log = watched.log.read_text(encoding="utf-8", errors="replace")
    assert "Traceback" not in log and "falló la petición" not in log, log[-4_000:]
    assert watched.peak_mib() - before < GROWN_MIB, told
    assert httpx.get(f"{watched.address}/salud", timeout=60).json()["estado"] == "bien"


def test_hostile_requests_are_made_of_all_that_the_site_declares(release_path: Path) -> None:
    hostile, again = Hostile(release_path), Hostile(release_path)
    assert {page.path for page in PAGES} | {LIVE, "/salud", "/descargas/vista/{view}.{suffix}"} <= set(hostile.paths)
    expected = {"indicador", "sexo", "lugares", "filas", "por", "orden", "mesa", "mostrar", "excel"}
    assert expected <= hostile.parameters.keys()
    asked = [hostile.request(SEED, number) for number in range(FEW)]
    assert asked == [again.request(SEED, number) for number in range(FEW)]
    assert len(set(asked)) > FEW * 0.9


def test_a_few_hostile_requests_are_all_answered(apart: WatchedSite, release_path: Path) -> None:
    stands(apart, release_path, FEW)


def test_a_body_of_150_mb_is_refused_as_it_comes_and_takes_no_memory(apart: WatchedSite) -> None:
    """The answer comes while the body is still being sent, and the site has no more memory than before at any moment."""
    head = f"POST {LIVE} HTTP/1.1\r\nHost: sitio\r\nContent-Type: application/json\r\n".encode()
    piece = b"[" * 0x10000
    for asked in (
        asking(),
        b"[" * 60_000,
    ):  # what is read and what is told of it are loaded before anything is measured
        httpx.post(f"{apart.address}{LIVE}", content=asked, timeout=60)
    apart.forget_peak()
    before = apart.peak_mib()
    for begun, repeated in (
        (head + f"Content-Length: {SENT_BYTES}\r\n\r\n".encode(), piece),
        (head + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + piece + b"\r\n"),
    ):
        for _ in range(3):
            answer, sent = sending(apart.address, begun, repeated, SENT_BYTES)
            assert answer.startswith(b"HTTP/1.1 413 ") and sent < SENT_BYTES / 10, (answer[:80], sent)
    assert apart.peak_mib() - before < FLAT_MIB
    assert httpx.get(f"{apart.address}/salud", timeout=60).json()["estado"] == "bien"


@pytest.mark.largo
def test_thousands_of_hostile_requests_are_all_answered(release_path: Path, tmp_path: Path) -> None:
    with watched_site(release_path, tmp_path / "sitio") as watched:
        stands(watched, release_path, MANY)


@pytest.mark.largo
def test_thousands_of_hostile_requests_are_answered_with_every_population_group(
    demonstration: Path, tmp_path: Path
) -> None:
    release = demonstration / "release" / "current"
    with watched_site(release, tmp_path / "sitio") as watched:
        stands(watched, release, MANY)

"""Promise: behind nginx, with the file that the project gives, readers are served, and still are while the site is down."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import brotli
import httpx
import pytest

from etl.release import publish
from tests.browser_support import ROOT, answers, free_port, stop
from tests.nginx_support import CONFIGURATION, NAME, NGINX, WITHOUT, Proxy, running_nginx
from tests.release_support import files_of, with_more

pytestmark = pytest.mark.skipif(NGINX is None, reason=WITHOUT)
MINUTE, HOUR = 60, 3_600
NEW, MORE = "2026-09-01", 5_000


@dataclass
class Origin:
    """One process of the site, always at the same port, which a test may stop and start."""

    release: Path
    log: Path
    port: int = field(default_factory=free_port)
    server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers, when it does."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers, if it is not running."""
        if self.server is not None:
            return
        command = [sys.executable, "-m", "dashboard", "--release", str(self.release), "--port", str(self.port)]
        with self.log.open("ab") as output:
            self.server = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output)
        assert answers(self.server, self.url), self.log.read_text()

    def stop(self) -> None:
        """Stop it as systemd does."""
        if self.server is not None:
            stop(self.server)
            self.server = None


@pytest.fixture(scope="module")
def origin(release_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Origin]:
    folder = tmp_path_factory.mktemp("detras")
    publish(*files_of(release_path), folder / "publicaciones")
    one = Origin(folder / "publicaciones" / "current", folder / "sitio.log")
    yield one
    one.stop()


@pytest.fixture(scope="module")
def nginx(origin: Origin, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    nobody = f"http://127.0.0.1:{free_port()}"
    with running_nginx(tmp_path_factory.mktemp("nginx"), origin.url, nobody) as proxy:
        yield proxy


@pytest.fixture
def proxy(origin: Origin, nginx: Proxy) -> Proxy:
    """nginx before a site that answers."""
    origin.start()
    return nginx


def kept(response: httpx.Response) -> str:
    """Where nginx had an answer."""
    return response.headers["x-cache"]


@pytest.mark.parametrize("address", ["/padron", "/accesible/padron", "/ficha/1601", "/", "/assets/estilos.css"])
def test_the_second_reader_is_not_the_sites(proxy: Proxy, address: str) -> None:
    first, second = proxy.get(address), proxy.get(address, Cookie="quien=yo", X_Forwarded_Host="otro")
    assert (first.status_code, second.status_code, kept(second)) == (200, 200, "HIT")
    assert first.content == second.content
    assert "set-cookie" not in second.headers
    assert second.headers["etag"] == first.headers["etag"]
    assert proxy.get(address, If_None_Match=first.headers["etag"]).status_code == 304


def test_each_compression_is_kept_once_however_browsers_ask(proxy: Proxy) -> None:
    page = "/participacion"
    written = {
        "br": ("br", "gzip, deflate, br, zstd", "br;q=1.0, gzip;q=0.8, *;q=0.1"),
        "gzip": ("gzip", "gzip, deflate", "br;q=0, gzip"),
        "": ("identity", "", "br;q=0, gzip;q=0.0", "abr, xgzip"),
    }
    plain = None
    opened = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
    for encoding, ways in written.items():
        found = [proxy.get(page, way) for way in ways]
        assert {one.headers["x-codificacion"] for one in found} == {encoding}
        assert [kept(one) for one in found[1:]] == ["HIT"] * (len(ways) - 1)
        content = opened[encoding](found[0].content)
        assert plain in (None, content)
        plain = content
    assert "Accept-Encoding" in found[0].headers["vary"]


def test_a_site_that_is_down_for_an_hour_has_readers_served(proxy: Proxy, origin: Origin) -> None:
    pages = ["/padron", "/accesible/padron", "/ficha/1601", "/", "/assets/estilos.css"]
    asked = [(page, encoding) for page in pages for encoding in ("br", "gzip")]
    before = {one: proxy.get(*one).content for one in asked}
    origin.stop()
    assert {one: proxy.get(*one).content for one in asked} == before
    for age in (2 * MINUTE, HOUR):
        proxy.later(age)
        again = {one: proxy.get(*one) for one in asked}
        assert {one: answer.content for one, answer in again.items()} == before
        assert {kept(answer) for answer in again.values()} <= {"STALE", "UPDATING"}
    never_seen = proxy.get("/padron?indicador=mujeres")
    assert never_seen.status_code == 502 and "El sitio no contesta" in never_seen.text
    assert never_seen.headers["cache-control"] == "no-store"
    origin.start()
    assert proxy.get("/padron?indicador=mujeres").status_code == 200


def test_a_release_is_seen_as_soon_as_a_page_is_not_fresh(proxy: Proxy, origin: Origin, release_path: Path) -> None:
    pages = ("/", "/datos")
    old = {page: proxy.get(page).content for page in pages}
    publish(*with_more(release_path, NEW, MORE), origin.release.parent)
    deadline = time.monotonic() + 60
    while "2026-09-01" not in httpx.get(f"{origin.url}/salud").text:
        assert time.monotonic() < deadline, "the site never took the release"
        time.sleep(0.1)
    # Fresh for a minute: nothing asks the site. After it, the reader who asks sees the old page once, while nginx gets the new.
    assert {page: proxy.get(page).content for page in pages} == old
    proxy.later(MINUTE + 1)
    assert proxy.get("/").content == old["/"]
    while proxy.get("/").content == old["/"]:
        assert time.monotonic() < deadline, "nginx never asked for the new page"
        time.sleep(0.05)
    # After eleven minutes without a visit nobody sees the old one.
    proxy.later(11 * MINUTE + 1)
    assert proxy.get("/datos").content != old["/datos"]
    publish(*files_of(release_path), origin.release.parent)


def test_what_is_only_for_whoever_asked_is_not_kept(proxy: Proxy) -> None:
    for address in ("/salud", "/nada", "/padron?indicador=inventado"):
        assert [kept(proxy.get(address)) for _ in range(2)] == ["MISS", "MISS"]


def test_limits_are_said_before_the_site_is_asked(proxy: Proxy) -> None:
    long = proxy.get(f"/{'x' * 9_000}")
    assert (long.status_code, long.text) == (414, "La dirección es demasiado larga.\n")
    with proxy.client() as client:
        large = client.post("/padron", content=b"x" * 70_000, extensions={"sni_hostname": NAME})
    assert (large.status_code, large.text) == (413, "Lo que envía es demasiado grande.\n")
    assert proxy.get("/metricas").status_code == 404


@pytest.mark.parametrize("path", ["/descargas/{id}/municipios.csv", "/api/v1/estado.csv", "/lugares/{id}.json"])
def test_a_part_is_of_the_file_as_it_is_whatever_nginx_keeps(proxy: Proxy, release_path: Path, path: str) -> None:
    address = path.format(id=release_path.resolve().name)
    whole = proxy.get(address, "identity")
    assert {proxy.get(address, encoding).headers["x-codificacion"] for encoding in ("br", "gzip")} == {"br", "gzip"}
    for encoding in ("identity", "gzip, deflate, br"):
        part = proxy.get(address, encoding, Range="bytes=10-29")
        assert (part.status_code, part.content) == (206, whole.content[10:30])
        assert part.headers["content-range"] == f"bytes 10-29/{len(whole.content)}"
        assert (part.headers["x-codificacion"], part.headers["etag"]) == ("", whole.headers["etag"])
        for told, status in (({"Range": "bytes=99999999-"}, 416), ({"If_Match": '"otra"'}, 412)):
            refused = proxy.get(address, encoding, **told)
            assert (refused.status_code, refused.headers["content-type"]) == (status, "application/problem+json")
            assert refused.headers.get_list("cache-control") == ["no-store"]
            assert refused.headers.get_list("access-control-allow-origin") == ["*"]
    assert proxy.get(address, "identity").content == whole.content  # a part is never kept in its place


def test_what_nginx_says_itself_is_data_for_whoever_asked_for_data(proxy: Proxy, origin: Origin) -> None:
    with proxy.client() as client:
        large = client.post("/api/v1/estado", content=b"x" * 70_000, extensions={"sni_hostname": NAME})
    found = {413: large, 414: proxy.get(f"/api/{'x' * 9_000}")}
    origin.stop()
    for address, told in (("/api/v1/parametros", {}), ("/descargas/nada", {}), ("/x", {"Accept": "application/json"})):
        found[502] = proxy.get(address, **told)
        assert int(found[502].headers["retry-after"]) > 0, address
    assert proxy.get("/x", Accept="text/html").headers["content-type"] == "text/plain; charset=utf-8"
    for status, answer in found.items():
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
        assert answer.json()["status"] == status and answer.headers["cache-control"] == "no-store"
    assert large.headers["access-control-allow-origin"] == "*"


def test_whoever_asks_without_end_is_told_to_wait(proxy: Proxy) -> None:
    with proxy.client() as client:
        asked = [client.head("/padron", extensions={"sni_hostname": NAME}).status_code for _ in range(30)]
    assert set(asked) == {200}
    limit = re.search(r"rate=(\d+)r/s.*?burst=(\d+)", CONFIGURATION.read_text(), re.DOTALL)
    assert limit and int(limit[1]) >= 100 and int(limit[2]) >= 400  # many people behind one address of their provider


def test_http_leads_to_https_by_the_declared_name(proxy: Proxy) -> None:
    plain = f"http://127.0.0.1:{proxy.plain}"
    led = httpx.get(f"{plain}/padron?sexo=mujeres", headers={"Host": NAME})
    assert (led.status_code, led.headers["location"]) == (301, f"https://{NAME}/padron?sexo=mujeres")
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{plain}/", headers={"Host": "otro.example.org"})


def test_the_log_of_nginx_gives_nobody_away(proxy: Proxy) -> None:
    proxy.get("/buscar?q=fulano-de-tal", User_Agent="navegador-de-alguien")
    time.sleep(0.2)
    written = (proxy.folder / "padron.log").read_text()
    assert '"ruta":"/buscar","estado":200' in written
    assert [word for word in ("fulano", "navegador", "127.0.0.1") if word in written] == []


# --- Several replicas, and a new version without a gap --------------------------------------------------------------------


@contextmanager
def reading(proxy: Proxy, addresses: list[str], readers: int = 4) -> Iterator[list[tuple[str, int, bytes]]]:
    """Readers who ask without rest; address, status and body of every answer, status 0 for none."""
    ended, asked = threading.Event(), list[tuple[str, int, bytes]]()

    def read(turn: int) -> None:
        with proxy.client() as client:
            while not ended.is_set():
                turn += 1
                address = addresses[turn % len(addresses)]
                try:
                    answer = client.get(address, extensions={"sni_hostname": NAME})
                    asked.append((address, answer.status_code, answer.content))
                except httpx.TransportError:
                    asked.append((address, 0, b""))

    threads = [threading.Thread(target=read, args=(turn,)) for turn in range(readers)]
    for thread in threads:
        thread.start()
    try:
        yield asked
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def never_kept() -> list[str]:
    """Addresses of which nginx keeps nothing, so that each goes to the site, and one that it keeps."""
    return ["/padron?indicador=inventado", "/salud", "/api/v1/estado", "/padron"]


def test_a_new_version_takes_the_place_of_the_old_without_a_failed_request(origin: Origin, tmp_path: Path) -> None:
    origin.start()
    with ExitStack() as closing:
        new = Origin(origin.release, tmp_path / "nuevo.log")
        closing.callback(new.stop)
        proxy = closing.enter_context(running_nginx(tmp_path / "nginx", origin.url, new.url, limited=False))
        asked = closing.enter_context(reading(proxy, never_kept()))
        new.start()
        many = len(asked)
        origin.stop()
        while len(asked) < many + 40:
            time.sleep(0.05)
        origin.start()
        new.stop()
        many = len(asked)
        while len(asked) < many + 40:
            time.sleep(0.05)
    assert {status for _, status, _ in asked} == {200}


@pytest.mark.largo
def test_three_replicas_share_only_the_release_and_one_may_die_while_it_changes(
    release_path: Path, tmp_path: Path
) -> None:
    releases = tmp_path / "publicaciones"
    old = publish(*files_of(release_path), releases)
    with ExitStack() as closing:
        replicas = [Origin(releases / "current", tmp_path / f"replica-{number}.log") for number in range(3)]
        for replica in replicas:
            closing.callback(replica.stop)
            replica.start()
        proxy = closing.enter_context(running_nginx(tmp_path / "nginx", *(one.url for one in replicas), limited=False))
        asked = closing.enter_context(reading(proxy, [*never_kept(), "/", "/accesible/padron", "/datos"], readers=8))
        for turn in range(4):
            files = with_more(release_path, NEW, MORE) if turn % 2 == 0 else files_of(release_path)
            publish(*files, releases)
            deadline = time.monotonic() + 60
            for replica in replicas:
                while replica.server and files[0] not in httpx.get(f"{replica.url}/salud", timeout=30).text:
                    assert time.monotonic() < deadline, "a replica never took the release"
                    time.sleep(0.1)
            if turn == 1:
                assert replicas[1].server
                replicas[1].server.kill()
                replicas[1].server.wait()
                replicas[1].server = None
            many = len(asked)
            while len(asked) < many + 100:
                time.sleep(0.05)
    assert {status for _, status, _ in asked} == {200}
    assert len(asked) > 400 and old


@pytest.mark.largo
def test_a_minute_later_by_the_clock_readers_are_still_served(origin: Origin, tmp_path: Path) -> None:
    origin.start()
    with running_nginx(tmp_path / "nginx", origin.url) as proxy:
        before = proxy.get("/padron").content
        origin.stop()
        time.sleep(MINUTE + 5)
        again = proxy.get("/padron")
    assert again.content == before and kept(again) in ("STALE", "UPDATING")

"""Promise: anybody attacks what a site publishes by its address and nothing else, and is told plainly why when that cannot be."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from etl.commands import audit as command
from etl.cubes.audit import wanted_of
from etl.cubes.declared import CUBES
from etl.release import DATAPACKAGE, MANIFEST, remote
from etl.release.names import as_json
from etl.release.remote import Address, RemoteError, RemoteSite
from tests.browser_support import free_port, running_site
from tests.checkout_support import Checkout
from tests.etl_support import etl
from tests.release_support import files_of, renamed

#: What a server answers at a path: status, headers and body.
Answer = tuple[int, Mapping[str, str], bytes]


@contextmanager
def answering(answer: Callable[[str], Answer]) -> Iterator[str]:
    """A server of whoever: `answer` says what it answers at each path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answer(self.path)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def served(files: Mapping[str, Mapping[str, bytes]], current: str) -> Callable[[str], Answer]:
    """What a site with those releases answers, under whatever prefix."""

    def answer(path: str) -> Answer:
        if path.endswith("/salud"):
            return 200, {}, json.dumps({"estado": "bien", "publicacion": current}).encode()
        *_, release, name = path.split("/")
        body = files.get(release, {}).get(name)
        return (404, {}, b"") if body is None else (200, {}, body)

    return answer


@pytest.fixture(scope="module")
def site(light_cubes: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real site, serving a release with cubes."""
    with running_site(light_cubes.current.root, tmp_path_factory.mktemp("kit") / "servidor.log") as url:
        yield url


@pytest.mark.largo
def test_what_a_site_serves_is_attacked_as_a_folder_is(site: str) -> None:
    told = etl("auditar", "--publico", site)
    assert told.exit_code == 0, told.output
    verdicts = re.findall(r"(\w+_cubo) de .*: ([\d,]+) celdas confidenciales, 0 deducibles", told.output)
    assert {name for name, _ in verdicts} >= {"padron_cubo"} and any(hidden != "0" for _, hidden in verdicts)


def test_only_the_files_that_the_attack_reads_are_brought(site: str, light_cubes: Checkout, tmp_path: Path) -> None:
    name = light_cubes.current.id
    release = RemoteSite(f"{site}/descargas/{name}/manifest.json", tmp_path).bring(name, wanted_of)
    assert release.id == name
    there = {path.name for path in release.root.iterdir()} - {MANIFEST, DATAPACKAGE}
    assert {f"{cube.name}.parquet" for cube in CUBES} <= there
    assert "padron_municipal_edad.parquet" in there and not any("limites" in name for name in there)
    for file in there:
        assert (release.root / file).read_bytes() == (light_cubes.current.root / file).read_bytes()


@pytest.mark.parametrize(
    ("written", "base", "release"),
    [
        ("https://padron.example", "https://padron.example", None),
        ("https://padron.example/", "https://padron.example", None),
        (" http://padron.example:8050/datos/abiertos/ ", "http://padron.example:8050/datos/abiertos", None),
        ("https://padron.example/x/salud", "https://padron.example/x", None),
        (
            "https://padron.example/x/descargas/2026-07-12-1a2b3c4d",
            "https://padron.example/x",
            "2026-07-12-1a2b3c4d",
        ),
        (
            "https://padron.example/descargas/sintetica-2026-07-12-1a2b3c4d/manifest.json?x=1#y",
            "https://padron.example",
            "sintetica-2026-07-12-1a2b3c4d",
        ),
    ],
)
def test_an_address_is_of_a_site_or_of_a_release(written: str, base: str, release: str | None) -> None:
    assert Address.of(written) == Address(base, release)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("padron.example", "no empieza por https://"),
        ("ftp://padron.example", "no empieza por https://"),
        ("file:///etc/passwd", "no empieza por https://"),
        ("https://", "no empieza por https://"),
        ("https://ana:clave@padron.example", "un usuario o una clave"),
        ("https://padron.example:puerto", "no es una dirección"),
        ("https://[padron", "no es una dirección"),
        ("", "no empieza por https://"),
    ],
)
def test_what_is_no_address_is_refused(written: str, why: str) -> None:
    with pytest.raises(RemoteError, match=re.escape(why)):
        Address.of(written)
    refused = etl("auditar", f"--publico={written or ' '}")
    assert refused.exit_code == 1 and "No se pudo auditar" in refused.output


HERE = "http://127.0.0.1"
PAGE = b"<!doctype html><title>Otra cosa</title>"
NAME = "2026-07-12-1a2b3c4d"
HEALTH = json.dumps({"estado": "bien", "publicacion": NAME}).encode()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda path: (200, {"Content-Type": "text/html"}, PAGE), "contesta una página y no los datos"),
        (lambda path: (200, {}, b"{"), "algo que no es JSON"),
        (lambda path: (200, {}, b"[" * 200_000), "algo que no es JSON"),
        (lambda path: (200, {}, b"[]"), "no contesta lo que contesta Padrón Abierto"),
        (lambda path: (200, {}, b'{"estado": "ok"}'), "no dice qué publicación sirve"),
        (lambda path: (200, {}, b'{"publicacion": "../../etc"}'), "no dice qué publicación sirve"),
        (lambda path: (200, {}, HEALTH if path == "/salud" else b"{}"), "no es esa publicación"),
        (lambda path: (302, {"Location": path}, b""), "en círculo"),
        (lambda path: (302, {"Location": "ftp://padron.example/salud"}, b""), "no es una dirección http ni https"),
        (lambda path: (302, {"Location": "file:///etc/passwd"}, b""), "no es una dirección http ni https"),
        (lambda path: (404, {}, b""), "no existe"),
        (lambda path: (500, {}, b""), "contesta 500"),
        (lambda path: (503, {}, b"{}"), "ninguna publicación que servir"),
        (lambda path: (200, {"Content-Encoding": "gzip"}, b"x"), "llega comprimido"),
        (lambda path: (200, {"Content-Length": "90"}, b"{}"), "se cortó antes de terminar"),
    ],
)
def test_what_is_no_site_of_ours_is_told(answer: Callable[[str], Answer], why: str) -> None:
    with answering(answer) as url:
        refused = etl("auditar", "--publico", url)
    assert refused.exit_code == 1
    assert why in refused.output and "Traceback" not in refused.output


def test_no_server_and_no_name_are_told() -> None:
    nobody = etl("auditar", "--publico", f"{HERE}:{free_port()}")
    assert nobody.exit_code == 1 and "nadie atiende" in nobody.output
    unknown = etl("auditar", "--publico", "http://padron.invalid")
    assert unknown.exit_code == 1 and "No se pudo auditar" in unknown.output


def test_a_server_that_never_ends_is_left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ended = threading.Event()

    def slow(path: str) -> Answer:
        ended.wait(20)
        return 200, {}, HEALTH

    monkeypatch.setattr(remote, "DEADLINE", 0.3)
    try:
        with answering(slow) as url, pytest.raises(RemoteError, match="segundos que se dan para traerlo todo"):
            RemoteSite(url, tmp_path).current()
    finally:
        ended.set()


@pytest.fixture(scope="module")
def published(light_cubes: Checkout) -> tuple[str, dict[str, bytes]]:
    return files_of(light_cubes.current.root)


def one_file(files: Mapping[str, bytes]) -> str:
    return next(item["nombre"] for item in json.loads(files[MANIFEST])["archivos"] if item["tabla"] == "padron_cubo")


def test_what_is_brought_is_attacked(published: tuple[str, dict[str, bytes]]) -> None:
    """The cubes of those abroad, which are of few cells."""
    _, files = published
    listed = [item for item in json.loads(files[MANIFEST])["archivos"] if "extranjero_cubo" in item["nombre"]]
    name, small = renamed(files, "2026-07-12", archivos=listed)
    with answering(served({name: small}, name)) as url:
        told = etl("auditar", "--publico", url)
    assert told.exit_code == 0, told.output
    assert re.search(r"extranjero_cubo de .*: [1-9]\d* celdas confidenciales, 0 deducibles", told.output), told.output


def test_a_file_that_is_not_what_was_published_is_told(published: tuple[str, dict[str, bytes]]) -> None:
    name, files = published
    file = one_file(files)
    other = files[file][:-1] + bytes([files[file][-1] ^ 1])
    for content, why in ((other, "su SHA-256 no es la del manifiesto"), (files[file] + b"x", "es demasiado grande")):
        with answering(served({name: {**files, file: content}}, name)) as url:
            refused = etl("auditar", "--publico", f"{url}/con/prefijo")
        assert refused.exit_code == 1 and why in refused.output and file in refused.output


def test_a_manifest_that_lies_is_told(published: tuple[str, dict[str, bytes]]) -> None:
    """What it says is hashed into the name; a name of its own for what it says does not let it write where it wants."""
    name, files = published
    manifest = json.loads(files[MANIFEST])
    changed = as_json({**manifest, "advertencias": []})
    with answering(served({name: {**files, MANIFEST: changed}}, name)) as url:
        assert "no es esa publicación" in etl("auditar", "--publico", url).output
    listed = [item for item in manifest["archivos"] if item["tabla"] == "padron_cubo"]
    lies: list[tuple[dict[str, object], str]] = [
        ({"nombre": "../../fuera.parquet"}, "un archivo que no puede ser suyo"),
        ({"bytes": 2**40}, "es demasiado grande"),
        ({"bytes": "muchos"}, "no tiene la forma"),
    ]
    for lie, why in lies:
        other, lying = renamed(files, "2026-07-12", archivos=[{**listed[0], **lie}])
        with answering(served({other: lying}, other)) as url:
            assert why in etl("auditar", "--publico", url).output, lie


def test_a_table_that_is_no_table_and_one_of_another_form_are_told(published: tuple[str, dict[str, bytes]]) -> None:
    _, files = published
    manifest = json.loads(files[MANIFEST])
    (listed,) = (item for item in manifest["archivos"] if item["tabla"] == "padron_cubo")
    other_table = next(item for item in manifest["archivos"] if item["tabla"] == "municipios")
    for content, why in ((b"PAR1", "no es un archivo Parquet"), (files[other_table["nombre"]], "no son cubos")):
        said = {**listed, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        other, lying = renamed(files, "2026-07-12", archivos=[said])
        with answering(served({other: {**lying, listed["nombre"]: content}}, other)) as url:
            refused = etl("auditar", "--publico", url)
        assert refused.exit_code == 1 and why in refused.output, refused.output


def test_the_releases_before_that_a_site_still_serves_are_taken_too(
    published: tuple[str, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    name, files = published
    gone = "2020-01-01-0a1b2c3d"
    said = {"publicacion": name, "sha256": hashlib.sha256(files[MANIFEST]).hexdigest()}
    newest, later = renamed(
        files, "2026-08-01", anteriores=[{"publicacion": gone}, said, 7, "../x", {"publicacion": 7}]
    )
    attacked: list[list[str]] = []
    monkeypatch.setattr(
        command, "audit_releases", lambda releases, say: attacked.append([one.id for one in releases]) or []
    )
    with answering(served({name: files, newest: later}, newest)) as url:
        whole, old = etl("auditar", "--publico", url), etl("auditar", "--publico", f"{url}/descargas/{name}")
    assert attacked == [[newest, name], [name, newest]]
    assert f"Ya no sirve {gone}" in whole.output and f"Y las otras publicaciones que sirve: {name}" in whole.output
    liar, lies = renamed(files, "2026-08-01", anteriores=[{**said, "sha256": "0" * 64}])
    with answering(served({name: files, liar: lies}, liar)) as url:
        assert "no es esa publicación" in etl("auditar", "--publico", url).output
    assert old.exit_code == 1  # nothing was attacked: the audit was left out here


def test_several_folders_of_before_are_taken(
    light_cubes: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = light_cubes.current.root
    copies = [shutil.copytree(root, tmp_path / name) for name in ("una", "otra")]
    attacked: list[list[Path]] = []
    monkeypatch.setattr(
        command, "audit_releases", lambda releases, say: attacked.append([one.root for one in releases]) or []
    )
    etl("auditar", root, "--anterior", copies[0], "--anterior", copies[1])
    assert attacked == [[root.resolve(), *(path.resolve() for path in copies)]]
    missing = etl("auditar", root, "--anterior", copies[0], "--anterior", tmp_path / "ninguna")
    assert missing.exit_code == 1 and "no hay ninguna publicación" in missing.output
    both = etl("auditar", root, "--publico", "http://127.0.0.1")
    assert both.exit_code == 1 and "no las dos cosas" in both.output


def test_a_release_without_cubes_is_told(published: tuple[str, dict[str, bytes]]) -> None:
    _, files = published
    listed = [item for item in json.loads(files[MANIFEST])["archivos"] if item["dataset"] == "padron_municipal"]
    name, without = renamed(files, "2026-07-12", archivos=listed)
    with answering(served({name: without}, name)) as url:
        done = etl("auditar", "--publico", url)
    assert done.exit_code == 0 and "no tiene cubos" in done.output, done.output


def test_httpx_reads_what_the_kit_reads(site: str, light_cubes: Checkout) -> None:
    """The two addresses that the kit rests on are those that a person reads with anything."""
    name = httpx.get(f"{site}/salud").json()["publicacion"]
    assert name == light_cubes.current.id
    assert httpx.get(f"{site}/descargas/{name}/manifest.json").json()["publicacion"] == name

"""The script of any other site reads the files and the API in a real browser, whole or by parts; the pages, it does not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser

from etl.release import Release

#: What a script of another page asks for, and what it gets to know: the status, its text and its headers; or only that it failed.
ASK = """async ([address, options]) => {
    try {
        const found = await fetch(address, options);
        return [found.status, await found.text(), Object.fromEntries(found.headers)];
    } catch (error) {
        return [0, error.name, {}];
    }
}"""
EXPOSED = {"accept-ranges", "content-length", "etag", "repr-digest"}


class Empty(BaseHTTPRequestHandler):
    """A page of another site."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Otro sitio</title>")

    def log_message(self, *_: Any) -> None:
        """Nothing: who asked is of no interest."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """The address of another site: the port makes it another origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Empty)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def ask(browser: Browser, elsewhere: str, site: str) -> Iterator[Any]:
    """Asks this site, from a page of the other."""
    page = browser.new_page()
    page.goto(elsewhere)
    yield lambda path, **options: page.evaluate(ASK, [site + path, options])
    page.close()


@pytest.fixture(scope="module")
def file(release_path: Path) -> str:
    return f"/descargas/{Release.open(release_path).id}/municipios.csv"


def test_a_whole_file_and_what_is_said_of_it(ask: Any, client: httpx.Client, file: str) -> None:
    status, text, headers = ask(file)
    assert (status, text) == (200, client.get(file).text)
    assert set(headers) >= EXPOSED


def test_a_part_of_a_file(ask: Any, client: httpx.Client, file: str) -> None:
    status, text, headers = ask(file, headers={"Range": "bytes=10-29", "If-Range": '"otra"'})
    assert status == 200  # another version: all of it
    status, text, headers = ask(file, headers={"Range": "bytes=10-29", "If-Match": "*"})
    assert status == 0  # what nobody needs to read may not be asked with
    status, text, headers = ask(file, headers={"Range": "bytes=10-29"})
    assert (status, text) == (206, client.get(file).content[10:30].decode())
    assert headers["content-range"].startswith("bytes 10-29/")


@pytest.mark.parametrize("path", ["/api/v1/parametros", "/api/v1/openapi.json", "/descargas/vista/padron_mapa.csv"])
def test_the_interface_for_programs(ask: Any, client: httpx.Client, path: str) -> None:
    status, text, _ = ask(path)
    assert (status, text) == (200, client.get(path).text)


def test_what_is_not_there_is_read_too(ask: Any) -> None:
    status, text, _ = ask("/descargas/vista/nada.csv")
    assert status == 404 and text


def test_its_headers_alone(ask: Any, file: str) -> None:
    status, text, headers = ask(file, method="HEAD")
    assert (status, text) == (200, "") and "etag" in headers


@pytest.mark.parametrize("path", ["/", "/padron", "/accesible/padron", "/salud", "/assets/estilos.css"])
def test_pages_are_only_of_this_site(ask: Any, path: str) -> None:
    assert ask(path)[0] == 0


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_is_asked_but_to_read(ask: Any, file: str, method: str) -> None:
    status = ask(file, method=method)[0]
    assert status in (0, 405)  # a POST without more is sent without asking before, and refused


def test_a_preflight_of_something_else_is_no_more_than_a_method_that_is_not_served(
    client: httpx.Client, file: str
) -> None:
    asked = {"Origin": "https://otro.example", "Access-Control-Request-Method": "GET"}
    assert client.options(file, headers=asked).status_code == 204
    assert client.options(file).status_code == 405
    assert client.options("/padron", headers=asked).status_code == 405

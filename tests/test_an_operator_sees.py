"""Promise: who operates the site sees how it is, request by request and counted, and never who asked nor what they looked for."""

from __future__ import annotations

import json
import logging
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from dashboard.web.named import Misnamed, declared_name
from dashboard.web.observed import KINDS
from dashboard.web.written import IN_JSON, JsonLines
from tests.browser_support import ROOT, free_port, running_site

NAME = "padron.example.org"


@dataclass(frozen=True)
class Operated:
    """A site with two workers, a log of JSON and its counts: where each is."""

    url: str
    log: Path
    counts: str

    def lines(self) -> list[dict[str, object]]:
        """The lines of JSON of the log that are written whole."""
        whole = self.log.read_text().rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines() if line.startswith("{")]

    def line_of(self, request: str) -> dict[str, object]:
        """The line of one request, which is written once its answer has been sent: it is waited for."""
        until = time.monotonic() + 10
        while not (found := [one for one in self.lines() if one.get("id") == request]) and time.monotonic() < until:
            time.sleep(0.05)
        (line,) = found
        return line

    def counted(self) -> dict[tuple[str, tuple[str, ...]], float]:
        """Every sample, by its name and the values of its labels."""
        text = httpx.get(self.counts).raise_for_status().text
        return {
            (sample.name, tuple(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


@pytest.fixture(scope="module")
def operated(release_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operated]:
    log = tmp_path_factory.mktemp("operado") / "registro"
    options = ("--workers", "2", "--metricas", "0", "--registro", "json")
    with ExitStack() as closing:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PADRON_URL", f"https://{NAME}")
            url = closing.enter_context(running_site(release_path, log, *options))
        told = re.search(r"^Métricas: (\S+)$", log.read_text(), re.M)
        assert told
        yield Operated(url, log, told[1])


def test_each_request_is_one_line_that_gives_nobody_away(operated: Operated) -> None:
    with httpx.Client(base_url=operated.url, headers={"User-Agent": "navegador-de-alguien"}) as client:
        asked = client.get("/buscar?q=fulano-de-tal", headers={"X-Request-ID": "de-la-prueba-1"})
        again = client.get("/padron", headers={"X-Request-ID": "de-la-prueba-2"})
    line = operated.line_of("de-la-prueba-1")
    assert line.keys() == {"hora", "id", "metodo", "ruta", "estado", "bytes", "ms", "como"}
    told = (line["metodo"], line["ruta"], line["estado"], line["bytes"])
    assert told == ("GET", "/buscar", 200, int(asked.headers["content-length"]))
    page = operated.line_of("de-la-prueba-2")
    assert page["como"] in ("memoria", "disco") and page["bytes"] == int(again.headers["content-length"])
    written = "".join(json.dumps(one) for one in operated.lines())
    assert [word for word in ("fulano", "navegador-de-alguien", "127.0.0.1") if word in written] == []


def test_counts_add_up_over_the_workers(operated: Operated) -> None:
    before = operated.counted()
    addresses = ["/", "/padron", "/accesible/padron", "/assets/vivo.js", "/nada", f"/{'x' * 9000}"] * 4
    for turn, address in enumerate(addresses):
        with httpx.Client(base_url=operated.url) as client:  # a connection each: both workers take some
            client.get(address, headers={"X-Request-ID": f"contada-{turn}"})
    for turn, _ in enumerate(addresses):
        operated.line_of(f"contada-{turn}")
    after = operated.counted()
    grown = {key: value - before.get(key, 0) for key, value in after.items() if key[0].endswith("_total")}
    requests = {key[1]: value for key, value in grown.items() if key[0] == "padron_peticiones_total" and value}
    assert requests.pop(("salud", "2xx")) >= 1  # asked to tell how the site is
    assert requests == {
        ("pagina", "2xx"): 8,
        ("pagina", "4xx"): 8,
        ("accesible", "2xx"): 4,
        ("estatico", "2xx"): 4,
    }
    assert {key[1][0] for key in after if key[0] == "padron_peticiones_total"} <= {*KINDS}
    assert after["padron_en_espera", ()] == 0
    assert after["padron_respuesta_segundos_count", ("accesible",)] >= 4


def test_counts_tell_the_release_and_how_old_each_source_is(operated: Operated) -> None:
    counted = operated.counted()
    release = httpx.get(f"{operated.url}/salud").json()["publicacion"]
    assert counted["padron_publicacion_info", (release,)] == 1
    assert counted["padron_salud", ("bien",)] == 1
    state = httpx.get(f"{operated.url}/api/v1/estado").json()
    told = {
        (item["conjunto"], source["titulo"]): source["edad_dias"]
        for item in state["conjuntos"]
        for source in sorted(item["fuentes"], key=lambda one: -one["edad_dias"])
    }
    assert {key[1]: value for key, value in counted.items() if key[0] == "padron_fuente_edad_dias"} == told


def test_counts_are_told_to_this_machine_alone_and_nothing_else_is(operated: Operated) -> None:
    assert operated.counts.startswith("http://127.0.0.1:")
    assert httpx.get(operated.counts.replace("/metricas", "/")).status_code == 404
    assert httpx.get(f"{operated.url}/metricas").status_code == 404


@pytest.mark.parametrize("host", [NAME, NAME.upper(), f"{NAME}:443", "localhost", "127.0.0.1:9", "[::1]", f"{NAME}."])
def test_its_own_name_and_those_of_the_machine_are_answered(operated: Operated, host: str) -> None:
    assert httpx.get(f"{operated.url}/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["otro.example.org", f"{NAME}.otro.example", "10.0.0.1", "", "[", f"{NAME}@otro"])
def test_another_name_is_told_where_the_site_is(operated: Operated, host: str) -> None:
    refused = httpx.get(f"{operated.url}/", headers={"Host": host})
    assert refused.status_code == 421
    assert refused.text == f"Este sitio no se llama así: está en https://{NAME}\n"
    assert refused.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("host", ["otro.example.org", "[", "a b"])
def test_without_a_declared_name_nothing_depends_on_what_it_is_called(site: str, host: str) -> None:
    for address in ("/", "/padron?x=1", "/sitemap.xml", "/robots.txt", "/nada", "/api/v1/openapi.json"):
        usual = httpx.get(f"{site}{address}")
        named = httpx.get(f"{site}{address}", headers={"Host": host})
        assert (named.status_code, named.content) == (usual.status_code, usual.content)
        assert named.headers.get("location") == usual.headers.get("location")


WRONG = ["padron.example.org", "ftp://padron.example.org", "https://", "https://a.b/c", "https://["]


@pytest.mark.parametrize("address", WRONG)
def test_a_name_that_is_no_address_is_none(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PADRON_URL", address)
    with pytest.raises(Misnamed, match="PADRON_URL debe ser la dirección del sitio"):
        declared_name()


def test_a_name_that_is_no_address_stops_the_site_before_it_begins(release_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", "--release", release_path, "--port", "0"],
        cwd=ROOT,
        env=os.environ | {"PADRON_URL": WRONG[0]},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("PADRON_URL debe ser la dirección del sitio")


def test_a_fault_is_one_line_with_its_trace(caplog: pytest.LogCaptureFixture) -> None:
    assert IN_JSON["formatters"]["json"]["()"] == f"{JsonLines.__module__}.{JsonLines.__name__}"
    try:
        raise ValueError("esto\nfalló")
    except ValueError:
        logging.getLogger("prueba").exception("falló la petición %s", "abc")
    (line,) = JsonLines().format(caplog.records[-1]).splitlines()
    told = json.loads(line)
    assert told["mensaje"] == "falló la petición abc" and told["nivel"] == "ERROR"
    assert "ValueError: esto\nfalló" in told["traza"]


def test_systemd_is_told_when_it_is_ready_and_that_it_is_alive(release_path: Path, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(60)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
            patch.setenv("WATCHDOG_USEC", "400000")
            with running_site(release_path, tmp_path / "registro"):
                told = [systemd.recv(64) for _ in range(3)]
    assert told == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]


def test_the_port_of_the_counts_that_is_taken_is_said(release_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "dashboard", "--release", release_path, "--port", str(free_port())]
        done = subprocess.run([*command, "--metricas", str(port)], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and f"El puerto {port} ya lo usa otro programa" in done.stderr

"""Promise: what is asked again of a table in the same words is answered from memory with the same headers and bytes; it is never
of another release, never more memory than it may, and who asks for a part, or for nothing new, gets that.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from dashboard.app import create_app
from dashboard.web.again import MOST_OF_ALL, MOST_OF_ONE, Again
from etl.release import publish
from tests.browser_support import running_site
from tests.filtered_support import API
from tests.release_support import files_of, run_apart, with_more

ASKED = f"{API}/padron_municipal_edad/data.json?codigo_municipio=0101"
#: What is of each request and of no answer.
OF_EACH = ("date", "x-request-id")


def plain(answer: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    """An answer without what is only of its request."""
    told = {name: value for name, value in answer.headers.multi_items() if name not in OF_EACH}
    assert len(told) == len([name for name, _ in answer.headers.multi_items() if name not in OF_EACH]), "said twice"
    return answer.status_code, told, answer.content


def memory_of(app: Any) -> Again:
    """What an application remembers, found among its layers."""
    layer = app.middleware_stack
    while not isinstance(layer, Again):
        layer = layer.app
    return layer


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
@pytest.mark.parametrize("suffix", ["json", "csv", "jsonl", "jsonstat", "parquet"])
def test_the_same_words_have_the_same_answer(suffix: str, encoding: str, release_path: Path) -> None:
    app = create_app(release_path)

    async def ask() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sitio") as client:
            told = {"Accept-Encoding": encoding}
            return [await client.get(ASKED.replace(".json", f".{suffix}"), headers=told) for _ in range(4)]

    first, *others = run_apart(ask)
    assert first.status_code == 200 and len(memory_of(app)._memory) == 1
    assert [plain(one) for one in others] == [plain(first)] * 3
    assert first.headers.get("content-encoding", "identity") in (encoding, "identity")


def test_who_asks_for_something_else_gets_it(site: str) -> None:
    with httpx.Client(base_url=site, headers={"Accept-Encoding": "identity"}) as client:
        whole = client.get(ASKED)
        assert plain(client.get(ASKED)) == plain(whole)
        assert client.get(ASKED, headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
        part = client.get(ASKED, headers={"Range": "bytes=5-9"})
        assert (part.status_code, part.content) == (206, whole.content[5:10])
        assert client.get(ASKED, headers={"If-Match": '"otra"'}).status_code == 412
        head = client.head(ASKED)
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", whole.headers["etag"])
        assert client.get(ASKED, headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"
        assert client.get(f"{ASKED}&sexo=mujeres").json()["data"] != whole.json()["data"]
        assert client.get(f"{ASKED}&nada=1").status_code == client.get(f"{ASKED}&nada=1").status_code == 400


def test_what_names_its_release_or_is_long_is_not_remembered(release_path: Path) -> None:
    app = create_app(release_path)
    name = release_path.resolve().name
    long = f"{API}/padron_municipal_edad/data.json"

    async def ask() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sitio") as client:
            return [await client.get(one) for one in (f"{ASKED}&publicacion={name}", long, f"{ASKED}&nada=1")]

    named, whole, wrong = run_apart(ask)
    assert (named.status_code, whole.status_code, wrong.status_code) == (200, 200, 400)
    assert len(whole.content) > MOST_OF_ONE and "immutable" in named.headers["cache-control"]
    assert not memory_of(app)._memory


def test_the_memory_is_bounded_and_the_latest_stay(release_path: Path) -> None:
    app = create_app(release_path)
    asked = f"{API}/municipios/data.json?columnas=codigo_municipio,area_km2&area_km2_desde="
    addresses = [f"{asked}{turn}" for turn in range(900)]

    async def ask() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sitio") as client:
            for address in addresses:
                await client.get(address, headers={"Accept-Encoding": "identity"})

    run_apart(ask)
    memory = memory_of(app)
    assert 0 < len(memory._memory) < len(addresses)
    assert memory._weight == sum(one.weight for one in memory._memory.values()) <= MOST_OF_ALL
    assert [key[1].decode() for key in memory._memory][-1] == addresses[-1].partition("?")[2]


@pytest.fixture
def changing(tmp_path: Path, release_path: Path) -> Iterator[tuple[Path, httpx.Client]]:
    """A folder of releases, and a client of a site that serves it."""
    folder = tmp_path / "publicaciones"
    publish(*files_of(release_path), folder)
    with running_site(folder / "current", tmp_path / "servidor.log") as url, httpx.Client(base_url=url) as client:
        yield folder, client


def test_a_new_release_is_answered_anew(changing: tuple[Path, httpx.Client], release_path: Path) -> None:
    folder, client = changing
    first = [client.get(ASKED) for _ in range(3)][-1].json()
    name, files = with_more(release_path, "2026-09-01", 5_000)
    publish(name, files, folder)
    until = time.monotonic() + 60
    while client.get("/salud").json()["publicacion"] != name and time.monotonic() < until:
        time.sleep(0.1)
    second = client.get(ASKED).json()
    assert (first["publicacion"], second["publicacion"]) == (release_path.resolve().name, name)
    added = [sum(row["empadronados"] for row in told["data"]) for told in (first, second)]
    assert added[1] - added[0] == 5_000

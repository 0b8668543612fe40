"""Promise: a file is made once, by one maker while the others wait, and sent as anybody can take it: compressed, in parts,
again only if it changed. Whoever leaves, a maker that dies and a disk without room leave nothing behind, and never half a file.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import itertools
import os
import random
import shutil
import signal
import threading
from base64 import b64decode
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import brotli
import httpx
import pytest

from dashboard.web.made_files import MOST_WANTED, MadeFiles, Making, NotKept, TooBusy
from dashboard.web.shelf import Shelf
from tests.disk_support import small_disk
from tests.downloads_support import WatchedSite, eventually, watched_site
from tests.release_support import run_apart

SEED = 11
#: A table that is long enough to be written in a process of its own.
LONG = "/descargas/{id}/poblacion_2011_2015"
TEXTS = (
    "/descargas/{id}/municipios.csv",
    "/descargas/{id}/mapa_nacional.json",
    "/descargas/{id}/manifest.json",
    "/descargas/{id}/limites_departamentos.geojson",
    "/descargas/vista/padron_mapa.json?departamento=16",
    "/descargas/vista/padron_mapa.csv?excel=1",
)
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_MINUTE = "public, max-age=0, s-maxage=60, stale-while-revalidate=600, stale-if-error=86400"
AS_IT_IS = {"Accept-Encoding": "identity"}
MEBIBYTES_MORE = 80


@pytest.fixture(scope="module")
def watched(release_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WatchedSite]:
    """A site that has made nothing yet."""
    with watched_site(release_path, tmp_path_factory.mktemp("descargas") / "hecho") as site:
        yield site


@pytest.fixture(scope="module")
def asking(watched: WatchedSite) -> Iterator[httpx.Client]:
    """Asks that site, without taking anything compressed."""
    with httpx.Client(base_url=watched.address, timeout=60, headers=AS_IT_IS) as client:
        yield client


@pytest.fixture(scope="module")
def named(release_path: Path) -> str:
    """The id of the release."""
    return release_path.resolve().name


# --- Once -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_everybody_who_asks_at_once_waits_for_one_maker(watched: WatchedSite, named: str, suffix: str) -> None:
    before = watched.kept()
    found = watched.at_once(f"{LONG.format(id=named)}.{suffix}", 20, AS_IT_IS)
    assert {answer.status_code for answer in found} == {200}
    assert len({answer.content for answer in found}) == 1
    made = set(watched.kept()) - set(before)
    assert len(made) == 1
    watched.at_once(f"{LONG.format(id=named)}.{suffix}", 5, AS_IT_IS)
    assert set(watched.kept()) - set(before) == made
    assert not watched.makers() and not watched.unfinished()


def test_a_question_written_otherwise_is_the_same_file(watched: WatchedSite, asking: httpx.Client) -> None:
    first = asking.get("/descargas/vista/padron_mapa.csv?indicador=mujeres&departamento=16")
    kept = watched.kept()
    assert first.status_code == 200
    for query in (
        "departamento=16&indicador=mujeres",
        "indicador=mujeres&departamento=16&departamento=16",
    ):
        again = asking.get(f"/descargas/vista/padron_mapa.csv?{query}")
        assert (again.content, again.headers["ETag"]) == (first.content, first.headers["ETag"])
    assert watched.kept() == kept


def test_only_one_maker_is_called_and_whoever_waits_gets_its_file(tmp_path: Path) -> None:
    made: list[int] = []

    def prepare() -> Making:
        made.append(1)
        return Making(lambda file: (threading.Event().wait(0.2), file.write(b"cifras"))[1], "tabla.csv")

    async def ask() -> list[bytes]:
        files = MadeFiles(Shelf(tmp_path, 1_000_000))
        found = await asyncio.gather(*(files.made("tabla", prepare) for _ in range(50)))
        found.append(await files.made("tabla", prepare))
        assert {(file.size, file.name, file.sha256) for file in found} == {
            (6, "tabla.csv", hashlib.sha256(b"cifras").hexdigest())
        }
        return [b"".join(file.blocks()) for file in found]

    assert run_apart(ask) == [b"cifras"] * 51
    assert made == [1]


def test_what_does_not_fit_is_sent_all_the_same(tmp_path: Path) -> None:
    async def ask() -> None:
        files = MadeFiles(Shelf(tmp_path, 1_000))
        for _ in range(2):
            made = await files.made("larga", lambda: Making(lambda file: file.write(b"x" * 5_000) and None))
            assert b"".join(made.blocks()) == b"x" * 5_000
        assert not [path for path in tmp_path.glob("??/*") if path.is_file()]

    run_apart(ask)


def test_what_a_maker_raises_is_raised_and_nothing_is_kept(tmp_path: Path) -> None:
    def fail(file: object) -> None:
        raise ValueError("no se pudo")

    async def ask() -> None:
        files = MadeFiles(Shelf(tmp_path, 1_000))
        asked = (files.made("tabla", lambda: Making(fail)) for _ in range(3))
        found = await asyncio.gather(*asked, return_exceptions=True)
        assert [str(error) for error in found] == ["no se pudo"] * 3
        made = await files.made("tabla", lambda: Making(lambda file: file.write(b"bien") and None))
        assert b"".join(made.blocks()) == b"bien"

    run_apart(ask)


def test_too_many_are_refused_and_what_nobody_waits_for_is_not_made(tmp_path: Path) -> None:
    begun: list[str] = []
    go_on = threading.Event()

    def slow(key: str) -> Making:
        begun.append(key)
        go_on.wait()
        return Making(lambda file: file.write(key.encode()) and None)

    async def ask() -> None:
        files = MadeFiles(Shelf(tmp_path, 1_000_000))
        keys = [f"archivo {number}" for number in range(MOST_WANTED)]
        wanted = {key: asyncio.ensure_future(files.made(key, partial(slow, key))) for key in keys}
        while len(begun) < 2 or len(files._jobs) < MOST_WANTED:  # all of them are wanted
            await asyncio.sleep(0.01)
        with pytest.raises(TooBusy):
            await files.made("uno más", partial(slow, "uno más"))
        first = begun[0]
        kept = wanted.pop(first)
        for task in wanted.values():
            task.cancel()
        await asyncio.gather(*wanted.values(), return_exceptions=True)
        go_on.set()
        assert b"".join((await kept).blocks()) == first.encode()
        assert b"".join((await files.made("uno más", partial(slow, "uno más"))).blocks()) == "uno más".encode()
        assert len(begun) == 3 and begun[-1] == "uno más"

    run_apart(ask)


# --- As anybody can take it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TEXTS)
def test_every_text_travels_compressed_and_is_the_same(asking: httpx.Client, named: str, path: str) -> None:
    address = path.format(id=named)
    plain = asking.get(address)
    assert plain.headers["Cache-Control"] == (FOR_A_MINUTE if "/vista/" in path else FOR_EVER)
    tags = {plain.headers["ETag"]}
    for accepted, encoding, opened in (
        ("br", "br", brotli.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("br;q=0, *", "gzip", gzip.decompress),
    ):
        with asking.stream("GET", address, headers={"Accept-Encoding": accepted}) as answer:
            sent = b"".join(answer.iter_raw())
            assert answer.headers["Content-Encoding"] == encoding
        assert opened(sent) == plain.content and len(sent) < len(plain.content) / 2
        assert int(answer.headers["Content-Length"]) == len(sent)
        assert answer.headers["Content-Type"] == plain.headers["Content-Type"]
        digest = answer.headers["Repr-Digest"].removeprefix("sha-256=:").removesuffix(":")
        assert b64decode(digest) == hashlib.sha256(sent).digest()
        tags.add(answer.headers["ETag"])
        assert "Accept-Encoding" in answer.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"] and "Content-Encoding" not in plain.headers
    assert len(tags) == 3 and all(tag.startswith('"') for tag in tags)


@pytest.mark.parametrize("path", [*TEXTS, "/descargas/{id}/municipios.xlsx", "/descargas/{id}/municipios.parquet"])
def test_what_has_not_changed_is_not_sent_again(asking: httpx.Client, named: str, path: str) -> None:
    address = path.format(id=named)
    for accepted in ("identity", "br", "gzip"):
        headers = {"Accept-Encoding": accepted}
        get, head = asking.get(address, headers=headers), asking.head(address, headers=headers)
        for name in ("ETag", "Content-Length", "Content-Type", "Content-Encoding", "Cache-Control", "Repr-Digest"):
            assert head.headers.get(name) == get.headers.get(name), name
        assert (head.status_code, head.content) == (200, b"")
        for held in (get.headers["ETag"], f'"otra", W/{get.headers["ETag"]}', "*"):
            again = asking.get(address, headers={**headers, "If-None-Match": held})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["ETag"] == get.headers["ETag"]
            assert again.headers["Cache-Control"] == get.headers["Cache-Control"]
        assert asking.get(address, headers={**headers, "If-None-Match": '"otra"'}).status_code == 200


@pytest.mark.parametrize("path", [f"{LONG}.csv", f"{LONG}.parquet", "/descargas/vista/padron_mapa.xlsx"])
def test_a_download_that_was_cut_off_goes_on(asking: httpx.Client, named: str, path: str) -> None:
    address = path.format(id=named)
    whole = asking.get(address)
    size, tag = len(whole.content), whole.headers["ETag"]
    assert whole.headers["Accept-Ranges"] == "bytes"
    cuts = [0, *sorted(random.Random(SEED).sample(range(1, size), 5)), size]
    parts = []
    for start, end in itertools.pairwise(cuts):
        # Whoever goes on takes compressed forms too, and gets the part of what they have.
        headers = {"Range": f"bytes={start}-{end - 1}", "If-Range": tag, "Accept-Encoding": "br, gzip"}
        part = asking.get(address, headers=headers)
        assert (part.status_code, part.headers["Content-Range"]) == (206, f"bytes {start}-{end - 1}/{size}")
        assert "Content-Encoding" not in part.headers and int(part.headers["Content-Length"]) == end - start
        parts.append(part.content)
    assert b"".join(parts) == whole.content
    for asked, expected in ((f"bytes={size - 3}-", whole.content[-3:]), ("bytes=-7", whole.content[-7:])):
        assert asking.get(address, headers={"Range": asked}).content == expected
    beyond = asking.get(address, headers={"Range": f"bytes={size - 1}-{size * 9}"})
    assert (beyond.status_code, beyond.content) == (206, whole.content[-1:])


def test_a_part_of_another_file_or_that_nobody_can_read_is_the_whole_file(asking: httpx.Client, named: str) -> None:
    address = f"/descargas/{named}/municipios.parquet"
    whole = asking.get(address)
    for headers in (
        {"Range": "bytes=5-9", "If-Range": '"otra"'},
        {"Range": "bytes=5-9", "If-Range": f"W/{whole.headers['ETag']}"},
        {"Range": "bytes=5-9", "If-Range": "Sun, 12 Jul 2026 00:00:00 GMT"},
        {"Range": "bytes=0-1,5-9"},
        {"Range": "filas=1-2"},
        {"Range": "bytes=9-5"},
        {"Range": "bytes=-"},
        {"Range": "bytes=a-b"},
    ):
        answer = asking.get(address, headers=headers)
        assert (answer.status_code, answer.content) == (200, whole.content), headers
    for beyond in (f"bytes={len(whole.content)}-", "bytes=-0", "bytes=999999999999-"):
        answer = asking.get(address, headers={"Range": beyond})
        assert answer.status_code == 416
        assert answer.headers["Content-Range"] == f"bytes */{len(whole.content)}"
        assert answer.headers["Content-Type"] == "application/problem+json"


# --- Nothing is left ----------------------------------------------------------------------------------------------------


def test_many_downloads_at_once_take_little_memory(watched: WatchedSite, named: str) -> None:
    path = f"{LONG.format(id=named)}.csv"
    size = len(watched.at_once(path, 1, AS_IT_IS)[0].content)
    many = 1 + (2 * MEBIBYTES_MORE << 20) // size  # twice as much as may be taken
    before = watched.peak_mib()
    found = watched.at_once(path, many, AS_IT_IS)
    assert [len(answer.content) for answer in found] == [size] * many
    assert watched.peak_mib() - before < MEBIBYTES_MORE


def test_whoever_leaves_takes_everything_along(watched: WatchedSite, asking: httpx.Client, named: str) -> None:
    path = f"{LONG.format(id=named)}.csv"
    asking.get(path)
    before = watched.open_files()
    for _ in range(10):
        watched.left_after(path, 100_000)
    assert eventually(lambda: watched.open_files() <= before)


def test_what_everybody_stopped_waiting_for_is_not_made(watched: WatchedSite) -> None:
    kept = watched.kept()
    watched.left_after("/descargas/vista/participacion_mesas.xlsx", 0, until=watched.makers)
    assert eventually(lambda: not watched.makers() and not watched.unfinished())
    assert watched.kept() == kept


def test_a_maker_that_is_killed_leaves_nothing(watched: WatchedSite, asking: httpx.Client, named: str) -> None:
    path, kept = f"{LONG.format(id=named)}.xlsx", watched.kept()
    found: list[httpx.Response] = []
    waiting = threading.Thread(target=lambda: found.append(asking.get(path)))
    waiting.start()
    assert eventually(watched.makers)
    os.kill(watched.makers()[0], signal.SIGKILL)
    waiting.join()
    assert found[0].status_code == 500 and found[0].headers["Content-Type"] == "application/problem+json"
    assert not watched.unfinished() and watched.kept() == kept
    (short,) = watched.at_once(f"/descargas/{named}/municipios.xlsx", 1)
    assert short.status_code == 200


def test_a_folder_that_vanished_is_made_again(watched: WatchedSite, asking: httpx.Client, named: str) -> None:
    path = f"/descargas/{named}/departamentos.csv"
    content = asking.get(path).content
    for folder in watched.folder.rglob("archivos"):
        shutil.rmtree(folder)
    for suffix in ("csv", "json"):
        assert asking.get(path.replace("csv", suffix)).status_code == 200
    assert asking.get(path).content == content


def test_a_full_disk_is_said_and_what_is_published_is_still_sent(
    release_path: Path, tmp_path: Path, named: str
) -> None:
    with (
        small_disk(tmp_path / "disco", 5_000) as disk,
        watched_site(release_path, disk.folder) as site,
        httpx.Client(base_url=site.address, timeout=60) as client,
    ):
        for suffix in ("csv", "json", "xlsx"):
            answer = client.get(f"{LONG.format(id=named)}.{suffix}")
            assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0, suffix
            assert answer.headers["Content-Type"] == "application/problem+json"
        disk.leave(0)
        for path in ("/descargas/{id}/municipios.csv", "/descargas/vista/padron_mapa.xlsx"):
            assert client.get(path.format(id=named)).status_code == 503, path
        whole = client.get(f"/descargas/{named}/mapa_nacional.json")
        assert whole.status_code == 200 and "Content-Encoding" not in whole.headers
        assert whole.content == (release_path / "mapa_nacional.json").read_bytes()
        assert not site.unfinished()
        disk.empty()
        assert client.get(f"/descargas/{named}/municipios.csv").status_code == 200
        assert client.get(f"/descargas/{named}/mapa_nacional.json").headers["Content-Encoding"] == "br"


def test_a_disk_that_fails_is_told_apart(tmp_path: Path) -> None:
    async def ask() -> None:
        files = MadeFiles(Shelf(tmp_path / "estante", 1_000_000))
        (tmp_path / "estante" / "cerrojos").rmdir()
        (tmp_path / "estante").rmdir()
        (tmp_path / "estante").touch()
        with pytest.raises(NotKept):
            await files.made("tabla", lambda: Making(lambda file: file.write(b"x") and None))

    run_apart(ask)

"""Promise: whatever a stranger changes in a release, by one byte or by a whole table of the same size, the site refuses it, says
so and goes on with the release that it served."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dashboard.web import serving
from dashboard.web.digests import repr_digest
from dashboard.web.serving import ServedReleases
from etl.release import DATAPACKAGE, MANIFEST, SEAL, Release, publish
from etl.release.names import named_files
from tests.release_support import FIGURES, asked_of, inside_site, with_more

SEED = 1130
#: Single bytes and rewritten tables: in `make test`, and in `make test-largo`.
FEW, MANY = (60, 10), (2_000, 200)
Contents = Mapping[str, bytes]


@dataclass
class Place:
    """A folder with a whole release, which is served, and another one that a stranger changes before it becomes current."""

    folder: Path
    served: ServedReleases
    whole: str
    root: Path
    contents: dict[str, bytes]

    def current(self, name: str) -> None:
        """Make a release the current one, as `publish` does, and have the site look."""
        link = self.folder / ".otra"
        link.symlink_to(name)
        link.replace(self.folder / "current")
        self.served.look()

    def refuses(self, changed: Contents, named: str) -> None:
        """The release with some of its files changed is refused for the file called `named`; then it is left as it was."""
        for name, content in changed.items():
            put(self.root / name, content)
        self.current(self.root.name)
        health = self.served.health()
        try:
            assert self.served.current.release.id == health.release == self.whole
            assert health.told()["estado"] == "degradado", f"{sorted(changed)} was taken for good"
            assert named in health.damaged and named in health.reasons[0]
        finally:
            self.current(self.whole)
            for name in changed:
                put(self.root / name, self.contents[name])
        assert self.served.health().told()["estado"] == "bien"


def put(path: Path, content: bytes) -> None:
    """Change what a file says and leave its time as it was."""
    when = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(when.st_atime_ns, when.st_mtime_ns))


@pytest.fixture(scope="module")
def place(release_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("atacada")
    other = publish(*with_more(release_path, "2026-08-01", 1), folder)
    whole = publish(*with_more(release_path, "2026-07-12", 1), folder)
    contents = {path.name: path.read_bytes() for path in other.root.iterdir()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serving, "AFTER_FAILURE", 0.0)
        yield Place(folder, ServedReleases(folder / "current"), whole.id, other.root, contents)


def with_one_byte_changed(content: bytes, chance: random.Random) -> bytes:
    """Another byte in the place of any of them."""
    changed = bytearray(content)
    changed[chance.randrange(len(changed))] ^= chance.randrange(1, 256)
    return bytes(changed)


def rewritten(content: bytes, chance: random.Random) -> bytes | None:
    """A good Parquet file of the same size that says another figure; None when the table has none, or no such file is found."""
    table = pq.read_table(io.BytesIO(content))
    numbers = [field.name for field in table.schema if pa.types.is_integer(field.type)]
    if not numbers or not table.num_rows:
        return None
    name = chance.choice(numbers)
    values = table.column(name).to_pylist()
    row = chance.randrange(len(values))
    values[row] = (values[row] or 0) + chance.randrange(1, 100)
    index = table.schema.get_field_index(name)
    changed = table.set_column(index, table.schema.field(index), pa.array(values, table.schema.field(index).type))
    padding = 0
    for _ in range(8):
        sink = io.BytesIO()
        with pq.ParquetWriter(
            sink, changed.schema, compression="ZSTD", write_statistics=False, store_schema=False
        ) as writer:
            writer.write_table(changed)
            writer.add_key_value_metadata({"relleno": "x" * padding})
        missing = len(content) - len(sink.getvalue())
        if not missing:
            return sink.getvalue()
        padding = max(padding + missing, 0)
    return None


def test_any_byte_of_any_file(place: Place, count: int = FEW[0]) -> None:
    chance = random.Random(SEED)
    names = sorted(place.contents)
    each = [*(name for name in (MANIFEST, DATAPACKAGE, SEAL) for _ in range(5)), *chance.choices(names, k=count - 15)]
    for name in each:
        place.refuses({name: with_one_byte_changed(place.contents[name], chance)}, name)


@pytest.mark.largo
def test_any_byte_of_any_file_many_times(place: Place) -> None:
    test_any_byte_of_any_file(place, MANY[0])


def test_a_good_table_of_the_same_size_with_another_figure(place: Place, count: int = FEW[1]) -> None:
    chance = random.Random(SEED)
    tables = sorted(name for name in place.contents if name.endswith(".parquet") and "limites" not in name)
    done = 0
    for name in (chance.choice(tables) for _ in range(20 * count)):
        content = rewritten(place.contents[name], chance)
        if content is not None:
            assert len(content) == len(place.contents[name]) and pq.read_table(io.BytesIO(content)).num_rows
            place.refuses({name: content}, name)
            done += 1
        if done == count:
            break
    assert done == count


@pytest.mark.largo
def test_many_good_tables_of_the_same_size(place: Place) -> None:
    test_a_good_table_of_the_same_size_with_another_figure(place, MANY[1])


# --- Who also changes what the catalogues say ---------------------------------------------------------------------------


def lying(contents: Contents) -> dict[str, bytes]:
    """Another figure in a table of the same size, with its SHA-256 in both catalogues."""
    table = rewritten(contents[FIGURES], random.Random(SEED))
    assert table is not None
    old, new = (hashlib.sha256(content).hexdigest().encode() for content in (contents[FIGURES], table))
    said = {name: contents[name].replace(old, new) for name in (MANIFEST, DATAPACKAGE)}
    assert all(len(content) == len(contents[name]) and content != contents[name] for name, content in said.items())
    return {FIGURES: table, **said}


def test_a_table_and_its_hash(place: Place) -> None:
    place.refuses(lying(place.contents), MANIFEST)


def test_a_table_and_its_hash_and_the_fingerprint(place: Place) -> None:
    """Everything agrees but the name."""
    changed = lying(place.contents)
    manifest, package = (json.loads(changed[name]) for name in (MANIFEST, DATAPACKAGE))
    start = manifest.pop("publicacion").rpartition("-")[0]
    del package["version"]
    _, said = named_files(f"{start}-", manifest, package)
    place.refuses({**changed, SEAL: said[SEAL]}, MANIFEST)
    place.refuses({**changed, **said}, MANIFEST)  # and with the name that it would have, in the folder of the other


def test_a_name_that_says_nothing(place: Place) -> None:
    """Where there would be nothing to compare with."""
    said = {
        name: place.contents[name].replace(place.root.name.encode(), b"publicacion-0000000")
        for name in (MANIFEST, DATAPACKAGE)
    }
    place.refuses(said, MANIFEST)


CATALOGUES: Mapping[str, Callable[[bytes], bytes]] = {
    "a space for a line": lambda content: content.replace(b'",\n', b'", ', 1),
    "a space more": lambda content: content.replace(b",\n", b", \n", 1),
    "a key twice": lambda content: content.replace(b'{\n "', b'{\n "version_codigo": "0.1.0",\n "', 1),
    "a letter in its escape": lambda content: content.replace(b"municipio", b"\\u006dunicipio", 1),
    "nothing after it": lambda content: content.rstrip(b"\n"),
    "another end of line": lambda content: content.replace(b"\n", b"\r\n"),
    "a byte order mark": lambda content: b"\xef\xbb\xbf" + content,
    "its keys in another order": lambda content: json.dumps(dict(reversed(json.loads(content).items()))).encode(),
    "a thousand levels": lambda content: b"[" * 100_000,
    "a number without end": lambda content: content.replace(b'"bytes": ', b'"bytes": ' + b"9" * 5_000, 1),
    "a list": lambda content: b"[]",
    "nothing": lambda content: b"",
    "the name of a file that is elsewhere": lambda content: content.replace(
        FIGURES.encode(), b"../../../../../dev/zero"
    ),
}


@pytest.mark.parametrize("name", [MANIFEST, DATAPACKAGE])
@pytest.mark.parametrize("how", CATALOGUES)
def test_a_catalogue_that_says_the_same_or_nothing(place: Place, name: str, how: str) -> None:
    changed = CATALOGUES[how](place.contents[name])
    assert changed != place.contents[name]
    place.refuses({name: changed}, name)


def test_and_left_as_it_was_it_is_served(place: Place) -> None:
    """The release that was attacked in every other test."""
    place.current(place.root.name)
    assert (place.served.current.release.id, place.served.health().reasons) == (place.root.name, ())
    assert Release.open(place.root).damaged_files() == []
    place.current(place.whole)


# --- What was opened --------------------------------------------------------------------------------------------------


def test_a_catalogue_changed_after_it_was_opened_is_noticed(release_path: Path, tmp_path: Path) -> None:
    """And what was read of it goes on being what is told: another whole one in its place is not taken for it either."""
    release_id, files = with_more(release_path, "2026-07-12", 1)
    release = publish(release_id, files, tmp_path)
    served = ServedReleases(tmp_path / "current")
    assert served.health().reasons == ()
    put(release.root / MANIFEST, files[MANIFEST].replace(b"\n", b" ", 1))
    served.look()
    assert served.health().damaged == (MANIFEST,)
    put(release.root / MANIFEST, files[MANIFEST])
    served.look()
    assert served.health().reasons == ()
    (release.root / SEAL).unlink()
    served.look()
    assert served.health().damaged == (SEAL,)


def test_an_older_release_whose_catalogues_were_changed_is_not_given(release_path: Path, tmp_path: Path) -> None:
    old = publish(*with_more(release_path, "2025-01-01", 1), tmp_path)
    now = publish(*with_more(release_path, "2026-07-12", 1), tmp_path)
    contents = {path.name: path.read_bytes() for path in old.root.iterdir()}
    for name, content in lying(contents).items():
        put(old.root / name, content)
    names = (FIGURES, MANIFEST, "municipios.parquet", FIGURES.replace("parquet", "csv"))
    for answer in asked_of(tmp_path / "current", *(f"/descargas/{old.id}/{name}" for name in names)):
        assert answer.status_code == 503
    shutil.rmtree(now.root)


@pytest.mark.parametrize("encoding", ["identity", "br"])
def test_files_travel_with_their_digest(release_path: Path, encoding: str) -> None:
    """The one that the release says or, of what is compressed on its way, that of what arrives."""
    release = Release.open(release_path)

    async def ask(client: httpx.AsyncClient, app: object) -> None:
        for name in (FIGURES, "mapa_16.json", MANIFEST, DATAPACKAGE, SEAL):
            headers = {"Accept-Encoding": encoding}
            async with client.stream("GET", f"/descargas/{release.id}/{name}", headers=headers) as answer:
                raw = b"".join([piece async for piece in answer.aiter_raw()])
            digest = hashlib.sha256(raw)
            assert answer.headers["repr-digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:", name
            if "content-encoding" not in answer.headers:
                assert digest.hexdigest() == hashlib.sha256((release.root / name).read_bytes()).hexdigest()

    inside_site(release_path, ask)


def test_a_digest_is_written_as_the_standard_writes_it() -> None:
    """The first example of RFC 9530: {"hello": "world"} and a line feed."""
    content = b'{"hello": "world"}\n'
    assert repr_digest(hashlib.sha256(content).hexdigest()) == "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"
    with pytest.raises(ValueError):
        repr_digest("00")

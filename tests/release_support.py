"""Other real releases for tests: the one built from data/source with one figure moved, and the site of any of them."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import shutil
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import httpx
import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.app import create_app
from dashboard.render.files import FORMATS, sheet
from dashboard.view import Answer
from etl.pipeline.run import Result
from etl.publish.parquet import parquet
from etl.publish.told import published, with_told
from etl.release import DATAPACKAGE, MANIFEST, NAME, Release
from etl.release.names import named_files

Asked = TypeVar("Asked")
FIGURES = "padron_municipal_edad.parquet"


def files_of(release: Path) -> tuple[str, dict[str, bytes]]:
    """The id of a release and the content of its files, as `etl.release.publish` takes them."""
    return Release.open(release).id, {path.name: path.read_bytes() for path in release.resolve().iterdir()}


def with_more(release: Path, day: str, people: int) -> tuple[str, dict[str, bytes]]:
    """`release` as one of another `day`, with `people` more in the first cell of the registry by age, and its own name."""
    _, files = files_of(release)
    table = pq.read_table(io.BytesIO(files[FIGURES]))
    figures = table.column("empadronados").to_pylist()
    figures[0] = int(figures[0] or 0) + people
    index = table.schema.get_field_index("empadronados")
    sink = io.BytesIO()
    pq.write_table(table.set_column(index, table.schema.field(index), pa.array(figures, pa.int64())), sink)
    files[FIGURES] = sink.getvalue()
    manifest, package = (json.loads(files[name]) for name in (MANIFEST, DATAPACKAGE))
    del manifest["publicacion"], package["version"]
    for item in manifest["archivos"]:
        if item["nombre"] == FIGURES:
            item["bytes"], item["sha256"] = len(files[FIGURES]), hashlib.sha256(files[FIGURES]).hexdigest()
    for item in package["resources"]:
        if item["path"] == FIGURES:
            item["bytes"], item["hash"] = len(files[FIGURES]), f"sha256:{hashlib.sha256(files[FIGURES]).hexdigest()}"
    release_id, catalogues = named_files(f"{day}-", manifest, package)
    return release_id, files | catalogues


def renamed(files: Mapping[str, bytes], day: str, **more: object) -> tuple[str, dict[str, bytes]]:
    """The same files as another release, of another day, with `more` in its manifest and with its own name."""
    manifest, package = (json.loads(files[name]) for name in (MANIFEST, DATAPACKAGE))
    del manifest["publicacion"], package["version"]
    manifest |= more
    name, catalogues = named_files(f"{day}-", manifest, package)
    return name, {**files, **catalogues}


def sealed(folder: Path) -> Path:
    """`folder`, whose catalogues were changed, as a release that was published so: with the name of what it says.

    When it is in a folder of the name of a release, that one is renamed too.
    """
    manifest, package = (json.loads((folder / name).read_bytes()) for name in (MANIFEST, DATAPACKAGE))
    start = manifest.pop("publicacion").rpartition("-")[0]
    package.pop("version", None)
    name, catalogues = named_files(f"{start}-", manifest, package)
    for file, content in catalogues.items():
        (folder / file).write_bytes(content)
    return folder.rename(folder.with_name(name)) if NAME.fullmatch(folder.name) else folder


def with_tables_of(release: Path, folder: Path, result: Result, *names: str) -> Path:
    """A copy of `release` in `folder` with the tables of the datasets called `names` as `result` made them."""
    copy = folder / release.resolve().name
    shutil.copytree(release.resolve(), copy)
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    owners = [item for item in result.datasets if item.name in names]
    made = {
        table.name: parquet(item, published(table), with_told(item, table, result.tables[table.name], result.tables))
        for item in owners
        for table in item.tables
    }
    for entry in manifest["archivos"]:
        if entry["tabla"] in made:
            content = made[entry["tabla"]]
            (copy / entry["nombre"]).write_bytes(content)
            entry["bytes"], entry["sha256"] = len(content), hashlib.sha256(content).hexdigest()
    (copy / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return sealed(copy)


def written(write: Callable[[Any, BinaryIO], None], content: Any) -> bytes:
    """The bytes of a file, from what writes it."""
    file = io.BytesIO()
    write(content, file)
    return file.getvalue()


def file_of(answer: Answer, suffix: str) -> bytes:
    """The file of an answer in a format."""
    return written(FORMATS[suffix].write, sheet(answer))


def asked_of(release: Path, *paths: str) -> list[httpx.Response]:
    """The answers of the site of another release, without a server of its own."""

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=create_app(release))
        async with httpx.AsyncClient(transport=transport, base_url="http://sitio", follow_redirects=True) as client:
            return [await client.get(path) for path in paths]

    return run_apart(ask)


def run_apart(asked: Callable[[], Coroutine[Any, Any, Asked]]) -> Asked:
    """What a coroutine gives, run in a thread of its own: Playwright keeps a loop running in that of the tests."""
    with ThreadPoolExecutor(max_workers=1) as apart:
        return apart.submit(lambda: asyncio.run(asked())).result()


def with_cubes(release: Path, counted: Release, folder: Path) -> Path:
    """A copy of `release` in `folder` with the cubes that another release publishes, as it describes them."""
    shutil.copytree(release.resolve(), folder)
    names = {dataset["nombre"] for dataset in counted.manifest["datasets"] if dataset["nombre"].endswith("_cubo")}
    package, manifest = (json.loads((folder / name).read_text(encoding="utf-8")) for name in (DATAPACKAGE, MANIFEST))
    for item in counted.manifest["archivos"]:
        if item["dataset"] in names:
            shutil.copy(counted.root / item["nombre"], folder / item["nombre"])
            manifest["archivos"].append(item)
    manifest["datasets"] += [item for item in counted.manifest["datasets"] if item["nombre"] in names]
    package["resources"] += [item for item in counted.package["resources"] if item["name"] in names]
    for name, content in ((DATAPACKAGE, package), (MANIFEST, manifest)):
        (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return sealed(folder)


def inside_site(release: Path, asked: Any, **options: Any) -> Any:
    """What `asked`, given a client of the site of `release` in this process and the site, gives."""

    async def ask() -> Any:
        app = create_app(release, **options)
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://sitio"
        ) as client:
            return await asked(client, app)

    return run_apart(ask)

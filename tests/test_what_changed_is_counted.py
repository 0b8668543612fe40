"""Promise: what changed from one release to another is what their files say, in the page, CSV, JSON and Atom."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dashboard.figures.changes import changes
from etl.release import DATAPACKAGE, MANIFEST, Release, publish
from etl.release.names import named_files
from tests.release_support import files_of, inside_site
from tests.site_support import Document

#: The tables that are changed by chance, with a column of theirs that can be added.
CHANGED = {"padron_municipal_edad": "empadronados", "participacion_municipal": "votos_validos"}
GONE = "municipios_alias"


def altered(release: Path, seed: int) -> tuple[str, dict[str, bytes], dict[str, dict[str, int]]]:
    """`release` with rows of some tables taken away, repeated under another key, changed and emptied, and without a table;
    and how many of each kind there are, by table.
    """
    chance = random.Random(seed)
    _, files = files_of(release)
    manifest, package = (json.loads(files[name]) for name in (MANIFEST, DATAPACKAGE))
    del manifest["publicacion"], package["version"]
    told: dict[str, dict[str, int]] = {}
    for name, column in CHANGED.items():
        table = pq.read_table(io.BytesIO(files[f"{name}.parquet"]))
        frame = table.to_pandas()
        rows = chance.sample(range(len(frame)), 40)
        gone, moved, emptied = rows[:7], rows[7:30], rows[30:]
        frame[column] = frame[column].astype("Int64")
        had = frame.loc[emptied, column].notna()
        frame.loc[moved, column] = frame.loc[moved, column].fillna(0) + 1
        frame.loc[emptied, column] = pd.NA
        left = frame.drop(index=gone)
        told[name] = {
            "removed": len(gone),
            "added": 0,
            "changed": len(moved) + int(had.sum()),
            "emptied": int(had.sum()),
        }
        told[name]["same"] = len(left) - told[name]["changed"]
        sink = io.BytesIO()
        pq.write_table(pa.Table.from_pandas(left, _with_gaps(table.schema, column), preserve_index=False), sink)
        files[f"{name}.parquet"] = sink.getvalue()
        _say_again(manifest, package, f"{name}.parquet", sink.getvalue(), len(left))
    manifest["archivos"] = [item for item in manifest["archivos"] if item["tabla"] != GONE]
    package["resources"] = [item for item in package["resources"] if item["name"] != GONE]
    del files[f"{GONE}.parquet"]
    name, catalogues = named_files(f"2027-03-{seed + 1:02}-", manifest, package)
    return name, files | catalogues, told


def _with_gaps(schema: pa.Schema, column: str) -> pa.Schema:
    """`schema` with a column that may be missing."""
    position = schema.get_field_index(column)
    return schema.set(position, schema.field(position).with_nullable(True))


def _say_again(manifest: dict[str, Any], package: dict[str, Any], name: str, content: bytes, rows: int) -> None:
    digest = hashlib.sha256(content).hexdigest()
    for item in manifest["archivos"]:
        if item["nombre"] == name:
            item |= {"bytes": len(content), "sha256": digest, "filas": rows}
    for item in package["resources"]:
        if item["path"] == name:
            item |= {"bytes": len(content), "hash": f"sha256:{digest}"}


@pytest.fixture(scope="module")
def pair(
    release_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Release, Release, dict[str, dict[str, int]]]:
    """Two releases and what is different."""
    folder = tmp_path_factory.mktemp("cambios")
    first = publish(*files_of(release_path), folder)
    name, files, told = altered(release_path, 3)
    return first, publish(name, files, folder), told


def test_rows_are_counted_once_each(pair: tuple[Release, Release, dict[str, dict[str, int]]]) -> None:
    before, after, told = pair
    found = changes(before, after)
    by_name = {item.name: item for item in found.tables}
    for name, expected in told.items():
        counts = by_name[name].counts
        assert {kind: getattr(counts, kind) for kind in ("added", "changed", "removed", "same")} == {
            kind: count for kind, count in expected.items() if kind != "emptied"
        }, name
    assert by_name[GONE].gone and by_name[GONE].counts.removed == _rows(before, GONE)
    assert found.emptied_in_all == sum(item["emptied"] for item in told.values())
    untouched = [item for item in found.tables if item.name not in (*told, GONE)]
    assert untouched and all(item.identical and not item.touched for item in untouched)


def test_both_ways_are_the_same_account(pair: tuple[Release, Release, dict[str, dict[str, int]]]) -> None:
    before, after, _ = pair
    there, back = changes(before, after), changes(after, before)
    assert (there.rows("added"), there.rows("removed")) == (back.rows("removed"), back.rows("added"))
    assert (there.rows("changed"), there.rows("same")) == (back.rows("changed"), back.rows("same"))
    for release, found in ((after, there), (before, back)):
        total = sum(item["filas"] or 0 for item in release.manifest["archivos"])
        assert found.rows("added") + found.rows("changed") + found.rows("same") == total


def test_a_release_is_the_same_as_itself(pair: tuple[Release, Release, dict[str, dict[str, int]]]) -> None:
    found = changes(pair[0], pair[0])
    assert (found.rows("added"), found.rows("changed"), found.rows("removed")) == (0, 0, 0)
    assert found.largest == found.emptied == ()


def test_page_csv_json_and_feed_say_the_same(pair: tuple[Release, Release, dict[str, dict[str, int]]]) -> None:
    before, after, told = pair
    root = f"/descargas/cambios/{before.id}/{after.id}"

    async def ask(client: httpx.AsyncClient, app: object) -> list[httpx.Response]:
        asked = (
            f"/publicaciones?de={before.id}",
            "/accesible/publicaciones",
            f"{root}.csv",
            f"{root}.json",
            "/publicaciones.atom",
        )
        return [await client.get(address, follow_redirects=True) for address in asked]

    page, accessible, table, account, feed = inside_site(after.root.parent / "current", ask)
    assert [answer.status_code for answer in (page, accessible, table, account, feed)] == [200] * 5
    counted = account.json()
    expected = {
        "agregadas": 0,
        "cambiadas": sum(item["changed"] for item in told.values()),
        "retiradas": sum(item["removed"] for item in told.values()) + _rows(before, GONE),
    }
    assert {name: counted["filas"][name] for name in expected} == expected
    rows = list(csv.DictReader(io.StringIO(table.content.decode())))
    assert sum(row["cambio"] == "retirada" for row in rows) == expected["retiradas"]
    changed = {(row["tabla"], row["clave"]) for row in rows if row["cambio"] == "cambiada"}
    assert len(changed) == expected["cambiadas"]
    for row in rows:
        if row["cambio"] == "cambiada" and row["antes"] and row["despues"]:
            assert float(row["despues"]) - float(row["antes"]) == float(row["diferencia"]) == 1
    for answer in (page, accessible):
        words = Document(answer.text).texts(".cuatro-cambios b")
        assert [text.replace(",", "") for text in words] == [
            str(counted["filas"][name]) for name in ("agregadas", "cambiadas", "retiradas", "iguales")
        ]
        assert Document(answer.text).texts(".respuesta")[0] == counted["resumen"]
    entries = ElementTree.fromstring(feed.content).findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == 2
    assert counted["resumen"] in [entry.findtext("{http://www.w3.org/2005/Atom}summary") for entry in entries]


def test_what_cannot_be_compared_is_said(pair: tuple[Release, Release, dict[str, dict[str, int]]]) -> None:
    before, after, _ = pair

    async def ask(client: httpx.AsyncClient, app: object) -> list[httpx.Response]:
        asked = (
            "/publicaciones?de=2020-01-01-aaaaaaaa&a=x&tabla=y", f"/descargas/cambios/{before.id}/2020-01-01-aaaaaaaa.csv",
            f"/descargas/cambios/../{after.id}.csv", f"/descargas/cambios/{before.id}/{after.id}.exe",
            f"/descargas/cambios/{before.id}/{after.id}.csv?x=1",
        )  # fmt: skip
        return [await client.get(address) for address in asked]

    page, *others = inside_site(after.root.parent / "current", ask)
    assert page.status_code == 200 and len(Document(page.text).all(".avisos li")) == 3
    assert [answer.status_code for answer in others] == [404, 404, 404, 400]


def _rows(release: Release, table: str) -> int:
    return next(item["filas"] or 0 for item in release.manifest["archivos"] if item["tabla"] == table)

"""Promise: a release explains itself: typed, sorted Parquet with its dictionary inside, a manifest and a data package."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from frictionless import Package, Schema

from etl.datasets import all_datasets
from etl.fields import told as told_by
from etl.model import Confidence, Dataset, Kind, Table
from etl.pipeline.provenance import SourceFacts
from etl.publish.parquet import TYPES, has_geometry
from etl.publish.told import published
from etl.release import Release
from tests.etl_support import SOURCE, provenance

TABLES = [(dataset, table) for dataset in all_datasets() for table in dataset.tables]
every_table = pytest.mark.parametrize("dataset, table", TABLES, ids=[table.name for _, table in TABLES])


@pytest.fixture(scope="module")
def release(release_path: Path) -> Release:
    """The release built from data/source."""
    return Release.open(release_path)


@every_table
def test_parquet_holds_the_declaration(release: Release, dataset: Dataset, table: Table) -> None:
    schema = pq.read_schema(release.table(table.name))
    columns = published(table).columns
    assert schema.names == [field.name for field in columns] and columns[: len(table.fields)] == table.fields
    for field in columns:
        column = schema.field(field.name)
        assert column.type == TYPES[field.kind]
        assert column.nullable == field.nullable
        facts = {key.decode(): value.decode() for key, value in column.metadata.items()}
        assert (facts["titulo"], facts["descripcion"], facts.get("unidad")) == (
            field.title,
            field.description,
            field.unit,
        )
        assert json.loads(facts.get("etiquetas", "{}")) == dict(field.labels or {})
    told = provenance(SOURCE / dataset.name)
    named = told.tablas.get(table.name) or list(dict.fromkeys(file.fuente for file in told.archivos))
    sources = json.loads(schema.metadata[b"fuentes"])
    # Of those that are declared, the ones that some row is of, in the same order.
    rows = pq.read_table(release.table(table.name), columns=[told_by.clave_fuente.name]).column(0).unique().to_pylist()
    of_rows = {key for joined in rows for key in joined.split(told_by.JOINED)}
    said = {item["titulo"]: item["clave"] for item in sources}
    expected = [source.titulo for name in named for source in sources_called(name, dataset.name)]
    assert [item["titulo"] for item in sources] == [title for title in expected if title in said]
    assert set(said.values()) == of_rows or not rows
    assert (b"geo" in schema.metadata) == has_geometry(table)


def sources_called(name: str, dataset: str) -> list[SourceFacts]:
    """The source called `name` in the `fuente.toml` of `dataset`, perhaps of another dataset, of which `*` is all."""
    other, _, own = name.rpartition(".")
    known = provenance(SOURCE / (other or dataset)).fuentes
    return list(known.values()) if own == "*" else [known[own]]


@every_table
def test_parquet_is_sorted_by_its_key_in_small_compressed_groups(
    release: Release, dataset: Dataset, table: Table
) -> None:
    file = pq.ParquetFile(release.table(table.name))
    keys = file.read(columns=list(table.key)).to_pylist()
    assert keys == sorted(keys, key=lambda row: tuple(row.values()))
    assert len({tuple(row.values()) for row in keys}) == len(keys)
    for number in range(file.metadata.num_row_groups):
        group = file.metadata.row_group(number)
        assert group.num_rows <= 8192
        assert group.column(0).compression == "ZSTD"


def test_the_manifest_lists_every_file_with_its_hash(release: Release) -> None:
    listed = {item["nombre"] for item in release.manifest["archivos"]}
    assert {path.name for path in release.root.iterdir()} == listed | {
        "manifest.json",
        "datapackage.json",
        "huella.txt",
    }
    assert release.damaged_files() == []
    for item in release.manifest["archivos"]:
        assert item["titulo"] and item["formato"] and item["licencia"] and item["licencia_url"].startswith("https://")
        assert item["confianza"] in list(Confidence)
        if item["tabla"]:
            assert item["filas"] == pq.read_metadata(release.root / item["nombre"]).num_rows


def test_maps_and_boundaries_are_files_of_the_release(release: Release) -> None:
    for name in ("mapa_nacional.json", "mapa_22.json", "limites_municipios.geojson", "limites_municipios.topojson"):
        assert release.path(name).stat().st_size > 0


def test_the_manifest_carries_sources_corrections_and_warnings(release: Release) -> None:
    datasets = {item["nombre"]: item for item in release.manifest["datasets"]}
    assert set(datasets) == {dataset.name for dataset in all_datasets()}
    source = datasets["padron_municipal"]["fuentes"][0]
    assert (source["corte"], source["confianza"]) == ("2026-07-12", "media-alta")
    assert any("Sanarate" in item["que"] for item in datasets["limites"]["correcciones"])
    assert all(item["reporta"] and item["por_que"] for item in datasets["limites"]["correcciones"])
    assert {item["dataset"] for item in release.manifest["advertencias"]} >= {"poblacion", "padron_serie"}


def test_the_data_package_is_valid_for_frictionless(release: Release) -> None:
    descriptor = json.loads((release.root / "datapackage.json").read_text(encoding="utf-8"))
    assert list(Package.metadata_validate(descriptor)) == []
    package = Package.from_descriptor(descriptor, basepath=str(release.root))
    facts = {item["nombre"]: item for item in release.manifest["archivos"]}
    tables = {f"{Path(name).stem}.csv" for name, item in facts.items() if item["formato"] == "Parquet"}
    assert {resource.path for resource in package.resources} == {*facts, *tables}
    for resource in package.resources:
        if resource.path in tables:  # made when somebody asks for it
            assert (resource.type, resource.encoding, resource.bytes, resource.hash) == ("table", "utf-8", None, None)
            continue
        content = (release.root / str(resource.path)).read_bytes()
        assert resource.bytes == (None if resource.path.endswith(".zip") else len(content))
        assert resource.hash == f"sha256:{facts[resource.path]['sha256']}"


@every_table
def test_the_package_schema_accepts_the_published_rows(release: Release, dataset: Dataset, table: Table) -> None:
    """The first and last rows of each table, read by frictionless through the schema the package gives them."""
    descriptor = json.loads((release.root / "datapackage.json").read_text(encoding="utf-8"))
    resource = next(item for item in descriptor["resources"] if item["name"] == table.name)
    schema = Schema.from_descriptor(resource["schema"])
    rows = pq.read_table(release.table(table.name)).to_pylist()
    for row in (*rows[:20], *rows[-20:]):
        _, notes = schema.read_cells(list(row.values()))
        assert not any(notes), (row, notes)
    targets = {item["name"] for item in descriptor["resources"]}
    for link in resource["schema"].get("foreignKeys", []):
        assert link["reference"]["resource"] in targets


def test_one_column_name_means_one_thing() -> None:
    """Same name, same kind and unit, in every table of every dataset."""
    meanings: dict[str, set] = {}
    for _, table in TABLES:
        for field in published(table).columns:
            kind = Kind.ENTERO if field.kind is Kind.DECIMAL else field.kind  # projections have decimals
            meanings.setdefault(field.name, set()).add((kind, field.unit))
    assert {name: found for name, found in meanings.items() if len(found) > 1} == {}

"""Promise: programs of others read it by its address, as it is: their types and their totals are those of the release, and codes
are text. Each runs in an environment of its own, with nothing of ours.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from etl.release import Release
from tests.browser_support import ROOT
from tests.readers_support import read

#: A table with codes, counts and days, and the column that is added up.
TABLE, SUMMED, CODE = "padron_municipal_edad", "empadronados", "codigo_municipio"
SHAPES = ROOT.parent / "shared" / "estandares"

READERS = {
    "pandas": """
        import pandas
        csv = pandas.read_csv(f"{files}/{given[0]}.csv", dtype={given[2]: str})
        parquet = pandas.read_parquet(f"{files}/{given[0]}.parquet")
        excel = pandas.read_excel(f"{files}/{given[0]}.xlsx", dtype={given[2]: str})
        tell([[len(one), int(one[given[1]].sum()), one[given[2]].min()] for one in (csv, parquet, excel)])
        """,
    "polars": """
        import polars
        text = {given[2]: polars.String}
        csv, parquet = f"{files}/{given[0]}.csv", f"{files}/{given[0]}.parquet"
        found = [
            polars.read_csv(csv, schema_overrides=text),
            polars.scan_csv(csv, schema_overrides=text).collect(),
            polars.scan_parquet(parquet).collect(),
        ]
        tell([[one.height, one[given[1]].sum(), one[given[2]].min()] for one in found])
        """,
    "duckdb": """
        import pathlib, duckdb, duckdb_extension_httpfs
        extension = next(pathlib.Path(duckdb_extension_httpfs.__file__).parent.rglob("httpfs.duckdb_extension"))
        database = duckdb.connect()
        database.execute(f"LOAD '{extension}'")
        kinds = f"types = {{'{given[2]}': 'VARCHAR'}}"
        found = [f"read_csv('{files}/{given[0]}.csv', {kinds})", f"read_parquet('{files}/{given[0]}.parquet')"]
        asked = "select count(*), sum({1})::bigint, min({2}) from"
        tell([database.sql(f"{asked.format(*given)} {one}").fetchone() for one in found])
        """,
    "pyogrio": """
        from pyogrio import read_dataframe
        found = read_dataframe(f"/vsicurl/{files}/{given[0]}.csv")  # a CSV has only text for it
        tell([[len(found), int(found[given[1]].astype(int).sum()), found[given[2]].min()]])
        """,
    "openpyxl": """
        import io, openpyxl, requests
        book = openpyxl.load_workbook(io.BytesIO(requests.get(f"{files}/{given[0]}.xlsx").content), read_only=True)
        header, *rows = book["datos"].iter_rows(values_only=True)
        rows = [dict(zip(header, row)) for row in rows]
        tell([[len(rows), sum(row[given[1]] for row in rows), min(row[given[2]] for row in rows)]])
        """,
}


@pytest.fixture(scope="module")
def release(release_path: Path) -> Release:
    return Release.open(release_path)


@pytest.mark.parametrize("reader", READERS)
def test_rows_types_and_totals_are_those_of_the_release(reader: str, site: str, release: Release) -> None:
    table = pq.read_table(release.table(TABLE))
    expected = [table.num_rows, pc.sum(table[SUMMED]).as_py(), pc.min(table[CODE]).as_py()]
    found = read(READERS[reader], site, release.id, TABLE, SUMMED, CODE)
    assert found and all(one == expected for one in found), found
    assert expected[2] == "0101"


def test_geopandas_reads_the_boundaries(site: str, release: Release) -> None:
    said = read(
        """
        import geopandas
        stored = geopandas.read_parquet(f"{files}/limites_departamentos.parquet")
        written = geopandas.read_file(f"{files}/limites_departamentos.geojson")
        tell([len(stored), stored.crs.to_epsg(), len(written), written.crs.to_epsg(), stored["codigo_departamento"].min()])
        """,
        site,
        release.id,
    )
    assert said == [22, 32615, 22, 4326, "01"]


# --- Catalogues -------------------------------------------------------------------------------------------------------------


def test_csvw_validates_each_csv_as_the_link_of_its_answer_says(site: str, release: Release) -> None:
    tables = [item["tabla"] for item in release.manifest["archivos"] if item["formato"] == "Parquet"]
    small = [name for name in tables if name and pq.read_metadata(release.table(name)).num_rows < 100]
    said = read(
        """
        import csvw
        told = {}
        for name in given:
            found = csvw.CSVW(f"{files}/{name}.csv", validate=True)
            rows = list(found.tables[0].iterdicts())
            told[name] = [found.is_valid, found.no_metadata, len(rows), [str(one.message) for one in found.warnings]]
        tell(told)
        """,
        site,
        release.id,
        *small,
    )
    assert len(said) > 15
    assert said == {name: [True, False, pq.read_metadata(release.table(name)).num_rows, []] for name in small}


@pytest.mark.largo
def test_csvw_validates_every_csv(site: str, release: Release) -> None:
    every = [item["tabla"] for item in release.manifest["archivos"] if item["formato"] == "Parquet"]
    script = """
        import csvw
        tell([csvw.CSVW(f"{files}/{name}.csv", validate=True).is_valid for name in given])
        """
    for name in every:
        assert read(script, site, release.id, str(name)) == [True], name


def test_the_catalogue_says_the_same_in_both_forms_and_the_shapes_of_dcat_ap_accept_it(
    declared_site: str, release: Release
) -> None:
    shapes = sorted(SHAPES.glob("dcat-ap-3*.ttl"))
    said = read(
        """
        from pyshacl import validate
        from rdflib import RDF, DCAT, SH, Graph
        from rdflib.compare import isomorphic
        first = Graph().parse(f"{base}/catalogo.jsonld", format="json-ld")
        graph = Graph().parse(f"{base}/catalogo.ttl", format="turtle")
        found = []
        for path in given:
            shapes = Graph().parse(path)
            # One of the files refers to two shapes that it does not have, and pySHACL takes no such thing.
            for link in [one for one in shapes.triples((None, SH.property, None)) if not shapes.value(one[2], SH.path)]:
                shapes.remove(link)
            valid, _, words = validate(graph, shacl_graph=shapes, allow_warnings=False)
            found.append([valid, "" if valid else words[:2000]])
        counts = [len(list(graph.subjects(RDF.type, kind))) for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution)]
        tell([isomorphic(first, Graph().parse(f"{base}/catalogo.ttl")), counts, found])
        """,
        declared_site,
        release.id,
        *map(str, shapes),
    )
    same, (catalogs, datasets, distributions), found = said
    assert same and catalogs == 1 and datasets == len(release.manifest["datasets"])
    assert distributions > 4 * 40
    assert found == [[True, ""]] * len(shapes)
    if not shapes:
        pytest.skip("no están las formas de DCAT-AP en ../shared/estandares")


def test_extruct_finds_the_catalogue_and_each_dataset_in_their_pages(declared_site: str, release: Release) -> None:
    names = [item["nombre"] for item in release.manifest["datasets"]]
    said = read(
        """
        import extruct, requests
        def found(path):
            page = requests.get(base + path).text
            return extruct.extract(page, base_url=base + path, syntaxes=["json-ld"], errors="strict")["json-ld"]
        tell([found("/datos"), {name: found(f"/datos/{name}") for name in given}, found("/padron")])
        """,
        declared_site,
        release.id,
        *names,
    )
    (catalogue,), datasets, elsewhere = said
    assert catalogue["@type"] == "DataCatalog" and elsewhere == []
    assert [item["url"] for item in catalogue["dataset"]] == [f"{declared_site}/datos/{name}" for name in names]
    for name, (dataset,) in datasets.items():
        assert dataset["@type"] == "Dataset" and dataset["identifier"] == name
        assert dataset["url"] == f"{declared_site}/datos/{name}" and len(dataset["description"]) >= 50
        addresses = [item["contentUrl"] for item in dataset["distribution"]]
        assert addresses and all(one.startswith(f"{declared_site}/descargas/{release.id}/") for one in addresses)


def test_mlcroissant_loads_every_dataset_and_reads_records(declared_site: str, release: Release) -> None:
    names = [item["nombre"] for item in release.manifest["datasets"]]
    said = read(
        """
        import mlcroissant
        told = {}
        for name in given[1:]:
            found = mlcroissant.Dataset(f"{base}/croissant/{name}.json")
            told[name] = [[one.id for one in found.metadata.record_sets], found.metadata.ctx.issues.report()]
        table = given[0]
        rows = list(mlcroissant.Dataset(f"{base}/croissant/poblacion.json").records(table))
        code = min(row[f"{table}/codigo_municipio"].decode() for row in rows)
        tell([told, len(rows), sum(row[f"{table}/poblacion"] for row in rows), code])
        """,
        declared_site,
        release.id,
        "poblacion_municipal",
        *names,
    )
    told, rows, total, code = said
    table = pq.read_table(release.table("poblacion_municipal"))
    assert (rows, total, code) == (table.num_rows, pc.sum(table["poblacion"]).as_py(), "0101")
    assert {name: issues for name, (_, issues) in told.items() if issues} == {}
    tables = [item["tabla"] for item in release.manifest["archivos"] if item["formato"] == "Parquet"]
    assert sorted(name for sets, _ in told.values() for name in sets) == sorted(filter(None, tables))


def test_what_a_reader_cannot_read_fails_the_test(site: str, release: Release) -> None:
    """The readers are real: asked for a wrong file, they complain."""

    def fails(script: str) -> Any:
        with pytest.raises(AssertionError):
            read(script, site, release.id)

    fails('import polars; polars.read_csv(f"{files}/nada.csv")')
    fails('import mlcroissant; mlcroissant.Dataset(f"{base}/data.json")')


def test_a_reader_of_feeds_finds_every_release(declared_site: str, release: Release) -> None:
    script = """
        import feedparser
        feed = feedparser.parse(f"{base}/publicaciones.atom")
        tell([feed.bozo, feed.feed.title, [[one.id, one.link, one.title, one.updated] for one in feed.entries]])
        """
    wrong, title, entries = read(script, declared_site, release.id)
    assert not wrong and "publicaciones" in title
    assert [link for _, link, _, _ in entries] == [f"{declared_site}/publicaciones?a={release.id}"]
    assert all(name.startswith("urn:uuid:") and release.id in said and day[4] == "-" for name, _, said, day in entries)


def test_json_stat_is_valid_and_adds_up_to_the_release(site: str, release: Release) -> None:
    script = """
        import requests
        from jsonstat_validator import validate_jsonstat
        found = requests.get(f"{base}/api/v1/datasets/{given[0]}/data.jsonstat").json()
        tell([bool(validate_jsonstat(found)), found["class"], found["size"], len(found["value"])])
        """
    valid, kind, size, values = read(script, site, release.id, "poblacion_municipal")
    assert valid and kind == "dataset"
    whole = 1
    for count in size:
        whole *= count
    assert values == whole >= (pq.read_table(release.table("poblacion_municipal")).num_rows)

"""Promise: whoever reads CKAN reads this site as one more: datasets, searches and rows, by GET and by POST, with its errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from dashboard.web.ckan.asked import BadSearch
from dashboard.web.ckan.solr import parsed
from etl.release import Release
from tests.readers_support import read

ROOTS = ("/api/3/action", "/api/action")
TABLE = "padron_municipal_edad"


@pytest.fixture(scope="module")
def release(release_path: Path) -> Release:
    return Release.open(release_path)


@pytest.fixture(scope="module")
def asking(declared_site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=declared_site, timeout=60) as client:
        yield client


def result(asking: httpx.Client, action: str, **asked: Any) -> Any:
    """What an action gives by GET, by POST and at its other address: the same."""
    by_get = {name: value if isinstance(value, str) else json.dumps(value) for name, value in asked.items()}
    answers = [asking.get(f"{root}/{action}", params=by_get) for root in ROOTS]
    answers += [asking.post(f"{root}/{action}", json=asked) for root in ROOTS]
    first = answers[0].json()
    assert first["success"] is True and first["help"].endswith(f"help_show?name={action}")
    for answer in answers:
        found = answer.json()
        if action == "datastore_search":  # it tells what was asked as it came
            for told, name in product((found, first), ("filters", "q", "_links")):
                told["result"].pop(name, None)
        assert (answer.status_code, found) == (200, first), answer.request.url
    return first["result"]


# --- By its own clients -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("get_only", ["", "sí"], ids=["POST", "GET"])
def test_ckanapi_reads_it(declared_site: str, release: Release, get_only: str) -> None:
    said = read(
        """
        import ckanapi
        site = ckanapi.RemoteCKAN(base, get_only=bool(given[0]))
        act = site.action
        names = act.package_list()
        packages = [act.package_show(id=name) for name in names]
        resources = [item for package in packages for item in package["resources"]]
        table = next(item for item in resources if item["url"].endswith(f"/{given[1]}.csv"))
        rows, found = [], {"records": True}
        while found["records"]:
            found = act.datastore_search(resource_id=table["id"], offset=len(rows), limit=1000)
            rows += found["records"]
        wrong = {}
        for action, asked in (("package_show", {"id": "nada"}), ("package_show", {}), ("package_search", {"q": "("})):
            try:
                site.call_action(action, asked)
            except ckanapi.errors.CKANAPIError as error:
                wrong[f"{action} {asked}"] = type(error).__name__
        last = {"organizations": act.organization_list(), "groups": act.group_list(), "wrong": list(wrong.values())}
        tell(last | {
            "read": act.site_read(), "names": names, "search": act.package_search(rows=1000)["count"],
            "same": all(act.resource_show(id=item["id"]) == item for item in resources[:20]),
            "total": found["total"], "rows": len(rows), "sum": sum(row["empadronados"] for row in rows),
            "codes": min(row["codigo_municipio"] for row in rows), "numbers": [row["_id"] for row in rows[:3]],
        })
        """,
        declared_site,
        release.id,
        get_only,
        TABLE,
    )
    table = pq.read_table(release.table(TABLE))
    assert said == {
        "read": True,
        "names": sorted(item["nombre"] for item in release.manifest["datasets"]),
        "search": len(release.manifest["datasets"]),
        "same": True,
        "total": table.num_rows,
        "rows": table.num_rows,
        "sum": pc.sum(table["empadronados"]).as_py(),
        "codes": "0101",
        "numbers": [1, 2, 3],
        "organizations": ["padron-abierto"],
        "groups": [],
        "wrong": ["NotFound", "ValidationError", "SearchQueryError"],
    }


def test_a_harvester_asks_as_ckanext_harvest_does(asking: httpx.Client, release: Release) -> None:
    """Its pages of a hundred in order of id, of one organization but not others, and what changed since a moment."""
    every: list[str] = []
    while True:
        page = result(
            asking, "package_search", rows=5, start=len(every), sort="id asc", fq="organization:padron-abierto"
        )
        if not page["results"]:
            break
        every += [item["id"] for item in page["results"]]
    assert every == sorted(set(every)) and len(every) == page["count"] == len(release.manifest["datasets"])
    for fq, count in (
        ("-organization:(otra OR mas)", len(every)),
        ("metadata_modified:[2020-01-01T00:00:00Z TO *]", len(every)),
        (f"metadata_modified:[{release.id[:10]}T00:00:01Z TO *]", 0),
        ("organization:otra", 0),
        ('license_id:"CC-BY-3.0-IGO"', 1),
        ("+res_format:PARQUET -name:limites*", len(every) - 2),
        ("*:*", len(every)),
    ):
        assert result(asking, "package_search", fq=fq, rows=0)["count"] == count, fq


def test_a_search_finds_words_without_accents_and_counts_by_facets(asking: httpx.Client) -> None:
    found = result(asking, "package_search", q="POBLACIÓN", **{"facet.field": ["tags", "organization"]})
    names = [item["name"] for item in found["results"]]
    assert {"poblacion", "poblacion_2011_2015"} <= set(names) and found["count"] < 22
    assert found["facets"]["organization"] == {"padron-abierto": found["count"]}
    assert found["facets"]["tags"]["Guatemala"] == found["count"]
    assert found == result(asking, "package_search", q="poblacion", **{"facet.field": ["tags", "organization"]})
    assert result(asking, "package_search", q="poblacion", sort="name desc", rows=1)["results"][0]["name"] == max(names)


# --- Rows ---------------------------------------------------------------------------------------------------------------


def test_rows_are_filtered_ordered_and_counted_as_in_the_file(asking: httpx.Client, release: Release) -> None:
    table = pq.read_table(release.table(TABLE)).to_pylist()
    asked = {
        "filters": {"codigo_municipio": ["0101", "1601"], "sexo": "mujeres"},
        "sort": "empadronados desc",
        "limit": 4,
    }
    wanted = [row for row in table if row["codigo_municipio"] in ("0101", "1601") and row["sexo"] == "mujeres"]
    found = result(asking, "datastore_search", resource_id=TABLE, **asked)
    assert found["total"] == len(wanted) and found["limit"] == 4
    expected = sorted(wanted, key=lambda row: -row["empadronados"])[:4]
    assert [{**row, "_id": 0} for row in found["records"]] == [
        {"_id": 0, **row, "corte": row["corte"].isoformat()} for row in expected
    ]
    assert [table[row["_id"] - 1]["empadronados"] for row in found["records"]] == [
        row["empadronados"] for row in expected
    ]


def test_rows_take_every_form_that_ckan_gives_them(asking: httpx.Client) -> None:
    asked = {"resource_id": "departamentos", "fields": ["codigo_departamento", "departamento"], "limit": 2}
    objects = result(asking, "datastore_search", **asked)
    assert objects["records"] == [
        {"codigo_departamento": "01", "departamento": "Guatemala"},
        {"codigo_departamento": "02", "departamento": "El Progreso"},
    ]
    assert [one["type"] for one in objects["fields"]] == ["text", "text"]
    lists = result(asking, "datastore_search", records_format="lists", **asked)
    assert lists["records"] == [["01", "Guatemala"], ["02", "El Progreso"]]
    assert (
        result(asking, "datastore_search", records_format="csv", **asked)["records"] == "01,Guatemala\n02,El Progreso\n"
    )
    assert "total" not in result(asking, "datastore_search", include_total=False, **asked)
    regions = result(asking, "datastore_search", resource_id="departamentos", fields="region", distinct=True)
    assert regions["total"] == len(regions["records"]) == 8
    words = result(asking, "datastore_search", resource_id="municipios", q="totonicapan", limit=50)
    assert words["total"] >= 8 and all("Totonicap" in json.dumps(row, ensure_ascii=False) for row in words["records"])
    one = result(asking, "datastore_search", resource_id="municipios", q={"municipio": "peten"}, limit=1)
    assert one["total"] < words["total"]


def test_what_follows_is_where_the_answer_says(asking: httpx.Client) -> None:
    first = asking.get(f"{ROOTS[0]}/datastore_search?resource_id=municipios&limit=200&sort=municipio").json()["result"]
    second = asking.get(first["_links"]["next"]).json()["result"]
    codes = [row["codigo_municipio"] for row in (*first["records"], *second["records"])]
    assert len(set(codes)) == 340 == first["total"] and len(second["records"]) == 140
    assert asking.get(first["_links"]["start"]).json()["result"]["records"] == first["records"]


# --- What it cannot honour ------------------------------------------------------------------------------------------------

INVALID = {"resource_id": "municipios"}


@pytest.mark.parametrize(
    ("action", "asked", "status", "kind", "named"),
    [
        ("package_show", {"id": "nada"}, 404, "Not Found Error", "message"),
        ("package_show", {}, 409, "Validation Error", "id"),
        ("package_show", {"id": ["territorio"]}, 409, "Validation Error", "id"),
        ("resource_show", {"id": "territorio"}, 404, "Not Found Error", "message"),
        ("organization_show", {"id": "otra"}, 404, "Not Found Error", "message"),
        ("group_show", {"id": "otro"}, 404, "Not Found Error", "message"),
        ("package_search", {"rows": -1}, 409, "Validation Error", "rows"),
        ("package_search", {"nada": 1}, 400, "Search Query Error", "message"),
        ("package_search", {"sort": "nada asc"}, 400, "Search Query Error", "message"),
        ("package_search", {"q": "(" * 200}, 400, "Search Query Error", "message"),
        ("datastore_search", {}, 409, "Validation Error", "resource_id"),
        ("datastore_search", {"resource_id": "nada"}, 404, "Not Found Error", "message"),
        ("datastore_search", {"resource_id": "limites_municipios"}, 404, "Not Found Error", "message"),
        ("datastore_search", INVALID | {"filters": {"nada": 1}}, 409, "Validation Error", "filters"),
        ("datastore_search", INVALID | {"filters": "{"}, 409, "Validation Error", "filters"),
        ("datastore_search", INVALID | {"filters": {"area_km2": "x"}}, 409, "Validation Error", "filters"),
        ("datastore_search", INVALID | {"filters": {"corte": "ayer"}}, 409, "Validation Error", "filters"),
        ("datastore_search", INVALID | {"filters": {"municipio": ["x"] * 201}}, 409, "Validation Error", "filters"),
        ("datastore_search", INVALID | {"filters": {"municipio": "\ud800"}}, 409, "Validation Error", "filters"),
        ("datastore_search", INVALID | {"fields": "municipio; drop table municipios"}, 409, "Validation Error", "fields"),
        ("datastore_search", INVALID | {"sort": "municipio; drop"}, 409, "Validation Error", "sort"),
        ("datastore_search", INVALID | {"sort": "nada"}, 409, "Validation Error", "sort"),
        ("datastore_search", INVALID | {"limit": "x"}, 409, "Validation Error", "limit"),
        ("datastore_search", INVALID | {"offset": 10**30}, 409, "Validation Error", "offset"),
        ("datastore_search", INVALID | {"q": "a " * 9}, 409, "Validation Error", "q"),
        ("datastore_search", INVALID | {"records_format": "xml"}, 409, "Validation Error", "records_format"),
        ("datastore_search", INVALID | {"nada": 1}, 400, "Search Query Error", "message"),
        ("datastore_search_sql", {"sql": "select 1"}, 400, "Bad Request", "message"),
        ("package_create", {"name": "x"}, 400, "Bad Request", "message"),
    ],
)  # fmt: skip
def test_what_cannot_be_honoured_is_said_as_ckan_says_it(
    asking: httpx.Client, action: str, asked: dict[str, Any], status: int, kind: str, named: str
) -> None:
    body = json.dumps(asked)
    answer = asking.post(f"{ROOTS[0]}/{action}", content=body, headers={"Content-Type": "application/json"})
    told = answer.json()
    assert (answer.status_code, told["success"], told["error"]["__type"]) == (status, False, kind), told
    assert told["error"][named] and answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("body", ["[1]", '"x"', "{", "[" * 5_000, "id=territorio", "\x00"])
def test_a_body_that_is_no_object_is_refused(asking: httpx.Client, body: str) -> None:
    answer = asking.post(f"{ROOTS[0]}/package_show", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["__type"]) == (400, "Bad Request")


def test_a_form_is_read_as_a_form(asking: httpx.Client) -> None:
    assert asking.post(f"{ROOTS[0]}/package_show", data={"id": "territorio"}).json()["result"]["name"] == "territorio"


def test_a_body_has_a_limit(asking: httpx.Client) -> None:
    answer = asking.post(f"{ROOTS[0]}/package_show", json={"id": "x" * 70_000})
    assert answer.status_code == 413


def test_nobody_gets_more_cells_than_an_answer_holds(asking: httpx.Client) -> None:
    found = asking.get(f"{ROOTS[0]}/datastore_search?resource_id=participacion_mesa&limit=32000").json()["result"]
    assert len(found["records"]) == found["limit"] < 32_000 and found["total"] > 100_000
    assert len(found["records"]) * len(found["fields"]) <= 400_000


def test_only_reading_is_taken_and_other_sites_may_ask(asking: httpx.Client) -> None:
    address = f"{ROOTS[0]}/package_show"
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = asking.request(method, address)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST"), method
    before = {"Origin": "https://otro.example", "Access-Control-Request-Method": "POST"}
    may = asking.options(address, headers=before).headers
    assert may["access-control-allow-methods"] == "GET, HEAD, POST" and may["access-control-allow-origin"] == "*"
    assert "Content-Type" in may["access-control-allow-headers"]
    elsewhere = asking.options("/api/v1/parametros", headers=before).headers
    assert elsewhere["access-control-allow-methods"] == "GET, HEAD"
    assert asking.head(f"{ROOTS[0]}/package_list").status_code == 200
    assert asking.get("/api/3").json() == {"version": 3}
    assert asking.post("/api/v1/parametros").status_code == 405


# --- Its language of searches ---------------------------------------------------------------------------------------------

DOCUMENT = {
    "name": ["padron_municipal"],
    "text": ["Padrón por municipio"],
    "tags": ["sexo", "grupo de edad"],
    "day": ["2026-07-12"],
}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("padron", True),
        ("padron AND censo", False),
        ("padron OR censo", True),
        ("padron -censo", True),
        ("NOT padron", False),
        ("tags:sexo", True),
        ('tags:"grupo de edad"', True),
        ("tags:grupo", False),
        ("tags:gru*", True),
        ("tags:(sexo OR area) name:padron*", True),
        ("+tags:(area)", False),
        ("!(censo padron)", True),
        ("day:[2026-07-01 TO 2026-07-31]", True),
        ("day:[* TO 2026-07-11]", False),
        ("muni*", True),
        ('"por municipio"^4', True),
        ("", True),
    ],
)  # fmt: skip
def test_a_search_means_what_solr_means(asked: str, expected: bool) -> None:
    assert parsed(asked)(DOCUMENT) is expected


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some.text(alphabet='ab:()[]{}"\\+-!* ANDORTño', max_size=60))
def test_no_search_breaks_it(asked: str) -> None:
    with suppress(BadSearch):
        assert parsed(asked)(DOCUMENT) in (True, False)

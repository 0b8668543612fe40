"""Promise: each place has its identifier of Open Civic Data, by its rules and for ever, in its tables and in the files that
project takes.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import duckdb
import httpx
import pytest

from dashboard.render.standards import standard_files
from etl.fields import ocd
from etl.release import Release
from tests.browser_support import ROOT

#: The identifiers that were published: assigned once, whatever the name of the place is later.
ASSIGNED = ROOT / "tests" / "data" / "ocd_country_gt.csv"


@pytest.fixture(scope="module")
def root(release_path: Path) -> Path:
    """The folder of the release."""
    return Release.open(release_path).root


def rows_of(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(content.decode())))


@pytest.fixture(scope="module")
def files(client: httpx.Client, root: Path) -> dict[str, httpx.Response]:
    """The files of Open Civic Data as the site sends them, by name."""
    names = [item.name for item in standard_files(Release.open(root)) if item.name.startswith("ocd_")]
    return {name: client.get(f"/descargas/{root.name}/{name}") for name in names}


def test_identifiers_follow_the_rules(files: dict[str, httpx.Response]) -> None:
    """OCDEP 2: lower case, letters of any alphabet, only some signs; unique, and inside of one that is there too."""
    ids = [row["id"] for row in rows_of(files["ocd_country_gt.csv"].content)]
    part = re.compile(r"[^\W\d_A-Z]+:[\w.~-]+")
    assert len(ids) == len(set(ids)) == 1 + 22 + 340 and ids == sorted(ids)
    for one in ids:
        start, *parts = one.split("/")
        assert start == "ocd-division" and one == one.lower() and all(part.fullmatch(item) for item in parts), one
        assert parts[0] == "country:gt" and (len(parts) == 1 or one.rpartition("/")[0] in ids)


def test_identifiers_that_were_published_never_change(files: dict[str, httpx.Response]) -> None:
    """The ones assigned are kept in tests/data: a name that is corrected must not change the identifier of its place."""
    kept = [(row["id"], row["ine"]) for row in rows_of(ASSIGNED.read_bytes())]
    now = {row["id"]: row["ine"] for row in rows_of(files["ocd_country_gt.csv"].content)}
    assert [pair for pair in kept if now.get(pair[0]) != pair[1]] == []


def test_the_same_name_in_two_departamentos_is_two_identifiers(files: dict[str, httpx.Response]) -> None:
    rows = [row for row in rows_of(files["ocd_municipalities.csv"].content) if row["name"] == "La Democracia"]
    assert [(row["id"].removeprefix(f"{ocd.WHOLE}/"), row["ine"]) for row in rows] == [
        ("department:05/municipality:la_democracia", "0503"),
        ("department:13/municipality:la_democracia", "1312"),
    ]


def test_departamentos_have_their_codes_of_iso(files: dict[str, httpx.Response], root: Path) -> None:
    """ISO 3166-2:GT, as changed on 2021-11-25."""
    rows = {row["name"]: row for row in rows_of(files["ocd_departments.csv"].content)}
    known = {"Guatemala": ("GT-01", "GT-GU"), "Alta Verapaz": ("GT-16", "GT-AV"), "El Progreso": ("GT-02", "GT-PR")}
    for name, codes in known.items():
        assert (rows[name]["iso_3166_2"], rows[name]["iso_3166_2_until_2021"]) == codes
    assert len({row["iso_3166_2"] for row in rows.values()}) == 22
    facts = next(item for item in Release.open(root).manifest["archivos"] if item["tabla"] == "departamentos")
    assert "https://www.iso.org/obp/ui/#iso:code:3166:GT" in [source["url"] for source in facts["fuentes"]]


def test_the_tables_have_the_same_identifiers(files: dict[str, httpx.Response], root: Path) -> None:
    release = Release.open(root)
    for level, name in (("departamento", "ocd_departments.csv"), ("municipio", "ocd_municipalities.csv")):
        asked = f"SELECT codigo_ocd, codigo_{level} FROM '{release.table(f'{level}s')}'"
        assert dict(duckdb.sql(asked).fetchall()) == {row["id"]: row["ine"] for row in rows_of(files[name].content)}


def test_the_folder_is_the_one_that_the_project_takes(files: dict[str, httpx.Response]) -> None:
    """Its compiler joins the files of a country in one, by identifier, with the columns of all of them and CRLF."""
    folder = zipfile.ZipFile(io.BytesIO(files["ocd_division_ids.zip"].content))
    inside = "identifiers/country-gt/"
    parts = [f"{inside}{name}.csv" for name in ("departments", "municipalities", "top_level")]
    assert sorted(folder.namelist()) == sorted(("identifiers/country-gt.csv", f"{inside}README.md", *parts))
    assert folder.read("identifiers/country-gt.csv") == files["ocd_country_gt.csv"].content
    assert folder.read(parts[0]) == files["ocd_departments.csv"].content
    assert folder.read(f"{inside}README.md") == files["ocd_readme.md"].content
    joined = sorted((row for name in parts for row in rows_of(folder.read(name))), key=lambda row: row["id"])
    whole = rows_of(files["ocd_country_gt.csv"].content)
    assert [{name: value for name, value in row.items() if value} for row in whole] == [
        {name: value for name, value in row.items() if value} for row in joined
    ]
    assert files["ocd_country_gt.csv"].content.count(b"\r\n") == len(whole) + 1


def test_names_become_parts_by_the_rules() -> None:
    assert ocd.part("San José  Pinula") == "san_josé_pinula"
    assert ocd.part("Sen\u0303or d'Ávila (2.0)") == "señor_d~ávila_~2.0~"


def test_the_site_sends_them_as_what_they_are(files: dict[str, httpx.Response]) -> None:
    kinds = {"csv": "text/csv; charset=utf-8", "md": "text/markdown; charset=utf-8", "zip": "application/zip"}
    assert len(files) == 5
    for name, answer in files.items():
        assert answer.status_code == 200 and answer.headers["Content-Type"] == kinds[name.rpartition(".")[2]], name
        assert "immutable" in answer.headers["Cache-Control"] and answer.headers["ETag"], name
    assert 'filename="country-gt.csv"' in files["ocd_country_gt.csv"].headers["Content-Disposition"]

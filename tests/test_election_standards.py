"""Promise: programs of elections read our figures as they are. Each election is a valid NIST SP 1500-100 V2 document whose
numbers are those of the release, all of them and no other.
"""

from __future__ import annotations

import io
import json
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import httpx
import jsonschema
import jsonschema_rs
import pytest

from dashboard.figures.returns import events_with_figures
from dashboard.render import nist
from dashboard.render.standards import standard_file, standard_files
from etl.fields import ocd
from etl.release import DamagedError, Release
from tests.browser_support import ROOT
from tests.checkout_support import Checkout
from tests.release_support import files_of, renamed

#: Of others, and so not in the project: it is validated against where it is beside it.
SCHEMA = ROOT.parent / "shared" / "estandares" / "nist_sp_1500-100_v2.schema.json"
#: What of the release is of an election, and the one with the actas of a whole country, whose document takes seconds.
EVENTS = ("2007-1", "2007-2", "2011-1", "2011-2", "2015-1", "2015-2", "2018-consulta", "2019-2", "2023-1", "2023-2")
WITH_ACTAS, LONG = "2023-repeticion", "2019-1"
WITHOUT_FIGURES = ("2011-repeticion", "2015-repeticion", "2019-repeticion")
ALL = [*EVENTS, WITH_ACTAS, pytest.param(LONG, marks=pytest.mark.largo)]
COUNTS = ("votos_emitidos", "votos_validos", "votos_blanco", "votos_nulos", "votos_nulos_y_blanco", "votos_invalidos")
#: One figure: what it is of (an office, or what a unit is told), where, what is counted, and how many.
Figure = tuple[str, str, str, int]


@cache
def schema() -> Any:
    """The official one (usnistgov/ElectionResultsReporting, branch version2)."""
    if not SCHEMA.is_file():
        pytest.skip(f"no está el esquema oficial en {SCHEMA.relative_to(ROOT.parent)}")
    return json.loads(SCHEMA.read_bytes())


@cache
def document(root: Path, code: str) -> Any:
    """The document of an election of a release, as the site makes it."""
    release, file = Release.open(root), io.BytesIO()
    found = next(item for item in standard_files(release) if item.name == nist.file_name(code))
    found.write(file)
    return json.loads(file.getvalue())


@pytest.fixture(scope="module")
def root(release_path: Path) -> Path:
    """The folder of the release."""
    return Release.open(release_path).root


# --- NIST SP 1500-100 V2 ----------------------------------------------------------------------------------------------


def test_the_elections_with_figures_have_a_document(root: Path) -> None:
    assert [code for code, _ in events_with_figures(Release.open(root))] == sorted((*EVENTS, WITH_ACTAS, LONG))


@pytest.mark.parametrize("code", ALL)
def test_the_official_schema_takes_every_document(root: Path, code: str) -> None:
    found = document(root, code)
    jsonschema_rs.Draft4Validator(schema(), validate_formats=True).validate(found)
    if code in (WITH_ACTAS, "2019-2"):  # the same by the reference implementation, which is slower
        jsonschema.Draft4Validator(schema(), format_checker=jsonschema.FormatChecker()).validate(found)


def test_the_official_schema_does_refuse(root: Path) -> None:
    found = json.loads(json.dumps(document(root, WITH_ACTAS)))
    found["Election"][0]["BallotCounts"][0]["BallotsCast"] = "muchas"
    assert not jsonschema_rs.Draft4Validator(schema()).is_valid(found)


def references(value: Any, declared: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every identifier that a part of a document refers to, with the types that the schema says it may be of."""
    if isinstance(value, list):
        for item in value:
            yield from references(item, declared)
    elif isinstance(value, dict):
        properties = declared["definitions"][value["@type"]]["properties"]
        for name, inner in value.items():
            kinds = properties[name].get("refTypes") or properties[name].get("items", {}).get("refTypes")
            if kinds:
                yield from ((one, tuple(kinds)) for one in ([inner] if isinstance(inner, str) else inner))
            elif isinstance(inner, dict | list) and (not isinstance(inner, list) or not isinstance(inner[:1], str)):
                yield from references(
                    [item for item in ([inner] if isinstance(inner, dict) else inner) if isinstance(item, dict)],
                    declared,
                )


def named(value: Any) -> Iterator[tuple[str, str]]:
    """Every object of a document with an identifier, and its type."""
    if isinstance(value, list):
        for item in value:
            yield from named(item)
    elif isinstance(value, dict):
        if "@id" in value:
            yield value["@id"], value["@type"]
        for inner in value.values():
            yield from named(inner)


@pytest.mark.parametrize("code", ALL)
def test_what_is_referred_to_is_there_once(root: Path, code: str) -> None:
    found = document(root, code)
    pairs = list(named(found))
    types = dict(pairs)
    assert len(types) == len(pairs)
    refers = list(references(found, schema()))
    assert refers and all(types[one] in kinds for one, kinds in refers)
    inside = Counter(inner for unit in found["GpUnit"] for inner in unit.get("ComposingGpUnitIds", ()))
    assert inside == Counter(unit["@id"] for unit in found["GpUnit"][1:]), "every unit but the country is inside of one"


def told(found: Any) -> Counter[Figure]:
    """Every figure of a document."""
    figures: Counter[Figure] = Counter()
    for unit in found["GpUnit"]:
        for name in ("VotersRegistered", "VotersParticipated", "TotalSubUnits"):
            if name in unit:
                figures[("", unit["@id"], name, unit[name])] += 1
    for election in found["Election"]:
        office = next((one["Value"] for one in election["ExternalIdentifier"] if one["OtherType"] == "cargo"), "")
        for count in election["BallotCounts"]:
            name = count.get("OtherType", "votos_emitidos")
            assert (count["Type"] == "total") == (name == "votos_emitidos")
            figures[(office, count["GpUnitId"], name, count["BallotsCast"])] += 1
        for contest in election["Contest"]:
            for name in ("TotalSubUnits", "SubUnitsReported"):
                if name in contest:
                    figures[(office, contest["ElectionDistrictId"], name, contest[name])] += 1
            for chosen in contest.get("ContestSelection", ()):
                (party,) = (item for item in found["Party"] if item["@id"] == chosen["PartyIds"][0])
                for votes in chosen["VoteCounts"]:
                    figures[(office, votes["GpUnitId"], party["Name"]["Text"][0]["Content"], votes["Count"])] += 1
    return figures


class Published:
    """Every figure of one election of a release, asked of its Parquet files in SQL."""

    def __init__(self, root: Path, code: str) -> None:
        self.root, self.code, self.found = root, code, Counter[Figure]()
        self.db = duckdb.connect()

    def rows(self, table: str, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
        """Some rows of a table that are of the election."""
        path = Release.open(self.root).table(table)
        asked = f"SELECT {columns} FROM '{path}' WHERE eleccion = ? AND {where}"
        return self.db.execute(asked, [self.code]).fetchall()

    def add(self, office: str, unit: str, names: Iterable[str], values: Iterable[int | None]) -> None:
        """Those that are not missing."""
        for name, value in zip(names, values, strict=True):
            if value is not None:
                self.found[(office, unit, name, value)] += 1

    def national(self) -> None:
        """The definitive ones: all elections have them."""
        roll: dict[str, int | None] = {}
        wanted = "estado_recuento = 'definitivo'"
        for office, people, tables, *counts in self.rows(
            "participacion_nacional", f"cargo, empadronados, mesas, {', '.join(COUNTS[:5])}", wanted
        ):
            roll |= {"VotersRegistered": people} | ({"TotalSubUnits": tables} if tables else {})
            self.add(office, "gt", COUNTS[:5], counts)
        self.add("", "gt", roll, roll.values())

    def municipal(self) -> None:
        """Those of the municipal elections, and of the second round."""
        parties = "partido_primero, votos_primero, partido_segundo, votos_segundo"
        for place, office, people, first, one, second, two, *counts in self.rows(
            "participacion_municipal", f"codigo_municipio, cargo, empadronados, {parties}, {', '.join(COUNTS[:4])}"
        ):
            self.add(office, f"gt-{place}", (*COUNTS[:4], first, second), (*counts, one, two))
            self.add("", f"gt-{place}", ["VotersRegistered"], [people])
        for place, first, one, second, two, valid in self.rows(
            "segunda_vuelta", f"codigo_municipio, {parties}, votos_validos"
        ):
            self.add("presidencia", f"gt-{place}", ("votos_validos", first, second), (valid, one, two))
        for place, tables in self.rows("mesas_municipio", "codigo_municipio, mesas"):
            self.add("", f"gt-{place}", ["TotalSubUnits"], [tables])
        for (tables,) in self.rows("mesas_extranjero", "mesas"):
            self.add("", "gt-25", ["TotalSubUnits"], [tables])

    def of_actas(self) -> None:
        """Those of each polling table, and their sums by place."""
        names = [COUNTS[0], COUNTS[1], COUNTS[2], COUNTS[3], COUNTS[5]]
        for office, table, *counts in self.rows("participacion_mesa", f"cargo, mesa, {', '.join(names)}"):
            self.add(office, f"mesa-{table}", names, counts)
        for table, people in self.rows("participacion_mesa", "DISTINCT mesa, empadronados"):
            self.add("", f"mesa-{table}", ["VotersRegistered"], [people])
        for office, table, party, votes in self.rows("participacion_mesa_votos", "cargo, mesa, partido, votos"):
            self.add(office, f"mesa-{table}", [party], [votes])
        for office, place, tables, whole, *counts in self.rows(
            "participacion_mesa_lugar", f"cargo, codigo_municipio, mesas, mesas_con_datos, {', '.join(COUNTS[:4])}"
        ):
            self.add(office, f"gt-{place}", [f"suma_de_actas/{name}" for name in COUNTS[:4]], counts)
            if office == "corporacion_municipal":
                self.add(office, f"gt-{place}", ("TotalSubUnits", "SubUnitsReported"), (tables, whole))
        for office, tables, whole in self.rows(
            "participacion_mesa_archivos",
            "cargo, actas, actas_contabilizadas",
            "cargo IN ('presidencia', 'parlacen', 'diputados_lista_nacional')",
        ):
            self.add(office, "gt", ("TotalSubUnits", "SubUnitsReported"), (tables, whole))

    def abroad(self) -> None:
        """The exact and preferred ones of everybody in a place abroad; nobody there votes for another office."""
        everybody = "sexo IS NULL AND grupo_edad IS NULL AND alfabetismo IS NULL AND pueblo IS NULL"
        where = f"precision = 'exacta' AND preferida AND nivel IN ('total', 'ciudad') AND {everybody}"
        codes = "codigo_pais, codigo_estado, codigo_ciudad"
        for name, party, value, *place in self.rows("extranjero", f"indicador, organizacion, valor, {codes}", where):
            unit = "-".join(("gt-25", *(code for code in place if code)))
            people = {"empadronados": "VotersRegistered", "votantes": "VotersParticipated"}
            if name in people:
                self.add("", unit, [people[name]], [value])
            elif name in COUNTS or name == "votos_organizacion":
                self.add("presidencia", unit, [party or name], [value])

    def all(self) -> Counter[Figure]:
        """Everything."""
        for of_a_kind in (self.national, self.municipal, self.of_actas, self.abroad):
            of_a_kind()
        return self.found


@pytest.mark.parametrize("code", ALL)
def test_every_number_is_in_the_release_and_every_number_of_it_is_there(root: Path, code: str) -> None:
    found, published = told(document(root, code)), Published(root, code).all()
    assert found == published, ((found - published).most_common(5), (published - found).most_common(5))


def test_figures_that_can_be_checked_by_hand(root: Path) -> None:
    """FUENTES: the roll and the votes of the second round of 2023; San José del Golfo, table 2297."""
    figures = told(document(root, "2023-2"))
    assert figures[("", "gt", "VotersRegistered", 9_361_068)] == 1
    assert figures[("presidencia", "gt", "votos_emitidos", 4_208_985)] == 1
    repeated = document(root, WITH_ACTAS)
    assert told(repeated)[("corporacion_municipal", "mesa-2297", "votos_emitidos", 209)] == 1
    (contest,) = repeated["Election"][0]["Contest"]
    assert (contest["TotalSubUnits"], contest["SubUnitsReported"], repeated["Status"]) == (24, 22, "unofficial-partial")
    assert (repeated["Format"], repeated["Election"][0]["StartDate"]) == ("precinct-level", "2023-08-20")


def test_places_are_told_by_their_identifiers(root: Path) -> None:
    units = {unit["@id"]: unit for unit in document(root, "2011-1")["GpUnit"]}
    codes = {one.get("OtherType", one["Type"]): one["Value"] for one in units["gt-13"]["ExternalIdentifier"]}
    assert codes == {"ocd-id": f"{ocd.WHOLE}/department:13", "national-level": "13", "iso-3166-2": "GT-13"}
    assert units["gt-1312"]["ExternalIdentifier"][0]["Value"] == f"{ocd.WHOLE}/department:13/municipality:la_democracia"
    assert "gt-1312" in units["gt-13"]["ComposingGpUnitIds"]


def test_turnout_counted_person_by_person_is_there_and_what_is_confidential_is_not(published_cubes: Checkout) -> None:
    release = Release.open(published_cubes.folder / "data" / "release" / "current")
    found = told(document(release.root, "2023-1"))
    total = "sexo = 'total' AND grupo_edad = 'total' AND alfabetismo = 'total' AND pueblo = 'total'"
    columns = "codigo_departamento, codigo_municipio, empadronados, votantes"
    asked = f"SELECT {columns} FROM '{release.table('participacion_cubo')}' WHERE eleccion = '2023-1' AND {total}"
    expected: Counter[Figure] = Counter()
    for departamento, municipio, people, voters in duckdb.sql(asked).fetchall():
        code = next((one for one in (municipio, departamento) if one != "total"), "")
        for name, value in (("VotersRegistered", people), ("VotersParticipated", voters)):
            if value is not None:
                expected[("", f"gt-{code}" if code else "gt", name, value)] += 1
    at_home = Counter({figure: times for figure, times in found.items() if not figure[1].startswith("gt-25")})
    assert len(expected) == 2 * (22 + 1) and at_home == expected  # so few people that no municipio is told
    assert not any(unit["Type"] == "municipality" for unit in document(release.root, "2023-1")["GpUnit"])
    jsonschema_rs.Draft4Validator(schema()).validate(document(release.root, "2023-1"))


def test_what_counts_invented_people_says_it_is_a_test(root: Path, tmp_path: Path) -> None:
    name, files = renamed(files_of(root)[1], "2030-01-01", sintetica=True)
    (tmp_path / name).mkdir()
    for file, content in files.items():
        (tmp_path / name / file).write_bytes(content)
    found = document(tmp_path / name, "2023-2")
    assert found["IsTest"] and "IsTest" not in document(root, "2023-2")
    jsonschema_rs.Draft4Validator(schema()).validate(found)


def test_a_damaged_table_is_said_and_takes_nothing_else_with_it(root: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(root, tmp_path / root.name)
    (copy / "participacion_nacional.parquet").write_bytes(b"PAR1")
    release = Release.open(copy, whole=False)
    with pytest.raises(DamagedError):
        standard_file(release, nist.file_name("2023-2"))
    assert standard_file(release, "ocd_departments.csv") is not None
    assert {item.dataset for item in standard_files(release)} == {"territorio"}


# --- Where they are ----------------------------------------------------------------------------------------------------


def test_the_site_sends_a_document_as_what_it_is(client: httpx.Client, root: Path) -> None:
    report = client.get(f"/descargas/{root.name}/{nist.file_name(WITH_ACTAS)}")
    assert report.status_code == 200 and report.headers["Content-Type"] == "application/json; charset=utf-8"
    assert "immutable" in report.headers["Cache-Control"] and report.headers["ETag"]
    assert json.loads(report.content) == document(root, WITH_ACTAS)
    part = client.get(report.url.path, headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.content) == (206, report.content[:10])


def test_an_election_without_figures_has_none(client: httpx.Client, root: Path) -> None:
    for code in (*WITHOUT_FIGURES, "1999-1"):
        answer = client.get(f"/descargas/{root.name}/{nist.file_name(code)}")
        assert answer.status_code == 404 and answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("mode", ["", "/accesible"])
def test_pages_and_the_api_say_which_there_are(client: httpx.Client, root: Path, mode: str) -> None:
    release = Release.open(root)
    listed = {item["archivo"]: item for item in client.get("/api/v1/parametros").json()["normas"]}
    assert set(listed) == {item.name for item in standard_files(release)}
    for dataset, start in (("territorio", "ocd_"), ("elecciones", "nist_")):
        page = client.get(f"{mode}/datos/{dataset}").text
        for name, item in listed.items():
            assert (f'href="{item["direccion"]}"' in page) == name.startswith(start), (dataset, name)
        assert f'href="{mode}/datos/{dataset}#normas"' in client.get(f"{mode}/datos").text

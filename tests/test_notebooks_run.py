"""Promise: the worked notebooks, taken by address from a site and run whole, find the figures of its release, the same in pandas
as in R, and leave a table that says where it comes from.

Their figures are worked out here again from the Parquet of the release, with SQL and the standard library.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from dashboard.render.notebooks import FOLDER, NOTEBOOKS, READS, written
from dashboard.render.snippets import HERE
from etl.release import Release
from tests.notebooks_support import Ran, cells_of, chunks_of, notebook_of, python, rscript

PANDAS, R = NOTEBOOKS
RUN: dict[str, Callable[[bytes, Path], Ran]] = {PANDAS.name: python, R.name: rscript}
without_r = pytest.mark.skipif(shutil.which("Rscript") is None, reason="no está R")
PROGRAMS = [PANDAS.name, pytest.param(R.name, marks=without_r)]


@pytest.fixture(scope="module")
def release(release_path: Path) -> Release:
    return Release.open(release_path)


@pytest.fixture(scope="module")
def taken(declared_site: str, release: Release) -> Callable[[str], bytes]:
    """The bytes of a notebook as the site gives it."""
    return lambda name: notebook_of(declared_site, name, release.id)


@pytest.fixture(scope="module")
def ran(taken: Callable[[str], bytes], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Ran]:
    """What a notebook of the site found, run once."""
    known: dict[str, Ran] = {}

    def run(name: str) -> Ran:
        if name not in known:
            known[name] = RUN[name](taken(name), tmp_path_factory.mktemp("cuaderno") / "de")
        return known[name]

    return run


@pytest.fixture(scope="module")
def figures(release: Release) -> Iterator[Callable[[str], list[tuple[Any, ...]]]]:
    """Asks the Parquet of the release in SQL: a table is called as the release does."""
    with duckdb.connect() as connection:
        for table in READS:
            connection.execute(f"CREATE VIEW {table} AS FROM read_parquet('{release.table(table)}')")
        yield lambda asked: connection.execute(asked).fetchall()


Ask = Callable[[str], list[tuple[Any, ...]]]
#: The votes of 2023 of the municipios that have them, with their people of the census.
VOTES = """
    SELECT left(codigo_municipio, 2) AS codigo, codigo_municipio, empadronados, votos_validos, mayas, censados
    FROM participacion_municipal JOIN (
        SELECT codigo_municipio, sum(poblacion) AS censados, sum(poblacion) FILTER (pueblo = 'maya') AS mayas
        FROM censo_2018_pueblo GROUP BY ALL
    ) USING (codigo_municipio)
    WHERE eleccion = '2023-1' AND cargo = 'corporacion_municipal' AND votos_validos IS NOT NULL AND empadronados IS NOT NULL
"""
REGISTER = "FROM padron_municipal_cortes WHERE residencia = 'pais' AND fecha = (SELECT max(fecha) FROM padron_municipal_cortes)"


def alike(said: Any, expected: float) -> None:
    assert float(said) == pytest.approx(expected, rel=1e-9)


# --- The figures are those of the release -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_roll_adds_up_to_the_total_of_the_country(name: str, ran: Callable[[str], Ran], figures: Ask) -> None:
    ((total, cutoff),) = figures(f"SELECT sum(empadronados), max(fecha) {REGISTER}")
    ((told,),) = figures(f"SELECT empadronados FROM padron_serie_nacional WHERE ambito = 'pais' AND fecha = '{cutoff}'")
    found = ran(name).values
    assert int(found["total_sumado"]) == int(found["total_del_pais"]) == total == told
    assert found["corte_padron"] == cutoff


@pytest.mark.parametrize("name", PROGRAMS)
def test_each_departamento_has_its_figures(name: str, ran: Callable[[str], Ran], figures: Ask) -> None:
    roll = dict(figures(f"SELECT left(codigo_municipio, 2), sum(empadronados) {REGISTER} GROUP BY ALL"))
    people = dict(figures("SELECT left(codigo_municipio, 2), sum(poblacion) FROM poblacion_municipal GROUP BY ALL"))
    asked = (
        f"SELECT codigo, sum(empadronados), sum(votos_validos), sum(mayas), sum(censados) FROM ({VOTES}) GROUP BY ALL"
    )
    votes = {code: more for code, *more in figures(asked)}
    names = dict(figures("SELECT codigo_departamento, departamento FROM departamentos"))
    rows = ran(name).result
    assert sorted(row["codigo_departamento"] for row in rows) == sorted(names) == sorted(roll)
    for row in rows:
        code = row["codigo_departamento"]
        on_roll, valid, mayas, counted = votes[code]
        assert row["departamento"] == names[code]
        assert [int(row[key]) for key in ("empadronados", "habitantes")] == [roll[code], people[code]]
        assert [int(row[key]) for key in ("empadronados_eleccion", "votos_validos")] == [on_roll, valid]
        shares = {
            "empadronados_por_100_habitantes": roll[code] / people[code],
            "votos_validos_por_100_empadronados": valid / on_roll,
            "maya_por_100_con_dato": mayas / counted,
        }
        for key, share in shares.items():
            assert float(row[key]) == pytest.approx(100 * share, abs=0.00501), (code, key)


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_doubtful_is_left_out_and_told(name: str, ran: Callable[[str], Ran], figures: Ask) -> None:
    chosen = "FROM participacion_municipal WHERE eleccion = '2023-1' AND cargo = 'corporacion_municipal'"
    ((lost, everyone),) = figures(
        f"SELECT sum(empadronados) FILTER (votos_validos IS NULL), sum(empadronados) {chosen}"
    )
    without = figures(f"SELECT codigo_municipio {chosen} AND votos_validos IS NULL")
    found = ran(name)
    assert without and sum(int(row["municipios_sin_dato"]) for row in found.result) == len(without)
    alike(found.values["fuera_por_100"], 100 * lost / everyone)
    if name == R.name:  # which shows each table by itself; in Python, only a notebook does
        assert all(code in found.printed for (code,) in without)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_thirds_and_the_correlation(name: str, ran: Callable[[str], Ran], figures: Ask) -> None:
    rows = figures(f"FROM ({VOTES}) ORDER BY mayas / censados, codigo_municipio")
    everyone, so_far = sum(row[2] for row in rows), 0
    thirds: dict[int, list[int]] = {}
    for _, _, people, valid, mayas, counted in rows:
        third = thirds.setdefault(int(3 * (so_far + people / 2) / everyone) + 1, [0] * 5)
        so_far += people
        for place, count in enumerate((1, people, valid, mayas, counted)):
            third[place] += count
    found = ran(name)
    columns = ("municipios", "empadronados", "votos_validos", "mayas", "censados")
    assert [[int(row[key]) for key in columns] for row in found.tables["tercios"]] == [thirds[one] for one in (1, 2, 3)]
    for row, (_, people, valid, mayas, counted) in zip(found.tables["tercios"], thirds.values(), strict=True):
        alike(row["votos_por_100"], 100 * valid / people)
        alike(row["maya_por_100"], 100 * mayas / counted)
    alike(found.values["correlacion_municipios"], correlation([row[2:] for row in rows]))
    places = figures(
        f"SELECT sum(empadronados), sum(votos_validos), sum(mayas), sum(censados) FROM ({VOTES}) GROUP BY codigo"
    )
    alike(found.values["correlacion_departamentos"], correlation(places))


def correlation(places: list[tuple[Any, ...]]) -> float:
    """Pearson's, of the share of maya people and the valid votes of each registered, each place weighing as its roll."""
    weight = [float(people) for people, *_ in places]
    shares = [float(mayas) / float(counted) for _, _, mayas, counted in places]
    votes = [float(valid) / float(people) for people, valid, *_ in places]

    def mean(values: list[float]) -> float:
        return sum(w * v for w, v in zip(weight, values, strict=True)) / sum(weight)

    def together(one: list[float], other: list[float]) -> float:
        return mean([a * b for a, b in zip(one, other, strict=True)]) - mean(one) * mean(other)

    return float(together(shares, votes) / (together(shares, shares) * together(votes, votes)) ** 0.5)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_vote_abroad_is_of_the_preferred_figures(name: str, ran: Callable[[str], Ran], figures: Ask) -> None:
    chosen = "FROM extranjero WHERE preferida AND nivel = 'total' AND sexo IS NULL AND valor IS NOT NULL AND indicador"
    expected = figures(
        f"SELECT e.eleccion, e.valor, e.fecha, e.confianza, v.valor, v.fecha, v.confianza FROM (FROM (SELECT * {chosen} = "
        f"'empadronados')) e JOIN (FROM (SELECT * {chosen} = 'votantes')) v USING (eleccion) ORDER BY 1"
    )
    rows = ran(name).tables["afuera"]
    assert len(rows) == len(expected) >= 3
    for row, (election, roll, day, trust, voted, when, other) in zip(rows, expected, strict=True):
        assert (row["eleccion"], row["fecha_empadronados"], row["fecha_votantes"]) == (election, day, when)
        assert (float(row["valor_empadronados"]), float(row["valor_votantes"])) == (roll, voted)
        alike(row["votaron_por_100"], 100 * voted / roll)
        order = ["baja", "media-baja", "media", "media-alta", "alta"]
        assert row["confianza"] == order[min(order.index(trust), order.index(other))]


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_comparisons_with_adults_are_those_published(name: str, ran: Callable[[str], Ran], figures: Ask) -> None:
    expected = figures(
        "SELECT fecha_padron, empadronados, empadronados_por_100, confianza FROM empadronados_y_adultos "
        "WHERE edad_minima = 18 AND edad_maxima IS NULL"
    )
    rows = ran(name).tables["adultos"]
    found = [(row["fecha_padron"], int(row["empadronados"]), row["confianza"]) for row in rows]
    assert found == [(day, people, trust) for day, people, _, trust in expected]
    for row, (_, _, share, _) in zip(rows, expected, strict=True):
        alike(row["empadronados_por_100"], share)


@without_r
def test_both_say_the_same(ran: Callable[[str], Ran]) -> None:
    one, other = ran(PANDAS.name), ran(R.name)
    assert one.cited == other.cited
    assert [list(row) for row in one.result] == [list(row) for row in other.result]
    for mine, theirs in zip(one.result, other.result, strict=True):
        for key, value in mine.items():
            number = re.fullmatch(r"-?\d+(\.\d+)?", value) and not key.startswith("codigo")
            assert float(value) == float(theirs[key]) if number else value == theirs[key], key


# --- It says where it comes from --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_row_of_the_result_says_where_it_comes_from(
    name: str, ran: Callable[[str], Ran], release: Release, figures: Ask
) -> None:
    found = ran(name)
    tables = ("padron_municipal_cortes", "poblacion_municipal", "participacion_municipal", "censo_2018_pueblo")
    facts = {
        item["tabla"]: item for item in release.manifest["archivos"] if item["tabla"] and item["formato"] == "Parquet"
    }
    keys = {key for table in tables for source in facts[table]["fuentes"] if (key := source.get("clave"))}
    for row in found.result:
        assert row["publicacion"] == release.id and row["licencia"] == "CC-BY-4.0"
        assert row["clave_fuente"].split(" + ") == sorted(keys)
        for table in tables:
            assert all(
                f"{source['editor']}, «{source['titulo']}»" in row["fuente"] for source in facts[table]["fuentes"]
            )
        assert row["confianza"] == "media-alta"
        for key, table in zip(("padron", "poblacion", "censo"), (*tables[:2], tables[3]), strict=True):
            assert row[f"corte_{key}"] == str(figures(f"SELECT max(corte) FROM {table}")[0][0])
        assert row["corte_eleccion"] == "2023-06-25"
        assert re.fullmatch(r"\d\d", row["codigo_departamento"])


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_gives_the_citation_of_the_site(
    name: str, ran: Callable[[str], Ran], declared_site: str, release: Release
) -> None:
    found = ran(name)
    for table, said in found.cited.items():
        address = f"{declared_site}/api/v1/datasets/{table}/data.json"
        expected = httpx.get(address, params={"limite": 1, "publicacion": release.id}).json()["cita"]
        assert said == expected and release.id in said and expected in found.printed
    assert f"{declared_site}/datos?publicacion={release.id}" in found.printed


def test_it_warns_of_what_places_do_not_say() -> None:
    for notebook in NOTEBOOKS:
        text = (FOLDER / notebook.name).read_text(encoding="utf-8")
        for said in ("Hablan de lugares, no de personas", "falacia ecológica", "no es la participación"):
            assert said in text, (notebook.name, said)


# --- The files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PROGRAMS)
def test_as_it_is_kept_it_reads_the_current_release_of_a_site_at_home(
    name: str, ran: Callable[[str], Ran], declared_site: str, release: Release, tmp_path: Path
) -> None:
    kept = (FOLDER / name).read_text(encoding="utf-8")
    assert kept.count("http://127.0.0.1:8050") == 1 and "latest" in kept
    found = RUN[name](kept.replace("http://127.0.0.1:8050", declared_site).encode(), tmp_path / "de")
    assert found.values["publicacion"] == release.id and release.id in found.printed
    assert found.result == ran(name).result


@pytest.mark.parametrize("name", PROGRAMS)
def test_where_nobody_said_what_the_site_is_called_it_asks_for_it(name: str, release: Release, tmp_path: Path) -> None:
    notebook = next(one for one in NOTEBOOKS if one.name == name)
    with pytest.raises(AssertionError, match="Escriba en SITIO"):
        RUN[name](written(notebook, HERE, release.id), tmp_path / "de")


def test_nothing_is_read_that_is_not_declared(
    taken: Callable[[str], bytes], ran: Callable[[str], Ran], tmp_path: Path
) -> None:
    """With the columns that are declared and no other, it finds the same; and both name every one of them."""
    found = python(taken(PANDAS.name), tmp_path / "de", dict(READS))
    assert found.result == ran(PANDAS.name).result and found.tables == ran(PANDAS.name).tables
    for notebook in NOTEBOOKS:
        code = "\n".join({PANDAS: cells_of, R: chunks_of}[notebook](taken(notebook.name)))
        for table, columns in READS.items():
            assert f'"{table}"' in code
            assert [column for column in columns if not re.search(rf"\b{column}\b", code)] == [], (notebook.name, table)


def test_a_cell_that_writes_elsewhere_would_be_seen(tmp_path: Path) -> None:
    document = json.loads((FOLDER / PANDAS.name).read_bytes())
    next(cell for cell in document["cells"] if cell["cell_type"] == "code")["source"] = ['open("../otro.txt", "w")']
    with pytest.raises(AssertionError, match=r"se escribe fuera de la carpeta: \.\./otro\.txt"):
        python(json.dumps(document).encode(), tmp_path / "de")

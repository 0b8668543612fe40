"""Promise: the population of another year is one delivery of the same dataset. The year of before stays in the table, the
site uses the newest and says which, and no Python changes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from etl.datasets.poblacion import DATASET
from etl.pipeline.deliveries import Told, named, with_delivery
from etl.pipeline.run import Result
from etl.release import DATAPACKAGE, MANIFEST
from tests.etl_support import etl, note, provenance, run_on, source_copy, written
from tests.figures_support import ORACLE
from tests.release_support import asked_of, sealed, with_tables_of
from tests.site_support import Document

BEFORE, NOW = date(2024, 1, 1), date(2025, 1, 1)
#: What an inhabitant more in each municipio and sex adds up to.
MUNICIPIOS = 340
TOTAL = 18_312_323 + 2 * MUNICIPIOS


def next_year(content: str) -> bytes:
    """The file of an imaginary next year: one woman and one man more in every municipio."""
    header, *rows = csv.reader(io.StringIO(content))
    found = [dict(zip(header, row, strict=True)) for row in rows]
    for row in found:
        for name, more in (("mujeres", 1), ("hombres", 1), ("suma_sexos", 2), ("poblacion_publicada", 2)):
            row[name] = str(int(row[name]) + more)
    return written([header, *([row[name] for name in header] for row in found)])


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources, their population told to be of 2024, with an imaginary 2025 delivered by command."""
    folder = source_copy(tmp_path_factory.mktemp("poblacion") / "fuentes")
    document = provenance(folder / "poblacion")
    facts = {name: item.model_copy(update={"corte": BEFORE}) for name, item in document.fuentes.items()}
    note(folder / "poblacion", document.model_copy(update={"fuentes": facts}))
    (file,) = document.archivos
    arrived = folder.parent / "poblacion_siguiente.csv"
    arrived.write_bytes(next_year((folder / "poblacion" / file.archivo).read_text(encoding="utf-8")))
    order = ("fuente", "poblacion", arrived, "--corte", NOW.isoformat(), "--url", "en mano", "--origen", folder)
    done = etl(*map(str, order), "--total", f"poblacion={TOTAL}")
    assert done.exit_code == 0, done.stdout
    return folder


@pytest.fixture(scope="module")
def result(origin: Path) -> Result:
    made = run_on(origin, "poblacion")
    assert made.problems == []
    return made


def test_both_years_are_in_the_tables(origin: Path, result: Result) -> None:
    assert len(provenance(origin / "poblacion").archivos) == 2
    published, by_sex = result.tables["poblacion_municipal_publicada"], result.tables["poblacion_municipal"]
    assert published.groupby("anio")["poblacion_publicada"].sum().to_dict() == {2024: 18_312_323, 2025: TOTAL}
    assert by_sex.groupby("anio")["poblacion"].sum().to_dict() == {2024: 18_312_373, 2025: TOTAL + 50}
    (notice,) = [item for item in result.notices if "2025" in item.message]
    assert notice.territories == ("1805",) and "50 de diferencia" in notice.message


def test_the_site_uses_the_newest_year_and_says_it(release_path: Path, result: Result, tmp_path: Path) -> None:
    release = with_tables_of(release_path, tmp_path, result, "poblacion")
    page, plain, women, file = asked_of(
        release,
        "/padron",
        "/accesible/padron?lugar=0101",
        "/descargas/vista/padron_mapa.json?sexo=mujeres",
        "/descargas/vista/padron_mapa.json",
    )
    answer = Document(page.text).texts("#pregunta .respuesta")[0]
    rate = 100 * ORACLE.registered().sum() / TOTAL
    assert f"{rate:.1f} por cada 100 habitantes de 2025" in answer
    assert "de 2025" in Document(plain.text).texts(".ficha-lugar")[0]
    assert "Población total de 2025" in Document(plain.text).texts("#tabla th")
    rows = {row["codigo_municipio"]: row for row in file.json()["filas"]}
    assert rows["0101"]["poblacion_total"] == ORACLE.population()["0101"] + 2
    assert rows["0101"]["diferencia"] == ORACLE.registered()["0101"] - rows["0101"]["poblacion_total"]
    of_women = {row["codigo_municipio"]: row["poblacion_total"] for row in women.json()["filas"]}
    assert of_women["0101"] == ORACLE.population("mujeres")["0101"] + 1


def test_a_correction_of_the_same_year_takes_its_place(origin: Path, tmp_path: Path) -> None:
    copy = tmp_path / "fuentes"
    shutil.copytree(origin, copy)
    newest = provenance(copy / "poblacion").archivos[-1]
    content = next_year((copy / "poblacion" / newest.archivo).read_text(encoding="utf-8"))
    told = Told(date(2025, 6, 30), {"url": "en mano"}, {"poblacion": TOTAL + 2 * MUNICIPIOS})
    file = named(DATASET, DATASET.inputs[0], told.cutoff, tmp_path / "corregida.csv", content)
    (copy / "poblacion" / file.name).write_bytes(content)
    note(copy / "poblacion", with_delivery(provenance(copy / "poblacion"), [file], told))
    made = run_on(copy, "poblacion")
    assert made.problems == []
    sums = made.tables["poblacion_municipal_publicada"].groupby("anio")["poblacion_publicada"].sum().to_dict()
    assert sums == {2024: 18_312_323, 2025: TOTAL + 2 * MUNICIPIOS}


def as_before(release: Path, folder: Path) -> Path:
    """A copy of `release` as it was when each year of the population was a dataset of its own."""
    shutil.copytree(release.resolve(), folder)
    package, manifest = (json.loads((folder / name).read_text(encoding="utf-8")) for name in (DATAPACKAGE, MANIFEST))
    names = {"poblacion_municipal": "poblacion_2026", "poblacion_municipal_publicada": "poblacion_2026_publicada"}
    for resource in package["resources"]:
        if resource["name"] in names:
            resource["name"] = names[resource["name"]]
            resource["schema"]["fields"] = [item for item in resource["schema"]["fields"] if item["name"] != "anio"]
    for entry in manifest["archivos"]:
        if entry["tabla"] in names:
            kept = pq.read_table(folder / entry["nombre"]).drop_columns(["anio"])
            entry["tabla"] = names[entry["tabla"]]
            entry["nombre"] = f"{entry['tabla']}.parquet"
            pq.write_table(kept, folder / entry["nombre"])
            content = (folder / entry["nombre"]).read_bytes()
            entry["bytes"], entry["sha256"] = len(content), hashlib.sha256(content).hexdigest()
    for name, content in ((DATAPACKAGE, package), (MANIFEST, manifest)):
        (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return sealed(folder)


def test_a_release_of_before_has_its_rate_under_the_names_it_had(release_path: Path, tmp_path: Path) -> None:
    page, file = asked_of(as_before(release_path, tmp_path / "antigua"), "/padron", "/descargas/vista/padron_mapa.json")
    assert "54.8 por cada 100 habitantes." in Document(page.text).texts("#pregunta .respuesta")[0]
    assert {row["codigo_municipio"]: row["poblacion_total"] for row in file.json()["filas"]}["0101"] == 1_242_219

"""Promise: any dataset is renewed by the same command, and a municipio that is created is one row; the code says neither."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from etl.__main__ import app
from etl.datasets import all_datasets
from etl.licenses import LICENSES
from etl.model import Dataset
from etl.pipeline.deliveries import Delivered, NotDelivered, Told, input_of, named, with_delivery
from etl.pipeline.provenance import as_toml
from etl.pipeline.run import run
from etl.publish.contents import release_files
from etl.release import publish
from tests.etl_support import SOURCE, accept, provenance, source_copy, written
from tests.release_support import asked_of

DATASETS = {item.name: item for item in all_datasets()}
every_dataset = pytest.mark.parametrize("dataset", DATASETS.values(), ids=list(DATASETS))
TOLD = {"url": "recibido por correo", "nota": "Corregido."}


@every_dataset
def test_the_input_that_a_file_fills_is_known_by_its_columns(dataset: Dataset) -> None:
    for item in provenance(SOURCE / dataset.name).archivos:
        try:
            assert input_of(dataset, SOURCE / dataset.name, item.archivo).name == item.entrada
        except NotDelivered as ambiguous:  # two inputs of one layout: whoever delivers is asked
            assert "--entrada" in str(ambiguous)


@every_dataset
def test_what_is_written_is_read_back_and_nothing_is_lost(dataset: Dataset) -> None:
    """Every file that was read is still read, or noted as one that was replaced; and what is written can be read."""
    for item in provenance(SOURCE / dataset.name).archivos:
        document = provenance(SOURCE / dataset.name)
        if item.fuente not in document.fuentes:
            continue
        declared = next(one for one in dataset.inputs if one.name == item.entrada)
        content = (SOURCE / dataset.name / item.archivo).read_bytes() + b"\n"
        totals = {name: total.valor for name, total in document.fuentes[item.fuente].totales.items()}
        file = named(dataset, declared, date(2026, 10, 1), Path(item.archivo), content)
        after = with_delivery(document, [file], Told(date(2026, 10, 1), TOLD, totals))
        before = {one.archivo for one in document.archivos}
        assert before | {file.name} == {one.archivo for one in (*after.archivos, *after.anteriores)}
        stays = declared.accumulates or declared.several
        assert (item.archivo in {one.archivo for one in after.archivos}) == stays
        new = next(one for one in after.archivos if one.archivo == file.name)
        source = after.fuentes[new.fuente]
        assert (source.corte, source.url, source.nota) == (date(2026, 10, 1), "recibido por correo", "Corregido.")
        assert set(source.totales) == set(totals)


@pytest.mark.parametrize(
    "name",
    [
        "consulados",
        *(pytest.param(name, marks=pytest.mark.largo) for name in ("territorio", "poblacion_2011_2015", "elecciones")),
    ],
)
def test_a_dataset_is_renewed_by_command(name: str, tmp_path: Path) -> None:
    """Whole, in process: the files of today as a delivery of another day, recognised, checked and put in their place."""
    origin = source_copy(tmp_path / "source")
    (tmp_path / "llegaron").mkdir()
    document = provenance(origin / name)
    paths = []
    for item in document.archivos:
        path = tmp_path / "llegaron" / item.archivo
        path.write_bytes((origin / name / item.archivo).read_bytes() + b"\n")
        paths.append(path)
    totals = [
        f"--total={total}={told.valor}"
        for source in document.fuentes.values()
        for total, told in source.totales.items()
    ]
    order = ["fuente", name, *paths, "--corte=2026-10-01", "--url=recibido por correo", *totals, f"--origen={origin}"]
    done = CliRunner().invoke(app, [str(word) for word in order])
    assert done.exit_code == 0, done.stdout
    after = provenance(origin / name)
    assert {item.corte for item in after.fuentes.values()} >= {date(2026, 10, 1)}
    assert {item.archivo for item in after.anteriores} == {item.archivo for item in document.archivos}
    assert all((origin / name / item.archivo).is_file() for item in (*after.archivos, *after.anteriores))
    text = (origin / name / "fuente.toml").read_text(encoding="utf-8")
    assert text == as_toml(after)


def test_the_first_delivery_of_a_dataset_asks_for_everything() -> None:
    dataset = DATASETS["consulados"]
    file = named(dataset, dataset.inputs[0], date(2026, 10, 1), Path("x.csv"), b"x")
    with pytest.raises(NotDelivered, match=r"agregue --titulo --editor --licencia --confianza"):
        with_delivery(None, [file], Told(date(2026, 10, 1), TOLD))
    whole = TOLD | {"titulo": "t", "editor": "e", "licencia": "informacion-publica-gt", "confianza": "media"}
    made = with_delivery(None, [file], Told(date(2026, 10, 1), whole))
    assert [item.archivo for item in made.archivos] == [file.name]


def test_of_two_deliveries_of_a_day_each_keeps_what_was_said_of_it() -> None:
    told = {"titulo": "t", "editor": "e", "url": "x", "licencia": next(iter(LICENSES)), "confianza": "alta"}
    entry = DATASETS["participacion_mesa"].inputs[0]
    document = with_delivery(None, [Delivered(entry, "0.csv", b"0")], Told(date(2023, 6, 25), told))
    for number, url in enumerate(("one", "other", "other"), start=1):
        file = Delivered(entry, f"{number}.csv", bytes(number))
        document = with_delivery(document, [file], Told(date(2023, 8, 25), {"url": url}))
    named = {file.archivo: file.fuente for file in document.archivos}
    assert {name: document.fuentes[source].url for name, source in named.items()} == {
        "0.csv": "x", "1.csv": "one", "2.csv": "other", "3.csv": "other",
    }  # fmt: skip
    assert named["2.csv"] == named["3.csv"] == "trep_2023_08_25_2"


def test_a_file_of_several_is_replaced_only_by_name() -> None:
    dataset = DATASETS["participacion_mesa"]
    document = provenance(SOURCE / "participacion_mesa")
    old = document.archivos[0]
    declared = next(item for item in dataset.inputs if item.name == old.entrada)
    file = named(dataset, declared, date(2026, 10, 1), Path("x.csv"), b"x")
    beside = with_delivery(document, [file], Told(date(2026, 10, 1), TOLD))
    assert len(beside.archivos) == len(document.archivos) + 1 and not beside.anteriores
    instead = with_delivery(document, [file], Told(date(2026, 10, 1), TOLD, replaces=old.archivo))
    assert len(instead.archivos) == len(document.archivos)
    assert [item.archivo for item in instead.anteriores] == [old.archivo]
    with pytest.raises(NotDelivered, match=r"no hay ningún archivo nadie.csv que reemplazar"):
        with_delivery(document, [file], Told(date(2026, 10, 1), TOLD, replaces="nadie.csv"))


@pytest.mark.parametrize("name", ["poblacion_2026", "mesas_2023", "segunda_vuelta_2015"])
def test_a_dataset_that_was_called_by_its_year_leads_to_the_one_of_today(name: str, release_path: Path) -> None:
    today = name.rpartition("_")[0]
    answers = asked_of(release_path, f"/datos/{name}", f"/accesible/datos/{name}", "/datos/nada_2026")
    assert [item.status_code for item in answers] == [200, 200, 404]
    hops = [(hop.status_code, hop.headers["location"]) for item in answers for hop in item.history]
    assert hops == [(301, f"/datos/{today}"), (301, f"/accesible/datos/{today}")]


# --- A municipio that is created ------------------------------------------------------------------------------------


def with_new_municipio(origin: Path, since: str) -> None:
    """One more row in the catalogue of `origin`: what is known of a municipio on the day that it is created."""
    path = origin / "territorio" / "municipios.csv"
    header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
    like = dict(zip(header, next(row for row in rows if row[0] == "0117"), strict=True))
    blank = {name: "" for name in header if name.startswith(("rotulo", "cabecera", "area"))}
    new = like | blank | {"codigo_municipio": "0118", "municipio": "Ciudad Quetzal", "nombre_ign": "Ciudad Quetzal"}
    new |= {"desde": since, "vigencia_nota": "Decreto imaginado por una prueba."}
    accept(origin / "territorio", "municipios.csv", written([header, *rows, [new[name] for name in header]]))


@pytest.fixture(scope="module")
def with_341(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of a country with one municipio more, which nothing else knows yet."""
    folder = tmp_path_factory.mktemp("341")
    origin = source_copy(folder / "source")
    with_new_municipio(origin, "2026-09-01")
    result = run(all_datasets(), origin)
    assert result.problems == []
    release_id, files = release_files(result)
    return publish(release_id, files, folder / "release").root


def test_no_older_dataset_fails_for_lacking_a_new_municipio(with_341: Path) -> None:
    pages = ("/ficha/0118", "/accesible/ficha/0118", "/padron?lugar=0118", "/accesible/padron?departamento=01&lugar=0118",
             "/fichas", "/comparar?lugares=0118,0117", "/participacion?lugar=0118", "/buscar?q=ciudad+quetzal")  # fmt: skip
    for page, answer in zip(pages, asked_of(with_341, *pages), strict=True):
        assert answer.status_code in (200, 301), page
        assert "Ciudad Quetzal" in answer.text or answer.status_code == 307, page
    (profile,) = asked_of(with_341, "/accesible/ficha/0118")
    assert "sin dato publicado" in profile.text


def test_from_its_day_on_a_delivery_must_bring_it(tmp_path: Path) -> None:
    origin = source_copy(tmp_path, "padron_municipal")
    with_new_municipio(origin, "2026-01-01")
    problems = run([DATASETS["territorio"], DATASETS["padron_municipal"]], origin).problems
    assert ["falta el municipio 0118 Ciudad Quetzal" in item.message for item in problems] == [True]


def test_one_that_ended_is_asked_of_nobody_afterwards(tmp_path: Path) -> None:
    origin = source_copy(tmp_path, "padron_municipal")
    path = origin / "territorio" / "municipios.csv"
    header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
    until, why = header.index("hasta"), header.index("vigencia_nota")
    for row in rows:
        if row[0] == "1714":
            row[until], row[why] = "2026-01", "Imaginado por una prueba."
    accept(origin / "territorio", "municipios.csv", written([header, *rows]))
    document = provenance(origin / "padron_municipal")
    (file,) = document.archivos
    kept = [line for line in (origin / "padron_municipal" / file.archivo).read_text("utf-8").splitlines(True)]
    without = "".join(line for line in kept if not line.startswith("17,PETEN,14,") and ",EL CHAL," not in line)
    accept(origin / "padron_municipal", file.archivo, without.encode())
    problems = run([DATASETS["territorio"], DATASETS["padron_municipal"]], origin).problems
    assert not [item for item in problems if "falta el municipio" in item.message]

"""Promise: nobody can compare two counts of the same votes, nor two of a registry that are too near each other."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from etl.cubes.declared import EVERY
from tests.microdata_support import ABROAD, CORTE, ELECCION, HEADER, many
from tests.office_support import Office, copied

TURNOUT, REGISTRY = "participacion_extranjero_cubo", "extranjero_cubo"
NEXT_DAY, NEXT_MONTH, NEXT_YEAR = "2026-07-13", "2026-08-12", "2027-07-12"
PEOPLE = many(ABROAD)


def voting(row: tuple[str, ...], vote: str) -> tuple[str, ...]:
    return tuple(vote if name == "VOTO_2023_1" else value for name, value in zip(HEADER, row, strict=True))


#: The same people, some of whom had voted after all.
CHANGED = [voting(row, "SI") if number < 12 else row for number, row in enumerate(reversed(PEOPLE))]


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office that has counted some people abroad, and nothing else."""
    office = Office(tmp_path_factory.mktemp("oficina"))
    office.count(PEOPLE)
    return office


@pytest.fixture(scope="module")
def published(counted: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """One that has published them too."""
    office = copied(counted, tmp_path_factory.mktemp("publicada"))
    assert office.publish().published.manifest.get("anteriores") is None
    return office


@pytest.fixture(scope="module")
def corrected(published: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """One that counted again, with other figures, gave its reason and published."""
    office = copied(published, tmp_path_factory.mktemp("corregida"))
    office.count(CHANGED)
    refused = office.publish()
    assert (
        refused.release is None
        and f"cubos/{CORTE}.{ELECCION}: la participación de {ELECCION} da otras" in refused.problems
    )
    first = published.publish().published.id
    assert f"da otras cifras que las que publicó {first}" in refused.problems
    assert REGISTRY not in refused.problems  # of the registry nothing changed
    assert office.correct(f"{CORTE}.{ELECCION}").startswith("0: Anotado en ")
    office.publish().published  # noqa: B018  that there is one is what is wanted
    return office


@pytest.mark.parametrize(
    "cutoff", [NEXT_DAY, *(pytest.param(day, marks=pytest.mark.largo) for day in (NEXT_YEAR, "2026-07-11"))]
)
def test_an_election_that_was_published_is_refused_at_another_cut_off(
    cutoff: str, published: Office, tmp_path: Path
) -> None:
    office = copied(published, tmp_path)
    office.recounted_at(cutoff, CORTE, ELECCION)
    first = published.publish().published
    for waiting in ("both", "the new one alone"):
        if waiting != "both":
            shutil.rmtree(office.cubes / f"{CORTE}.{ELECCION}")
        refused = office.publish()
        assert refused.release is None
        (line,) = refused.problems.splitlines()
        assert line.startswith(f"cubos/{cutoff}.{ELECCION}: la participación de {ELECCION} ya se publicó")
        assert f"con corte {CORTE}, en la publicación {first.id}" in line and "dice cómo votó" in line
        assert f"python -m etl corregir {cutoff}.{ELECCION}" in line


def test_two_counts_of_an_election_that_wait_are_refused(counted: Office, tmp_path: Path) -> None:
    office = copied(counted, tmp_path)
    office.recounted_at(NEXT_YEAR, CORTE, ELECCION)
    (line,) = office.publish().problems.splitlines()
    assert f"espera contada con varios cortes, {CORTE} y {NEXT_YEAR}" in line


def test_a_count_in_a_folder_of_another_name_is_refused(published: Office, tmp_path: Path) -> None:
    office = copied(published, tmp_path)
    (office.cubes / f"{CORTE}.{ELECCION}").rename(office.cubes / f"{NEXT_YEAR}.{ELECCION}")
    refused = office.publish()
    assert refused.release is None
    assert f"la carpeta se llama {NEXT_YEAR}.{ELECCION}, pero el conteo es de {CORTE}.{ELECCION}" in refused.problems


def test_a_correction_is_public_with_its_reason_and_lasts(corrected: Office, published: Office, tmp_path: Path) -> None:
    office = copied(corrected, tmp_path)
    again = office.publish()
    first = published.publish().published.id
    now = again.published
    datasets = {item["nombre"]: item for item in now.manifest["datasets"]}
    (told,) = datasets[TURNOUT]["correcciones"]
    assert told["por_que"] == "Se contó otro archivo." and told["reporta"] == "Informática"
    assert (told["cuenta"], told["sustituye"]) == (ELECCION, [first])
    assert datasets[REGISTRY]["correcciones"] == []
    assert any("Se contó otro archivo." in item["mensaje"] for item in now.manifest["advertencias"])
    assert [item["publicacion"] for item in now.manifest["anteriores"]] == [first]
    # Without the file, the release that was made with it still says it, and nothing changes.
    (office.cubes / f"{CORTE}.{ELECCION}" / "correccion.toml").unlink()
    assert office.publish().published.id == now.id
    # Nor does anybody go back to the first figures, or to another cut-off.
    shutil.rmtree(office.cubes)
    shutil.copytree(published.cubes, office.cubes)
    assert f"da otras cifras que las que publicó {now.id}" in office.publish().problems


def test_an_election_counted_at_the_wrong_cut_off_is_corrected(published: Office, tmp_path: Path) -> None:
    office = copied(published, tmp_path)
    office.recounted_at(NEXT_YEAR, CORTE, ELECCION)
    assert office.correct(f"{NEXT_YEAR}.{ELECCION}").startswith("0: ")
    assert "espera contada con varios cortes" in office.publish().problems
    shutil.rmtree(office.cubes / f"{CORTE}.{ELECCION}")
    assert office.publish().moments(TURNOUT) == [(NEXT_YEAR, ELECCION)]


DAMAGES = {
    "": "falta",
    'motivo = " "\nquien = "Yo"\nsustituye = ["{first}"]': "no puede estar vacío",
    'motivo = "Error"\nsustituye = ["{first}"]': "falta",
    'motivo = "Error"\nquien = "Yo"\nsustituye = []': "no puede estar vacía",
    'motivo = "Error"\nquien = "Yo"\nsustituye = ["2020-01-01-00000000"]': "no corrige nada: 2020-01-01-00000000",
    'motivo = "Error': "no es TOML válido",
}


@pytest.mark.parametrize("text", DAMAGES)
def test_a_correction_that_says_too_little_corrects_nothing(text: str, corrected: Office, tmp_path: Path) -> None:
    first, *_ = sorted(path.name for path in corrected.releases.iterdir() if path.is_dir() and not path.is_symlink())
    office = copied(corrected, tmp_path)
    path = office.cubes / f"{CORTE}.{ELECCION}" / "correccion.toml"
    path.write_text(text.replace("{first}", first), encoding="utf-8")
    refused = office.publish()
    assert refused.release is None and DAMAGES[text] in refused.problems
    assert f"cubos/{CORTE}.{ELECCION}/correccion.toml" in refused.problems


def test_the_command_that_corrects_explains_what_it_cannot_do(published: Office, tmp_path: Path) -> None:
    office = copied(published, tmp_path)
    assert office.correct("2020-01-01.2019-1").startswith("1: En ")
    assert "No hay nada que corregir" in office.correct(f"{CORTE}.{ELECCION}")
    assert "no pueden estar vacíos" in office.correct(f"{CORTE}.{ELECCION}", who=" ")
    assert not list(office.cubes.rglob("correccion.toml"))


def test_a_roll_with_more_people_than_its_registry_is_refused(counted: Office, tmp_path: Path) -> None:
    office = copied(counted, tmp_path)
    path = office.cubes / f"{CORTE}.{ELECCION}"
    office.count([*PEOPLE, *[(f"9{row[0]}", *row[1:]) for row in PEOPLE]], "--cubos", str(tmp_path / "otros"))
    shutil.rmtree(path)
    shutil.copytree(tmp_path / "otros" / path.name, path)
    (line,) = office.publish().problems.splitlines()
    assert f"en el padrón de {ELECCION} hay más personas que en el registro" in line and "la primera celda: " in line
    assert not any(str(number) in line.partition("celda")[2] for number in (60, 30, 180, 90))  # no count is told


def test_the_registry_is_published_once_a_year(counted: Office, published: Office, tmp_path: Path) -> None:
    office = copied(published, tmp_path)
    for cutoff in (NEXT_MONTH, "2026-01-31", "2027-06-06"):
        office.recounted_at(cutoff)
    made = office.publish()
    assert made.published.id == published.publish().published.id and made.moments(REGISTRY) == [(CORTE,)]
    assert [line[: line.index(":")] for line in made.left_out] == [
        f"{REGISTRY} de 2026-01-31",
        f"{REGISTRY} de {NEXT_MONTH}",
        f"{REGISTRY} de 2027-06-06",
    ]
    assert all("Se publicarán desde el corte de 2027-06-07" in line for line in made.left_out)
    office.recounted_at("2027-06-07")  # as many days after as they must be apart
    assert office.publish().moments(REGISTRY) == [(CORTE,), ("2027-06-07",)]
    assert EVERY.days == 330
    # Two that wait: the earliest, unless the turnout that waits was counted from the other one.
    new = copied(counted, tmp_path / "nueva")
    new.recounted_at("2026-06-12")
    assert new.publish().moments(REGISTRY) == [(CORTE,)]
    none = copied(counted, tmp_path / "sin")
    none.recounted_at("2026-06-12")
    shutil.rmtree(none.cubes / f"{CORTE}.{ELECCION}")
    assert none.publish().moments(REGISTRY) == [("2026-06-12",)]


def test_an_election_whose_registry_is_left_out_is_published(published: Office, tmp_path: Path) -> None:
    office = copied(published, tmp_path)
    office.recounted_at(NEXT_MONTH)
    office.recounted_at(NEXT_MONTH, CORTE, ELECCION)
    other = office.cubes / f"{NEXT_MONTH}.2019-1"
    (office.cubes / f"{NEXT_MONTH}.{ELECCION}").rename(other)
    report = json.loads((other / "informe.json").read_text(encoding="utf-8"))
    (other / "informe.json").write_text(json.dumps(report | {"eleccion": "2019-1"}), encoding="utf-8")
    made = office.publish()
    assert made.published and made.moments(REGISTRY) == [(CORTE,)]
    assert made.moments(TURNOUT) == [(CORTE, ELECCION), (NEXT_MONTH, "2019-1")]
    told = pd.read_parquet(made.published.table(TURNOUT))
    assert set(told["eleccion"]) == {ELECCION, "2019-1"}

"""Promise: what `microdata` counts is published protected, together with all that is public, or not at all."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from etl.commands.output import Exit
from etl.cubes.declared import CUBES
from etl.cubes.parts import Part
from etl.cubes.protect import doubts_of
from etl.cubes.public import SamePeople, earlier
from etl.cubes.tables import cube_dataset
from etl.model import TOTAL
from etl.publish.compare import compare
from etl.release import Release, past_of
from tests.checkout_support import KEPT, Checkout, small_checkout
from tests.microdata_support import ABROAD, AT_HOME, CUBOS, LATER, many, write_csv

NEXT, THEN = "2027-09-30", "2027-12-31"
SAME = "2026-07-12"  # the cut-off of the published registry by municipio


@pytest.fixture(scope="module")
def published(published_cubes: Checkout) -> Checkout:
    """A copy of the project where a registry of 20,000 people has been counted and published; to be read."""
    return published_cubes


def copied(checkout: Checkout, folder: Path) -> Checkout:
    """One to damage."""
    shutil.copytree(checkout.folder, folder / "padron", symlinks=True)
    return Checkout(folder / "padron")


@pytest.fixture
def copy(light_cubes: Checkout, tmp_path: Path) -> Checkout:
    """A copy of another, whose registry is of a few people many times each, to damage."""
    return copied(light_cubes, tmp_path)


def cubes_of(release: Release) -> dict[str, pd.DataFrame]:
    return {name: pd.read_parquet(release.table(name)) for name in CUBOS}


def exact_of(checkout: Checkout, cutoff: str = LATER) -> dict[str, pd.DataFrame]:
    paths = [path for path in (checkout.folder / "data" / "cubos").glob(f"{cutoff}*/*.exacto.parquet")]
    return {path.name.split(".")[0]: pd.read_parquet(path) for path in paths}


def test_every_cube_is_in_the_release_exact_or_hidden_and_says_which(published: Checkout) -> None:
    exact = exact_of(published)
    for cube in CUBES:
        frame = cubes_of(published.current)[cube.name]
        both = frame.merge(exact[cube.name], on=list(cube.columns), suffixes=("", "|"))
        assert len(both) == len(exact[cube.name])
        for item in cube.measures:
            shown = both[item.name].notna()
            assert (both.loc[shown, item.name] == both.loc[shown, f"{item.name}|"]).all()
        assert (frame["empadronados"].isna() == frame["estado_celda"].isin(["confidencial", "no_tabulada"])).all()
        sensitive = frame[[name for name in cube.sensitive if name in frame]].ne(TOTAL).any(axis=1)
        told = frame.loc[sensitive & (frame["empadronados"] > 0), "empadronados"].dropna()
        assert (told >= cube.sensitive_threshold).all()
        assert len(told) or cube.name == "participacion_extranjero_cubo"  # so few people that no city is told
        assert frame.loc[frame["empadronados"] > 0, "empadronados"].min() >= cube.threshold


@pytest.mark.parametrize("which", ["light_cubes", pytest.param("published_cubes", marks=pytest.mark.largo)])
def test_the_release_survives_the_attack(which: str, request: pytest.FixtureRequest) -> None:
    checkout: Checkout = request.getfixturevalue(which)
    audited = checkout.etl("auditar", "--anterior", "data/release/current")
    assert audited.returncode == 0, audited.stdout
    assert re.search(r": [1-9][0-9,]* celdas confidenciales, 0 deducibles", audited.stdout)
    safe = [line for line in audited.stdout.splitlines() if line.endswith("celdas confidenciales, 0 deducibles")]
    assert {name for line in safe for name in re.findall(r"\w+_cubo", line)} == set(CUBOS)


def test_the_manifest_tells_what_was_lost_and_from_what_it_was_counted(
    published: Checkout, synthetic_registry: Path
) -> None:
    manifest = published.current.manifest
    lost = {item["nombre"]: item.get("utilidad") for item in manifest["datasets"]}
    assert lost["padron_municipal"] is None
    (first, *_) = lost["padron_cubo"]
    frame = cubes_of(published.current)["padron_cubo"]
    finest = frame[
        (frame[["codigo_municipio", "sexo", "grupo_edad"]] != TOTAL).all(axis=1) & (frame["pueblo"] == TOTAL)
    ]
    assert first["cruce"] == "codigo_municipio × sexo × grupo_edad"
    assert (first["celdas"], first["celdas_ocultas"]) == (len(finest), finest["empadronados"].isna().sum())
    assert first["personas"] - first["personas_en_celdas_ocultas"] == finest["empadronados"].sum()
    registry = hashlib.sha256(synthetic_registry.read_bytes()).hexdigest()
    entries = [item for item in manifest["entradas"] if item["dataset"] in CUBOS]
    assert {(item["archivo"], item["sha256"]) for item in entries} == {(synthetic_registry.name, registry)}


def test_nothing_published_helps_to_check_a_guess(published: Checkout) -> None:
    """The hash of an exact cube would: whoever guessed the hidden counts could see whether the guess is right."""
    exact = (published.folder / "data" / "cubos").glob(f"{LATER}*/*.exacto.parquet")
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest().encode() for path in exact]
    assert len(hashes) == len(CUBOS)
    for path in published.current.root.iterdir():
        assert not any(known in path.read_bytes() for known in hashes), path.name


@pytest.mark.parametrize("damages", [("nothing",), pytest.param(("damaged", "lost"), marks=pytest.mark.largo)])
def test_nothing_changes_until_something_does_and_what_was_kept_can_be_lost(
    damages: Sequence[str], copy: Checkout
) -> None:
    before = copy.current.id
    for damage in damages:
        kept = [*(copy.folder / "data" / "cubos" / "protegidos").iterdir()]
        assert 1 < len(kept) <= len(CUBES)  # those that count other people are chosen by themselves
        if damage == "damaged":
            for path in (path for place in kept for path in place.glob("*.parquet")):
                path.write_bytes(b"PAR1")
        elif damage == "lost":
            shutil.rmtree(kept[0].parent)
        again = copy.etl("publish", "--si")
        assert again.returncode == 0 and "Sin cambios" in again.stdout, again.stdout
        assert copy.current.id == before


DAMAGES = {
    "a cube that is not what was counted": ("padron_cubo.exacto.parquet", b"PAR1", "su suma SHA-256 es otra"),
    "a report that is no report": ("informe.json", b"{", "no se puede leer"),
    "a report of something else": ("informe.json", b'{"corte": 3}', "no se puede leer"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cube_is_explained_and_publishes_nothing(damage: str, copy: Checkout) -> None:
    name, content, words = DAMAGES[damage]
    before = copy.current.id
    (copy.folder / "data" / "cubos" / LATER / name).write_bytes(content)
    every = (("check",), ("diff",), ("build",), ("publish", "--si"))
    for command in every if name == "informe.json" and content == b"{" else every[-1:]:  # one step serves all four
        refused = copy.etl(*command)
        assert refused.returncode == Exit.PROBLEMS, refused.stdout
        assert f"cubos/{LATER}/{name}: " in refused.stdout
        assert words in refused.stdout and "vuelva a contar" in refused.stdout
    assert copy.current.id == before and copy.current.damaged_files() == []


def test_a_count_that_is_no_number_of_people_is_never_published(copy: Checkout) -> None:
    """As an earlier version left them, of a registry without anybody abroad."""
    folder, name = copy.folder / "data" / "cubos" / LATER, "extranjero_cubo.exacto.parquet"
    frame = pd.read_parquet(folder / name)
    frame.loc[0, "empadronados"] = -(2**63)
    frame.to_parquet(folder / name, index=False)
    report = json.loads((folder / "informe.json").read_text(encoding="utf-8"))
    report["cubos"]["extranjero_cubo"]["sha256"] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "informe.json").write_text(json.dumps(report), encoding="utf-8")
    refused = copy.etl("check")
    assert refused.returncode == Exit.PROBLEMS
    assert f"{name}: tiene celdas sin un conteo de personas" in refused.stdout


@pytest.mark.parametrize(
    ("people", "made"), [pytest.param(AT_HOME, CUBOS[:2], marks=pytest.mark.largo), (ABROAD, CUBOS[2:])]
)
def test_a_registry_without_anybody_abroad_or_at_home_is_published(
    people: Sequence[Sequence[str]], made: list[str], tmp_path: Path
) -> None:
    checkout = small_checkout(tmp_path / "padron", (*KEPT, "territorio_extranjero", "elecciones"))
    rows = many(people)
    source = write_csv(tmp_path / "padron.csv", rows)
    assert checkout.etl("microdata", source, "--corte", LATER, "--eleccion", "2023-1").returncode == 0
    published = checkout.etl("publish", "--si")
    assert published.returncode == 0, published.stdout
    tables = {item["tabla"] for item in checkout.current.manifest["archivos"]}
    assert {name for name in CUBOS if name in tables} == set(made)
    for name in made:
        counts = pd.read_parquet(checkout.current.table(name))["empadronados"].dropna()
        assert counts.between(0, len(rows)).all()
        assert counts.max() >= 60


def test_a_missing_cube_is_explained(copy: Checkout) -> None:
    (copy.folder / "data" / "cubos" / LATER / "extranjero_cubo.exacto.parquet").unlink()
    refused = copy.etl("check")
    assert refused.returncode == Exit.PROBLEMS and "extranjero_cubo.exacto.parquet" in refused.stdout


def test_cubes_that_are_gone_are_not_unpublished_by_accident(copy: Checkout) -> None:
    shutil.rmtree(copy.folder / "data" / "cubos")
    refused = copy.etl("publish", "--si")
    assert refused.returncode == Exit.REFUSED and "padron_cubo: la tabla ya no existe" in refused.stdout


@pytest.mark.largo
def test_figures_of_one_day_that_differ_are_asked_about(copy: Checkout, light_cubes: Checkout) -> None:
    shutil.rmtree(copy.folder / "data" / "cubos")
    made = copy.etl("microdata", light_cubes.folder.parent / "registro.csv", "--corte", SAME)
    assert made.returncode == 0
    refused = copy.etl("publish", "--si", "--destino", "data/otra")  # not the ten million of the published registry
    assert refused.returncode == Exit.REFUSED and not (copy.folder / "data" / "otra" / "current").exists()
    assert "padron_cubo: es del mismo corte que padron_municipal_edad y no da las mismas cifras" in refused.stdout


@pytest.mark.largo
def test_an_earlier_release_that_gives_something_away_is_not_made_worse(published: Checkout, tmp_path: Path) -> None:
    """Its figures of the same day are known already: hiding their cells now would protect nobody, and it is said."""
    copy = copied(published, tmp_path)
    root = copy.current.root
    path = root / "padron_cubo.parquet"
    frame, exact = pd.read_parquet(path), exact_of(copy)["padron_cubo"]
    key = list(CUBES[0].columns)
    right = frame[key].merge(exact, on=key, how="left")["empadronados"].astype("Int64")
    given_away = (frame["estado_celda"] == "confidencial") & (right >= 50)  # hidden only to protect others
    frame["empadronados"] = frame["empadronados"].mask(given_away, right)
    frame.loc[given_away, "estado_celda"] = "publicada"
    frame.to_parquet(path)
    accept(root, path)
    before = copy.current.id
    refused = copy.etl("publish", "--si", "--aceptar-movimientos")
    assert refused.returncode == Exit.PROBLEMS and copy.current.id == before
    assert "no se pueden proteger" in refused.stdout and f"ya publicó {before}" in refused.stdout


def test_another_cut_off_accumulates_and_its_loss_is_asked_about(light_cubes: Checkout, copy: Checkout) -> None:
    count = ("microdata", light_cubes.folder.parent / "registro.csv", "--corte", NEXT)
    assert copy.etl(*count, PADRON_HOY=THEN).returncode == 0
    before = {name: len(frame) for name, frame in cubes_of(copy.current).items()}
    published = copy.etl("publish", "--si", PADRON_HOY=THEN)
    assert published.returncode == 0 and "Parece incorrecto" not in published.stdout, published.stdout
    for name, frame in cubes_of(copy.current).items():
        cutoffs = [LATER] if name.startswith("participacion") else [LATER, NEXT]
        assert frame["fecha_corte"].astype(str).value_counts().to_dict() == dict.fromkeys(cutoffs, before[name])
    (facts,) = (item for item in copy.current.manifest["archivos"] if item["tabla"] == "padron_cubo")
    assert facts["corte"] == NEXT and [source["corte"] for source in facts["fuentes"]] == [LATER, NEXT]
    shutil.rmtree(copy.folder / "data" / "cubos" / LATER)
    refused = copy.etl("publish", "--si", PADRON_HOY=THEN)
    assert refused.returncode == Exit.REFUSED
    assert f"padron_cubo: desaparecen todas las cifras de {LATER}" in refused.stdout


def test_a_release_of_before_is_of_the_cut_off_of_its_manifest(copy: Checkout) -> None:
    """Its cubes had one cut-off each and did not say it: they can be audited, compared and are public already."""
    root = copy.current.root
    files = {path.name: path.read_bytes() for path in root.iterdir()}
    for name, frame in cubes_of(copy.current).items():
        path = root / f"{name}.parquet"
        frame.drop(columns="fecha_corte").to_parquet(path, index=False)
        accept(root, path)
    audited = copy.etl("auditar", "--anterior", root)
    assert audited.returncode == 0, audited.stdout
    for title in (f"padron_cubo de {LATER}", f"participacion_cubo de {LATER} (elección 2023-1)"):
        assert title in audited.stdout
    past = past_of(copy.releases, CUBOS)
    before = earlier(past, [Part("padron_cubo", LATER), Part("padron_cubo", NEXT)])
    assert [item.part for item in before] == [Part("padron_cubo", LATER)]
    datasets = [cube_dataset(cube, [date.fromisoformat(LATER)]) for cube in CUBES]
    compared = compare(datasets, copy.current, files)
    assert [change.table.name for change in compared.changes] == [
        cube.name for cube in CUBES
    ] and compared.suspicions == ()
    assert not any((change.added, change.removed, change.changed) != (0, 0, 0) for change in compared.changes)


def accept(root: Path, path: Path) -> None:
    """Write the size and hash of a changed file in the manifest of its release."""
    manifest = json.loads((root / "manifest.json").read_text(encoding="utf-8"))
    for item in manifest["archivos"]:
        if item["nombre"] == path.name:
            item |= {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    (root / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_results_of_an_election_that_others_made_are_no_doubt_about_its_cube() -> None:
    """They count votes; a table of the registry that differs from its cube on the same day is a doubt."""
    registry, roll = (
        SamePeople(table, Part(cube.name, SAME), replace(cube, name=table, measures=cube.measures[:1]), None)
        for table, cube in zip(("padron_municipal_edad", "participacion_municipal"), CUBES, strict=False)
    )
    doubts = doubts_of({str(Part(cube.name, SAME)): cube for cube in CUBES}, [registry, roll])
    assert [item.dataset for item in doubts] == [CUBES[0].name]

"""Promise: a refresh shows, asks and records; what looks wrong is not published, and every ending has its exit code."""

from __future__ import annotations

import fcntl
import json
import re
import shutil
from pathlib import Path

import pytest

from etl.publish.history import FILE, Action, History, Outcome
from etl.release.state import STATE
from tests.checkout_support import Checkout, scaled, small_checkout
from tests.etl_support import tree

DONE, PROBLEMS, USAGE, LOCKED, REFUSED, NO_HISTORY = range(6)
SANTA_CATARINA_PINULA = {"1-2"}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the project with its first release; each test takes a copy of it."""
    checkout = small_checkout(tmp_path_factory.mktemp("original") / "padron")
    assert checkout.etl("build").returncode == DONE
    return checkout


@pytest.fixture(scope="module")
def with_delivery(published: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The same with a new delivery in place: one municipio grew 2 %."""
    checkout = copy_of(published, tmp_path_factory.mktemp("entregado") / "padron")
    accepted = checkout.deliver("2026-09-30", scaled(SANTA_CATARINA_PINULA, 1.02))
    assert accepted.returncode == DONE, accepted.stdout
    return checkout


def copy_of(original: Checkout, folder: Path) -> Checkout:
    """A copy of a checkout with one release, with a history that knows where it is."""
    shutil.copytree(original.folder, folder, symlinks=True, ignore=shutil.ignore_patterns(FILE))
    copy = Checkout(folder)
    history = History(copy.releases)
    history.close(history.begin(Action.BUILD, copy.current.id, None, copy.current.manifest, False), Outcome.DONE)
    return copy


@pytest.fixture
def checkout(published: Checkout, tmp_path: Path) -> Checkout:
    """A copy of the project with one release."""
    return copy_of(published, tmp_path / "padron")


@pytest.fixture
def delivered(with_delivery: Checkout, tmp_path: Path) -> Checkout:
    """A copy of the project with one release and a new delivery in place."""
    return copy_of(with_delivery, tmp_path / "padron")


def test_a_new_delivery_goes_from_the_workbook_to_the_site_and_back(delivered: Checkout) -> None:
    old = delivered.current.id
    shown = delivered.etl("diff")
    assert shown.returncode == DONE
    assert "Municipio 0102 Santa Catarina Pinula" in shown.stdout and "+2.0%" in shown.stdout
    assert "Grupo de edad" in shown.stdout and "10,030,374" in shown.stdout
    assert delivered.current.id == old
    assert delivered.etl("publish", "--si").returncode == DONE
    new = delivered.current
    assert new.id.startswith("2026-09-30-") and new.damaged_files() == []
    again = delivered.etl("publish", "--si")
    assert (again.returncode, "Sin cambios" in again.stdout) == (DONE, True)
    back = delivered.etl("rollback")
    assert (back.returncode, delivered.current.id) == (DONE, old)
    assert f"python -m etl rollback {new.id}" in back.stdout
    assert delivered.etl("rollback", new.id).returncode == DONE
    entries = History(delivered.releases).entries()
    assert [(entry.action, entry.release, entry.previous) for entry in entries] == [
        (Action.ROLLBACK, new.id, old),
        (Action.ROLLBACK, old, new.id),
        (Action.PUBLISH, new.id, old),
        (Action.BUILD, old, None),
    ]
    inputs = {file: sha256 for _, file, sha256, _ in entries[0].inputs}
    assert inputs == {item["archivo"]: item["sha256"] for item in new.manifest["entradas"]}
    told = delivered.etl("history").stdout
    assert told.count("regreso") == 2 and told.count("publicación") == 1 and old in told
    detail = delivered.etl("history", "--detalle", new.id).stdout
    assert all(sha256 in detail for sha256 in inputs.values())


@pytest.mark.parametrize("answers", [("\n", "quizá\n"), pytest.param(("", "n\n"), marks=pytest.mark.largo)])
def test_nothing_is_published_without_a_yes(answers: tuple[str, ...], delivered: Checkout) -> None:
    before = tree(delivered.releases / "current")
    for said in answers:
        refused = delivered.etl("publish", said=said)
        assert refused.returncode == REFUSED, refused.stdout
        assert "No se confirmó" in refused.stdout and "No se publicó nada" in refused.stdout
    assert tree(delivered.releases / "current") == before
    assert delivered.etl("publish", said="sí\n").returncode == DONE
    assert delivered.current.id.startswith("2026-09-30-")


def test_a_trial_writes_nothing(delivered: Checkout) -> None:
    before = tree(delivered.folder / "data")
    tried = delivered.etl("publish", "--dry-run")
    assert (tried.returncode, "No se escribió nada" in tried.stdout) == (DONE, True)
    assert tree(delivered.folder / "data") == before


def test_what_looks_wrong_is_published_only_when_accepted(checkout: Checkout) -> None:
    assert checkout.deliver("2026-09-30", scaled(SANTA_CATARINA_PINULA, 0.85)).returncode == DONE
    old = checkout.current.id
    assert checkout.etl("diff").returncode == REFUSED
    refused = checkout.etl("publish", "--si")
    assert refused.returncode == REFUSED
    assert "Municipio 0102 Santa Catarina Pinula perdió 15" in refused.stdout
    assert "--aceptar-movimientos" in refused.stdout
    assert checkout.current.id == old
    assert checkout.etl("publish", "--si", "--aceptar-movimientos").returncode == DONE
    assert checkout.current.id.startswith("2026-09-30-")
    assert [entry.accepted for entry in History(checkout.releases).entries()] == [True, False]


def test_problems_publish_nothing(delivered: Checkout) -> None:
    name = json.loads((delivered.releases / "current" / "manifest.json").read_bytes())["publicacion"]
    for path in (delivered.source / "padron_municipal").iterdir():
        path.write_bytes(path.read_bytes()[:-100])
    before = tree(delivered.releases)
    for order in (("publish", "--si"), ("publish", "--dry-run"), ("diff",), ("build",)):
        failed = delivered.etl(*order)
        assert (failed.returncode, "No se publicó nada" in failed.stdout) == (PROBLEMS, True)
    told = {FILE, STATE, ".candado-estado"}  # how each run ended
    assert {path: sha for path, sha in tree(delivered.releases).items() if path not in told} == {
        path: sha for path, sha in before.items() if path not in told
    }
    assert delivered.current.id == name


def test_two_refreshes_cannot_run_together(delivered: Checkout) -> None:
    old = delivered.current.id
    with (delivered.releases / ".candado").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for order in (("publish", "--si"), ("rollback",), ("build",)):
            refused = delivered.etl(*order)
            assert (refused.returncode, "otra construcción está publicando" in refused.stdout) == (LOCKED, True)
    assert delivered.current.id == old
    assert delivered.etl("publish", "--si").returncode == DONE


def test_without_its_history_nothing_is_published(delivered: Checkout) -> None:
    old = delivered.current.id
    url = "postgresql://padron:secreto@127.0.0.1:1/historial"
    for order in (("publish", "--si"), ("rollback", old), ("build",), ("history",)):
        refused = delivered.etl(*order, PADRON_HISTORIAL=url)
        assert refused.returncode == NO_HISTORY
        assert "no se puede usar el historial" in refused.stdout.lower()
        assert "secreto" not in refused.stdout + refused.stderr
    assert delivered.current.id == old


def test_a_rollback_that_cannot_be_is_explained(checkout: Checkout) -> None:
    old = checkout.current
    nothing = checkout.etl("rollback")
    assert (nothing.returncode, "No hay una anterior" in nothing.stdout) == (PROBLEMS, True)
    unknown = checkout.etl("rollback", "2020-01-01-00000000")
    assert (unknown.returncode, f"Guardadas: {old.id}" in unknown.stdout) == (PROBLEMS, True)
    copy = checkout.releases / "2020-01-01-00000000"
    shutil.copytree(old.root, copy)
    table = copy / "padron_municipal_edad.parquet"
    table.write_bytes(bytes(reversed(table.read_bytes())))
    damaged = checkout.etl("rollback", "2020-01-01-00000000")
    told = re.sub(r"\s+", " ", damaged.stdout)
    assert (damaged.returncode, "está dañada: manifest.json" in told) == (PROBLEMS, True)  # it says another name
    assert checkout.current.id == old.id
    outside = checkout.etl("rollback", "../release")
    assert (outside.returncode, "No está guardada" in outside.stdout) == (PROBLEMS, True)


def test_a_damaged_current_release_is_said_and_repaired(checkout: Checkout) -> None:
    (checkout.current.root / "municipios.parquet").unlink()
    repaired = checkout.etl("publish", "--si")
    assert repaired.returncode == DONE
    assert checkout.current.damaged_files() == []


def test_a_damaged_current_release_cannot_be_compared_with(delivered: Checkout) -> None:
    (delivered.current.root / "municipios.parquet").unlink()
    refused = delivered.etl("publish", "--si")
    assert (refused.returncode, "no se pudo comparar" in refused.stdout) == (REFUSED, True)
    assert delivered.etl("publish", "--si", "--aceptar-movimientos").returncode == DONE


def test_a_badly_written_order_is_usage(checkout: Checkout) -> None:
    assert checkout.etl("publish", "--nada").returncode == USAGE
    assert checkout.etl("publicar").returncode == USAGE
    assert checkout.etl("publish", "--origen", "nada").returncode == PROBLEMS


def test_the_first_release_needs_no_comparison(tmp_path: Path) -> None:
    checkout = small_checkout(tmp_path / "padron")
    assert "no se ha publicado nada" in checkout.etl("history").stdout
    first = checkout.etl("publish", "--si")
    assert (first.returncode, "Vigente: ninguna" in first.stdout) == (DONE, True)
    assert checkout.current.damaged_files() == []

"""Promise: a release with cubes names all the earlier ones, and nothing is published while one is lost or changed."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from etl.commands.output import Exit
from etl.cubes.declared import CUBES
from etl.cubes.protect import add_cubes
from etl.model import Provenance
from etl.pipeline.run import Result
from etl.publish.change import publish_release
from etl.publish.contents import release_files
from etl.publish.history import Action, History
from etl.release import MANIFEST, Release, ReleaseError, make_current, past_of, publish
from tests.checkout_support import Checkout
from tests.microdata_support import ABROAD, many
from tests.office_support import Office, copied

SECOND, THIRD, FOURTH = "2027-07-12", "2028-07-12", "2029-07-12"
TABLE = "extranjero_cubo.parquet"


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office that has published three cut-offs, one after the other."""
    office = Office(tmp_path_factory.mktemp("tres"))
    office.count(many(ABROAD), election=None)
    office.publish()
    for cutoff in (SECOND, THIRD):
        office.recounted_at(cutoff)
        office.publish()
    return office


def kept(office: Office) -> list[Release]:
    """Its releases, the first first."""
    roots = [path.parent for path in office.releases.glob(f"2*/{MANIFEST}")]
    return [Release.open(root, whole=False) for root in sorted(roots, key=lambda root: root.name)]


@pytest.fixture
def office(three: Office, tmp_path: Path) -> Office:
    """A copy to damage."""
    return copied(three, tmp_path)


def test_each_release_names_the_earlier_ones(three: Office) -> None:
    first, second, third = kept(three)
    assert "anteriores" not in first.manifest
    for release, before in ((second, [first]), (third, [first, second])):
        hashes = [hashlib.sha256((item.root / MANIFEST).read_bytes()).hexdigest() for item in before]
        told = [(item["publicacion"], item["sha256"]) for item in release.manifest["anteriores"]]
        assert told == [(item.id, sha256) for item, sha256 in zip(before, hashes, strict=True)]
        assert release.damaged_files() == []
    assert three.publish().published.id == third.id  # the same content is the same release


def changed(root: Path, change: Callable[[dict[str, Any]], None]) -> None:
    manifest = json.loads((root / MANIFEST).read_text(encoding="utf-8"))
    change(manifest)
    (root / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def without_cubes(root: Path) -> None:
    changed(root, lambda manifest: manifest.update(archivos=[], datasets=[]))
    (root / TABLE).unlink()


ATTACKS: dict[str, Callable[[Path], object]] = {
    "deleted": shutil.rmtree,
    "renamed": lambda root: root.rename(root.with_name("vieja")),
    "hidden": lambda root: root.rename(root.with_name(f".{root.name}")),
    "without its manifest": lambda root: (root / MANIFEST).unlink(),
    "with a manifest that is none": lambda root: (root / MANIFEST).write_text("[1]"),
    "with another word in its manifest": lambda root: changed(root, lambda item: item.update(version_codigo="0")),
    "that says it is of invented people": lambda root: changed(root, lambda item: item.update(sintetica=True)),
    "that says it has no cubes": without_cubes,
    "without its table": lambda root: (root / TABLE).unlink(),
    "with another table": lambda root: (root / TABLE).write_bytes(b"PAR1"),
}


SOME = ("deleted", "renamed", "with another word in its manifest", "that says it has no cubes")


@pytest.mark.parametrize(
    "attack", [*SOME, *(pytest.param(one, marks=pytest.mark.largo) for one in ATTACKS if one not in SOME)]
)
def test_a_release_that_is_lost_or_changed_stops_everything(attack: str, office: Office) -> None:
    first, *_, third = kept(office)
    ATTACKS[attack](first.root)
    if attack == "renamed":  # an emptied folder of its name does not replace it
        first.root.mkdir()
    office.recounted_at(FOURTH)
    refused = office.publish()
    assert refused.release is None
    (line,) = refused.problems.splitlines()
    assert line.startswith(f"publicaciones/{first.id}: ") and "recupere esta publicación" in line
    assert Release.open(office.releases / "current").id == third.id


def test_the_newest_that_is_damaged_is_repaired_by_publishing_it_and_in_no_other_way(office: Office) -> None:
    *_, third = kept(office)
    copy = office.folder / "copia"
    shutil.copytree(third.root, copy)
    for attack in ("with another word in its manifest", "with another table", "with a manifest that is none"):
        ATTACKS[attack](third.root)
        office.recounted_at(FOURTH)
        assert f"publicaciones/{third.id}: " in office.publish().problems
        shutil.rmtree(office.cubes / FOURTH)
        assert office.publish().published.id == third.id
        for path in copy.iterdir():
            assert (third.root / path.name).read_bytes() == path.read_bytes(), path.name


def test_a_release_that_is_back_as_it_was_is_enough(office: Office, tmp_path: Path) -> None:
    first, second, _ = kept(office)
    away = first.root.rename(tmp_path / "aparte")
    assert office.publish().release is None
    shutil.copytree(away, first.root)
    shutil.copytree(first.root, office.releases / f"{first.id} (copia)")  # beside the right one it does no harm
    make_current(second.id, office.releases)  # as «rollback» does
    shutil.rmtree(office.cubes / THIRD)
    assert office.publish().published.id == second.id
    office.recounted_at(THIRD)
    office.recounted_at(FOURTH)
    assert len(office.publish().published.manifest["anteriores"]) == 3


def test_two_operations_at_once_do_not_publish_what_neither_knew(office: Office) -> None:
    """Both are prepared; the second to be written would not name the first."""
    prepared = []
    for cutoff in (FOURTH, "2030-07-12"):
        office.recounted_at(cutoff)
        result = Result([])
        add_cubes(result, office.cubes, office.releases)
        prepared.append(release_files(result))
    history = History(office.releases)
    for number, (release_id, files) in enumerate(prepared):
        manifest = json.loads(files[MANIFEST])
        if number == 0:
            publish_release(release_id, files, manifest, office.releases, history, Action.BUILD)
        else:
            with pytest.raises(ReleaseError, match="Otra operación publicó mientras"):
                publish_release(release_id, files, manifest, office.releases, history, Action.BUILD)
    assert Release.open(office.releases / "current").id == prepared[0][0]


def test_invented_people_and_real_ones_never_mix(office: Office) -> None:
    real = past_of(office.releases, [cube.name for cube in CUBES])
    invented = Result([])
    add_cubes(invented, office.cubes, office.releases, synthetic=True)
    release_id, files = release_files(invented)
    publish(release_id, files, office.releases)
    assert "anteriores" not in json.loads(files[MANIFEST]) and release_id.startswith("sintetica-")
    again = past_of(office.releases, [cube.name for cube in CUBES])
    assert again.facts == real.facts and len(again.facts) == 3
    shutil.rmtree(office.releases / release_id)
    assert office.publish().problems == ""


def test_a_release_without_cubes_says_nothing_of_the_earlier_ones(office: Office) -> None:
    result = Result([])
    add_cubes(result, office.cubes, office.releases)
    (account, *_) = result.accounts
    (table,) = account.dataset.tables
    sources = Provenance(tables={"otra": account.dataset.sources(table)})
    other = replace(account.dataset, name="otro", tables=(replace(table, name="otra"),), provenance=sources)
    plain = Result([replace(account, dataset=other)], {"otra": result.tables[table.name]}, corrections={"otro": ()})
    plain.past = result.past
    assert "anteriores" in json.loads(release_files(result)[1][MANIFEST])
    assert "anteriores" not in json.loads(release_files(plain)[1][MANIFEST])


def test_the_commands_say_it_with_their_exit_code(light_cubes: Checkout, three: Office, tmp_path: Path) -> None:
    shutil.copytree(light_cubes.folder, tmp_path / "padron", symlinks=True)
    checkout = Checkout(tmp_path / "padron")
    first, *_ = kept(three)
    shutil.copytree(first.root, checkout.releases / first.id)
    (checkout.releases / first.id / TABLE).write_bytes(b"PAR1")
    before = checkout.current.id
    refused = checkout.etl("publish", "--si", "--aceptar-movimientos")
    assert refused.returncode == Exit.PROBLEMS and checkout.current.id == before, refused.stdout
    assert f"- release/{first.id}: no es lo que se publicó: {TABLE}. " in refused.stdout

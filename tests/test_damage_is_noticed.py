"""Promise: a damaged release is noticed by everything that looks at it, never shown as if it were whole, and repaired."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from etl.release import Release
from etl.release.state import read_state
from tests.browser_support import running_site
from tests.checkout_support import Checkout, scaled, small_checkout
from tests.etl_support import tree
from tests.release_support import asked_of

DONE, PROBLEMS, REFUSED = 0, 1, 4
FIGURES, MAP = "padron_municipal_edad.parquet", "mapa_nacional.json"
Damage = Callable[[Path], None]


def missing(path: Path) -> None:
    """Take it away."""
    path.unlink()


def cut_short(path: Path) -> None:
    """Leave its first half."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def rewritten(path: Path) -> None:
    """Change one byte and not its size."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def with_another_title(path: Path) -> None:
    """Change words of a catalogue, which is still one."""
    path.write_bytes(path.read_bytes().replace(b"Departamentos", b"Deportamentos", 1))


FILES: tuple[tuple[str, Damage], ...] = (
    (FIGURES, missing),
    (FIGURES, cut_short),
    (FIGURES, rewritten),
    ("manifest.json", cut_short),
    ("manifest.json", with_another_title),
    ("datapackage.json", missing),
)


def named(case: object) -> str:
    """What a case is called."""
    return case.__name__ if callable(case) else str(case)


def cases() -> list[object]:
    """Every damage; those that a shorter run may leave out are marked."""
    short = {(FIGURES, rewritten), ("manifest.json", with_another_title)}
    return [pytest.param(*case, marks=() if case in short else pytest.mark.largo) for case in FILES]


# --- The site ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def copied(release_path: Path, tmp_path: Path) -> Path:
    """A copy of the release, by its own name."""
    return Path(shutil.copytree(release_path.resolve(), tmp_path / release_path.resolve().name))


@pytest.mark.parametrize("damage", [missing, cut_short, rewritten])
def test_a_site_opened_on_a_damaged_file_serves_what_does_not_need_it(copied: Path, damage: Damage) -> None:
    damage(copied / FIGURES)
    asked = ("/salud", "/padron", "/accesible/padron", "/descargas/vista/padron_edades.csv", "/datos", "/extranjero")
    health, page, accessible, file, data, abroad = asked_of(copied, *asked)
    assert (health.status_code, health.json()["estado"], health.json()["danados"]) == (200, "degradado", [FIGURES])
    for answer in (page, accessible, file):
        assert (answer.status_code, FIGURES in answer.text) == (503, True)
        assert int(answer.headers["retry-after"]) > 0
    assert "Esta página no se puede mostrar" in page.text and "otras páginas" not in page.text
    assert file.headers["content-type"] == "application/problem+json"
    assert data.status_code == abroad.status_code == 200


@pytest.mark.parametrize("name", ["manifest.json", "datapackage.json"])
def test_without_its_catalogues_a_release_is_not_opened(copied: Path, name: str) -> None:
    cut_short(copied / name)
    for answer in asked_of(copied, "/salud", "/padron"):
        assert (answer.status_code, name in answer.json()["motivo"]) == (503, True)


def test_figures_that_a_catalogue_tells_otherwise_are_noticed(copied: Path) -> None:
    with_another_title(copied / "manifest.json")
    (health,) = asked_of(copied, "/salud")
    assert (health.status_code, "manifest.json" in health.json()["danados"]) == (200, True)


@pytest.fixture(scope="module")
def damaged_site(release_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, Path]]:
    """A running site and the folder of the release that it serves."""
    folder = tmp_path_factory.mktemp("servida") / release_path.resolve().name
    shutil.copytree(release_path.resolve(), folder)
    with (
        running_site(folder, folder.parent.parent / "servidor.log") as url,
        httpx.Client(base_url=url, timeout=60) as client,
    ):
        yield client, folder


@pytest.mark.parametrize("damage", [missing, cut_short, rewritten])
def test_a_running_site_notices_and_goes_on(
    damaged_site: tuple[httpx.Client, Path], release_path: Path, damage: Damage
) -> None:
    client, folder = damaged_site
    assert client.get("/salud").json() == {"estado": "bien", "publicacion": folder.name}
    for name in (MAP, FIGURES):
        damage(folder / name)
    told = client.get("/salud")
    assert (told.status_code, sorted(told.json()["danados"])) == (200, sorted([MAP, FIGURES]))
    assert client.get("/padron?indicador=mujeres").status_code == 200  # its figures are in memory since they were whole
    assert client.get(f"/descargas/{folder.name}/{FIGURES}").status_code == 503
    assert client.get(f"/descargas/{folder.name}/{MAP}").status_code == 503
    assert client.get(f"/descargas/{folder.name}/municipios.parquet").status_code == 200
    for name in (MAP, FIGURES):
        shutil.copy(release_path / name, folder / name)
    assert client.get("/salud").json()["estado"] == "bien"
    assert client.get(f"/descargas/{folder.name}/{FIGURES}").status_code == 200


# --- The commands -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the project with its first release."""
    made = small_checkout(tmp_path_factory.mktemp("danada") / "padron")
    assert made.etl("build").returncode == DONE
    return made


@pytest.mark.parametrize(("name", "damage"), cases(), ids=named)
def test_publish_repairs_what_was_damaged(checkout: Checkout, name: str, damage: Damage) -> None:
    before = tree(checkout.current.root)
    damage(checkout.releases / "current" / name)
    repaired = checkout.etl("publish", "--si")
    assert (repaired.returncode, "Sin cambios" in repaired.stdout) == (DONE, False)
    assert "está dañada en el disco" in repaired.stdout and name in repaired.stdout
    assert tree(checkout.current.root) == before
    state = read_state(checkout.releases)
    assert state and "Se escribió de nuevo" in state["corridas"][0]["veredicto"]
    again = checkout.etl("publish", "--si") if damage is rewritten else None
    assert again is None or "Sin cambios" in again.stdout


def test_a_file_whose_time_was_put_back_is_read_again(copied: Path) -> None:
    release = Release.open(copied)
    assert release.files.sound(FIGURES)
    path, when = copied / FIGURES, (copied / FIGURES).stat()
    rewritten(path)
    os.utime(path, ns=(when.st_atime_ns, when.st_mtime_ns))
    assert not release.files.sound(FIGURES)


def test_diff_and_check_notice_it(checkout: Checkout) -> None:
    path = checkout.releases / "current" / FIGURES
    whole = path.read_bytes()
    rewritten(path)
    for order, code in (("diff", REFUSED), ("check", PROBLEMS)):
        told = checkout.etl(order)
        assert told.returncode == code
        assert f"está dañada en el disco: {FIGURES}." in told.stdout and "python -m etl publish" in told.stdout
    path.write_bytes(whole)
    assert checkout.etl("check").returncode == DONE


@pytest.mark.largo
def test_new_figures_are_not_compared_with_damaged_ones(checkout: Checkout, tmp_path: Path) -> None:
    copy = Checkout(Path(shutil.copytree(checkout.folder, tmp_path / "padron", symlinks=True)))
    assert copy.deliver("2026-09-30", scaled({"1-2"}, 1.02)).returncode == DONE
    rewritten(copy.releases / "current" / FIGURES)
    refused = copy.etl("publish", "--si")
    assert (refused.returncode, "no se pudo comparar" in refused.stdout, FIGURES in refused.stdout) == (
        REFUSED,
        True,
        True,
    )
    assert copy.etl("publish", "--si", "--aceptar-movimientos").returncode == DONE
    assert Release.open(copy.releases / "current").damaged_files() == []

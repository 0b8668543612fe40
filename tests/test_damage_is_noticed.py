"""Promise: a damaged release is noticed by everything that looks at it, never shown as if it were whole, and repaired."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from dashboard.pages import PAGES
from dashboard.web.needs import pages_needing
from etl.release import Release, make_current, publish
from etl.release.older import whole_before
from etl.release.state import read_state
from tests.browser_support import running_site
from tests.checkout_support import Checkout, scaled, small_checkout
from tests.etl_support import tree
from tests.release_support import asked_of, with_more
from tests.test_site_takes_a_new_release import until

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


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("manifest.json", cut_short),
        ("manifest.json", with_another_title),
        ("datapackage.json", cut_short),
        ("datapackage.json", with_another_title),
        ("huella.txt", rewritten),
    ],
    ids=named,
)
def test_when_its_catalogues_cannot_be_believed_a_release_is_not_opened(
    copied: Path, name: str, damage: Damage
) -> None:
    damage(copied / name)
    for answer in asked_of(copied, "/salud", "/padron"):
        assert (answer.status_code, name in answer.json()["motivo"]) == (503, True)


def test_a_release_of_before_has_no_whole_fingerprint_and_opens(copied: Path) -> None:
    (copied / "huella.txt").unlink()
    health, page, seal = asked_of(copied, "/salud", "/padron", f"/descargas/{copied.name}/huella.txt")
    assert (health.json()["estado"], health.json()["huella"][:8]) == ("bien", copied.name[-8:])
    assert (page.status_code, seal.status_code) == (200, 404)


@pytest.fixture(scope="module")
def damaged_site(release_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, Path]]:
    """A running site and the folder of the release that it serves."""
    folder = tmp_path_factory.mktemp("servida") / release_path.resolve().name
    shutil.copytree(release_path.resolve(), folder)
    with (
        running_site(folder, folder.parent.parent / "servidor.log") as url,
        httpx.Client(base_url=url, timeout=60, follow_redirects=True) as client,
    ):
        yield client, folder


@pytest.mark.parametrize("damage", [missing, cut_short, rewritten])
def test_a_running_site_notices_and_goes_on(
    damaged_site: tuple[httpx.Client, Path], release_path: Path, damage: Damage
) -> None:
    client, folder = damaged_site
    told = client.get("/salud").json()
    assert (told["estado"], told["publicacion"], told["huella"][:8]) == ("bien", folder.name, folder.name[-8:])
    for name in (MAP, FIGURES):
        damage(folder / name)
    until(lambda: sorted(client.get("/salud").json().get("danados", ())) == sorted([MAP, FIGURES]))
    told = client.get("/salud")
    assert (told.status_code, told.json()["estado"]) == (200, "degradado")
    assert client.get("/padron?indicador=mujeres").status_code == 200  # its figures are in memory since they were whole
    assert client.get(f"/descargas/{folder.name}/{FIGURES}").status_code == 503
    assert client.get(f"/descargas/{folder.name}/{MAP}").status_code == 503
    assert client.get(f"/descargas/{folder.name}/municipios.parquet").status_code == 200
    for name in (MAP, FIGURES):
        shutil.copy(release_path / name, folder / name)
    until(lambda: client.get("/salud").json()["estado"] == "bien")
    assert client.get(f"/descargas/{folder.name}/{FIGURES}").status_code == 200


@pytest.mark.largo
def test_health_says_which_pages_need_the_file(damaged_site: tuple[httpx.Client, Path], release_path: Path) -> None:
    client, folder = damaged_site
    rewritten(folder / FIGURES)
    until(lambda: "paginas" in client.get("/salud").json(), seconds=180)
    pages = client.get("/salud").json()["paginas"][FIGURES]
    assert {"/", "/padron", "/ficha/{codigo}"} <= set(pages) and "/datos" not in pages
    shutil.copy(release_path / FIGURES, folder / FIGURES)
    until(lambda: client.get("/salud").json()["estado"] == "bien")
    assert "paginas" not in client.get("/salud").json()


def test_the_pages_that_need_a_file_are_those_that_use_it(copied: Path) -> None:
    pages = [page for page in PAGES if page.path in ("/padron", "/extranjero")]
    files = (FIGURES, "consulados.parquet", "guatemaltecos_eeuu.parquet", MAP, "mapa_16.json")
    whole = pages_needing(Release.open(copied), files, pages)
    assert whole == {
        FIGURES: ("/padron",),
        "consulados.parquet": (),
        "guatemaltecos_eeuu.parquet": ("/extranjero",),
        MAP: ("/padron",),
        "mapa_16.json": ("/padron",),
    }
    rewritten(copied / FIGURES)
    assert pages_needing(Release.open(copied), (FIGURES,), pages[:1]) == {FIGURES: ("/padron",)}


def test_everything_is_read_again_when_asked(copied: Path) -> None:
    release = Release.open(copied)
    assert release.files.damaged() == ()
    size = sum(item["bytes"] for item in release.manifest["archivos"])
    assert [sum(release.files.read_again()) for _ in range(2)] == [size, size]
    rewritten(copied / FIGURES)
    assert sum(release.files.read_again()) == size
    assert release.files.damaged() == (FIGURES,)


# --- The good one before -----------------------------------------------------------------------------------------------


def test_a_site_that_begins_with_a_damaged_release_serves_the_good_one_before(
    release_path: Path, tmp_path: Path
) -> None:
    publish(*with_more(release_path, "2025-01-01", 1), tmp_path)
    good = publish(*with_more(release_path, "2025-06-01", 2), tmp_path)
    now = publish(*with_more(release_path, "2026-07-12", 3), tmp_path)
    rewritten(now.root / FIGURES)
    health, page, file = asked_of(tmp_path / "current", "/salud", "/padron", f"/descargas/{now.id}/{FIGURES}")
    told = health.json()
    assert (told["estado"], told["publicacion"], told["vigente"]) == ("degradado", good.id, now.id)
    assert told["danados"] == [FIGURES] and good.id in told["motivo"] and FIGURES in told["motivo"]
    assert (page.status_code, good.id in page.text, now.id in page.text) == (200, True, False)
    assert file.status_code == 503
    shutil.rmtree(now.root)  # and so when the link leads to nothing
    told = asked_of(tmp_path / "current", "/salud")[0].json()
    assert (told["estado"], told["publicacion"], told["vigente"]) == ("degradado", good.id, now.id)


def test_a_release_that_was_withdrawn_does_not_come_back(release_path: Path, tmp_path: Path) -> None:
    kept = publish(*with_more(release_path, "2026-07-12", 1), tmp_path)
    withdrawn = publish(*with_more(release_path, "2026-07-12", 2), tmp_path)
    later = publish(*with_more(release_path, "2026-08-12", 2), tmp_path)
    invented = "sintetica-2025-01-01-00000000"
    shutil.copytree(later.root, tmp_path / invented)
    make_current(kept.id, tmp_path)
    assert whole_before(tmp_path / "current") is None
    make_current(withdrawn.id, tmp_path)
    before = whole_before(tmp_path / "current")
    assert before and before.id == kept.id
    rewritten(kept.root / "huella.txt")
    assert whole_before(tmp_path / "current") is None


def test_a_release_of_another_name_is_not_opened(release_path: Path, tmp_path: Path) -> None:
    """One that is whole, in the folder of the name of another one."""
    release_id, files = with_more(release_path, "2026-07-12", 1)
    place = publish("2026-07-12-0123abcd", files, tmp_path)
    (health,) = asked_of(place.root, "/salud")
    assert (health.status_code, "manifest.json" in health.json()["motivo"]) == (503, True)
    assert Release.open(place.root.rename(tmp_path / release_id)).damaged_files() == []


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

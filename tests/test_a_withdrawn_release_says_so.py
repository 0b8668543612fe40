"""Promise: a release that came out wrong is withdrawn with a reason, which its addresses tell (410), and nothing is lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from etl.publish.change import publish_release, return_to
from etl.publish.history import Action, History
from etl.publish.register import write_register
from etl.release import MANIFEST, ReleaseError, only_one
from etl.release.older import whole_before
from etl.release.register import REGISTER, read_register
from tests.etl_support import etl
from tests.release_support import files_of, inside_site, with_more

WHY = "Dos municipios venían <b>intercambiados</b>; se corrige en la que sigue"


@pytest.fixture
def folder(release_path: Path, tmp_path: Path) -> Iterator[tuple[Path, str, str]]:
    """A folder with two releases that were published with their history, and their names."""
    made = [files_of(release_path), with_more(release_path, "2027-05-01", 40)]
    with only_one(tmp_path):
        for name, files in made:
            history = History(tmp_path)
            publish_release(name, files, json.loads(files[MANIFEST]), tmp_path, history, Action.PUBLISH)
            write_register(tmp_path, history)
    yield tmp_path, made[0][0], made[1][0]


def retirar(folder: Path, *more: str) -> tuple[int, str]:
    """The code and the words with which the command ends."""
    done = etl("retirar", *more, "--destino", str(folder))
    return done.exit_code, done.output


def asked(folder: Path, *addresses: str) -> list[httpx.Response]:
    """The answers of the site of the folder to a browser."""

    async def ask(client: httpx.AsyncClient, app: object) -> list[httpx.Response]:
        return [await client.get(address, headers={"Accept": "text/html"}) for address in addresses]

    found: list[httpx.Response] = inside_site(folder / "current", ask)
    return found


def test_its_addresses_tell_why(folder: tuple[Path, str, str]) -> None:
    place, old, new = folder
    code, said = retirar(place, old, "--motivo", WHY)
    assert code == 0 and "410" in said
    page, accessible, view, rows, columns, whole, places, changed, listed, feed = asked(
        place,
        f"/padron?publicacion={old}",
        f"/accesible/ficha/1601?publicacion={old}",
        f"/descargas/vista/padron_edades.csv?publicacion={old}",
        f"/api/v1/datasets/municipios/data.csv?publicacion={old}",
        f"/api/v1/datasets/municipios?publicacion={old}",
        f"/descargas/{old}/municipios.parquet",
        f"/lugares/{old}.json",
        f"/descargas/cambios/{old}/{new}.csv",
        "/publicaciones",
        "/publicaciones.atom",
    )
    assert {answer.status_code for answer in (page, accessible, view, rows, columns, whole, places, changed)} == {410}
    assert "&lt;b&gt;intercambiados&lt;/b&gt;" in page.text and "/publicaciones" in page.text
    for problem in (view, rows, columns, whole, places, changed):
        assert problem.headers["content-type"].startswith("application/problem+json")
        assert (problem.json()["publicacion"], problem.json()["motivo"]) == (old, WHY)
        assert "no-store" in problem.headers["cache-control"]
    assert "&lt;b&gt;intercambiados&lt;/b&gt;" in listed.text and "Retirada" in listed.text
    assert "Se retiró: Dos municipios" in feed.text
    assert (place / old / "municipios.parquet").is_file()


def test_it_comes_back_only_when_somebody_says_so(folder: tuple[Path, str, str]) -> None:
    place, old, new = folder
    assert retirar(place, old, "--motivo", WHY)[0] == 0
    with only_one(place), pytest.raises(ReleaseError, match="se retiró"):
        return_to(old, place, History(place))
    assert etl("rollback", old, "--destino", str(place)).exit_code == 1
    assert whole_before(place / "current") is None
    name, files = old, {path.name: path.read_bytes() for path in (place / old).iterdir()}
    with only_one(place), pytest.raises(ReleaseError, match="se retiró"):
        publish_release(name, files, json.loads(files[MANIFEST]), place, History(place), Action.PUBLISH)
    assert (place / "current").resolve().name == new
    assert retirar(place, old, "--devolver")[0] == 0
    assert asked(place, f"/padron?publicacion={old}")[0].status_code in (200, 301)
    assert etl("rollback", old, "--destino", str(place)).exit_code == 0


@pytest.mark.parametrize(
    "more", [("VIGENTE", "--motivo", "x"), ("2020-01-01-aaaaaaaa", "--motivo", "x"), ("VIEJA",), ("VIEJA", "--motivo", " "),
             ("VIEJA", "--motivo", "a" * 501), ("VIEJA", "--devolver")]
)  # fmt: skip
def test_what_cannot_be_withdrawn_changes_nothing(folder: tuple[Path, str, str], more: tuple[str, ...]) -> None:
    place, old, new = folder
    before = (place / REGISTER).read_bytes()
    named = {"VIGENTE": new, "VIEJA": old}
    code, said = retirar(place, *(named.get(word, word) for word in more))
    assert code != 0 and said.strip() and "Traceback" not in said
    assert (place / REGISTER).read_bytes() == before


def test_a_release_whose_files_are_lost_is_told_too(folder: tuple[Path, str, str]) -> None:
    place, old, _ = folder
    shutil.rmtree(place / old)
    page, whole, listed = asked(
        place, f"/padron?publicacion={old}", f"/descargas/{old}/municipios.parquet", "/publicaciones"
    )
    assert (page.status_code, whole.status_code) == (410, 410)
    assert "ya no se guarda aquí" in page.text and "Ya no está" in listed.text
    assert retirar(place, old, "--motivo", WHY)[0] == 0
    assert asked(place, f"/padron?publicacion={old}")[0].status_code == 410


def test_the_list_survives_its_history_and_its_damage(folder: tuple[Path, str, str]) -> None:
    place, old, new = folder
    assert retirar(place, old, "--motivo", WHY)[0] == 0
    (place / "historial.sqlite").unlink()
    with only_one(place):
        write_register(place, History(place))
    assert read_register(place)[old]["motivo"] == WHY
    (place / REGISTER).write_text("{nada", encoding="utf-8")
    assert asked(place, "/publicaciones")[0].status_code == 200
    with pytest.raises(ReleaseError, match="no se puede leer"):
        read_register(place)
    assert new == (place / "current").resolve().name

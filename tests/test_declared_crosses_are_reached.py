"""Promise: each cross that the four cubes declare is reached by the filters of a page and by /cruces; and what a declaration
changes (a cross that goes, a threshold, an age grouping) every page follows, with no other edit.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pandas as pd
import pytest

from dashboard.address.selection import URL_NAMES
from etl import fields
from etl.cubes.declared import CUBES, Cube
from etl.model import Field
from etl.release import Release
from tests.browser_support import ROOT, running_site
from tests.checkout_support import Checkout, small_checkout
from tests.release_support import asked_of, with_cubes
from tests.site_support import Document, text_of

#: The page whose filters ask for the crosses of a cube, and what it counts there.
PAGES = {
    "padron_cubo": ("/padron", {"indicador": "empadronados"}),
    "participacion_cubo": ("/participacion", {"indicador": "votaron"}),
    "extranjero_cubo": ("/extranjero", {"cuenta": "empadronados"}),
    "participacion_extranjero_cubo": ("/extranjero", {"cuenta": "votantes"}),
}
#: How an address calls the dimensions that people abroad have.
ABROAD = {"ciudad_residencia": "ciudad", "codigo_departamento_origen": "origen"}
LEVELS = {"codigo_municipio": "municipio", "codigo_departamento": "departamento"}


def value_of(frame: pd.DataFrame, column: str) -> str:
    """A value of a dimension that is not the total: the one of most rows."""
    return str(frame.loc[frame[column] != "total", column].mode().iloc[0])


def filters_of(cube: Cube, cross: Sequence[Field], frame: pd.DataFrame) -> Iterator[dict[str, str]]:
    """What the filters of a page ask for to see a cross: at home, at each level that it goes down to, by each trait of it and,
    if it has it, by sexo.
    """
    names = [field.name for field in cross]
    if cube.residence == "extranjero":
        yield {ABROAD.get(name, URL_NAMES.get(name, name)): value_of(frame, name) for name in names}
        return
    levels = [level for name, level in LEVELS.items() if name in names or "codigo_municipio" in names]
    traits = [name for name in names if name not in (*LEVELS, "sexo")]
    for trait, (level, sexo) in product(traits, zip(levels, ("mujeres", "hombres"), strict=False)):
        of_both = {"sexo": sexo} if "sexo" in names else {}
        yield {**of_both, URL_NAMES.get(trait, trait): value_of(frame, trait), "ver": level}


@pytest.mark.parametrize("cube", CUBES, ids=lambda cube: cube.name)
def test_each_cross_is_reached_by_the_filters_of_a_page(cube: Cube, demonstration: Path) -> None:
    release = demonstration / "release" / "current"
    frame = pd.read_parquet(Release.open(release).table(cube.name))
    path, counted = PAGES[cube.name]
    asked = [query for cross in cube.crosses for query in filters_of(cube, cross, frame)]
    for query, answer in zip(
        asked, asked_of(release, *(f"{path}?{urlencode(counted | query)}" for query in asked)), strict=True
    ):
        page = Document(answer.text)
        # Abroad each section of the page shows what its own cross has, and says of one that does not cross it: the map, of a
        # cross without places. Some section shows every value of one thing, of the people that the others ask for.
        abroad = cube.residence == "extranjero"
        apart = abroad and ("ciudad" not in query or len(query) == 1)
        files = [dict(parse_qsl(urlsplit(link.get("href")).query)) for link in page.all("a[href*='/vista/diaspora_']")]
        assert not abroad or any(len({*query.items()} - {*file.items()}) <= 1 for file in files), query
        assert answer.status_code == 200 and (apart or page.texts(".avisos li") == []), (
            f"{query}: {page.texts('.avisos li')}"
        )
        chosen = {str(item.get("value")) for item in page.all("main form option[selected]")}
        wanted = {value for name, value in query.items() if name not in ("ver", "ciudad")}
        assert all(any(said == value or said.endswith(f".{value}") for said in chosen) for value in wanted), query
    assert len(asked) >= len(cube.crosses)


def test_what_is_published_without_crosses_is_said_and_leads_to_where_it_is_read(demonstration: Path) -> None:
    release = demonstration / "release" / "current"
    apart = [cube for cube in CUBES if all(len(cross) == 1 for cross in cube.crosses)]
    about = "cuenta=votaron&departamento=25"
    addresses = ("/cruces", "/accesible/cruces", f"/cruces?{about}")
    pages = [Document(answer.text) for answer in asked_of(release, *addresses)]
    for page in pages:
        notes = page.all(".sin-cruzar")
        assert len(notes) == len(apart) > 0
        for cube, note in zip(apart, notes, strict=True):
            assert cube.title[1:] in text_of(note) and "confidencial" in text_of(note)
            links = [str(link.get("href")) for link in note.cssselect("a")]
            assert [answer.status_code for answer in asked_of(release, *links)] == [200, 200]
    assert pages[-1].texts(".avisos li") and "en el extranjero" not in pages[-1].one("h1").text_content()


# --- What a declaration changes -------------------------------------------------------------------------------------------

DECLARED, LABELS = Path("etl/cubes/declared.py"), Path("etl/fields/labels.py")
#: The cross by pueblo goes from the turnout, its threshold is twice what it was, and the ages from 31 to 40 are one group.
EDITS = (
    (
        DECLARED,
        "        (fields.codigo_municipio, pueblo),\n    ),\n    sensitive",
        "    ),\n    sensitive",
    ),
    (
        DECLARED,
        "dimensions=(TERRITORIO, SEXO, EDAD_AL_VOTAR, ALFABETISMO, PUEBLO),\n",
        "dimensions=(TERRITORIO, SEXO, EDAD_AL_VOTAR, ALFABETISMO),\n",
    ),
    (DECLARED, "    threshold: int = 5\n", "    threshold: int = 30\n"),
    (LABELS, '    "31_35": "31 a 35 años",\n    "36_40": "36 a 40 años",\n', '    "31_40": "31 a 40 años",\n'),
)


@pytest.fixture(scope="module")
def changed(
    tmp_path_factory: pytest.TempPathFactory, synthetic_registry: Path, release_path: Path
) -> tuple[Checkout, Path]:
    """A copy of the project with those edits and no other, whose registry was counted and published; and a site's release."""
    folder = tmp_path_factory.mktemp("declarado")
    checkout = small_checkout(folder / "padron", ("territorio", "territorio_extranjero", "elecciones"))
    for name in ("dashboard", "assets"):
        shutil.copytree(ROOT / name, checkout.folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path, before, after in EDITS:
        text = (checkout.folder / path).read_text(encoding="utf-8")
        assert text.count(before) == 1, before
        (checkout.folder / path).write_text(text.replace(before, after), encoding="utf-8")
    count = ("microdata", synthetic_registry, "--corte", "2026-09-30", "--eleccion", "2023-1")
    for order in (count, ("publish", "--si")):
        made = checkout.etl(*order)
        assert made.returncode == 0, made.stdout
    return checkout, with_cubes(release_path, checkout.current, folder / "con_cubos")


@pytest.mark.largo
def test_every_page_follows_what_a_declaration_changes(changed: tuple[Checkout, Path], tmp_path: Path) -> None:
    checkout, release = changed
    cube = pd.read_parquet(Release.open(release).table("participacion_cubo"))
    assert "31_40" in {*cube["grupo_edad"]} and "pueblo" not in cube
    shown = cube["empadronados"].dropna()
    assert shown[shown > 0].min() >= 30
    with (
        running_site(release, tmp_path / "servidor.log", code=checkout.folder) as url,
        httpx.Client(base_url=url, timeout=60, follow_redirects=True) as client,
    ):
        page = Document(client.get("/participacion?indicador=votaron").text)
        offered = {str(item.get("value")) for item in page.all("#f-grupo option")}
        assert "edad.31_40" in offered and not any(
            value.startswith("pueblo.") or value == "edad.31_35" for value in offered
        )
        assert "31 a 40 años" in " ".join(page.texts("#quien_vota_grupos"))
        asked = Document(client.get("/participacion?indicador=votaron&pueblo=maya").text)
        assert asked.texts(".avisos li") != []
        assert client.get("/descargas/vista/participacion_mapa.csv?indicador=votaron&pueblo=maya").status_code == 400
        crossed = client.get("/descargas/vista/cruces.json?cuenta=votaron&filas=edad&columnas=sexo").json()["filas"]
        assert "31_40" in {row["codigo_fila"] for row in crossed}
        people = [row["padron"] for row in crossed if row["padron"]]
        assert min(people) >= 30
        lacking = client.get("/que-falta").text
        assert "participacion-pais-pueblo" in lacking
    assert fields.GRUPOS_EDAD  # the project itself was not edited

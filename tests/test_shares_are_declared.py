"""Promise: a share is a declaration; what is confidential in it is said, and never becomes a zero nor part of another."""

from __future__ import annotations

import ast
import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from dashboard import views
from dashboard.address.selection import Selection
from dashboard.figures.queries import Data
from dashboard.indicators.padron import REGISTERED
from dashboard.kinds.barras import Bar, Facts, Part, text
from dashboard.kinds.distribution import Distribution, crossing
from dashboard.render.blocks import Face, table
from dashboard.render.html import to_html
from dashboard.render.pictures import bars
from dashboard.view import Answer, View, answer
from dashboard.words import NO_DATA
from etl import fields
from etl.cubes.declared import PUEBLO, SEXO, TERRITORIO, Cube
from etl.cubes.parts import Part as PartOfCube
from etl.cubes.tables import cube_dataset, cube_frame
from etl.datasets import dataset
from etl.model import TOTAL
from etl.pipeline.run import Account, run
from etl.publish.contents import release_files
from etl.release import publish
from tests.browser_support import ROOT
from tests.release_support import file_of

MOST_LINES = 25
HIDDEN = "no se publica por confidencialidad"
CUBE = Cube(
    name="padron_cubo",
    title="Padrón por pueblo",
    description="Empadronados por municipio, sexo y pueblo.",
    measures=(fields.empadronados,),
    dimensions=(TERRITORIO, SEXO, PUEBLO),
    crosses=((fields.codigo_municipio, fields.sexo, PUEBLO.field),),
)
#: (municipio, sexo, pueblo) -> people. Of 0101, 120 women and 100 men; of 0102, only its total is published.
PEOPLE = {
    ("0101", "mujeres", "maya"): 70,
    ("0101", "mujeres", "ladino"): 40,
    ("0101", "mujeres", "xinka"): 6,
    ("0101", "mujeres", "garifuna"): 4,
    ("0101", "hombres", "maya"): 60,
    ("0101", "hombres", "ladino"): 40,
    ("0101", "hombres", "xinka"): 0,
    ("0101", "hombres", "garifuna"): 0,
    ("0102", "mujeres", "maya"): 3,
    ("0102", "hombres", "maya"): 4,
}
#: What is hidden, with TOTAL for a sum: two of a line, so that neither follows from the others.
SECRET = {
    *(("0101", sexo, pueblo) for sexo in ("mujeres", TOTAL) for pueblo in ("xinka", "garifuna")),
    *(("0102", *rest) for rest in product((TOTAL, "mujeres", "hombres"), (TOTAL, "maya")) if rest != (TOTAL, TOTAL)),
}
BY_PUEBLO = Distribution(
    "padron_pueblo",
    "El padrón por pueblo",
    "¿De qué pueblos son las personas empadronadas?",
    crossing(REGISTERED, "pueblo"),
    ("{within} se identificaron como de pueblo {name} {count} de {whole} personas empadronadas: {share}.",),
).view()
BY_PUEBLO_AND_SEX = Distribution(
    "padron_pueblo_sexo",
    "El padrón por pueblo y sexo",
    "¿De qué pueblos son las mujeres y los hombres?",
    crossing(REGISTERED, "pueblo", "sexo"),
    (
        "{within} el grupo más numeroso es {group}: {count} personas, {share} del padrón.",
        "En total, {total_mujeres} mujeres y {total_hombres} hombres.",
    ),
    ordered=True,
).view()
WOMEN_BY_PUEBLO = Distribution(
    "padron_mujeres_pueblo",
    "Mujeres de cada pueblo",
    "¿Qué parte de cada pueblo son mujeres?",
    crossing(REGISTERED, "pueblo", "sexo"),
    ("De pueblo maya, {share_maya} son mujeres ({count_maya}).",),
    part="mujeres",
).view()


#: The territories of the cube, with the beginning of the codes of what is inside: both municipios are in one departamento.
TERRITORIES = {(TOTAL, TOTAL): "", ("01", TOTAL): "01", ("01", "0101"): "0101", ("01", "0102"): "0102"}


def cells() -> Iterator[dict[str, object]]:
    """Every cell of the cube, margins included."""
    pueblos = sorted({pueblo for _, _, pueblo in PEOPLE})
    for (codes, inside), sexo, pueblo in product(TERRITORIES.items(), (TOTAL, *fields.SEXOS), (TOTAL, *pueblos)):
        found = [
            people
            for (code, own, of), people in PEOPLE.items()
            if code.startswith(inside) and sexo in (TOTAL, own) and pueblo in (TOTAL, of)
        ]
        hidden = (codes[1], sexo, pueblo) in SECRET
        yield {
            **dict(zip(("codigo_departamento", "codigo_municipio"), codes, strict=True)),
            "sexo": sexo,
            "pueblo": pueblo,
            "empadronados": None if hidden else sum(found),
            "estado_celda": "confidencial" if hidden else "publicada",
        }


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    """A release of the territory and one cube, written by the code that writes the real ones."""
    result = run((dataset("territorio"),), ROOT / "data" / "source")
    cube = cube_dataset(CUBE, [date(2026, 9, 30)])
    result.accounts.append(Account(cube))
    result.corrections[cube.name] = ()
    rows = pd.DataFrame(cells()).astype({"empadronados": "Int64"})
    result.tables[CUBE.name] = cube_frame(CUBE, PartOfCube(CUBE.name, "2026-09-30"), rows)
    return Data(publish(*release_files(result), tmp_path_factory.mktemp("publicacion")))


def asked(view: View, data: Data, code: str) -> Answer:
    """The answer about one municipio."""
    return answer(view, data, Selection(lugar=code))


def words(found: Answer) -> list[str]:
    return [sentence.plain() for sentence in found.sentences]


def test_a_confidential_count_is_said_and_is_in_no_share(data: Data) -> None:
    found = asked(BY_PUEBLO, data, "0101")
    shares = {row[0]: row[2:4] for row in found.rows}
    assert shares == {
        "maya": (130, pytest.approx(100 * 130 / 220)),
        "ladino": (80, pytest.approx(100 * 80 / 220)),
        "garifuna": (None, None),
        "xinka": (None, None),
    }
    assert words(found) == [
        "En Guatemala, Guatemala se identificaron como de pueblo Maya 130 de 220 personas empadronadas: 59.1\u00a0%.",
        f"De Garífuna y Xinka la cifra {HIDDEN}: queda fuera de las partes.",
    ]


def test_sides_keep_the_totals_that_are_published(data: Data) -> None:
    found = asked(BY_PUEBLO_AND_SEX, data, "0101")
    assert {row[0]: row[2:5] for row in found.rows} == {
        "maya": (70, 60, 130),
        "ladino": (40, 40, 80),
        "garifuna": (None, 0, None),
        "xinka": (None, 0, None),
    }
    assert words(found) == [
        "En Guatemala, Guatemala el grupo más numeroso es maya: 130 personas, 59.1\u00a0% del padrón.",
        "En total, 120 mujeres y 100 hombres.",
        f"De Garífuna (mujeres) y Xinka (mujeres) la cifra {HIDDEN}: queda fuera de las partes.",
    ]


def test_a_part_of_a_hidden_whole_has_no_share(data: Data) -> None:
    found = asked(WOMEN_BY_PUEBLO, data, "0101")
    assert [(row[0], row[-2]) for row in found.rows] == [
        ("maya", pytest.approx(100 * 70 / 130)),
        ("ladino", 50.0),
        ("garifuna", None),
        ("xinka", None),
    ]
    assert words(found)[0] == "De pueblo maya, 53.8\u00a0% son mujeres (70)."


def test_where_everything_but_the_total_is_hidden_it_is_said(data: Data) -> None:
    for view in (BY_PUEBLO, BY_PUEBLO_AND_SEX, WOMEN_BY_PUEBLO):
        found = asked(view, data, "0102")
        assert not any(isinstance(cell, float | int) and cell for row in found.rows for cell in row if row[0] == "maya")
        assert HIDDEN in " ".join(words(found)) and "Maya" in " ".join(words(found))


def test_the_largest_is_not_said_when_a_hidden_one_may_be_larger() -> None:
    known, hidden = Bar("maya", "Maya", 40, (Part(40, 100),)), Bar("xinka", "Xinka", None, (Part(None, 100),))
    facts = Facts(
        (known, hidden), "Pueblo", "personas", 100, ("{within} es {name}.",), {"within": "Aquí"}, withheld=True
    )
    assert facts.largest is None  # the hidden one has 60
    assert [sentence.plain() for sentence in text(facts)] == [f"De Xinka la cifra {HIDDEN}: queda fuera de las partes."]
    assert replace(facts, whole=70).largest is known


READERS = {
    "csv": lambda content: list(csv.DictReader(io.StringIO(content.decode()))),
    "json": lambda content: json.loads(content)["filas"],
    "parquet": lambda content: pq.read_table(io.BytesIO(content)).to_pylist(),
}


@pytest.mark.parametrize("view", [BY_PUEBLO, BY_PUEBLO_AND_SEX, WOMEN_BY_PUEBLO], ids=lambda view: view.name)
@pytest.mark.parametrize("code", ["0101", "0102"])
def test_every_face_says_it(data: Data, view: View, code: str) -> None:
    found = asked(view, data, code)
    divided = (TOTAL,) if view is BY_PUEBLO else (TOTAL, *fields.SEXOS)
    secret = [pueblo for place, sexo, pueblo in SECRET if place == code and sexo in divided and pueblo != TOTAL]
    assert secret
    for suffix, read in READERS.items():
        rows = read(file_of(found, suffix))
        assert {row["pueblo"] for row in rows if row["estado"] == HIDDEN} == set(secret), suffix
        missing = [pueblo for row in rows for pueblo in [row["pueblo"]] for cell in row.values() if cell in (None, "")]
        assert {*missing} >= set(secret) and len(missing) >= len(secret), suffix
    page = to_html(table(found, found.title, found.selection, Face("/padron")))
    assert page.count(f'<td class="num confidencial">{HIDDEN}</td>') >= len(secret)
    assert "<em>confidencial</em>" in to_html(bars(found))  # a picture beside the table, which says it whole
    drawn = {bar["codigo"]: bar["partes"] for bar in found.figure}
    assert {pueblo for pueblo, parts in drawn.items() for count, _ in parts if count is None} == set(secret) & {*drawn}


def test_the_share_of_nobody_is_not_called_confidential(data: Data) -> None:
    found = asked(WOMEN_BY_PUEBLO, data, "0102")
    page = to_html(table(found, found.title, found.selection, Face("/padron")))
    (nobody,) = [row for row in page.split("<tr>") if "Ladino" in row]
    assert HIDDEN not in nobody and nobody.count(">0<") == 3 and NO_DATA in nobody


# ---- declarations ----------------------------------------------------------------------------------------------------


def modules() -> dict[str, tuple[Path, tuple[View, ...]]]:
    """The modules of views by name, with what each declares."""
    root = Path(views.__file__).parent
    found = {}
    for path in sorted(root.rglob("*.py")):
        if path.name != "__init__.py":
            name = ".".join(("dashboard", "views", *path.relative_to(root).with_suffix("").parts))
            found[name] = (path, views.declared(name))
    return found


def test_every_view_is_found_in_the_same_order_always() -> None:
    declared = [view for _, found in modules().values() for view in found]
    assert [view.name for view in declared] == list(views.VIEWS)
    assert len(set(views.VIEWS)) == len(declared)


def test_every_share_is_a_declaration_of_few_lines() -> None:
    """The whole module counts, imports too; and a declaration has no code."""
    found = {name: (path, of) for name, (path, of) in modules().items() if any(v.kind.name == "barras" for v in of)}
    assert len(found) >= 4
    for name, (path, of) in found.items():
        source = path.read_text(encoding="utf-8")
        assert len(source.splitlines()) <= MOST_LINES * len(of), name
        code = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.If)
        assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, code)], name
        assert all(view.kind.name == "barras" for view in of), name

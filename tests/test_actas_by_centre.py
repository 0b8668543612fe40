"""Promise: where the actas say it, a centre is a step of its own between its municipio and its polling tables; where they do
not, there is no such step, and an address that asks for a centre that is not there is told."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from etl.release import Release
from tests.release_support import asked_of, sealed
from tests.site_support import FORMATS, Document, accessible, number
from tests.test_actas_table_by_table import EVENT, ONE, PATH, TECPAN, rows_of
from tests.test_release_is_the_only_truth import older

#: The municipio whose actas say their centres in what is published today, and one of them.
SAN_JOSE = f"{PATH}?eleccion=2023-repeticion&lugar=0104"
CENTRE = f"{SAN_JOSE}&centro=193"


@pytest.fixture(scope="module")
def with_centres(release_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release where the tables of one municipio have centres, as a later election's files say them, invented here."""
    folder = tmp_path_factory.mktemp("centros") / "publicacion"
    shutil.copytree(release_path.resolve(), folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name in ("participacion_mesa", "participacion_mesa_papeletas"):
        path = folder / f"{name}.parquet"
        table = pq.read_table(path)
        event, place, mesa_ = (table[column].to_pylist() for column in ("eleccion", "codigo_municipio", "mesa"))
        said = table["codigo_centro"].to_pylist()
        for row, number_ in enumerate(mesa_):
            if (event[row], place[row]) == (EVENT, "0406"):
                said[row] = str(40 + (number_ - 5490) // 50)
        index = table.schema.get_field_index("codigo_centro")
        pq.write_table(table.set_column(index, table.schema.field(index), pa.array(said, pa.string())), path)
        entry = next(item for item in manifest["archivos"] if item["nombre"] == path.name)
        entry["bytes"], entry["sha256"] = path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return sealed(folder)


@pytest.mark.parametrize("mode", [str, accessible])
def test_from_a_municipio_to_a_table_by_its_centre(seen, mode) -> None:
    """The real centres of the election of one ballot."""
    address = mode(f"{PATH}?eleccion=2023-repeticion")
    steps = {
        "Guatemala": "departamento=01",
        "San José del Golfo": "lugar=0104",
        "Centro 193": "lugar=0104&centro=193",
        "Mesa 2315": "centro=193&mesa=2315",
    }
    for words, asked in steps.items():
        links = {link.text_content(): link.get("href") for link in seen(address).all("#lugar .lista-mesas a")}
        address = links[words].split("#")[0]
        assert asked in address and urlsplit(address).path == mode(PATH)
    assert seen(address).texts("#mesa .hilo li") == [
        *("Guatemala",) * 2,
        "San José del Golfo",
        "Centro 193",
        "Mesa 2315",
    ]
    page = seen(mode(CENTRE))
    assert page.one("link[rel=canonical]").get("href").endswith(CENTRE)
    assert page.texts("#lugar .ruta [aria-current] b") == ["Centro 193"]
    tables = {"Mesa 2313": 243, "Mesa 2314": 251, "Mesa 2315": 252, "Mesa 2316": 202}
    assert page.texts("#lugar .lista-mesas a") == [*tables]
    assert [number(text.split()[0]) for text in page.texts("#lugar .lista-mesas span")] == [*tables.values()]
    assert [number(text) for text in page.texts(".cuenta .total td")] == [899, 948] and sum(tables.values()) == 948
    assert "En el centro 193 de San José del Golfo (Guatemala)" in page.one("main").text_content()


def test_the_centres_of_several_ballots(with_centres: Path) -> None:
    """The list goes from the centre that agrees least, and each step is the sum of what is inside it."""
    visual, plain, one, last = asked_of(
        with_centres, TECPAN, accessible(TECPAN), f"{TECPAN}&centro=40", f"{accessible(ONE)}&centro=41"
    )
    for answer in (visual, plain):
        page = Document(answer.text)
        assert "Elija un centro de votación" in page.texts("#lugar h3") and "no dice en qué centro" not in answer.text
        assert sorted(page.texts("#lugar .larga a")) == ["Centro 40", "Centro 41"]
        shares = [number(text.split()[0]) for text in page.texts("#lugar .larga b")]
        assert shares == sorted(shares) and page.texts("#lugar .cifra-grande strong") == ["73 de 92"]
    page = Document(one.text)
    big = page.texts("#lugar .cifra-grande strong")[0].split(" de ")
    assert big[1] == "50" == str(len(page.all("#lugar .cuadros-mesas g"))) == str(len(page.all("#lugar .larga li")))
    assert sum(number(text) for text in page.texts(".distancias b")) == 50
    assert (
        number(page.texts(".distancias b")[0])
        == int(big[0])
        == page.texts("#lugar .larga span").count("totales iguales")
    )
    assert len(page.texts("#lugar .ruta li")) == 4
    page = Document(last.text)
    assert page.texts("#mesa .hilo li")[-2:] == ["Centro 41", "Mesa 5556"]
    assert page.texts("#lugar .larga [aria-current]") == ["Mesa 5556"] and len(page.all("#lugar .larga li")) == 42


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file_of_a_centre_has_its_tables(client: httpx.Client, suffix: str) -> None:
    query = urlsplit(CENTRE).query
    rows = rows_of(suffix, client.get(f"/descargas/vista/participacion_mesas.{suffix}?{query}").content)
    assert [(row["mesa"], int(row["votos_corporacion_municipal"])) for row in rows] == [
        *(("2313", 243), ("2314", 251), ("2315", 252), ("2316", 202)),
    ]
    assert {row["codigo_centro"] for row in rows} == {"193"}
    for view in ("participacion_actas", "participacion_papeletas", "participacion_discrepancias"):
        assert client.get(f"/descargas/vista/{view}.{suffix}?{query}").status_code == 200
    for wrong in ("centro=193", f"eleccion={EVENT}&lugar=0406&centro=193", f"{query}9", "lugar=01&centro=193"):
        assert client.get(f"/descargas/vista/participacion_mesas.{suffix}?{wrong}").status_code == 400


HOSTILE = ("9" * 5000, "-1", "1 OR 1=1", "<script>", "%00", "٣", "190,191", "0190", "1e3", "%F0%9F%97%B3", "..%2F..")


@pytest.mark.parametrize("mode", [str, accessible])
def test_a_centre_that_is_not_there_is_told(client: httpx.Client, seen, mode) -> None:
    for code in HOSTILE:
        page = seen(mode(f"{SAN_JOSE}&centro={code}"))
        assert (
            "se muestra sin ese filtro" in page.one(".avisos").text_content() and "<script>" not in page.texts("h1")[0]
        )
        assert "centro" not in page.one("link[rel=canonical]").get("href")
    elsewhere = (f"{TECPAN}&centro=193", f"{PATH}?eleccion=2023-repeticion&centro=193", f"{PATH}?centro=193")
    for address in elsewhere:
        assert "El centro 193 no está en el municipio" in seen(mode(address)).one(".avisos").text_content()
    other = seen(mode(f"{CENTRE}&mesa=2297"))
    assert "La mesa 2297 no está en lo que se pide" in other.one(".avisos").text_content()
    assert other.texts("#mesa .hilo li")[-2:] == ["Centro 190", "Mesa 2297"]


def test_where_nobody_says_the_centres_there_is_no_step(seen, release_path: Path, tmp_path: Path) -> None:
    assert "Elija un centro de votación" not in seen(TECPAN).texts("h3")
    column = [(name, "codigo_centro") for name in ("participacion_mesa", "participacion_mesa_papeletas")]
    folder = older(Release.open(release_path), tmp_path / "sin", (), column)
    page, asked, file, listed = asked_of(
        folder,
        SAN_JOSE,
        CENTRE,
        f"/descargas/vista/participacion_mesas.csv?{urlsplit(CENTRE).query}",
        "/api/v1/parametros",
    )
    assert (page.status_code, asked.status_code, file.status_code) == (200, 200, 400)
    assert (
        len(Document(page.text).all("#lugar .larga li")) == 24
        and "Centro" not in Document(page.text).texts("#lugar")[0]
    )
    assert "La fuente no dice en qué centro" in Document(asked.text).one(".avisos").text_content()
    assert '"centro"' not in listed.text

"""Promise: a damaged input, of whatever kind, gives a clear message and never a traceback; what was there stays intact.

Each kind of damage is drawn many ways by Hypothesis and given to the real command line.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.microdata import layout
from tests.etl_support import tree
from tests.long_support import light_and_long
from tests.microdata_support import CORTE, HEADER, PEOPLE, count, write_csv

#: How many ways each kind of damage is drawn: in `make test`, one of every four kinds; in `make test-largo`, all, many ways.
#: Some have only one.
FEW, MANY = 1, 30
ONE_WAY = (
    "empty", "header alone", "no header", "UTF-7", "EBCDIC", "all in one line", "old Mac line ends", "header repeated",
    "whole file quoted", "needed column renamed", "needed column in lower case", "needed column twice",
    "column without name", "a web page", "a CSV named .parquet",
)  # fmt: skip
Draw = Callable[[st.SearchStrategy], object]
COLUMNS_READ = [name for name in HEADER if name != "NOMBRES"]


def lines_of(text: bytes) -> list[bytes]:
    """Lines with their ends."""
    return text.splitlines(keepends=True)


def at(draw: Draw, content: bytes) -> int:
    """A place inside the content."""
    return draw(st.integers(0, len(content) - 1))


def inserted(what: Callable[[Draw], bytes]) -> Callable[[bytes, Draw], bytes]:
    """Damage that puts some bytes anywhere."""

    def damage(content: bytes, draw: Draw) -> bytes:
        place = at(draw, content)
        return content[:place] + what(draw) + content[place:]

    return damage


def in_cells(what: Callable[[Draw], str]) -> Callable[[bytes, Draw], bytes]:
    """Damage that writes a value in a drawn column of a drawn row."""

    def damage(content: bytes, draw: Draw) -> bytes:
        rows = [line.decode().rstrip("\n").split(",") for line in lines_of(content)]
        row, column = draw(st.integers(1, len(rows) - 1)), draw(st.sampled_from(COLUMNS_READ))
        value = what(draw).replace('"', '""')
        rows[row][HEADER.index(column)] = f'"{value}"'
        return ("\n".join(",".join(cells) for cells in rows) + "\n").encode("utf-8", "surrogatepass")

    return damage


def shuffled(content: bytes, draw: Draw) -> bytes:
    head, *rest = lines_of(content)
    return b"".join([head, *draw(st.permutations(rest))])


def one_line(change: Callable[[bytes, Draw], bytes], header: bool = False) -> Callable[[bytes, Draw], bytes]:
    """Damage done to one line, or to the header."""

    def damage(content: bytes, draw: Draw) -> bytes:
        lines = lines_of(content)
        place = 0 if header else draw(st.integers(1, len(lines) - 1))
        lines[place] = change(lines[place], draw)
        return b"".join(lines)

    return damage


def header_name(name: str, other: str) -> Callable[[bytes, Draw], bytes]:
    """Damage that renames a column."""
    return one_line(lambda line, draw: line.replace(name.encode(), other.encode()), header=True)


CSV_DAMAGES: dict[str, Callable[[bytes, Draw], bytes]] = {
    "empty": lambda c, d: b"",
    "blank": lambda c, d: d(st.sampled_from([b" ", b"\n", b"\r\n\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])),
    "header alone": lambda c, d: lines_of(c)[0],
    "no header": lambda c, d: b"".join(lines_of(c)[1:]),
    "cut anywhere": lambda c, d: c[: at(d, c)],
    "start lost": lambda c, d: c[at(d, c) :],
    "random bytes": lambda c, d: d(st.binary(min_size=1, max_size=400)),
    "random text": lambda c, d: d(st.text(min_size=1, max_size=400)).encode("utf-8", "surrogatepass"),
    "bytes inserted": inserted(lambda d: d(st.binary(min_size=1, max_size=20))),
    "zeros inserted": inserted(lambda d: b"\0" * d(st.integers(1, 50))),
    "quotes inserted": inserted(lambda d: b'"' * d(st.integers(1, 3))),
    "delimiters inserted": inserted(lambda d: b"," * d(st.integers(1, 40))),
    "line ends inserted": inserted(lambda d: d(st.sampled_from([b"\n", b"\r", b"\r\n", b"\n\r", b"\n\n\n"]))),
    "control characters inserted": inserted(lambda d: bytes([d(st.integers(1, 31))])),
    "bad UTF-8 inserted": inserted(lambda d: d(st.sampled_from([b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf8\x88"]))),
    "UTF-16": lambda c, d: c.decode().encode(d(st.sampled_from(["utf-16", "utf-16-le", "utf-16-be", "utf-32"]))),
    "UTF-7": lambda c, d: c.decode().encode("utf-7"),
    "EBCDIC": lambda c, d: c.decode().replace("’", "'").encode("cp500", "replace"),
    "all in one line": lambda c, d: c.replace(b"\n", b" "),
    "old Mac line ends": lambda c, d: c.replace(b"\n", b"\r"),
    "mixed line ends": lambda c, d: c.replace(b"\n", b"\r\n", d(st.integers(1, 6))),
    "another delimiter in the header": one_line(
        lambda line, d: line.replace(b",", d(st.sampled_from([b";", b"\t"]))), True
    ),
    "another delimiter in a row": one_line(lambda line, d: line.replace(b",", d(st.sampled_from([b";", b"|"])))),
    "row cut": one_line(lambda line, d: line[: d(st.integers(0, len(line) - 1))] + b"\n"),
    "row too long": one_line(lambda line, d: line.rstrip() + b",x" * d(st.integers(1, 30)) + b"\n"),
    "row joined to the next": one_line(lambda line, d: line.rstrip(b"\n")),
    "row repeated": lambda c, d: c + d(st.sampled_from(lines_of(c)[1:])) * d(st.integers(1, 5)),
    "header repeated": lambda c, d: c + lines_of(c)[0],
    "rows in another order": shuffled,
    "whole file quoted": lambda c, d: b'"' + c,
    "needed column renamed": header_name("SEXO", "Genero"),
    "needed column in lower case": header_name("FECHA_NACIMIENTO", "fecha_nacimiento"),
    "needed column twice": header_name("NOMBRES", "SEXO"),
    "column without name": header_name("NOMBRES", ""),
    "any text in a cell": in_cells(lambda d: d(st.text(max_size=60).filter(lambda t: "\0" not in t))),
    "number in a cell": in_cells(lambda d: repr(d(st.one_of(st.floats(), st.integers())))),
    "date in a cell": in_cells(lambda d: str(d(st.datetimes()))),
    "SQL in a cell": in_cells(
        lambda d: d(st.sampled_from(["'; DROP TABLE registros;--", "\\'", "%s", ":x", "{}", "$1"]))
    ),
    "huge cell": in_cells(lambda d: "9" * d(st.integers(5_000, 3_000_000))),
    "odd spaces in a cell": in_cells(lambda d: d(st.sampled_from(["\u00a0", "\u200b", "\u2028", "\ufeff", "\t\t"]))),
    "compressed but named .csv": lambda c, d: b"\x1f\x8b\x08\0" + d(st.binary(min_size=5, max_size=200)),
    "a web page": lambda c, d: b"<!DOCTYPE html><html><body>Error 503</body></html>",
}


def check(source: Path | str, folder: Path, *options: str) -> None:
    """The command on a damaged source: a sentence in Spanish, and what was published before stays as it was."""
    before = tree(folder)
    result = count(source, folder, *options)
    said = result.output
    assert result.exit_code in (0, 1, 2), said
    assert "Traceback" not in said and "error interno" not in said, said
    assert re.search("Filas leídas|No se hizo nada: |Se detuvo: ", said) or result.exit_code == 2, said
    made = folder / CORTE
    if result.exit_code == 0:
        report = json.loads((made / "informe.json").read_text(encoding="utf-8"))
        assert report["filas_leidas"] == report["filas_cargadas"] + report["filas_rechazadas"]
        assert sum(item["filas"] for item in report["motivos"]) == report["filas_rechazadas"]
        assert bool(report["cubos"]) == bool(report["filas_cargadas"])  # of nobody there is no cube
        for cube in folder.glob("*/*.exacto.parquet"):
            counts = pd.read_parquet(cube, columns=["empadronados"])["empadronados"]
            assert counts.min() >= 0 and 0 < counts.max() <= max(report["filas_cargadas"], len(PEOPLE))
    else:
        after = {path: digest for path, digest in tree(folder).items() if ".rechazado/" not in path}
        assert after == before
        shutil.rmtree(folder / f"{CORTE}.rechazado", ignore_errors=True)
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


@pytest.fixture(scope="module")
def good_cubes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cubes of a good registry; each test takes a copy of them."""
    place = tmp_path_factory.mktemp("bueno")
    assert count(write_csv(place / "bueno.csv"), place / "cubos").exit_code == 0
    return place / "cubos"


@pytest.fixture
def folder(good_cubes: Path, tmp_path: Path) -> Path:
    """A folder with the cubes of a good registry."""
    return shutil.copytree(good_cubes, tmp_path / "cubos")


def drawn(kind: str, examples: int) -> settings:
    """The same damages on every run."""
    return settings(
        max_examples=1 if kind in ONE_WAY else examples,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        database=None,
    )


times = pytest.mark.parametrize("examples", [FEW, pytest.param(MANY, marks=pytest.mark.largo)])


@times
@pytest.mark.parametrize("kind", light_and_long(CSV_DAMAGES, 4))
def test_a_damaged_csv_is_explained(kind: str, examples: int, folder: Path, tmp_path: Path) -> None:
    whole = write_csv(tmp_path / "padron.csv").read_bytes()

    @drawn(kind, examples)
    @given(st.data())
    def run(data: st.DataObject) -> None:
        source = tmp_path / "padron.csv"
        source.write_bytes(CSV_DAMAGES[kind](whole, data.draw))
        check(source, folder, "--max-rechazos", data.draw(st.sampled_from(["1", "0.2", "0"])))

    run()


PARQUET_DAMAGES: dict[str, Callable[[bytes, Draw], bytes]] = {
    "empty": lambda c, d: b"",
    "cut anywhere": lambda c, d: c[: at(d, c)],
    "start lost": lambda c, d: c[at(d, c) :],
    "bytes changed": lambda c, d: c[: (place := at(d, c))] + d(st.binary(min_size=1, max_size=30)) + c[place + 30 :],
    "bytes inserted": inserted(lambda d: d(st.binary(min_size=1, max_size=30))),
    "only its mark": lambda c, d: b"PAR1" * d(st.integers(1, 9)),
    "a CSV named .parquet": lambda c, d: b"CUI,SEXO\n1,F\n",
}


@times
@pytest.mark.parametrize("kind", light_and_long(PARQUET_DAMAGES, 4))
def test_a_damaged_parquet_is_explained(kind: str, examples: int, folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "padron.parquet"
    pd.DataFrame(PEOPLE * 20, columns=list(HEADER)).to_parquet(source)
    whole = source.read_bytes()

    @drawn(kind, examples)
    @given(st.data())
    def run(data: st.DataObject) -> None:
        source.write_bytes(PARQUET_DAMAGES[kind](whole, data.draw))
        check(source, folder, "--max-rechazos", "1")

    run()


TYPES = {
    "floats": pa.float64(), "small floats": pa.float32(), "decimals": pa.decimal128(18, 2), "dates": pa.date32(),
    "moments": pa.timestamp("us"), "booleans": pa.bool_(), "bytes": pa.binary(), "lists": pa.list_(pa.int64()),
    "structs": pa.struct([("a", pa.int8())]), "nothing": pa.null(), "big numbers": pa.uint64(), "hours": pa.time64("us"),
}  # fmt: skip


def every_type_and_column() -> Sequence[object]:
    """Each type in each column; one of every two types in one column, another for each, is enough for `make test`."""
    return [
        pytest.param(kind, name, marks=() if turn % 2 == 0 and turn % len(COLUMNS_READ) == at else pytest.mark.largo)
        for turn, kind in enumerate(TYPES)
        for at, name in enumerate(COLUMNS_READ)
    ]


@pytest.mark.parametrize(("kind", "name"), every_type_and_column())
def test_a_parquet_column_of_another_type_is_explained(kind: str, name: str, folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "padron.parquet"
    plain = pa.table({name: [row[i] for row in PEOPLE] for i, name in enumerate(HEADER)})
    some = {"floats": float("nan"), "small floats": float("inf"), "big numbers": 2**64 - 1, "booleans": True}
    column = pa.array([some.get(kind)] * len(PEOPLE), TYPES[kind])
    pq.write_table(plain.set_column(plain.schema.get_field_index(name), name, column), source)
    check(source, folder, "--max-rechazos", "1")


LAYOUTS = {
    "no such file": None,
    "empty": "",
    "not TOML": "columnas = [",
    "no columns": "[columnas]\n",
    "unknown column": '[columnas]\napellido = "X"\n',
    "birth and age": layout.DEFAULT.read_text(encoding="utf-8").replace('mesa = "MESA"', 'edad = "MESA"'),
    "a number for a name": layout.DEFAULT.read_text(encoding="utf-8").replace('"MESA"', "7"),
    "three columns for a code": layout.DEFAULT.read_text(encoding="utf-8").replace('"CODMUN"]', '"CODMUN", "X"]'),
    "unknown value": layout.DEFAULT.read_text(encoding="utf-8").replace('"mujeres"', '"damas"'),
    "unknown date format": layout.DEFAULT.read_text(encoding="utf-8").replace("AAAA-MM-DD", "AA-M-D"),
    "share above one": layout.DEFAULT.read_text(encoding="utf-8").replace("0.01", "2"),
    "share in words": layout.DEFAULT.read_text(encoding="utf-8").replace("0.01", '"poco"'),
    "sections that are values": "columnas = 1\nvoto = 2\nvalores = 3\n",
    "a column the file lacks": layout.DEFAULT.read_text(encoding="utf-8").replace('"MESA"', '"JRV"'),
    "a registry in place of a layout": ",".join(PEOPLE[0]),
}


@pytest.mark.parametrize("kind", LAYOUTS)
def test_a_wrong_layout_is_explained(kind: str, folder: Path, tmp_path: Path) -> None:
    declared = tmp_path / "columnas.toml"
    if LAYOUTS[kind] is not None:
        declared.write_text(LAYOUTS[kind], encoding="utf-8")
    before = tree(folder)
    result = count(write_csv(tmp_path / "padron.csv"), folder, "--columnas", str(declared))
    assert (result.exit_code, tree(folder)) == (1, before)
    assert "No se hizo nada: " in result.output and "error interno" not in result.output
    assert PEOPLE[0][1] not in result.output


def test_wrong_places_and_options_are_explained(folder: Path, tmp_path: Path) -> None:
    good = write_csv(tmp_path / "padron.csv")
    (tmp_path / "vacia").mkdir()
    write_csv(tmp_path / "mezcla" / "a.csv")
    pd.DataFrame(PEOPLE, columns=list(HEADER)).to_parquet(tmp_path / "mezcla" / "b.parquet")
    write_csv(tmp_path / "notas" / "a.csv")
    (tmp_path / "notas" / "leeme.doc").write_text("x")
    write_csv(tmp_path / "distintas" / "a.csv")
    write_csv(tmp_path / "distintas" / "b.csv", [("1", "F")], ("CUI", "SEXO"))
    for source, options, words in (
        (tmp_path / "nada.csv", (), "no existe nada.csv"),
        (tmp_path / "vacia", (), "no tiene archivos"),
        (tmp_path / "mezcla", (), "mezcla CSV y Parquet"),
        (tmp_path / "notas", (), "tiene archivos que no son CSV"),
        (tmp_path / "distintas", (), "b.csv: faltan columnas"),
        (good, ("--tabla", "x"), "solo valen con la dirección de una base de datos"),
        ("env:NO_EXISTE_TAL_VARIABLE", (), "la variable de entorno"),
        ("oraculo://x", ("--tabla", "x"), "falta el controlador"),
        ("://", ("--tabla", "x"), "no se entiende"),
        (good, ("--origen", tmp_path / "nada"), "no existe la carpeta de origen"),
        (good, ("--eleccion", "1999"), "no dice qué columna es el voto de 1999"),
    ):
        election = None if "--eleccion" in options else "2023-1"
        before = tree(folder)
        result = count(source, folder, *options, election=election)
        assert (result.exit_code, tree(folder)) == (1, before), result.output
        assert words in result.output, result.output

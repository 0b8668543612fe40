"""Promise: no personal value reaches any file, log, report, message or temporary file, whatever happens.

Recognisable values are planted in every column of a registry, good and bad, and every byte the command writes anywhere
is searched for them.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from etl.microdata import layout as layouts
from etl.microdata.files import opened_files
from tests.browser_support import ROOT
from tests.microdata_support import CORTE, ELECCION, HEADER, PEOPLE, changed, write_csv
from tests.postgres_support import address, load
from tests.process_support import finished

PLANTED = tuple(f"ZQX{name}PLANTADO" for name in HEADER)
SECRET = "CLAVEZQXSECRETA"


def planted_rows() -> list[tuple[str, ...]]:
    """People whose every value is recognisable: each column broken in a row of its own, and one wholly so."""
    rows = [(f"ZQX{n}CUIPLANTADO", "ZQXNOMBREPLANTADO", *row[2:]) for n, row in enumerate(PEOPLE * 40)]
    for position, value in enumerate(PLANTED):
        row = list(rows[0])
        row[0] = f"ZQX{position}ROTOPLANTADO"
        row[position] = value
        rows.append(tuple(row))
        abroad = list(("ZQX" + str(position) + "FUERAPLANTADO", *changed(5)[5][1:]))
        abroad[position] = value
        rows.append(tuple(abroad))
    rows.append(PLANTED)
    rows.append(rows[3])  # a repeated identifier
    return rows


def run(folder: Path, *arguments: str) -> tuple[int, bytes]:
    """The real command with its own temporary folder inside `folder`; exit code and everything it said."""
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(temporary), "HOME": str(folder / "tmp"), "SECRETO": SECRET}
    done = finished(("microdata", *arguments, "--corte", CORTE, "--cubos", folder / "cubos"), ROOT, environment)
    return done.returncode, (done.stdout + done.stderr).encode()


def leaks(folder: Path, said: bytes, *apart: Path) -> list[str]:
    """Where a planted value is found, among everything said and written under `folder` but for the inputs."""
    places = {"salida": said}
    for path in folder.rglob("*"):
        if path.is_file() and path not in apart:
            places[str(path.relative_to(folder))] = path.read_bytes()
            places[f"nombre de {path.name}"] = path.name.encode()
    for path in (folder / "cubos").rglob("*.parquet"):  # what compression could hide
        columns = pq.read_table(path)
        values = [str(value) for name in columns.column_names for value in columns[name].unique().to_pylist()]
        places[f"valores de {path.name}"] = "\n".join([*columns.column_names, *values]).encode()
    return [name for name, content in places.items() if b"zqx" in content.lower() or SECRET.encode() in content]


def damaged(text: str) -> dict[str, bytes]:
    """The planted registry, broken in ways that make readers and engines complain."""
    lines = text.splitlines(keepends=True)
    return {
        "good": text.encode(),
        "windows-1252": text.encode("cp1252"),
        "no header": "".join(lines[1:]).encode(),
        "open quote": (text + '"ZQXCOMILLASPLANTADO,1,2').encode(),
        "quote in the middle": "".join([*lines[:9], '"ZQX"ROTOPLANTADO"' + lines[9], *lines[10:]]).encode(),
        "short row": "".join([*lines[:9], "ZQXCORTAPLANTADO,ZQX\n", *lines[9:]]).encode(),
        "long row": "".join([*lines[:9], lines[9].rstrip() + ",ZQXSOBRAPLANTADO\n", *lines[9:]]).encode(),
        "bad bytes": text.encode().replace(b"ZQXNOMBRE", b"ZQX\x81\x8d\xff", 3),
        "zeros": text.encode().replace(b"ZQXNOMBRE", b"ZQX\0\0", 3),
        "mixed ends of line": text.encode().replace(b"\n", b"\r\n", 7),
        "one very long cell": text.encode().replace(b"ZQXNOMBRE", b"ZQX" * 900_000, 1),
        "cut": text.encode()[:-37],
    }


KINDS = list(damaged("a\nb\n" * 20))


def every_kind_and_share() -> list[object]:
    """Each kind of damage, accepting any rejected row or none; two of every three, each with one of the two by turns, are
    enough for `make test`.
    """
    return [
        pytest.param(kind, share, marks=() if turn % 2 == int(share) and turn % 3 else pytest.mark.largo)
        for turn, kind in enumerate(KINDS, 1)
        for share in ("1", "0")
    ]


@pytest.mark.parametrize(("kind", "share"), every_kind_and_share())
def test_no_planted_value_is_written_from_a_file(kind: str, share: str, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "padron.csv", planted_rows())
    source.write_bytes(damaged(source.read_text(encoding="utf-8"))[kind])
    code, said = run(tmp_path, str(source), "--eleccion", ELECCION, "--max-rechazos", share)
    assert code in (0, 1) and b"Traceback" not in said, said.decode()
    assert (code == 0) == (tmp_path / "cubos" / CORTE).exists()
    assert leaks(tmp_path, said, source) == []
    assert list((tmp_path / "tmp").rglob("*")) == []  # nothing is left in the temporary folder


@pytest.mark.parametrize("places", [2, pytest.param(6, marks=pytest.mark.largo)])
def test_no_planted_value_is_written_from_parquet(places: int, tmp_path: Path) -> None:
    frame = pd.DataFrame(planted_rows(), columns=list(HEADER))
    source = tmp_path / "padron.parquet"
    frame.to_parquet(source)
    code, said = run(tmp_path, str(source), "--max-rechazos", "1")
    assert code == 0, said.decode()
    assert leaks(tmp_path, said, source) == []
    assert leaks(tmp_path, said) == ["padron.parquet"]  # the search does find what is there
    whole = source.read_bytes()
    for size in (len(whole) - 3, len(whole) // 2, 60, 3)[-places:]:
        source.write_bytes(whole[:size])
        code, said = run(tmp_path, str(source), "--max-rechazos", "1")
        assert code == 1 and leaks(tmp_path, said, source) == []
    for place in range(4, len(whole) - 8, max(1, len(whole) // places)):
        source.write_bytes(whole[:place] + bytes(b ^ 0xA5 for b in whole[place : place + 40]) + whole[place + 40 :])
        code, said = run(tmp_path, str(source), "--max-rechazos", "1")
        assert code in (0, 1) and b"Traceback" not in said, said.decode()
        assert leaks(tmp_path, said, source) == []


def test_no_planted_value_nor_password_is_written_from_a_database(tmp_path: Path, postgres: str) -> None:
    load(postgres, "plantados", pd.DataFrame(planted_rows(), columns=list(HEADER)), {})
    good = address(postgres).replace("padron@", f"padron:{SECRET}@")
    everything = ("--max-rechazos", "1")
    fails = 'SELECT *, CAST("NOMBRES" AS integer) AS x FROM plantados WHERE CAST("CUI" AS integer) > 0'
    for options in (
        ("--tabla", "plantados"),
        ("--consulta", fails),
        ("--consulta", "SELECT ZQXPLANTADO FROM plantados"),
    ):
        code, said = run(tmp_path, good, *options, *everything)
        assert b"Traceback" not in said, said.decode()
        assert (code == 0) == (options[0] == "--tabla"), said.decode()
        assert leaks(tmp_path, said) == []
    code, said = run(tmp_path, good.replace(postgres, "/no/hay"), "--tabla", "plantados")
    assert code == 1 and SECRET.encode() not in said


def test_what_does_not_fit_in_memory_spills_and_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    planted = "VALOR-QUE-SE-RECONOCE"
    source = write_csv(tmp_path / "padron.csv")
    with opened_files(source, layouts.load(layouts.DEFAULT)) as opened:
        engine = opened.engine
        engine.execute("SET memory_limit='40MB'")
        rows = f"SELECT '{planted}-' || i || repeat('x', 40) AS v FROM range(1_500_000) t(i)"
        engine.execute(f"CREATE TEMP TABLE grande AS {rows}")
        spilled = [path for path in tmp_path.glob("padron-*/*") if path.is_file()]
        assert sum(path.stat().st_size for path in spilled) > 10_000_000
        assert not any(planted.encode() in path.read_bytes() for path in spilled)
        assert engine.execute("SELECT count(DISTINCT v) FROM grande").fetchone() == (1_500_000,)
    assert list(tmp_path.glob("padron-*")) == []

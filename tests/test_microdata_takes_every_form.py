"""Promise: one registry in any form that staff have it gives the same cubes, an account that closes, or one clear sentence."""

from __future__ import annotations

import gzip
import io
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import cast

import openpyxl
import pandas as pd
import pytest

from etl.demo.registry import records
from etl.demo.release import marginals
from etl.microdata import sheets
from etl.pipeline.drivers import INSTALL_MYSQL, PIP, missing_driver
from tests.browser_support import ROOT
from tests.forms_support import FORMS, Written, csv_bytes, fixed, layout_with, partitioned, sqlite, workbook
from tests.long_support import light_and_long
from tests.mariadb_support import address, load, running_mariadb
from tests.microdata_support import (
    CORTE,
    HEADER,
    PEOPLE,
    changed,
    count,
    cube_files,
    cubes,
    rejections,
    reports,
    write_csv,
)

FEW = 1500
ANY = ("--max-rechazos", "0.9", "--max-desconocidos", "0.9")


def registry_of(synthetic: Path, people: int) -> pd.DataFrame:
    """Invented people, some of them with something wrong: repeated, of no municipio, too young, with an unknown word."""
    frame = pd.read_parquet(synthetic).head(people).astype({"FECHA_NACIMIENTO": "str"})
    frame.loc[3:9, ["CODDEP", "CODMUN"]] = ("1", "99")  # whoever lives abroad has no municipio
    frame.loc[20:24, "FECHA_NACIMIENTO"] = "2015-01-01"
    frame.loc[30:34, "PUEBLO"] = "Azteca"
    frame.loc[40:44, "SEXO"] = None
    again = frame.iloc[50:60].assign(CUI=lambda rows: rows["CUI"].str[:5] + "-" + rows["CUI"].str[5:], PUEBLO="Xinka")
    return pd.concat([frame, again], ignore_index=True)


@pytest.fixture(scope="module")
def registry(synthetic_registry: Path) -> pd.DataFrame:
    return registry_of(synthetic_registry, FEW)


@pytest.fixture(scope="module")
def expected(registry: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cubes of the registry in Parquet."""
    folder = tmp_path_factory.mktemp("esperado")
    registry.to_parquet(folder / "padron.parquet")
    result = count(folder / "padron.parquet", folder / "cubos", *ANY)
    assert result.exit_code == 0, result.output
    return folder / "cubos"


def check(written: Written, folder: Path, expected: Path) -> None:
    """Count it; the cubes and the account are those expected."""
    source, options = written
    result = count(source, folder, *options, *ANY)
    assert result.exit_code == 0, result.output
    assert cube_files(folder) == cube_files(expected)
    told, same = reports(folder), reports(expected)
    for name, report in told.items():
        for key in ("filas_leidas", "filas_cargadas", "filas_rechazadas", "motivos", "sin_dato_por_no_declarado"):
            assert report[key] == same[name][key]
        assert report["filas_leidas"] == report["filas_cargadas"] + sum(item["filas"] for item in report["motivos"])
        assert report["filas_leidas"] == FEW + 10 and report["filas_rechazadas"] == 27
    assert len(rejections(folder / CORTE)) == 27


#: The same form with its text in another encoding, or compressed as others are.
ALIKE = ("gzip in windows-1252", "fixed width in windows-1252", "spark csv.gz")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.largo) if name in ALIKE else name for name in FORMS]
)
def test_every_form_gives_the_same_cubes(name: str, registry: pd.DataFrame, expected: Path, tmp_path: Path) -> None:
    check(FORMS[name](registry, tmp_path), tmp_path / "cubos", expected)


def test_a_rejected_row_is_told_where_it_is_in_each_form(tmp_path: Path) -> None:
    frame = pd.DataFrame(changed(3, SEXO="Q"), columns=list(HEADER)).replace("", None)
    frame["FECHA_NACIMIENTO"] = frame["FECHA_NACIMIENTO"].astype("str")
    places = {
        "zip": ("padron.zip", 5), "excel": ("padron.xlsx, hoja Uno", 8),
        "fixed width": ("padron.txt", 4), "spark csv": ("CODDEP=13/part-00000-c000.csv", 2),
        "sqlite": ("base de datos", 4),
    }  # fmt: skip
    for name, (file, row) in places.items():
        folder = tmp_path / name
        folder.mkdir()
        source, options = FORMS[name](frame, folder)
        assert count(source, folder / "cubos", *options, *ANY).exit_code == 0
        assert rejections(folder / "cubos" / CORTE) == [(file, row, "sexo_desconocido")], name


def test_sheets_without_records_are_told(tmp_path: Path) -> None:
    source, options = workbook(pd.DataFrame(PEOPLE, columns=list(HEADER)).replace("", None), tmp_path)
    result = count(source, tmp_path / "cubos", *options)
    assert "Aviso: padron.xlsx: no se lee la hoja «Notas», que no trae las columnas" in result.output


# --- Damage -----------------------------------------------------------------------------------------------------------

FRAME = pd.DataFrame(PEOPLE, columns=list(HEADER)).replace("", None)
TWO = {"uno.csv": csv_bytes(FRAME), "dos.csv": csv_bytes(FRAME)}


def a_zip(folder: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(folder / "padron.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return folder / "padron.zip"


def written(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def locked_zip(folder: Path) -> Path:
    content = bytearray(a_zip(folder, {"uno.csv": csv_bytes(FRAME)}).read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    return written(folder / "padron.zip", bytes(content))


def crc_zip(folder: Path) -> Path:
    path = folder / "padron.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("uno.csv", csv_bytes(FRAME))
    return written(path, path.read_bytes().replace(b"ANA UNO", b"ANA TRE", 1))


def sheet_with(folder: Path, cell: str, value: str) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (HEADER, *PEOPLE):
        sheet.append(row)
    sheet[cell] = value
    book.save(folder / "padron.xlsx")
    return folder / "padron.xlsx"


def strict(folder: Path) -> Path:
    whole = sheet_with(folder, "A2", "x")
    out = io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name).replace(b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                                             b"http://purl.oclc.org/ooxml/spreadsheetml/main")  # fmt: skip
            new.writestr(name, content)
    return written(whole, out.getvalue())


def spark(folder: Path, damage: Callable[[Path], object]) -> Path:
    root, _ = partitioned(".csv")(FRAME, folder)
    damage(root)
    return root


def short_lines(folder: Path) -> Written:
    path, options = fixed("utf-8")(FRAME, folder)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:4], *(line[:40] for line in lines[4:])]) + "\n", encoding="utf-8")
    return path, options


def damaged_sheet(folder: Path) -> Path:
    whole = sheet_with(folder, "A2", "x")
    with zipfile.ZipFile(whole) as old:
        content = {name: old.read(name) for name in old.namelist()}
    content["xl/worksheets/sheet1.xml"] = re.sub(rb'<row r="3"', b'<row r="tres"', content["xl/worksheets/sheet1.xml"])
    with zipfile.ZipFile(whole, "w") as new:
        for name, member in content.items():
            new.writestr(name, member)
    return whole


DAMAGES: dict[str, tuple[Callable[[Path], Path | Written], str]] = {
    "gzip cut": (lambda f: written(f / "p.csv.gz", gzip.compress(csv_bytes(FRAME))[:-20]), "p.csv.gz está dañado o cortado"),
    "gzip of zeros": (lambda f: written(f / "p.csv.gz", b"\x1f\x8b" + b"\0" * 40), "está dañado o cortado"),
    "gzip of nothing": (lambda f: written(f / "p.csv.gz", gzip.compress(b"")), "p.csv.gz está vacío"),
    "gzip of Parquet": (lambda f: written(f / "p.csv.gz", gzip.compress(b"PAR1\0\0\0")), "no es texto UTF-8"),
    "two files in a ZIP": (lambda f: a_zip(f, TWO), "padron.zip trae 2 archivos y debe traer uno"),
    "an empty ZIP": (lambda f: a_zip(f, {}), "padron.zip trae 0 archivos"),
    "a workbook in a ZIP": (lambda f: a_zip(f, {"p.xlsx": b"PK"}), "lo que trae padron.zip no es un CSV"),
    "a ZIP cut": (lambda f: written(f / "p.zip", a_zip(f, TWO).read_bytes()[:-30]), "p.zip está dañado o cortado"),
    "a ZIP that does not match": (crc_zip, "padron.zip está dañado o cortado"),
    "a ZIP with a password": (locked_zip, "padron.zip tiene contraseña"),
    "a workbook with a password": (
        lambda f: written(f / "p.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), "p.xlsx tiene contraseña o es"),
    "a strict workbook": (strict, "es «Open XML estricto»"),
    "a workbook cut": (lambda f: written(f / "p.xlsx", sheet_with(f, "A2", "x").read_bytes()[:-40]), "p.xlsx no es un libro"),
    "a damaged sheet": (damaged_sheet, "padron.xlsx no es un libro de Excel (.xlsx) o está dañado"),
    "a CSV named .xlsx": (lambda f: written(f / "p.xlsx", csv_bytes(FRAME)), "p.xlsx no es un libro de Excel"),
    "formulas": (lambda f: sheet_with(f, "A4", "=A3+1"), "la columna CUI tiene fórmulas (la primera, en la fila 4)"),
    "no header in the sheet": (lambda f: sheet_with(f, "E1", "GENERO"), "padron.xlsx: faltan columnas: SEXO"),
    "an old workbook": (lambda f: written(f / "p.xls", b"x"), "p.xls no se lee así: ábralo en Excel o LibreOffice"),
    "a table of Spark without its partition": (
        lambda f: spark(f, lambda root: (root / "CODDEP=13").rename(root / "13")), "carpetas dentro que no son particiones"),
    "a part outside its partition": (
        lambda f: spark(f, lambda root: shutil.copy(root / "CODDEP=13" / "part-00000-c000.csv", root / "part-1.csv")),
        "part-1.csv: faltan columnas: CODDEP"),
    "not finished": (
        lambda f: spark(f, lambda root: (root / "_temporary").mkdir()), "no se terminó de escribir"),
    "Delta Lake": (lambda f: spark(f, lambda root: (root / "_delta_log").mkdir()), "es una tabla de Delta Lake"),
    "notes and nothing else": (lambda f: written(f / "s" / "_SUCCESS", b"").parent, "no tiene archivos con registros"),
    "short lines": (short_lines, "4 filas: la fila es más corta que el ancho declarado"),
    "SQLite without a table": (lambda f: sqlite(FRAME, f)[0], "indique --tabla o --consulta"),
    "SQLite damaged": (
        lambda f: (written(f / "p.db", b"SQLite format 3\0" + b"x" * 900), ("--tabla", "x")), "o está dañado (SQLITE_NOTADB)"),
    "no such SQLite": (lambda f: (f"sqlite:///{f}/no.db", ("--tabla", "x")), "no existe la base de datos no.db"),
    "SQLite asked to write": (
        lambda f: (sqlite(FRAME, f)[0], ("--consulta", "DELETE FROM ciudadanos")), "o intenta escribir"),
}  # fmt: skip


@pytest.mark.parametrize("name", light_and_long(DAMAGES, 5))
def test_a_damaged_form_is_explained(name: str, tmp_path: Path) -> None:
    damage, words = DAMAGES[name]
    made = damage(tmp_path)
    source, options = made if isinstance(made, tuple) else (made, ())
    result = count(source, tmp_path / "cubos", *options)
    assert result.exit_code == 1, result.output
    assert words in result.output, result.output
    assert "No se hizo nada: " in result.output or "Se detuvo: " in result.output
    assert "error interno" not in result.output and "ANA" not in result.output
    assert not (tmp_path / "cubos" / CORTE).exists()
    assert "faltan en" not in result.output and len(result.output.splitlines()) <= 3


def test_only_the_votes_that_are_counted_must_be_placed(tmp_path: Path) -> None:
    path, options = fixed("utf-8")(FRAME, tmp_path)  # the layout says a column for 2019, and the file has none
    assert count(path, tmp_path / "cubos", *options).exit_code == 0
    refused = count(path, tmp_path / "otros", *options, election="2019-1")
    assert refused.exit_code == 1 and "[ancho_fijo] no dice dónde está VOTO_2019_1" in refused.output


def test_lines_without_the_spaces_at_their_end_are_declared(tmp_path: Path) -> None:
    path, options = fixed("utf-8")(FRAME, tmp_path)
    whole = count(path, tmp_path / "entero", *options)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line.rstrip() for line in lines) + "\n\n\x1a", encoding="utf-8")
    toml = Path(options[1])
    toml.write_text(
        toml.read_text(encoding="utf-8").replace("[formato]", "[formato]\nrecortado = true"), encoding="utf-8"
    )
    cut = count(path, tmp_path / "cortado", *options)
    assert (whole.exit_code, cut.exit_code) == (0, 0), cut.output
    assert cube_files(tmp_path / "cortado") == cube_files(tmp_path / "entero")


def test_a_layout_of_fixed_width_that_is_wrong_is_explained(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "padron.txt")
    for more, words in (
        ("[ancho_fijo]\nCUI = [0, 4]\n", "[ancho_fijo] CUI debe ser [primer carácter, cuántos]"),
        ("[ancho_fijo]\nCUI = [1, 4]\n", "[ancho_fijo] no dice dónde está CODDEP"),
        ("[ancho_fijo]\nCUI = 3\n", "[ancho_fijo] CUI debe ser"),
    ):
        result = count(source, tmp_path / "cubos", *layout_with(tmp_path, more=more))
        assert result.exit_code == 1 and words in result.output


# --- Databases --------------------------------------------------------------------------------------------------------


def test_every_database_says_what_to_install() -> None:
    for name, words in (
        ("oracle+oracledb", f"falta el controlador de Oracle: instálelo con «{PIP} oracledb»"),
        ("oracle", "oracle+oracledb://usuario:clave@servidor/base"),
        ("mssql+pyodbc", f"falta el controlador de SQL Server: instálelo con «{PIP} pymssql»"),
        ("mysql+pymysql", f"instale el extra «mysql» con «{INSTALL_MYSQL}»"),
        ("mariadb", f"instale el extra «mysql» con «{INSTALL_MYSQL}»"),
    ):
        assert words in missing_driver(name)


@pytest.mark.largo
def test_mariadb_gives_the_same_cubes(registry: pd.DataFrame, expected: Path, tmp_path: Path) -> None:
    types = {"FECHA_NACIMIENTO": "date", "MESA": "int"}
    with running_mariadb() as socket:
        for charset, scheme in (("utf8mb4", "mariadb"), ("latin1", "mysql")):
            frame = registry if charset == "utf8mb4" else registry.replace("’", "'", regex=True)
            load(socket, charset, "ciudadanos", frame, types if charset == "utf8mb4" else {}, charset)
            source = address(socket, charset, scheme)
            check((source, ("--tabla", "ciudadanos")), tmp_path / charset, expected)
            query = "SELECT *, ':nada' AS dos_puntos, '100%' AS porcentaje FROM ciudadanos WHERE CUI LIKE 'S%';"
            check((source, ("--consulta", query)), tmp_path / f"{charset} consulta", expected)
        assert rejections(tmp_path / "utf8mb4" / CORTE)[0] == ("base de datos", 4, "municipio_desconocido")
        for options, words in (
            (("--tabla", "no_existe"), "la base de datos no tiene la tabla no_existe"),
            (("--consulta", "SELECT FROM"), "la consulta no es válida en esa base"),
            (("--consulta", "DELETE FROM ciudadanos"), "la consulta no es válida en esa base"),
            ((), "indique --tabla o --consulta"),
        ):
            result = count(source, tmp_path / "nada", *options)
            assert result.exit_code == 1 and words in result.output, result.output
        wrong = source.replace("root@", "root:SECRETA99@")
        result = count(wrong, tmp_path / "nada", "--tabla", "ciudadanos")
        assert result.exit_code == 1 and "no acepta el usuario o la contraseña" in result.output
        assert "SECRETA99" not in result.output


@pytest.mark.largo
@pytest.mark.parametrize("name", [name for name in FORMS if name != "csv"])
def test_two_hundred_thousand_people_in_every_form(name: str, big: tuple[pd.DataFrame, Path], tmp_path: Path) -> None:
    registry, known = big
    source, options = FORMS[name](registry, tmp_path)
    result = count(source, tmp_path / "cubos", *options, *ANY)
    assert result.exit_code == 0, result.output
    assert cube_files(tmp_path / "cubos") == cube_files(known)


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, Path]:
    """Two hundred thousand invented people, and their cubes."""
    folder = tmp_path_factory.mktemp("grande")
    tables, cutoff = marginals(ROOT / "data" / "source")
    frame = pd.concat([part.to_pandas() for part in records(tables, cutoff, 200_000)]).astype(
        {"FECHA_NACIMIENTO": "str"}
    )
    frame.to_parquet(folder / "padron.parquet")
    assert count(folder / "padron.parquet", folder / "cubos").exit_code == 0
    assert set(cubes(folder / "cubos"))
    return frame, folder / "cubos"


def test_a_bug_of_ours_is_not_told_as_damage_of_the_workbook(tmp_path: Path) -> None:
    with pytest.raises(AttributeError):
        sheets.sheets_of(sheet_with(tmp_path, "A2", "x"), HEADER, "FECHA_NACIMIENTO", cast(str, None))

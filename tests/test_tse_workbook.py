"""Promise: the TSE's workbook is read exactly as the tribunal lays it out, as CSV or XLSX, and never over-claimed."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl.datasets import padron_municipal
from etl.licenses import INFORMACION_PUBLICA
from etl.model import Confidence, Source, SourceFile
from etl.pipeline.read import Raw, read_input
from etl.publish.contents import release_files
from tests.etl_support import (
    PADRON,
    SOURCE,
    accept,
    run_damaged,
    run_on,
    source_copy,
    table,
    tree,
    with_column,
    with_row,
)

WORKBOOK = "empadronados.xlsx"
ABROAD = {"CODDEP": "25", "DEPARTAMENTO": "EXTRANJERO", "CODMUN": "3", "MUNICIPIO": "HOUSTON"}


@pytest.fixture(scope="module")
def workbook() -> bytes:
    """The real figures as the workbook the TSE delivers: counts are numbers, and blank rows follow the last one."""
    book = openpyxl.Workbook()
    first, *rows = table((SOURCE / "padron_municipal" / PADRON).read_bytes())
    book.active.append(first)
    for row in rows:
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    book.active.append([None] * len(first))
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def run_workbook(folder: Path, content: bytes):
    """The pipeline with `content` as the workbook in place of the CSV."""
    origin = source_copy(folder, "padron_municipal")
    accept(origin / "padron_municipal", WORKBOOK, content, instead_of=PADRON)
    return run_on(origin, "padron_municipal")


def test_the_workbook_gives_the_same_tables_as_the_csv(workbook: bytes, tmp_path: Path) -> None:
    from_csv = run_damaged(tmp_path / "csv", "padron_municipal", PADRON, lambda content: content)
    from_xlsx = run_workbook(tmp_path / "xlsx", workbook)
    assert from_xlsx.problems == []
    for name in ("padron_municipal_edad", "padron_municipal_alfabetismo"):
        pd.testing.assert_frame_equal(from_csv.tables[name], from_xlsx.tables[name])


@pytest.mark.parametrize(
    "damage", [lambda book: book[: len(book) // 2], lambda book: b"PK" + book[2000:], lambda _: b"?"]
)
def test_a_damaged_workbook_is_one_clear_problem(damage, workbook: bytes, tmp_path: Path) -> None:
    problems = run_workbook(tmp_path, damage(workbook)).problems
    assert [(problem.file, problem.message) for problem in problems] == [
        (WORKBOOK, "el libro de Excel está dañado o no es un .xlsx: no se puede abrir")
    ]


def read_as_delivered(folder: Path, file: str) -> Raw:
    """`file` read as the delivery of the tribunal, with a hash that is not its own."""
    source = Source("Padrón", "TSE", "en mano", INFORMACION_PUBLICA, date(2026, 7, 12), Confidence.ALTA)
    (declared,) = padron_municipal.DATASET.inputs
    return read_input(folder, declared, SourceFile(declared.name, file, "0" * 64, source))


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_no_flipped_byte_of_a_workbook_breaks_the_reader(data, workbook: bytes, tmp_path_factory) -> None:
    place = data.draw(st.integers(0, len(workbook) - 1))
    value = data.draw(st.integers(0, 255))
    folder = tmp_path_factory.mktemp("libro")
    (folder / WORKBOOK).write_bytes(workbook[:place] + bytes([value]) + workbook[place + 1 :])
    assert read_as_delivered(folder, WORKBOOK).problems  # at least the hash; never an exception


@settings(max_examples=60, deadline=None)
@example(content=b"\xef\xbb\xbf")
@given(content=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_no_bytes_at_all_break_the_reader(content: bytes, tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("archivo")
    (folder / PADRON).write_bytes(content)
    raw = read_as_delivered(folder, PADRON)
    assert raw.frame is None
    assert len(raw.problems) == 2  # the hash, and why there are no rows


def test_residents_abroad_are_recognised_and_counted_apart(tmp_path: Path) -> None:
    result = run_damaged(tmp_path, "padron_municipal", PADRON, with_row(ABROAD))
    assert result.problems == []  # still 340 municipios, and still the official total of the country
    frame = result.tables["padron_municipal_edad"]
    abroad = frame[frame["residencia"] == "extranjero"]
    assert set(abroad["codigo_municipio"]) == {"2503"}
    assert abroad["empadronados"].sum() == 854_232  # the row copied from the capital's
    assert frame.loc[frame["residencia"] == "pais", "empadronados"].sum() == 10_030_374
    assert not any("extranjero" in notice.message for notice in result.notices)


def test_residents_abroad_do_not_enter_the_series_of_the_country(tmp_path: Path) -> None:
    origin = source_copy(tmp_path, "padron_serie")
    folder = origin / "padron_municipal"
    accept(folder, PADRON, with_row(ABROAD)((folder / PADRON).read_bytes()))
    tables = run_on(origin, "padron_serie").tables
    assert tables["padron_serie_municipal"].query("anio == 2026")["empadronados"].sum() == 10_030_374
    cutoff = tables["padron_serie_nacional"].query("fecha == '2026-07-12'")
    assert cutoff.set_index("ambito")["empadronados"].to_dict() == {"pais": 10_030_374, "extranjero": 854_232}


def test_no_table_crosses_what_the_source_does_not_cross() -> None:
    columns = [{field.name for field in item.fields} for item in padron_municipal.TABLES]
    assert {"sexo", "grupo_edad"} < columns[0] and {"sexo", "alfabetismo"} < columns[1]
    assert not any({"grupo_edad", "alfabetismo"} <= names for names in columns)


def test_a_column_that_is_not_declared_never_leaves_the_source(tmp_path: Path) -> None:
    personal = "2987654320101"
    result = run_damaged(tmp_path / "fuentes", "padron_municipal", PADRON, with_column("CUI", personal))
    assert result.problems == []
    assert result.accounts[-1].ignored == {PADRON: ("CUI",)}
    _, files = release_files(result)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        assert personal.encode() not in content and b"CUI" not in content
    for name in tree(tmp_path):
        if name.endswith(".parquet"):
            frame = pd.read_parquet(tmp_path / name)
            assert "CUI" not in frame.columns
            assert not frame.astype("str").isin([personal]).any(axis=None)


def test_headers_keep_the_workbook_s_quirks() -> None:
    assert padron_municipal.age_column("66_70") == "EDAD_66a70"
    assert padron_municipal.age_column("66_70", "mujeres") == "MUJERES_EDAD_66A70"
    assert padron_municipal.age_column("70_mas", "hombres") == "HOMBRES_EDAD_MAYOROIGUAL70"

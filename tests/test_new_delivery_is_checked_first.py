"""Promise: a new delivery of the TSE is put in place by a command that checks everything first; a bad one changes nothing."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from etl.pipeline.clock import TODAY
from tests.checkout_support import TOTALS, Checkout, Row, scaled, small_checkout, total
from tests.etl_support import PADRON, SOURCE, etl, provenance, table, tree

REAL = (SOURCE / "padron_municipal" / PADRON).read_bytes()
OFFICIAL = [f"--total={name}={total(REAL, columns)}" for name, columns in TOTALS.items()]
ORDER = ("--corte=2026-09-30", "--url=entregado por el TSE")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the project that no test here changes, because nothing bad is accepted."""
    return small_checkout(tmp_path_factory.mktemp("copia") / "padron")


def test_a_workbook_is_put_in_place_without_programming(tmp_path: Path) -> None:
    checkout = small_checkout(tmp_path / "padron")
    book = openpyxl.Workbook()
    for row in table(REAL):
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    path = tmp_path / "Empadronados septiembre.XLSX"
    book.save(path)
    note = 'Libro «oficial»,\ncon "comillas" y \\ barras.'
    order = ("fuente", "padron_municipal", path, *ORDER, *OFFICIAL, "--confianza=alta", f"--nota={note}")
    accepted = checkout.etl(*order)
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    found, before = provenance(checkout.source / "padron_municipal"), provenance(SOURCE / "padron_municipal")
    (first, (name, source)), (_, file) = found.fuentes.items(), found.archivos
    assert (name, first) == ("tse_2026_09_30", ("tse", before.fuentes["tse"]))  # the one before stays beside it
    assert (source.corte, source.confianza, source.nota) == (date(2026, 9, 30), "alta", note)
    assert (source.titulo, source.editor) == (before.fuentes["tse"].titulo, before.fuentes["tse"].editor)
    assert source.totales["empadronados"].cita == "TSE, empadronados activos en el país al 30-09-2026"
    assert file.archivo == f"padron_municipal_2026-09-30_{file.sha256[:8]}.xlsx"
    assert (checkout.source / "padron_municipal" / file.archivo).read_bytes() == path.read_bytes()
    assert (checkout.source / "padron_municipal" / PADRON).read_bytes() == REAL  # what was there stays
    assert checkout.etl("check").returncode == 0


def one_person_more(row: Row) -> Row:
    """A total that is not the sum of its parts."""
    return row | {"TOTAL": str(int(row["TOTAL"]) + 1)} if row["CODMUN"] == "2" else row


def without_capital(row: Row) -> Row | None:
    """A municipio is missing."""
    return None if (row["CODDEP"], row["CODMUN"]) == ("1", "1") else row


@pytest.mark.parametrize(
    ("change", "words"),
    [(one_person_more, "la suma no cuadra"), (without_capital, "falta el municipio 0101 Guatemala")],
)
def test_a_delivery_with_problems_changes_nothing(change, words: str, checkout: Checkout) -> None:
    before = tree(checkout.folder / "etl"), tree(checkout.source)
    refused = checkout.deliver("2026-09-30", change)
    assert refused.returncode == 1
    assert words in refused.stdout and "La entrega no se aceptó" in refused.stdout
    assert (tree(checkout.folder / "etl"), tree(checkout.source)) == before


def test_official_totals_must_be_those_of_the_delivery(checkout: Checkout, tmp_path: Path) -> None:
    path = tmp_path / "entrega.csv"
    sink = io.StringIO()
    csv.writer(sink).writerows(table(REAL))
    path.write_text(sink.getvalue(), encoding="utf-8")
    wrong = [OFFICIAL[0].replace("10030374", "10,030,375"), *OFFICIAL[1:]]
    refused = checkout.etl("fuente", "padron_municipal", path, *ORDER, *wrong)
    assert refused.returncode == 1
    assert "10030375" in refused.stdout.replace(",", "")


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (("poblacion", "x.csv", *ORDER, *OFFICIAL), "existen: padron_municipal, territorio"),
        (("padron_municipal", "x.doc", *ORDER, *OFFICIAL), "no se puede leer x.doc: no existe"),
        (("padron_municipal", "x.csv", *ORDER, *OFFICIAL), "no se puede leer x.csv"),
        (("padron_municipal", __file__.replace(".py", ".csv"), *ORDER), "no se puede leer"),
        (("padron_municipal", "x.csv", ORDER[0], "--url= ", *OFFICIAL), "--url está vacía"),
    ],
)
def test_a_badly_written_order_is_explained(order: tuple[str, ...], words: str, checkout: Checkout) -> None:
    refused = checkout.etl("fuente", *order)
    assert (refused.returncode, words in refused.stdout) == (2, True), refused.stdout


def test_nothing_is_renewed_where_what_is_there_cannot_be_read(tmp_path: Path) -> None:
    checkout = small_checkout(tmp_path / "padron")
    (checkout.source / "padron_municipal" / "fuente.toml").write_text("[fuentes.tse\n\n", encoding="utf-8")
    before = tree(checkout.source)
    refused = checkout.etl("fuente", "padron_municipal", SOURCE / "padron_municipal" / PADRON, *ORDER, *OFFICIAL)
    assert refused.returncode == 1
    assert "padron_municipal/fuente.toml, línea 1: no es TOML válido" in refused.stdout
    assert "La entrega no se aceptó" in refused.stdout
    assert tree(checkout.source) == before


def test_missing_and_unknown_totals_are_explained(checkout: Checkout, tmp_path: Path) -> None:
    path = tmp_path / "entrega.csv"
    path.write_bytes(REAL)
    for totals, words in (
        (OFFICIAL[:2], "agregue --total hombres=… --total analfabetas=…"),
        ([*OFFICIAL, "--total=votantes=1"], "no hay ningún total llamado votantes"),
        (["--total=empadronados"], "se esperaba nombre=número"),
    ):
        refused = checkout.etl("fuente", "padron_municipal", path, *ORDER, *totals)
        assert (refused.returncode, words in refused.stdout) == (2, True), refused.stdout


def test_a_scaled_delivery_still_adds_up() -> None:
    """The deliveries these tests invent hold what the real one holds."""
    header, *rows = table(REAL)
    row = scaled({"1-2"}, 1.02)(dict(zip(header, rows[1], strict=True)))
    assert int(row["TOTAL"]) == sum(int(value) for name, value in row.items() if name.startswith("EDAD_"))


def test_a_day_that_is_none_is_refused_before_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TODAY, "ayer")
    refused = etl("check")
    assert (refused.exit_code, "PADRON_HOY no es una fecha (AAAA-MM-DD): «ayer»" in refused.output) == (1, True)

"""Promise: before publishing, what would change is shown, with the rows, the sums and everything that looks wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from etl import fields
from etl.licenses import INFORMACION_PUBLICA
from etl.model import TOTAL, Confidence, Dataset, Provenance, Source, Table
from etl.pipeline.run import Account, Result
from etl.publish.compare import Comparison, compare
from etl.publish.contents import release_files
from etl.publish.pairs import GROUPS, PLACE_FIELDS
from etl.release import publish

Tables = list[tuple[Table, str]]
SOURCE = Source("Padrón", "TSE", "https://tse.org.gt", INFORMACION_PUBLICA, date(2026, 7, 12), Confidence.ALTA)

PEOPLE = replace(fields.empadronados, nullable=True)  # a cell may be withheld


def registry(*columns, name: str = "padron") -> Table:
    """A table of registered people whose key is `columns`."""
    names = tuple(item.name for item in columns)
    return Table(name, name, name, (*columns, PEOPLE), names)


BY_SEX = registry(fields.codigo_municipio, fields.sexo)
BEFORE = """0101 mujeres 600 | 0101 hombres 400
            0102 mujeres 300 | 0102 hombres 200
            0201 mujeres 40 | 0201 hombres 9"""


def rows(table: Table, text: str) -> pd.DataFrame:
    """A table written as cells «0101 mujeres 600», separated by bars and lines."""
    cells = [cell.split() for line in text.splitlines() for cell in line.split("|") if cell.strip()]
    frame = pd.DataFrame(cells, columns=[item.name for item in table.fields], dtype="str")
    frame["empadronados"] = pd.to_numeric(frame["empadronados"].replace("-", None)).astype("Int64")
    if "anio" in frame:
        frame["anio"] = frame["anio"].astype("int64")
    return frame.sort_values(list(table.key), ignore_index=True)


def files_of(tables: Tables, cutoff: date = SOURCE.cutoff) -> tuple[Dataset, str, dict[str, bytes]]:
    """The dataset of some tables, and the release that holds them."""
    declared = tuple(table for table, _ in tables)
    told = Provenance(tables={table.name: (replace(SOURCE, cutoff=cutoff),) for table in declared})
    dataset = Dataset("padron", "Padrón", "Padrón", (), declared, read=lambda frames: {}, provenance=told)
    frames = {table.name: rows(table, text) for table, text in tables}
    return dataset, *release_files(Result([Account(dataset)], frames, corrections={dataset.name: ()}))


def compared(folder: Path, before: Tables, after: Tables, cutoff: date | None = None) -> Comparison:
    """The comparison of two releases of the same dataset."""
    _, release_id, files = files_of(before)
    release = publish(release_id, files, folder)
    dataset, _, new = files_of(after, cutoff or SOURCE.cutoff)
    return compare((dataset,), release, new)


def moved(comparison: Comparison, levels=PLACE_FIELDS | GROUPS) -> dict[str, tuple[float | None, float | None]]:
    """Every sum that moved, by what a reader calls it."""
    return {comparison.names.of(item): (item.before, item.after) for item in comparison.largest(99, levels)}


def wrong(comparison: Comparison) -> list[str]:
    """Everything that looks wrong, in words."""
    return [item.message for item in comparison.suspicions]


def test_rows_sums_and_movements_by_place_and_group(tmp_path: Path) -> None:
    after = """0101 mujeres 610 | 0101 hombres 400
               0102 mujeres 300 | 0102 hombres 200
               0201 mujeres 40 | 0202 hombres 9"""
    found = compared(tmp_path, [(BY_SEX, BEFORE)], [(BY_SEX, after)])
    change = found.changes[0]
    assert (change.rows_before, change.rows_after) == (6, 6)
    assert (change.added, change.removed, change.changed) == (1, 1, 1)
    assert change.totals == {"empadronados": (1549, 1559)}
    assert moved(found, PLACE_FIELDS) == {
        "Departamento 01": (1500, 1510),
        "Municipio 0101": (1000, 1010),
        "Municipio 0201": (49, 40),
        "Municipio 0202": (None, 9),
    }
    assert moved(found, GROUPS) == {"Sexo: Mujeres": (940, 950)}


def test_nothing_changed_is_said(tmp_path: Path) -> None:
    found = compared(tmp_path, [(BY_SEX, BEFORE)], [(BY_SEX, BEFORE)])
    assert (found.same, found.unchanged, found.changes, wrong(found)) == (True, 1, (), [])


def test_a_first_release_has_nothing_to_look_wrong(tmp_path: Path) -> None:
    dataset, _, files = files_of([(BY_SEX, BEFORE)])
    found = compare((dataset,), None, files)
    assert (found.before_id, found.changes[0].rows_before, found.changes[0].added, wrong(found)) == (None, None, 6, [])


def test_a_place_or_a_group_that_loses_a_tenth_looks_wrong(tmp_path: Path) -> None:
    fewer = BEFORE.replace("0102 mujeres 300", "0102 mujeres 250")
    found = compared(tmp_path, [(BY_SEX, BEFORE)], [(BY_SEX, fewer)])
    assert wrong(found) == ["Municipio 0102 perdió 10.0%: 500 → 450 personas"]
    almost = BEFORE.replace("0102 mujeres 300", "0102 mujeres 251")
    assert wrong(compared(tmp_path, [(BY_SEX, BEFORE)], [(BY_SEX, almost)])) == []
    small = BEFORE.replace("0201 mujeres 40", "0201 mujeres 20")  # 20 of 49 people: a percentage says nothing
    assert wrong(compared(tmp_path, [(BY_SEX, BEFORE)], [(BY_SEX, small)])) == []
    fewer_men = BEFORE.replace("0101 hombres 400", "0101 hombres 330")
    assert "Sexo: Hombres perdió 11.5%: 609 → 539 personas" in wrong(
        compared(tmp_path, [(BY_SEX, BEFORE)], [(BY_SEX, fewer_men)])
    )


def test_a_place_that_grows_a_quarter_looks_wrong(tmp_path: Path) -> None:
    more = BEFORE.replace("0102 mujeres 300", "0102 mujeres 425")
    assert wrong(compared(tmp_path, [(BY_SEX, BEFORE)], [(BY_SEX, more)])) == [
        "Municipio 0102 creció 25.0%: 500 → 625 personas"
    ]


def test_new_and_lost_codes_look_wrong(tmp_path: Path) -> None:
    after = BEFORE.replace("0201", "0299")
    found = compared(tmp_path, [(BY_SEX, BEFORE)], [(BY_SEX, after)])
    assert wrong(found) == ["código nuevo: Municipio 0299", "código que desaparece: Municipio 0201"]


def test_a_table_that_moves_without_the_other_looks_wrong(tmp_path: Path) -> None:
    by_literacy = registry(fields.codigo_municipio, fields.alfabetismo, name="padron_alfabetismo")
    same = BEFORE.replace("mujeres", "alfabeta").replace("hombres", "analfabeta")
    after = BEFORE.replace("0101 mujeres 600", "0101 mujeres 601")
    found = compared(tmp_path, [(BY_SEX, BEFORE), (by_literacy, same)], [(BY_SEX, after), (by_literacy, same)])
    assert wrong(found) == ["Municipio 0101: empadronados era igual que en padron_alfabetismo y ya no: 1,001 y 1,000"]
    other = same.replace("0101 alfabeta 600", "0101 alfabeta 500")  # they never agreed: different universes
    found = compared(tmp_path, [(BY_SEX, BEFORE), (by_literacy, other)], [(BY_SEX, after), (by_literacy, other)])
    assert wrong(found) == []


def test_a_total_that_does_not_move_with_its_parts_looks_wrong(tmp_path: Path) -> None:
    municipio = replace(fields.codigo_municipio, pattern=rf"\d{{4}}|{TOTAL}")
    sexo = replace(fields.sexo, labels={TOTAL: "Total", **fields.sexo.labels})
    cube = registry(municipio, sexo, name="cubo")
    before = """total total 100 | total mujeres 60 | total hombres 40
                0101 total 70 | 0101 mujeres 50 | 0101 hombres 20
                0102 total 30 | 0102 mujeres - | 0102 hombres -"""
    after = before.replace("0101 mujeres 50", "0101 mujeres 51").replace("0102 total 30", "0102 total 31")
    found = compared(tmp_path, [(cube, before)], [(cube, after)])
    assert wrong(found) == [
        "un total no se mueve con sus partes: Empadronados por Código de municipio (total)",
        "un total no se mueve con sus partes: Empadronados por Sexo (0101)",
    ]
    assert found.changes[0].totals == {"empadronados": (100, 100)}  # nobody is counted twice
    assert moved(found) == {"Municipio 0102": (30, 31)}  # and a place is read at its own total


def test_a_year_without_a_total_is_added_at_its_own_level(tmp_path: Path) -> None:
    sexo = replace(fields.sexo, labels={TOTAL: "Total", **fields.sexo.labels})
    series = registry(fields.anio, sexo)
    before = "2023 total 900 | 2023 mujeres 500 | 2023 hombres 400"
    found = compared(tmp_path, [(series, before)], [(series, f"{before} | 2026 mujeres 600 | 2026 hombres 410")])
    assert found.changes[0].totals == {"empadronados": (900, 1910)}


def test_a_year_that_disappears_is_said_once(tmp_path: Path) -> None:
    series = registry(fields.codigo_municipio, fields.anio)
    before = "0101 2023 900 | 0101 2026 1000 | 0102 2023 450 | 0102 2026 500"
    found = compared(tmp_path, [(series, before)], [(series, "0101 2026 1000 | 0102 2026 440")])
    assert wrong(found) == [
        "desaparecen todas las cifras de 2023",
        "Municipio 0102 (2026) perdió 12.0%: 500 → 440 personas",
    ]


def test_a_cutoff_that_goes_back_or_moves_no_figure_looks_wrong(tmp_path: Path) -> None:
    back = compared(tmp_path, [(BY_SEX, BEFORE)], [(BY_SEX, BEFORE)], date(2026, 6, 30))
    assert wrong(back) == ["el corte retrocede de 2026-07-12 a 2026-06-30"]
    still = compared(tmp_path, [(BY_SEX, BEFORE)], [(BY_SEX, BEFORE)], date(2026, 8, 31))
    assert wrong(still) == ["el corte pasó de 2026-07-12 a 2026-08-31 y ninguna cifra se movió"]


def test_a_table_that_no_longer_exists_looks_wrong(tmp_path: Path) -> None:
    other = replace(BY_SEX, name="otra")
    found = compared(tmp_path, [(BY_SEX, BEFORE), (other, BEFORE)], [(BY_SEX, BEFORE)])
    assert [(item.table, item.message) for item in found.suspicions] == [("otra", "la tabla ya no existe")]


def test_every_published_table_can_be_compared(release_path: Path) -> None:
    """Real releases: each against nothing and against one where every count is another, geometry included."""
    from etl.datasets import all_datasets
    from etl.release import Release

    release = Release.open(release_path)
    files = {path.name: path.read_bytes() for path in release.root.iterdir()}
    first = compare(all_datasets(), None, files)
    assert {change.table.name: change.added for change in first.changes} == {
        item["tabla"]: item["filas"] for item in release.manifest["archivos"] if item["tabla"]
    }
    for item in (manifest := json.loads(files["manifest.json"]))["archivos"]:
        item["sha256"] = "0" * 64  # so that every table is read and compared
    again = compare(all_datasets(), release, files | {"manifest.json": json.dumps(manifest).encode()})
    assert {(change.added, change.removed, change.changed) for change in again.changes} == {(0, 0, 0)}
    assert wrong(again) == []

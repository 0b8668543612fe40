"""Promise: a file as people make it gives the same tables, and says what was set right; or it is refused in few words.

Each kind of file is made from the real padrón, as CSV and as XLSX. `make test` runs two of every three kinds, each in one of
its formats, and `make test-largo` the rest.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
import typer

from etl.commands import output
from etl.datasets import all_datasets
from tests.accepted_files_support import ACCEPTED
from tests.changes_support import Case
from tests.etl_support import PADRON, SOURCE, accept, etl, source_copy
from tests.refused_files_support import REFUSED
from tests.workbook_support import Outcome, as_csv, as_xlsx, outcome, real_rows

MOST_LINES = 12
ENGLISH = re.compile(
    r"\b(the|and|with|not|file|missing|invalid|expected|warning|column|columns|row|rows|value|values|found|traceback|"
    r"exception|usage|option|options|argument|arguments|required|such|directory|permission|denied|show|message|exit|failed|"
    r"cannot|unable|should|must|try|help|default|is|of|for)\b",
    re.IGNORECASE,
)


def cases(kinds: dict[str, Case]) -> list[object]:
    """Every kind × format; of two kinds of every three, one format is light, and the rest is for `make test-largo`."""
    found = []
    for number, (name, case) in enumerate(kinds.items()):
        formats = [kind for kind in ("csv", "xlsx") if getattr(case, kind)]
        light = formats[number % len(formats)]
        for kind in formats:
            marks = [] if kind == light and number % 5 != 1 else [pytest.mark.largo]
            found.append(pytest.param(name, kind, id=f"{name}-{kind}", marks=marks))
    return found


def clean() -> dict[str, pd.DataFrame]:
    """The tables of the padrón as it was published."""
    if not CLEAN:
        folder = Path(__import__("tempfile").mkdtemp())
        CLEAN.update(outcome(folder, PADRON, (SOURCE / "padron_municipal" / PADRON).read_bytes()).tables)
    return CLEAN


CLEAN: dict[str, pd.DataFrame] = {}


def screen(found: Outcome) -> list[str]:
    """What a person sees of a refused file."""
    with output.console.capture() as told, pytest.raises(typer.Exit):
        output.show_accounts(found.result)
        output.stop_if_problems(found.result, "Así no se publicaría nada.")
    return told.get().splitlines()


def delivered(case: Case, kind: str) -> bytes:
    content = getattr(case, kind)()
    assert isinstance(content, bytes)
    return content


@pytest.mark.parametrize(("name", "kind"), cases(ACCEPTED))
def test_what_can_be_read_gives_the_same_tables_and_is_said(name: str, kind: str, tmp_path: Path) -> None:
    case = ACCEPTED[name]
    found = outcome(tmp_path, f"libro.{kind}", delivered(case, kind))
    assert not found.problems, found.problems[:5]
    for table, frame in clean().items():
        pd.testing.assert_frame_equal(frame, found.tables[table])
    told = "\n".join(found.notices)
    for words in case.words:
        assert words in told, told
    assert bool(found.notices) == bool(case.words), told
    assert len(found.notices) == len(set(found.notices))
    assert not ENGLISH.search(told), told


@pytest.mark.parametrize(("name", "kind"), cases(REFUSED))
def test_what_cannot_be_read_is_refused_in_few_words(name: str, kind: str, tmp_path: Path) -> None:
    case = REFUSED[name]
    found = outcome(tmp_path, f"libro.{kind}", delivered(case, kind))
    assert found.problems, f"published in silence: {found.notices}"
    lines = screen(found)
    assert len(lines) <= MOST_LINES, lines
    assert lines[-1] == "Así no se publicaría nada."
    told = "\n".join(lines)
    for words in case.words:
        assert words in told, told
    assert not ENGLISH.search(told.replace("libro.", "")), told


def test_there_are_enough_kinds() -> None:
    assert len(cases(ACCEPTED)) + len(cases(REFUSED)) >= 180
    light = [item for item in (*cases(ACCEPTED), *cases(REFUSED)) if not item.marks]
    assert len(light) >= 90


@pytest.mark.parametrize("name", ["excel of Guatemala", "report of a system"])
def test_the_command_accepts_them_and_says_what_it_set_right(name: str, tmp_path: Path) -> None:
    origin = source_copy(tmp_path, "padron_municipal")
    case = ACCEPTED[name]
    content = delivered(case, "csv" if case.csv else "xlsx")
    accept(origin / "padron_municipal", "libro.csv" if case.csv else "libro.xlsx", content, instead_of=PADRON)
    finished = etl("check", "--dataset", "padron_municipal", "--origen", str(origin))
    assert finished.exit_code == 0, finished.output
    assert finished.output.rstrip().splitlines()[-1] == "Sin problemas: se puede publicar."
    for words in case.words:
        assert words in finished.output


@pytest.mark.parametrize("name", ["municipios sorted alone", "a column that was sorted alone"])
def test_the_command_refuses_in_few_lines_with_the_verdict_last(name: str, tmp_path: Path) -> None:
    origin = source_copy(tmp_path, "padron_municipal")
    accept(origin / "padron_municipal", "libro.csv", delivered(REFUSED[name], "csv"), instead_of=PADRON)
    finished = etl("check", "--dataset", "padron_municipal", "--origen", str(origin))
    assert finished.exit_code == 1
    lines = finished.output.rstrip().splitlines()
    assert len(lines) <= MOST_LINES
    assert lines[-1] == "Así no se publicaría nada."
    whole = etl("--completo", "check", "--dataset", "padron_municipal", "--origen", str(origin)).output.splitlines()
    (count,) = (int(found[1]) for line in lines if (found := re.match(r"Problemas: ([0-9]+)", line)))
    assert sum(line.startswith("- ") for line in whole) == count > 50


NAMES = {
    "excel 97": "libro.xls",
    "password": "libro.xlsx",
    "libreoffice": "libro.ods",
    "zip": "libro.zip",
    "pdf": "libro.pdf",
    "page of a system": "libro.xls",
    "binary workbook": "libro.xlsb",
}


@pytest.mark.parametrize("name", NAMES)
def test_the_command_names_what_is_no_table_and_says_how_to_save_it(name: str, tmp_path: Path) -> None:
    file = tmp_path / NAMES[name]
    file.write_bytes(delivered(REFUSED[name], "xlsx"))
    finished = etl("fuente", "padron_municipal", str(file), "--corte", "2026-08-01", "--url", "en mano")
    assert finished.exit_code == 1
    lines = finished.output.rstrip().splitlines()
    assert len(lines) <= MOST_LINES and lines[-1] == "La entrega no se aceptó; todo sigue como estaba."
    for words in REFUSED[name].words:
        assert words in finished.output


@pytest.mark.parametrize(("name", "words"), [("libro.txt", "termine en .csv"), ("libro.xlsm", "termine en .xlsx")])
def test_the_command_says_which_name_a_file_should_have(name: str, words: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(as_csv(real_rows()) if name.endswith("txt") else as_xlsx(real_rows()))
    finished = etl("fuente", "padron_municipal", str(tmp_path / name), "--corte", "2026-08-01", "--url", "en mano")
    assert finished.exit_code == 1 and words in finished.output


def test_every_source_of_the_repository_is_read_as_it_is(build_said: str) -> None:
    """Whoever built the release was told of each file how many rows it has, and of nothing that was set right."""
    names = [dataset.name for dataset in all_datasets()]
    assert [line for line in build_said.splitlines() if line.startswith(tuple(f"{name}, " for name in names))] == []
    assert all(name in build_said for name in names)


def test_the_same_file_twice_is_the_same(tmp_path: Path) -> None:
    assert as_csv(real_rows()) == as_csv(real_rows())
    one, other = (outcome(tmp_path, "libro.xlsx", as_xlsx(real_rows())) for _ in range(2))
    for name in one.tables:
        pd.testing.assert_frame_equal(one.tables[name], other.tables[name])

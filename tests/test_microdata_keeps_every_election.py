"""Promise: one pass counts several elections; each waits by cut-off and election, and nothing is lost in silence."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from etl.cubes.exact import waiting, waiting_jobs
from etl.cubes.parts import Part
from etl.cubes.protect import add_cubes
from etl.pipeline.run import Result
from tests.forms_support import layout_with
from tests.microdata_support import (
    AT_HOME,
    CORTE,
    ELECCION,
    HEADER,
    PEOPLE,
    ROLL_AT_HOME,
    VOTE,
    cell,
    changed,
    count,
    cube_files,
    cubes,
    reports,
    write_csv,
)

SECOND, EARLIER = "2023-2", "2025-07-12"
MORE = ("--max-rechazos", "0.5")  # at an earlier cut-off somebody is not 18 yet
VOTES = ("", "SI", "NO", "SI", "SI", "NO", "", "NO")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[str, str]]:
    """Eight people with their vote in two elections, and the layout that says where."""
    folder = tmp_path_factory.mktemp("dos")
    rows = [(*row, vote) for row, vote in zip(PEOPLE, VOTES, strict=True)]
    path = write_csv(folder / "padron.csv", rows, (*HEADER, "VOTO_2"))
    return path, layout_with(folder, (VOTE, f'{VOTE}\n"{SECOND}" = "VOTO_2"'))


@pytest.fixture(scope="module")
def both(source: tuple[Path, tuple[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cubes of the two elections, counted in one pass."""
    folder = tmp_path_factory.mktemp("ambas")
    result = count(source[0], folder, *source[1], "--eleccion", SECOND, "--eleccion", ELECCION)
    assert result.exit_code == 0, result.output
    for election in (ELECCION, SECOND):
        assert f"participacion_cubo {election}: " in result.output
    return folder


def test_one_pass_gives_the_cubes_of_each_election(
    both: Path, source: tuple[Path, tuple[str, str]], tmp_path: Path
) -> None:
    for election in (ELECCION, SECOND):
        alone = tmp_path / election
        assert count(source[0], alone, *source[1], election=election).exit_code == 0
        files = {
            path: digest
            for path, digest in cube_files(both).items()
            if not path.startswith(f"{CORTE}.") or election in path
        }
        assert cube_files(alone) == files
    first, second = (cubes(both, election)["participacion_cubo"] for election in (ELECCION, SECOND))
    assert (cell(first), cell(first, "votantes"), cell(second), cell(second, "votantes")) == (*ROLL_AT_HOME, 4, 3)


def test_an_election_counted_later_takes_nothing_away(
    both: Path, source: tuple[Path, tuple[str, str]], tmp_path: Path
) -> None:
    folder = shutil.copytree(both, tmp_path / "cubos")
    shutil.rmtree(folder / f"{CORTE}.{SECOND}")
    before = cube_files(folder)
    result = count(source[0], folder, *source[1], election=SECOND)
    assert result.exit_code == 0
    assert f"Aviso: siguen en su lugar los conteos anteriores de {CORTE}.{ELECCION}" in result.output
    assert before.items() <= cube_files(folder).items() and cube_files(folder) == cube_files(both)


def test_what_is_counted_again_and_differs_is_told(both: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(both, tmp_path / "cubos")
    rows = changed(0, CODDEP="13", CODMUN="1")[: len(AT_HOME)]
    result = count(write_csv(tmp_path / "padron.csv", rows), folder)
    assert result.exit_code == 0, result.output
    assert f"padron_cubo: ya se había contado para {CORTE} y daba otras cifras; queda el conteo nuevo" in result.output
    assert (
        f"extranjero_cubo: ya se había contado para {CORTE} y ahora no se hace; el conteo anterior se retira"
        in result.output
    )
    assert f"participacion_cubo: ya se había contado para {CORTE}.{ELECCION} y daba otras cifras" in result.output
    same = count(tmp_path / "padron.csv", folder)
    assert "ya se había contado" not in same.output


def test_cubes_that_an_earlier_version_left_together_are_kept(
    both: Path, source: tuple[Path, tuple[str, str]], tmp_path: Path
) -> None:
    folder = shutil.copytree(both, tmp_path / "cubos")
    shutil.rmtree(folder / f"{CORTE}.{SECOND}")
    report = json.loads((folder / CORTE / "informe.json").read_text(encoding="utf-8"))
    report |= {"eleccion": ELECCION, "cubos": report["cubos"] | reports(folder)[f"{CORTE}.{ELECCION}"]["cubos"]}
    for path in (folder / f"{CORTE}.{ELECCION}").glob("*.parquet"):
        path.rename(folder / CORTE / path.name)
    shutil.rmtree(folder / f"{CORTE}.{ELECCION}")
    (folder / CORTE / "informe.json").write_text(json.dumps(report), encoding="utf-8")
    assert {exact.job.election for exact in waiting(folder).found.values()} == {ELECCION}
    assert count(source[0], folder, *source[1], election=SECOND).exit_code == 0
    assert cube_files(folder) == cube_files(both)
    assert waiting(folder).problems == []


def test_every_cut_off_and_election_that_waits_is_published(both: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(both, tmp_path / "cubos")
    assert count(write_csv(tmp_path / "padron.csv"), folder, "--corte", EARLIER, *MORE, election=None).exit_code == 0
    found = waiting(folder)
    registry, turnout = ("padron_cubo", "extranjero_cubo"), ("participacion_cubo", "participacion_extranjero_cubo")
    moments = [(CORTE, ELECCION), (CORTE, SECOND)]
    assert {exact.part for exact in found.found.values()} == {
        *(Part(name, cutoff) for name in registry for cutoff in (EARLIER, CORTE)),
        *(Part(name, *moment) for name in turnout for moment in moments),
    }
    assert found.left_out == [] and found.problems == []
    result = Result([])
    add_cubes(result, folder, tmp_path / "publicaciones")
    assert result.problems == []
    for name in turnout:
        table = result.tables[name]
        assert sorted(set(zip(table["fecha_corte"].astype("str"), table["eleccion"], strict=True))) == moments
    (dataset,) = (item for item in result.datasets if item.name == "padron_cubo")
    assert [source.cutoff.isoformat() for source in dataset.sources(dataset.tables[0])] == [EARLIER, CORTE]
    assert dataset.tables[0].key[0] == "fecha_corte"
    account = next(item for item in result.accounts if item.dataset.name == "participacion_cubo")
    (job,) = (job for path, job in waiting_jobs(folder) if path.name == CORTE)
    assert account.read == job.read  # the run that counted two elections read its records once


def test_a_count_that_is_there_twice_is_taken_once_and_said(both: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(both, tmp_path / "cubos")
    old, own = folder / CORTE, folder / f"{CORTE}.{ELECCION}"
    report = json.loads((old / "informe.json").read_text(encoding="utf-8"))
    report |= {"eleccion": ELECCION, "cubos": report["cubos"] | reports(folder)[own.name]["cubos"]}
    for path in own.glob("*.parquet"):
        shutil.copy(path, old)
    (old / "informe.json").write_text(json.dumps(report), encoding="utf-8")
    found, said = waiting(folder), []
    assert len(found.found) == 6 and found.problems == []
    assert found.left_out[0].startswith(
        f"participacion_cubo de {CORTE} (elección {ELECCION}) está también en la carpeta"
    )
    add_cubes(Result([]), folder, tmp_path, tell=said.append)
    assert said == found.left_out and len(said) == 2


@pytest.mark.parametrize("name", ["1999", "2023/1", "../2023-1", "rechazado"])
def test_what_is_no_election_is_refused(name: str, source: tuple[Path, tuple[str, str]], tmp_path: Path) -> None:
    option = layout_with(tmp_path, (VOTE, VOTE.replace(ELECCION, name, 1)))
    result = count(source[0], tmp_path / "cubos", *option, election=name)
    assert result.exit_code == 1 and f"[voto] «{name}» no es una elección" in result.output

"""Promise: every benchmark runs, and a figure is written only when anybody can get the code that it was read on.

The benchmarks are the real ones, over less: fewer people, fewer times, a site and a browser that are already open.
"""

from __future__ import annotations

import json
import math
import resource
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bench import machine
from bench.__main__ import APART, BENCHMARKS, main, measure, measure_and_save
from bench.figures import ROOT, Figure, Run, timed
from bench.size import Size
from docs.mediciones import END, README, START, TOLD, problems, results, rewritten
from tests import spark_support
from tests.checkout_support import small_checkout
from tests.etl_support import etl

FAST_LINE = {"latency": 0.0, "downloadThroughput": 50_000_000.0, "uploadThroughput": 50_000_000.0}
#: A registry with nothing but what the finest cross by age needs: the fewer cells, the sooner the attack ends.
LAYOUT = """nombre = "Extracto breve"
[columnas]
identificador = "CUI"
municipio = ["CODDEP", "CODMUN"]
sexo = "SEXO"
fecha_nacimiento = "FECHA_NACIMIENTO"
[valores.sexo]
F = "mujeres"
M = "hombres"
[formato]
fecha = "AAAA-MM-DD"
"""
#: How many figures each gives; what it measures that is no size of a file or count is never nothing.
FIGURES = {
    "etl_build": 5,
    "microdata": 6,
    "hundred_million": 3,
    "spark": 4,
    "whole_job": 7,
    "who_left": 4,
    "designs": 5,
    "second_opinion": 8,
    "map_bytes": 3,
    "page_bytes": 5,
    "filter_change": 5,
    "server_time": 15,
    "behind_nginx": 3,
    "downloads": 5,
    "filtered_api": 9,
    "election_night": 18,
    "swaps": 2,
    "clean_clone": 1,
}
#: Those that take longest, even over little: `make test-largo` tries them.
LONG = (
    "etl_build",
    "filter_change",
    "map_bytes",
    "microdata",
    "hundred_million",
    "spark",
    "whole_job",
    "who_left",
    "designs",
    "second_opinion",
    "page_bytes",
    "behind_nginx",
    "downloads",
    "filtered_api",
    "election_night",
    "swaps",
    "clean_clone",
)


def here(arguments: Sequence[str], folder: Path) -> Run:
    """`python -m …` of this project without a process of its own; of another copy of it, with one."""
    if folder != ROOT:
        return timed(arguments, folder)
    start = time.perf_counter()
    _, module, *rest = arguments
    if module == "etl":
        result = etl(*rest)
        said = result.output
        if result.exit_code:
            raise RuntimeError(said)
    else:
        with redirect_stdout(StringIO()) as output:
            import_module(module).main(rest)
        said = output.getvalue()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Run(time.perf_counter() - start, peak, said)


@pytest.fixture(scope="module")
def small(
    tmp_path_factory: pytest.TempPathFactory, release_path: Path, demonstration: Path, site: str, browser: Browser
) -> Size:
    """As little as shows that a benchmark works."""
    folder = tmp_path_factory.mktemp("mediciones")
    (folder / "columnas.toml").write_text(LAYOUT, encoding="utf-8")
    project = small_checkout(folder / "padron", ("territorio",)).folder
    return Size(
        folder,
        runs=1,
        people=20_000,
        many=50_000,
        tables=1,
        layout=folder / "columnas.toml",
        election=None,
        project=project,
        release=release_path,
        site=site,
        browser=browser,
        line=FAST_LINE,
        screens=2,
        changes=2,
        departamentos=2,
        demonstration=demonstration / "release" / "current",
        seconds=1,
        selections=2,
        downloads=4,
        rows=20_000,
        installed=True,
        run=here,
    )


def test_every_benchmark_is_run_here() -> None:
    modules = {path.stem for path in (ROOT / "bench").glob("*.py") if "\ndef measure(" in path.read_text()}
    assert set(BENCHMARKS) == set(FIGURES) == modules - {"__main__"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.largo) if name in LONG else name for name in BENCHMARKS]
)
def test_a_benchmark_gives_its_figures(name: str, small: Size) -> None:
    if name in APART and (reason := spark_support.why_not()):
        pytest.skip(reason)
    with spark_support.packages():
        figures = measure(name, small)
    assert len(figures) == len({one.title for one in figures}) == FIGURES[name]
    for one in figures:
        assert isinstance(one, Figure) and math.isfinite(one.value) and one.value >= 0, one
        assert one.other is None or (one.other_title and one.other > 0), one
        assert one.value > 0 or one.unit in (
            "archivos",
            "etiquetas",
            "celdas",
            "personas",
            "peticiones",
            "páginas",
            "%",
        ), one


def test_a_process_that_fails_stops_its_benchmark_with_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no se pudo"):
        timed(["-c", "print('no se pudo'); raise SystemExit(1)"], tmp_path)


def test_the_process_measured_is_the_whole_process(tmp_path: Path) -> None:
    run = timed(["-c", "import time; held = bytearray(64 << 20); time.sleep(0.2); print('listo')"], tmp_path)
    assert run.said == "listo\n" and run.seconds >= 0.2 and run.peak_mib > 64


def test_a_benchmark_that_does_not_exist_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no_existe"]) == 2
    said = " ".join(capsys.readouterr().out.split())
    assert "No existe la medición no_existe" in said and all(name in said for name in BENCHMARKS)


# --- Written only from a commit ---------------------------------------------------------------------------------------


def git(folder: Path, *arguments: str) -> str:
    """What git says in `folder`."""
    identity = ["-c", "user.name=Alguien", "-c", "user.email=alguien@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", "-C", folder, *identity, *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one commit, which ignores what is built."""
    folder = tmp_path / "copia"
    folder.mkdir()
    git(folder, "init", "--quiet")
    (folder / "codigo.py").write_text("uno = 1\n")
    (folder / ".gitignore").write_text(".venv/\n")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "Uno")
    return folder


def add_a_file(folder: Path) -> None:
    (folder / "nuevo.py").write_text("")


def change_a_file(folder: Path) -> None:
    (folder / "codigo.py").write_text("uno = 2\n")


def remove_a_file(folder: Path) -> None:
    (folder / "codigo.py").unlink()


def stage_a_change(folder: Path) -> None:
    change_a_file(folder)
    git(folder, "add", ".")


@pytest.mark.largo
@pytest.mark.parametrize("change", [add_a_file, change_a_file, remove_a_file, stage_a_change])
def test_with_changes_to_commit_it_measures_and_does_not_write(
    change: Callable[[Path], None], repository: Path, small: Size
) -> None:
    change(repository)
    figures, refused = measure_and_save("server_time", small, repository)
    name = "nuevo.py" if change is add_a_file else "codigo.py"
    assert len(figures) == FIGURES["server_time"]
    assert refused and "hay cambios sin confirmar en git" in refused and name in refused
    assert not (repository / machine.RESULTS).exists()


@pytest.mark.largo
def test_outside_git_it_measures_and_does_not_write(tmp_path: Path, small: Size) -> None:
    figures, refused = measure_and_save("server_time", small, tmp_path)
    assert figures and refused and "no es un repositorio de git" in refused
    assert list(tmp_path.iterdir()) == []


def test_a_clean_copy_writes_each_result_with_its_commit(repository: Path, small: Size) -> None:
    (repository / ".venv").mkdir()
    (repository / ".venv" / "construido").touch()
    for _ in range(2):  # the first result is a new file, and no reason to refuse the second
        figures, refused = measure_and_save("server_time", small, repository)
        assert refused is None
    written = json.loads((repository / machine.RESULTS / "server_time.json").read_text(encoding="utf-8"))
    assert [one["medicion"] for one in written["cifras"]] == [one.title for one in figures]
    assert git(repository, "rev-parse", "HEAD").startswith(written["maquina"]["commit"])


# --- Told together ----------------------------------------------------------------------------------------------------


def left_in(folder: Path, **commits: str) -> Path:
    """Results of every benchmark in `folder`, all of one commit but those of `commits`."""
    folder.mkdir()
    for number, name in enumerate(TOLD):
        facts = machine.facts(commits.get(name, "abc1234567")) | {"carga": number / 10}
        figure = {"medicion": name, "valor": 1.0, "unidad": "s", "limite": None, "alternativa": None, "razon": None}
        content = {"maquina": facts, "cifras": [figure | {"nota": None, "valor_alternativa": None}]}
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_figures_of_one_commit_are_told_with_one_line_for_the_machine(tmp_path: Path) -> None:
    found = results(left_in(tmp_path / "resultados"))
    assert problems(found) == []
    told = rewritten(f"antes {START} viejo {END} después", found)
    assert told.startswith("antes ") and told.endswith(" después") and "viejo" not in told
    (line,) = [line for line in told.splitlines() if line.startswith("Máquina")]
    assert "código abc1234567" in line and "de 0.0 a 0.8" in line


def test_figures_of_two_commits_are_refused_naming_each(tmp_path: Path) -> None:
    said = "\n".join(problems(results(left_in(tmp_path / "resultados", microdata="fed7654321"))))
    assert "código abc1234567: etl_build, hundred_million" in said and "código fed7654321: microdata" in said


def test_a_missing_figure_is_refused(tmp_path: Path) -> None:
    folder = left_in(tmp_path / "resultados")
    (folder / "whole_job.json").unlink()
    assert problems(results(folder)) == ["Faltan mediciones: whole_job."]


def test_the_readme_tells_the_results_that_are_kept_all_of_one_commit() -> None:
    found = results()
    assert problems(found) == []
    readme = README.read_text(encoding="utf-8")
    assert readme == rewritten(readme, found)

"""Notebooks run for real: every cell or chunk in order, in a fresh process of their program, in a folder of their own."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

PLACE = "/analisis/cuadernos"
SECONDS = 240
RESULT = "resultado_por_departamento.csv"
CHUNK = re.compile(r"^```\{r[^}]*\}\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: What the notebooks call the figures that are compared: alike in both programs.
VALUES = ("publicacion", "corte_padron", "corte_eleccion", "total_sumado", "total_del_pais", "fuera_por_100")
VALUES += ("correlacion_municipios", "correlacion_departamentos")
TABLES = {
    "adultos": ("fecha_padron", "empadronados", "empadronados_por_100", "confianza"),
    "tercios": ("tercio", "municipios", "empadronados", "votos_validos", "mayas", "censados", "maya_por_100", "votos_por_100"),
    "afuera": (
        "eleccion", "valor_empadronados", "fecha_empadronados", "valor_votantes", "fecha_votantes", "votaron_por_100",
        "confianza",
    ),
}  # fmt: skip
#: Runs the cells of a notebook in order, with nothing but them in scope, and tells what they found in a pipe. Whatever is opened
#: to be written outside the folder where it runs is an error. With `only` (the columns of each table, in JSON), every table is
#: read with no more columns.
CELLS = """
import json, os, sys
from pathlib import Path

notebook, told, only = Path(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3])
cells, here = json.loads(notebook.read_text(encoding="utf-8"))["cells"], os.getcwd()

def watched(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
        path, mode, flags = arguments
        writes = any(letter in (mode or "") for letter in "wax+") or (flags or 0) & (os.O_WRONLY | os.O_RDWR)
        if writes and not os.path.abspath(os.fsdecode(path)).startswith(here + os.sep):
            raise PermissionError(f"se escribe fuera de la carpeta: {path}")

def narrowed(read):
    def narrow(address, numbers):
        table, found = next((one for one in only if f"/{one}." in address or f"/{one}/" in address), None), read(address, numbers)
        return found[[name for name in only[table] if name in found]] if table else found
    return narrow

sys.addaudithook(watched)
names = {"__name__": "__main__"}
for number, cell in enumerate(cells):
    if cell["cell_type"] == "code":
        exec(compile("".join(cell["source"]), f"celda {number}", "exec"), names)
        if only and "desde" in names and not hasattr(names["desde"], "narrow"):
            names["desde"] = narrowed(names["desde"])
            names["desde"].narrow = True
wanted = json.loads(sys.argv[4])
said = {name: names[name] for name in wanted["values"]}
said |= {name: json.loads(names[name][columns].to_json(orient="records", double_precision=15))
         for name, columns in wanted["tables"].items()}
os.write(told, json.dumps(said | {"citas": names["citas"]}, default=float).encode())
"""
#: What is written after the chunks of R, so that their figures can be read.
TELLING = """
for (nombre in c({values})) cat("VALOR", nombre, format(get(nombre), digits = 15), "\\n", sep = "\\t")
for (nombre in names(citas)) cat("CITA", nombre, citas[[nombre]], "\\n", sep = "\\t")
{tables}
"""


@dataclass(frozen=True)
class Ran:
    """What a notebook left: what it printed, the figures that it found, its citations and the rows of its result."""

    printed: str
    values: dict[str, Any]
    tables: dict[str, list[dict[str, Any]]]
    cited: dict[str, str]
    result: list[dict[str, str]]


def _process(command: list[str], folder: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder, as somebody whose own folders are `folder`/../de_quien_lo_corre."""
    home = folder.parent / "de_quien_lo_corre"
    home.mkdir()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PADRON", "R_"))}
    clean |= {"HOME": str(home), "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, timeout=SECONDS, **more)
    assert list(home.iterdir()) == []
    return done


def _result(folder: Path) -> list[dict[str, str]]:
    """What it wrote, which is one file and no more."""
    assert [path.name for path in folder.iterdir()] == [RESULT]
    with (folder / RESULT).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def notebook_of(site: str, name: str, release: str) -> bytes:
    """The bytes of a notebook as a site gives it, of a release."""
    answer = httpx.get(f"{site}{PLACE}/{name}", params={"publicacion": release}, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.content


def cells_of(notebook: bytes) -> list[str]:
    """The code of a notebook of Jupyter, cell by cell."""
    return ["".join(cell["source"]) for cell in json.loads(notebook)["cells"] if cell["cell_type"] == "code"]


def chunks_of(notebook: bytes) -> list[str]:
    """The code of a notebook of R Markdown, chunk by chunk."""
    return CHUNK.findall(notebook.decode())


def python(notebook: bytes, folder: Path, only: dict[str, tuple[str, ...]] | None = None) -> Ran:
    """A notebook of Jupyter, run in a new folder; AssertionError with what Python says if a cell fails."""
    (folder / "trabajo").mkdir(parents=True)
    source = folder / "cuaderno.ipynb"
    source.write_bytes(notebook)
    reading, writing = os.pipe()
    wanted = json.dumps({"values": VALUES, "tables": TABLES})
    command = [sys.executable, "-W", "error", "-c", CELLS, str(source), str(writing), json.dumps(only or {}), wanted]
    try:
        done = _process(command, folder / "trabajo", pass_fds=(writing,))
    finally:
        os.close(writing)
    with os.fdopen(reading, "rb") as told:
        assert done.returncode == 0, done.stderr[-4_000:]
        said = json.loads(told.read())
    values = {name: said[name] for name in VALUES}
    return Ran(done.stdout, values, {name: said[name] for name in TABLES}, said["citas"], _result(folder / "trabajo"))


def rscript(notebook: bytes, folder: Path) -> Ran:
    """A notebook of R Markdown, run in a new folder; AssertionError with what R says if a chunk fails."""
    work = folder / "trabajo"
    work.mkdir(parents=True)
    written = [
        f'cat("TABLA", "{name}", "\\n", sep = "\\t")\n'
        f"write.csv({name}[c({', '.join(map(json.dumps, columns))})], row.names = FALSE)"
        for name, columns in TABLES.items()
    ]
    telling = TELLING.format(values=", ".join(map(json.dumps, VALUES)), tables="\n".join(written))
    source = folder / "cuaderno.R"
    source.write_text("options(warn = 2)\n" + "\n".join(chunks_of(notebook)) + telling, encoding="utf-8")
    done = _process(["Rscript", "--vanilla", str(source)], work)
    assert done.returncode == 0, done.stderr[-4_000:]
    told = [line.split("\t") for line in done.stdout.splitlines()]
    values: dict[str, Any] = {line[1]: line[2] for line in told if line[0] == "VALOR"}
    cited = {line[1]: line[2] for line in told if line[0] == "CITA"}
    tables = {
        name: list(csv.DictReader(part.splitlines()))
        for name, part in re.findall(r"^TABLA\t(\w+)\t\n(.*?)(?=^TABLA|\Z)", done.stdout, re.MULTILINE | re.DOTALL)
    }
    return Ran(done.stdout, values, tables, cited, _result(work))

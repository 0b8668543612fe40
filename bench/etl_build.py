"""The whole ETL, beside plain pandas that only reads the same files and writes them as Parquet, checking nothing.

The same with a delivery of the TREP for the whole country, in the shape of the tribunal's JSON and with invented votes.
"""

from __future__ import annotations

import filecmp
import shutil
from pathlib import Path
from statistics import median

from bench.figures import ROOT, Figure
from bench.size import Size
from bench.trep_files import SOURCE, municipios, write

FEWEST_RUNS = 2  # what two of them write is compared


def measure(size: Size) -> list[Figure]:
    """Median seconds and largest peak of the runs, and how many files differ between two of them."""
    folder, source = size.folder / "construcciones", size.project / "data" / "source"
    folder.mkdir()
    ours, plain = [], []
    for run in range(max(size.runs, FEWEST_RUNS)):
        ours.append(size.run(["-m", "etl", "build", "--destino", str(folder / f"etl-{run}")], size.project))
        plain.append(size.run(["-m", "bench.plain_pandas", str(source), str(folder / f"pandas-{run}")], ROOT))
    different = differing_files(folder / "etl-0" / "current", folder / "etl-1" / "current")
    other = "pandas: solo leer y escribir Parquet"
    seconds, plainly = (median(run.seconds for run in runs) for runs in (ours, plain))
    peak, peak_plainly = (max(run.peak_mib for run in runs) for runs in (ours, plain))
    return [
        Figure("python -m etl build", seconds, "s", 12, other, plainly),
        Figure("memoria máxima del ETL", peak, "MiB", 1024, other, peak_plainly),
        Figure("archivos que cambian al repetir", different, "archivos", 0),
        *preliminary_results(size),
    ]


def preliminary_results(size: Size) -> list[Figure]:
    """Seconds and peak of accepting, all checks included, what the TREP would give of every ballot of the country."""
    origin = shutil.copytree(SOURCE, size.folder / "con-el-trep")
    delivery = write(size.folder / "trep.zip", municipios(size.tables), "json")
    where = ["--corte", "2023-06-29", "--url", "votos inventados", "--origen", str(origin)]
    ours = size.run(["-m", "etl", "fuente", "participacion_mesa", str(delivery), *where], ROOT)
    plain = size.run(["-m", "bench.trep_naive", str(delivery), str(size.folder / "trep.parquet")], ROOT)
    other = "json.load y pandas: solo leer y escribir Parquet"
    return [
        Figure("TREP de todo el país: etl fuente", ours.seconds, "s", 60, other, plain.seconds),
        Figure("memoria máxima con el TREP", ours.peak_mib, "MiB", 1024, other, plain.peak_mib),
    ]


def differing_files(one: Path, two: Path) -> int:
    """How many files are in one folder only, or differ in some byte."""
    names = {path.name for folder in (one, two) for path in folder.iterdir()}
    _, mismatch, errors = filecmp.cmpfiles(one, two, sorted(names), shallow=False)
    return len(mismatch) + len(errors)

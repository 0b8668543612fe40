"""The whole ETL, beside plain pandas that only reads the same files and writes them as Parquet, checking nothing."""

from __future__ import annotations

import filecmp
from pathlib import Path
from statistics import median

from bench.figures import ROOT, Figure
from bench.size import Size

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
        Figure("python -m etl build", seconds, "s", 10, other, plainly),
        Figure("memoria máxima del ETL", peak, "MiB", 1024, other, peak_plainly),
        Figure("archivos que cambian al repetir", different, "archivos", 0),
    ]


def differing_files(one: Path, two: Path) -> int:
    """How many files are in one folder only, or differ in some byte."""
    names = {path.name for folder in (one, two) for path in folder.iterdir()}
    _, mismatch, errors = filecmp.cmpfiles(one, two, sorted(names), shallow=False)
    return len(mismatch) + len(errors)

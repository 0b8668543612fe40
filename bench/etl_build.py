"""The whole ETL, beside plain pandas that only reads the same files and writes them as Parquet, checking nothing."""

from __future__ import annotations

import filecmp
import tempfile
from pathlib import Path
from statistics import median

from bench.figures import Figure, timed

RUNS = 3


def measure() -> list[Figure]:
    """Median seconds and largest peak of `RUNS` full builds, and how many files differ between two of them."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        ours, plain = [], []
        for run in range(RUNS):
            ours.append(timed(["-m", "etl", "build", "--destino", str(folder / f"etl-{run}")]))
            plain.append(timed(["-m", "bench.plain_pandas", str(folder / f"pandas-{run}")]))
        different = differing_files(folder / "etl-0" / "current", folder / "etl-1" / "current")
    other = "pandas: solo leer y escribir Parquet"
    return [
        Figure(
            "python -m etl build", median(r.seconds for r in ours), "s", 10, other, median(r.seconds for r in plain)
        ),
        Figure(
            "memoria máxima del ETL", max(r.peak_mib for r in ours), "MiB", 1024, other, max(r.peak_mib for r in plain)
        ),
        Figure("archivos que cambian al repetir", different, "archivos", 0),
    ]


def differing_files(one: Path, two: Path) -> int:
    """How many files are in one folder only, or differ in some byte."""
    names = {path.name for folder in (one, two) for path in folder.iterdir()}
    _, mismatch, errors = filecmp.cmpfiles(one, two, sorted(names), shallow=False)
    return len(mismatch) + len(errors)

"""Ten times the registry: a hundred million invented records to exact cubes, beside ten million in the same run."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from statistics import median

from bench.figures import Figure, timed
from bench.microdata import RUNS, ours

PEOPLE = 100_000_300
MEMORY = 3072  # MiB


def measure() -> list[Figure]:
    """Seconds and peak of memory of `PEOPLE`, and of inventing them."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as temporary:
        folder = Path(temporary)
        few, many = folder / "pocos", folder / "muchos"
        timed(["-m", "etl", "demo", "--solo-registro", "--carpeta", str(few)])
        seconds = median(ours(few / "registro_sintetico.parquet", folder).seconds for _ in range(RUNS))
        invented = timed(["-m", "etl", "demo", "--solo-registro", "--carpeta", str(many), "--personas", str(PEOPLE)])
        run = ours(many / "registro_sintetico.parquet", folder)
    ten = "diez veces lo que tardan 10,121,082"
    return [
        Figure(f"inventar {PEOPLE:,} registros", invented.seconds, "s"),
        Figure(
            f"microdatos: {PEOPLE:,} registros en Parquet a cubos", run.seconds, "s", 10 * seconds, ten, 10 * seconds
        ),
        Figure(f"memoria máxima con {PEOPLE:,} registros", run.peak_mib, "MiB", MEMORY),
    ]

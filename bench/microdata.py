"""Ten million invented records to exact cubes, beside DuckDB by hand and pandas doing less over the same files."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from statistics import median

from bench.figures import Figure, Run, timed

RUNS = 3
DAY, ELECTION = "2026-07-12", "2023-1"
MEMORY = 2048  # MiB
HAND, PANDAS = "DuckDB, GROUP BY a mano", "pandas, groupby"


def measure() -> list[Figure]:
    """Median seconds of `RUNS` runs of each, alternated, and the largest peak of memory."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as temporary:
        folder = Path(temporary)
        invented = timed(["-m", "etl", "demo", "--solo-registro", "--carpeta", str(folder)])
        registry = folder / "registro_sintetico.parquet"
        figures = [Figure("inventar el registro sintético", invented.seconds, "s", 60)]
        figures += _beside_parquet(registry, folder)
        csv = folder / "registro.csv"
        # In a process of its own: what this one holds would count as the peak of those it starts.
        timed(["-c", f"import duckdb; duckdb.sql(\"COPY (FROM '{registry}') TO '{csv}' (HEADER)\")"])
        registry.unlink()
        return [*figures, *_beside_csv(csv, folder)]


def ours(source: Path, folder: Path) -> Run:
    return timed(
        [
            "-m",
            "etl",
            "microdata",
            str(source),
            "--corte",
            DAY,
            "--eleccion",
            ELECTION,
            "--cubos",
            str(folder / "cubos"),
        ]
    )


def _beside_parquet(registry: Path, folder: Path) -> list[Figure]:
    ours, hand = [], []
    for _ in range(RUNS):
        ours.append(ours(registry, folder))
        hand.append(timed(["-m", "bench.microdata_naive", "duckdb", str(registry)]))
    pandas = timed(["-m", "bench.microdata_naive", "pandas", str(registry)])
    seconds, other = median(r.seconds for r in ours), median(r.seconds for r in hand)
    note = "comprueba, halla repetidos, suma todos los niveles y da cuenta de cada fila; a mano, solo cuenta"
    return [
        Figure("microdatos: 10,121,082 registros en Parquet a cubos", seconds, "s", 3 * other, HAND, other, note),
        Figure(
            "microdatos: lo mismo con pandas, entre cinco", seconds, "s", pandas.seconds / 5, PANDAS, pandas.seconds
        ),
        Figure("memoria máxima", max(r.peak_mib for r in ours), "MiB", MEMORY, PANDAS, pandas.peak_mib),
    ]


def _beside_csv(csv: Path, folder: Path) -> list[Figure]:
    ours, hand = [], []
    for _ in range(RUNS):
        ours.append(ours(csv, folder))
        hand.append(timed(["-m", "bench.microdata_naive", "duckdb-csv", str(csv)]))
    seconds, other = median(r.seconds for r in ours), median(r.seconds for r in hand)
    return [
        Figure("microdatos: los mismos en CSV", seconds, "s", 3 * other, HAND, other),
        Figure("memoria máxima con CSV", max(r.peak_mib for r in ours), "MiB", MEMORY),
    ]

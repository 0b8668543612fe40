"""Ten million invented records to exact cubes, beside DuckDB by hand and pandas doing less over the same files."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from bench.figures import ROOT, Figure, Run
from bench.registry import Registry, counted, invented
from bench.size import Size

DAY = "2026-07-12"
MEMORY = 2048  # MiB
HAND, PANDAS = "DuckDB, GROUP BY a mano", "pandas, groupby"
NOTE = "comprueba, halla repetidos, suma todos los niveles y da cuenta de cada fila; a mano, solo cuenta"


def measure(size: Size) -> list[Figure]:
    """Median seconds of the runs of each, alternated, and the largest peak of memory."""
    registry = invented(size, size.people)
    csv = size.folder / "registro.csv"
    by_hand(size, "csv", registry.path, str(csv))
    try:
        return [
            Figure("inventar el registro sintético", registry.made.seconds, "s", 60),
            *_beside_parquet(size, registry),
            *_beside_csv(size, csv),
        ]
    finally:
        csv.unlink()


def by_hand(size: Size, how: str, source: Path, *more: str) -> Run:
    """One run of bench/microdata_naive.py, in a process of its own: its memory is not ours."""
    return size.run(["-m", "bench.microdata_naive", how, str(source), *more], ROOT)


def alternated(size: Size, source: Path, how: str) -> tuple[list[Run], list[Run]]:
    """As many runs of ours and by hand, in turns, so that what else the machine does falls on both."""
    ours, hand = [], []
    for _ in range(size.runs):
        ours.append(counted(size, source, DAY, size.folder / "cubos"))
        hand.append(by_hand(size, how, source))
    return ours, hand


def _beside_parquet(size: Size, registry: Registry) -> list[Figure]:
    ours, hand = alternated(size, registry.path, "duckdb")
    pandas = by_hand(size, "pandas", registry.path)
    seconds, other = median(run.seconds for run in ours), median(run.seconds for run in hand)
    return [
        Figure(
            f"microdatos: {registry.people:,} registros en Parquet a cubos", seconds, "s", 3 * other, HAND, other, NOTE
        ),
        Figure(
            "microdatos: lo mismo con pandas, entre cinco", seconds, "s", pandas.seconds / 5, PANDAS, pandas.seconds
        ),
        Figure("memoria máxima", max(run.peak_mib for run in ours), "MiB", MEMORY, PANDAS, pandas.peak_mib),
    ]


def _beside_csv(size: Size, csv: Path) -> list[Figure]:
    ours, hand = alternated(size, csv, "duckdb-csv")
    seconds, other = median(run.seconds for run in ours), median(run.seconds for run in hand)
    return [
        Figure("microdatos: los mismos en CSV", seconds, "s", 3 * other, HAND, other),
        Figure("memoria máxima con CSV", max(run.peak_mib for run in ours), "MiB", MEMORY),
    ]

"""Ten times the registry: a hundred million invented records to exact cubes, beside ten million in the same run."""

from __future__ import annotations

from statistics import median

from bench.figures import Figure
from bench.microdata import DAY
from bench.registry import counted, invented
from bench.size import Size

MEMORY = 3072  # MiB


def measure(size: Size) -> list[Figure]:
    """Seconds and peak of memory of `size.many` records, and of inventing them."""
    few, cubes = invented(size, size.people), size.folder / "cubos"
    seconds = median(counted(size, few.path, DAY, cubes).seconds for _ in range(size.runs))
    many = invented(size, size.many)
    run = counted(size, many.path, DAY, cubes)
    many.path.unlink()
    people, ten = f"{many.people:,} registros", f"diez veces lo que tardan {few.people:,}"
    return [
        Figure(f"inventar {people}", many.made.seconds, "s"),
        Figure(f"microdatos: {people} en Parquet a cubos", run.seconds, "s", 10 * seconds, ten, 10 * seconds),
        Figure(f"memoria máxima con {people}", run.peak_mib, "MiB", MEMORY),
    ]

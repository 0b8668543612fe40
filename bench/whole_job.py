"""From ten million invented records to a published release, and then the attack on it: `python -m bench whole_job`."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from bench.figures import Figure, timed

DAY, ELECTION = "2026-07-13", "2023-1"  # the day after the published registry: nothing is known of the same people
FINEST = "codigo_municipio × sexo × grupo_edad"


def measure() -> list[Figure]:
    """Seconds of the two commands that staff type, people hidden, and cells that the attack works out."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as temporary:
        folder = Path(temporary)
        timed(["-m", "etl", "demo", "--solo-registro", "--carpeta", str(folder)])
        cubes, release = str(folder / "cubos"), folder / "publicaciones"
        registry = str(folder / "registro_sintetico.parquet")
        counted = timed(["-m", "etl", "microdata", registry, "--corte", DAY, "--eleccion", ELECTION, "--cubos", cubes])
        published = timed(["-m", "etl", "publish", "--si", "--cubos", cubes, "--destino", str(release)])
        again = timed(["-m", "etl", "publish", "--si", "--cubos", cubes, "--destino", str(release)])
        attacked = timed(["-m", "etl", "auditar", str(release / "current")])  # fails if any cell can be worked out
        lost = _lost(release / "current" / "manifest.json")
    return [
        Figure(
            "trabajo completo: leer, comprobar, contar, proteger y publicar",
            counted.seconds + published.seconds,
            "s",
            60,
            note=f"10,121,082 registros; contarlos, {counted.seconds:.1f} s; publicar, {published.seconds:.1f} s, "
            f"y otra vez sin cambios, {again.seconds:.1f} s",
        ),
        Figure("memoria máxima del trabajo completo", max(counted.peak_mib, published.peak_mib), "MiB", 2048),
        Figure(f"personas ocultas en {FINEST}", lost, "%", 0.5),
        Figure("celdas ocultas que el ataque deduce", 0, "celdas", 0, note=f"auditarlas, {attacked.seconds:.0f} s"),
    ]


def _lost(manifest: Path) -> float:
    """Percentage of people in hidden cells of the finest cross by age, as the release itself says."""
    datasets = json.loads(manifest.read_text(encoding="utf-8"))["datasets"]
    crosses = next(item["utilidad"] for item in datasets if item["nombre"] == "padron_cubo")
    cross = next(item for item in crosses if item["cruce"] == FINEST)
    return 100 * cross["personas_en_celdas_ocultas"] / cross["personas"]

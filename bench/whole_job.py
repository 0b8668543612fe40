"""From ten million invented records to a published release, and then the attack on it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from bench.figures import ROOT, Figure
from bench.registry import counted, invented
from bench.size import Size

DAY = "2026-07-13"  # the day after the published registry: nothing is known of the same people
FINEST = "codigo_municipio × sexo × grupo_edad"
AUDITED = re.compile(r"([\d,]+) celdas confidenciales, ([\d,]+) deducibles")


def measure(size: Size) -> list[Figure]:
    """Seconds of the two commands that staff type, people hidden, and cells that the attack works out."""
    registry = invented(size, size.people)
    cubes, releases = size.folder / "cubos-del-trabajo", size.folder / "publicaciones"
    publish = ["-m", "etl", "publish", "--si", "--cubos", str(cubes), "--destino", str(releases)]
    count = counted(size, registry.path, DAY, cubes)
    published, again = (size.run(publish, size.project) for _ in range(2))
    attack = size.run(["-m", "etl", "auditar", str(releases / "current")], ROOT)
    hidden, exposed = (sum(numbers) for numbers in zip(*_audited(attack.said), strict=True))
    return [
        Figure(
            "trabajo completo: leer, comprobar, contar, proteger y publicar",
            count.seconds + published.seconds,
            "s",
            60,
            note=f"{registry.people:,} registros; contarlos, {count.seconds:.1f} s; publicar, {published.seconds:.1f} s, "
            f"y otra vez sin cambios, {again.seconds:.1f} s",
        ),
        Figure("memoria máxima del trabajo completo", max(count.peak_mib, published.peak_mib), "MiB", 2048),
        Figure(f"personas ocultas en {FINEST}", lost(releases / "current" / "manifest.json"), "%", 0.5),
        Figure(
            "celdas ocultas que el ataque deduce",
            exposed,
            "celdas",
            0,
            note=f"de {hidden:,}; auditarlas, {attack.seconds:.0f} s",
        ),
    ]


def _audited(said: str) -> list[tuple[int, int]]:
    """Hidden cells and cells worked out of each group of cubes, as the attack says; ValueError if it says nothing."""
    found = [(_number(hidden), _number(exposed)) for hidden, exposed in AUDITED.findall(said)]
    if not found:
        raise ValueError(f"the attack did not say what it found:\n{said}")
    return found


def _number(written: str) -> int:
    return int(written.replace(",", ""))


def lost(manifest: Path) -> float:
    """Percentage of people in hidden cells of the finest cross by age, as the release itself says."""
    datasets = json.loads(manifest.read_text(encoding="utf-8"))["datasets"]
    crosses = next(item["utilidad"] for item in datasets if item["nombre"] == "padron_cubo")
    cross = next(item for item in crosses if item["cruce"] == FINEST)
    return float(100 * cross["personas_en_celdas_ocultas"] / cross["personas"])

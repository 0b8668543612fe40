"""From ten million invented people, with three elections and two cut-offs, to a published release; and then the attack on it.

And to another one when a single delivery changes: the newest registry, without a hundred people taken by chance.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.figures import ROOT, Figure, Run
from bench.registry import demonstrated
from bench.size import Size

FINEST = "codigo_municipio × sexo × grupo_edad"
GONE, SEED = 100, 1994
AUDITED = re.compile(r"([\d,]+) celdas confidenciales, ([\d,]+) deducibles")


def measure(size: Size) -> list[Figure]:
    """Seconds of the command that does everything and of the attack, people hidden, and cells that the attack works out."""
    registry = demonstrated(size)
    release = registry.path.parent / "release" / "current"
    attack = size.run(["-m", "etl", "auditar", str(release)], ROOT)
    hidden, exposed = (sum(numbers) for numbers in zip(*_audited(attack.said), strict=True))
    delivery = _renewed(size, registry.path)
    losses = dict(_lost(release / "manifest.json"))
    worst = max(losses, key=losses.__getitem__)
    return [
        Figure(
            "trabajo completo: inventar, contar, proteger y publicar tres elecciones y dos cortes",
            registry.made.seconds,
            "s",
            120,
            note=f"{registry.people:,} registros",
        ),
        Figure("una entrega cambia: contar, proteger y publicar otra vez", delivery.seconds, "s", 40),
        Figure("memoria máxima del trabajo completo", registry.made.peak_mib, "MiB", 2048),
        Figure(f"personas ocultas en {FINEST}", max(loss for name, loss in losses.items() if FINEST in name), "%", 0.5),
        Figure("personas ocultas en el cruce que más pierde", losses[worst], "%", 10, note=worst),
        Figure("celdas ocultas que el ataque deduce", exposed, "celdas", 0, note=f"de {hidden:,}"),
        Figure("ataque a todo lo publicado", attack.seconds, "s", 180),
    ]


def _renewed(size: Size, registry: Path) -> Run:
    """The run that counts, protects and publishes again when the newest registry is delivered without a few people."""
    table, delivery = pq.read_table(registry), size.folder / "entrega.parquet"
    keep = np.ones(table.num_rows, dtype=bool)
    keep[np.random.default_rng(SEED).choice(table.num_rows, GONE, replace=False)] = False
    pq.write_table(table.filter(pa.array(keep)), delivery)
    del table
    copy = size.folder / "renovado"
    shutil.copytree(registry.parent, copy, symlinks=True)
    try:
        return size.run(["-m", "bench.delivered_alone", str(copy), str(delivery)], ROOT)
    finally:
        shutil.rmtree(copy)
        delivery.unlink()


def _audited(said: str) -> list[tuple[int, int]]:
    """Hidden cells and cells worked out of each group of cubes, as the attack says; ValueError if it says nothing."""
    found = [(_number(hidden), _number(exposed)) for hidden, exposed in AUDITED.findall(said)]
    if not found:
        raise ValueError(f"the attack did not say what it found:\n{said}")
    return found


def _number(written: str) -> int:
    return int(written.replace(",", ""))


def _lost(manifest: Path) -> Iterator[tuple[str, float]]:
    """Percentage of people in hidden cells of each cross, as the release itself says."""
    for dataset in json.loads(manifest.read_text(encoding="utf-8"))["datasets"]:
        for cross in dataset.get("utilidad") or ():
            title = ", ".join(cross[name] for name in ("cruce", "cifra", "corte", "eleccion") if cross[name])
            yield title, 100 * cross["personas_en_celdas_ocultas"] / cross["personas"]

"""The command `fuente`: put a new delivery of a source in place, once it has passed every check of the whole pipeline."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from etl.commands.options import ORIGIN, Origin
from etl.commands.output import Exit, fail, say
from etl.model import Confidence, Total
from etl.pipeline import deliveries
from etl.pipeline.deliveries import Delivery

SUFFIXES = (".csv", ".xlsx")
ROOT = Path(__file__).resolve().parents[2]


def fuente(
    dataset: Annotated[str, typer.Argument(help="El dataset que se renueva, como padron_municipal.")],
    archivo: Annotated[Path, typer.Argument(help="El archivo tal como lo entregó la fuente (.csv o .xlsx).")],
    corte: Annotated[datetime, typer.Option(help="Fecha de corte de las cifras, AAAA-MM-DD.", formats=["%Y-%m-%d"])],
    url: Annotated[str, typer.Option(help="De dónde viene: la dirección donde se publicó, o quién lo entregó y cómo.")],
    total: Annotated[
        list[str] | None,
        typer.Option(help="Total oficial de ese corte, como empadronados=10030374 (uno por cada total declarado)."),
    ] = None,
    confianza: Annotated[
        Confidence | None,
        typer.Option(help="Cuánto se puede confiar en la entrega; si falta, lo mismo que en la vigente."),
    ] = None,
    nota: Annotated[str | None, typer.Option(help="Lo que un lector debe saber de esta entrega.")] = None,
    origen: Origin = ORIGIN,
) -> None:
    """Put a new delivery of a source in place, once everything has been checked with it; publish nothing."""
    if dataset not in deliveries.names():
        fail(f"{dataset} no se renueva con esta orden. Se renuevan así: {', '.join(deliveries.names())}", Exit.USAGE)
    if archivo.suffix.lower() not in SUFFIXES:
        fail(f"{archivo.name} no es .csv ni .xlsx: guárdelo en uno de esos formatos", Exit.USAGE)
    try:
        content = archivo.read_bytes()
    except OSError as error:
        fail(f"no se puede leer {archivo}: {error.strerror}", Exit.USAGE)
    before = deliveries.load(dataset)
    sha256 = hashlib.sha256(content).hexdigest()
    day = corte.date()
    new = replace(
        before,
        file=f"{dataset}_{day.isoformat()}_{sha256[:8]}{archivo.suffix.lower()}",
        sha256=sha256,
        cutoff=day,
        url=url,
        confidence=confianza or before.confidence,
        note=nota,
        totals=_totals(total or (), before, day),
    )
    if (code := _tried(dataset, new, content, origen)) != Exit.DONE:
        fail("La entrega no se aceptó; todo sigue como estaba.", Exit(code))
    _write(origen / dataset / new.file, content)
    _write(deliveries.folder() / f"{dataset}{deliveries.SUFFIX}", deliveries.as_toml(dataset, new).encode())
    say(f"Entrega aceptada: {dataset}, corte {day}, SHA-256 {sha256}.")
    say("Vea qué cambiaría con «python -m etl diff» y publique con «python -m etl publish».")


def _totals(given: Iterable[str], before: Delivery, cutoff: date) -> tuple[Total, ...]:
    """The official totals of the new cut-off: the same ones as before, with their new values."""
    values: dict[str, int] = {}
    for text in given:
        name, _, value = text.partition("=")
        digits = value.strip().replace(",", "")
        if not digits.isdecimal():
            fail(f"--total {text}: se esperaba nombre=número, como empadronados=10030374", Exit.USAGE)
        values[name.strip()] = int(digits)
    expected = [item.name for item in before.totals]
    if missing := [name for name in expected if name not in values]:
        options = " ".join(f"--total {name}=…" for name in missing)
        fail(f"faltan totales oficiales del corte: agregue {options}", Exit.USAGE)
    if unknown := [name for name in values if name not in expected]:
        fail(f"no hay ningún total llamado {', '.join(unknown)}; son: {', '.join(expected)}", Exit.USAGE)
    # The words stay and the day changes: «TSE, empadronados activos en el país al 12-07-2026».
    old, new = (f"{day:%d-%m-%Y}" for day in (before.cutoff, cutoff))
    return tuple(Total(item.name, values[item.name], item.citation.replace(old, new)) for item in before.totals)


def _tried(dataset: str, new: Delivery, content: bytes, origin: Path) -> int:
    """The exit code of `check` over everything, with the new delivery in place of the current one, in a folder apart."""
    with tempfile.TemporaryDirectory(prefix="padron-") as name:
        sources, deliveries = Path(name) / "fuentes", Path(name) / "entregas"
        shutil.copytree(deliveries.folder(), deliveries, ignore=lambda _, names: [n for n in names if not _declares(n)])
        (deliveries / f"{dataset}{deliveries.SUFFIX}").write_text(deliveries.as_toml(dataset, new), encoding="utf-8")
        sources.mkdir()
        for path in origin.iterdir():
            if path.is_dir() and path.name != dataset:
                (sources / path.name).symlink_to(path.resolve())
        (sources / dataset).mkdir()
        for path in (origin / dataset).iterdir():
            (sources / dataset / path.name).symlink_to(path.resolve())
        _write(sources / dataset / new.file, content)
        # A process of its own: the datasets of this one are already declared from the current delivery.
        return subprocess.run(
            [sys.executable, "-m", "etl", "check", "--origen", str(sources)],
            cwd=ROOT,
            env=os.environ | {deliveries.VARIABLE: str(deliveries)},
        ).returncode


def _declares(name: str) -> bool:
    return name.endswith(deliveries.SUFFIX)


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, even if the process is killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    spare = path.parent / f".{path.name}.{os.getpid()}"
    with spare.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(spare, path)

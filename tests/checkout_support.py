"""A small copy of the project where real processes refresh the registry: two datasets, deliveries of our own making."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from etl.release import Release
from tests.browser_support import ROOT
from tests.etl_support import PADRON, SOURCE, table, written
from tests.process_support import finished, start

KEPT = ("territorio", "padron_municipal")
TOTALS = {
    "empadronados": ("TOTAL",),
    "mujeres": ("TOTAL_MUJERES",),
    "hombres": ("TOTAL_HOMBRES",),
    "analfabetas": ("MUJERES_ANALFABETAS", "HOMBRES_ANALFABETAS"),
}
Row = dict[str, str]


@dataclass(frozen=True)
class Checkout:
    """The folder of the copy; `etl` runs its command line as a person would, from there."""

    folder: Path

    @property
    def releases(self) -> Path:
        """Where its releases are."""
        return self.folder / "data" / "release"

    @property
    def source(self) -> Path:
        """Where its source files are."""
        return self.folder / "data" / "source"

    @property
    def current(self) -> Release:
        """Its current release."""
        return Release.open(self.releases / "current")

    def etl(self, *arguments: str, said: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `python -m etl …`; `said` is what the person types. A traceback, or a warning of Python, is never an answer."""
        done = finished(arguments, self.folder, os.environ | environment, said)
        assert "Traceback" not in done.stdout + done.stderr, done.stdout + done.stderr
        assert "Warning: " not in done.stderr, done.stderr
        return done

    def publishing(self) -> ForkServerProcess:
        """A `publish --si` that has just started, in the background."""
        return start(("publish", "--si", "--aceptar-movimientos"), self.folder, os.environ)

    def deliver(self, cutoff: str, change: Callable[[Row], Row | None]) -> subprocess.CompletedProcess[str]:
        """Register, with `fuente`, a delivery like the real one with every row changed (or dropped) by `change`."""
        path = self.folder / f"entrega_{cutoff}.csv"
        rows = with_rows((SOURCE / "padron_municipal" / PADRON).read_bytes(), change)
        path.write_bytes(rows)
        totals = [f"--total={name}={total(rows, columns)}" for name, columns in TOTALS.items()]
        return self.etl("fuente", "padron_municipal", path, f"--corte={cutoff}", "--url=entrega de prueba", *totals)


def small_checkout(folder: Path, kept: tuple[str, ...] = KEPT) -> Checkout:
    """A copy of the project in `folder` that only knows the datasets `kept`."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "etl", folder / "etl", ignore=ignored)
    for path in (folder / "etl" / "datasets").iterdir():
        if not path.name.startswith(("__init__", *(f"{name}." for name in kept))):
            path.unlink()
    for name in kept:
        shutil.copytree(SOURCE / name, folder / "data" / "source" / name)
    return Checkout(folder)


def with_rows(content: bytes, change: Callable[[Row], Row | None]) -> bytes:
    """A CSV with every row changed or, where `change` gives None, dropped."""
    header, *rows = table(content)
    changed = [change(dict(zip(header, row, strict=True))) for row in rows]
    return written([header, *(list(row.values()) for row in changed if row is not None)])


def total(content: bytes, columns: tuple[str, ...]) -> int:
    """The sum of some columns of a CSV."""
    return sum(int(row[column]) for row in csv.DictReader(content.decode().splitlines()) for column in columns)


def scaled(codes: set[str], factor: float) -> Callable[[Row], Row]:
    """Every count of some municipios (their «CODDEP-CODMUN») times `factor`, still adding up."""

    def change(row: Row) -> Row:
        if f"{row['CODDEP']}-{row['CODMUN']}" not in codes:
            return row
        counts = {name: int(int(value) * factor) for name, value in row.items() if is_cell(name)}
        for sex in ("MUJERES", "HOMBRES"):
            ages = [name for name in counts if name.startswith(f"{sex}_EDAD")]
            counts[f"TOTAL_{sex}"] = sum(counts[name] for name in ages)
            counts[f"{sex}_ALFABETAS"] = counts[f"TOTAL_{sex}"] - counts[f"{sex}_ANALFABETAS"]
        counts["TOTAL"] = counts["TOTAL_MUJERES"] + counts["TOTAL_HOMBRES"]
        by_age = {
            name: counts[f"MUJERES_{name.replace('66a70', '66A70')}"]
            + counts[f"HOMBRES_{name.replace('66a70', '66A70')}"]
            for name in row
            if name.startswith("EDAD_")
        }
        return row | {name: str(value) for name, value in (counts | by_age).items()}

    return change


def is_cell(name: str) -> bool:
    """Whether a column of the workbook counts people by sex, from which every other count is a sum."""
    return name.startswith(("MUJERES_", "HOMBRES_"))

"""`python -m bench [name…]`: run the benchmarks, print one table, write bench/results/<name>.json."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from bench.figures import ROOT, Figure

BENCHMARKS = (
    "etl_build",
    "microdata",
    "hundred_million",
    "whole_job",
    "map_bytes",
    "page_bytes",
    "filter_change",
    "server_time",
    "clean_clone",
)
RESULTS = Path(__file__).parent / "results"
# Wide enough for the whole table where there is no terminal to ask.
WIDTH = 150
UNIT_DECIMALS = {"s": 2, "ms": 1, "%": 3}


def machine() -> dict[str, str | int | float | None]:
    """What a figure depends on: processors and what else kept them busy, Python, and the commit measured."""
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True).stdout
    return {
        "arquitectura": platform.machine(),
        "nucleos": os.cpu_count(),
        "carga": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "commit": commit.strip(),
    }


def row_of(figure: Figure) -> dict[str, str | float | bool | None]:
    """A figure as it is written for others to read: rounded, named in Spanish."""
    return {
        "medicion": figure.title,
        "valor": round(figure.value, 3),
        "unidad": figure.unit,
        "limite": figure.limit,
        "cumple": figure.kept,
        "alternativa": figure.other_title,
        "valor_alternativa": None if figure.other is None else round(figure.other, 3),
        "razon": None if figure.ratio is None else round(figure.ratio, 2),
        "nota": figure.note,
    }


def save(name: str, figures: list[Figure], facts: dict[str, str | int | float | None]) -> None:
    """Write one benchmark's figures, with the machine they were read on."""
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({"maquina": facts, "cifras": [row_of(one) for one in figures]}, ensure_ascii=False, indent=2)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def number(value: float | None, unit: str) -> str:
    """A value with its unit, thousands separated; empty when there is none."""
    return "" if value is None else f"{value:,.{UNIT_DECIMALS.get(unit, 0)}f} {unit}"


def table_of(figures: list[Figure]) -> Table:
    """Every figure of the run, beside its limit and the usual way of doing the same."""
    table = Table(title="Mediciones de Padrón Abierto", title_justify="left", box=box.SIMPLE_HEAD)
    for heading, justify in (
        ("medición", "left"),
        ("valor", "right"),
        ("límite", "right"),
        ("", "center"),
        ("alternativa", "left"),
        ("valor", "right"),
        ("razón", "right"),
    ):
        table.add_column(heading, justify=justify)
    for one in figures:
        table.add_row(
            f"{one.title}\n[dim]{one.note}[/dim]" if one.note else one.title,
            number(one.value, one.unit),
            number(one.limit, one.unit),
            {True: "sí", False: "[bold red]NO[/]", None: ""}[one.kept],
            one.other_title or "",
            number(one.other, one.unit),
            f"{one.ratio:,.1f} ×" if one.ratio else "",
        )
    return table


def main(names: list[str]) -> int:
    """Run the benchmarks named, or all; a name that is not one ends with 2."""
    console = Console(width=WIDTH if not sys.stdout.isatty() else None)
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        console.print(f"No existe la medición {', '.join(unknown)}. Hay: {', '.join(BENCHMARKS)}.")
        return 2
    measured: list[Figure] = []
    for name in names or BENCHMARKS:
        facts = machine()
        with console.status(f"Midiendo {name}…"):
            figures = import_module(f"bench.{name}").measure()
        save(name, figures, facts)
        measured += figures
    console.print(table_of(measured))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

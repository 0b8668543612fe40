"""`python -m bench [name…]`: run the benchmarks, print one table, write bench/results/<name>.json if git has the code."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from time import perf_counter

from rich import box
from rich.console import Console
from rich.table import Table

from bench import machine
from bench.figures import ROOT, Figure
from bench.size import Size

BENCHMARKS = (
    "etl_build",
    "microdata",
    "hundred_million",
    "spark",
    "whole_job",
    "who_left",
    "designs",
    "second_opinion",
    "map_bytes",
    "page_bytes",
    "filter_change",
    "server_time",
    "behind_nginx",
    "downloads",
    "filtered_api",
    "election_night",
    "swaps",
    "clean_clone",
)
#: Told in docs/confidencialidad.md, docs/microdatos.md or docs/despliegue, which they were measured for, and not in the table of
#: the README.
TOLD_APART = (
    "who_left",
    "designs",
    "second_opinion",
    "spark",
    "behind_nginx",
    "election_night",
    "swaps",
    "downloads",
    "filtered_api",
)
#: Only when it is named: it needs what `make spark` installs.
APART = ("spark",)
# Wide enough for the whole table where there is no terminal to ask.
WIDTH = 150
UNIT_DECIMALS = {"s": 2, "ms": 1, "%": 3}


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


def measure(name: str, size: Size) -> list[Figure]:
    """The figures of one benchmark."""
    measured: Callable[[Size], list[Figure]] = import_module(f"bench.{name}").measure
    return measured(size)


def measure_and_save(name: str, size: Size, root: Path) -> tuple[list[Figure], str | None]:
    """The figures of one benchmark, and why they were not written under `root`; None when they were.

    They are written with the commit of the code there, if it is the same before and after and has no other changes.
    """
    before = machine.code_of(root)
    facts = machine.facts(before.commit)
    figures = measure(name, size)
    after = machine.code_of(root)
    refusal = before.refusal or after.refusal
    if refusal is None and before != after:
        refusal = f"el código cambió mientras se medía: {before.commit} y después {after.commit}"
    if refusal is None:
        results = root / machine.RESULTS
        results.mkdir(parents=True, exist_ok=True)
        content = {"maquina": facts, "cifras": [row_of(one) for one in figures]}
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        (results / f"{name}.json").write_text(text, encoding="utf-8")
    return figures, refusal


def number(value: float | None, unit: str) -> str:
    """A value with its unit, thousands separated; empty when there is none."""
    return "" if value is None else f"{value:,.{UNIT_DECIMALS.get(unit, 0)}f} {unit}"


def table_of(figures: Sequence[Figure]) -> Table:
    """Every figure of the run, beside its limit and the usual way of doing the same."""
    table = Table(title="Mediciones de Padrón Abierto", title_justify="left", box=box.SIMPLE_HEAD)
    for heading in ("medición", "valor", "límite", "", "alternativa", "valor", "razón"):
        table.add_column(heading, justify="right" if heading in ("valor", "límite", "razón") else "left")
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


def main(names: Sequence[str]) -> int:
    """Run the benchmarks named, or all; a name that is not one ends with 2."""
    console = Console(width=WIDTH if not sys.stdout.isatty() else None)
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        console.print(f"No existe la medición {', '.join(unknown)}. Hay: {', '.join(BENCHMARKS)}.")
        return 2
    start = perf_counter()
    if refusal := machine.code_of(ROOT).refusal:
        console.print(f"Se mide, pero nada se guardará en {machine.RESULTS}/: {refusal}.", markup=False)
    measured: list[Figure] = []
    refusals: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="mediciones-", dir=os.environ.get("BENCH_DIR")) as folder:
        size = Size(Path(folder))
        for name in names or [name for name in BENCHMARKS if name not in APART]:
            with console.status(f"Midiendo {name}…"):
                figures, refused = measure_and_save(name, size, ROOT)
            measured += figures
            if refused:
                refusals[name] = refused
    console.print(table_of(measured))
    console.print(f"En {(perf_counter() - start) / 60:.1f} minutos.")
    for why in dict.fromkeys(refusals.values()):
        unsaved = ", ".join(name for name, reason in refusals.items() if reason == why)
        console.print(f"No se guardó en {machine.RESULTS}/ ({unsaved}): {why}.", markup=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

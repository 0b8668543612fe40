"""`make cifras`: writes into README.md the figures that `make bench` left in bench/results/, and how they were read."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench import machine
from bench.__main__ import BENCHMARKS, TOLD_APART, number
from bench.figures import ROOT

README = ROOT / "README.md"
RESULTS = ROOT / machine.RESULTS
START, END = "<!-- mediciones: las escribe «make cifras» -->", "<!-- fin de las mediciones -->"
HEADER = ("Qué", "Medido", "Límite", "Como suele hacerse", "Razón")
AGAIN = "Ejecute «make bench» completo, sin cambios por confirmar"

#: The benchmarks whose figures the README tells, in the order they run.
TOLD = [name for name in BENCHMARKS if name not in TOLD_APART]

Row = Mapping[str, Any]
Results = Mapping[str, Mapping[str, Any]]


def results(folder: Path = RESULTS) -> Results:
    """What each benchmark left in `folder`, by its name, in the order they run; those never run are not there."""
    files = {name: folder / f"{name}.json" for name in TOLD}
    return {name: json.loads(file.read_text(encoding="utf-8")) for name, file in files.items() if file.is_file()}


def problems(found: Results) -> list[str]:
    """Why these results cannot be told as one measurement: some are missing, or they are of several codes or machines."""
    missing = [name for name in TOLD if name not in found]
    said = [f"Faltan mediciones: {', '.join(missing)}."] if missing else []
    states: dict[str, list[str]] = {}
    for name, result in found.items():
        states.setdefault(_state(result["maquina"]), []).append(name)
    if len(states) > 1:
        said.append("Las mediciones no son de un mismo código en una misma máquina:")
        said += [f"- {state}: {', '.join(names)}" for state, names in states.items()]
    return said


def _state(facts: Row) -> str:
    """The machine and the code of a result; how busy the machine was is told apart."""
    return f"{facts['nucleos']} núcleos {facts['arquitectura']}; Python {facts['python']}; código {facts['commit']}"


def table(found: Results) -> str:
    """The figures in Markdown, and under them the machine they were read on, with how busy it was."""
    if not found:
        return "Todavía no hay mediciones guardadas. `make bench` las hace."
    rows = [_row(figure) for result in found.values() for figure in result["cifras"]]
    lines = [_line(HEADER), "|---|---:|---:|---|---:|", *map(_line, rows)]
    return "\n".join([*lines, "", *_machines(found)])


def _row(figure: Row) -> tuple[str, ...]:
    unit = figure["unidad"]
    other = figure["alternativa"]
    note = f" ({figure['nota']})" if figure["nota"] else ""
    return (
        f"{figure['medicion']}{note}".replace("<script", "`<script>`"),
        number(figure["valor"], unit),
        number(figure["limite"], unit),
        f"{other}: {number(figure['valor_alternativa'], unit)}" if other else "",
        f"{figure['razon']:,.1f} ×" if figure["razon"] else "",
    )


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _machines(found: Results) -> list[str]:
    """One line for each machine and code, which is one for all when everything was measured together."""
    loads: dict[str, list[float]] = {}
    for result in found.values():
        loads.setdefault(_state(result["maquina"]), []).append(result["maquina"]["carga"])
    lines = [f"Máquina: {state}; carga al empezar cada medición, {_range(load)}." for state, load in loads.items()]
    return ["  \n".join(lines)]


def _range(values: Sequence[float]) -> str:
    least, most = min(values), max(values)
    return f"{least}" if least == most else f"de {least} a {most}"


def rewritten(readme: str, found: Results) -> str:
    """`readme` with the figures of `found` between its two marks; ValueError when a mark is missing."""
    pattern = re.compile(f"{re.escape(START)}.*?{re.escape(END)}", re.DOTALL)
    if not pattern.search(readme):
        raise ValueError(f"README.md no tiene las marcas {START} y {END}")
    block = f"{START}\n\n{table(found)}\n\n{END}"
    return pattern.sub(lambda _: block, readme)


def main() -> int:
    """Rewrite README.md; 1, saying why and changing nothing, when the results are not one measurement."""
    found = results()
    if said := problems(found):
        print(*said, f"README.md queda como estaba. {AGAIN}.", sep="\n")
        return 1
    README.write_text(rewritten(README.read_text(encoding="utf-8"), found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

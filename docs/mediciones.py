"""`make cifras`: writes into README.md the figures that `make bench` left in bench/results/, and how they were read."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from bench.__main__ import BENCHMARKS, RESULTS, number
from tests.browser_support import ROOT

README = ROOT / "README.md"
START, END = "<!-- mediciones: las escribe «make cifras» -->", "<!-- fin de las mediciones -->"
HEADER = ("Qué", "Medido", "Límite", "Como suele hacerse", "Razón")

Row = Mapping[str, Any]


def results() -> list[Mapping[str, Any]]:
    """What each benchmark left, in the order they run; those never run are not there."""
    files = [RESULTS / f"{name}.json" for name in BENCHMARKS]
    return [json.loads(file.read_text(encoding="utf-8")) for file in files if file.is_file()]


def table(found: Sequence[Mapping[str, Any]]) -> str:
    """The figures in Markdown, and under them the machines they were read on."""
    if not found:
        return "Todavía no hay mediciones guardadas. `make bench` las hace."
    rows = [_row(figure) for result in found for figure in result["cifras"]]
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


def _machines(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """One line for each state of the machine and of the code that figures were read on."""
    lines = dict.fromkeys(
        f"Máquina: {one['nucleos']} núcleos {one['arquitectura']}, carga {one['carga']}; Python {one['python']}; "
        f"código {one['commit']}."
        for one in (result["maquina"] for result in found)
    )
    return ["  \n".join(lines)]


def rewritten(readme: str) -> str:
    """`readme` with the figures of bench/results between its two marks; ValueError when a mark is missing."""
    pattern = re.compile(f"{re.escape(START)}.*?{re.escape(END)}", re.DOTALL)
    if not pattern.search(readme):
        raise ValueError(f"README.md no tiene las marcas {START} y {END}")
    block = f"{START}\n\n{table(results())}\n\n{END}"
    return pattern.sub(lambda _: block, readme)


def main() -> int:
    """Rewrite README.md."""
    README.write_text(rewritten(README.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

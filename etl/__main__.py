"""The command line: `python -m etl`. What `build` and `check` need is here; the rest of the commands join at the end.

Exit code 0 when there is a release (or there could be one), 1 when there is any problem: every one is printed; the
others are in `etl.commands.output.Exit`.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Annotated

import typer
from typer import rich_utils

from etl.commands import deliver, publish
from etl.commands.audit import auditar
from etl.commands.microdata import demo, microdata
from etl.commands.options import CUBES, DESTINATION, ORIGIN, Cubes, Destination, HistoryUrl, Origin
from etl.commands.output import console, fail, run_shown, show_release, stop_if_problems
from etl.commands.publish import publish_as_it_is, run_or_stop
from etl.datasets import all_datasets, with_needs
from etl.model import Dataset

rich_utils.OPTIONS_PANEL_TITLE, rich_utils.COMMANDS_PANEL_TITLE = "Opciones", "Órdenes"
app = typer.Typer(
    help="Construye la publicación de Padrón Abierto a partir de los archivos de las fuentes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Only = Annotated[
    list[str] | None, typer.Option("--dataset", help="Revisar solo este dataset y los que necesita (se puede repetir).")
]

app.command()(microdata)
app.command()(demo)
app.command()(auditar)


@app.command()
def build(
    origen: Origin = ORIGIN, destino: Destination = DESTINATION, cubos: Cubes = CUBES, historial: HistoryUrl = None
) -> None:
    """Lee, verifica, protege y publica todo. Ante cualquier problema no publica nada y sale con código 1."""
    start = perf_counter()
    result = run_or_stop(origen, cubos, destino)
    show_release(publish_as_it_is(result, destino, historial), result, perf_counter() - start)


@app.command()
def check(
    origen: Origin = ORIGIN, dataset: Only = None, destino: Destination = DESTINATION, cubos: Cubes = CUBES
) -> None:
    """Hace todo lo de «build» menos publicar. Ante cualquier problema sale con código 1."""
    nothing = "Así no se publicaría nada."
    if dataset:
        stop_if_problems(run_shown(_chosen(dataset), origen), nothing)
    else:
        run_or_stop(origen, cubos, destino, nothing)
    console.print("[green]Sin problemas:[/green] se puede publicar.")


def _chosen(names: Sequence[str]) -> Sequence[Dataset]:
    known = [item.name for item in all_datasets()]
    for name in names:
        if name not in known:
            fail(f"no hay ningún dataset llamado {name}; existen: {', '.join(known)}")
    return with_needs(names)


app.add_typer(publish.commands)
app.add_typer(deliver.commands)

if __name__ == "__main__":
    app()

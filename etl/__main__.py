"""The command line: `python -m etl build` and `python -m etl check`.

Exit code 0 when there is a release (or there could be one), 1 when there is any problem: every one is printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table as RichTable
from typer import rich_utils

from etl.datasets import all_datasets, with_needs
from etl.microdata.command import demo, microdata
from etl.model import Dataset, Problem
from etl.packaging import release_files
from etl.release import Release, ReleaseError, publish
from etl.steps import Account, Result, run

rich_utils.OPTIONS_PANEL_TITLE, rich_utils.COMMANDS_PANEL_TITLE = "Opciones", "Órdenes"
console = Console()
app = typer.Typer(
    help="Construye la publicación de Padrón Abierto a partir de los archivos de las fuentes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Origin = Annotated[Path, typer.Option("--origen", help="Carpeta con una subcarpeta por dataset.")]
Destination = Annotated[Path, typer.Option("--destino", help="Carpeta donde se guardan las publicaciones.")]
Only = Annotated[
    list[str] | None, typer.Option("--dataset", help="Revisar solo este dataset y los que necesita (se puede repetir).")
]

app.command()(microdata)
app.command()(demo)

ORIGIN = Path("data/source")
DESTINATION = Path("data/release")


@app.command()
def build(origen: Origin = ORIGIN, destino: Destination = DESTINATION) -> None:
    """Lee, verifica y publica todo. Ante cualquier problema no publica nada y sale con código 1."""
    start = perf_counter()
    result = _run(all_datasets(), origen)
    _stop_if_problems(result, "No se publicó nada; la publicación vigente sigue en su lugar.")
    try:
        release = publish(*release_files(result), destino)
    except ReleaseError as error:
        _fail(str(error))
    _show_success(release, result, perf_counter() - start)


@app.command()
def check(origen: Origin = ORIGIN, dataset: Only = None) -> None:
    """Hace todo lo de «build» menos publicar. Ante cualquier problema sale con código 1."""
    result = _run(_chosen(dataset or []), origen)
    _stop_if_problems(result, "Así no se publicaría nada.")
    console.print("[green]Sin problemas:[/green] se puede publicar.")


def _chosen(names: Sequence[str]) -> Sequence[Dataset]:
    known = [item.name for item in all_datasets()]
    for name in names:
        if name not in known:
            _fail(f"no hay ningún dataset llamado {name}; existen: {', '.join(known)}")
    return with_needs(names) if names else all_datasets()


def _run(datasets: Sequence[Dataset], origin: Path) -> Result:
    if not origin.is_dir():
        _fail(f"no existe la carpeta de origen {origin}")
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None)
        result = run(datasets, origin, lambda item: progress.update(task, description=item.title))
    _show_accounts(result)
    return result


def _show_accounts(result: Result) -> None:
    table = RichTable(title="Filas de cada dataset", title_justify="left")
    table.add_column("Dataset", no_wrap=True)
    for name in ("Leídas", "Cargadas", "Rechazadas", "Segundos"):
        table.add_column(name, justify="right")
    table.add_column("Resultado")
    for account in result.accounts:
        counts = [f"{count:,}" for count in (account.read, account.loaded, sum(account.rejected.values()))]
        table.add_row(account.dataset.name, *counts, f"{account.seconds:.2f}", _outcome(account))
    console.print(table)
    for account in result.accounts:
        for reason, count in account.rejected.items():
            _say(f"{account.dataset.name}: {count} filas rechazadas: {reason}")


def _outcome(account: Account) -> str:
    if account.problems:
        return f"[red]problemas: {len(account.problems)}[/red]"
    if account.waiting_for:
        return f"[yellow]en espera de {', '.join(account.waiting_for)}[/yellow]"
    return "[green]correcto[/green]"


def _show_success(release: Release, result: Result, seconds: float) -> None:
    for notice in result.notices:
        _say(f"Advertencia ({notice.dataset}): {notice.message}")
    size = sum(item["bytes"] for item in release.manifest["archivos"]) / 1e6
    files = len(release.manifest["archivos"])
    console.print(f"[green]Publicación {release.id}[/green]: {files} archivos, {size:.1f} MB, en {seconds:.1f} s.")
    _say(f"Vigente: {release.root}")


def _stop_if_problems(result: Result, consequence: str) -> None:
    problems = result.problems
    if not problems:
        return
    console.print(f"\n[red]Problemas: {len(problems)}[/red]")
    for problem in problems:
        _say(f"- {_sentence(problem)}")
    _fail(consequence)


def _sentence(problem: Problem) -> str:
    """File, row, column and value of a problem, and what is wrong, in one line."""
    place = [problem.file]
    if problem.row is not None:
        place.append(f"fila {problem.row}")
    if problem.column is not None:
        place.append(f"columna {problem.column}")
    if problem.value is not None:
        place.append(f"valor «{problem.value}»")
    return f"{', '.join(place)}: {problem.message}"


def _say(text: str) -> None:
    """Print `text` as it is: one line, no markup, whatever the width of the terminal."""
    console.print(text, soft_wrap=True, markup=False, highlight=False)


def _fail(message: str) -> None:
    _say(message)
    raise typer.Exit(1)


if __name__ == "__main__":
    app()

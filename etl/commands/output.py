"""What the command line says: accounts, problems, movements and history, in Spanish, and the exit codes that cron reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table as RichTable
from rich.text import Text

from etl.model import Dataset, Problem
from etl.pipeline.run import Account, Result, run
from etl.release import Release

#: Columns of what goes to a file or to cron's mail, where nobody knows how wide the screen is.
WIDTH = 150
#: How much of what is wrong is said: causes, places of each and letters of a value; and of what was set right.
CAUSES_SHOWN, PLACES_SHOWN, MOST_OF_A_VALUE, REPAIRS_SHOWN = 7, 5, 160, 4
console = Console()
if not console.is_terminal:
    console.width = WIDTH


@dataclass
class Shown:
    """How much a person asked to be told: `whole`, every problem and not only one per cause."""

    whole: bool = False


shown = Shown()


class Exit(IntEnum):
    """How a command ended."""

    DONE = 0
    PROBLEMS = 1
    USAGE = 2
    LOCKED = 3
    REFUSED = 4
    NO_HISTORY = 5


class Rate(ProgressColumn):
    """Steps per second."""

    def render(self, task: Task) -> Text:
        """As in «2.5/s»; nothing until there is something to tell."""
        return Text(f"{task.speed:.1f}/s" if task.speed else "")


def run_shown(datasets: Sequence[Dataset], origin: Path) -> Result:
    """The pipeline of `datasets` with a progress bar, then the account of each; exits when `origin` is not a folder."""
    if not origin.is_dir():
        fail(f"no existe la carpeta de origen {origin}")
    steps = len(datasets) + sum(1 for item in datasets if item.artifacts)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=steps, completed=-1)
        result = run(datasets, origin, lambda item: progress.update(task, description=item.title, advance=1))
    show_accounts(result)
    return result


@contextmanager
def working_on() -> Iterator[Callable[[str], None]]:
    """A line that says what is being done and for how long; gone when it is done, and nowhere but on a screen."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)
        yield lambda words: progress.update(task, description=words)


@contextmanager
def writing(size: int) -> Iterator[Callable[[int], None]]:
    """A progress bar for `size` bytes on their way to the disk, with rate and time left."""
    columns = (TextColumn("Escribiendo"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=size)
        yield lambda count: progress.advance(task, count)


def show_accounts(result: Result) -> None:
    """Rows read, loaded and rejected of each dataset, and why; in a line when there are problems, which are what matters."""
    if result.problems:
        _show_outcomes(result)
        return
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
            rows = "1 fila rechazada" if count == 1 else f"{count:,} filas rechazadas"
            say(f"{account.dataset.name}: {rows}: {reason}")
    for line in repairs(result):
        say(line)


def repairs(result: Result) -> list[str]:
    """What was set right, or left out, to read each file, once per cause."""
    return [f"{account.dataset.name}, {notice}" for account in result.accounts for notice in account.notices]


def _show_outcomes(result: Result) -> None:
    """A line with what could not be, and another with what was set right to read it."""
    told = [
        f"{account.dataset.name} ({account.read:,} filas leídas)" for account in result.accounts if account.problems
    ]
    waiting = [account.dataset.name for account in result.accounts if account.waiting_for and not account.problems]
    rest = len(result.accounts) - len(told) - len(waiting)
    parts = [f"Con problemas: {', '.join(told) or 'ninguno'}"]
    parts += [f"En espera: {', '.join(waiting)}"] if waiting else []
    parts += [f"Correctos: {rest}"] if rest else []
    say(". ".join(parts) + ".")
    if told := repairs(result):
        more = f"; y {len(told) - REPAIRS_SHOWN} cosas más" if len(told) > REPAIRS_SHOWN else ""
        say(f"Se leyó así: {'; '.join(told[:REPAIRS_SHOWN])}{more}.")


def show_utility(result: Result) -> None:
    """What each protected table loses, by cross: cells and people that are not published because of confidentiality."""
    if not result.utility:
        return
    table = RichTable(title="No se publica por confidencialidad", title_justify="left")
    for name in ("Dataset", "Corte", "Cruce", "Cifra"):
        table.add_column(name)
    for name in ("Celdas", "Ocultas", "%", "Personas", "En celdas ocultas", "%"):
        table.add_column(name, justify="right")
    for item in (item for lost in result.utility.values() for item in lost):
        cells = (f"{item.cells:,}", f"{item.hidden_cells:,}", f"{item.share_of_cells:.1%}")
        people = (f"{item.people:,}", f"{item.hidden_people:,}", f"{item.share_of_people:.2%}")
        when = " ".join(filter(None, (item.cutoff, item.election)))
        table.add_row(item.cube, when, item.cross, item.measure, *cells, *people)
    console.print(table)


def _outcome(account: Account) -> str:
    if account.problems:
        return f"[red]problemas: {len(account.problems)}[/red]"
    if account.waiting_for:
        return f"[yellow]en espera de {', '.join(account.waiting_for)}[/yellow]"
    return "[green]correcto[/green]"


def show_release(release: Release, result: Result, seconds: float) -> None:
    """What was published, where, and what a reader of it must know."""
    for notice in result.notices:
        say(f"Advertencia ({notice.dataset}): {notice.message}")
    size = sum(item["bytes"] for item in release.manifest["archivos"]) / 1e6
    files = len(release.manifest["archivos"])
    console.print(f"[green]Publicación {release.id}[/green]: {files} archivos, {size:.1f} MB, en {seconds:.1f} s.")
    say(f"Vigente: {release.root}")
    say(f"Huella: {release.files.fingerprint}")


def stop_if_problems(result: Result, consequence: str) -> None:
    """Say what is wrong, once per cause, and exit with code 1; nothing when nothing is. The verdict is the last line."""
    if not result.problems:
        return
    for line in refusal(result.problems, whole=shown.whole):
        say(line)
    fail(consequence)


def refusal(problems: Sequence[Problem], whole: bool = False) -> list[str]:
    """What is wrong, once per cause: how many times, the first place in words and four more.

    Everything, one line each, when `whole`; otherwise no more than `CAUSES_SHOWN` causes, the most frequent of each file.
    """
    count = f"Problemas: {len(problems)}"
    if whole:
        return [count, *(f"- {sentence(problem)}" for problem in problems)]
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        groups.setdefault((problem.file, cause(problem)), []).append(problem)
    lines = [f"- {_told(group)}" for group in list(groups.values())[:CAUSES_SHOWN]]
    left = list(groups.values())[CAUSES_SHOWN:]
    if left:
        lines.append(
            f"- … y {len(left)} causas más, {sum(map(len, left))} problemas. Todos, uno por línea: python -m etl --completo …"
        )
    return [count + (f", de {len(groups)} causas" if 1 < len(groups) < len(problems) else ""), *lines]


def cause(problem: Problem) -> str:
    """What is the same in all the problems of one cause."""
    return problem.cause or re.sub(r"«[^»]*»|[-+]?[0-9][0-9.,]*", "#", problem.message.partition(":")[0])


def _told(group: Sequence[Problem]) -> str:
    """The first problem of a cause as it is, and where the others are."""
    first, *others = group
    if not others:
        return sentence(first)
    near = others[: PLACES_SHOWN - 1]
    left = f" y {len(others) - len(near)} más" if len(others) > len(near) else ""
    return f"{sentence(first)} ({len(group)} veces; también {'; '.join(_place(one, first) for one in near)}{left})"


def _place(problem: Problem, first: Problem) -> str:
    """Where a problem is, as far as it is not where the first one of its cause is."""
    row, column = _words_of_place(problem)
    parts = [] if problem.row is None else [f"{row} {problem.row}"]
    if problem.column is not None and (problem.column != first.column or not parts):
        parts.append(f"{column} {problem.column}")
    if problem.value and problem.row is None:
        parts.append(f"«{_short(problem.value)}»")
    return " ".join(parts) or f"«{problem.value}»"


def _short(value: str) -> str:
    return value if len(value) <= MOST_OF_A_VALUE else f"{value[: MOST_OF_A_VALUE - 1]}…"


def _words_of_place(problem: Problem) -> tuple[str, str]:
    """A TOML file has lines and keys; a table, rows and columns."""
    return ("línea", "clave") if problem.file.endswith(".toml") else ("fila", "columna")


def sentence(problem: Problem) -> str:
    """File, row, column and value of a problem, and what is wrong, in one line. A TOML file has lines and keys instead."""
    row, column = _words_of_place(problem)
    place = [problem.file]
    if problem.row is not None:
        place.append(f"{row} {problem.row}")
    if problem.column is not None:
        place.append(f"{column} {problem.column}")
    if problem.value is not None:
        place.append(f"valor «{_short(problem.value)}»")
    return f"{', '.join(place)}: {problem.message}"


def say(text: str) -> None:
    """Print `text` as it is: one line, no markup, whatever the width of the terminal."""
    console.print(text, soft_wrap=True, markup=False, highlight=False)


def fail(message: str, code: Exit = Exit.PROBLEMS) -> NoReturn:
    """Say why and exit."""
    say(message)
    raise typer.Exit(code)

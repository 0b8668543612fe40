"""The commands that make releases: build, check, diff, publish, rollback and history."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.table import Table as RichTable

from etl.commands.alert import Aviso, alerts
from etl.commands.options import CUBES, DESTINATION, ORIGIN, Cubes, Destination, HistoryUrl, Origin
from etl.commands.output import (
    Exit,
    console,
    fail,
    run_shown,
    say,
    show_release,
    show_utility,
    stop_if_problems,
    working_on,
    writing,
)
from etl.commands.runs import REPAIRED, Run, recorded, refresh_waiting
from etl.cubes.protect import add_cubes
from etl.datasets import all_datasets, with_needs
from etl.model import Dataset
from etl.pipeline.run import Result
from etl.publish.before import broken
from etl.publish.change import Standing, current_id, publish_release, return_to, standing
from etl.publish.compare import Comparison, compare
from etl.publish.contents import release_files
from etl.publish.history import FILE, Action, Entry, History, HistoryError, Outcome
from etl.publish.pairs import GROUPS, PLACE_FIELDS, Movement
from etl.publish.register import write_register
from etl.publish.suspicions import Suspicion
from etl.release import MANIFEST, LockedError, Manifest, Release, ReleaseError, only_one, reason, releases
from etl.release.register import REGISTER

SHOWN, SUSPICIONS_SHOWN = 10, 40
REPAIR = "Lo que se publique la repara: «python -m etl publish»."
FINE = "Sin problemas: se puede publicar."
UNTOUCHED = "No se publicó nada; la publicación vigente sigue en su lugar."

Only = Annotated[
    list[str] | None, typer.Option("--dataset", help="Revisar solo este dataset y los que necesita (se puede repetir).")
]


def build(
    origen: Origin = ORIGIN, destino: Destination = DESTINATION, cubos: Cubes = CUBES, historial: HistoryUrl = None
) -> None:
    """Read, check, protect and publish everything, without comparing with the current release."""
    start = perf_counter()
    with recorded(Run("build", origen, cubos, destino)) as run:
        result = run_or_stop(origen, cubos, destino, note=run.note)
        show_release(publish_as_it_is(result, destino, historial), result, perf_counter() - start)


def check(
    origen: Origin = ORIGIN, dataset: Only = None, destino: Destination = DESTINATION, cubos: Cubes = CUBES
) -> None:
    """Do everything that `build` does but publish."""
    nothing = "Así no se publicaría nada."
    if dataset:
        stop_if_problems(run_shown(_chosen(dataset), origen), nothing)
        say(FINE)
        return
    with recorded(Run("check", origen, cubos, destino)) as run:
        run_or_stop(origen, cubos, destino, nothing, run.note)
        if (now := standing(destino)).damaged:
            fail(f"{_capital(now.sentence)}. {REPAIR}")
        say(FINE)


def _chosen(names: Sequence[str]) -> Sequence[Dataset]:
    known = [item.name for item in all_datasets()]
    for name in names:
        if name not in known:
            fail(f"no hay ningún dataset llamado {name}; existen: {', '.join(known)}")
    return with_needs(names)


def diff(origen: Origin = ORIGIN, destino: Destination = DESTINATION, cubos: Cubes = CUBES) -> None:
    """Say what publishing would change, by territory and group; `Exit.REFUSED` when something looks wrong."""
    comparison, _, now = compared(run_or_stop(origen, cubos, destino), destino)
    show_comparison(comparison)
    if comparison.same and now.damaged:
        say(f"{_capital(now.sentence)}. {REPAIR}")
    if comparison.suspicions or now.damaged:
        raise typer.Exit(Exit.REFUSED)


def publish(
    origen: Origin = ORIGIN,
    destino: Destination = DESTINATION,
    cubos: Cubes = CUBES,
    historial: HistoryUrl = None,
    si: Annotated[
        bool, typer.Option("--si", help="Publicar sin preguntar, como conviene en una tarea programada.")
    ] = False,
    aceptar_movimientos: Annotated[
        bool, typer.Option("--aceptar-movimientos", help="Publicar aunque haya movimientos que parecen incorrectos.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Hacer todo menos publicar y escribir.")] = False,
    aviso: Aviso = None,
    avisar_siempre: Annotated[
        bool, typer.Option("--avisar-siempre", help="Avisar también cuando termina bien.")
    ] = False,
) -> None:
    """Build, show what changes, ask and publish; how it ends is an `Exit`."""
    run = Run("publish", origen, cubos, destino)
    if dry_run:
        _refresh(run, None, True, aceptar_movimientos)
        return
    with recorded(run, alerts(aviso), avisar_siempre), working(destino, historial) as history:
        _refresh(run, history, si, aceptar_movimientos)


def _refresh(run: Run, history: History | None, unasked: bool, accepted: bool) -> None:
    """Everything `publish` does; without a history, everything but publishing."""
    start, destination = perf_counter(), run.destination
    result = run_or_stop(run.origin, run.cubes, destination, note=run.note)
    comparison, files, now = compared(result, destination)
    show_comparison(comparison)
    if comparison.same and now.damaged:
        say(f"{_capital(now.sentence)}. {REPAIRED}")
    elif comparison.same and not comparison.suspicions:
        say("Sin cambios: lo que se publicaría ya es la publicación vigente.")
        return
    if comparison.suspicions and not accepted:
        fail(f"Para publicar así, revise y repita con --aceptar-movimientos. {UNTOUCHED}", Exit.REFUSED)
    if history is None:
        say(f"Ensayo: se publicaría {comparison.after_id}. No se escribió nada.")
        return
    if not unasked and not _confirmed(f"¿Publicar {comparison.after_id}?"):
        fail(f"No se confirmó (con --si no se pregunta). {UNTOUCHED}", Exit.REFUSED)
    manifest: Manifest = json.loads(files[MANIFEST])
    with writing(sum(map(len, files.values()))) as on_file:
        release = publish_release(
            comparison.after_id, files, manifest, destination, history, Action.PUBLISH, accepted, on_file
        )
    show_release(release, result, perf_counter() - start)


def rollback(
    publicacion: Annotated[
        str | None, typer.Argument(help="La publicación a la que se vuelve; si falta, la anterior a la vigente.")
    ] = None,
    destino: Destination = DESTINATION,
    historial: HistoryUrl = None,
) -> None:
    """Make an earlier release current again, as it was; the one that is left stays on the disk."""
    with working(destino, historial) as history:
        now = current_id(destino)
        chosen = publicacion or (history.before(now) if now else None)
        kept = releases(destino)
        if chosen is None:
            fail(f"No hay una anterior a la vigente ({now or 'ninguna'}). Guardadas: {', '.join(kept) or 'ninguna'}")
        if chosen not in kept:
            fail(f"No está guardada la publicación {chosen}. Guardadas: {', '.join(kept) or 'ninguna'}")
        if chosen == now:
            say(f"{chosen} ya es la publicación vigente.")
            return
        release = return_to(chosen, destino, history)
        refresh_waiting(destino, ORIGIN, CUBES)
    console.print(f"[green]Vigente de nuevo: {release.id}[/green]")
    if now:
        say(f"Para deshacerlo: python -m etl rollback {now}. «publish» publicaría otra vez lo que hay en las fuentes.")


def history(
    destino: Destination = DESTINATION,
    historial: HistoryUrl = None,
    ultimas: Annotated[int, typer.Option("--ultimas", help="Cuántas se muestran.", min=1)] = 20,
    detalle: Annotated[
        str | None, typer.Option("--detalle", help="Todo lo de una publicación: entradas, filas y advertencias.")
    ] = None,
) -> None:
    """Show what was published, by whom, when and from which files."""
    if not historial and not (destino / FILE).is_file():
        say(f"En {destino} no se ha publicado nada.")
        return
    try:
        entries = History(destino, historial).entries()
    except HistoryError as error:
        fail(str(error), Exit.NO_HISTORY)
    if detalle:
        found = [entry for entry in entries if entry.release == detalle]
        if not found:
            fail(f"El historial no tiene la publicación {detalle}. Vea las que tiene con «python -m etl history».")
        _show_entry(found[0])
    else:
        _show_history(entries[:ultimas])


# --- Shared with `build` --------------------------------------------------------------------------------------------


def run_or_stop(
    origin: Path,
    cubes: Path,
    destination: Path,
    consequence: str = UNTOUCHED,
    note: Callable[[Result], None] = lambda result: None,
) -> Result:
    """The whole pipeline, waiting cubes included; every problem said and exit code 1 if there is any.

    `note` is told what was read before that.
    """
    result = run_shown(all_datasets(), origin)
    with working_on() as doing:
        add_cubes(result, cubes, destination, lambda words: doing(f"Protegiendo: {words}"), say)
    result.loose += broken(result, destination)
    note(result)
    stop_if_problems(result, consequence)
    show_utility(result)
    return result


def publish_as_it_is(result: Result, destination: Path, url: str | None) -> Release:
    """Publish without comparing, as `build` does, recorded in the history."""
    release_id, files = release_files(result)
    with working(destination, url) as history, writing(sum(map(len, files.values()))) as on_file:
        manifest: Manifest = json.loads(files[MANIFEST])
        return publish_release(release_id, files, manifest, destination, history, Action.BUILD, on_file=on_file)


@contextmanager
def working(destination: Path, url: str | None) -> Iterator[History]:
    """Hold the lock of `destination` with its history open; what goes wrong is said, with the exit code of its kind.

    What was done is told to the site at the end.
    """
    try:
        with only_one(destination):
            history = History(destination, url)
            for release in history.settle(current_id(destination)):
                say(f"Una operación anterior con {release} se interrumpió; la publicación vigente no cambió por ella.")
            yield history
            _list(destination, history)
    except LockedError as error:
        fail(str(error), Exit.LOCKED)
    except HistoryError as error:
        fail(f"{_capital(str(error))}. {UNTOUCHED}", Exit.NO_HISTORY)
    except ReleaseError as error:
        fail(str(error))


def _list(destination: Path, history: History) -> None:
    """Bring what the site tells of the releases of a folder up to date; what was done does not depend on it."""
    if destination.is_dir():
        try:
            write_register(destination, history)
        except OSError as error:
            say(f"No se pudo anotar en {destination / REGISTER} qué publicaciones hay: {reason(error)}.")


def compared(result: Result, destination: Path) -> tuple[Comparison, dict[str, bytes], Standing]:
    """What publishing `result` would change, the files it would write, and how the current release is."""
    release_id, files = release_files(result)
    now = standing(destination)
    before = now.release
    damage: tuple[Suspicion, ...] = ()
    if now.damaged and now.id == release_id:  # the same release, written again, repairs it
        before = Release(destination / release_id, json.loads(files[MANIFEST]))
    elif now.damaged:
        before, damage = None, (Suspicion("", f"no se pudo comparar: {now.sentence}"),)
    doubts = tuple(Suspicion(item.dataset, item.message) for item in result.doubts)
    return compare(result.datasets, before, files, damage + doubts), files, now


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _confirmed(question: str) -> bool:
    try:
        return console.input(f"{question} \\[s/N] ").strip().lower() in ("s", "si", "sí")
    except EOFError:
        return False


# --- What is shown --------------------------------------------------------------------------------------------------


def show_comparison(comparison: Comparison) -> None:
    """Rows and sums by table, the largest movements by territory and by group, and what looks wrong."""
    before = comparison.before_id or "ninguna"
    say(f"Vigente: {before}. Se publicaría: {comparison.after_id}. Tablas sin cambios: {comparison.unchanged}.")
    if comparison.changes:
        _show_tables(comparison)
    if comparison.before_id:
        for title, levels in (("territorio", PLACE_FIELDS), ("grupo", GROUPS)):
            moved = comparison.largest(SHOWN, levels)
            if moved:
                _show_movements(f"Mayores movimientos por {title}", comparison, moved)
    if comparison.other_files:
        say(f"Otros archivos que cambian: {', '.join(comparison.other_files)}")
    if comparison.suspicions:
        console.print(f"\n[yellow]Parece incorrecto: {len(comparison.suspicions)}[/yellow]")
        for item in comparison.suspicions[:SUSPICIONS_SHOWN]:
            say(f"- {item.table}: {item.message}" if item.table else f"- {item.message}")
        if len(comparison.suspicions) > SUSPICIONS_SHOWN:
            say(f"- … y {len(comparison.suspicions) - SUSPICIONS_SHOWN} más")


def _show_tables(comparison: Comparison) -> None:
    table = RichTable(title="Cambios por tabla", title_justify="left")
    table.add_column("Tabla", no_wrap=True)
    for name in ("Filas antes", "Después", "Nuevas", "Quitadas", "Cambiadas"):
        table.add_column(name, justify="right")
    table.add_column("Suma de")
    for name in ("Antes", "Después", "Cambio"):
        table.add_column(name, justify="right")
    for change in comparison.changes:
        rows = ["—" if change.rows_before is None else f"{change.rows_before:,}", f"{change.rows_after:,}"]
        rows += [f"{count:,}" for count in (change.added, change.removed, change.changed)]
        sums = [
            (change.table.field(name).title, f"{old:,.0f}", f"{new:,.0f}", f"{new - old:+,.0f}")
            for name, (old, new) in change.totals.items()
        ] or [("", "", "", "")]
        table.add_row(change.table.name, *rows, *sums[0])
        for more in sums[1:]:
            table.add_row("", *[""] * len(rows), *more)
    console.print(table)


def _show_movements(title: str, comparison: Comparison, movements: list[Movement]) -> None:
    table = RichTable(title=title, title_justify="left")
    for name in ("Tabla", "Dónde o quiénes", "Cifra"):
        table.add_column(name)
    for name in ("Antes", "Después", "Cambio", "%"):
        table.add_column(name, justify="right")
    for item in movements:
        figures = ["—" if value is None else f"{value:,.0f}" for value in (item.before, item.after)]
        share = "" if item.share is None else f"{item.share:+.1%}"
        place = comparison.names.of(item)
        table.add_row(item.table.name, place, item.quantity.title, *figures, f"{item.change:+,.0f}", share)
    console.print(table)


def _show_history(entries: list[Entry]) -> None:
    if not entries:
        say("El historial está vacío.")
        return
    table = RichTable(title="Historial", title_justify="left")
    for name in ("Cuándo", "Quién", "Acción", "Publicación", "Antes estaba"):
        table.add_column(name, no_wrap=name != "Quién")
    for name in ("Entradas", "Filas", "Advertencias"):
        table.add_column(name, justify="right")
    table.add_column("Estado")
    for entry in entries:
        state = entry.state + (", movimientos aceptados" if entry.accepted else "")
        table.add_row(
            f"{entry.when.astimezone():%Y-%m-%d %H:%M}",
            f"{entry.who}@{entry.machine}",
            entry.action,
            entry.release,
            entry.previous or "—",
            *(f"{count:,}" for count in (len(entry.inputs), sum(entry.rows.values()), len(entry.warnings))),
            f"[green]{state}[/green]" if entry.state is Outcome.DONE else f"[yellow]{state}[/yellow]",
        )
    console.print(table)


def _show_entry(entry: Entry) -> None:
    say(f"{entry.action} de {entry.release}: {entry.when.astimezone():%Y-%m-%d %H:%M}, {entry.who}@{entry.machine}")
    say(f"Estado: {entry.state}. Antes estaba: {entry.previous or 'ninguna'}. Código: {entry.code_version}.")
    for dataset, file, sha256, rows in entry.inputs:
        say(f"Entrada: {dataset}/{file}, {rows:,} filas, SHA-256 {sha256}")
    for name, rows in entry.rows.items():
        say(f"Tabla: {name}, {rows:,} filas")
    for text in entry.warnings:
        say(f"Advertencia: {text}")

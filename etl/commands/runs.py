"""A run that somebody must be able to ask about later: what it said is kept, beside the releases, and told to who asked."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import typer

from etl.commands.alert import Alert, send_all
from etl.commands.output import Exit, console, say
from etl.pipeline.run import Result
from etl.publish.change import current_id
from etl.publish.state import write_state
from etl.release import reason
from etl.release.state import STATE, RunFacts

#: What each ending means, as the table of docs/operacion.md says.
MEANINGS = {
    Exit.DONE: "terminó bien",
    Exit.PROBLEMS: "hay problemas en las fuentes, o no se puede escribir",
    Exit.USAGE: "la orden está mal escrita",
    Exit.LOCKED: "otra publicación está en curso",
    Exit.REFUSED: "hay movimientos que parecen incorrectos, o nadie confirmó",
    Exit.NO_HISTORY: "el historial no responde",
}
#: What «publish» says when it writes again a release that was damaged.
REPAIRED = "Se escribe de nuevo, igual que cuando se publicó."
UNFORESEEN = "Se detuvo por un error que el programa no esperaba. Avise a quien lo mantiene."
MOST_REASONS, MOST_LINES = 5, 200


@dataclass
class Run:
    """A run under way: what it is about, and what it read once it has read it."""

    order: str
    origin: Path
    cubes: Path
    destination: Path
    result: Result | None = None

    def note(self, result: Result) -> None:
        """Keep what was read, whatever comes of it."""
        self.result = result


@contextmanager
def recorded(run: Run, alerts: Sequence[Alert] = (), always: bool = False) -> Iterator[Run]:
    """Keep how `run` ends in the state of its destination; if it does not end well (or `always`), send `alerts`.

    The exit code is the run's own: nothing that is done here changes it.
    """
    start, before = perf_counter(), current_id(run.destination)
    console.record = True
    code, foreseen = int(Exit.PROBLEMS), False
    try:
        yield run
        code, foreseen = Exit.DONE, True
    except typer.Exit as error:
        code, foreseen = error.exit_code, True
        raise
    except Exception as error:
        say(f"Error interno {type(error).__name__}: avise a quien mantiene el programa.")
        raise
    except KeyboardInterrupt:
        alerts, code, foreseen = (), Exit.REFUSED, True  # whoever stopped it is there
        say("Se interrumpió. No se publicó nada que no estuviera completo.")
        raise
    finally:
        said = [line.rstrip() for line in console.export_text(clear=True).splitlines() if line.strip()]
        console.record = False
        facts = _facts(run, code, said if foreseen else [UNFORESEEN], before, perf_counter() - start)
        _write(run, facts)
        if alerts and (code != Exit.DONE or always):
            send_all(alerts, _subject(run, code), _text(facts, said))


def _facts(run: Run, code: int, said: Sequence[str], before: str | None, seconds: float) -> RunFacts:
    now = current_id(run.destination)
    return {
        "orden": run.order,
        "cuando": datetime.now(UTC).isoformat(timespec="seconds"),
        "segundos": round(seconds, 1),
        "codigo": code,
        "veredicto": _verdict(run, code, said, before, now),
        "publicacion": now,
        "motivos": [_public(line.removeprefix("- ")) for line in said if line.startswith("- ")][:MOST_REASONS]
        if code
        else [],
    }


def _verdict(run: Run, code: int, said: Sequence[str], before: str | None, now: str | None) -> str:
    """How it ended, in a sentence that anybody may read."""
    if code == Exit.DONE and run.order in ("publish", "build"):
        if any(REPAIRED in line for line in said):
            return f"Se escribió de nuevo {now}, que estaba dañada en el disco."
        return f"Se publicó {now}." if now != before else "Sin cambios: la publicación vigente ya tiene todo."
    if code == Exit.DONE:
        return "Sin problemas: se puede publicar."
    return _public(said[-1]) if said else "Se detuvo sin decir por qué."


def _public(text: str) -> str:
    """`text` without the folder where this machine keeps the project."""
    return text.replace(f"{Path.cwd()}/", "").replace(f"{Path.home()}/", "")


def _write(run: Run, facts: RunFacts) -> None:
    if not run.destination.is_dir():
        return  # nothing has been published there: nobody looks at its state
    try:
        write_state(run.destination, run.origin, run.cubes, facts, run.result)
    except OSError as error:
        say(f"No se pudo anotar esta corrida en {run.destination / STATE}: {reason(error)}. Su resultado no cambia.")


def refresh_waiting(destination: Path, origin: Path, cubes: Path) -> None:
    """Look again at what waits, after something was put in its place; nothing if there is no state to keep."""
    if destination.is_dir():
        try:
            write_state(destination, origin, cubes, None, None)
        except OSError as error:
            say(f"No se pudo anotar lo que espera en {destination / STATE}: {reason(error)}.")


def _subject(run: Run, code: int) -> str:
    return f"Padrón Abierto: «{run.order}» terminó con código {code} en {socket.gethostname()}"


def _text(facts: RunFacts, said: Sequence[str]) -> str:
    meaning = MEANINGS.get(Exit(facts["codigo"]), "")
    when = datetime.fromisoformat(facts["cuando"]).astimezone()
    return "\n".join(
        [
            f"«{facts['orden']}» terminó con código {facts['codigo']} ({meaning}) el {when:%Y-%m-%d a las %H:%M}.",
            f"Publicación vigente: {facts['publicacion'] or 'ninguna'}.",
            "",
            facts["veredicto"],
            "",
            "Qué dijo:",
            *said[-MOST_LINES:],
            "",
            "Qué hacer con cada código: docs/operacion.md, «Códigos de salida».",
            "",
        ]
    )

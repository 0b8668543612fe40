"""The command `vista-previa`: the site as it would be, on a port of this machine, until it is closed. Publishes nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from etl.commands.options import CUBES, DESTINATION, ORIGIN, Cubes, Destination, Origin
from etl.commands.output import fail, say
from etl.commands.publish import compared, run_or_stop, show_comparison
from etl.publish.preview import preview_of
from etl.release import CURRENT, ReleaseError, publish, reason

PREFIX = "padron-vista-previa-"
DIFFERENCES = "diferencias.json"
#: The folder of the project, from which the site is run.
PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 10


def vista_previa(
    origen: Origin = ORIGIN,
    destino: Destination = DESTINATION,
    cubos: Cubes = CUBES,
    puerto: Annotated[
        int, typer.Option("--puerto", help="Puerto de esta máquina; 0 toma uno libre.", min=0, max=65535)
    ] = 8051,
) -> None:
    """Build what would be published in a temporary folder and serve it on 127.0.0.1, with what changes on each page."""
    try:
        with _stopped_as_asked(), _apart() as folder:
            comparison, files, _ = compared(run_or_stop(origen, cubos, destino), destino)
            show_comparison(comparison)
            publish(comparison.after_id, files, folder)
            content = json.dumps(preview_of(comparison), ensure_ascii=False)
            (folder / DIFFERENCES).write_text(content, encoding="utf-8")
            if comparison.same:
                say("Sin cambios: lo que se publicaría ya es la publicación vigente.")
            say(f"Vista previa de {comparison.after_id}: nada se publica. Al cerrarla con Ctrl+C se borra.")
            code = _serve(folder, puerto)
    except KeyboardInterrupt:
        say("Vista previa cerrada. No se publicó nada.")
        return
    except ReleaseError as error:
        fail(f"La vista previa no se pudo preparar: {error}.")
    except OSError as error:
        fail(f"La vista previa no se pudo preparar en {tempfile.gettempdir()}: {reason(error)}.")
    if code:
        raise typer.Exit(code)


@contextmanager
def _stopped_as_asked() -> Iterator[None]:
    """An order to end is taken as Ctrl+C: what was made for the preview is removed all the same."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _apart() -> Iterator[Path]:
    """A private folder that is removed at the end, and those that killed previews left."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = left.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdecimal() and not _alive(int(owner)):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-") as folder:
        yield Path(folder)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # somebody else's
    return True


def _serve(folder: Path, port: int) -> int:
    """Serve it until it is closed; the exit code of the site.

    The site ends when its standard input does: it does not outlive this process, however this one is killed.
    """
    command = [sys.executable, "-m", "dashboard", "--release", str(folder / CURRENT), "--host", "127.0.0.1"]
    command += ["--port", str(port), "--vista-previa", str(folder / DIFFERENCES)]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE) as site:
        try:
            return site.wait()
        finally:
            if site.poll() is None:
                site.terminate()
                try:
                    site.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    site.kill()
